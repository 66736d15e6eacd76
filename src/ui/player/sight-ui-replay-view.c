/* SPDX-License-Identifier: MIT */
/* SightUiReplayView: keeps one wish and one command under way, and sends the next when the page has answered. */
#include "sight-ui-replay-view.h"

#include "sight-ui-guard.h"
#include "sight-ui-screen.h"

#include <glib/gi18n-lib.h>

typedef enum {
  PAGE_ABSENT,  /* not loaded, or lost */
  PAGE_LOADING, /* on its way */
  PAGE_READY,   /* takes commands */
} PageState;

typedef struct {
  guint window;
  gint64 at_ms;
  gboolean playing;
  double speed;
} Wish;

/* How far ahead of the playhead the page knows what comes, in ms of watching. */
#define LEAD_MS 4000
#define FEED_EVERY_MS 250
/* Drawing takes some seconds at most, also on a busy machine: a page that needs longer may never come to an end. */
#define PATIENCE_MS 60000
/* With one that is to forget what it draws there is less: another one is there in less than a second. */
#define FORGET_MS 10000

struct _SightUiReplayView {
  GtkWidget parent_instance;
  WebKitWebView *web;
  GCancellable *cancellable; /* of the page that is there */
  SightUiReel *reel;
  SightUiScreen *screen; /* NULL while a worker has it */
  PageState state;
  gboolean busy;     /* a command or a worker is under way */
  gboolean has_wish; /* and it is not begun yet */
  Wish wish, current;
  gboolean page_plays, filming;
  gint64 play_since_us, fed_until_ms;
  guint feeder;
  guint patience_ms, late; /* how long an answer may take; runs while one is waited for */
  guint reel_number, page_number;
  GBytes *steps[2]; /* put ready for the page: how to get there, and what comes then */
  GQueue snapshots; /* of GTask, waiting until nothing is under way */
};

G_DEFINE_FINAL_TYPE(SightUiReplayView, sight_ui_replay_view, GTK_TYPE_WIDGET)

static guint signal_shown, signal_failed;

static void pump(SightUiReplayView *self);

static void drop_snapshots(SightUiReplayView *self, const char *message) {
  GTask *task;
  while ((task = g_queue_pop_head(&self->snapshots))) {
    g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", message);
    g_object_unref(task);
  }
}

static void stop_feeding(SightUiReplayView *self) {
  self->page_plays = FALSE;
  g_clear_handle_id(&self->feeder, g_source_remove);
}

static void fail(SightUiReplayView *self, const char *message) {
  g_clear_handle_id(&self->late, g_source_remove);
  g_cancellable_cancel(self->cancellable);
  self->state = PAGE_ABSENT;
  self->busy = FALSE;
  stop_feeding(self);
  if (self->screen)
    sight_ui_screen_forget(self->screen);
  drop_snapshots(self, message);
  g_signal_emit(self, signal_failed, 0, message);
}

static GInputStream *open_shown(const SightUiReel *reel, gint64 *bytes) {
  static const char nothing[] = "{}";
  g_autoptr(GBytes) shown = sight_ui_reel_shown(reel) ? g_bytes_ref(sight_ui_reel_shown(reel))
                                                      : g_bytes_new_static(nothing, sizeof nothing - 1);
  *bytes = (gint64)g_bytes_get_size(shown);
  return g_memory_input_stream_new_from_bytes(shown);
}

/* Paths are "shown/REEL", "step/REEL" and "coming/REEL"; the number of the reel keeps a late request from getting
 * another recording.
 */
static GInputStream *serve(const char *path, gint64 *bytes, gpointer user_data) {
  SightUiReplayView *self = user_data;
  gboolean coming = g_str_has_prefix(path, "coming/");
  guint number = 0;
  if (sscanf(path, "shown/%u", &number) == 1 && number == self->reel_number && self->reel)
    return open_shown(self->reel, bytes);
  if (sscanf(path, coming ? "coming/%u" : "step/%u", &number) != 1 || number != self->reel_number ||
      !self->steps[coming])
    return NULL;
  *bytes = (gint64)g_bytes_get_size(self->steps[coming]);
  g_autoptr(GBytes) step = g_steal_pointer(&self->steps[coming]);
  return g_memory_input_stream_new_from_bytes(step);
}

