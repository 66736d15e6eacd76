/* SPDX-License-Identifier: MIT */
/* Moments of one session, out of the tables of signals, page views and annotations, and of the index. */
#include "sight-analysis-table.h"
#include "sight-annotation-table.h"
#include "sight-index-table.h"
#include "sight-query-private.h"
#include "sight-term-table.h"
#include "sight-text.h"
#include "sight-usage.h"

#include <string.h>

#define PROBLEM_CHARS 12
/* What the index keeps of it (sight-terms.c). */
#define TERM_CHARS 200

void sight_moments_free(SightMoments *moments) {
  if (moments == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS(moments->owned); i++)
    g_clear_pointer(&moments->owned[i], g_ptr_array_unref);
  g_ptr_array_unref(moments->texts);
  g_ptr_array_unref(moments->properties);
  g_array_unref(moments->list);
  g_free(moments);
}

char *sight_query_problem(const char *fingerprint) {
  g_autofree char *excerpt = sight_text_excerpt(fingerprint, -1, TERM_CHARS);
  char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, excerpt, -1);

  hash[PROBLEM_CHARS] = '\0';
  return hash;
}

/* "POST /pay 500": the detector says it so (detect-request.c). */
static void fill_request(SightMoments *moments, SightMoment *moment) {
  g_auto(GStrv) parts = g_strsplit(moment->text != NULL ? moment->text : "", " ", 3);

  if (g_strv_length(parts) < 2)
    return;
  moment->method = g_strdup(parts[0]);
  moment->url = g_strdup(parts[1]);
  g_ptr_array_add(moments->texts, (char *)moment->method);
  g_ptr_array_add(moments->texts, (char *)moment->url);
}

static void add_signals(SightMoments *moments, GPtrArray *signals) {
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    SightMoment moment = {
        .kind = (int)signal->kind,
        .start_ms = signal->start_ms,
        .end_ms = signal->end_ms,
        .page = signal->page,
        .target = signal->target,
        .selector = signal->selector,
        .text = signal->message,
        .fingerprint = sight_signal_problem(signal, signals),
        .count = signal->count,
        .status = signal->kind == SIGHT_SIGNAL_REQUEST ? signal->magnitude : 0,
        .severe = signal->severe,
        .signal = signal,
    };
    if ((moments->kinds & SIGHT_MOMENT_BIT(moment.kind)) == 0)
      continue;
    if (signal->kind == SIGHT_SIGNAL_REQUEST)
      fill_request(moments, &moment);
    g_array_append_val(moments->list, moment);
  }
}

static void add_views(SightMoments *moments, GPtrArray *views) {
  for (guint i = 0; i < views->len; i++) {
    const SightPageView *view = views->pdata[i];
    SightMoment moment = {.kind = SIGHT_MOMENT_PAGE,
                          .start_ms = view->start_ms,
                          .end_ms = view->end_ms,
                          .page = view->page,
                          .url = view->url};
    g_array_append_val(moments->list, moment);
  }
}

static void add_annotations(SightMoments *moments, GPtrArray *annotations) {
  for (guint i = 0; i < annotations->len; i++) {
    const SightAnnotation *annotation = annotations->pdata[i];
    gboolean tag = g_str_equal(annotation->kind, "tag");
    /* One of the whole session stands at its beginning. */
    gint64 at_ms = MAX(annotation->at_ms, 0);
    SightMoment moment = {.kind = tag ? SIGHT_MOMENT_TAG : SIGHT_MOMENT_NOTE,
                          .start_ms = at_ms,
                          .end_ms = at_ms,
                          .text = annotation->body};
    if ((tag || g_str_equal(annotation->kind, "note")) && (moments->kinds & SIGHT_MOMENT_BIT(moment.kind)) != 0)
      g_array_append_val(moments->list, moment);
  }
}

