/* SPDX-License-Identifier: MIT */
/* Lines with their times. */
#include "sight-ui-moment-page.h"

#include "sight-rule-kind.h"
#include "sight-signal.h"
#include "sight-ui-context-menu.h"
#include "sight-ui-player.h"
#include "sight-ui-request.h"
#include "sight-ui-text.h"
#include "sight-ui-waterfall.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define ANSWER_INDENT 12

struct _SightUiMomentPage {
  GtkWidget parent_instance;
  GtkWidget *box, *stack, *tool; /* tool: NULL: there is none */
  AdwStatusPage *state;
  GtkListView *view;
  SightUiMoments *moments;
  GtkSingleSelection *selection;
  char *empty;
  gboolean pointed_at;
};

G_DEFINE_FINAL_TYPE(SightUiMomentPage, sight_ui_moment_page, GTK_TYPE_WIDGET)

enum { CHOSEN, EDIT, REMOVE, ANSWER, N_SIGNALS };
static guint signals[N_SIGNALS];

/* The parts of a line, kept on its row. */
typedef struct {
  GtkLabel *time, *title, *detail;
  GtkImage *icon;
  SightUiWaterfall *waterfall;
  GtkWidget *edit, *remove, *answer;
  const char *style, *tint;
  guint place; /* in the list */
} Line;

static GtkWidget *add_label(GtkWidget *box, GtkLabel **label, const char *style) {
  GtkWidget *widget = gtk_label_new(NULL);
  *label = GTK_LABEL(widget);
  gtk_label_set_xalign(*label, 0);
  gtk_label_set_yalign(*label, 0);
  if (style != NULL)
    gtk_widget_add_css_class(widget, style);
  gtk_box_append(GTK_BOX(box), widget);
  return widget;
}

static void activated(SightUiMomentPage *self, guint position) {
  g_autoptr(SightUiMoment) moment = g_list_model_get_item(G_LIST_MODEL(self->moments), position);
  if (moment != NULL)
    g_signal_emit(self, signals[CHOSEN], 0, MAX(sight_ui_moment_get(moment)->start_ms, 0));
}

static void clicked(GtkGestureClick *click, int n_press, double x, double y, GtkListItem *list_item) {
  GtkWidget *row = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(click));
  SightUiMomentPage *self = SIGHT_UI_MOMENT_PAGE(gtk_widget_get_ancestor(row, SIGHT_UI_TYPE_MOMENT_PAGE));
  activated(self, gtk_list_item_get_position(list_item));
}

static void ask_for(SightUiMomentPage *self, guint signal, guint position) {
  g_autoptr(SightUiMoment) moment = g_list_model_get_item(G_LIST_MODEL(self->moments), position);
  if (moment != NULL && sight_ui_moment_get(moment)->tag >= 0)
    g_signal_emit(self, signals[signal], 0, sight_ui_moment_get(moment)->tag);
}

static void button_pressed(GtkButton *button, GtkListItem *list_item) {
  GtkWidget *page = gtk_widget_get_ancestor(GTK_WIDGET(button), SIGHT_UI_TYPE_MOMENT_PAGE);
  guint signal = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "signal"));
  ask_for(SIGHT_UI_MOMENT_PAGE(page), signal, gtk_list_item_get_position(list_item));
}

/* F2, F4 and Delete do the same for who came by keyboard. */
static gboolean key_pressed(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                            SightUiMomentPage *self) {
  guint signal = key == GDK_KEY_F2                                   ? EDIT
                 : key == GDK_KEY_F4                                 ? ANSWER
                 : key == GDK_KEY_Delete || key == GDK_KEY_KP_Delete ? REMOVE
                                                                     : N_SIGNALS;
  if (signal == N_SIGNALS)
    return GDK_EVENT_PROPAGATE;
  ask_for(self, signal, gtk_single_selection_get_selected(self->selection));
  return GDK_EVENT_STOP;
}

static GtkWidget *add_button(GtkWidget *row, const char *icon, const char *label, guint signal,
                             GtkListItem *list_item) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_valign(button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text(button, label);
  g_object_set_data(G_OBJECT(button), "signal", GUINT_TO_POINTER(signal));
  g_signal_connect_object(button, "clicked", G_CALLBACK(button_pressed), list_item, 0);
  gtk_box_append(GTK_BOX(row), button);
  return button;
}

