/* SPDX-License-Identifier: MIT */
/* The sentence as tokens, the entry behind them, and how much they leave. */
#include "sight-ui-filter-bar.h"

#include "sight-ui-filter-entry.h"
#include "sight-ui-text.h"
#include "sight-ui-titles.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define TOKEN_CHARS 28

struct _SightUiFilterBar {
  GtkWidget parent_instance;
  GtkWidget *box, *tokens, *folded, *entry, *problem, *amount, *moments, *sort, *save;
  SightUiFilter *filter;
  SightUiLibrary *library;
  SightUiWalk *walk;
  SightUiTitles *titles;
};

G_DEFINE_FINAL_TYPE(SightUiFilterBar, sight_ui_filter_bar, GTK_TYPE_WIDGET)

enum { ENTERED, LEFT, N_SIGNALS };
static guint signals[N_SIGNALS];

static void add_item(GMenu *menu, const char *label, const char *action, const char *text) {
  g_autoptr(GMenuItem) item = g_menu_item_new(label, NULL);
  g_menu_item_set_action_and_target(item, action, "s", text);
  g_menu_append_item(menu, item);
}

char *sight_ui_filter_bar_phrase(SightUiFilterBar *self, guint i) {
  return sight_ui_titles_phrase(self->titles, sight_ui_filter_get_part(self->filter, i));
}

static void add_edit_item(GMenu *menu, const char *label, const char *part, const char *typed) {
  g_autoptr(GMenuItem) item = g_menu_item_new(label, NULL);
  g_menu_item_set_action_and_target(item, "win.filter-edit", "(ss)", part, typed);
  g_menu_append_item(menu, item);
}

/* Other values of its key: those of a list, or others in its place. */
static void add_values(GMenu *menu, const SightFilter *part, const char *text) {
  const SightFilter *key = part->kind == SIGHT_FILTER_NOT ? part->parts->pdata[0] : part;
  if (key->kind == SIGHT_FILTER_KEY && key->inside == NULL && key->values->len > 0) {
    g_autofree char *more = g_strconcat(text, ",", NULL);
    /* TRANSLATORS: adds another value to a condition, which then asks for any of them */
    add_edit_item(menu, _("_Any of…"), text, more);
  }
  add_edit_item(menu, _("C_hange…"), text, text);
}

/* What can be done with one condition. */
static GMenu *make_menu(SightUiFilterBar *self, guint i) {
  const SightFilter *part = sight_ui_filter_get_part(self->filter, i);
  g_autofree char *text = sight_filter_print(part);
  g_autofree char *other = sight_ui_filter_negated(self->filter, i);
  GMenu *menu = g_menu_new();
  /* TRANSLATORS: turns a condition into its opposite, and back */
  add_item(menu, part->kind == SIGHT_FILTER_NOT ? _("_Is") : _("Is _Not"), "win.filter-set", other);
  add_values(menu, part, text);
  add_item(menu, _("_Copy"), "win.filter-copy", text);
  add_item(menu, _("_Remove"), "win.filter-remove", text);
  return menu;
}

static void clear_box(GtkWidget *box) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(box)) != NULL)
    gtk_box_remove(GTK_BOX(box), child);
}

static GtkWidget *make_token(const char *phrase, const char *text, GMenuModel *menu) {
  GtkWidget *token = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *button = gtk_menu_button_new(), *label = gtk_label_new(phrase);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), TOKEN_CHARS);
  gtk_menu_button_set_child(GTK_MENU_BUTTON(button), label);
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), menu);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, phrase, -1);
  GtkWidget *remove = gtk_button_new_from_icon_name("window-close-symbolic");
  g_autofree char *name = g_strdup_printf(_("Remove “%s”"), phrase);
  gtk_widget_add_css_class(remove, "flat");
  gtk_widget_set_tooltip_text(remove, _("Remove"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(remove), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_target(GTK_ACTIONABLE(remove), "s", text);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(remove), "win.filter-remove");
  gtk_box_append(GTK_BOX(token), button);
  gtk_box_append(GTK_BOX(token), remove);
  gtk_widget_add_css_class(token, "token");
  return token;
}

