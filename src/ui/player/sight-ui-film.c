/* SPDX-License-Identifier: MIT */
/* While a worker encodes one picture, the page draws the next. */
#include "sight-ui-film.h"

#include "sight-ui-film-picture.h"
#include "sight-ui-guard.h"
#include "sight-ui-replay-view.h"

#define STEP_MS 100 /* of the film */
/* A picture that is the same as the last is left out, for no longer than this: players seek by pictures. */
#define SAME_MS 1000

struct _SightUiFilm {
  GtkWidget parent_instance;
  GtkWidget *view; /* in the film's own size, drawn smaller */
  GTask *task;     /* while it films; the plan is its data */
  SightUiFilmPlan *plan;
  gboolean picture;  /* one, and no film */
  gboolean grows;    /* the page has not its whole height yet */
  GError *error;     /* why it ends */
  gint64 film_ms;    /* of the picture that the page draws, or has drawn */
  GdkTexture *drawn; /* waits for the worker */
  gboolean encoding; /* a worker has these: */
  SightFilm *film;
  GBytes *last; /* pixels that were added last */
  gint64 last_ms;
  GBytes *file;
};

G_DEFINE_FINAL_TYPE(SightUiFilm, sight_ui_film, GTK_TYPE_WIDGET)

enum { PROP_PROGRESS = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

/* For the worker. */
typedef struct {
  GdkTexture *picture; /* NULL: nothing more comes */
  gint64 at_ms;
} Work;

static void work_free(Work *work) {
  g_clear_object(&work->picture);
  g_free(work);
}

static gboolean add(SightUiFilm *self, const Work *work, GError **error) {
  g_autoptr(GBytes) pixels = sight_ui_film_picture(work->picture, self->plan, work->at_ms);

  if (self->last != NULL && work->at_ms - self->last_ms < SAME_MS && g_bytes_equal(self->last, pixels))
    return TRUE;
  g_clear_pointer(&self->last, g_bytes_unref);
  self->last = g_bytes_ref(pixels);
  self->last_ms = work->at_ms;
  return sight_film_add(self->film, g_bytes_get_data(pixels, NULL), (gsize)self->plan->width * 4, work->at_ms, error);
}

static void do_work(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  SightUiFilm *self = source;
  const Work *work = data;
  const SightUiFilmPlan *plan = self->plan;
  GError *error = NULL;

  if (self->picture)
    self->file = sight_ui_film_picture_png(work->picture, plan);
  else if (self->film == NULL)
    self->film = sight_film_new(plan->wish.form, plan->width, plan->height, cancellable, &error);
  if (self->film != NULL && work->picture != NULL)
    add(self, work, &error);
  else if (self->film != NULL)
    self->file = sight_film_finish(self->film, sight_ui_film_plan_film_ms(plan), &error);
  if (error != NULL)
    g_task_return_error(task, error);
  else
    g_task_return_boolean(task, TRUE);
}

static void end(SightUiFilm *self) {
  g_autoptr(GTask) task = g_steal_pointer(&self->task);
  g_autoptr(GBytes) file = g_steal_pointer(&self->file);
  GError *error = g_steal_pointer(&self->error);

  self->plan = NULL;
  g_clear_pointer(&self->film, sight_film_free);
  g_clear_pointer(&self->last, g_bytes_unref);
  g_clear_object(&self->drawn);
  if (self->view != NULL)
    sight_ui_replay_view_set_reel(SIGHT_UI_REPLAY_VIEW(self->view), NULL);
  if (error != NULL)
    g_task_return_error(task, error);
  else
    g_task_return_pointer(task, g_steal_pointer(&file), (GDestroyNotify)g_bytes_unref);
}

static void go_on(SightUiFilm *self);

static void on_work_done(GObject *source, GAsyncResult *result, gpointer user_data) {
  SightUiFilm *self = SIGHT_UI_FILM(source);

  self->encoding = FALSE;
  g_task_propagate_boolean(G_TASK(result), self->error == NULL ? &self->error : NULL);
  go_on(self);
}

static void on_drawn(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  SightUiFilm *self = g_task_get_source_object(task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) drawn = sight_ui_replay_view_snapshot_finish(SIGHT_UI_REPLAY_VIEW(source), result, &error);

  if (self->task != task)
    return;
  self->drawn = g_steal_pointer(&drawn);
  if (self->error == NULL)
    self->error = g_steal_pointer(&error);
  go_on(self);
}

static void take(SightUiFilm *self);

static void draw(SightUiFilm *self) {
  SightUiReplayView *view = SIGHT_UI_REPLAY_VIEW(self->view);
  gint64 at_ms = (gint64)((double)self->film_ms * self->plan->wish.speed);

  sight_ui_replay_view_show(view, 0, self->plan->first_ms + at_ms + 1, FALSE, 1);
  if (!self->grows)
    take(self);
}

static void take(SightUiFilm *self) {
  sight_ui_replay_view_snapshot_async(SIGHT_UI_REPLAY_VIEW(self->view), g_task_get_cancellable(self->task), on_drawn,
                                      g_object_ref(self->task));
}

/* A picture, or NULL for the end, to a worker. */
static void encode(SightUiFilm *self, GdkTexture *picture) {
  g_autoptr(GTask) task = g_task_new(self, g_task_get_cancellable(self->task), on_work_done, NULL);
  Work *work = g_new0(Work, 1);

  work->picture = picture;
  work->at_ms = self->film_ms;
  self->encoding = TRUE;
  g_task_set_task_data(task, work, (GDestroyNotify)work_free);
  g_task_run_in_thread(task, do_work);
}

/* Something is done: the next thing begins. */
static void go_on(SightUiFilm *self) {
  gint64 whole_ms = sight_ui_film_plan_film_ms(self->plan);

  if (self->encoding)
    return;
  if (self->error == NULL)
    g_cancellable_set_error_if_cancelled(g_task_get_cancellable(self->task), &self->error);
  if (self->error != NULL || self->file != NULL) {
    end(self);
  } else if (self->drawn != NULL) {
    encode(self, g_steal_pointer(&self->drawn));
    self->film_ms += STEP_MS;
    if (self->film_ms < whole_ms)
      draw(self);
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_PROGRESS]);
  } else if (self->film_ms >= whole_ms) {
    encode(self, NULL);
  }
}

