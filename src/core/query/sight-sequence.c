/* SPDX-License-Identifier: MIT */
/* Whether a sequence happened in a session: in the moments that are read of it, or, where its steps are terms, in its
 * course, which costs a hundredth of these. */
#include "sight-course-table.h"
#include "sight-index-table.h"
#include "sight-query-private.h"
#include "sight-term-table.h"

/* Tables over the moments of a session; each step of a sequence has a row of its own. Made once, used for each. */
typedef struct {
  const GPtrArray *steps; /* of SightFilter */
  GArray *starts;         /* of gint64, by moment, ascending */
  GArray *later;          /* of guint, by moment: the first that begins after it, or their number */
  GArray *is_next; /* of guint: the moment itself or the first after it that is one of the step, or their number */
  GArray *before;  /* of guint: the moment of the step before that leads here, or NONE */
  guint n;         /* moments */
} Search;

/* Whether a moment is one of a step. */
typedef gboolean (*IsFunc)(guint step, guint moment, gpointer user_data);

#define NONE G_MAXUINT
#define START (G_MAXUINT - 1)

static void search_init(Search *search, const SightFilter *sequence) {
  search->steps = sequence->parts;
  search->starts = g_array_new(FALSE, FALSE, sizeof(gint64));
  search->later = g_array_new(FALSE, FALSE, sizeof(guint));
  search->is_next = g_array_new(FALSE, FALSE, sizeof(guint));
  search->before = g_array_new(FALSE, FALSE, sizeof(guint));
}

