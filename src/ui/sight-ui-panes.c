/* SPDX-License-Identifier: MIT */
/* The panes of the window and what becomes of them where it is narrow. */
#include "sight-ui-panes.h"

#include "sight-ui-settings.h"

#include <glib/gi18n.h>

/* Window widths from which a side pane stands beside the others, and from which both do. */
#define SIDEBAR_FROM 1000
#define INSPECTOR_FROM 1250
#define BOTH_FROM 1700
#define OVERLAY_WIDTH 300
#define LIST_LEAST 240

/* A pane at a side. */
typedef struct {
  GtkWidget *widget;   /* a reference */
  GtkWidget *revealer; /* where it stands when it is laid over */
  gboolean wanted;     /* where there is room */
  gboolean laid_over;
  gboolean docked; /* there is room */
} Side;

struct _SightUiPanes {
  GtkWidget parent_instance;
  GtkWidget *overlay;
  GtkPaned *outer, *middle, *inner; /* sidebar | (list | (player | inspector)) */
  Side sidebar, inspector;
  Side *asked; /* the one that was asked for last: it stays where there is room for one */
  int width;
  gboolean page_only;
  guint apply_source, settle_source;
};

G_DEFINE_FINAL_TYPE(SightUiPanes, sight_ui_panes, GTK_TYPE_WIDGET)

enum { PROP_SIDEBAR_SHOWN = 1, PROP_INSPECTOR_SHOWN, N_PROPS };
static GParamSpec *props[N_PROPS];

/* How many of the widths above a window has reached: sides come and go only where that changes. */
static int room_in(int width) {
  return (width >= SIDEBAR_FROM) + (width >= INSPECTOR_FROM) + (width >= BOTH_FROM);
}

static gboolean gives_way(const SightUiPanes *self, const Side *side) {
  const Side *other = side == &self->sidebar ? &self->inspector : &self->sidebar;
  return self->width < BOTH_FROM && side != self->asked && other->docked && other->wanted;
}

static gboolean is_shown(const SightUiPanes *self, const Side *side) {
  return side->docked ? side->wanted && !gives_way(self, side) : side->laid_over;
}

static void unparent_side(SightUiPanes *self, Side *side) {
  GtkWidget *parent = gtk_widget_get_parent(side->widget);
  if (parent == side->revealer)
    gtk_revealer_set_child(GTK_REVEALER(side->revealer), NULL);
  else if (parent == GTK_WIDGET(self->outer))
    gtk_paned_set_start_child(self->outer, NULL);
  else if (parent == GTK_WIDGET(self->inner))
    gtk_paned_set_end_child(self->inner, NULL);
}

static void place(SightUiPanes *self, Side *side) {
  GtkWidget *parent = gtk_widget_get_parent(side->widget);
  gboolean over = !side->docked;
  if (parent == NULL || over != (parent == side->revealer)) {
    unparent_side(self, side);
    if (over)
      gtk_revealer_set_child(GTK_REVEALER(side->revealer), side->widget);
    else if (side == &self->sidebar)
      gtk_paned_set_start_child(self->outer, side->widget);
    else
      gtk_paned_set_end_child(self->inner, side->widget);
  }
  gtk_widget_set_visible(side->widget, (over || is_shown(self, side)) && !self->page_only);
  gtk_widget_set_visible(side->revealer, over && side->laid_over && !self->page_only);
  gtk_revealer_set_reveal_child(GTK_REVEALER(side->revealer), over && side->laid_over);
}

static int remembered(const char *key, int fallback) {
  GSettings *settings = sight_ui_settings_get();
  return settings != NULL ? g_settings_get_int(settings, key) : fallback;
}

