/* SPDX-License-Identifier: MIT */
/* The page, its layers, and the list beside it. */
#include "sight-ui-heat-view.h"

#include "sight-file.h"
#include "sight-log-table.h"
#include "sight-ui-compat.h"
#include "sight-ui-drop-down.h"
#include "sight-ui-heat-layer.h"
#include "sight-ui-heat-read.h"
#include "sight-ui-state-page.h"
#include "sight-ui-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define REFRESH_DELAY_MS 800
#define LIST_WIDTH 300
/* Of a page with very many elements the list has the most clicked ones; it says of how many. */
#define MAX_ROWS 200

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
  gboolean stale, filling, wants_focus;
};

G_DEFINE_FINAL_TYPE(SightUiHeatView, sight_ui_heat_view, GTK_TYPE_WIDGET)

static guint narrow_signal;

static SightUiHeatKind kind_of(SightUiHeatView *self) {
  return (SightUiHeatKind)MIN(gtk_drop_down_get_selected(GTK_DROP_DOWN(self->kinds)), SIGHT_UI_N_HEATS - 1);
}

static void narrow(SightUiHeatView *self, guint place) {
  const SightHeatElement *element = self->heat->heatmap->elements->pdata[place];

  g_signal_emit(self, narrow_signal, 0, element->filter);
}

/* The list */

static void add_row(SightUiHeatView *self, const char *title, const char *subtitle, const char *number, int place) {
  GtkWidget *row = adw_action_row_new(), *label = gtk_label_new(number);

  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 2);
  adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 1);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  gtk_widget_set_tooltip_text(row, subtitle != NULL ? subtitle : title);
  gtk_widget_add_css_class(label, "numeric");
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), label);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), place >= 0);
  g_object_set_data(G_OBJECT(row), "place", GINT_TO_POINTER(place));
  gtk_list_box_append(self->list, row);
}

static void list_elements(SightUiHeatView *self, SightUiHeatKind kind) {
  const SightHeatmap *map = self->heat->heatmap;
  gint64 n_all = MAX(kind == SIGHT_UI_HEAT_DEAD ? map->n_dead : map->n_clicks, 1);
  guint n_rows = 0;

  for (guint i = 0; i < map->elements->len && n_rows < MAX_ROWS; i++) {
    const SightHeatElement *element = map->elements->pdata[i];
    gint64 n = sight_ui_heat_clicks(element, kind);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT " · %.1f %%", n, 100.0 * (double)n / (double)n_all);
    if (n == 0)
      continue;
    n_rows++;
    add_row(self, element->label[0] != '\0' ? element->label : element->selector, element->selector, number, (int)i);
  }
}

static void list_bands(SightUiHeatView *self, SightUiHeatKind kind) {
  const SightHeatmap *map = self->heat->heatmap;

  for (int i = 0; map->n_measured > 0 && i < SIGHT_USAGE_BANDS; i++) {
    g_autofree char *title = g_strdup_printf(_("From %d to %d %% of the height"), i * 100 / SIGHT_USAGE_BANDS,
                                             (i + 1) * 100 / SIGHT_USAGE_BANDS);
    g_autofree char *time = sight_ui_format_time(map->attention_ms[i] / map->n_measured);
    g_autofree char *number =
        kind == SIGHT_UI_HEAT_ATTENTION
            ? g_strdup(time)
            : g_strdup_printf("%.1f %%", 100.0 * (double)map->n_reached[i] / (double)map->n_measured);
    add_row(self, title, NULL, number, -1);
  }
}

/* What the numbers stand for, and what is not known. */
static void say(SightUiHeatView *self, SightUiHeatKind kind) {
  const SightHeatmap *map = self->heat->heatmap;
  g_autoptr(GString) text = g_string_new(NULL);
  gboolean clicks = kind == SIGHT_UI_HEAT_CLICKS || kind == SIGHT_UI_HEAT_DEAD;

  if (clicks) {
    gint64 n = kind == SIGHT_UI_HEAT_DEAD ? map->n_dead : map->n_clicks, n_middle = map->n_clicks - map->n_placed;
    g_autofree char *of =
        g_strdup_printf(ngettext("%d session", "%d sessions", (gulong)map->n_sessions), (int)map->n_sessions);
    /* TRANSLATORS: clicks, and how many sessions they are of: "12 clicks of 3 sessions" */
    g_string_append_printf(text, ngettext("%d click of %s", "%d clicks of %s", (gulong)n), (int)n, of);
    if (kind == SIGHT_UI_HEAT_CLICKS && n_middle > 0)
      g_string_append_printf(
          text,
          ngettext("; of %d of them the place in the element is not known: it counts for its middle",
                   "; of %d of them the place in the element is not known: they count for its middle",
                   (gulong)n_middle),
          (int)n_middle);
  } else if (map->n_measured == 0) {
    g_string_append(text, _("Of none of these views the height of the page is known: their recorders did not tell."));
  } else {
    gulong n = (gulong)map->n_measured;
    g_string_append_printf(
        text,
        kind == SIGHT_UI_HEAT_DEPTH
            ? ngettext("Share of %d view that came so far down", "Share of %d views that came so far down", n)
            : ngettext("Time in view, of %d view", "Time in view, on average of %d views", n),
        (int)n);
  }
  if (self->heat->who != NULL)
    g_string_append_printf(text, _(" · the page as %s saw it"), self->heat->who);
  gtk_label_set_text(GTK_LABEL(self->says), text->str);
}

