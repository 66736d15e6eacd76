/* SPDX-License-Identifier: MIT */
/* From a sequence to buttons and back. */
#include "sight-ui-flow-bar.h"

#include "sight-filter.h"
#include "sight-query.h"

#include <glib/gi18n.h>

#define STEP_CHARS 28
#define MINUTE_MS (60 * 1000)

static const struct {
  const char *title;
  gint64 ms;
} bounds[] = {{N_("Whenever"), 0},
              {N_("1 minute"), MINUTE_MS},
              {N_("5 minutes"), 5 * MINUTE_MS},
              {N_("30 minutes"), 30 * MINUTE_MS},
              {N_("1 hour"), 60 * MINUTE_MS},
              {N_("1 day"), 24 * 60 * MINUTE_MS}};

/* Steps that are no page. */
static const struct {
  const char *title, *step;
} others[] = {{N_("A form sent"), "form"}, {N_("Any signal"), "signal"}, {N_("An exception"), "error"}};

struct _SightUiFlowBar {
  GtkWidget parent_instance;
  GtkWidget *box, *steps, *add, *strict;
  GtkEditable *entry;
  GMenu *pages; /* of the menu that adds a step */
  guint focus_source;
  int wanted; /* the step that gets the keys */
};

G_DEFINE_FINAL_TYPE(SightUiFlowBar, sight_ui_flow_bar, GTK_TYPE_WIDGET)

static guint asked_signal;

/* The sequence that stands in the entry, or one step; NULL: there is none that can be read. */
static SightFilter *read_steps(SightUiFlowBar *self) {
  g_autoptr(SightFilter) filter = sight_filter_parse(gtk_editable_get_text(self->entry), NULL, NULL);

  if (filter != NULL && filter->kind != SIGHT_FILTER_SEQUENCE && filter->kind != SIGHT_FILTER_KEY)
    return NULL;
  return g_steal_pointer(&filter);
}

static guint n_steps(const SightFilter *filter) {
  return filter == NULL ? 0 : filter->kind == SIGHT_FILTER_SEQUENCE ? filter->parts->len : 1;
}

static SightFilter *step_at(SightFilter *filter, guint i) {
  return filter->kind == SIGHT_FILTER_SEQUENCE ? filter->parts->pdata[i] : filter;
}

/* The buttons stand between arrows. */
static gboolean focus_step(gpointer user_data) {
  SightUiFlowBar *self = user_data;
  GtkWidget *child = gtk_widget_get_first_child(self->steps), *found = NULL;

  self->focus_source = 0;
  for (int i = 0; child != NULL && i <= self->wanted; child = gtk_widget_get_next_sibling(child)) {
    if (!GTK_IS_MENU_BUTTON(child))
      continue;
    found = child;
    i++;
  }
  gtk_widget_grab_focus(found != NULL ? found : self->add);
  return G_SOURCE_REMOVE;
}

/* A first step comes at once, whatever was before it. Buttons are made anew; the one at a place gets the keys once the
 * menu that was used is gone. */
static void write_steps(SightUiFlowBar *self, SightFilter *filter, int place) {
  g_autofree char *text = NULL;

  if (n_steps(filter) > 0) {
    step_at(filter, 0)->within_ms = 0;
    step_at(filter, 0)->absent = FALSE;
  }
  text = n_steps(filter) == 0   ? g_strdup("")
         : n_steps(filter) == 1 ? sight_filter_print(step_at(filter, 0))
                                : sight_filter_print(filter);
  gtk_editable_set_text(self->entry, text);
  self->wanted = place;
  if (self->focus_source == 0)
    self->focus_source = g_idle_add(focus_step, self);
  g_signal_emit(self, asked_signal, 0);
}

/* What the menus do */

static void move_step(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiFlowBar *self = user_data;
  g_autoptr(SightFilter) filter = read_steps(self);
  int from = 0, by = 0;

  g_variant_get(parameter, "(ii)", &from, &by);
  int to = from + by, n = (int)n_steps(filter);
  if (from < 0 || from >= n || to < 0 || to >= n)
    return;
  gpointer moved = filter->parts->pdata[from];
  filter->parts->pdata[from] = filter->parts->pdata[to];
  filter->parts->pdata[to] = moved;
  write_steps(self, filter, to);
}

static void remove_step(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiFlowBar *self = user_data;
  g_autoptr(SightFilter) filter = read_steps(self);
  guint place = (guint)g_variant_get_int32(parameter);

  if (place >= n_steps(filter))
    return;
  if (filter->kind == SIGHT_FILTER_SEQUENCE)
    g_ptr_array_remove_index(filter->parts, place);
  else
    g_clear_pointer(&filter, sight_filter_free);
  write_steps(self, filter, (int)place);
}

