/* SPDX-License-Identifier: MIT */
/* One popover for each list, made anew for each row that is asked about. */
#include "sight-ui-context-menu.h"

typedef struct {
  GtkWidget *list, *host; /* borrowed: it goes with them */
  GtkWidget *popover;     /* a child of host; NULL: none was wanted yet */
  GtkWidget *row;         /* weak; what the menu is about */
  SightUiContextMenuMake make;
  gpointer user_data;
} Menu;

static void menu_free(gpointer data, GClosure *closure) {
  Menu *menu = data;

  g_clear_weak_pointer(&menu->row);
  g_free(menu);
}

static void host_destroyed(GtkWidget *host, Menu *menu) {
  g_clear_pointer(&menu->popover, gtk_widget_unparent);
}

/* Who came by keyboard goes on from there. */
static void closed(Menu *menu) {
  if (menu->row != NULL && gtk_widget_get_mapped(menu->row))
    gtk_widget_grab_focus(menu->row);
}

static void popup(Menu *menu, GtkWidget *row, const GdkRectangle *at, GtkPositionType side) {
  g_autoptr(GMenu) model = menu->make(row, menu->user_data);

  if (model == NULL)
    return;
  /* The one before has done what was chosen in it by now. */
  g_clear_pointer(&menu->popover, gtk_widget_unparent);
  g_set_weak_pointer(&menu->row, row);
  menu->popover = gtk_popover_menu_new_from_model(G_MENU_MODEL(model));
  gtk_widget_set_parent(menu->popover, menu->host);
  gtk_popover_set_has_arrow(GTK_POPOVER(menu->popover), FALSE);
  gtk_widget_set_halign(menu->popover, GTK_ALIGN_START);
  gtk_popover_set_position(GTK_POPOVER(menu->popover), side);
  gtk_popover_set_pointing_to(GTK_POPOVER(menu->popover), at);
  g_signal_connect_swapped(menu->popover, "closed", G_CALLBACK(closed), menu);
  gtk_popover_popup(GTK_POPOVER(menu->popover));
}

/* The child of the list that holds a widget; NULL: none does. */
static GtkWidget *row_of(Menu *menu, GtkWidget *widget) {
  while (widget != NULL && gtk_widget_get_parent(widget) != menu->list)
    widget = gtk_widget_get_parent(widget);
  return widget;
}

static gboolean popup_at(Menu *menu, double x, double y) {
  GtkWidget *row = row_of(menu, gtk_widget_pick(menu->list, x, y, GTK_PICK_DEFAULT));
  const graphene_point_t here = GRAPHENE_POINT_INIT((float)x, (float)y);
  graphene_point_t there;

  if (row == NULL || !gtk_widget_compute_point(menu->list, menu->host, &here, &there))
    return FALSE;
  const GdkRectangle at = {(int)there.x, (int)there.y, 1, 1};
  popup(menu, row, &at, GTK_POS_BOTTOM);
  return TRUE;
}

static void pressed(GtkGestureClick *click, int n_press, double x, double y, Menu *menu) {
  if (popup_at(menu, x, y))
    gtk_gesture_set_state(GTK_GESTURE(click), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void held(GtkGestureLongPress *press, double x, double y, Menu *menu) {
  if (popup_at(menu, x, y))
    gtk_gesture_set_state(GTK_GESTURE(press), GTK_EVENT_SEQUENCE_CLAIMED);
}

static gboolean asked_by_key(GtkWidget *list, GVariant *args, gpointer user_data) {
  Menu *menu = user_data;
  GtkWidget *row = gtk_widget_get_focus_child(list);
  graphene_rect_t bounds;

  if (row == NULL || !gtk_widget_compute_bounds(row, menu->host, &bounds))
    return FALSE;
  const GdkRectangle at = {(int)bounds.origin.x, (int)bounds.origin.y, (int)bounds.size.width, (int)bounds.size.height};
  popup(menu, row, &at, GTK_POS_BOTTOM);
  return TRUE;
}

void sight_ui_context_menu_attach(GtkWidget *list, GtkWidget *host, SightUiContextMenuMake make, gpointer user_data) {
  Menu *menu = g_new0(Menu, 1);
  GtkGesture *click = gtk_gesture_click_new(), *hold = gtk_gesture_long_press_new();
  GtkEventController *keys = gtk_shortcut_controller_new();

  menu->list = list;
  menu->host = host;
  menu->make = make;
  menu->user_data = user_data;
  g_signal_connect_data(host, "destroy", G_CALLBACK(host_destroyed), menu, menu_free, 0);
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(pressed), menu);
  gtk_gesture_single_set_touch_only(GTK_GESTURE_SINGLE(hold), TRUE);
  g_signal_connect(hold, "pressed", G_CALLBACK(held), menu);
  gtk_shortcut_controller_add_shortcut(
      GTK_SHORTCUT_CONTROLLER(keys),
      gtk_shortcut_new(gtk_alternative_trigger_new(gtk_keyval_trigger_new(GDK_KEY_Menu, 0),
                                                   gtk_keyval_trigger_new(GDK_KEY_F10, GDK_SHIFT_MASK)),
                       gtk_callback_action_new(asked_by_key, menu, NULL)));
  gtk_widget_add_controller(list, GTK_EVENT_CONTROLLER(click));
  gtk_widget_add_controller(list, GTK_EVENT_CONTROLLER(hold));
  gtk_widget_add_controller(list, keys);
}

void sight_ui_context_menu_add(GMenu *menu, const char *label, const char *action, GVariant *target) {
  g_autoptr(GMenuItem) item = g_menu_item_new(label, NULL);

  g_menu_item_set_action_and_target_value(item, action, target);
  g_menu_append_item(menu, item);
}
