/* SPDX-License-Identifier: MIT */
/* The page, its layers, and the list beside it. */
#include "sight-ui-heat-view.h"

#include "sight-file.h"
#include "sight-log-table.h"
#include "sight-query.h"
#include "sight-ui-compat.h"
#include "sight-ui-drop-down.h"
#include "sight-ui-focus.h"
#include "sight-ui-heat-list.h"
#include "sight-ui-progress-line.h"
#include "sight-ui-stack.h"
#include "sight-ui-state-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define REFRESH_DELAY_MS 800
#define LIST_WIDTH 300
/* Elements that the pointer was over are looked for on the page: so many of them. */
#define MAX_MOVED 1000

struct _SightUiHeatView {
  GtkWidget parent_instance;
  GtkWidget *stack, *pages, *kinds, *appearance, *another, *save, *shown, *page, *layer, *says;
  AdwStatusPage *state;
  GtkListBox *list;
  SightStore *store;
  SightUiFilter *filter;
  SightUiHeat *heat;    /* on display, or NULL */
  GCancellable *cancel; /* of the question under way, or NULL */
  char *wanted;         /* the page to show, or NULL */
  guint example;
  guint refresh_source;
  gboolean stale, filling;

  /* Of the page on display under the filter, read once somebody looks at it. */
  SightMovement *movement; /* or NULL */
  GCancellable *reading;   /* of the reading of it under way, or NULL */
  SightUiProgressLine *line;
  gboolean unread;  /* nobody has asked for it yet */
  gboolean stopped; /* it is not all that it could be */
};

G_DEFINE_FINAL_TYPE(SightUiHeatView, sight_ui_heat_view, GTK_TYPE_WIDGET)

enum { NARROW, WATCH, N_SIGNALS };
static guint signals[N_SIGNALS];

static SightUiHeatKind kind_of(SightUiHeatView *self) {
  return (SightUiHeatKind)MIN(gtk_drop_down_get_selected(GTK_DROP_DOWN(self->kinds)), SIGHT_UI_N_HEATS - 1);
}

/* To the sessions that clicked an element, or to where the pointer was over it longest. */
static void follow(SightUiHeatView *self, guint place) {
  if (kind_of(self) != SIGHT_UI_HEAT_MOVEMENT) {
    const SightHeatElement *clicked = self->heat->heatmap->elements->pdata[place];
    g_signal_emit(self, signals[NARROW], 0, clicked->filter);
    return;
  }
  /* Rows of sessions that are none of these any more stay until others come. */
  if (self->movement == NULL)
    return;
  const SightMovedElement *moved = self->movement->elements->pdata[place];
  g_autofree char *filter = sight_query_term(SIGHT_TERM_PAGE, self->movement->page);
  g_signal_emit(self, signals[WATCH], 0, filter, moved->row, moved->at_ms);
}

static void row_activated(SightUiHeatView *self, GtkListBoxRow *row) {
  follow(self, (guint)sight_ui_heat_list_place(row));
}

/* Movement */

static void read_movement(SightUiHeatView *self);

/* The row at the place where the keys were keeps them. */
static void fill_list(SightUiHeatView *self, SightUiHeatKind kind) {
  GtkWidget *list = GTK_WIDGET(self->list), *row = sight_ui_has_keys(list) ? gtk_widget_get_focus_child(list) : NULL;
  int place = row != NULL ? gtk_list_box_row_get_index(GTK_LIST_BOX_ROW(row)) : -1;

  sight_ui_heat_list_fill(self->list, self->heat, self->movement, kind);
  GtkListBoxRow *again = place >= 0 ? gtk_list_box_get_row_at_index(self->list, place) : NULL;
  if (again != NULL)
    gtk_widget_grab_focus(GTK_WIDGET(again));
}

static void show_kind(SightUiHeatView *self) {
  SightUiHeatKind kind = kind_of(self);

  if (self->heat == NULL || self->heat->heatmap == NULL)
    return;
  sight_ui_heat_layer_set(SIGHT_UI_HEAT_LAYER(self->layer), self->heat->heatmap, self->movement, kind);
  fill_list(self, kind);
  g_autofree char *says = sight_ui_heat_list_say(self->heat, self->movement, kind);
  /* Why it could not be read stands there. */
  if (kind != SIGHT_UI_HEAT_MOVEMENT || self->movement != NULL || !self->stopped)
    gtk_label_set_text(GTK_LABEL(self->says), says);
  if (kind == SIGHT_UI_HEAT_MOVEMENT && self->unread && gtk_widget_get_mapped(GTK_WIDGET(self)))
    read_movement(self);
}

