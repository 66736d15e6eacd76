/* SPDX-License-Identifier: MIT */
/* Single keys. They are looked at before the focused widget gets them, because lists and the web view take letters. */
#include "sight-ui-keys.h"

#include "sight-ui-key-table.h"

/* Whether what is typed into is left every key; one line of text has no pages to go through. */
static gboolean takes_keys(GtkWidget *focus, guint key, GdkModifierType modifiers) {
  gboolean pages = (key == GDK_KEY_Page_Up || key == GDK_KEY_Page_Down) && modifiers == GDK_CONTROL_MASK;

  return (GTK_IS_EDITABLE(focus) && !(pages && gtk_widget_get_ancestor(focus, GTK_TYPE_SPIN_BUTTON) == NULL)) ||
         GTK_IS_TEXT_VIEW(focus) || gtk_widget_get_ancestor(focus, GTK_TYPE_POPOVER) != NULL;
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

/* What the player does with a key it does where it is; elsewhere another row may have the same key. */
static const char *action_of(guint key, GdkModifierType modifiers, gboolean watching) {
  guint n = 0;
  const SightUiKeyRow *rows = sight_ui_key_table(&n);
  for (guint i = 0; i < n; i++) {
    for (guint k = 0; k < SIGHT_UI_KEYS_OF_ROW && rows[i].keys[k].key != NULL; k++) {
      guint wanted = 0;
      GdkModifierType held = 0;
      if (rows[i].place == SIGHT_UI_KEY_WATCHING &&
          (watching || !g_str_has_prefix(rows[i].keys[k].action, "player.")) &&
          gtk_accelerator_parse(rows[i].keys[k].key, &wanted, &held) && wanted == gdk_keyval_to_lower(key) &&
          held == modifiers)
        return rows[i].keys[k].action;
    }
  }
  return NULL;
}

/* The letter on that key in a layout of Latin letters, if the one in use has others: a Greek or Arabic user presses the
 * key that is labelled J beside its own letter. As shortcuts of GTK do it. */
static guint latin_key(GtkWidget *widget, guint key, guint code) {
  if (gdk_keyval_to_unicode(key) < 0x80)
    return key;
  g_autofree GdkKeymapKey *places = NULL;
  g_autofree guint *keys = NULL;
  int n = 0;
  if (!gdk_display_map_keycode(gtk_widget_get_display(widget), code, &places, &keys, &n))
    return key;
  for (int i = 0; i < n; i++) {
    if (places[i].level == 0 && keys[i] >= GDK_KEY_a && keys[i] <= GDK_KEY_z)
      return keys[i];
  }
  return key;
}

static gboolean pressed(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, Keys *self) {
  GtkWidget *window = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(controller));
  GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(window));
  GdkModifierType modifiers = state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_SHIFT_MASK) &
                              gtk_accelerator_get_default_mod_mask();
  if (key == GDK_KEY_Tab || key == GDK_KEY_ISO_Left_Tab)
    self->by_keyboard = TRUE;
  if (focus != NULL &&
      (takes_keys(focus, key, modifiers) || (self->by_keyboard && modifiers == 0 && keeps(focus, key))))
    return GDK_EVENT_PROPAGATE;
  gboolean watching = gtk_widget_get_mapped(self->player);
  if (watching && modifiers == 0 && key >= GDK_KEY_0 && key <= GDK_KEY_9)
    return gtk_widget_activate_action(self->player, "player.tenth", "i", (int)(key - GDK_KEY_0));
  const char *action = action_of(key, modifiers, watching);
  if (action == NULL)
    action = action_of(latin_key(window, key, code), modifiers, watching);
  if (action == NULL)
    return GDK_EVENT_PROPAGATE;
  gboolean of_player = g_str_has_prefix(action, "player.");
  return gtk_widget_activate_action(of_player ? self->player : window, action, NULL);
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

void sight_ui_keys_install(GtkApplication *application) {
  guint n = 0;
  const SightUiKeyRow *rows = sight_ui_key_table(&n);
  for (guint i = 0; i < n; i++) {
    for (guint k = 0; k < SIGHT_UI_KEYS_OF_ROW && rows[i].keys[k].key != NULL; k++) {
      if (rows[i].place != SIGHT_UI_KEY_EVERYWHERE)
        continue;
      g_auto(GStrv) keys = gtk_application_get_accels_for_action(application, rows[i].keys[k].action);
      g_autoptr(GStrvBuilder) all = g_strv_builder_new();
      g_strv_builder_addv(all, (const char **)keys);
      g_strv_builder_add(all, rows[i].keys[k].key);
      g_auto(GStrv) accels = g_strv_builder_end(all);
      gtk_application_set_accels_for_action(application, rows[i].keys[k].action, (const char *const *)accels);
    }
  }
}