static void on_cancelled(SightUiFilm *self) {
  if (self->task != NULL)
    go_on(self);
}

static void ask(SightUiFilm *self, const char *body, GAsyncReadyCallback callback) {
  WebKitWebView *web = WEBKIT_WEB_VIEW(gtk_widget_get_first_child(self->view));
  GVariantDict arguments;

  g_variant_dict_init(&arguments, NULL);
  g_variant_dict_insert(&arguments, "height", "i", self->plan->height);
  webkit_web_view_call_async_javascript_function(web, body, -1, g_variant_dict_end(&arguments), SIGHT_UI_GUARD_WORLD,
                                                 NULL, g_task_get_cancellable(self->task), callback,
                                                 g_object_ref(self->task));
}

static JSCValue *answer_of(SightUiFilm *self, GObject *source, GAsyncResult *result, GTask *task) {
  g_autoptr(GError) error = NULL;
  JSCValue *answer = webkit_web_view_call_async_javascript_function_finish(WEBKIT_WEB_VIEW(source), result, &error);

  if (answer == NULL && self->task == task) {
    self->error = g_steal_pointer(&error);
    go_on(self);
  }
  return answer;
}

static void on_grown(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  SightUiFilm *self = g_task_get_source_object(task);
  g_autoptr(JSCValue) answer = answer_of(self, source, result, task);

  if (answer == NULL || self->task != task)
    return;
  self->grows = FALSE;
  take(self);
}

static void on_whole(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  SightUiFilm *self = g_task_get_source_object(task);
  g_autoptr(JSCValue) answer = answer_of(self, source, result, task);

  if (answer == NULL || self->task != task)
    return;
  g_autoptr(JSCValue) width = jsc_value_object_get_property(answer, "width");
  g_autoptr(JSCValue) height = jsc_value_object_get_property(answer, "height");
  double scale = (double)self->plan->width / MAX(1, jsc_value_to_double(width));
  self->plan->height = MAX(self->plan->height, (int)(jsc_value_to_double(height) * scale));
  gtk_widget_queue_resize(GTK_WIDGET(self));
  ask(self,
      "for (let i = 0; i < 200 && innerHeight < height; i++) await new Promise((done) => setTimeout(done, 20)); "
      "return sight.settle()",
      on_grown);
}

/* The page is there: it is made as high as it is long. */
static void on_shown(SightUiFilm *self) {
  if (self->task != NULL && self->grows)
    ask(self, "return sight.whole([])", on_whole);
}