static void setup_line(GtkSignalListItemFactory *factory, GtkListItem *list_item) {
  Line *line = g_new0(Line, 1);
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class(row, "moment");
  GtkWidget *time = add_label(row, &line->time, "dim-label");
  gtk_widget_add_css_class(time, "numeric");
  gtk_label_set_width_chars(line->time, 5);
  gtk_widget_set_direction(time, GTK_TEXT_DIR_LTR);
  line->icon = GTK_IMAGE(gtk_image_new());
  gtk_widget_set_valign(GTK_WIDGET(line->icon), GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(row), GTK_WIDGET(line->icon));
  GtkWidget *text = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_hexpand(text, TRUE);
  gtk_box_append(GTK_BOX(row), text);
  GtkWidget *title = add_label(text, &line->title, "title");
  gtk_label_set_wrap(GTK_LABEL(title), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(title), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines(GTK_LABEL(title), 3);
  gtk_label_set_ellipsize(GTK_LABEL(title), PANGO_ELLIPSIZE_END);
  GtkWidget *detail = add_label(text, &line->detail, "dim-label");
  gtk_widget_add_css_class(detail, "caption");
  gtk_label_set_ellipsize(GTK_LABEL(detail), PANGO_ELLIPSIZE_MIDDLE);
  line->waterfall = SIGHT_UI_WATERFALL(sight_ui_waterfall_new());
  gtk_widget_set_valign(GTK_WIDGET(line->waterfall), GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(row), GTK_WIDGET(line->waterfall));
  line->answer = add_button(row, "mail-reply-sender-symbolic", _("Answer (F4)"), ANSWER, list_item);
  line->edit = add_button(row, "sight-edit-symbolic", _("Change (F2)"), EDIT, list_item);
  line->remove = add_button(row, "user-trash-symbolic", _("Remove (Delete)"), REMOVE, list_item);
  g_object_set_data_full(G_OBJECT(row), "line", line, g_free);
  /* One click leads there. single-click-activate would also select whatever the pointer passes. */
  GtkGesture *click = gtk_gesture_click_new();
  g_signal_connect_object(click, "released", G_CALLBACK(clicked), list_item, 0);
  gtk_widget_add_controller(row, GTK_EVENT_CONTROLLER(click));
  gtk_list_item_set_child(list_item, row);
}

static void bind_line(GtkSignalListItemFactory *factory, GtkListItem *list_item) {
  GtkWidget *row = gtk_list_item_get_child(list_item);
  Line *line = g_object_get_data(G_OBJECT(row), "line");
  const SightUiMomentData *data = sight_ui_moment_get(SIGHT_UI_MOMENT(gtk_list_item_get_item(list_item)));
  g_autofree char *time = sight_ui_format_time(data->start_ms);
  line->place = gtk_list_item_get_position(list_item);
  g_autofree char *title = sight_ui_text_isolate(data->title);
  gtk_label_set_text(line->time, data->start_ms >= 0 && !data->answer ? time : "");
  gtk_label_set_text(line->title, title);
  gtk_label_set_text(line->detail, data->detail != NULL ? data->detail : "");
  gboolean detailed = data->detail != NULL && *data->detail != '\0';
  g_autofree char *all = detailed ? g_strdup_printf("%s\n%s", data->title, data->detail) : g_strdup(data->title);
  gtk_widget_set_visible(GTK_WIDGET(line->detail), detailed);
  /* Who said it is not to be guessed. */
  gtk_label_set_wrap(line->detail, data->tag >= 0);
  gtk_label_set_ellipsize(line->detail, data->tag >= 0 ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_tooltip_text(row, all);
  sight_ui_waterfall_set(line->waterfall, data->from, data->to, data->level > 0);
  gtk_widget_set_visible(GTK_WIDGET(line->waterfall), data->to > 0);
  gtk_image_set_from_icon_name(line->icon, data->icon);
  gtk_widget_set_visible(GTK_WIDGET(line->icon), data->icon != NULL);
  gtk_widget_set_margin_start(GTK_WIDGET(line->icon), data->answer ? ANSWER_INDENT : 0);
  if (line->tint != NULL)
    gtk_widget_remove_css_class(GTK_WIDGET(line->icon), line->tint);
  line->tint = data->tint;
  if (line->tint != NULL)
    gtk_widget_add_css_class(GTK_WIDGET(line->icon), line->tint);
  if (line->style != NULL)
    gtk_widget_remove_css_class(row, line->style);
  line->style = data->style;
  if (line->style != NULL)
    gtk_widget_add_css_class(row, line->style);
  gtk_widget_set_visible(line->edit, data->tag >= 0);
  gtk_widget_set_visible(line->remove, data->tag >= 0);
  gtk_widget_set_visible(line->answer, data->tag >= 0 && !data->answer);
  /* Who said it, and whether it is new, belongs to what the team says. */
  g_autofree char *name = data->answer ? g_strdup_printf(_("Answer: %s"), all)
                                       : g_strdup_printf("%s %s", time, data->tag >= 0 ? all : data->title);
  g_autofree char *edit = g_strdup_printf(_("Change “%s”"), data->title);
  g_autofree char *remove = g_strdup_printf(_("Remove “%s”"), data->title);
  g_autofree char *answer = g_strdup_printf(_("Answer “%s”"), data->title);
  gtk_accessible_update_property(GTK_ACCESSIBLE(line->edit), GTK_ACCESSIBLE_PROPERTY_LABEL, edit, -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(line->remove), GTK_ACCESSIBLE_PROPERTY_LABEL, remove, -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(line->answer), GTK_ACCESSIBLE_PROPERTY_LABEL, answer, -1);
  /* What is selected is the item of the list, so it has the name. */
  gtk_accessible_update_property(GTK_ACCESSIBLE(gtk_widget_get_parent(row)), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GMenu *make_menu(GtkWidget *row, gpointer user_data) {
  SightUiMomentPage *self = user_data;
  Line *line = g_object_get_data(G_OBJECT(gtk_widget_get_first_child(row)), "line");
  g_autoptr(SightUiMoment) moment = g_list_model_get_item(G_LIST_MODEL(self->moments), line->place);
  if (moment == NULL)
    return NULL;
  const SightUiMomentData *data = sight_ui_moment_get(moment);
  GMenu *menu = g_menu_new();
  g_autofree char *time = sight_ui_format_time(MAX(data->start_ms, 0));
  g_autofree char *text = g_strdup_printf("%s %s%s%s", time, data->title, data->detail != NULL ? "\n" : "",
                                          data->detail != NULL ? data->detail : "");
  sight_ui_context_menu_add(menu, _("_Copy"), "win.filter-copy", g_variant_new_string(text));
  g_autofree char *curl = sight_ui_request_curl(data->method, data->url);
  if (curl != NULL)
    sight_ui_context_menu_add(menu, _("Copy as c_URL"), "win.filter-copy", g_variant_new_string(curl));
  if (data->filter != NULL)
    sight_ui_context_menu_add(menu, _("_Show Sessions with This"), "win.filter-add",
                              g_variant_new_string(data->filter));
  if (data->style != NULL && sight_signal_kind_from_name(data->style) >= 0 && sight_rule_setting_of(data->style) >= 0)
    sight_ui_context_menu_add(menu, _("_Why?"), "win.rule", g_variant_new_string(data->style));
  return menu;
}

static void lines_changed(SightUiMomentPage *self) {
  gboolean any = g_list_model_get_n_items(G_LIST_MODEL(self->moments)) > 0;
  adw_status_page_set_description(
      self->state, sight_ui_moments_get_total(self->moments) > 0 ? _("Nothing matches the filter.") : self->empty);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), any ? "list" : "state");
  if (self->tool != NULL)
    gtk_widget_set_visible(self->tool, sight_ui_moments_get_total(self->moments) > 0);
}

static void pointer_entered(SightUiMomentPage *self) {
  self->pointed_at = TRUE;
}

static void pointer_left(SightUiMomentPage *self) {
  self->pointed_at = FALSE;
}

/* Tab leaves the list rather than running through its lines. */
static gboolean focus(GtkWidget *widget, GtkDirectionType direction) {
  SightUiMomentPage *self = SIGHT_UI_MOMENT_PAGE(widget);
  gboolean by_tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;
  if (by_tab && gtk_widget_get_focus_child(GTK_WIDGET(self->view)) != NULL)
    return FALSE;
  return GTK_WIDGET_CLASS(sight_ui_moment_page_parent_class)->focus(widget, direction);
}

static void dispose(GObject *object) {
  SightUiMomentPage *self = SIGHT_UI_MOMENT_PAGE(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->selection);
  g_clear_object(&self->moments);
  g_clear_pointer(&self->empty, g_free);
  G_OBJECT_CLASS(sight_ui_moment_page_parent_class)->dispose(object);
}

static void sight_ui_moment_page_class_init(SightUiMomentPageClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GTK_WIDGET_CLASS(class)->focus = focus;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  GType type = SIGHT_UI_TYPE_MOMENT_PAGE;
  signals[CHOSEN] = g_signal_new("chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[EDIT] = g_signal_new("edit", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[REMOVE] = g_signal_new("remove", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[ANSWER] = g_signal_new("answer", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void sight_ui_moment_page_init(SightUiMomentPage *self) {
  self->moments = sight_ui_moments_new();
  self->selection = gtk_single_selection_new(g_object_ref(G_LIST_MODEL(self->moments)));
  gtk_single_selection_set_autoselect(self->selection, FALSE);
  gtk_single_selection_set_can_unselect(self->selection, TRUE);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(setup_line), NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_line), NULL);
  self->view = GTK_LIST_VIEW(gtk_list_view_new(g_object_ref(GTK_SELECTION_MODEL(self->selection)), factory));
  gtk_widget_add_css_class(GTK_WIDGET(self->view), "moments");
  g_signal_connect_object(self->view, "activate", G_CALLBACK(activated), self, G_CONNECT_SWAPPED);
  GtkEventController *motion = gtk_event_controller_motion_new();
  g_signal_connect_object(motion, "enter", G_CALLBACK(pointer_entered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(motion, "leave", G_CALLBACK(pointer_left), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller(GTK_WIDGET(self->view), motion);
  GtkEventController *keys = gtk_event_controller_key_new();
  g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), self);
  gtk_widget_add_controller(GTK_WIDGET(self->view), keys);
  sight_ui_context_menu_attach(GTK_WIDGET(self->view), GTK_WIDGET(self), make_menu, self);

  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->view));
  self->state = ADW_STATUS_PAGE(adw_status_page_new());
  gtk_widget_add_css_class(GTK_WIDGET(self->state), "compact");
  self->stack = gtk_stack_new();
  gtk_stack_set_hhomogeneous(GTK_STACK(self->stack), FALSE);
  gtk_stack_add_named(GTK_STACK(self->stack), GTK_WIDGET(self->state), "state");
  gtk_stack_add_named(GTK_STACK(self->stack), scroller, "list");
  gtk_widget_set_vexpand(self->stack, TRUE);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(self->box), self->stack);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect_object(self->moments, "items-changed", G_CALLBACK(lines_changed), self, G_CONNECT_SWAPPED);
}