/* What the page answered; NULL where it failed or is no longer wanted. */
static JSCValue *finish_call(SightUiReplayView *self, GObject *source, GAsyncResult *result) {
  g_autoptr(GError) error = NULL;
  g_autoptr(JSCValue) value =
      webkit_web_view_call_async_javascript_function_finish(WEBKIT_WEB_VIEW(source), result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  g_clear_handle_id(&self->late, g_source_remove);
  self->busy = FALSE;
  if (error) {
    g_autofree char *message = g_strdup_printf(_("The recorded page could not be drawn: %s"), error->message);
    fail(self, message);
    return NULL;
  }
  return g_steal_pointer(&value);
}

static gboolean on_late(gpointer user_data) {
  SightUiReplayView *self = user_data;
  self->late = 0;
  webkit_web_view_terminate_web_process(self->web);
  fail(self, _("The recorded page took too long to draw."));
  return G_SOURCE_REMOVE;
}

static void call(SightUiReplayView *self, const char *body, GVariant *arguments, GAsyncReadyCallback callback) {
  self->busy = TRUE;
  g_clear_handle_id(&self->late, g_source_remove);
  self->late = g_timeout_add(self->patience_ms, on_late, self);
  webkit_web_view_call_async_javascript_function(self->web, body, -1, arguments, SIGHT_UI_GUARD_WORLD, NULL,
                                                 self->cancellable, callback, g_object_ref(self));
}

static void on_cleared(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiReplayView) self = user_data;
  g_autoptr(JSCValue) answer = finish_call(self, source, result);
  if (answer)
    pump(self);
}

/* What a worker finds out. It has the screen for as long as that takes. */
typedef struct {
  SightUiScreen *screen;
  guint reel_number, page_number;
  Wish wish;
  gboolean is_step; /* else only what comes */
  gint64 from_ms, to_ms;
  GBytes *step, *coming;
} Work;

static void work_free(Work *work) {
  g_clear_pointer(&work->screen, sight_ui_screen_free);
  g_clear_pointer(&work->step, g_bytes_unref);
  g_clear_pointer(&work->coming, g_bytes_unref);
  g_free(work);
}

static void do_work(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Work *work = data;
  GError *error = NULL;
  if (work->is_step)
    work->step = sight_ui_screen_step(work->screen, work->wish.window, work->wish.at_ms, &error);
  if (!error && work->to_ms > work->from_ms)
    work->coming = sight_ui_screen_coming(work->screen, work->from_ms, work->to_ms, &error);
  if (error)
    g_task_return_error(task, error);
  else
    g_task_return_boolean(task, TRUE);
}

static char *url_for(SightUiReplayView *self, const char *what) {
  return g_strdup_printf(SIGHT_UI_GUARD_PAGE "%s/%u", what, self->reel_number);
}

static void start_feeding(SightUiReplayView *self);

static void on_playing(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiReplayView) self = user_data;
  g_autoptr(JSCValue) answer = finish_call(self, source, result);
  if (!answer)
    return;
  start_feeding(self);
  if (!self->has_wish)
    g_signal_emit(self, signal_shown, 0, self->current.at_ms);
  pump(self);
}

static void send_play(SightUiReplayView *self) {
  g_autofree char *url = url_for(self, "coming");
  GVariantDict dict;
  g_variant_dict_init(&dict, NULL);
  g_variant_dict_insert(&dict, "url", "s", url);
  g_variant_dict_insert(&dict, "at", "d", (double)self->current.at_ms);
  g_variant_dict_insert(&dict, "until", "d", (double)self->fed_until_ms);
  g_variant_dict_insert(&dict, "speed", "d", self->current.speed);
  call(self, "return sight.play(url, at, until, speed)", g_variant_dict_end(&dict), on_playing);
}

