/* SPDX-License-Identifier: MIT */
/* Single keys. They are looked at before the focused widget gets them, because lists and the web view take letters. */
#include "sight-ui-keys.h"

static const struct {
  guint key;
  GdkModifierType modifiers;
  const char *action;
} keys[] = {
    {GDK_KEY_space, 0, "player.play-pause"},
    {GDK_KEY_j, 0, "win.next-moment"},
    {GDK_KEY_k, 0, "win.previous-moment"},
    {GDK_KEY_n, 0, "win.next-session"},
    {GDK_KEY_p, 0, "win.previous-session"},
    {GDK_KEY_comma, 0, "player.previous-change"},
    {GDK_KEY_period, 0, "player.next-change"},
    {GDK_KEY_Left, 0, "player.back-5"},
    {GDK_KEY_Right, 0, "player.forward-5"},
    {GDK_KEY_Left, GDK_SHIFT_MASK, "player.back-1"},
    {GDK_KEY_Right, GDK_SHIFT_MASK, "player.forward-1"},
    {GDK_KEY_Left, GDK_ALT_MASK, "player.back-frame"},
    {GDK_KEY_Right, GDK_ALT_MASK, "player.forward-frame"},
    {GDK_KEY_Page_Up, 0, "player.previous-page"},
    {GDK_KEY_Page_Down, 0, "player.next-page"},
    {GDK_KEY_Page_Up, GDK_CONTROL_MASK, "player.previous-tab"},
    {GDK_KEY_Page_Down, GDK_CONTROL_MASK, "player.next-tab"},
    {GDK_KEY_J, GDK_SHIFT_MASK, "player.next-signal"},
    {GDK_KEY_K, GDK_SHIFT_MASK, "player.previous-signal"},
    {GDK_KEY_i, 0, "player.set-in"},
    {GDK_KEY_o, 0, "player.set-out"},
    {GDK_KEY_x, 0, "player.clear-range"},
    {GDK_KEY_a, 0, "player.range-around"},
    {GDK_KEY_l, 0, "player.loop"},
    {GDK_KEY_l, GDK_CONTROL_MASK, "win.go-to"},
    {GDK_KEY_Home, 0, "player.home"},
    {GDK_KEY_End, 0, "player.end"},
    {GDK_KEY_bracketleft, 0, "player.slower"},
    {GDK_KEY_bracketright, 0, "player.faster"},
    {GDK_KEY_plus, GDK_CONTROL_MASK, "player.zoom-in"},
    {GDK_KEY_equal, GDK_CONTROL_MASK, "player.zoom-in"},
    {GDK_KEY_KP_Add, GDK_CONTROL_MASK, "player.zoom-in"},
    {GDK_KEY_minus, GDK_CONTROL_MASK, "player.zoom-out"},
    {GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "player.zoom-out"},
    {GDK_KEY_0, GDK_CONTROL_MASK, "player.zoom-fit"},
    {GDK_KEY_KP_0, GDK_CONTROL_MASK, "player.zoom-fit"},
    {GDK_KEY_1, GDK_CONTROL_MASK, "player.zoom-actual"},
    {GDK_KEY_Left, GDK_CONTROL_MASK, "player.pan-left"},
    {GDK_KEY_Right, GDK_CONTROL_MASK, "player.pan-right"},
    {GDK_KEY_Up, GDK_CONTROL_MASK, "player.pan-up"},
    {GDK_KEY_Down, GDK_CONTROL_MASK, "player.pan-down"},
    {GDK_KEY_plus, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "player.zoom-in"},
    {GDK_KEY_s, 0, "player.skip-idle"},
    {GDK_KEY_t, 0, "win.tag"},
    {GDK_KEY_z, GDK_CONTROL_MASK, "win.undo"},
    {GDK_KEY_c, 0, "win.clip"},
    {GDK_KEY_e, 0, "player.pick"},
    {GDK_KEY_m, 0, "win.mark-seen"},
    {GDK_KEY_r, 0, "win.reel"},
    {GDK_KEY_Escape, 0, "win.dismiss"},
};

static gboolean wants_letters(GtkWidget *focus) {
  return GTK_IS_EDITABLE(focus) || GTK_IS_TEXT_VIEW(focus) || gtk_widget_get_ancestor(focus, GTK_TYPE_POPOVER) != NULL;
}

/* How the focused widget was come to. */
typedef struct {
  GtkWidget *player; /* lives as long as the window that has the controllers */
  gboolean by_keyboard;
} Keys;

/* What the focused widget does with a key comes first where people rely on it: those who came to it by keyboard. */
static gboolean keeps(GtkWidget *focus, guint key) {
  switch (key) {
  case GDK_KEY_space:
    return GTK_IS_BUTTON(focus) || GTK_IS_SWITCH(focus) || GTK_IS_MENU_BUTTON(focus);
  case GDK_KEY_Home:
  case GDK_KEY_End:
  case GDK_KEY_Page_Up:
  case GDK_KEY_Page_Down:
    return gtk_widget_get_ancestor(focus, GTK_TYPE_LIST_VIEW) != NULL ||
           gtk_widget_get_ancestor(focus, GTK_TYPE_LIST_BOX) != NULL;
  default:
    return FALSE;
  }
}

static gboolean pressed(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, Keys *self) {
  GtkWidget *window = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(controller));
  GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(window));
  GdkModifierType modifiers = state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_SHIFT_MASK) &
                              gtk_accelerator_get_default_mod_mask();
  if (key == GDK_KEY_Tab || key == GDK_KEY_ISO_Left_Tab)
    self->by_keyboard = TRUE;
  if (focus != NULL && (wants_letters(focus) || (self->by_keyboard && keeps(focus, key))))
    return GDK_EVENT_PROPAGATE;
  gboolean watching = gtk_widget_get_mapped(self->player);
  if (watching && modifiers == 0 && key >= GDK_KEY_0 && key <= GDK_KEY_9)
    return gtk_widget_activate_action(self->player, "player.tenth", "i", (int)(key - GDK_KEY_0));
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (keys[i].key != key || keys[i].modifiers != modifiers)
      continue;
    gboolean of_player = g_str_has_prefix(keys[i].action, "player.");
    if (of_player && !watching)
      return GDK_EVENT_PROPAGATE;
    GtkWidget *target = of_player ? self->player : window;
    return gtk_widget_activate_action(target, keys[i].action, NULL);
  }
  return GDK_EVENT_PROPAGATE;
}

static void clicked(GtkGestureClick *gesture, int n_press, double x, double y, Keys *self) {
  self->by_keyboard = FALSE;
}

void sight_ui_keys_attach(GtkWidget *window, GtkWidget *player) {
  Keys *self = g_new(Keys, 1);
  *self = (Keys){.player = player, .by_keyboard = TRUE};
  g_object_set_data_full(G_OBJECT(window), "keys", self, g_free);
  GtkEventController *controller = gtk_event_controller_key_new();
  gtk_event_controller_set_propagation_phase(controller, GTK_PHASE_CAPTURE);
  g_signal_connect(controller, "key-pressed", G_CALLBACK(pressed), self);
  gtk_widget_add_controller(window, controller);
  GtkGesture *click = gtk_gesture_click_new();
  gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(click), GTK_PHASE_CAPTURE);
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), 0);
  g_signal_connect(click, "pressed", G_CALLBACK(clicked), self);
  gtk_widget_add_controller(window, GTK_EVENT_CONTROLLER(click));
}