/* Of the clicks, then of the movement: so the layer asks for them. */
static GStrv selectors_of(SightUiHeatView *self) {
  g_autoptr(GStrvBuilder) selectors = g_strv_builder_new();
  const GPtrArray *clicked = self->heat->heatmap->elements;

  for (guint i = 0; i < clicked->len; i++)
    g_strv_builder_add(selectors, ((SightHeatElement *)clicked->pdata[i])->selector);
  for (guint i = 0; self->movement != NULL && i < MIN(self->movement->elements->len, MAX_MOVED); i++)
    g_strv_builder_add(selectors, ((SightMovedElement *)self->movement->elements->pdata[i])->selector);
  return g_strv_builder_end(selectors);
}

/* Nobody waits for it any more. */
static void leave_reading(SightUiHeatView *self) {
  if (self->reading == NULL)
    return;
  g_cancellable_cancel(self->reading);
  g_clear_object(&self->reading);
  sight_ui_progress_line_end(self->line);
  self->unread = TRUE;
}

/* It is of another page, or of other sessions. */
static void drop_movement(SightUiHeatView *self) {
  leave_reading(self);
  sight_ui_heat_layer_set(SIGHT_UI_HEAT_LAYER(self->layer), self->heat != NULL ? self->heat->heatmap : NULL, NULL,
                          kind_of(self));
  g_clear_pointer(&self->movement, sight_movement_free);
  self->unread = TRUE;
  self->stopped = FALSE;
}

static gboolean is_of_page(SightUiHeatView *self, const SightMovement *movement) {
  return self->heat != NULL && self->heat->heatmap != NULL && g_str_equal(movement->page, self->heat->heatmap->page);
}

static void page_failed(SightUiHeatView *self, const char *why) {
  gtk_label_set_text(GTK_LABEL(self->says), why);
}

static void moved(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiHeatView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightMovement) movement = sight_ui_heat_move_finish(result, &error);

  if (g_task_get_cancellable(G_TASK(result)) != self->reading || self->store == NULL)
    return;
  gboolean by_key = sight_ui_has_keys(GTK_WIDGET(self->line));
  self->stopped = movement == NULL || g_cancellable_is_cancelled(self->reading);
  g_clear_object(&self->reading);
  if (movement == NULL) {
    page_failed(self, error->message);
  } else {
    self->unread = !is_of_page(self, movement);
    if (!self->unread) {
      self->movement = g_steal_pointer(&movement);
      g_auto(GStrv) selectors = selectors_of(self);
      sight_ui_whole_page_find(SIGHT_UI_WHOLE_PAGE(self->page), (const char *const *)selectors);
    }
    show_kind(self);
  }
  if (self->reading == NULL)
    sight_ui_progress_line_end(self->line);
  if (by_key)
    gtk_widget_grab_focus(GTK_WIDGET(self));
}

static void read_movement(SightUiHeatView *self) {
  SightUiExploreProgress *progress = g_atomic_rc_box_new0(SightUiExploreProgress);

  self->unread = FALSE;
  self->reading = g_cancellable_new();
  sight_ui_progress_line_follow(self->line, progress);
  sight_ui_heat_move_async(self->store, sight_ui_filter_get_text(self->filter),
                           sight_ui_filter_get_endpoint(self->filter), self->heat->heatmap->page, progress,
                           self->reading, moved, g_object_ref(self));
  g_atomic_rc_box_release(progress);
}

/* What was read until then is shown; chosen again it is read anew. */
static void stop(SightUiHeatView *self) {
  g_cancellable_cancel(self->reading);
}

static void kind_chosen(SightUiHeatView *self) {
  leave_reading(self);
  if (self->stopped)
    drop_movement(self);
  show_kind(self);
}

/* Asking */

