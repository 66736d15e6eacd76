/* SPDX-License-Identifier: MIT */
/* Verdicts and trackers, each on a job of its own. */
#include "sight-ui-follow.h"

#include "sight-compare-ask.h"
#include "sight-endpoint-table.h"
#include "sight-hash.h"
#include "sight-library.h"
#include "sight-token.h"
#include "sight-tracker.h"
#include "sight-ui-job.h"
#include "sight-ui-settings.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LOOK_AFTER_MS 1000
#define PAUSE_FACTOR 10

typedef struct {
  char *problem, *title, *sentence;
  gint64 endpoint;
} News;

struct _SightUiFollow {
  GObject parent_instance;
  SightStore *store;
  SightUiJob *verify, *ask;
  GHashTable *verified; /* endpoints and ids of problems that were verified and have not come back, kept in the settings
                         */
  GPtrArray *news;      /* of News, from the run under way */
  gint64 took_ms;       /* the last run */
  gboolean missed;      /* a look was wanted while one was under way */
  guint source;
};

G_DEFINE_FINAL_TYPE(SightUiFollow, sight_ui_follow, G_TYPE_OBJECT)

static guint news_signal;

static void news_free(gpointer data) {
  News *news = data;

  g_free(news->problem);
  g_free(news->title);
  g_free(news->sentence);
  g_free(news);
}

static void add_news(SightUiFollow *self, gint64 endpoint, const char *problem, const char *title,
                     const char *sentence) {
  News *news = g_new0(News, 1);

  *news = (News){g_strdup(problem), g_strdup(title), g_strdup(sentence), endpoint};
  g_ptr_array_add(self->news, news);
}

/* Verdicts */

typedef struct {
  GPtrArray *problems, *follow_ups;
  GCancellable *cancellable;
} Look;

static gboolean is_followed(const SightProblemMark *mark) {
  return mark->state == SIGHT_PROBLEM_FILED || mark->state == SIGHT_PROBLEM_FIXED ||
         mark->state == SIGHT_PROBLEM_VERIFIED;
}

static gboolean is_any_followed(GHashTable *marks) {
  GHashTableIter iter;
  gpointer mark = NULL;

  g_hash_table_iter_init(&iter, marks);
  while (g_hash_table_iter_next(&iter, NULL, &mark)) {
    if (is_followed(mark))
      return TRUE;
  }
  return FALSE;
}

/* The problems of one project are listed where something is said of any. */
static gboolean read_problems(SightDb *db, gpointer user_data, GError **error) {
  Look *look = user_data;
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  gboolean done = endpoints != NULL;

  for (guint i = 0; done && i < endpoints->len; i++) {
    gint64 endpoint = ((const SightEndpoint *)endpoints->pdata[i])->row;
    g_autoptr(GHashTable) marks = sight_problem_marks_read(db, endpoint, error);
    gboolean wanted = marks != NULL && is_any_followed(marks);
    g_autoptr(SightSet) sessions = wanted ? sight_library_sessions(db, "", endpoint, error) : NULL;
    g_autoptr(GPtrArray) problems =
        sessions != NULL ? sight_problems_list(db, sessions, 0, look->cancellable, error) : NULL;
    g_autoptr(GPtrArray) follow_ups =
        problems != NULL ? sight_follow_ups(db, problems, g_get_real_time() / 1000, look->cancellable, error) : NULL;
    done = marks != NULL && (!wanted || follow_ups != NULL);
    if (follow_ups != NULL) {
      g_ptr_array_extend_and_steal(look->problems, g_steal_pointer(&problems));
      g_ptr_array_extend_and_steal(look->follow_ups, g_steal_pointer(&follow_ups));
    }
  }
  return done;
}

static char *key_of(gint64 endpoint, const char *problem) {
  return g_strdup_printf("%" G_GINT64_FORMAT " %s", endpoint, problem);
}

static gboolean write_follow_up(SightDb *db, gpointer user_data, GError **error) {
  return sight_follow_up_write(db, user_data, error);
}

/* Those that were verified when it was looked last, and were seen since. */
static void note_regressed(SightUiFollow *self, const GPtrArray *problems) {
  g_autoptr(GHashTable) verified = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);

  for (guint i = 0; i < problems->len; i++) {
    const SightProblem *problem = problems->pdata[i];
    g_autofree char *key = key_of(problem->endpoint, problem->id);
    if (problem->state == SIGHT_PROBLEM_VERIFIED)
      g_hash_table_add(verified, g_steal_pointer(&key));
    else if (problem->state == SIGHT_PROBLEM_REGRESSED && g_hash_table_contains(self->verified, key))
      add_news(self, problem->endpoint, problem->id, problem->title,
               _("It came back: it was seen again after it had been verified"));
  }
  g_clear_pointer(&self->verified, g_hash_table_unref);
  self->verified = g_steal_pointer(&verified);
}

