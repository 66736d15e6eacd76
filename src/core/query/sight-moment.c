/* SPDX-License-Identifier: MIT */
/* Moments of one session, out of the tables of signals, page views and annotations. */
#include "sight-moment.h"

#include "sight-analysis-table.h"
#include "sight-annotation-table.h"

#include <string.h>

#define PROBLEM_CHARS 12

void sight_moments_free(SightMoments *moments) {
  if (moments == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS(moments->owned); i++)
    g_clear_pointer(&moments->owned[i], g_ptr_array_unref);
  g_ptr_array_unref(moments->texts);
  g_array_unref(moments->list);
  g_free(moments);
}

char *sight_moment_problem(const char *fingerprint) {
  char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, fingerprint, -1);

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
        .fingerprint = signal->fingerprint,
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

SightMoments *sight_moments_read(SightDb *db, const SightSession *session, guint64 kinds, GError **error) {
  g_autoptr(SightMoments) moments = g_new0(SightMoments, 1);

  moments->kinds = kinds;
  moments->list = g_array_new(FALSE, FALSE, sizeof(SightMoment));
  moments->texts = g_ptr_array_new_with_free_func(g_free);
  if (kinds & SIGHT_MOMENT_SIGNALS) {
    moments->owned[0] = sight_signal_table_list(db, session->row, error);
    if (moments->owned[0] == NULL)
      return NULL;
    add_signals(moments, moments->owned[0]);
  }
  if (kinds & SIGHT_MOMENT_BIT(SIGHT_MOMENT_PAGE)) {
    moments->owned[1] = sight_page_table_list(db, session->row, error);
    if (moments->owned[1] == NULL)
      return NULL;
    add_views(moments, moments->owned[1]);
  }
  if (kinds & (SIGHT_MOMENT_BIT(SIGHT_MOMENT_TAG) | SIGHT_MOMENT_BIT(SIGHT_MOMENT_NOTE))) {
    moments->owned[2] = sight_annotation_table_list(db, session->endpoint, session->session, error);
    if (moments->owned[2] == NULL)
      return NULL;
    add_annotations(moments, moments->owned[2]);
  }
  keep_within(moments, session->duration_ms);
  g_array_sort(moments->list, in_time);
  return g_steal_pointer(&moments);
}
