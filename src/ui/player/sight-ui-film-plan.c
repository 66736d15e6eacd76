/* SPDX-License-Identifier: MIT */
/* A film is made of a clip: what is in no clip is in no film. */
#include "sight-ui-film-plan.h"

#include "sight-event-reader.h"
#include "sight-note-table.h"
#include "sight-shown.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SIDE_LEAST 160
#define CAPTION_MS 3000

void sight_ui_film_caption_free(SightUiFilmCaption *caption) {
  g_free(caption->text);
  g_free(caption);
}

static int by_time(gconstpointer a, gconstpointer b) {
  const SightUiFilmCaption *one = *(gpointer *)a, *other = *(gpointer *)b;

  return (one->from_ms > other->from_ms) - (one->from_ms < other->from_ms);
}

/* Takes the text. */
static void add_caption(GPtrArray *captions, gint64 at_ms, gint64 from_ms, gint64 to_ms, char *text) {
  SightUiFilmCaption *caption = g_new0(SightUiFilmCaption, 1);

  caption->from_ms = at_ms - from_ms;
  caption->to_ms = MIN(at_ms + CAPTION_MS, to_ms) - from_ms;
  caption->text = text;
  g_ptr_array_add(captions, caption);
}

void sight_ui_film_captions(GPtrArray *captions, const SightAnalysis *analysis, const GPtrArray *notes, gint64 from_ms,
                            gint64 to_ms) {
  for (guint i = 0; analysis != NULL && i < analysis->signals->len; i++) {
    const SightSignal *signal = g_ptr_array_index(analysis->signals, i);
    if (signal->start_ms >= from_ms && signal->start_ms < to_ms)
      add_caption(captions, signal->start_ms, from_ms, to_ms, sight_signal_reason(signal));
  }
  for (guint i = 0; notes != NULL && i < notes->len; i++) {
    const SightAnnotation *note = ((const SightNote *)g_ptr_array_index(notes, i))->annotation;
    if (note->at_ms >= from_ms && note->at_ms < to_ms)
      add_caption(captions, note->at_ms, from_ms, to_ms, g_strdup(note->body));
  }
  g_ptr_array_sort(captions, by_time);
}

void sight_ui_film_plan_free(SightUiFilmPlan *plan) {
  g_clear_pointer(&plan->reel, sight_ui_reel_unref);
  g_clear_pointer(&plan->captions, g_ptr_array_unref);
  g_free(plan->name);
  g_free(plan);
}

static gboolean take_event(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_recording_add(user_data, "1", event);
  return TRUE;
}

/* Nothing in it is too large: it comes from our own writer. */
static SightUiReel *reel_of(const GString *clip, GError **error) {
  const SightReaderLimits limits = {.max_bytes = G_MAXUINT64, .max_event_bytes = G_MAXINT32, .max_events = G_MAXUINT64};
  g_autoptr(GPtrArray) recording = sight_recording_new();

  if (!sight_event_read_bytes(clip->str, clip->len, &limits, take_event, recording, NULL, error))
    return NULL;
  sight_recording_finish(recording);
  return sight_ui_reel_new(recording, NULL);
}

/* The texts are known before anything is masked, and masked when everything is known. */
static void learn_captions(SightRedaction *redaction, const GPtrArray *captions) {
  for (guint i = 0; i < captions->len; i++)
    sight_redaction_learn_text(redaction, ((const SightUiFilmCaption *)g_ptr_array_index(captions, i))->text);
}

static gboolean mask_captions(SightRedaction *redaction, const GPtrArray *captions, GError **error) {
  for (guint i = 0; i < captions->len; i++) {
    SightUiFilmCaption *caption = g_ptr_array_index(captions, i);
    char *masked = sight_redaction_text(redaction, caption->text);
    g_free(caption->text);
    caption->text = masked;
    if (sight_redaction_is_in(redaction, masked, strlen(masked))) {
      g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("A caption could not be masked"));
      return FALSE;
    }
  }
  return TRUE;
}

static int even(double side) {
  return CLAMP((int)lround(side / 2) * 2, SIDE_LEAST, SIGHT_FILM_SIDE_MAX);
}