static void search_clear(Search *search) {
  g_array_unref(search->starts);
  g_array_unref(search->later);
  g_array_unref(search->is_next);
  g_array_unref(search->before);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static gint64 start_of(const Search *search, guint moment) {
  return g_array_index(search->starts, gint64, moment);
}

static const SightFilter *step_at(const Search *search, guint step) {
  return search->steps->pdata[step];
}

static guint next_of(const Search *search, guint step, guint moment) {
  return g_array_index(search->is_next, guint, step * (search->n + 1) + moment);
}

static guint *before(const Search *search, guint step, guint moment) {
  return &g_array_index(search->before, guint, step * search->n + moment);
}

static void fill_tables(Search *search, IsFunc is, gpointer user_data) {
  guint n = search->n = search->starts->len;

  g_array_set_size(search->later, n + 1);
  g_array_set_size(search->is_next, search->steps->len * (n + 1));
  g_array_set_size(search->before, search->steps->len * n);
  guint *later = (guint *)(gpointer)search->later->data;
  for (guint i = n; i > 0; i--)
    later[i - 1] = i < n && start_of(search, i) == start_of(search, i - 1) ? later[i] : i;
  for (guint step = 0; step < search->steps->len; step++) {
    guint *next = &g_array_index(search->is_next, guint, step * (n + 1));
    next[n] = n;
    for (guint i = n; i > 0; i--) {
      next[i - 1] = is(step, i - 1, user_data) ? i - 1 : next[i];
      *before(search, step, i - 1) = NONE;
    }
  }
}

/* Whether a step that must be absent happened after `from` and before `to` (NONE: the end). */
static gboolean is_disturbed(const Search *search, guint first_step, guint end_step, guint from, guint to) {
  for (guint step = first_step; step < end_step; step++) {
    gint64 within_ms = step_at(search, step)->within_ms;
    guint at = next_of(search, step, g_array_index(search->later, guint, from));
    if (at < search->n && (to == NONE || start_of(search, at) < start_of(search, to)) &&
        (within_ms == 0 || start_of(search, at) - start_of(search, from) <= within_ms))
      return TRUE;
  }
  return FALSE;
}

/* Finds what leads to one moment of `step`: the latest moment of `last`, the step with a moment before it, from which
 * nothing disturbs and that is near enough. */
static void reach(Search *search, guint last, guint step, guint moment) {
  gint64 within_ms = step_at(search, step)->within_ms;

  for (guint from = moment; from > 0; from--) {
    gint64 waited = start_of(search, moment) - start_of(search, from - 1);
    if (within_ms > 0 && waited > within_ms)
      return;
    if (waited > 0 && *before(search, last, from - 1) != NONE &&
        !is_disturbed(search, last + 1, step, from - 1, moment)) {
      *before(search, step, moment) = from - 1;
      return;
    }
  }
}

/* From the last step with a moment back to the first. */
static void trace(const Search *search, guint step, guint moment, GArray *steps) {
  while (moment != START) {
    guint from = *before(search, step, moment);
    g_array_prepend_val(steps, moment);
    for (step--; from != START && step_at(search, step)->absent; step--)
      ;
    moment = from;
  }
}

static gboolean run(Search *search, GArray *steps) {
  guint n = search->n, last = 0;

  for (guint i = next_of(search, 0, 0); i < n; i = next_of(search, 0, i + 1))
    *before(search, 0, i) = START;
  for (guint step = 1; step < search->steps->len; step++) {
    if (step_at(search, step)->absent)
      continue;
    for (guint i = next_of(search, step, 0); i < n; i = next_of(search, step, i + 1))
      reach(search, last, step, i);
    last = step;
  }
  for (guint i = 0; i < n; i++) {
    if (*before(search, last, i) == NONE || is_disturbed(search, last + 1, search->steps->len, i, NONE))
      continue;
    if (steps != NULL)
      trace(search, last, i, steps);
    return TRUE;
  }
  return FALSE;
}

typedef struct {
  SightQuery *query;
  const SightFilter *sequence;
  const SightMoments *moments;
} InMoments;

static gboolean is_in_moments(guint step, guint moment, gpointer user_data) {
  const InMoments *self = user_data;

  return sight_moment_is(self->query, self->sequence->parts->pdata[step],
                         &g_array_index(self->moments->list, SightMoment, moment));
}

gboolean sight_sequence_find(SightQuery *query, const SightFilter *sequence, const SightMoments *moments,
                             GArray *steps) {
  InMoments self = {query, sequence, moments};
  g_auto(Search) search = {0};

  search_init(&search, sequence);
  for (guint i = 0; i < moments->list->len; i++)
    g_array_append_val(search.starts, g_array_index(moments->list, SightMoment, i).start_ms);
  fill_tables(&search, is_in_moments, &self);
  return run(&search, steps);
}

/* In courses */

typedef struct {
  Search search;
  const SightCourse *course;
  guint64 needed; /* the steps that must happen */
  SightSet *seen, *found;
} InCourse;

#define MAX_STEPS 64

static void in_course_clear(InCourse *self) {
  search_clear(&self->search);
  sight_set_free(self->seen);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(InCourse, in_course_clear)

static void steps_clear(SightCourseSteps *self) {
  g_array_unref(self->terms);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightCourseSteps, steps_clear)

static const struct {
  SightMomentKind kind;
  SightTermField field, other; /* of its first term */
} kinds[] = {
    {SIGHT_MOMENT_PAGE, SIGHT_TERM_PAGE, SIGHT_TERM_PAGE},
    {SIGHT_MOMENT_CLICK, SIGHT_TERM_CLICK, SIGHT_TERM_CLICKED},
    {SIGHT_MOMENT_TYPED_IN, SIGHT_TERM_TYPED, SIGHT_TERM_TYPED},
    {SIGHT_MOMENT_FORM, SIGHT_TERM_FORM, SIGHT_TERM_FORM},
    {SIGHT_MOMENT_EVENT, SIGHT_TERM_EVENT, SIGHT_TERM_EVENT},
    {SIGHT_MOMENT_FILLED, SIGHT_TERM_FILLED, SIGHT_TERM_FILLED},
    {SIGHT_MOMENT_IDLE, SIGHT_TERM_IDLE, SIGHT_TERM_IDLE},
    {SIGHT_MOMENT_HIDDEN, SIGHT_TERM_HIDDEN, SIGHT_TERM_HIDDEN},
};

static void may_begin(SightCourseSteps *steps, guint64 step, guint64 moments) {
  if ((moments & SIGHT_MOMENT_SIGNALS) != 0)
    steps->fields[SIGHT_TERM_SIGNAL] |= step;
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
    if ((moments & SIGHT_MOMENT_BIT(kinds[i].kind)) == 0)
      continue;
    steps->fields[kinds[i].field] |= step;
    steps->fields[kinds[i].other] |= step;
  }
}

/* Brackets and what signals are about besides their problem stand in no term of a moment. */
static gboolean is_by_terms(const SightFilter *step) {
  const SightField *field = step->field;
  guint64 told = SIGHT_MOMENT_SIGNALS;

  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    told |= SIGHT_MOMENT_BIT(kinds[i].kind);
  return step->inside == NULL && (field->moments & ~told) == 0 &&
         (step->values->len == 0 || field->term != SIGHT_TERM_INDEXED);
}

static void want_term(SightCourseSteps *steps, guint64 step, gint64 term) {
  SightCourseTerm wanted = {term, step};

  g_array_append_val(steps->terms, wanted);
}

static gboolean want(SightQuery *query, SightCourseSteps *steps, guint64 step, SightTermField field,
                     const SightFilter *key, SightTakes takes, GError **error) {
  g_autoptr(GArray) terms = sight_terms_matching(query, field, key, takes, error);

  for (guint i = 0; terms != NULL && i < terms->len; i++)
    want_term(steps, step, g_array_index(terms, gint64, i));
  return terms != NULL;
}

static gboolean want_signals(SightQuery *query, SightCourseSteps *steps, guint64 step, guint64 moments,
                             GError **error) {
  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++) {
    gint64 term =
        (moments & SIGHT_MOMENT_BIT(kind)) == 0
            ? 0
            : sight_term_table_find(query->db, SIGHT_TERM_SIGNAL, sight_signal_kind_name((SightSignalKind)kind), error);
    if (term < 0)
      return FALSE;
    if (term > 0)
      want_term(steps, step, term);
  }
  return TRUE;
}