/* The inspector keeps its width, so its handle depends on what the others have left. */
static void set_positions(SightUiPanes *self, int inner_width) {
  gboolean sidebar_docked = self->sidebar.docked && is_shown(self, &self->sidebar);
  int room = self->width - (sidebar_docked ? remembered("sidebar-width", 210) : 0), least = 0;
  gtk_widget_measure(GTK_WIDGET(self->inner), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  int list = CLAMP(room - MAX(least, 320) - 1, LIST_LEAST, MAX(remembered("list-width", 330), LIST_LEAST));
  gtk_paned_set_position(self->outer, remembered("sidebar-width", 210));
  gtk_paned_set_position(self->middle, list);
  gtk_paned_set_position(self->inner, MAX(inner_width - remembered("inspector-width", 300), 320));
}

static gboolean settle(gpointer user_data) {
  SightUiPanes *self = user_data;
  self->settle_source = 0;
  set_positions(self, gtk_widget_get_width(GTK_WIDGET(self->inner)));
  return G_SOURCE_REMOVE;
}

static gboolean apply(gpointer user_data) {
  SightUiPanes *self = user_data;
  self->apply_source = 0;
  gboolean dock_sidebar = self->width >= SIDEBAR_FROM, dock_inspector = self->width >= INSPECTOR_FROM;
  if (dock_sidebar)
    self->sidebar.laid_over = FALSE;
  if (dock_inspector)
    self->inspector.laid_over = FALSE;
  self->sidebar.docked = dock_sidebar;
  self->inspector.docked = dock_inspector;
  place(self, &self->sidebar);
  place(self, &self->inspector);
  if (self->settle_source == 0)
    self->settle_source = g_idle_add(settle, self);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_SIDEBAR_SHOWN]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_INSPECTOR_SHOWN]);
  return G_SOURCE_REMOVE;
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  SightUiPanes *self = SIGHT_UI_PANES(widget);
  gtk_widget_allocate(self->overlay, width, height, baseline, NULL);
  gboolean changed = self->width == 0 || room_in(width) != room_in(self->width);
  self->width = width;
  /* Children must not come and go while sizes are given out. */
  if (changed && self->apply_source == 0)
    self->apply_source = g_idle_add_full(G_PRIORITY_HIGH_IDLE, apply, self, NULL);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline) {
  SightUiPanes *self = SIGHT_UI_PANES(widget);
  gtk_widget_measure(self->overlay, orientation, for_size, minimum, natural, NULL, NULL);
  /* Side panes go where they do not fit, so they do not hold up the window. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MIN(*minimum, 640);
  *natural = MAX(*minimum, *natural);
  *minimum_baseline = *natural_baseline = -1;
}

static void remember_if_docked(SightUiPanes *self, Side *side, const char *key, int width) {
  GSettings *settings = sight_ui_settings_get();
  if (settings == NULL || width <= 0)
    return;
  if (side == NULL || (side->docked && is_shown(self, side)))
    g_settings_set_int(settings, key, width);
}

/* Only what the analyst drags is remembered, not what a narrow window does to the handles. */
static void handle_released(SightUiPanes *self) {
  remember_if_docked(self, &self->sidebar, "sidebar-width", CLAMP(gtk_paned_get_position(self->outer), 160, 480));
  remember_if_docked(self, NULL, "list-width", CLAMP(gtk_paned_get_position(self->middle), 240, 720));
  int inner = gtk_widget_get_width(GTK_WIDGET(self->inner)) - gtk_paned_get_position(self->inner) - 1;
  remember_if_docked(self, &self->inspector, "inspector-width", CLAMP(inner, 220, 720));
}

static void set_shown(SightUiPanes *self, Side *side, const char *key, gboolean shown) {
  GSettings *settings = sight_ui_settings_get();
  if (shown)
    self->asked = side;
  if (side->docked) {
    side->wanted = shown;
    if (settings != NULL)
      g_settings_set_boolean(settings, key, shown);
  } else {
    side->laid_over = shown;
    Side *other = side == &self->sidebar ? &self->inspector : &self->sidebar;
    if (shown)
      other->laid_over = FALSE;
  }
  if (side->widget != NULL)
    apply(self);
  if (shown && !side->docked)
    gtk_widget_child_focus(side->widget, GTK_DIR_TAB_FORWARD);
}

void sight_ui_panes_set_page_only(SightUiPanes *self, gboolean page_only) {
  self->page_only = page_only;
  gtk_widget_set_visible(gtk_paned_get_start_child(self->middle), !page_only);
  apply(self);
}

gboolean sight_ui_panes_dismiss(SightUiPanes *self) {
  if (!self->sidebar.laid_over && !self->inspector.laid_over)
    return FALSE;
  self->sidebar.laid_over = self->inspector.laid_over = FALSE;
  apply(self);
  return TRUE;
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  SightUiPanes *self = SIGHT_UI_PANES(object);
  g_value_set_boolean(value, is_shown(self, id == PROP_SIDEBAR_SHOWN ? &self->sidebar : &self->inspector));
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  SightUiPanes *self = SIGHT_UI_PANES(object);
  if (id == PROP_SIDEBAR_SHOWN)
    set_shown(self, &self->sidebar, "sidebar-visible", g_value_get_boolean(value));
  else
    set_shown(self, &self->inspector, "inspector-visible", g_value_get_boolean(value));
}

static void dispose(GObject *object) {
  SightUiPanes *self = SIGHT_UI_PANES(object);
  g_clear_handle_id(&self->apply_source, g_source_remove);
  g_clear_handle_id(&self->settle_source, g_source_remove);
  g_clear_pointer(&self->overlay, gtk_widget_unparent);
  g_clear_object(&self->sidebar.widget);
  g_clear_object(&self->inspector.widget);
  G_OBJECT_CLASS(sight_ui_panes_parent_class)->dispose(object);
}

static void sight_ui_panes_class_init(SightUiPanesClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS(class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  object_class->dispose = dispose;
  object_class->get_property = get_property;
  object_class->set_property = set_property;
  widget_class->size_allocate = size_allocate;
  widget_class->measure = measure;
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  props[PROP_SIDEBAR_SHOWN] = g_param_spec_boolean("sidebar-shown", NULL, NULL, TRUE, flags);
  props[PROP_INSPECTOR_SHOWN] = g_param_spec_boolean("inspector-shown", NULL, NULL, TRUE, flags);
  g_object_class_install_properties(object_class, N_PROPS, props);
}

static GtkPaned *new_paned(SightUiPanes *self) {
  GtkPaned *paned = GTK_PANED(gtk_paned_new(GTK_ORIENTATION_HORIZONTAL));
  GtkGesture *drag = gtk_gesture_click_new();
  gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(drag), GTK_PHASE_CAPTURE);
  g_signal_connect_object(drag, "released", G_CALLBACK(handle_released), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(drag, "stopped", G_CALLBACK(handle_released), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller(GTK_WIDGET(paned), GTK_EVENT_CONTROLLER(drag));
  return paned;
}

static GtkWidget *new_revealer(SightUiPanes *self, GtkAlign align, GtkRevealerTransitionType transition) {
  GtkWidget *revealer = gtk_revealer_new();
  gtk_revealer_set_transition_type(GTK_REVEALER(revealer), transition);
  gtk_widget_set_halign(revealer, align);
  gtk_widget_set_size_request(revealer, OVERLAY_WIDTH, -1);
  gtk_widget_add_css_class(revealer, "side-overlay");
  gtk_widget_set_visible(revealer, FALSE);
  gtk_overlay_add_overlay(GTK_OVERLAY(self->overlay), revealer);
  return revealer;
}

static void sight_ui_panes_init(SightUiPanes *self) {
  GSettings *settings = sight_ui_settings_get();
  self->sidebar.wanted = settings == NULL || g_settings_get_boolean(settings, "sidebar-visible");
  self->inspector.wanted = settings != NULL && g_settings_get_boolean(settings, "inspector-visible");
  self->asked = &self->sidebar;
  self->sidebar.docked = self->inspector.docked = TRUE;
  self->overlay = gtk_overlay_new();
  gtk_widget_set_parent(self->overlay, GTK_WIDGET(self));
  self->outer = new_paned(self);
  self->middle = new_paned(self);
  self->inner = new_paned(self);
  gtk_overlay_set_child(GTK_OVERLAY(self->overlay), GTK_WIDGET(self->outer));
  gtk_paned_set_end_child(self->outer, GTK_WIDGET(self->middle));
  gtk_paned_set_end_child(self->middle, GTK_WIDGET(self->inner));
  gtk_paned_set_resize_start_child(self->outer, FALSE);
  gtk_paned_set_resize_start_child(self->middle, FALSE);
  gtk_paned_set_shrink_start_child(self->middle, FALSE);
  gtk_paned_set_resize_end_child(self->inner, FALSE);
  gtk_paned_set_shrink_start_child(self->inner, FALSE);
  self->sidebar.revealer = new_revealer(self, GTK_ALIGN_START, GTK_REVEALER_TRANSITION_TYPE_SLIDE_RIGHT);
  self->inspector.revealer = new_revealer(self, GTK_ALIGN_END, GTK_REVEALER_TRANSITION_TYPE_SLIDE_LEFT);
}

void sight_ui_panes_set_children(SightUiPanes *self, GtkWidget *sidebar, GtkWidget *list, GtkWidget *player,
                                 GtkWidget *inspector) {
  self->sidebar.widget = g_object_ref_sink(sidebar);
  self->inspector.widget = g_object_ref_sink(inspector);
  gtk_paned_set_start_child(self->middle, list);
  gtk_paned_set_start_child(self->inner, player);
  place(self, &self->sidebar);
  place(self, &self->inspector);
}