static void on_shown(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiReplayView) self = user_data;
  g_autoptr(JSCValue) answer = finish_call(self, source, result);
  if (!answer || !self->screen)
    return;
  if (!jsc_value_to_boolean(answer)) {
    /* The page was not what it should have been: all of it again. */
    sight_ui_screen_forget(self->screen);
    if (!self->has_wish)
      self->wish = self->current;
    self->has_wish = TRUE;
  } else {
    sight_ui_screen_confirm(self->screen);
    if (self->current.playing && !self->has_wish) {
      send_play(self);
      return;
    }
    if (!self->has_wish)
      g_signal_emit(self, signal_shown, 0, self->current.at_ms);
  }
  pump(self);
}

static void send_show(SightUiReplayView *self) {
  g_autofree char *url = url_for(self, "step");
  GVariantDict dict;
  g_variant_dict_init(&dict, NULL);
  g_variant_dict_insert(&dict, "url", "s", url);
  call(self, self->filming ? "return sight.film(url)" : "return sight.show(url)", g_variant_dict_end(&dict), on_shown);
}

static void send_feed(SightUiReplayView *self) {
  g_autofree char *url = url_for(self, "coming");
  GVariantDict dict;
  g_variant_dict_init(&dict, NULL);
  g_variant_dict_insert(&dict, "url", "s", url);
  g_variant_dict_insert(&dict, "until", "d", (double)self->fed_until_ms);
  call(self, "return sight.feed(url, until)", g_variant_dict_end(&dict), on_cleared);
}

static void on_work_done(GObject *source, GAsyncResult *result, gpointer user_data) {
  SightUiReplayView *self = SIGHT_UI_REPLAY_VIEW(source);
  Work *work = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean done = g_task_propagate_boolean(G_TASK(result), &error);
  if (work->reel_number != self->reel_number || !self->web)
    return;
  self->busy = FALSE;
  self->screen = g_steal_pointer(&work->screen);
  if (work->page_number != self->page_number || self->state != PAGE_READY) {
    /* The page was lost meanwhile: another one, or the next, knows nothing of it. */
    sight_ui_screen_forget(self->screen);
    if (!self->has_wish)
      self->wish = self->current;
    self->has_wish = TRUE;
    pump(self);
    return;
  }
  if (!done) {
    fail(self, error->message);
    return;
  }
  g_clear_pointer(&self->steps[FALSE], g_bytes_unref);
  g_clear_pointer(&self->steps[TRUE], g_bytes_unref);
  self->steps[FALSE] = g_steal_pointer(&work->step);
  self->steps[TRUE] = g_steal_pointer(&work->coming);
  self->fed_until_ms = work->to_ms;
  if (work->is_step)
    send_show(self);
  else
    send_feed(self);
}

static void start_work(SightUiReplayView *self, gboolean is_step, gint64 from_ms) {
  g_autoptr(GTask) task = g_task_new(self, NULL, on_work_done, NULL);
  Work *work = g_new0(Work, 1);
  self->busy = TRUE;
  work->screen = g_steal_pointer(&self->screen);
  work->reel_number = self->reel_number;
  work->page_number = self->page_number;
  work->wish = self->current;
  work->is_step = is_step;
  work->from_ms = from_ms;
  work->to_ms = self->current.playing ? from_ms + (gint64)(LEAD_MS * MAX(self->current.speed, 1.0)) : from_ms;
  g_task_set_task_data(task, work, (GDestroyNotify)work_free);
  g_task_run_in_thread(task, do_work);
}

static void start_step(SightUiReplayView *self) {
  const SightUiReelWindow *window = sight_ui_reel_get_window(self->reel, self->wish.window);
  self->has_wish = FALSE;
  self->current = self->wish;
  self->current.at_ms = MAX(self->current.at_ms, window->snapshot_ms + 1);
  start_work(self, TRUE, self->current.at_ms);
}

static void on_halted(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiReplayView) self = user_data;
  g_autoptr(JSCValue) answer = finish_call(self, source, result);
  if (!answer || !self->screen)
    return;
  if (jsc_value_is_number(answer))
    sight_ui_screen_came_to(self->screen, (gint64)jsc_value_to_double(answer));
  else
    sight_ui_screen_forget(self->screen);
  pump(self);
}

