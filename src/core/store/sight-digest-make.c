/* SPDX-License-Identifier: MIT */
/* Making the digest of a session. */
#include "sight-analysis-table.h"
#include "sight-change-table.h"
#include "sight-db.h"
#include "sight-digest-private.h"
#include "sight-index-table.h"
#include "sight-json.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const SightSession *session;
  GPtrArray *signals, *pages;
  const SightOccurrences *occurrences;
  guint *places; /* of each term in the text; SIGHT_NO_TERM: it is not there */
  gboolean brief;
} Making;

gboolean sight_digest_carries(SightTermField field) {
  return field != SIGHT_TERM_INDEXED && field != SIGHT_TERM_ENDPOINT && field != SIGHT_TERM_BIT &&
         field != SIGHT_TERM_STATE && field != SIGHT_TERM_TAG && field != SIGHT_TERM_NOTE;
}

/* What most of a long session is. */
static gboolean stands_on_pages(SightTermField field) {
  return field == SIGHT_TERM_SEEN || field == SIGHT_TERM_IN_PAGE || field == SIGHT_TERM_ELEMENT;
}

static void put_session(SightJsonWriter *w, const SightSession *session) {
  g_autofree char *activity = g_base64_encode(session->activity, sizeof session->activity);
  sight_json_member_int(w, "started", session->started_ms);
  sight_json_member_int(w, "duration", session->duration_ms);
  sight_json_key(w, "friction");
  sight_json_put_double(w, session->friction);
  sight_json_member_string(w, "user", session->user);
  sight_json_member_string(w, "device", session->device);
  sight_json_member_string(w, "release", session->release);
  sight_json_member_string(w, "entry", session->entry);
  sight_json_member_string(w, "exit", session->exit);
  sight_json_member_string(w, "notice", session->notice);
  sight_json_member_bool(w, "partial", (session->flags & SIGHT_SESSION_PARTIAL) != 0);
  sight_json_member_bool(w, "replayable", (session->flags & SIGHT_SESSION_NO_SNAPSHOT) == 0);
  sight_json_member_bool(w, "phone", (session->flags & SIGHT_SESSION_PHONE) != 0);
  const int size[] = {session->viewport_w, session->viewport_h};
  const int counts[] = {session->n_windows, session->n_pages, session->n_clicks, session->n_errors};
  sight_json_key(w, "size");
  sight_json_begin_array(w);
  for (guint i = 0; i < G_N_ELEMENTS(size); i++)
    sight_json_put_int(w, size[i]);
  sight_json_end_array(w);
  sight_json_key(w, "counts");
  sight_json_begin_array(w);
  for (guint i = 0; i < G_N_ELEMENTS(counts); i++)
    sight_json_put_int(w, counts[i]);
  sight_json_end_array(w);
  sight_json_member_string(w, "activity", activity);
  sight_json_key(w, "marks");
  sight_json_begin_array(w);
  for (guint i = 0; session->marks != NULL && i < session->marks->len; i++) {
    const SightSessionMark *mark = &g_array_index(session->marks, SightSessionMark, i);
    sight_json_put_int(w, mark->at);
    sight_json_put_string(w, sight_signal_kind_name((SightSignalKind)mark->kind));
  }
  sight_json_end_array(w);
}

static void put_signals(SightJsonWriter *w, const GPtrArray *signals) {
  sight_json_key(w, "signals");
  sight_json_begin_array(w);
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    sight_json_begin_array(w);
    sight_json_put_string(w, sight_signal_kind_name(signal->kind));
    sight_json_put_int(w, signal->start_ms);
    sight_json_put_int(w, signal->end_ms);
    sight_json_put_string(w, signal->window);
    sight_json_put_string(w, signal->page);
    sight_json_put_int(w, signal->node);
    sight_json_put_string(w, signal->selector);
    sight_json_put_string(w, signal->target);
    sight_json_put_string(w, signal->message);
    sight_json_put_string(w, signal->fingerprint);
    sight_json_put_int(w, signal->count);
    sight_json_put_int(w, signal->magnitude);
    sight_json_put_bool(w, signal->severe);
    sight_json_end_array(w);
  }
  sight_json_end_array(w);
}