/* What only the index has, by the field of a moment's first term. */
static const struct {
  SightTermField field;
  SightMomentKind kind;
} indexed[] = {
    {SIGHT_TERM_CLICK, SIGHT_MOMENT_CLICK},     {SIGHT_TERM_CLICKED, SIGHT_MOMENT_CLICK},
    {SIGHT_TERM_TYPED, SIGHT_MOMENT_TYPED_IN},  {SIGHT_TERM_FORM, SIGHT_MOMENT_FORM},
    {SIGHT_TERM_EVENT, SIGHT_MOMENT_EVENT},     {SIGHT_TERM_SEEN, SIGHT_MOMENT_SEEN},
    {SIGHT_TERM_IN_PAGE, SIGHT_MOMENT_IN_PAGE}, {SIGHT_TERM_ELEMENT, SIGHT_MOMENT_ELEMENT},
    {SIGHT_TERM_IDLE, SIGHT_MOMENT_IDLE},       {SIGHT_TERM_HIDDEN, SIGHT_MOMENT_HIDDEN},
    {SIGHT_TERM_FILLED, SIGHT_MOMENT_FILLED},   {SIGHT_TERM_FORM_FIELD, SIGHT_MOMENT_FIELD},
    {SIGHT_TERM_MESSAGE, SIGHT_MOMENT_MESSAGE},
};

static int kind_of(SightTermField field) {
  for (gsize i = 0; i < G_N_ELEMENTS(indexed); i++) {
    if (indexed[i].field == field)
      return (int)indexed[i].kind;
  }
  return -1;
}

/* One term of a moment into the member that it is. */
static void fill_term(SightMoments *moments, SightMoment *moment, SightTermField field, const char *value) {
  /* Of a field or message the form stands for the text that it belongs to. */
  if (field == SIGHT_TERM_FILLED && moment->kind != SIGHT_MOMENT_FILLED)
    field = SIGHT_TERM_EVENT;
  /* A form is known by its name; what a person would call it is a text. */
  if (field == SIGHT_TERM_TARGET && moment->kind == SIGHT_MOMENT_FILLED)
    field = SIGHT_TERM_EVENT;
  if (field == SIGHT_TERM_CLICKED || field == SIGHT_TERM_ELEMENT)
    moment->selector = value;
  else if (field == SIGHT_TERM_CLICK || field == SIGHT_TERM_TYPED || field == SIGHT_TERM_FORM ||
           field == SIGHT_TERM_TARGET || field == SIGHT_TERM_FILLED || field == SIGHT_TERM_FORM_FIELD ||
           field == SIGHT_TERM_MESSAGE)
    moment->target = value;
  else if (field == SIGHT_TERM_EVENT || field == SIGHT_TERM_SEEN || field == SIGHT_TERM_IN_PAGE)
    moment->text = value;
  else if (field == SIGHT_TERM_PROPERTY) {
    if (moment->properties == NULL) {
      moment->properties = g_ptr_array_new();
      g_ptr_array_add(moments->properties, moment->properties);
    }
    g_ptr_array_add(moment->properties, (char *)value);
  }
}

static gboolean add_occurrence(SightQuery *query, SightMoments *moments, const SightOccurrences *occurrences,
                               const SightOccurrence *occurrence, const GArray *rows, GError **error) {
  const guint *links = &g_array_index(occurrences->links, guint, occurrence->first);
  int kind = kind_of(sight_term_field_of(g_array_index(rows, gint64, links[0])));
  SightMoment moment = {.kind = kind,
                        .start_ms = occurrence->start_ms,
                        .end_ms = occurrence->end_ms,
                        .count = 1,
                        .severe = occurrence->severe};

  if (kind < 0 || (moments->kinds & SIGHT_MOMENT_BIT(kind)) == 0)
    return TRUE;
  for (guint i = 0; i < occurrence->n_terms; i++) {
    gint64 term = g_array_index(rows, gint64, links[i]);
    const char *value = sight_terms_value(query, term, error);
    if (value == NULL)
      return FALSE;
    fill_term(moments, &moment, sight_term_field_of(term), value);
  }
  if (occurrence->view >= 0 && occurrence->view < (int)moments->owned[1]->len)
    moment.page = ((SightPageView *)moments->owned[1]->pdata[occurrence->view])->page;
  if (kind == SIGHT_MOMENT_FILLED && occurrence->n_numbers > SIGHT_FILLED_SENT)
    moment.count = g_array_index(occurrences->numbers, int, occurrence->first_number + SIGHT_FILLED_SENT);
  if (kind == SIGHT_MOMENT_FIELD && occurrence->n_numbers > SIGHT_FIELD_REFILLS)
    moment.count = g_array_index(occurrences->numbers, int, occurrence->first_number + SIGHT_FIELD_REFILLS);
  g_array_append_val(moments->list, moment);
  return TRUE;
}

