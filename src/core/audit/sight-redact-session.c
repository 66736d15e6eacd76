/* SPDX-License-Identifier: MIT */
/* Masking in what is stored already: read and learned, masked, looked through, and put into its place. */
#include "sight-redact-session.h"

#include "sight-annotation-table.h"
#include "sight-batch-table.h"
#include "sight-log-table.h"
#include "sight-rewrite-table.h"
#include "sight-session-table.h"
#include "sight-track-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* So often it is begun anew where more comes in meanwhile. */
#define TRIES 5

typedef struct {
  gint64 row, newest_arrival;
  SightRedaction *redaction;
  const char *detail;
  SightRedacted *done;
  GCancellable *cancellable;
  GArray *batches; /* of SightRewrittenBatch */
  char *window;    /* that is being read */
  int n_windows;
  gboolean masks; /* the second time through */
} Redacting;

static void batch_clear(gpointer data) {
  g_clear_pointer(&((SightRewrittenBatch *)data)->events, g_bytes_unref);
}

static void enter_window(Redacting *work, const char *window) {
  if (g_strcmp0(work->window, window) == 0)
    return;
  g_free(work->window);
  work->window = g_strdup(window);
  sight_redaction_begin_window(work->redaction, work->n_windows++);
}

static gboolean take_batch(const SightStoredBatch *stored, gpointer data, GError **error) {
  Redacting *work = data;
  const SightBatch *batch = &stored->batch;
  g_autoptr(GString) masked = g_string_new(NULL);

  if (g_cancellable_set_error_if_cancelled(work->cancellable, error))
    return FALSE;
  enter_window(work, batch->window);
  if (!work->masks)
    return sight_redaction_learn(work->redaction, batch->events, batch->events_bytes, error);
  if (!sight_redaction_mask(work->redaction, batch->events, batch->events_bytes, masked, error))
    return FALSE;
  work->done->n_batches += masked->len != batch->events_bytes || memcmp(masked->str, batch->events, masked->len) != 0;
  gsize bytes = masked->len;
  SightRewrittenBatch rewritten = {stored->arrival,
                                   g_bytes_new_take(g_string_free(g_steal_pointer(&masked), FALSE), bytes)};
  g_array_append_val(work->batches, rewritten);
  /* What was masked is looked through at once, in a page that is masked as well. */
  return sight_redaction_learn(work->redaction, g_bytes_get_data(rewritten.events, NULL), bytes, error);
}

static gboolean read_batches(SightDb *db, Redacting *work, gboolean masks, GError **error) {
  work->masks = masks;
  work->n_windows = 0;
  g_clear_pointer(&work->window, g_free);
  gboolean read = sight_batch_table_each_in_sequence(db, work->row, NULL, take_batch, work, NULL, error);
  g_clear_pointer(&work->window, g_free);
  return read;
}

/* What stands beside the events alone is looked for there. */
static gboolean learn_beside(SightDb *db, Redacting *work, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, work->row, error);
  g_autoptr(GPtrArray) list =
      session != NULL ? sight_annotation_table_list_all(db, session->endpoint, session->session, error) : NULL;

  if (list == NULL)
    return FALSE;
  sight_redaction_learn_text(work->redaction, session->label);
  for (guint i = 0; i < list->len; i++) {
    const SightAnnotation *annotation = g_ptr_array_index(list, i);
    sight_redaction_learn_text(work->redaction, annotation->body);
    sight_redaction_learn_text(work->redaction, annotation->author);
  }
  return TRUE;
}

static gboolean mask_all(SightDb *db, gpointer data, GError **error) {
  Redacting *work = data;

  work->done->n_batches = 0;
  g_array_set_size(work->batches, 0);
  work->newest_arrival = sight_track_table_newest_arrival(db, work->row, error);
  if (work->newest_arrival < 0 || !learn_beside(db, work, error) || !read_batches(db, work, FALSE, error))
    return FALSE;
  guint n = work->done->n_texts = sight_redaction_n(work->redaction);
  return n == 0 || (read_batches(db, work, TRUE, error) && sight_redaction_is_clean(work->redaction, n, error));
}

/* Whether there was something to mask. */
static gboolean mask_text(const Redacting *work, char **text) {
  g_autofree char *before = *text;

  *text = before != NULL ? sight_redaction_text(work->redaction, before) : NULL;
  return g_strcmp0(before, *text) != 0;
}

static gboolean mask_annotations(SightDb *db, Redacting *work, const SightSession *session, GError **error) {
  g_autoptr(GPtrArray) list = sight_annotation_table_list_all(db, session->endpoint, session->session, error);

  for (guint i = 0; list != NULL && i < list->len; i++) {
    SightAnnotation *annotation = g_ptr_array_index(list, i);
    gboolean body = mask_text(work, &annotation->body), author = mask_text(work, &annotation->author);
    if (!body && !author)
      continue;
    annotation->updated_ms = MAX(g_get_real_time() / 1000, annotation->updated_ms + 1);
    work->done->n_annotations++;
    if (!sight_annotation_table_put(db, annotation, SIGHT_ANNOTATION_MADE_HERE, NULL, error))
      return FALSE;
  }
  return list != NULL;
}