static void set_state(SightUiHeatView *self, const char *icon, const char *title, const char *text) {
  g_autofree char *plain = text != NULL ? g_markup_escape_text(text, -1) : NULL;

  adw_status_page_set_icon_name(self->state, icon);
  adw_status_page_set_title(self->state, title);
  adw_status_page_set_description(self->state, plain);
  sight_ui_state_page_say(GTK_WIDGET(self->state), title, text);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "state");
}

static void fill_pages(SightUiHeatView *self) {
  g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);
  guint selected = 0;

  for (guint i = 0; i < self->heat->pages->len; i++) {
    gtk_string_list_append(list, self->heat->pages->pdata[i]);
    if (g_strcmp0(self->heat->pages->pdata[i], self->heat->heatmap->page) == 0)
      selected = i;
  }
  self->filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->pages), G_LIST_MODEL(list));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->pages), selected);
  self->filling = FALSE;
}

/* `stands`: it is on display already, and only elements are looked for. */
static void show_page(SightUiHeatView *self, gboolean stands) {
  SightUiHeat *heat = self->heat;
  g_auto(GStrv) all = selectors_of(self);

  gtk_widget_set_visible(self->another, heat->n_examples > 1);
  if (stands) {
    sight_ui_whole_page_find(SIGHT_UI_WHOLE_PAGE(self->page), (const char *const *)all);
    return;
  }
  gtk_widget_set_sensitive(self->save, FALSE);
  /* Not the one before, with the clicks of this one on it. */
  gtk_widget_set_visible(self->shown, heat->reel != NULL);
  if (heat->reel == NULL)
    return;
  sight_ui_whole_page_show(SIGHT_UI_WHOLE_PAGE(self->page), heat->reel, heat->window, heat->at_ms,
                           (const char *const *)all);
}

static void page_laid_out(SightUiHeatView *self) {
  gtk_widget_set_sensitive(self->save, TRUE);
  gtk_widget_queue_draw(self->layer);
}

static void changed(SightUiHeatView *self);

static gboolean is_same_moment(const SightUiHeat *a, const SightUiHeat *b) {
  return a != NULL && a->reel != NULL && b->reel != NULL && a->row == b->row && a->window == b->window &&
         a->at_ms == b->at_ms;
}

static void answered(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiHeatView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightUiHeat) heat = sight_ui_heat_read_finish(result, &error);

  if (g_task_get_cancellable(G_TASK(result)) != self->cancel || self->store == NULL)
    return;
  g_clear_object(&self->cancel);
  gboolean waits = sight_ui_has_keys(GTK_WIDGET(self->state));
  /* What came in meanwhile. */
  if (self->stale)
    changed(self);
  if (heat == NULL || heat->heatmap == NULL) {
    set_state(self, heat == NULL ? "dialog-error-symbolic" : "sight-page-symbolic",
              heat == NULL ? _("The Heatmap Cannot Be Made") : _("Nothing to Show"),
              heat == NULL ? error->message : _("No page was viewed in these sessions."));
    return;
  }
  sight_ui_heat_layer_set(SIGHT_UI_HEAT_LAYER(self->layer), NULL, NULL, kind_of(self));
  gboolean stands = is_same_moment(self->heat, heat);
  g_clear_pointer(&self->heat, sight_ui_heat_free);
  self->heat = g_steal_pointer(&heat);
  if (self->movement != NULL && !is_of_page(self, self->movement))
    drop_movement(self);
  fill_pages(self);
  show_page(self, stands);
  show_kind(self);
  if (self->heat->problem != NULL)
    page_failed(self, self->heat->problem);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "heat");
  if (waits)
    gtk_widget_grab_focus(GTK_WIDGET(self));
}

static void ask(SightUiHeatView *self) {
  if (self->cancel != NULL)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  self->cancel = g_cancellable_new();
  self->stale = FALSE;
  if (self->heat == NULL)
    set_state(self, NULL, _("Counting…"), NULL);
  sight_ui_heat_read_async(
      self->store, sight_ui_filter_get_text(self->filter), sight_ui_filter_get_endpoint(self->filter), self->wanted,
      gtk_editable_get_text(GTK_EDITABLE(self->appearance)), self->example, self->cancel, answered, g_object_ref(self));
}

static gboolean refresh(gpointer user_data) {
  SightUiHeatView *self = user_data;

  self->refresh_source = 0;
  if (gtk_widget_get_mapped(GTK_WIDGET(self)))
    ask(self);
  return G_SOURCE_REMOVE;
}