static gboolean fill_step(SightQuery *query, const SightFilter *key, SightCourseSteps *steps, guint64 step,
                          GError **error) {
  SightTermField field = (SightTermField)key->field->term;
  gboolean is_signal = (key->field->moments & SIGHT_MOMENT_SIGNALS) != 0;

  may_begin(steps, step, key->field->moments);
  if (key->values->len == 0 && is_signal)
    return want_signals(query, steps, step, key->field->moments, error);
  if (key->values->len == 0) {
    steps->any |= step;
    return TRUE;
  }
  return want(query, steps, step, field, key, key->field->takes, error) &&
         (field != SIGHT_TERM_CLICK || want(query, steps, step, SIGHT_TERM_CLICKED, key, SIGHT_TAKES_NAME, error));
}

static int by_term(gconstpointer a, gconstpointer b) {
  gint64 x = ((const SightCourseTerm *)a)->term, y = ((const SightCourseTerm *)b)->term;

  return (x > y) - (x < y);
}

/* In order, and each once, with all its steps. */
static void sort_terms(GArray *terms) {
  guint n = 0;

  g_array_sort(terms, by_term);
  for (guint i = 0; i < terms->len; i++) {
    SightCourseTerm term = g_array_index(terms, SightCourseTerm, i);
    SightCourseTerm *last = n > 0 ? &g_array_index(terms, SightCourseTerm, n - 1) : NULL;
    if (last != NULL && last->term == term.term)
      last->steps |= term.steps;
    else
      g_array_index(terms, SightCourseTerm, n++) = term;
  }
  g_array_set_size(terms, n);
}

static gboolean is_in_course(guint step, guint moment, gpointer user_data) {
  const InCourse *self = user_data;

  return g_array_index(self->course->moments, SightCourseMoment, moment).steps >> step & 1;
}

static gboolean look_at(gint64 session, const SightCourse *course, gpointer user_data) {
  InCourse *self = user_data;
  guint64 met = 0;

  self->course = course;
  g_array_set_size(self->search.starts, 0);
  for (guint i = 0; i < course->moments->len; i++) {
    const SightCourseMoment *moment = &g_array_index(course->moments, SightCourseMoment, i);
    g_array_append_val(self->search.starts, moment->start_ms);
    met |= moment->steps;
  }
  sight_set_add(self->seen, session);
  if ((self->needed & ~met) != 0)
    return TRUE;
  fill_tables(&self->search, is_in_course, self);
  if (run(&self->search, NULL))
    sight_set_add(self->found, session);
  return TRUE;
}

gboolean sight_sequence_by_course(SightQuery *query, const SightFilter *sequence, SightSet *left, SightSet *found,
                                  GError **error) {
  g_auto(SightCourseSteps) steps = {.terms = g_array_new(FALSE, FALSE, sizeof(SightCourseTerm))};
  g_auto(InCourse) self = {.seen = sight_set_new(), .found = found};

  search_init(&self.search, sequence);
  for (guint i = 0; i < sequence->parts->len; i++) {
    const SightFilter *step = sequence->parts->pdata[i];
    guint64 bit = G_GUINT64_CONSTANT(1) << (i % MAX_STEPS);
    if (!is_by_terms(step) || i >= MAX_STEPS)
      return TRUE;
    if (!fill_step(query, step, &steps, bit, error))
      return FALSE;
    self.needed |= step->absent ? 0 : bit;
  }
  sort_terms(steps.terms);
  if (!sight_course_table_each(query->db, left, &steps, look_at, &self, error))
    return FALSE;
  sight_set_and_not(left, self.seen);
  return TRUE;
}