static void on_failed(SightUiFilm *self, const char *message) {
  if (self->task == NULL || !self->grows || self->error != NULL)
    return;
  self->error = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, message);
  go_on(self);
}

static void begin(SightUiFilm *self, SightUiFilmPlan *plan, GCancellable *cancellable, GAsyncReadyCallback callback,
                  gpointer user_data) {
  self->task = g_task_new(self, cancellable, callback, user_data);
  g_task_set_task_data(self->task, plan, (GDestroyNotify)sight_ui_film_plan_free);
  self->plan = plan;
  self->film_ms = 0;
  if (cancellable != NULL)
    g_signal_connect_object(cancellable, "cancelled", G_CALLBACK(on_cancelled), self, G_CONNECT_SWAPPED);
  gtk_widget_queue_resize(GTK_WIDGET(self));
  sight_ui_replay_view_set_reel(SIGHT_UI_REPLAY_VIEW(self->view), plan->reel);
  draw(self);
}

void sight_ui_film_make_async(SightUiFilm *self, SightUiFilmPlan *plan, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail(SIGHT_UI_IS_FILM(self) && self->task == NULL && self->view != NULL);
  self->picture = self->grows = FALSE;
  begin(self, plan, cancellable, callback, user_data);
}

void sight_ui_film_picture_async(SightUiFilm *self, SightUiFilmPlan *plan, gboolean whole, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail(SIGHT_UI_IS_FILM(self) && self->task == NULL && self->view != NULL);
  self->picture = TRUE;
  self->grows = whole;
  begin(self, plan, cancellable, callback, user_data);
}

GBytes *sight_ui_film_make_finish(SightUiFilm *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  return g_task_propagate_pointer(G_TASK(result), error);
}

static GtkSizeRequestMode get_request_mode(GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline) {
  const SightUiFilmPlan *plan = SIGHT_UI_FILM(widget)->plan;
  int width = orientation == GTK_ORIENTATION_VERTICAL && for_size > 0 ? for_size : 320;
  int height = plan != NULL ? width * plan->height / plan->width : width * 10 / 16;

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? width : MIN(height, 320);
}

/* The view has the film's size whatever room there is: the pictures are taken of it. */
static void size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  SightUiFilm *self = SIGHT_UI_FILM(widget);
  int film_width = self->plan != NULL ? self->plan->width : 320,
      film_height = self->plan != NULL ? self->plan->height : 200;
  float scale = MIN((float)width / (float)film_width, (float)height / (float)film_height);
  graphene_point_t place = GRAPHENE_POINT_INIT(((float)width - (float)film_width * scale) / 2, 0);
  GskTransform *transform = gsk_transform_scale(gsk_transform_translate(NULL, &place), scale, scale);

  gtk_widget_measure(self->view, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_allocate(self->view, film_width, film_height, -1, transform);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  SightUiFilm *self = SIGHT_UI_FILM(object);
  double whole = self->plan != NULL ? (double)sight_ui_film_plan_film_ms(self->plan) : 0;

  g_value_set_double(value, whole > 0 ? MIN(1.0, (double)self->film_ms / whole) : 0);
}

static void dispose(GObject *object) {
  g_clear_pointer(&SIGHT_UI_FILM(object)->view, gtk_widget_unparent);
  G_OBJECT_CLASS(sight_ui_film_parent_class)->dispose(object);
}

static void sight_ui_film_class_init(SightUiFilmClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->get_property = get_property;
  G_OBJECT_CLASS(class)->dispose = dispose;
  widget_class->get_request_mode = get_request_mode;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  props[PROP_PROGRESS] = g_param_spec_double("progress", NULL, NULL, 0, 1, 0,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties(G_OBJECT_CLASS(class), N_PROPS, props);
  gtk_widget_class_set_css_name(widget_class, "film");
}

static void sight_ui_film_init(SightUiFilm *self) {
  self->view = sight_ui_replay_view_new();
  sight_ui_replay_view_set_filming(SIGHT_UI_REPLAY_VIEW(self->view));
  g_signal_connect_object(self->view, "shown", G_CALLBACK(on_shown), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->view, "failed", G_CALLBACK(on_failed), self, G_CONNECT_SWAPPED);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_parent(self->view, GTK_WIDGET(self));
}

GtkWidget *sight_ui_film_new(void) {
  return g_object_new(SIGHT_UI_TYPE_FILM, NULL);
}
