/* SPDX-License-Identifier: MIT */
/* What the index says of a session: made of the findings, on the one pass that there is. */
#include "sight-terms.h"

#include "sight-device.h"
#include "sight-text.h"

#include <string.h>

#define TEXT_CHARS 200
#define NAME_CHARS 60
/* Pages and signals come last, and must find room. */
#define MAX_PASS_MOMENTS 20000
/* Of them what stands on pages, so that clicks find room. */
#define MAX_STANDING_MOMENTS 14000
/* Until all page views are known, a moment has in place of its view the order in which that began, or the window where
 * the time is to decide. */
#define OF_WINDOW(index) (-2 - (int)(index))

static guint term_of(SightOccurrences *occurrences, SightTermField field, const char *tainted_text) {
  if (tainted_text == NULL)
    return SIGHT_NO_TERM;
  g_autofree char *text = sight_text_excerpt(tainted_text, -1, TEXT_CHARS);
  return text[0] != '\0' ? sight_occurrences_term(occurrences, field, text) : SIGHT_NO_TERM;
}

/* NAME=VALUE, or NULL where the value is none that people compare. */
static char *pair_of(const char *tainted_name, SightJson value) {
  g_autofree char *name = sight_text_excerpt(tainted_name, -1, NAME_CHARS);
  switch (sight_json_type(value)) {
  case SIGHT_JSON_STRING:
    return g_strconcat(name, "=", sight_json_string(value, NULL), NULL);
  case SIGHT_JSON_NUMBER: {
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.12g", sight_json_double(value, 0));
    return g_strconcat(name, "=", number, NULL);
  }
  case SIGHT_JSON_BOOL:
    return g_strconcat(name, sight_json_bool(value, FALSE) ? "=true" : "=false", NULL);
  case SIGHT_JSON_ABSENT:
  case SIGHT_JSON_NULL:
  case SIGHT_JSON_ARRAY:
  case SIGHT_JSON_OBJECT:
    break;
  }
  return NULL;
}

void sight_terms_add(SightFindings *findings, SightTermField field, const char *tainted_text) {
  term_of(findings->analysis->occurrences, field, tainted_text);
}

void sight_terms_add_pair(SightFindings *findings, SightTermField field, const char *tainted_name, SightJson value) {
  g_autofree char *pair = pair_of(tainted_name, value);
  sight_terms_add(findings, field, pair);
}

gboolean sight_terms_add_moment(SightFindings *findings, guint window, SightTermField field, const char *tainted_text,
                                gint64 start_ms, gint64 end_ms) {
  SightOccurrences *occurrences = findings->analysis->occurrences;
  guint term = term_of(occurrences, field, tainted_text);
  if (occurrences->moments->len >= MAX_PASS_MOMENTS) {
    occurrences->left_out[field]++;
    return FALSE;
  }
  SightOccurrence *moment = sight_occurrences_moment(occurrences, term, start_ms, end_ms);
  guint current = window < findings->current->len ? g_array_index(findings->current, guint, window) : 0;
  /* A press and the page that answers it may be of the same millisecond: the press was on the one before. */
  if (moment != NULL)
    moment->view = current > 0 ? (int)current - 1 : OF_WINDOW(window);
  return moment != NULL;
}

gboolean sight_terms_add_standing(SightFindings *findings, guint window, guint term, gint64 start_ms, gint64 end_ms) {
  SightOccurrences *occurrences = findings->analysis->occurrences;
  if (occurrences->moments->len >= MAX_STANDING_MOMENTS) {
    occurrences->left_out[g_array_index(occurrences->terms, SightTerm, term).field]++;
    return FALSE;
  }
  SightOccurrence *moment = sight_occurrences_moment(occurrences, term, start_ms, end_ms);
  if (moment != NULL)
    moment->view = OF_WINDOW(window);
  return moment != NULL;
}

