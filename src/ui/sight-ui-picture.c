/* SPDX-License-Identifier: MIT */
/* A picture of the window once it has come to rest. */
#include "sight-ui-picture.h"

#include "sight-file.h"
#include "sight-ui-window-private.h"

#include <glib/gi18n.h>

#define TICK_MS 100
#define CALM_TICKS 10 /* at rest for so long: what was drawn last is on the screen */
#define MAX_TICKS (60 * 1000 / TICK_MS)

/* A program takes one picture. */
static gboolean taken;

typedef struct {
  SightUiWindow *window;
  char *path;
  int n_ticks, n_calm;
} Picture;

static void picture_free(gpointer data) {
  Picture *picture = data;
  g_free(picture->path);
  g_free(picture);
}

/* What is still going on; NULL: nothing. The first session is opened only when all are there. */
static const char *unrest(SightUiWindow *window) {
  guint n_done = 0, n_waiting = 0;
  GPtrArray *sync = sight_ui_rounds_get_states(sight_ui_jobs_get_rounds(window->jobs));

  for (guint i = 0; i < sync->len; i++) {
    if (((SightUiSyncState *)g_ptr_array_index(sync, i))->running)
      return _("an endpoint is being synced");
  }
  if (!sight_ui_jobs_knows_endpoints(window->jobs) || !sight_ui_library_is_listed(window->library))
    return _("sessions are being listed");
  if (sight_ui_jobs_get_analysis(window->jobs, &n_done, &n_waiting))
    return _("sessions are being looked through");
  if (window->open_first)
    sight_ui_window_open_first(window);
  if (sight_ui_playback_get_session_row(window->playback) == 0)
    return sight_ui_library_row_at(window->library, 0) != 0 ? _("no session is open yet") : NULL;
  gboolean loading = TRUE;
  g_object_get(window->playback, "loading", &loading, NULL);
  return loading || sight_ui_playback_get_analysis(window->playback) == NULL ? _("a session is being opened") : NULL;
}

static void draw(Picture *picture) {
  GtkWidget *widget = GTK_WIDGET(picture->window);
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(widget);
  g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new();

  gdk_paintable_snapshot(paintable, snapshot, gtk_widget_get_width(widget), gtk_widget_get_height(widget));
  GskRenderNode *node = gtk_snapshot_to_node(snapshot);
  if (node == NULL)
    return;
  g_autoptr(GdkTexture) texture = gsk_renderer_render_texture(gtk_native_get_renderer(GTK_NATIVE(widget)), node, NULL);
  gsk_render_node_unref(node);
  g_autoptr(GBytes) png = gdk_texture_save_to_png_bytes(texture);
  g_autoptr(GError) error = NULL;
  taken = sight_file_write(picture->path, g_bytes_get_data(png, NULL), g_bytes_get_size(png), &error);
  if (!taken)
    g_printerr("%s\n", error->message);
}

static gboolean tick(gpointer user_data) {
  Picture *picture = user_data;
  SightUiWindow *window = picture->window;
  const char *busy = unrest(window);

  picture->n_calm = busy == NULL ? picture->n_calm + 1 : 0;
  if (++picture->n_ticks > MAX_TICKS) {
    g_printerr(_("No picture: after a minute %s\n"), busy != NULL ? busy : _("the window has not come to rest"));
    g_application_quit(g_application_get_default());
    return G_SOURCE_REMOVE;
  }
  if (picture->n_calm == 1)
    sight_ui_playback_set_playing(window->playback, FALSE);
  if (picture->n_calm < CALM_TICKS)
    return G_SOURCE_CONTINUE;
  draw(picture);
  g_application_quit(g_application_get_default());
  return G_SOURCE_REMOVE;
}

gboolean sight_ui_picture_is_taken(void) {
  return taken;
}

void sight_ui_picture_take(SightUiWindow *window, const char *filter, const char *path) {
  Picture *picture = g_new0(Picture, 1);

  picture->window = window;
  picture->path = g_strdup(path);
  if (filter != NULL)
    gtk_widget_activate_action(GTK_WIDGET(window), "win.filter-set", "s", filter);
  window->open_first = TRUE;
  g_timeout_add_full(G_PRIORITY_DEFAULT, TICK_MS, tick, picture, picture_free);
}