/* Whether the page soon comes to the end of what it was given. */
static gboolean needs_food(SightUiReplayView *self) {
  gint64 played_us = g_get_monotonic_time() - self->play_since_us;
  gint64 at_ms = self->current.at_ms + (gint64)((double)played_us / 1000 * self->current.speed);
  const SightUiReelWindow *window = sight_ui_reel_get_window(self->reel, self->current.window);
  return self->fed_until_ms <= sight_track_last_ms(window->track) &&
         self->fed_until_ms - at_ms < (gint64)(LEAD_MS / 2 * MAX(self->current.speed, 1.0));
}

static gboolean on_feed(gpointer user_data) {
  pump(user_data);
  return G_SOURCE_CONTINUE;
}

static void start_feeding(SightUiReplayView *self) {
  self->page_plays = TRUE;
  self->play_since_us = g_get_monotonic_time();
  if (!self->feeder)
    self->feeder = g_timeout_add(FEED_EVERY_MS, on_feed, self);
}

/* The part of the picture in which the recorded page is; `area` is in the view's own pixels. */
static GdkTexture *crop(GdkTexture *texture, const graphene_rect_t *area, int view_width) {
  int width = gdk_texture_get_width(texture), height = gdk_texture_get_height(texture);
  double scale = view_width > 0 ? (double)width / view_width : 1.0;
  int x = CLAMP((int)(area->origin.x * scale), 0, width), y = CLAMP((int)(area->origin.y * scale), 0, height);
  int crop_width = MIN((int)(area->size.width * scale), width - x);
  int crop_height = MIN((int)(area->size.height * scale), height - y);
  if (crop_width <= 0 || crop_height <= 0)
    return g_object_ref(texture);
  gsize stride = (gsize)width * 4;
  g_autofree guchar *pixels = g_malloc(stride * (gsize)height);
  gdk_texture_download(texture, pixels, stride);
  gsize start = stride * (gsize)y + (gsize)x * 4;
  g_autoptr(GBytes) part = g_bytes_new(pixels + start, stride * (gsize)(crop_height - 1) + (gsize)crop_width * 4);
  return gdk_memory_texture_new(crop_width, crop_height, GDK_MEMORY_DEFAULT, part, stride);
}

static void on_picture(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(GdkTexture) texture = webkit_web_view_get_snapshot_finish(WEBKIT_WEB_VIEW(source), result, &error);
  if (!texture) {
    g_task_return_error(task, error);
    return;
  }
  const graphene_rect_t *area = g_task_get_task_data(task);
  int width = gtk_widget_get_width(GTK_WIDGET(source));
  g_task_return_pointer(task, area ? crop(texture, area, width) : g_object_ref(texture), g_object_unref);
}

/* Of the recorded page in the view, or with NULL of all the view. */
static void take_picture(SightUiReplayView *self, graphene_rect_t *area) {
  GTask *task = g_queue_pop_head(&self->snapshots);
  if (area)
    g_task_set_task_data(task, area, (GDestroyNotify)graphene_rect_free);
  webkit_web_view_get_snapshot(self->web, WEBKIT_SNAPSHOT_REGION_VISIBLE, WEBKIT_SNAPSHOT_OPTIONS_NONE,
                               g_task_get_cancellable(task), on_picture, task);
}

static float read_number(JSCValue *object, const char *name) {
  g_autoptr(JSCValue) value = jsc_value_object_get_property(object, name);
  return (float)jsc_value_to_double(value);
}

static void on_images_there(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiReplayView) self = user_data;
  g_autoptr(JSCValue) area = finish_call(self, source, result);
  if (!area)
    return;
  if (!g_queue_is_empty(&self->snapshots)) {
    graphene_rect_t *rect = graphene_rect_alloc();
    graphene_rect_init(rect, read_number(area, "x"), read_number(area, "y"), read_number(area, "width"),
                       read_number(area, "height"));
    take_picture(self, rect);
  }
  pump(self);
}