/* As large as the first page, or as wide as is wished. */
static void set_size(SightUiFilmPlan *plan) {
  SightPlace place = {.width = 1280, .height = 800};
  sight_track_place(sight_ui_reel_get_window(plan->reel, 0)->track, plan->first_ms, &place);
  int width = place.width > 0 ? place.width : 1280, height = place.height > 0 ? place.height : 800;
  double scale = MIN(1.0, (double)plan->wish.width / width);

  scale = MIN(scale, (double)SIGHT_FILM_SIDE_MAX / height);
  plan->width = even(width * scale);
  plan->height = even(height * scale);
}

SightUiFilmPlan *sight_ui_film_plan_new(const SightClipPart *parts, guint n_parts, const SightClipAbout *about,
                                        GPtrArray *captions, const SightUiFilmWish *wish, GCancellable *cancellable,
                                        GError **error) {
  g_autoptr(GPtrArray) owned = captions;
  g_autoptr(GString) clip = g_string_new(NULL);
  SightRedaction *redaction = about->redaction;

  if (redaction != NULL)
    learn_captions(redaction, captions);
  if (!sight_clip_write(parts, n_parts, SIGHT_CLIP_JSON, about, cancellable, clip, error) ||
      (redaction != NULL && !mask_captions(redaction, captions, error)))
    return NULL;
  g_autoptr(SightUiReel) reel = reel_of(clip, error);
  if (reel == NULL)
    return NULL;
  g_autoptr(SightUiFilmPlan) plan = g_new0(SightUiFilmPlan, 1);
  plan->first_ms = sight_ui_reel_first_ms(reel);
  plan->length_ms = parts[n_parts - 1].to_ms - plan->first_ms;
  plan->reel = g_steal_pointer(&reel);
  plan->captions = g_steal_pointer(&owned);
  plan->name =
      redaction != NULL && about->name != NULL ? sight_redaction_text(redaction, about->name) : g_strdup(about->name);
  plan->wish = *wish;
  set_size(plan);
  if (wish->form == SIGHT_FILM_WEBP && sight_ui_film_plan_film_ms(plan) > SIGHT_FILM_WEBP_MAX_MS) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                _("An animated WebP is for %d seconds at most: choose a shorter range, a higher speed or WebM"),
                SIGHT_FILM_WEBP_MAX_MS / 1000);
    return NULL;
  }
  return g_steal_pointer(&plan);
}

typedef struct {
  SightUiReel *reel;
  GArray *parts;
  char *name;
  SightRedaction *redaction;
  GPtrArray *captions;
  SightUiFilmWish wish;
} Planning;

static void planning_free(gpointer data) {
  Planning *self = data;

  sight_ui_reel_unref(self->reel);
  g_array_unref(self->parts);
  g_clear_pointer(&self->redaction, sight_redaction_free);
  g_clear_pointer(&self->captions, g_ptr_array_unref);
  g_free(self->name);
  g_free(self);
}

static void plan_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Planning *self = data;
  GBytes *kept = sight_ui_reel_shown(self->reel);
  g_autoptr(GHashTable) shown = kept != NULL ? sight_shown_table(kept) : NULL;
  const SightClipAbout about = {.name = self->name, .shown = shown, .redaction = self->redaction};
  GError *error = NULL;
  SightUiFilmPlan *plan =
      sight_ui_film_plan_new((const SightClipPart *)(const void *)self->parts->data, self->parts->len, &about,
                             g_steal_pointer(&self->captions), &self->wish, cancellable, &error);

  if (plan != NULL)
    g_task_return_pointer(task, plan, (GDestroyNotify)sight_ui_film_plan_free);
  else
    g_task_return_error(task, error);
}

void sight_ui_film_plan_async(SightUiReel *reel, GArray *parts, const char *name, SightRedaction *redaction,
                              GPtrArray *captions, const SightUiFilmWish *wish, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  Planning *self = g_new0(Planning, 1);

  self->reel = sight_ui_reel_ref(reel);
  self->parts = parts;
  self->name = g_strdup(name);
  self->redaction = redaction;
  self->captions = captions;
  self->wish = *wish;
  g_task_set_task_data(task, self, planning_free);
  g_task_run_in_thread(task, plan_thread);
}

SightUiFilmPlan *sight_ui_film_plan_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}

gint64 sight_ui_film_plan_film_ms(const SightUiFilmPlan *plan) {
  return MAX(1, (gint64)((double)plan->length_ms / plan->wish.speed));
}