static void show_kind(SightUiHeatView *self) {
  SightUiHeatKind kind = kind_of(self);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index(self->list, 0)) != NULL)
    gtk_list_box_remove(self->list, GTK_WIDGET(row));
  sight_ui_heat_layer_set(SIGHT_UI_HEAT_LAYER(self->layer), self->heat != NULL ? self->heat->heatmap : NULL, kind);
  if (self->heat == NULL || self->heat->heatmap == NULL)
    return;
  if (kind == SIGHT_UI_HEAT_CLICKS || kind == SIGHT_UI_HEAT_DEAD)
    list_elements(self, kind);
  else
    list_bands(self, kind);
  say(self, kind);
}

static void row_activated(SightUiHeatView *self, GtkListBoxRow *row) {
  narrow(self, GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(row), "place")));
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

static void show_page(SightUiHeatView *self) {
  SightUiHeat *heat = self->heat;
  g_autoptr(GStrvBuilder) selectors = g_strv_builder_new();

  gtk_widget_set_visible(self->another, heat->n_examples > 1);
  gtk_widget_set_sensitive(self->save, FALSE);
  /* Not the one before, with the clicks of this one on it. */
  gtk_widget_set_visible(self->shown, heat->reel != NULL);
  if (heat->reel == NULL)
    return;
  for (guint i = 0; i < heat->heatmap->elements->len; i++)
    g_strv_builder_add(selectors, ((SightHeatElement *)heat->heatmap->elements->pdata[i])->selector);
  g_auto(GStrv) all = g_strv_builder_end(selectors);
  sight_ui_whole_page_show(SIGHT_UI_WHOLE_PAGE(self->page), heat->reel, heat->window, heat->at_ms,
                           (const char *const *)all);
}

static void page_failed(SightUiHeatView *self, const char *why) {
  gtk_label_set_text(GTK_LABEL(self->says), why);
}

static void page_laid_out(SightUiHeatView *self) {
  gtk_widget_set_sensitive(self->save, TRUE);
  gtk_widget_queue_draw(self->layer);
}

static void changed(SightUiHeatView *self);

static void answered(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiHeatView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightUiHeat) heat = sight_ui_heat_read_finish(result, &error);

  if (g_task_get_cancellable(G_TASK(result)) != self->cancel || self->store == NULL)
    return;
  g_clear_object(&self->cancel);
  /* What came in meanwhile. */
  if (self->stale)
    changed(self);
  if (heat == NULL || heat->heatmap == NULL) {
    set_state(self, heat == NULL ? "dialog-error-symbolic" : "sight-page-symbolic",
              heat == NULL ? _("The Heatmap Cannot Be Made") : _("Nothing to Show"),
              heat == NULL ? error->message : _("No page was viewed in these sessions."));
    if (self->wants_focus)
      gtk_widget_grab_focus(GTK_WIDGET(self));
    return;
  }
  sight_ui_heat_layer_set(SIGHT_UI_HEAT_LAYER(self->layer), NULL, kind_of(self));
  g_clear_pointer(&self->heat, sight_ui_heat_free);
  self->heat = g_steal_pointer(&heat);
  fill_pages(self);
  show_page(self);
  show_kind(self);
  if (self->heat->problem != NULL)
    page_failed(self, self->heat->problem);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "heat");
  if (self->wants_focus)
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
}

/* What has the keys while the answer is on its way hands them on to it. */
static gboolean grab_focus(GtkWidget *widget) {
  SightUiHeatView *self = SIGHT_UI_HEAT_VIEW(widget);
  GtkListBoxRow *first = gtk_list_box_get_row_at_index(self->list, 0);

  self->wants_focus = self->stale || self->cancel != NULL;
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
  g_clear_pointer(&child, gtk_widget_unparent);
  g_clear_pointer(&self->heat, sight_ui_heat_free);
  g_clear_pointer(&self->wanted, g_free);
  g_clear_object(&self->filter);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_heat_view_parent_class)->dispose(object);
}

static void sight_ui_heat_view_class_init(SightUiHeatViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->dispose = dispose;
  widget_class->map = map;
  widget_class->grab_focus = grab_focus;
  narrow_signal = g_signal_new("narrow", SIGHT_UI_TYPE_HEAT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               1, G_TYPE_STRING);
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
  const char *const kinds[] = {_("Clicks"), _("Dead clicks"), _("Scroll depth"), _("Attention"), NULL};
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);

  self->pages = gtk_drop_down_new(NULL, NULL);
  gtk_widget_set_hexpand(self->pages, TRUE);
  sight_ui_drop_down_name(self->pages, _("Page"));
  g_signal_connect_object(self->pages, "notify::selected", G_CALLBACK(page_chosen), self, G_CONNECT_SWAPPED);
  self->kinds = gtk_drop_down_new_from_strings(kinds);
  sight_ui_drop_down_name(self->kinds, _("Layer"));
  g_signal_connect_object(self->kinds, "notify::selected", G_CALLBACK(show_kind), self, G_CONNECT_SWAPPED);
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
  g_signal_connect_object(self->layer, "element", G_CALLBACK(narrow), self, G_CONNECT_SWAPPED);
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

  self->stale = TRUE;
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
  gtk_box_append(GTK_BOX(box), make_body(self));
  gtk_stack_add_named(GTK_STACK(self->stack), box, "heat");
  gtk_stack_add_named(GTK_STACK(self->stack), GTK_WIDGET(self->state), "state");
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