static void refuse_step(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiFlowBar *self = user_data;
  g_autoptr(SightFilter) filter = read_steps(self);
  guint place = (guint)g_variant_get_int32(parameter);

  if (place >= n_steps(filter))
    return;
  SightFilter *step = step_at(filter, place);
  step->absent = !step->absent;
  write_steps(self, filter, (int)place);
}

static void bound_step(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiFlowBar *self = user_data;
  g_autoptr(SightFilter) filter = read_steps(self);
  int place = 0;
  gint64 within_ms = 0;

  g_variant_get(parameter, "(ix)", &place, &within_ms);
  if (place < 0 || (guint)place >= n_steps(filter))
    return;
  step_at(filter, (guint)place)->within_ms = within_ms;
  write_steps(self, filter, place);
}

static void add_step(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiFlowBar *self = user_data;
  const char *before = gtk_editable_get_text(self->entry), *step = g_variant_get_string(parameter, NULL);
  g_autofree char *text = before[0] != '\0' ? g_strdup_printf("%s then %s", before, step) : g_strdup(step);

  gtk_editable_set_text(self->entry, text);
  g_signal_emit(self, asked_signal, 0);
}

/* Buttons */

static void add_item(GMenu *menu, const char *title, const char *action, GVariant *target) {
  g_autoptr(GMenuItem) item = g_menu_item_new(title, NULL);

  g_menu_item_set_action_and_target_value(item, action, target);
  g_menu_append_item(menu, item);
}

static GMenuModel *make_step_menu(SightFilter *filter, guint i) {
  g_autoptr(GMenu) moves = g_menu_new(), within = g_menu_new();
  GMenu *menu = g_menu_new();
  int place = (int)i;

  if (i > 0)
    add_item(moves, _("Move _Earlier"), "flow.move", g_variant_new("(ii)", place, -1));
  if (i + 1 < n_steps(filter))
    add_item(moves, _("Move _Later"), "flow.move", g_variant_new("(ii)", place, 1));
  add_item(moves, _("_Remove"), "flow.remove", g_variant_new_int32(place));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(moves));
  if (i == 0)
    return G_MENU_MODEL(menu);
  g_autoptr(GMenu) refusal = g_menu_new();
  add_item(refusal, step_at(filter, i)->absent ? _("Has to _Come") : _("Must _Not Come"), "flow.refuse",
           g_variant_new_int32(place));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(refusal));
  for (guint j = 0; j < G_N_ELEMENTS(bounds); j++)
    add_item(within, _(bounds[j].title), "flow.bound", g_variant_new("(ix)", place, bounds[j].ms));
  g_menu_append_section(menu, _("At most so long after the one before"), G_MENU_MODEL(within));
  return G_MENU_MODEL(menu);
}

/* As the menu calls it, else in minutes. Static, until it is asked for again. */
static const char *bound_title(gint64 ms) {
  static char minutes[64];

  for (guint i = 0; i < G_N_ELEMENTS(bounds); i++) {
    if (bounds[i].ms == ms)
      return _(bounds[i].title);
  }
  g_snprintf(minutes, sizeof minutes, _("%.1f minutes"), (double)ms / MINUTE_MS);
  return minutes;
}

static void add_step_button(SightUiFlowBar *self, SightFilter *filter, guint i) {
  GtkWidget *button = gtk_menu_button_new(), *label = NULL;
  SightFilter plain = *step_at(filter, i);
  g_autoptr(GMenuModel) menu = make_step_menu(filter, i);
  g_autofree char *text = NULL, *name = NULL;

  /* It says the bound and the refusal where it stands behind another. */
  if (i == 0)
    plain.within_ms = plain.absent = 0;
  g_autofree char *step = sight_filter_print(&plain);
  text = plain.absent ? g_strdup_printf(_("not %s"), step) : g_strdup(step);
  /* TRANSLATORS: a step of a flow, and a time: "page:/thanks, at most 5 minutes" */
  name =
      plain.within_ms > 0 ? g_strdup_printf(_("%s, at most %s"), text, bound_title(plain.within_ms)) : g_strdup(text);
  label = gtk_label_new(name);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), STEP_CHARS);
  gtk_menu_button_set_child(GTK_MENU_BUTTON(button), label);
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), menu);
  gtk_widget_add_css_class(button, "flow-step");
  gtk_widget_set_tooltip_text(button, name);
  /* TRANSLATORS: the number of a step of a flow, and what it is */
  g_autofree char *says = g_strdup_printf(_("Step %u: %s"), i + 1, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, says, -1);
  gtk_box_append(GTK_BOX(self->steps), button);
}