static gboolean write_all(SightDb *db, gpointer data, GError **error) {
  Redacting *work = data;
  g_autoptr(SightSession) session = sight_session_table_get(db, work->row, error);

  if (session == NULL || !learn_beside(db, work, error))
    return FALSE;
  if (sight_redaction_n(work->redaction) != work->done->n_texts) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_BUSY, _("Something was said of the session meanwhile"));
    return FALSE;
  }
  g_autofree char *label = session->label != NULL ? sight_redaction_text(work->redaction, session->label) : NULL;
  const SightLogEntry entry = {
      .act = SIGHT_LOG_REDACTED, .session = session->session, .from_ms = -1, .to_ms = -1, .detail = work->detail};
  work->done->n_annotations = 0;
  return mask_annotations(db, work, session, error) &&
         sight_rewrite_table_put(db, work->row, work->newest_arrival, work->batches, label, error) &&
         sight_log_table_add(db, session->endpoint, &entry, NULL, error);
}

gboolean sight_redact_session(SightStore *store, gint64 row, SightRedaction *redaction, const char *detail,
                              SightRedacted *done, GCancellable *cancellable, GError **error) {
  g_autoptr(GArray) batches = g_array_new(FALSE, FALSE, sizeof(SightRewrittenBatch));
  Redacting work = {.row = row,
                    .redaction = redaction,
                    .detail = detail,
                    .done = done,
                    .cancellable = cancellable,
                    .batches = batches};

  *done = (SightRedacted){0};
  g_array_set_clear_func(batches, batch_clear);
  for (int i = 0;; i++) {
    g_autoptr(GError) local = NULL;
    if (!sight_store_read(store, mask_all, &work, error))
      return FALSE;
    if (done->n_texts == 0 || sight_store_write(store, SIGHT_WRITE_DURABLE, write_all, &work, &local))
      return TRUE;
    if (i + 1 == TRIES || !g_error_matches(local, G_IO_ERROR, G_IO_ERROR_BUSY)) {
      g_propagate_error(error, g_steal_pointer(&local));
      return FALSE;
    }
  }
}

/* Many of them */

static char *detail_of(const SightRedactWish *wish) {
  g_autoptr(GString) detail = g_string_new(wish->all_kinds ? "all kinds" : "");

  for (guint i = 0; wish->masks != NULL && wish->masks[i] != NULL; i++) {
    gboolean kind = FALSE;
    for (int k = 0; k < SIGHT_N_AUDIT_KINDS; k++)
      kind = kind || g_str_equal(sight_audit_kind_name((SightAuditKind)k), wish->masks[i]);
    g_string_append_printf(detail, "%s%s", detail->len > 0 ? ", " : "", kind ? wish->masks[i] : "a text");
  }
  for (guint i = 0; wish->selectors != NULL && wish->selectors[i] != NULL; i++)
    g_string_append_printf(detail, "%s%s", detail->len > 0 ? ", " : "", wish->selectors[i]);
  return g_string_free(g_steal_pointer(&detail), FALSE);
}

static SightRedaction *redaction_of(const SightRedactWish *wish, GError **error) {
  g_autoptr(SightRedaction) redaction = sight_redaction_new_of(wish->masks, wish->all_kinds, error);

  for (guint i = 0; redaction != NULL && wish->selectors != NULL && wish->selectors[i] != NULL; i++) {
    if (!sight_redaction_add_selector(redaction, wish->selectors[i], error))
      return NULL;
  }
  return g_steal_pointer(&redaction);
}

static void add(SightRedactedSessions *done, const SightRedacted *one) {
  done->n_sessions += one->n_batches + one->n_annotations > 0 ? 1 : 0;
  done->all.n_texts += one->n_texts;
  done->all.n_batches += one->n_batches;
  done->all.n_annotations += one->n_annotations;
}

gboolean sight_redact_sessions(SightStore *store, const GArray *rows, const SightRedactWish *wish,
                               SightRedactFunc progress, gpointer user_data, SightRedactedSessions *done,
                               GCancellable *cancellable, GError **error) {
  g_autofree char *detail = detail_of(wish);

  *done = (SightRedactedSessions){0};
  for (guint i = 0; i < rows->len; i++) {
    SightRedacted one = {0};
    g_autoptr(GError) local = NULL;
    g_autoptr(SightRedaction) redaction = redaction_of(wish, error);
    if (redaction == NULL)
      return FALSE;
    if (progress != NULL)
      progress(i, rows->len, user_data);
    gboolean ok =
        sight_redact_session(store, g_array_index(rows, gint64, i), redaction, detail, &one, cancellable, &local);
    if (!ok && !g_error_matches(local, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND)) {
      g_propagate_error(error, g_steal_pointer(&local));
      return FALSE;
    }
    done->n_looked += ok ? 1 : 0;
    if (ok)
      add(done, &one);
  }
  return TRUE;
}