static gboolean verify(SightUiJob *job, gpointer user_data, GCancellable *cancellable, GError **error) {
  SightUiFollow *self = user_data;
  g_autoptr(GPtrArray) problems = sight_problems_new(), follow_ups = sight_follow_ups_new();
  Look look = {problems, follow_ups, cancellable};
  gint64 began_us = g_get_monotonic_time();
  gboolean done = sight_store_read(self->store, read_problems, &look, error);

  if (done)
    note_regressed(self, problems);
  for (guint i = 0; done && i < follow_ups->len; i++) {
    SightFollowUp *one = follow_ups->pdata[i];
    done = sight_store_write(self->store, SIGHT_WRITE_DURABLE, write_follow_up, one, error);
    /* It may come back before anybody looks once more. */
    if (done && one->now == SIGHT_PROBLEM_VERIFIED)
      g_hash_table_add(self->verified, key_of(one->endpoint, one->problem));
    if (done)
      add_news(self, one->endpoint, one->problem, one->title, one->sentence);
  }
  self->took_ms = (g_get_monotonic_time() - began_us) / 1000;
  return done;
}

static int by_text(gconstpointer a, gconstpointer b, gpointer data) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What comes back while nobody looks is told the next time. */
static void remember(SightUiFollow *self) {
  GSettings *settings = sight_ui_settings_get();
  g_autofree char **ids = (char **)g_hash_table_get_keys_as_array(self->verified, NULL);
  g_auto(GStrv) kept = settings != NULL ? g_settings_get_strv(settings, "verified-problems") : NULL;

  g_qsort_with_data(ids, (int)g_hash_table_size(self->verified), sizeof *ids, by_text, NULL);
  if (kept != NULL && !g_strv_equal((const char *const *)ids, (const char *const *)kept))
    g_settings_set_strv(settings, "verified-problems", (const char *const *)ids);
}

static void recall(SightUiFollow *self) {
  GSettings *settings = sight_ui_settings_get();
  g_auto(GStrv) kept = settings != NULL ? g_settings_get_strv(settings, "verified-problems") : NULL;

  for (char **id = kept; id != NULL && *id != NULL; id++)
    g_hash_table_add(self->verified, g_strdup(*id));
}

static void verified(SightUiFollow *self) {
  g_autoptr(GPtrArray) all = self->news;

  remember(self);
  if (self->missed)
    sight_ui_follow_look(self);
  self->news = g_ptr_array_new_with_free_func(news_free);
  for (guint i = 0; i < all->len; i++) {
    const News *news = all->pdata[i];
    g_signal_emit(self, news_signal, 0, news->endpoint, news->problem, news->title, news->sentence);
  }
}

static gboolean look_now(gpointer user_data) {
  SightUiFollow *self = user_data;

  self->source = 0;
  sight_ui_job_start(self->verify);
  return G_SOURCE_REMOVE;
}

void sight_ui_follow_look(SightUiFollow *self) {
  self->missed = sight_ui_job_is_running(self->verify);
  if (self->source == 0 && !self->missed)
    self->source = g_timeout_add((guint)MAX(LOOK_AFTER_MS, self->took_ms * PAUSE_FACTOR), look_now, self);
}

/* Trackers */

typedef struct {
  gint64 endpoint;
  char *problem;
  SightProblemMark *mark;
  gint64 closed_ms;
} Closed;

static void closed_free(gpointer data) {
  Closed *closed = data;

  g_free(closed->problem);
  sight_problem_mark_free(closed->mark);
  g_free(closed);
}

static gboolean is_asked(const SightProblemMark *mark) {
  return mark->state == SIGHT_PROBLEM_FILED && mark->tracker != NULL && mark->issue != NULL;
}