static void pump(SightUiReplayView *self) {
  if (self->state != PAGE_READY || self->busy || !self->screen)
    return;
  if (self->has_wish && self->page_plays) {
    stop_feeding(self);
    call(self, "return sight.halt()", NULL, on_halted);
  } else if (self->has_wish)
    start_step(self);
  else if (self->page_plays && needs_food(self))
    start_work(self, FALSE, self->fed_until_ms);
  else if (!g_queue_is_empty(&self->snapshots) && self->filming)
    take_picture(self, NULL);
  else if (!g_queue_is_empty(&self->snapshots))
    call(self, "return sight.settle()", NULL, on_images_there);
}

static void on_page_loaded(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiReplayView) self = user_data;
  g_autoptr(GError) error = NULL;
  if (!sight_ui_guard_load_finish(WEBKIT_WEB_VIEW(source), result, &error) &&
      !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail(self, error->message);
}

static void load_page(SightUiReplayView *self) {
  g_clear_object(&self->cancellable);
  self->cancellable = g_cancellable_new();
  self->state = PAGE_LOADING;
  self->page_number++;
  self->busy = FALSE;
  g_clear_handle_id(&self->late, g_source_remove);
  stop_feeding(self);
  if (self->screen)
    sight_ui_screen_forget(self->screen);
  sight_ui_guard_load_async(self->web, self->cancellable, on_page_loaded, g_object_ref(self));
}

static void on_message(WebKitUserContentManager *manager, JSCValue *value, SightUiReplayView *self) {
  g_autofree char *what = jsc_value_to_string(value);
  if (g_strcmp0(what, "ready") != 0)
    return;
  self->state = PAGE_READY;
  pump(self);
}

static void on_terminated(WebKitWebView *web, WebKitWebProcessTerminationReason reason, SightUiReplayView *self) {
  const char *message = NULL;
  switch (reason) {
  case WEBKIT_WEB_PROCESS_CRASHED:
    message = _("The process that draws recorded pages ended unexpectedly.");
    break;
  case WEBKIT_WEB_PROCESS_EXCEEDED_MEMORY_LIMIT:
    message = _("The recorded page needs more memory than there is.");
    break;
  case WEBKIT_WEB_PROCESS_TERMINATED_BY_API:
    return;
  }
  fail(self, message);
}

/* Its process goes, and what was wished meanwhile is shown by another. */
static gboolean on_forgets_late(gpointer user_data) {
  SightUiReplayView *self = user_data;
  self->late = 0;
  g_cancellable_cancel(self->cancellable);
  webkit_web_view_terminate_web_process(self->web);
  load_page(self);
  return G_SOURCE_REMOVE;
}

GtkWidget *sight_ui_replay_view_new(void) {
  return g_object_new(SIGHT_UI_TYPE_REPLAY_VIEW, NULL);
}

void sight_ui_replay_view_set_reel(SightUiReplayView *self, SightUiReel *reel) {
  g_return_if_fail(SIGHT_UI_IS_REPLAY_VIEW(self));
  g_clear_pointer(&self->reel, sight_ui_reel_unref);
  g_clear_pointer(&self->screen, sight_ui_screen_free);
  self->reel = reel ? sight_ui_reel_ref(reel) : NULL;
  self->screen = reel ? sight_ui_screen_new(reel) : NULL;
  self->reel_number++;
  self->has_wish = FALSE;
  stop_feeding(self);
  if (self->state == PAGE_READY) {
    /* A page that is busy with the old recording is not waited for. */
    g_cancellable_cancel(self->cancellable);
    g_clear_object(&self->cancellable);
    self->cancellable = g_cancellable_new();
    call(self, "return sight.clear()", NULL, on_cleared);
    g_clear_handle_id(&self->late, g_source_remove);
    self->late = g_timeout_add(MIN(self->patience_ms, FORGET_MS), on_forgets_late, self);
  }
}

void sight_ui_replay_view_show(SightUiReplayView *self, guint window, gint64 at_ms, gboolean playing, double speed) {
  g_return_if_fail(SIGHT_UI_IS_REPLAY_VIEW(self) && self->reel && window < sight_ui_reel_n_windows(self->reel));
  self->wish = (Wish){window, at_ms, playing, speed};
  self->has_wish = TRUE;
  if (self->state == PAGE_ABSENT)
    load_page(self);
  else
    pump(self);
}