static void show_steps(SightUiFlowBar *self) {
  g_autoptr(SightFilter) filter = read_steps(self);
  GtkWidget *child = NULL;

  while ((child = gtk_widget_get_first_child(self->steps)) != NULL)
    gtk_box_remove(GTK_BOX(self->steps), child);
  for (guint i = 0; i < n_steps(filter); i++) {
    GtkWidget *arrow = i > 0 ? gtk_image_new_from_icon_name("go-next-symbolic") : NULL;
    if (arrow != NULL) {
      gtk_widget_add_css_class(arrow, "dim-label");
      gtk_accessible_update_property(GTK_ACCESSIBLE(arrow), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
      gtk_box_append(GTK_BOX(self->steps), arrow);
    }
    add_step_button(self, filter, i);
  }
}

void sight_ui_flow_bar_set_pages(SightUiFlowBar *self, const GPtrArray *pages) {
  g_menu_remove_all(self->pages);
  for (guint i = 0; i < pages->len; i++) {
    g_autofree char *step = sight_query_term(SIGHT_TERM_PAGE, pages->pdata[i]);
    add_item(self->pages, pages->pdata[i], "flow.add", g_variant_new_string(step));
  }
}

gboolean sight_ui_flow_bar_is_strict(SightUiFlowBar *self) {
  return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->strict));
}

static void strict_toggled(SightUiFlowBar *self) {
  g_signal_emit(self, asked_signal, 0);
}

static GtkWidget *make_add(SightUiFlowBar *self) {
  GtkWidget *button = gtk_menu_button_new();
  g_autoptr(GMenu) menu = g_menu_new(), rest = g_menu_new();

  self->pages = g_menu_new();
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    add_item(rest, _(others[i].title), "flow.add", g_variant_new_string(others[i].step));
  g_menu_append_section(menu, _("Pages"), G_MENU_MODEL(self->pages));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(rest));
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "list-add-symbolic");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
  gtk_widget_set_tooltip_text(button, _("Add a Step"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Add a Step"), -1);
  return button;
}

static void dispose(GObject *object) {
  SightUiFlowBar *self = SIGHT_UI_FLOW_BAR(object);

  g_clear_handle_id(&self->focus_source, g_source_remove);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->pages);
  g_clear_object(&self->entry);
  G_OBJECT_CLASS(sight_ui_flow_bar_parent_class)->dispose(object);
}

static void sight_ui_flow_bar_class_init(SightUiFlowBarClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  asked_signal = g_signal_new("asked", SIGHT_UI_TYPE_FLOW_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void sight_ui_flow_bar_init(SightUiFlowBar *self) {
  static const GActionEntry entries[] = {{"move", move_step, "(ii)", NULL, NULL, {0}},
                                         {"remove", remove_step, "i", NULL, NULL, {0}},
                                         {"refuse", refuse_step, "i", NULL, NULL, {0}},
                                         {"bound", bound_step, "(ix)", NULL, NULL, {0}},
                                         {"add", add_step, "s", NULL, NULL, {0}}};
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
  GtkWidget *scroller = gtk_scrolled_window_new();

  g_action_map_add_action_entries(G_ACTION_MAP(group), entries, G_N_ELEMENTS(entries), self);
  gtk_widget_insert_action_group(GTK_WIDGET(self), "flow", G_ACTION_GROUP(group));
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->steps = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->steps);
  gtk_box_append(GTK_BOX(self->box), scroller);
  self->add = make_add(self);
  gtk_box_append(GTK_BOX(self->box), self->add);
  self->strict = gtk_toggle_button_new_with_mnemonic(_("Stri_ct"));
  gtk_widget_set_tooltip_text(self->strict, _("Nothing else of their kinds comes between the steps"));
  g_signal_connect_object(self->strict, "toggled", G_CALLBACK(strict_toggled), self, G_CONNECT_SWAPPED);
  gtk_widget_set_hexpand(self->strict, TRUE);
  gtk_widget_set_halign(self->strict, GTK_ALIGN_END);
  gtk_box_append(GTK_BOX(self->box), self->strict);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *sight_ui_flow_bar_new(GtkEditable *entry) {
  SightUiFlowBar *self = g_object_new(SIGHT_UI_TYPE_FLOW_BAR, NULL);

  self->entry = g_object_ref(entry);
  g_signal_connect_object(entry, "changed", G_CALLBACK(show_steps), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}