/* Those whose trackers are asked: GPtrArray of Closed. */
static gboolean read_marks(SightDb *db, gpointer user_data, GError **error) {
  GPtrArray *asked = user_data;
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  GHashTableIter iter;
  gpointer problem = NULL, mark = NULL;

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    gint64 endpoint = ((const SightEndpoint *)endpoints->pdata[i])->row;
    g_autoptr(GHashTable) marks = sight_problem_marks_read(db, endpoint, error);
    if (marks == NULL)
      return FALSE;
    g_hash_table_iter_init(&iter, marks);
    while (g_hash_table_iter_next(&iter, &problem, &mark)) {
      if (!is_asked(mark))
        continue;
      Closed *closed = g_new0(Closed, 1);
      *closed = (Closed){endpoint, g_strdup(problem), sight_problem_mark_copy(mark), 0};
      g_ptr_array_add(asked, closed);
    }
  }
  return endpoints != NULL;
}

static gboolean write_closed(SightDb *db, gpointer user_data, GError **error) {
  const Closed *closed = user_data;
  g_autoptr(GHashTable) marks = sight_problem_marks_read(db, closed->endpoint, error);
  const SightProblemMark *there = marks != NULL ? g_hash_table_lookup(marks, closed->problem) : NULL;

  if (marks == NULL)
    return FALSE;
  if (there == NULL || g_strcmp0(there->issue, closed->mark->issue) != 0)
    return TRUE;
  const SightProblemMark mark = {.issue = there->issue, .closed_ms = closed->closed_ms};
  return sight_problem_mark_write(db, closed->endpoint, closed->problem, &mark, SIGHT_PROBLEM_SAYS_CLOSED, error);
}

/* FALSE: there is nothing new. A tracker that does not answer is asked another time; of one that does not tell when,
 * it is when it was noticed. */
static gboolean ask_tracker(SightUiFollow *self, Closed *asked, GCancellable *cancellable) {
  const SightProblemMark *mark = asked->mark;
  g_autoptr(SightTrackerTarget) target = sight_tracker_target_new(mark->tracker, NULL);
  g_autofree char *key = target != NULL ? sight_tracker_target_key(target) : NULL;
  g_autofree char *token = key != NULL ? sight_token_load(sight_store_directory(self->store), key, NULL) : NULL;
  gboolean closed = FALSE;
  gint64 closed_ms = 0;

  if (token == NULL || !sight_tracker_read_state(target, token, mark->issue, &closed, &closed_ms, cancellable, NULL))
    return FALSE;
  if (closed && closed_ms == 0)
    closed_ms = mark->closed_ms > 0 ? mark->closed_ms : g_get_real_time() / 1000;
  asked->closed_ms = closed_ms;
  return closed_ms != mark->closed_ms;
}

static gboolean ask(SightUiJob *job, gpointer user_data, GCancellable *cancellable, GError **error) {
  SightUiFollow *self = user_data;
  g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func(closed_free);
  gboolean done = sight_store_read(self->store, read_marks, asked, error);

  for (guint i = 0; done && i < asked->len; i++) {
    Closed *closed = asked->pdata[i];
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    if (ask_tracker(self, closed, cancellable))
      done = sight_store_write(self->store, SIGHT_WRITE_DURABLE, write_closed, closed, error);
  }
  return done;
}

void sight_ui_follow_ask(SightUiFollow *self) {
  sight_ui_job_start(self->ask);
}

void sight_ui_follow_close(SightUiFollow *self) {
  self->missed = FALSE;
  g_clear_handle_id(&self->source, g_source_remove);
  sight_ui_job_close(self->verify);
  sight_ui_job_close(self->ask);
}

static void finalize(GObject *object) {
  SightUiFollow *self = SIGHT_UI_FOLLOW(object);

  g_clear_handle_id(&self->source, g_source_remove);
  g_object_unref(self->verify);
  g_object_unref(self->ask);
  g_hash_table_unref(self->verified);
  g_ptr_array_unref(self->news);
  g_object_unref(self->store);
  G_OBJECT_CLASS(sight_ui_follow_parent_class)->finalize(object);
}

static void sight_ui_follow_class_init(SightUiFollowClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  news_signal = g_signal_new("news", SIGHT_UI_TYPE_FOLLOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                             G_TYPE_INT64, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void sight_ui_follow_init(SightUiFollow *self) {
  self->news = g_ptr_array_new_with_free_func(news_free);
  self->verified = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  recall(self);
  self->verify = sight_ui_job_new(verify, self, NULL);
  self->ask = sight_ui_job_new(ask, self, NULL);
  g_signal_connect_object(self->verify, "ended", G_CALLBACK(verified), self, G_CONNECT_SWAPPED);
}

SightUiFollow *sight_ui_follow_new(SightStore *store) {
  SightUiFollow *self = g_object_new(SIGHT_UI_TYPE_FOLLOW, NULL);

  self->store = g_object_ref(store);
  return self;
}