static void changed(SightUiHeatView *self) {
  self->stale = TRUE;
  if (gtk_widget_get_mapped(GTK_WIDGET(self)) && self->refresh_source == 0 && self->cancel == NULL)
    self->refresh_source = g_timeout_add(REFRESH_DELAY_MS, refresh, self);
}

static void filter_changed(SightUiHeatView *self) {
  if (self->store == NULL)
    return;
  drop_movement(self);
  self->stale = TRUE;
  if (gtk_widget_get_mapped(GTK_WIDGET(self)))
    ask(self);
}

void sight_ui_heat_view_set_page(SightUiHeatView *self, const char *page) {
  g_free(self->wanted);
  self->wanted = g_strdup(page);
  self->example = 0;
  filter_changed(self);
}

static void page_chosen(SightUiHeatView *self) {
  GtkStringObject *chosen = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(self->pages));

  if (!self->filling && chosen != NULL)
    sight_ui_heat_view_set_page(self, gtk_string_object_get_string(chosen));
}

static void show_another(SightUiHeatView *self) {
  self->example++;
  ask(self);
}

/* The page as it is while something stands on it. */
static void show_state(SightUiHeatView *self) {
  self->example = 0;
  ask(self);
}

/* Saving */

static GdkTexture *compose(SightUiHeatView *self, GdkTexture *page) {
  g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new();
  GtkNative *native = gtk_widget_get_native(GTK_WIDGET(self));
  graphene_rect_t area;

  sight_ui_whole_page_get_area(SIGHT_UI_WHOLE_PAGE(self->page), &area);
  gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT(-area.origin.x, -area.origin.y));
  gtk_snapshot_append_texture(snapshot, page, &area);
  gtk_snapshot_push_clip(snapshot, &area);
  sight_ui_heat_layer_draw(SIGHT_UI_HEAT_LAYER(self->layer), snapshot);
  gtk_snapshot_pop(snapshot);
  GskRenderNode *node = gtk_snapshot_to_node(snapshot);
  if (node == NULL || native == NULL)
    return NULL;
  GdkTexture *texture = gsk_renderer_render_texture(gtk_native_get_renderer(native), node,
                                                    &GRAPHENE_RECT_INIT(0, 0, area.size.width, area.size.height));
  gsk_render_node_unref(node);
  return texture;
}

typedef struct {
  SightUiHeatView *self; /* a reference */
  char *path;
  gint64 row, at_ms; /* the moment of a session that the page is shown by */
} Saving;

static void pictured(GObject *source, GAsyncResult *result, gpointer user_data) {
  Saving *saving = user_data;
  SightUiHeatView *self = saving->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) page = sight_ui_whole_page_picture_finish(SIGHT_UI_WHOLE_PAGE(source), result, &error);
  g_autoptr(GdkTexture) whole = page != NULL && self->store != NULL ? compose(self, page) : NULL;
  g_autoptr(GBytes) png = whole != NULL ? gdk_texture_save_to_png_bytes(whole) : NULL;

  if (png != NULL && sight_file_write(saving->path, g_bytes_get_data(png, NULL), g_bytes_get_size(png), &error)) {
    g_autofree char *name = g_path_get_basename(saving->path);
    const SightLogEntry entry = {.act = SIGHT_LOG_EXPORTED, .from_ms = saving->at_ms, .to_ms = -1, .detail = "heatmap"};
    sight_log_note_session(self->store, saving->row, &entry);
    g_autofree char *says = g_strdup_printf(_("Saved “%s”"), name);
    gtk_label_set_text(GTK_LABEL(self->says), says);
  } else if (error != NULL && self->store != NULL) {
    gtk_label_set_text(GTK_LABEL(self->says), error->message);
  }
  g_object_unref(saving->self);
  g_free(saving->path);
  g_free(saving);
}

static void place_chosen(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiHeatView) self = user_data;
  g_autofree char *path = sight_ui_compat_save_finish(result);

  if (path == NULL || self->store == NULL)
    return;
  Saving *saving = g_new0(Saving, 1);
  saving->self = g_object_ref(self);
  saving->path = g_steal_pointer(&path);
  saving->row = self->heat != NULL ? self->heat->row : 0;
  saving->at_ms = self->heat != NULL ? self->heat->moment_ms : -1;
  sight_ui_whole_page_picture_async(SIGHT_UI_WHOLE_PAGE(self->page), NULL, pictured, saving);
}

