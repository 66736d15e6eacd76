/* SPDX-License-Identifier: MIT */
/* Reads the usages of a problem's sessions; terms that many problems share are read once. */
#include "sight-problem-meetings.h"

#include "sight-analysis-table.h"
#include "sight-query.h"
#include "sight-session-table.h"
#include "sight-term-table.h"
#include "sight-usage-table.h"

#include <string.h>

struct SightProblemMeetings {
  SightDb *db;
  GHashTable *texts; /* of char by term (gint64) */
};

/* One meeting, as far as it is known without its texts. */
typedef struct {
  gint64 row, at_ms, length_ms;
  gint64 page, target, message; /* terms; 0: none */
  int kind, count, amount;
  gboolean severe;
} Meeting;

typedef struct {
  gint64 page;
  guint n;
} PageCount;

typedef struct {
  SightProblemMeetings *self;
  gint64 row;
  int kind;     /* of which signals tell what it is: dead clicks of rage clicks are about these; -1: of any */
  gboolean any; /* of this session */
  gboolean is_first_known;
  Meeting first, clearest;
  GArray *pages; /* of PageCount */
  GError *error;
} Reading;

void sight_problem_met_clear(SightProblemMet *met) {
  g_free(met->page);
  g_free(met->target);
  g_free(met->message);
  g_free(met->session);
  g_free(met->reason);
}

SightProblemMeetings *sight_problem_meetings_new(SightDb *db) {
  SightProblemMeetings *self = g_new0(SightProblemMeetings, 1);

  self->db = db;
  self->texts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  return self;
}

void sight_problem_meetings_free(SightProblemMeetings *self) {
  if (self == NULL)
    return;
  g_hash_table_unref(self->texts);
  g_free(self);
}

/* Borrowed; NULL of no term, and with error. */
static const char *text_of(SightProblemMeetings *self, gint64 term, GError **error) {
  char *text = term != 0 ? g_hash_table_lookup(self->texts, &term) : NULL;

  if (term == 0 || text != NULL)
    return text;
  text = sight_term_table_value(self->db, term, error);
  if (text != NULL)
    g_hash_table_insert(self->texts, g_memdup2(&term, sizeof term), text);
  return text;
}

static void count_page(Reading *reading, gint64 page) {
  PageCount one = {page, 1};

  for (guint i = 0; page != 0 && i < reading->pages->len; i++) {
    PageCount *count = &g_array_index(reading->pages, PageCount, i);
    count->n += count->page == page;
    if (count->page == page)
      return;
  }
  if (page != 0)
    g_array_append_val(reading->pages, one);
}

/* The severe one, then the one with more clicks; of equal ones the first stays. */
static void take(Reading *reading, const Meeting *meeting) {
  const Meeting *best = &reading->clearest;

  if (reading->kind >= 0 && meeting->kind != reading->kind)
    return;

  reading->any = TRUE;
  count_page(reading, meeting->page);
  if (!reading->is_first_known)
    reading->first = *meeting;
  if (!reading->is_first_known || meeting->severe > best->severe ||
      (meeting->severe == best->severe && meeting->count > best->count))
    reading->clearest = *meeting;
  reading->is_first_known = TRUE;
}

static int kind_of(Reading *reading, gint64 term) {
  const char *name = reading->error == NULL ? text_of(reading->self, term, &reading->error) : NULL;

  return name != NULL ? sight_signal_kind_from_name(name) : -1;
}

static gboolean read_usage(gint64 session, const guint8 *data, gsize bytes, gpointer user_data) {
  Reading *reading = user_data;
  SightUsage usage;

  while (sight_usage_unpack(&data, &bytes, &usage)) {
    Meeting meeting = {.row = session, .length_ms = usage.length_ms, .severe = usage.severe};
    if (usage.field != SIGHT_TERM_SIGNAL || usage.n_numbers <= SIGHT_MET_TARGET)
      continue;
    meeting.at_ms = usage.numbers[SIGHT_MET_START];
    meeting.count = usage.numbers[SIGHT_MET_COUNT];
    meeting.amount = usage.numbers[SIGHT_MET_AMOUNT];
    meeting.kind = kind_of(reading, usage.terms[0]);
    for (guint i = 1; i < usage.n_terms; i++) {
      SightTermField field = sight_term_field_of(usage.terms[i]);
      if (field == SIGHT_TERM_TARGET && meeting.target == 0 && usage.numbers[SIGHT_MET_TARGET] != 0)
        meeting.target = usage.terms[i];
      else if (field == SIGHT_TERM_TEXT)
        meeting.message = usage.terms[i];
      else if (field == SIGHT_TERM_PAGE)
        meeting.page = usage.terms[i];
    }
    if (meeting.kind >= 0)
      take(reading, &meeting);
  }
  return TRUE;
}

