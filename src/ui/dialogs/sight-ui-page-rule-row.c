/* SPDX-License-Identifier: MIT */
/* A page rule with its fields and buttons. */
#include "sight-ui-page-rule-row.h"

#include "sight-ui-text.h"

#include <glib/gi18n.h>

struct _SightUiPageRuleRow {
  AdwExpanderRow parent_instance;
  AdwComboRow *kind;
  GtkWidget *pattern, *name, *up, *down, *remove;
};

G_DEFINE_FINAL_TYPE(SightUiPageRuleRow, sight_ui_page_rule_row, ADW_TYPE_EXPANDER_ROW)

enum { CHANGED, MOVE, REMOVE, N_SIGNALS };
static guint signals[N_SIGNALS];

static char *text_of(GtkWidget *entry) {
  return g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(entry))));
}

SightPageRule *sight_ui_page_rule_row_get(SightUiPageRuleRow *self) {
  g_autofree char *pattern = text_of(self->pattern), *name = text_of(self->name);
  return sight_page_rule_new((SightPageRuleKind)adw_combo_row_get_selected(self->kind), pattern, name);
}

/* What the rule does, in a sentence. */
static char *describe(const SightPageRule *rule) {
  gboolean parameter = rule->pattern[0] == '?';
  g_autofree char *pattern = sight_ui_text_isolate(parameter ? rule->pattern + 1 : rule->pattern);
  g_autofree char *name = sight_ui_text_isolate(rule->name);
  switch (rule->kind) {
  case SIGHT_PAGE_KEEP:
    return parameter ? g_strdup_printf(_("The parameter %s is part of the page"), pattern)
                     : g_strdup_printf(_("%s stays as it is"), pattern);
  case SIGHT_PAGE_FOLD:
    return parameter ? g_strdup_printf(_("The parameter %s is no part of the page"), pattern)
                     : g_strdup_printf(_("In %s, what “*” stands for is one page"), pattern);
  case SIGHT_PAGE_RENAME:
    return g_strdup_printf(_("%s is the page “%s”"), pattern, name);
  }
  return g_strdup("");
}

static void name_button(GtkWidget *button, const char *format, const char *title) {
  g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
  g_autofree char *label = g_strjoinv(title, parts);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void update(SightUiPageRuleRow *self) {
  SightPageRule *rule = sight_ui_page_rule_row_get(self);
  g_autofree char *title = rule != NULL ? describe(rule) : g_strdup(_("New rule"));
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self), title);
  adw_expander_row_set_subtitle(ADW_EXPANDER_ROW(self), rule != NULL ? "" : _("Not complete yet"));
  gtk_widget_set_visible(self->name, adw_combo_row_get_selected(self->kind) == SIGHT_PAGE_RENAME);
  name_button(self->up, _("Move up: %s"), title);
  name_button(self->down, _("Move down: %s"), title);
  name_button(self->remove, _("Remove: %s"), title);
  sight_page_rule_free(rule);
}

static void edited(SightUiPageRuleRow *self) {
  update(self);
  g_signal_emit(self, signals[CHANGED], 0);
}

static void button_pressed(SightUiPageRuleRow *self, GtkWidget *button) {
  if (button == self->remove)
    g_signal_emit(self, signals[REMOVE], 0);
  else
    g_signal_emit(self, signals[MOVE], 0, button == self->up ? -1 : 1);
}

static GtkWidget *add_button(SightUiPageRuleRow *self, const char *icon, const char *tooltip) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, tooltip);
  g_signal_connect_object(button, "clicked", G_CALLBACK(button_pressed), self, G_CONNECT_SWAPPED);
  adw_expander_row_add_action(ADW_EXPANDER_ROW(self), button);
  return button;
}

static GtkWidget *add_entry(SightUiPageRuleRow *self, const char *title) {
  GtkWidget *entry = adw_entry_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(entry), title);
  g_signal_connect_object(entry, "changed", G_CALLBACK(edited), self, G_CONNECT_SWAPPED);
  adw_expander_row_add_row(ADW_EXPANDER_ROW(self), entry);
  return entry;
}

static void sight_ui_page_rule_row_class_init(SightUiPageRuleRowClass *class) {
  GType type = SIGHT_UI_TYPE_PAGE_RULE_ROW;
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVE] = g_signal_new("move", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[REMOVE] = g_signal_new("remove", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_page_rule_row_init(SightUiPageRuleRow *self) {
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(self), FALSE);
  const char *const kinds[] = {[SIGHT_PAGE_KEEP] = _("Keep"),
                               [SIGHT_PAGE_FOLD] = _("Fold"),
                               [SIGHT_PAGE_RENAME] = _("Rename"),
                               [SIGHT_PAGE_RENAME + 1] = NULL};
  g_autoptr(GtkStringList) names = gtk_string_list_new(kinds);
  self->up = add_button(self, "go-up-symbolic", _("Move Up"));
  self->down = add_button(self, "go-down-symbolic", _("Move Down"));
  self->remove = add_button(self, "user-trash-symbolic", _("Remove"));
  self->kind = ADW_COMBO_ROW(adw_combo_row_new());
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->kind), _("What to do"));
  adw_combo_row_set_model(self->kind, G_LIST_MODEL(names));
  adw_expander_row_add_row(ADW_EXPANDER_ROW(self), GTK_WIDGET(self->kind));
  self->pattern = add_entry(self, _("Path or ?parameter"));
  gtk_widget_set_tooltip_text(self->pattern, _("Such as /u/*, where “*” stands for anything, or ?tab"));
  self->name = add_entry(self, _("Name of the page"));
}

GtkWidget *sight_ui_page_rule_row_new(const SightPageRule *rule) {
  SightUiPageRuleRow *self = g_object_new(SIGHT_UI_TYPE_PAGE_RULE_ROW, NULL);
  adw_combo_row_set_selected(self->kind, rule != NULL ? rule->kind : SIGHT_PAGE_FOLD);
  if (rule != NULL)
    gtk_editable_set_text(GTK_EDITABLE(self->pattern), rule->pattern);
  if (rule != NULL && rule->name != NULL)
    gtk_editable_set_text(GTK_EDITABLE(self->name), rule->name);
  g_signal_connect_object(self->kind, "notify::selected", G_CALLBACK(edited), self, G_CONNECT_SWAPPED);
  update(self);
  return GTK_WIDGET(self);
}