static void save(SightUiHeatView *self) {
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));

  sight_ui_compat_save_async(GTK_WINDOW(root), _("Save the Heatmap"), _("heatmap.png"), place_chosen,
                             g_object_ref(self));
}

/* Parts */

static void map(GtkWidget *widget) {
  SightUiHeatView *self = SIGHT_UI_HEAT_VIEW(widget);

  GTK_WIDGET_CLASS(sight_ui_heat_view_parent_class)->map(widget);
  if (self->stale)
    ask(self);
  else if (kind_of(self) == SIGHT_UI_HEAT_MOVEMENT && self->unread)
    show_kind(self);
}

static void unmap(GtkWidget *widget) {
  GTK_WIDGET_CLASS(sight_ui_heat_view_parent_class)->unmap(widget);
  leave_reading(SIGHT_UI_HEAT_VIEW(widget));
}

/* What has the keys while the answer is on its way hands them on to it. */
static gboolean grab_focus(GtkWidget *widget) {
  SightUiHeatView *self = SIGHT_UI_HEAT_VIEW(widget);
  GtkListBoxRow *first = gtk_list_box_get_row_at_index(self->list, 0);

  if (g_str_equal(gtk_stack_get_visible_child_name(GTK_STACK(self->stack)), "state"))
    return gtk_widget_grab_focus(GTK_WIDGET(self->state));
  return first != NULL ? gtk_widget_grab_focus(GTK_WIDGET(first)) : gtk_widget_grab_focus(self->pages);
}

static void dispose(GObject *object) {
  SightUiHeatView *self = SIGHT_UI_HEAT_VIEW(object);
  GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(self));

  g_clear_handle_id(&self->refresh_source, g_source_remove);
  if (self->cancel != NULL)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  g_cancellable_cancel(self->reading);
  g_clear_object(&self->reading);
  g_clear_pointer(&child, gtk_widget_unparent);
  g_clear_pointer(&self->heat, sight_ui_heat_free);
  g_clear_pointer(&self->movement, sight_movement_free);
  g_clear_pointer(&self->wanted, g_free);
  g_clear_object(&self->filter);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_heat_view_parent_class)->dispose(object);
}

static void sight_ui_heat_view_class_init(SightUiHeatViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->dispose = dispose;
  widget_class->map = map;
  widget_class->unmap = unmap;
  widget_class->grab_focus = grab_focus;
  signals[NARROW] = g_signal_new("narrow", SIGHT_UI_TYPE_HEAT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_STRING);
  signals[WATCH] = g_signal_new("watch", SIGHT_UI_TYPE_HEAT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                3, G_TYPE_STRING, G_TYPE_INT64, G_TYPE_INT64);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "heat-view");
}

static GtkWidget *make_button(SightUiHeatView *self, const char *icon, const char *name, GCallback pressed) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);

  gtk_widget_set_tooltip_text(button, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object(button, "clicked", pressed, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *make_bar(SightUiHeatView *self) {
  const char *const kinds[] = {_("Clicks"), _("Dead clicks"), _("Movement"), _("Scroll depth"), _("Attention"), NULL};
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);

  self->pages = gtk_drop_down_new(NULL, NULL);
  gtk_widget_set_hexpand(self->pages, TRUE);
  sight_ui_drop_down_name(self->pages, _("Page"));
  g_signal_connect_object(self->pages, "notify::selected", G_CALLBACK(page_chosen), self, G_CONNECT_SWAPPED);
  self->kinds = gtk_drop_down_new_from_strings(kinds);
  sight_ui_drop_down_name(self->kinds, _("Layer"));
  g_signal_connect_object(self->kinds, "notify::selected", G_CALLBACK(kind_chosen), self, G_CONNECT_SWAPPED);
  self->appearance = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(self->appearance), _("Showing, such as [role=dialog]"));
  gtk_widget_set_tooltip_text(self->appearance, _("Shows the page at a moment at which this element stood on it"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->appearance), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Element that the page shows"), -1);
  g_signal_connect_object(self->appearance, "activate", G_CALLBACK(show_state), self, G_CONNECT_SWAPPED);
  self->another =
      make_button(self, "view-refresh-symbolic", _("The page as another session saw it"), G_CALLBACK(show_another));
  self->save = make_button(self, "document-save-symbolic", _("Save as a picture"), G_CALLBACK(save));
  gtk_box_append(GTK_BOX(bar), self->pages);
  gtk_box_append(GTK_BOX(bar), self->kinds);
  gtk_box_append(GTK_BOX(bar), self->another);
  gtk_box_append(GTK_BOX(bar), self->save);
  return bar;
}

static GtkWidget *make_scroller(GtkWidget *child) {
  GtkWidget *scroller = gtk_scrolled_window_new();

  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), child);
  gtk_widget_set_vexpand(scroller, TRUE);
  return scroller;
}