static gboolean add_occurrences(SightQuery *query, SightMoments *moments, const SightSession *session, GError **error) {
  GError *failure = NULL;
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(SightOccurrences) occurrences = sight_index_table_get(query->db, session->row, rows, &failure);

  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  for (guint i = 0; occurrences != NULL && i < occurrences->moments->len; i++) {
    if (!add_occurrence(query, moments, occurrences, &g_array_index(occurrences->moments, SightOccurrence, i), rows,
                        error))
      return FALSE;
  }
  return TRUE;
}

static int in_time(gconstpointer a, gconstpointer b) {
  const SightMoment *x = a, *y = b;

  if (x->start_ms != y->start_ms)
    return x->start_ms < y->start_ms ? -1 : 1;
  return x->kind - y->kind;
}

/* What lies outside of the recording counts for nothing; what reaches beyond its end ends there. */
static void keep_within(SightMoments *moments, gint64 duration_ms) {
  GArray *list = moments->list;
  guint n = 0;

  for (guint i = 0; i < list->len; i++) {
    SightMoment moment = g_array_index(list, SightMoment, i);
    if (moment.start_ms > duration_ms || moment.end_ms < 0)
      continue;
    moment.start_ms = MAX(moment.start_ms, 0);
    moment.end_ms = MIN(moment.end_ms, duration_ms);
    g_array_index(list, SightMoment, n++) = moment;
  }
  g_array_set_size(list, n);
}

#define OF_INDEX                                                                                                       \
  (SIGHT_MOMENT_BIT(SIGHT_MOMENT_CLICK) | SIGHT_MOMENT_BIT(SIGHT_MOMENT_TYPED_IN) |                                    \
   SIGHT_MOMENT_BIT(SIGHT_MOMENT_FORM) | SIGHT_MOMENT_BIT(SIGHT_MOMENT_EVENT) | SIGHT_MOMENT_BIT(SIGHT_MOMENT_SEEN) |  \
   SIGHT_MOMENT_BIT(SIGHT_MOMENT_IN_PAGE) | SIGHT_MOMENT_BIT(SIGHT_MOMENT_ELEMENT) |                                   \
   SIGHT_MOMENT_BIT(SIGHT_MOMENT_IDLE) | SIGHT_MOMENT_BIT(SIGHT_MOMENT_HIDDEN) |                                       \
   SIGHT_MOMENT_BIT(SIGHT_MOMENT_FILLED) | SIGHT_MOMENT_BIT(SIGHT_MOMENT_FIELD) |                                      \
   SIGHT_MOMENT_BIT(SIGHT_MOMENT_MESSAGE))

SightMoments *sight_moments_read(SightQuery *query, const SightSession *session, guint64 kinds, GError **error) {
  g_autoptr(SightMoments) moments = g_new0(SightMoments, 1);

  moments->kinds = kinds;
  moments->list = g_array_new(FALSE, FALSE, sizeof(SightMoment));
  moments->texts = g_ptr_array_new_with_free_func(g_free);
  moments->properties = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  if (kinds & SIGHT_MOMENT_SIGNALS) {
    moments->owned[0] = sight_signal_table_list(query->db, session->row, error);
    if (moments->owned[0] == NULL)
      return NULL;
    add_signals(moments, moments->owned[0]);
  }
  if (kinds & (SIGHT_MOMENT_BIT(SIGHT_MOMENT_PAGE) | OF_INDEX)) {
    moments->owned[1] = sight_page_table_list(query->db, session->row, error);
    if (moments->owned[1] == NULL)
      return NULL;
    if (kinds & SIGHT_MOMENT_BIT(SIGHT_MOMENT_PAGE))
      add_views(moments, moments->owned[1]);
  }
  if (kinds & (SIGHT_MOMENT_BIT(SIGHT_MOMENT_TAG) | SIGHT_MOMENT_BIT(SIGHT_MOMENT_NOTE))) {
    moments->owned[2] = sight_annotation_table_list(query->db, session->endpoint, session->session, error);
    if (moments->owned[2] == NULL)
      return NULL;
    add_annotations(moments, moments->owned[2]);
  }
  if ((kinds & OF_INDEX) != 0 && !add_occurrences(query, moments, session, error))
    return NULL;
  if ((kinds & SIGHT_MOMENT_BIT(SIGHT_MOMENT_ELEMENT)) != 0 &&
      !sight_element_add_moments(query, session, moments, error))
    return NULL;
  keep_within(moments, session->duration_ms);
  g_array_sort(moments->list, in_time);
  return g_steal_pointer(&moments);
}
