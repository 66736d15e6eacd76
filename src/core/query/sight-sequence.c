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

/* A step as terms. */
typedef struct {
  guint64 fields;     /* of which field the first term of a moment may be, as bits */
  GHashTable *wanted; /* terms (gint64) of which the moment must have one; NULL: any will do */
} Step;

typedef struct {
  Search search;
  GArray *steps; /* of Step */
  const SightCourse *course;
  SightSet *left, *found;
} InCourse;

G_STATIC_ASSERT(SIGHT_N_TERM_FIELDS <= 64);

static void step_clear(gpointer data) {
  g_clear_pointer(&((Step *)data)->wanted, g_hash_table_unref);
}

static void in_course_clear(InCourse *self) {
  search_clear(&self->search);
  g_array_unref(self->steps);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(InCourse, in_course_clear)

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

static guint64 fields_of(guint64 moments) {
  guint64 fields = (moments & SIGHT_MOMENT_SIGNALS) != 0 ? G_GUINT64_CONSTANT(1) << SIGHT_TERM_SIGNAL : 0;

  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
    if ((moments & SIGHT_MOMENT_BIT(kinds[i].kind)) != 0)
      fields |= G_GUINT64_CONSTANT(1) << kinds[i].field | G_GUINT64_CONSTANT(1) << kinds[i].other;
  }
  return fields;
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

static gboolean want(SightQuery *query, Step *step, SightTermField field, const SightFilter *key, SightTakes takes,
                     GError **error) {
  g_autoptr(GArray) terms = sight_terms_matching(query, field, key, takes, error);

  for (guint i = 0; terms != NULL && i < terms->len; i++)
    g_hash_table_add(step->wanted, g_memdup2(&g_array_index(terms, gint64, i), sizeof(gint64)));
  return terms != NULL;
}

static gboolean want_signals(SightQuery *query, Step *step, guint64 moments, GError **error) {
  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++) {
    gint64 term =
        (moments & SIGHT_MOMENT_BIT(kind)) == 0
            ? 0
            : sight_term_table_find(query->db, SIGHT_TERM_SIGNAL, sight_signal_kind_name((SightSignalKind)kind), error);
    if (term < 0)
      return FALSE;
    if (term > 0)
      g_hash_table_add(step->wanted, g_memdup2(&term, sizeof term));
  }
  return TRUE;
}

static gboolean fill_step(SightQuery *query, const SightFilter *key, Step *step, GError **error) {
  SightTermField field = (SightTermField)key->field->term;
  gboolean is_signal = (key->field->moments & SIGHT_MOMENT_SIGNALS) != 0;

  step->fields = fields_of(key->field->moments);
  if (key->values->len == 0 && !is_signal)
    return TRUE;
  step->wanted = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  if (key->values->len == 0)
    return want_signals(query, step, key->field->moments, error);
  return want(query, step, field, key, key->field->takes, error) &&
         (field != SIGHT_TERM_CLICK || want(query, step, SIGHT_TERM_CLICKED, key, SIGHT_TAKES_NAME, error));
}

static gboolean is_in_course(guint step, guint moment, gpointer user_data) {
  const InCourse *self = user_data;
  const Step *wanted = &g_array_index(self->steps, Step, step);
  guint first = g_array_index(self->course->firsts, guint, moment);
  guint end = g_array_index(self->course->firsts, guint, moment + 1);

  if (first == end ||
      (wanted->fields >> sight_term_field_of(g_array_index(self->course->terms, gint64, first)) & 1) == 0)
    return FALSE;
  for (guint i = first; wanted->wanted != NULL && i < end; i++) {
    if (g_hash_table_contains(wanted->wanted, &g_array_index(self->course->terms, gint64, i)))
      return TRUE;
  }
  return wanted->wanted == NULL;
}

static gboolean look_at(gint64 session, const SightCourse *course, gpointer user_data) {
  InCourse *self = user_data;

  self->course = course;
  g_array_set_size(self->search.starts, 0);
  g_array_append_vals(self->search.starts, course->starts->data, course->starts->len);
  fill_tables(&self->search, is_in_course, self);
  if (run(&self->search, NULL))
    sight_set_add(self->found, session);
  sight_set_remove(self->left, session);
  return TRUE;
}

gboolean sight_sequence_by_course(SightQuery *query, const SightFilter *sequence, SightSet *left, SightSet *found,
                                  GError **error) {
  g_auto(InCourse) self = {.steps = g_array_new(FALSE, TRUE, sizeof(Step)), .left = left, .found = found};
  g_autoptr(SightSet) asked = sight_set_copy(left);

  search_init(&self.search, sequence);
  g_array_set_clear_func(self.steps, step_clear);
  for (guint i = 0; i < sequence->parts->len; i++) {
    Step step = {0};
    if (!is_by_terms(sequence->parts->pdata[i]))
      return TRUE;
    gboolean filled = fill_step(query, sequence->parts->pdata[i], &step, error);
    g_array_append_val(self.steps, step);
    if (!filled)
      return FALSE;
  }
  return sight_course_table_each(query->db, asked, look_at, &self, error);
}