GtkWidget *sight_ui_moment_page_new(const char *name, const char *icon, const char *empty) {
  SightUiMomentPage *self = g_object_new(SIGHT_UI_TYPE_MOMENT_PAGE, NULL);
  self->empty = g_strdup(empty);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  adw_status_page_set_icon_name(self->state, icon);
  lines_changed(self);
  return GTK_WIDGET(self);
}

SightUiMoments *sight_ui_moment_page_get_moments(SightUiMomentPage *self) {
  return self->moments;
}

void sight_ui_moment_page_set_tool(SightUiMomentPage *self, GtkWidget *tool) {
  self->tool = tool;
  gtk_widget_add_css_class(tool, "inspector-tool");
  gtk_box_prepend(GTK_BOX(self->box), tool);
  lines_changed(self);
}

void sight_ui_moment_page_follow(SightUiMomentPage *self, gint64 time_ms) {
  guint position = sight_ui_moments_at(self->moments, time_ms);
  guint selected = gtk_single_selection_get_selected(self->selection);
  if (selected == position)
    return;
  gtk_single_selection_set_selected(self->selection, position == G_MAXUINT ? GTK_INVALID_LIST_POSITION : position);
  gboolean in_use = self->pointed_at || gtk_widget_get_focus_child(GTK_WIDGET(self->view)) != NULL;
  if (position != G_MAXUINT && !in_use && gtk_widget_get_mapped(GTK_WIDGET(self->view)))
    gtk_widget_activate_action(GTK_WIDGET(self->view), "list.scroll-to-item", "u", position);
}