void sight_ui_replay_view_reload(SightUiReplayView *self) {
  g_return_if_fail(SIGHT_UI_IS_REPLAY_VIEW(self));
  if (self->state != PAGE_ABSENT)
    return;
  self->has_wish = self->reel != NULL;
  load_page(self);
}

gboolean sight_ui_replay_view_is_settled(SightUiReplayView *self) {
  return self->state == PAGE_READY && !self->busy && !self->has_wish;
}

void sight_ui_replay_view_snapshot_async(SightUiReplayView *self, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail(SIGHT_UI_IS_REPLAY_VIEW(self));
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  g_task_set_source_tag(task, sight_ui_replay_view_snapshot_async);
  if (self->state == PAGE_ABSENT || !self->reel) {
    g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, _("No recorded page is on display."));
    return;
  }
  g_queue_push_tail(&self->snapshots, g_steal_pointer(&task));
  pump(self);
}

void sight_ui_replay_view_set_patience(SightUiReplayView *self, guint patience_ms) {
  g_return_if_fail(SIGHT_UI_IS_REPLAY_VIEW(self) && patience_ms > 0);
  self->patience_ms = patience_ms;
}

void sight_ui_replay_view_set_filming(SightUiReplayView *self) {
  g_return_if_fail(SIGHT_UI_IS_REPLAY_VIEW(self));
  self->filming = TRUE;
}

GdkTexture *sight_ui_replay_view_snapshot_finish(SightUiReplayView *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  return g_task_propagate_pointer(G_TASK(result), error);
}

static void sight_ui_replay_view_dispose(GObject *object) {
  SightUiReplayView *self = SIGHT_UI_REPLAY_VIEW(object);
  if (self->cancellable)
    g_cancellable_cancel(self->cancellable);
  g_clear_object(&self->cancellable);
  g_clear_handle_id(&self->late, g_source_remove);
  drop_snapshots(self, _("The view was closed."));
  if (self->web) {
    g_signal_handlers_disconnect_by_data(self->web, self);
    g_signal_handlers_disconnect_by_data(webkit_web_view_get_user_content_manager(self->web), self);
    sight_ui_guard_close_view(self->web);
    gtk_widget_unparent(GTK_WIDGET(self->web));
    self->web = NULL;
  }
  stop_feeding(self);
  g_clear_pointer(&self->reel, sight_ui_reel_unref);
  g_clear_pointer(&self->screen, sight_ui_screen_free);
  g_clear_pointer(&self->steps[FALSE], g_bytes_unref);
  g_clear_pointer(&self->steps[TRUE], g_bytes_unref);
  G_OBJECT_CLASS(sight_ui_replay_view_parent_class)->dispose(object);
}

static void sight_ui_replay_view_class_init(SightUiReplayViewClass *klass) {
  G_OBJECT_CLASS(klass)->dispose = sight_ui_replay_view_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(klass), "replayview");
  signal_shown = g_signal_new("shown", SIGHT_UI_TYPE_REPLAY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                              1, G_TYPE_INT64);
  signal_failed = g_signal_new("failed", SIGHT_UI_TYPE_REPLAY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               1, G_TYPE_STRING);
}

static void sight_ui_replay_view_init(SightUiReplayView *self) {
  self->patience_ms = PATIENCE_MS;
  self->web = sight_ui_guard_new_view(serve, self);
  gtk_widget_set_hexpand(GTK_WIDGET(self->web), TRUE);
  gtk_widget_set_vexpand(GTK_WIDGET(self->web), TRUE);
  gtk_widget_set_parent(GTK_WIDGET(self->web), GTK_WIDGET(self));
  WebKitUserContentManager *manager = webkit_web_view_get_user_content_manager(self->web);
  g_signal_connect(manager, "script-message-received::sight", G_CALLBACK(on_message), self);
  webkit_user_content_manager_register_script_message_handler(manager, "sight", SIGHT_UI_GUARD_WORLD);
  g_signal_connect(self->web, "web-process-terminated", G_CALLBACK(on_terminated), self);
  load_page(self);
}