static GtkWidget *make_body(SightUiHeatView *self) {
  GtkWidget *body = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *scroller;

  self->shown = gtk_overlay_new();
  self->page = sight_ui_whole_page_new();
  self->layer = sight_ui_heat_layer_new(SIGHT_UI_WHOLE_PAGE(self->page));
  g_signal_connect_object(self->page, "laid-out", G_CALLBACK(page_laid_out), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->page, "failed", G_CALLBACK(page_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->layer, "element", G_CALLBACK(follow), self, G_CONNECT_SWAPPED);
  gtk_overlay_set_child(GTK_OVERLAY(self->shown), self->page);
  gtk_overlay_add_overlay(GTK_OVERLAY(self->shown), self->layer);
  gtk_widget_set_valign(self->shown, GTK_ALIGN_START);
  scroller = make_scroller(self->shown);
  gtk_widget_set_hexpand(scroller, TRUE);
  self->list = GTK_LIST_BOX(gtk_list_box_new());
  gtk_list_box_set_selection_mode(self->list, GTK_SELECTION_NONE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Heatmap in numbers"),
                                 -1);
  g_signal_connect_object(self->list, "row-activated", G_CALLBACK(row_activated), self, G_CONNECT_SWAPPED);
  GtkWidget *list = make_scroller(GTK_WIDGET(self->list));
  gtk_widget_set_size_request(list, LIST_WIDTH, -1);
  gtk_box_append(GTK_BOX(body), scroller);
  gtk_box_append(GTK_BOX(body), list);
  return body;
}

static void sight_ui_heat_view_init(SightUiHeatView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);

  self->stale = self->unread = TRUE;
  self->stack = gtk_stack_new();
  self->state = ADW_STATUS_PAGE(sight_ui_state_page_new());
  self->says = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->says), 0);
  gtk_label_set_wrap(GTK_LABEL(self->says), TRUE);
  gtk_widget_add_css_class(self->says, "dim-label");
  gtk_box_append(GTK_BOX(box), make_bar(self));
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_hexpand(self->says, TRUE);
  gtk_editable_set_width_chars(GTK_EDITABLE(self->appearance), 14);
  gtk_editable_set_max_width_chars(GTK_EDITABLE(self->appearance), 28);
  gtk_box_append(GTK_BOX(line), self->says);
  gtk_box_append(GTK_BOX(line), self->appearance);
  gtk_box_append(GTK_BOX(box), line);
  self->line = SIGHT_UI_PROGRESS_LINE(sight_ui_progress_line_new());
  g_signal_connect_object(self->line, "stop", G_CALLBACK(stop), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->line));
  gtk_box_append(GTK_BOX(box), make_body(self));
  gtk_stack_add_named(GTK_STACK(self->stack), box, "heat");
  gtk_stack_add_named(GTK_STACK(self->stack), GTK_WIDGET(self->state), "state");
  sight_ui_stack_tell_shown(self->stack);
  gtk_widget_set_parent(self->stack, GTK_WIDGET(self));
}

GtkWidget *sight_ui_heat_view_new(SightStore *store, SightUiFilter *filter) {
  SightUiHeatView *self = g_object_new(SIGHT_UI_TYPE_HEAT_VIEW, NULL);

  self->store = g_object_ref(store);
  self->filter = g_object_ref(filter);
  g_signal_connect_object(store, "changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(filter, "changed", G_CALLBACK(filter_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}