static void show_tokens(SightUiFilterBar *self) {
  guint n = sight_ui_filter_n_parts(self->filter);
  g_autoptr(GMenu) all = g_menu_new();
  clear_box(self->tokens);
  for (guint i = 0; i < n; i++) {
    const SightFilter *part = sight_ui_filter_get_part(self->filter, i);
    g_autofree char *phrase = sight_ui_titles_phrase(self->titles, part);
    g_autofree char *text = sight_filter_print(part);
    g_autofree char *plain = g_strdelimit(g_strdup(phrase), "_", ' ');
    g_autoptr(GMenu) menu = make_menu(self, i);
    gtk_box_append(GTK_BOX(self->tokens), make_token(phrase, text, G_MENU_MODEL(menu)));
    g_menu_append_submenu(all, plain, G_MENU_MODEL(menu));
  }
  g_autofree char *folded = g_strdup_printf(ngettext("%u condition", "%u conditions", n), n);
  gtk_menu_button_set_label(GTK_MENU_BUTTON(self->folded), folded);
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(self->folded), G_MENU_MODEL(all));
  gtk_widget_set_visible(gtk_widget_get_parent(self->tokens), n > 0);
  gtk_widget_set_visible(self->save, n > 0);
}

/* Takes a sentence. */
static void add_sentence(GString *text, char *sentence) {
  g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", sentence);
  g_free(sentence);
}

/* What the number does not count: what is elsewhere, and where that is changed; what was not looked through, or not
 * wholly. */
static void show_lacking(SightUiFilterBar *self, const SightUiCounts *counts, const char *here) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *there = sight_ui_text_number(counts->n_there), *waiting = sight_ui_text_number(counts->n_waiting);
  g_autofree char *left_out = sight_ui_text_number(counts->n_left_out);
  if (counts->n_there > 0)
    /* Translators: numbers of sessions that the endpoint has, and that are known on this computer */
    add_sentence(text, g_strdup_printf(_("Of %s sessions at the endpoint, %s are known on this computer; filters look "
                                         "at these alone. The preferences say which are taken."),
                                       there, here));
  if (counts->n_waiting > 0)
    add_sentence(text, g_strdup_printf(ngettext("%s session was not looked through yet and may match.",
                                                "%s sessions were not looked through yet and may match.",
                                                (gulong)counts->n_waiting),
                                       waiting));
  if (counts->n_left_out > 0)
    add_sentence(text, g_strdup_printf(ngettext("%s session has more in it than is looked at, and may match.",
                                                "%s sessions have more in them than is looked at, and may match.",
                                                (gulong)counts->n_left_out),
                                       left_out));
  gtk_widget_set_tooltip_text(self->amount, text->len > 0 ? text->str : NULL);
}

static void show_amount(SightUiFilterBar *self) {
  const SightUiCounts *counts = sight_ui_library_get_counts(self->library);
  gint64 n = g_list_model_get_n_items(G_LIST_MODEL(self->library));
  gint64 n_all = counts != NULL ? MAX(counts->n_all, n) : n;
  g_autofree char *listed = sight_ui_text_number(n);
  g_autofree char *all = sight_ui_text_number(n_all);
  gboolean is_part = counts != NULL && counts->n_there > 0;
  g_autofree char *text =
      /* Translators: numbers of sessions that match, and that are known on this computer; the endpoint has more */
      is_part      ? g_strdup_printf(_("%s of %s here"), listed, all)
      : n == n_all ? g_strdup_printf(ngettext("%s session", "%s sessions", (gulong)n_all), all)
                   : g_strdup_printf(ngettext("%s of %s session", "%s of %s sessions", (gulong)n_all), listed, all);
  gint64 n_lacking = counts != NULL ? counts->n_waiting + counts->n_left_out : 0;
  g_autofree char *lacking = sight_ui_text_number(n_lacking);
  /* Translators: behind how many sessions match: how many more may, which were not looked through, or not wholly */
  g_autofree char *honest = n_lacking > 0 ? g_strdup_printf(_("%s, perhaps %s more"), text, lacking) : g_strdup(text);
  gtk_label_set_text(GTK_LABEL(self->amount), honest);
  if (counts != NULL)
    show_lacking(self, counts, all);
}