void sight_terms_also(SightFindings *findings, SightTermField field, const char *tainted_text) {
  SightOccurrences *occurrences = findings->analysis->occurrences;
  sight_occurrences_also(occurrences, term_of(occurrences, field, tainted_text));
}

void sight_terms_also_pair(SightFindings *findings, SightTermField field, const char *tainted_name, SightJson value) {
  g_autofree char *pair = pair_of(tainted_name, value);
  sight_terms_also(findings, field, pair);
}

void sight_terms_measure(SightFindings *findings, const int *numbers, guint n) {
  sight_occurrences_measure(findings->analysis->occurrences, numbers, n);
}

void sight_terms_is_severe(SightFindings *findings) {
  GArray *moments = findings->analysis->occurrences->moments;
  if (moments->len > 0)
    g_array_index(moments, SightOccurrence, moments->len - 1).severe = TRUE;
}

void sight_terms_measure_view(SightFindings *findings, const SightPageView *view, const int *numbers, guint n) {
  GArray *measured = g_array_sized_new(FALSE, FALSE, sizeof(int), n);
  g_array_append_vals(measured, numbers, n);
  g_hash_table_insert(findings->measures, (gpointer)view, measured);
}

/* The page that stood in a window at a time; -1 where none did. Views of one window begin one after the other. */
static int view_at(GPtrArray *pages, const char *window, gint64 at_ms) {
  int found = -1;
  for (guint i = 0; i < pages->len; i++) {
    const SightPageView *view = pages->pdata[i];
    if (view->start_ms > at_ms)
      break;
    if (g_str_equal(view->window, window))
      found = (int)i;
  }
  return found;
}

/* `measures`: of GArray of int by view, NULL where there are none. */
static void add_pages(SightOccurrences *occurrences, GPtrArray *pages, GHashTable *measures) {
  for (guint i = 0; i < pages->len; i++) {
    const SightPageView *view = pages->pdata[i];
    SightOccurrence *moment = sight_occurrences_moment(
        occurrences, sight_occurrences_term(occurrences, SIGHT_TERM_PAGE, view->page), view->start_ms, view->end_ms);
    const GArray *measured = g_hash_table_lookup(measures, view);
    if (moment == NULL)
      continue;
    moment->view = (int)i;
    if (measured != NULL)
      sight_occurrences_measure(occurrences, (const int *)(gpointer)measured->data, measured->len);
  }
}

/* "GET /cart 500" */
static char *address_of(const char *message) {
  const char *from = message != NULL ? strchr(message, ' ') : NULL;
  return from != NULL ? g_strndup(from + 1, strcspn(from + 1, " ")) : NULL;
}

static void add_signals(SightOccurrences *occurrences, GPtrArray *signals, GPtrArray *pages) {
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    SightOccurrence *moment = sight_occurrences_moment(
        occurrences, sight_occurrences_term(occurrences, SIGHT_TERM_SIGNAL, sight_signal_kind_name(signal->kind)),
        signal->start_ms, signal->end_ms);
    if (moment == NULL)
      break;
    moment->view = view_at(pages, signal->window, signal->start_ms);
    moment->count = signal->count;
    moment->amount = signal->magnitude;
    moment->severe = signal->severe;
    /* Else its first target is its selector. */
    const int has_target = signal->target != NULL && signal->target[0] != '\0';
    if (has_target)
      sight_occurrences_measure(occurrences, &has_target, 1);
    sight_occurrences_also(occurrences,
                           term_of(occurrences, SIGHT_TERM_PROBLEM, sight_signal_problem(signal, signals)));
    sight_occurrences_also(occurrences, term_of(occurrences, SIGHT_TERM_TARGET, signal->target));
    sight_occurrences_also(occurrences, term_of(occurrences, SIGHT_TERM_TARGET, signal->selector));
    sight_occurrences_also(occurrences, term_of(occurrences, SIGHT_TERM_TEXT, signal->message));
    if (signal->kind != SIGHT_SIGNAL_REQUEST)
      continue;
    g_autofree char *status = g_strdup_printf("%d", signal->magnitude);
    g_autofree char *url = address_of(signal->message);
    sight_occurrences_also(occurrences, term_of(occurrences, SIGHT_TERM_STATUS, status));
    sight_occurrences_also(occurrences, term_of(occurrences, SIGHT_TERM_URL, url));
  }
}