static void put_pages(SightJsonWriter *w, const GPtrArray *pages) {
  sight_json_key(w, "pages");
  sight_json_begin_array(w);
  for (guint i = 0; i < pages->len; i++) {
    const SightPageView *view = pages->pdata[i];
    sight_json_begin_array(w);
    sight_json_put_string(w, view->page);
    sight_json_put_string(w, view->url);
    sight_json_put_string(w, view->window);
    sight_json_put_int(w, view->start_ms);
    sight_json_put_int(w, view->end_ms);
    sight_json_end_array(w);
  }
  sight_json_end_array(w);
}

static void put_terms(SightJsonWriter *w, Making *making) {
  const GArray *terms = making->occurrences->terms;
  guint n = 0;
  sight_json_key(w, "terms");
  sight_json_begin_object(w);
  for (int field = 0; field < SIGHT_N_TERM_FIELDS; field++) {
    gboolean any = FALSE;
    if (!sight_digest_carries((SightTermField)field) || (making->brief && stands_on_pages((SightTermField)field)))
      continue;
    for (guint i = 0; i < terms->len; i++) {
      const SightTerm *term = &g_array_index(terms, SightTerm, i);
      if ((int)term->field != field)
        continue;
      if (!any) {
        sight_json_key(w, sight_term_field_info((SightTermField)field)->name);
        sight_json_begin_array(w);
      }
      any = TRUE;
      making->places[i] = n++;
      sight_json_put_string(w, term->value);
    }
    if (any)
      sight_json_end_array(w);
  }
  sight_json_end_object(w);
}

/* The bits of the numbers, put together again. */
static void put_numbers(SightJsonWriter *w, const GArray *terms) {
  gint64 numbers[SIGHT_N_NUMBERS] = {0};
  for (guint i = 0; i < terms->len; i++) {
    const SightTerm *term = &g_array_index(terms, SightTerm, i);
    const char *blank = term->field == SIGHT_TERM_BIT ? strchr(term->value, ' ') : NULL;
    int number = blank != NULL ? sight_digest_number(term->value, (gsize)(blank - term->value)) : -1;
    if (number >= 0)
      numbers[number] |= G_GINT64_CONSTANT(1) << CLAMP(atoi(blank + 1), 0, SIGHT_NUMBER_BITS - 1);
  }
  sight_json_key(w, "numbers");
  sight_json_begin_object(w);
  for (int i = 0; i < SIGHT_N_NUMBERS; i++) {
    if (numbers[i] != 0)
      sight_json_member_int(w, sight_digest_number_name(i), numbers[i]);
  }
  sight_json_end_object(w);
}

static void put_moment(SightJsonWriter *w, const Making *making, const SightOccurrence *moment) {
  const SightOccurrences *occurrences = making->occurrences;
  guint first = g_array_index(occurrences->links, guint, moment->first);
  if (moment->n_terms == 0 || making->places[first] == SIGHT_NO_TERM)
    return;
  sight_json_begin_array(w);
  sight_json_put_int(w, moment->start_ms);
  sight_json_put_int(w, moment->end_ms - moment->start_ms);
  sight_json_put_int(w, moment->view);
  sight_json_begin_array(w);
  for (guint i = 0; i < moment->n_terms; i++) {
    guint place = making->places[g_array_index(occurrences->links, guint, moment->first + i)];
    if (place != SIGHT_NO_TERM)
      sight_json_put_uint(w, place);
  }
  sight_json_end_array(w);
  if (moment->severe || moment->count != 1 || moment->amount != 0 || moment->n_numbers > 0) {
    sight_json_put_int(w, moment->severe);
    sight_json_put_int(w, moment->count);
    sight_json_put_int(w, moment->amount);
  }
  for (guint i = 0; i < moment->n_numbers; i++)
    sight_json_put_int(w, g_array_index(occurrences->numbers, int, moment->first_number + i));
  sight_json_end_array(w);
}