/* 0 where there is no such term, -1 on error. */
static gint64 term_of(SightProblemMeetings *self, SightTermField field, const char *value, GError **error) {
  return value != NULL && value[0] != '\0' ? sight_term_table_find(self->db, field, value, error) : 0;
}

static gboolean read_signals(Reading *reading, gint64 problem, GError **error) {
  SightProblemMeetings *self = reading->self;
  g_autoptr(GPtrArray) signals = sight_signal_table_list(self->db, reading->row, error);
  const char *value = signals != NULL ? text_of(self, problem, error) : NULL;
  g_autofree char *id = value != NULL ? sight_query_problem(value) : NULL;

  for (guint i = 0; id != NULL && i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    g_autofree char *of_it = sight_query_problem(sight_signal_problem(signal, signals));
    Meeting meeting = {.row = reading->row,
                       .at_ms = signal->start_ms,
                       .length_ms = signal->end_ms - signal->start_ms,
                       .kind = (int)signal->kind,
                       .count = signal->count,
                       .amount = signal->magnitude,
                       .severe = signal->severe};
    if (!g_str_equal(of_it, id))
      continue;
    meeting.page = term_of(self, SIGHT_TERM_PAGE, signal->page, error);
    meeting.target = term_of(self, SIGHT_TERM_TARGET, signal->target, error);
    meeting.message = term_of(self, SIGHT_TERM_TEXT, signal->message, error);
    if (meeting.page < 0 || meeting.target < 0 || meeting.message < 0)
      return FALSE;
    take(reading, &meeting);
  }
  return id != NULL;
}

int sight_problem_kind(const char *value) {
  g_autofree char *name = g_strndup(value, strcspn(value, " "));

  return sight_signal_kind_from_name(name);
}

/* Of equal ones the first by name, so that the answer is the same each time. */
static gboolean fill_page(Reading *reading, SightProblemMet *met, GError **error) {
  const char *most = NULL;
  guint n_most = 0;

  for (guint i = 0; i < reading->pages->len; i++) {
    const PageCount *count = &g_array_index(reading->pages, PageCount, i);
    const char *page = count->n >= n_most ? text_of(reading->self, count->page, error) : NULL;
    if (count->n < n_most)
      continue;
    if (page == NULL)
      return FALSE;
    if (count->n > n_most || g_strcmp0(page, most) < 0)
      most = page;
    n_most = count->n;
  }
  met->page = g_strdup(most);
  return TRUE;
}

static gboolean fill_clearest(Reading *reading, SightProblemMet *met, GError **error) {
  SightProblemMeetings *self = reading->self;
  const Meeting *clearest = &reading->clearest;
  const char *target = text_of(self, clearest->target, error), *message = text_of(self, clearest->message, error);

  if ((clearest->target != 0 && target == NULL) || (clearest->message != 0 && message == NULL))
    return FALSE;
  const SightSignal signal = {.kind = (SightSignalKind)clearest->kind,
                              .start_ms = clearest->at_ms,
                              .end_ms = clearest->at_ms + clearest->length_ms,
                              .target = (char *)target,
                              .message = (char *)message,
                              .count = clearest->count,
                              .magnitude = clearest->amount,
                              .severe = clearest->severe};
  met->reason = sight_signal_reason(&signal);
  met->row = clearest->row;
  met->at_ms = clearest->at_ms;
  return sight_session_table_name(self->db, clearest->row, &met->endpoint, &met->session, error);
}

gboolean sight_problem_meetings_read(SightProblemMeetings *self, gint64 problem, const gint64 *rows, guint n,
                                     SightProblemMet *met, GError **error) {
  g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(PageCount));
  const char *value = text_of(self, problem, error);
  Reading reading = {.self = self, .pages = pages};

  if (value == NULL)
    return FALSE;
  reading.kind = sight_problem_kind(value);
  gboolean read = TRUE;
  for (guint i = 0; read && reading.error == NULL && i < n; i++) {
    reading.row = rows[i];
    reading.any = FALSE;
    read = sight_usage_table_of(self->db, problem, rows[i], read_usage, &reading, error) &&
           (reading.any || reading.error != NULL || read_signals(&reading, problem, error));
  }
  if (reading.error != NULL) {
    g_propagate_error(read ? error : NULL, reading.error);
    return FALSE;
  }
  if (!read || !reading.is_first_known)
    return read;
  met->kind = (SightSignalKind)reading.first.kind;
  met->target = g_strdup(text_of(self, reading.first.target, error));
  met->message = g_strdup(text_of(self, reading.first.message, error));
  return fill_page(&reading, met, error) && fill_clearest(&reading, met, error);
}