/* Whether a click is one of those that a signal counts. */
static gboolean is_of(const SightOccurrences *occurrences, const SightOccurrence *moment, const SightSignal *signal) {
  if (moment->start_ms < signal->start_ms || moment->start_ms > signal->end_ms)
    return FALSE;
  for (guint i = 0; i < moment->n_terms; i++) {
    guint place = g_array_index(occurrences->links, guint, moment->first + i);
    const SightTerm *term = &g_array_index(occurrences->terms, SightTerm, place);
    if (term->field == SIGHT_TERM_CLICKED)
      return g_strcmp0(term->value, signal->selector) == 0;
  }
  return FALSE;
}

static void mark_dead(SightOccurrences *occurrences, GPtrArray *signals) {
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    for (guint j = 0; signal->kind == SIGHT_SIGNAL_DEAD && j < occurrences->moments->len; j++) {
      SightOccurrence *moment = &g_array_index(occurrences->moments, SightOccurrence, j);
      moment->severe |= is_of(occurrences, moment, signal);
    }
  }
}

static void add_ends(SightOccurrences *occurrences, const SightSession *session) {
  sight_occurrences_term(occurrences, SIGHT_TERM_ENTRY, session->entry);
  sight_occurrences_term(occurrences, SIGHT_TERM_EXIT, session->exit);
}

static gint64 add_stretches(SightFindings *findings, gint64 duration_ms) {
  SightAnalysis *analysis = findings->analysis;
  SightOccurrences *occurrences = analysis->occurrences;
  guint idle = sight_occurrences_term(occurrences, SIGHT_TERM_IDLE, analysis->idle->len > 0 ? "" : NULL);
  gint64 active_ms = duration_ms;
  for (guint i = 0; i < analysis->idle->len; i++) {
    const SightIdleSpan *span = &g_array_index(analysis->idle, SightIdleSpan, i);
    active_ms -= span->end_ms - span->start_ms;
    if (!span->missing)
      sight_occurrences_moment(occurrences, idle, span->start_ms, span->end_ms);
  }
  return active_ms;
}

/* Moments are sorted by time; each HIDDEN lasts until its window is shown or used again. */
static void add_hidden(SightFindings *findings, gint64 duration_ms) {
  SightOccurrences *occurrences = findings->analysis->occurrences;
  for (guint i = 0; i < findings->moments->len; i++) {
    const SightTabMoment *hidden = &g_array_index(findings->moments, SightTabMoment, i);
    gint64 end_ms = duration_ms;
    if (hidden->change != SIGHT_TAB_HIDDEN)
      continue;
    for (guint j = i + 1; j < findings->moments->len; j++) {
      const SightTabMoment *next = &g_array_index(findings->moments, SightTabMoment, j);
      if (next->window != hidden->window)
        continue;
      end_ms = next->at_ms;
      break;
    }
    SightOccurrence *moment = sight_occurrences_moment(
        occurrences, sight_occurrences_term(occurrences, SIGHT_TERM_HIDDEN, ""), hidden->at_ms, end_ms);
    if (moment != NULL)
      moment->view = OF_WINDOW(hidden->window);
  }
}