static void put_moments(SightJsonWriter *w, const Making *making) {
  const GArray *moments = making->occurrences->moments;
  sight_json_key(w, "moments");
  sight_json_begin_array(w);
  for (guint i = 0; i < moments->len; i++)
    put_moment(w, making, &g_array_index(moments, SightOccurrence, i));
  sight_json_end_array(w);
}

static void put_left_out(SightJsonWriter *w, const Making *making) {
  sight_json_key(w, "left_out");
  sight_json_begin_object(w);
  for (int field = 0; field < SIGHT_N_TERM_FIELDS; field++) {
    guint n = making->occurrences->left_out[field];
    if (making->brief && stands_on_pages((SightTermField)field))
      n = MAX(n, 1);
    if (n > 0)
      sight_json_member_int(w, sight_term_field_info((SightTermField)field)->name, n);
  }
  sight_json_end_object(w);
}

static GString *write_text(const SightDigest *digest, Making *making) {
  GString *text = g_string_new(NULL);
  SightJsonWriter w = {.out = text};
  for (guint i = 0; i < making->occurrences->terms->len; i++)
    making->places[i] = SIGHT_NO_TERM;
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "version", digest->version);
  sight_json_member_string(&w, "ruleset", digest->ruleset);
  sight_json_member_int(&w, "arrival", digest->arrival);
  put_session(&w, making->session);
  put_signals(&w, making->signals);
  put_pages(&w, making->pages);
  put_terms(&w, making);
  put_numbers(&w, making->occurrences->terms);
  put_moments(&w, making);
  put_left_out(&w, making);
  sight_json_end_object(&w);
  return text;
}

/* Its head: what stands of the analysis. NULL without error: it is not analysed, or its recording is not here. */
static SightDigest *read_head(SightDb *db, const SightSession *session, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_DIGEST_HEAD, error);
  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, session->row);
  if (sight_statement_step(statement, error) != SIGHT_STEP_ROW)
    return NULL;
  SightDigest *digest = g_new0(SightDigest, 1);
  digest->session = g_strdup(session->session);
  digest->received_ms = session->received_ms;
  digest->version = (int)sight_statement_int(statement, 0);
  digest->ruleset = sight_statement_dup_text(statement, 1);
  digest->arrival = sight_statement_int(statement, 2);
  return digest;
}

SightDigest *sight_digest_make(SightDb *db, gint64 session_row, GError **error) {
  g_autoptr(GError) problem = NULL;
  g_autoptr(SightSession) session = sight_session_table_get(db, session_row, error);
  g_autoptr(SightDigest) digest = session != NULL ? read_head(db, session, &problem) : NULL;
  g_autoptr(GPtrArray) signals = digest != NULL ? sight_signal_table_list(db, session_row, &problem) : NULL;
  g_autoptr(GPtrArray) pages = signals != NULL ? sight_page_table_list(db, session_row, &problem) : NULL;
  g_autoptr(SightOccurrences) occurrences =
      pages != NULL ? sight_index_table_get_values(db, session_row, &problem) : NULL;
  if (occurrences == NULL) {
    if (problem != NULL)
      g_propagate_error(error, g_steal_pointer(&problem));
    else if (session != NULL)
      g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, "the session \"%s\" is not analysed",
                  session->session);
    return NULL;
  }
  g_autofree guint *places = g_new(guint, occurrences->terms->len + 1);
  Making making = {
      .session = session, .signals = signals, .pages = pages, .occurrences = occurrences, .places = places};
  g_autoptr(GString) text = write_text(digest, &making);
  if (text->len > SIGHT_DIGEST_MAX_BYTES) {
    making.brief = TRUE;
    g_string_free(g_steal_pointer(&text), TRUE);
    text = write_text(digest, &making);
  }
  digest->text = g_string_free_to_bytes(g_steal_pointer(&text));
  return g_steal_pointer(&digest);
}