static void show_moments(SightUiFilterBar *self) {
  guint n = sight_ui_walk_get_n(self->walk);
  g_autofree char *number = sight_ui_text_number(n);
  g_autofree char *known = sight_ui_walk_is_whole(self->walk) ? g_strdup(number) : g_strdup_printf("%s+", number);
  g_autofree char *text = g_strdup_printf(ngettext("▶ %s moment", "▶ %s moments", n), known);
  gtk_button_set_label(GTK_BUTTON(self->moments), text);
  gtk_widget_set_visible(self->moments, n > 0);
}

static void problem_told(SightUiFilterBar *self, const char *text) {
  gtk_label_set_text(GTK_LABEL(self->problem), text != NULL ? text : "");
  gtk_widget_set_visible(self->problem, text != NULL);
}

static void entered(SightUiFilterBar *self) {
  g_signal_emit(self, signals[ENTERED], 0);
}

static void left(SightUiFilterBar *self) {
  g_signal_emit(self, signals[LEFT], 0);
}

void sight_ui_filter_bar_set_library(SightUiFilterBar *self, SightUiLibrary *library, SightUiWalk *walk,
                                     SightStore *store) {
  g_return_if_fail(self->library == NULL);
  self->library = g_object_ref(library);
  self->walk = g_object_ref(walk);
  self->filter = g_object_ref(sight_ui_library_get_filter(library));
  self->titles = sight_ui_titles_new(store);
  g_signal_connect_object(self->titles, "changed", G_CALLBACK(show_tokens), self, G_CONNECT_SWAPPED);
  sight_ui_filter_entry_set_filter(SIGHT_UI_FILTER_ENTRY(self->entry), self->filter, store);
  g_signal_connect_object(self->filter, "changed", G_CALLBACK(show_tokens), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(library, "listed", G_CALLBACK(show_amount), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(library, "counted", G_CALLBACK(show_amount), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(walk, "changed", G_CALLBACK(show_moments), self, G_CONNECT_SWAPPED);
  show_tokens(self);
  show_amount(self);
  show_moments(self);
}

void sight_ui_filter_bar_edit(SightUiFilterBar *self, const char *part, const char *typed) {
  sight_ui_filter_entry_edit(SIGHT_UI_FILTER_ENTRY(self->entry), part, typed);
}

void sight_ui_filter_bar_focus(SightUiFilterBar *self) {
  sight_ui_filter_entry_focus(SIGHT_UI_FILTER_ENTRY(self->entry));
}

static void dispose(GObject *object) {
  SightUiFilterBar *self = SIGHT_UI_FILTER_BAR(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->walk);
  g_clear_object(&self->library);
  g_clear_object(&self->filter);
  g_clear_object(&self->titles);
  G_OBJECT_CLASS(sight_ui_filter_bar_parent_class)->dispose(object);
}

static void sight_ui_filter_bar_class_init(SightUiFilterBarClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  GType type = SIGHT_UI_TYPE_FILTER_BAR;
  signals[ENTERED] = g_signal_new("entered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LEFT] = g_signal_new("left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "filter-bar");
}

/* All conditions side by side, or one button for them where there is no room. */
static GtkWidget *make_sentence(SightUiFilterBar *self) {
  GtkWidget *squeezer = adw_squeezer_new();
  adw_squeezer_set_homogeneous(ADW_SQUEEZER(squeezer), FALSE);
  self->tokens = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->folded = gtk_menu_button_new();
  gtk_widget_set_halign(self->folded, GTK_ALIGN_START);
  adw_squeezer_add(ADW_SQUEEZER(squeezer), self->tokens);
  adw_squeezer_add(ADW_SQUEEZER(squeezer), self->folded);
  return squeezer;
}

static GMenuModel *make_sort_menu(void) {
  static const struct {
    const char *label, *target;
  } orders[] = {{N_("_Newest First"), "newest"},
                {N_("_Oldest First"), "oldest"},
                {N_("Most _Frustrated First"), "friction"},
                {N_("_Longest First"), "longest"}};
  GMenu *menu = g_menu_new();
  g_autoptr(GMenu) order = g_menu_new(), hide = g_menu_new();
  for (guint i = 0; i < G_N_ELEMENTS(orders); i++)
    add_item(order, _(orders[i].label), "win.sort", orders[i].target);
  add_item(hide, _("_Hide Watched"), "win.filter-add", "-watched");
  g_menu_append(hide, _("_Compare with the Others"), "win.compare");
  g_menu_append(hide, _("_Before and After…"), "win.verify");
  g_menu_append_section(menu, _("Sort by"), G_MENU_MODEL(order));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(hide));
  return G_MENU_MODEL(menu);
}

static GtkWidget *make_numbers(SightUiFilterBar *self) {
  GtkWidget *numbers = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *squeezer = adw_squeezer_new();
  self->amount = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->amount, "dim-label");
  gtk_widget_add_css_class(self->amount, "numeric");
  adw_squeezer_add(ADW_SQUEEZER(squeezer), self->amount);
  adw_squeezer_set_allow_none(ADW_SQUEEZER(squeezer), TRUE);
  self->moments = gtk_button_new();
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->moments), "win.reel");
  gtk_widget_set_tooltip_text(self->moments, _("Play These Moments One After the Other (R)"));
  gtk_widget_add_css_class(self->moments, "numeric");
  self->sort = gtk_menu_button_new();
  g_autoptr(GMenuModel) menu = make_sort_menu();
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(self->sort), "view-sort-descending-symbolic");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(self->sort), menu);
  gtk_widget_add_css_class(self->sort, "flat");
  gtk_widget_set_tooltip_text(self->sort, _("Sort"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->sort), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Sort"), -1);
  gtk_box_append(GTK_BOX(numbers), squeezer);
  gtk_box_append(GTK_BOX(numbers), self->moments);
  self->save = gtk_button_new_from_icon_name("non-starred-symbolic");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->save), "win.filter-save");
  gtk_widget_add_css_class(self->save, "flat");
  gtk_widget_set_tooltip_text(self->save, _("Save This Filter (Ctrl+S)"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->save), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Save this filter"), -1);
  gtk_box_append(GTK_BOX(numbers), self->save);
  gtk_box_append(GTK_BOX(numbers), self->sort);
  return numbers;
}

static void sight_ui_filter_bar_init(SightUiFilterBar *self) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name("system-search-symbolic");
  gtk_accessible_update_property(GTK_ACCESSIBLE(icon), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  self->entry = sight_ui_filter_entry_new();
  gtk_widget_set_hexpand(self->entry, TRUE);
  gtk_box_append(GTK_BOX(line), icon);
  gtk_box_append(GTK_BOX(line), make_sentence(self));
  gtk_box_append(GTK_BOX(line), self->entry);
  gtk_box_append(GTK_BOX(line), make_numbers(self));
  self->problem = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->problem), 0);
  gtk_label_set_wrap(GTK_LABEL(self->problem), TRUE);
  gtk_label_set_selectable(GTK_LABEL(self->problem), FALSE);
  gtk_widget_add_css_class(self->problem, "error");
  gtk_widget_set_visible(self->problem, FALSE);
  gtk_box_append(GTK_BOX(self->box), line);
  gtk_box_append(GTK_BOX(self->box), self->problem);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect_object(self->entry, "problem", G_CALLBACK(problem_told), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->entry, "entered", G_CALLBACK(entered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->entry, "left", G_CALLBACK(left), self, G_CONNECT_SWAPPED);
}