static void add_device(SightFindings *findings) {
  SightOccurrences *occurrences = findings->analysis->occurrences;
  const char *browser = NULL, *system = NULL;
  sight_device_parts(findings->agent, &browser, &system);
  sight_occurrences_term(occurrences, SIGHT_TERM_BROWSER, browser);
  sight_occurrences_term(occurrences, SIGHT_TERM_OS, system);
  sight_occurrences_term(occurrences, SIGHT_TERM_DEVICE,
                         sight_device_class(findings->agent, findings->viewport_w, findings->viewport_h));
  sight_occurrences_number(occurrences, SIGHT_NUMBER_WIDTH, findings->viewport_w);
}

static void add_numbers(SightFindings *findings, gint64 active_ms) {
  SightOccurrences *occurrences = findings->analysis->occurrences;
  const SightSession *session = findings->analysis->session;
  sight_occurrences_number(occurrences, SIGHT_NUMBER_STARTED, session->started_ms / 1000);
  sight_occurrences_number(occurrences, SIGHT_NUMBER_LENGTH, session->duration_ms);
  sight_occurrences_number(occurrences, SIGHT_NUMBER_ACTIVE, active_ms);
  sight_occurrences_number(occurrences, SIGHT_NUMBER_FRICTION, (gint64)(session->friction * 100 + 0.5));
  sight_occurrences_number(occurrences, SIGHT_NUMBER_PAGES, session->n_pages);
  sight_occurrences_number(occurrences, SIGHT_NUMBER_CLICKS, session->n_clicks);
  sight_occurrences_number(occurrences, SIGHT_NUMBER_SIGNALS, session->n_signals);
}

static gint64 from_start(const SightFindings *findings, gint64 at_ms, gint64 duration_ms) {
  gint64 difference = 0;
  if (__builtin_sub_overflow(at_ms, findings->first_ms, &difference))
    return 0;
  return CLAMP(difference, 0, duration_ms);
}

void sight_terms_complete(SightFindings *findings) {
  SightAnalysis *analysis = findings->analysis;
  SightOccurrences *occurrences = analysis->occurrences;
  gint64 duration_ms = analysis->session->duration_ms;
  for (guint i = 0; i < occurrences->moments->len; i++) {
    SightOccurrence *moment = &g_array_index(occurrences->moments, SightOccurrence, i);
    moment->start_ms = from_start(findings, moment->start_ms, duration_ms);
    moment->end_ms = from_start(findings, moment->end_ms, duration_ms);
  }
  add_hidden(findings, duration_ms);
  g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < analysis->pages->len; i++)
    g_hash_table_insert(places, analysis->pages->pdata[i], GINT_TO_POINTER((int)i));
  for (guint i = 0; i < occurrences->moments->len; i++) {
    SightOccurrence *moment = &g_array_index(occurrences->moments, SightOccurrence, i);
    if (moment->view >= 0)
      moment->view = GPOINTER_TO_INT(g_hash_table_lookup(places, findings->views->pdata[moment->view]));
    else
      moment->view = view_at(analysis->pages, findings->windows->pdata[OF_WINDOW(moment->view)], moment->start_ms);
  }
  add_pages(occurrences, analysis->pages, findings->measures);
  mark_dead(occurrences, analysis->signals);
  add_signals(occurrences, analysis->signals, analysis->pages);
  add_ends(occurrences, analysis->session);
  add_device(findings);
  sight_terms_add(findings, SIGHT_TERM_RELEASE, findings->release);
  add_numbers(findings, add_stretches(findings, duration_ms));
  for (guint field = 0; field < SIGHT_N_TERM_FIELDS; field++) {
    if (occurrences->left_out[field] > 0)
      sight_occurrences_term(occurrences, SIGHT_TERM_LEFT_OUT, sight_term_field_info((SightTermField)field)->name);
  }
  sight_occurrences_sort(occurrences);
}

gulong sight_terms_n_left_out(const SightOccurrences *occurrences) {
  gulong n = 0;
  for (guint field = 0; field < SIGHT_N_TERM_FIELDS; field++)
    n += occurrences->left_out[field];
  return n;
}

/* Renaming. */

