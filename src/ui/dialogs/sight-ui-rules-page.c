/* SPDX-License-Identifier: MIT */
/* Rules of a project, to look at and to change. */
#include "sight-ui-rules-page.h"

#include "sight-rule-kind.h"
#include "sight-ui-key-action-dialog.h"
#include "sight-ui-project-group.h"
#include "sight-ui-rules.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

#define SAVE_DELAY_MS 700

struct _SightUiRulesPage {
  AdwPreferencesPage parent_instance;
  SightStore *store;
  SightUiJobs *jobs;
  SightUiProjectGroup *project;
  AdwPreferencesGroup *actions_group, *asked_group, *numbers_group;
  GPtrArray *action_rows; /* borrowed widgets */
  GPtrArray *spins;       /* borrowed, as sight_rule_settings */
  SightRuleset *rules;    /* NULL until they are read */
  gint64 endpoint;        /* whose rules they are */
  gboolean showing;
  guint save_source;
};

G_DEFINE_FINAL_TYPE(SightUiRulesPage, sight_ui_rules_page, ADW_TYPE_PREFERENCES_PAGE)

static int *setting_of(SightRuleset *rules, const SightRuleSetting *setting) {
  return (int *)(void *)((char *)rules + setting->offset);
}

static gboolean save(gpointer user_data) {
  SightUiRulesPage *self = user_data;
  self->save_source = 0;
  sight_ui_rules_save(self->store, self->endpoint, self->rules);
  return G_SOURCE_REMOVE;
}

/* What waits to be saved is saved now. */
static void flush(SightUiRulesPage *self) {
  if (self->save_source == 0)
    return;
  g_source_remove(self->save_source);
  save(self);
}

static void save_soon(SightUiRulesPage *self) {
  g_clear_handle_id(&self->save_source, g_source_remove);
  self->save_source = g_timeout_add(SAVE_DELAY_MS, save, self);
}

static void number_changed(SightUiRulesPage *self, GtkSpinButton *spin) {
  if (self->showing || self->rules == NULL)
    return;
  const SightRuleSetting *setting = g_object_get_data(G_OBJECT(spin), "setting");
  *setting_of(self->rules, setting) = gtk_spin_button_get_value_as_int(spin);
  save_soon(self);
}

static void show_rules(SightUiRulesPage *self);

static void action_removed(SightUiRulesPage *self, GtkButton *button) {
  guint index = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "index"));
  if (self->rules == NULL || index >= self->rules->key_actions->len)
    return;
  g_ptr_array_remove_index(self->rules->key_actions, index);
  save_soon(self);
  show_rules(self);
}

static void add_action_row(SightUiRulesPage *self, guint index, const SightKeyAction *action) {
  GtkWidget *row = adw_action_row_new();
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), action->name);
  g_autofree char *subtitle = g_strdup_printf("%s: %s", sight_ui_key_action_title(action->kind), action->value);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  GtkWidget *remove = gtk_button_new_from_icon_name("user-trash-symbolic");
  gtk_widget_set_valign(remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(remove, "flat");
  gtk_widget_set_tooltip_text(remove, _("Remove"));
  g_autofree char *label = g_strdup_printf(_("Remove %s"), action->name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(remove), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data(G_OBJECT(remove), "index", GUINT_TO_POINTER(index));
  g_signal_connect_object(remove, "clicked", G_CALLBACK(action_removed), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), remove);
  adw_preferences_group_add(self->actions_group, row);
  g_ptr_array_add(self->action_rows, row);
}

static void show_rules(SightUiRulesPage *self) {
  self->showing = TRUE;
  for (guint i = 0; i < self->action_rows->len; i++)
    adw_preferences_group_remove(self->actions_group, g_ptr_array_index(self->action_rows, i));
  g_ptr_array_set_size(self->action_rows, 0);
  for (guint i = 0; i < self->rules->key_actions->len; i++)
    add_action_row(self, i, g_ptr_array_index(self->rules->key_actions, i));
  for (guint i = 0; i < self->spins->len; i++)
    gtk_spin_button_set_value(g_ptr_array_index(self->spins, i), *setting_of(self->rules, &sight_rule_settings[i]));
  self->showing = FALSE;
}

static void rules_loaded(SightRuleset *rules, gint64 endpoint, const GError *error, gpointer user_data) {
  SightUiRulesPage *self = user_data;
  /* What is being changed here is newer than what was read, and another project may be chosen by now. */
  if (rules == NULL || self->save_source != 0 || self->store == NULL ||
      endpoint != sight_ui_project_group_get_endpoint(self->project)) {
    g_clear_pointer(&rules, sight_ruleset_free);
    return;
  }
  g_clear_pointer(&self->rules, sight_ruleset_free);
  self->rules = rules;
  self->endpoint = endpoint;
  show_rules(self);
}

static void load(SightUiRulesPage *self) {
  if (self->save_source != 0 || self->showing)
    return;
  sight_ui_rules_load(self->store, sight_ui_project_group_get_endpoint(self->project), rules_loaded, G_OBJECT(self));
}

/* What was changed belongs to the project that was chosen before. */
static void project_chosen(SightUiRulesPage *self) {
  flush(self);
  g_clear_pointer(&self->rules, sight_ruleset_free);
  load(self);
}