static SightTermField field_of(const SightOccurrences *occurrences, guint link) {
  guint place = g_array_index(occurrences->links, guint, link);
  return g_array_index(occurrences->terms, SightTerm, place).field;
}

static guint copy_term(SightOccurrences *copy, const SightOccurrences *old, guint place) {
  const SightTerm *term = &g_array_index(old->terms, SightTerm, place);
  return sight_occurrences_term(copy, term->field, term->value);
}

static void copy_moment(SightOccurrences *copy, const SightOccurrences *old, const SightOccurrence *moment) {
  guint first = copy_term(copy, old, g_array_index(old->links, guint, moment->first));
  SightOccurrence *copied = sight_occurrences_moment(copy, first, moment->start_ms, moment->end_ms);
  if (copied == NULL)
    return;
  copied->view = moment->view;
  copied->count = moment->count;
  copied->amount = moment->amount;
  copied->severe = moment->severe;
  if (moment->n_numbers > 0)
    sight_occurrences_measure(copy, &g_array_index(old->numbers, int, moment->first_number), moment->n_numbers);
  for (guint i = 1; i < moment->n_terms; i++)
    sight_occurrences_also(copy, copy_term(copy, old, g_array_index(old->links, guint, moment->first + i)));
}

static void array_free(gpointer data) {
  g_array_unref(data);
}

/* What was measured of the views, as add_pages() takes it. */
static GHashTable *measures_of(const SightOccurrences *old, GPtrArray *pages) {
  GHashTable *measures = g_hash_table_new_full(NULL, NULL, NULL, array_free);
  for (guint i = 0; i < old->moments->len; i++) {
    const SightOccurrence *moment = &g_array_index(old->moments, SightOccurrence, i);
    if (field_of(old, moment->first) != SIGHT_TERM_PAGE || moment->n_numbers == 0 || moment->view < 0 ||
        (guint)moment->view >= pages->len)
      continue;
    GArray *measured = g_array_new(FALSE, FALSE, sizeof(int));
    g_array_append_vals(measured, &g_array_index(old->numbers, int, moment->first_number), moment->n_numbers);
    g_hash_table_insert(measures, pages->pdata[moment->view], measured);
  }
  return measures;
}

SightOccurrences *sight_terms_rename(const SightOccurrences *old, const SightSession *session, GPtrArray *pages,
                                     GPtrArray *signals) {
  SightOccurrences *copy = sight_occurrences_new();
  g_autofree gboolean *of_moment = g_new0(gboolean, old->terms->len + 1);
  for (guint i = 0; i < old->links->len; i++)
    of_moment[g_array_index(old->links, guint, i)] = TRUE;
  for (guint i = 0; i < old->terms->len; i++) {
    SightTermField field = g_array_index(old->terms, SightTerm, i).field;
    gboolean is_friction =
        field == SIGHT_TERM_BIT && g_str_has_prefix(g_array_index(old->terms, SightTerm, i).value, "friction ");
    if (!of_moment[i] && field != SIGHT_TERM_ENTRY && field != SIGHT_TERM_EXIT && !is_friction)
      copy_term(copy, old, i);
  }
  for (guint i = 0; i < old->moments->len; i++) {
    const SightOccurrence *moment = &g_array_index(old->moments, SightOccurrence, i);
    SightTermField field = field_of(old, moment->first);
    if (field != SIGHT_TERM_PAGE && field != SIGHT_TERM_SIGNAL)
      copy_moment(copy, old, moment);
  }
  memcpy(copy->left_out, old->left_out, sizeof copy->left_out);
  g_autoptr(GHashTable) measures = measures_of(old, pages);
  add_pages(copy, pages, measures);
  add_signals(copy, signals, pages);
  add_ends(copy, session);
  sight_occurrences_number(copy, SIGHT_NUMBER_FRICTION, (gint64)(session->friction * 100 + 0.5));
  sight_occurrences_sort(copy);
  return copy;
}