static void add_action(SightUiRulesPage *self) {
  GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self)));
  gtk_window_present(
      GTK_WINDOW(sight_ui_key_action_dialog_new(window, self->store, sight_ui_jobs_get_endpoints(self->jobs),
                                                sight_ui_project_group_get_endpoint(self->project))));
}

static void restore(SightUiRulesPage *self, gboolean asked) {
  if (self->rules == NULL)
    return;
  for (const SightRuleSetting *setting = sight_rule_settings; setting->name != NULL; setting++)
    if (setting->asked == asked)
      *setting_of(self->rules, setting) = setting->fallback;
  show_rules(self);
  save_soon(self);
}

static void restore_asked(SightUiRulesPage *self) {
  restore(self, TRUE);
}

static void restore_numbers(SightUiRulesPage *self) {
  restore(self, FALSE);
}

static void add_number_row(SightUiRulesPage *self, const SightRuleSetting *setting) {
  GtkWidget *row = adw_action_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _(setting->title));
  GtkWidget *spin = gtk_spin_button_new_with_range(setting->min, setting->max, setting->max > 1000 ? 50 : 1);
  gtk_widget_set_valign(spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(spin), GTK_ACCESSIBLE_PROPERTY_LABEL, _(setting->title), -1);
  g_object_set_data(G_OBJECT(spin), "setting", (gpointer)setting);
  g_signal_connect_object(spin, "value-changed", G_CALLBACK(number_changed), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), spin);
  GtkWidget *unit = gtk_label_new(setting->unit);
  gtk_label_set_width_chars(GTK_LABEL(unit), 2);
  gtk_widget_add_css_class(unit, "dim-label");
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), unit);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), spin);
  adw_preferences_group_add(setting->asked ? self->asked_group : self->numbers_group, row);
  g_ptr_array_add(self->spins, spin);
}

static GtkWidget *header_button(const char *label, GCallback callback, SightUiRulesPage *self) {
  GtkWidget *button = gtk_button_new_with_mnemonic(label);
  gtk_widget_add_css_class(button, "flat");
  g_signal_connect_object(button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static void dispose(GObject *object) {
  SightUiRulesPage *self = SIGHT_UI_RULES_PAGE(object);
  flush(self);
  g_clear_object(&self->store);
  g_clear_object(&self->jobs);
  G_OBJECT_CLASS(sight_ui_rules_page_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiRulesPage *self = SIGHT_UI_RULES_PAGE(object);
  g_ptr_array_unref(self->action_rows);
  g_ptr_array_unref(self->spins);
  g_clear_pointer(&self->rules, sight_ruleset_free);
  G_OBJECT_CLASS(sight_ui_rules_page_parent_class)->finalize(object);
}

static void sight_ui_rules_page_class_init(SightUiRulesPageClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void sight_ui_rules_page_init(SightUiRulesPage *self) {
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE(self);
  adw_preferences_page_set_title(page, _("Rules"));
  adw_preferences_page_set_icon_name(page, "sight-rage-symbolic");
  self->action_rows = g_ptr_array_new();
  self->spins = g_ptr_array_new();
  self->project = sight_ui_project_group_new();
  self->actions_group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  adw_preferences_group_set_title(self->actions_group, _("Key actions"));
  adw_preferences_group_set_description(self->actions_group, _("Sessions that end without one of these have churned."));
  adw_preferences_group_set_header_suffix(self->actions_group, header_button(_("_Add…"), G_CALLBACK(add_action), self));
  self->asked_group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  adw_preferences_group_set_title(self->asked_group, _("Who left"));
  adw_preferences_group_set_description(self->asked_group,
                                        _("A change holds at once; no recording is looked through again."));
  adw_preferences_group_set_header_suffix(self->asked_group,
                                          header_button(_("_Defaults"), G_CALLBACK(restore_asked), self));
  self->numbers_group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  adw_preferences_group_set_title(self->numbers_group, _("Signals"));
  adw_preferences_group_set_description(self->numbers_group,
                                        _("A change looks through the recordings again, here on this computer."));
  adw_preferences_group_set_header_suffix(self->numbers_group,
                                          header_button(_("_Defaults"), G_CALLBACK(restore_numbers), self));
  for (const SightRuleSetting *setting = sight_rule_settings; setting->name != NULL; setting++)
    add_number_row(self, setting);
  adw_preferences_page_add(page, ADW_PREFERENCES_GROUP(self->project));
  adw_preferences_page_add(page, self->actions_group);
  adw_preferences_page_add(page, self->asked_group);
  adw_preferences_page_add(page, self->numbers_group);
}

GtkWidget *sight_ui_rules_page_new(SightStore *store, SightUiJobs *jobs) {
  SightUiRulesPage *self = g_object_new(SIGHT_UI_TYPE_RULES_PAGE, NULL);
  self->store = g_object_ref(store);
  self->jobs = g_object_ref(jobs);
  sight_ui_project_group_fill(self->project, jobs);
  g_signal_connect_object(self->project, "chosen", G_CALLBACK(project_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(store, "changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  load(self);
  return GTK_WIDGET(self);
}

void sight_ui_rules_page_show(SightUiRulesPage *self, gint64 endpoint, const char *kind) {
  sight_ui_project_group_choose(self->project, endpoint);
  int place = sight_rule_setting_of(kind);
  if (place >= 0)
    gtk_widget_grab_focus(self->spins->pdata[place]);
}
