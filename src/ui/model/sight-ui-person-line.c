/* SPDX-License-Identifier: MIT */
/* Sessions that overlap are one stretch; stretches share the width by how long they were. */
#include "sight-ui-person-line.h"

/* No mark is cut at the ends. */
#define INSET (SIGHT_UI_PERSON_MARK / 2 + 1)
#define STRETCH_LEAST 10.0
#define STRETCH_MORE 6.0 /* for each further session in it */
#define SPAN_LEAST 3.0
#define FOLD 14.0
#define MAX_LANES 4

/* Sessions from `first` up to `end`. */
typedef struct {
  guint first, end;
  gint64 start_ms, end_ms;
} Stretch;

void sight_ui_person_line_free(SightUiPersonLine *line) {
  g_array_unref(line->spans);
  g_array_unref(line->folds);
  g_array_unref(line->marks);
  g_free(line);
}

static const SightUiPersonSession *session_at(const SightUiPerson *person, guint i) {
  return person->sessions->pdata[i];
}

static GArray *find_stretches(const SightUiPerson *person) {
  GArray *stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));

  for (guint i = 0; i < person->sessions->len; i++) {
    const SightUiPersonSession *session = session_at(person, i);
    Stretch *last = stretches->len > 0 ? &g_array_index(stretches, Stretch, stretches->len - 1) : NULL;
    if (last != NULL && session->start_ms < last->end_ms) {
      last->end = i + 1;
      last->end_ms = MAX(last->end_ms, session->end_ms);
      continue;
    }
    Stretch next = {i, i + 1, session->start_ms, session->end_ms};
    g_array_append_val(stretches, next);
  }
  return stretches;
}

static double least_of(const Stretch *stretch) {
  return STRETCH_LEAST + (stretch->end - stretch->first - 1) * STRETCH_MORE;
}

static double least_of_all(const GArray *stretches) {
  double least = 2 * INSET - FOLD;

  for (guint i = 0; i < stretches->len; i++)
    least += least_of(&g_array_index(stretches, Stretch, i)) + FOLD;
  return stretches->len > 0 ? least : 0;
}

double sight_ui_person_line_least(const SightUiPerson *person) {
  g_autoptr(GArray) stretches = find_stretches(person);

  return least_of_all(stretches);
}

/* The first lane that is free, else the one that is free next. */
static guint take_lane(gint64 *free_ms, const SightUiPersonSession *session) {
  guint lane = 0;

  for (guint i = 1; i < MAX_LANES && free_ms[lane] > session->start_ms; i++) {
    if (free_ms[i] <= session->start_ms || free_ms[i] < free_ms[lane])
      lane = i;
  }
  free_ms[lane] = MAX(free_ms[lane], session->end_ms);
  return lane;
}

static void place_stretch(SightUiPersonLine *line, const SightUiPerson *person, const Stretch *stretch, double x,
                          double width) {
  gint64 free_ms[MAX_LANES] = {G_MININT64, G_MININT64, G_MININT64, G_MININT64};
  double scale = width / (double)MAX(stretch->end_ms - stretch->start_ms, 1);
  guint n_lanes = 1;

  for (guint i = stretch->first; i < stretch->end; i++) {
    const SightUiPersonSession *session = session_at(person, i);
    SightUiPersonSpan span = {.lane = take_lane(free_ms, session)};
    span.x0 = x + (double)(session->start_ms - stretch->start_ms) * scale;
    span.x1 = x + (double)(session->end_ms - stretch->start_ms) * scale;
    if (span.x1 - span.x0 < SPAN_LEAST) {
      span.x0 = MIN(span.x0, x + width - SPAN_LEAST);
      span.x1 = span.x0 + SPAN_LEAST;
    }
    n_lanes = MAX(n_lanes, span.lane + 1);
    g_array_append_val(line->spans, span);
  }
  for (guint i = stretch->first; i < stretch->end; i++)
    g_array_index(line->spans, SightUiPersonSpan, i).n_lanes = n_lanes;
}

/* Of one person: which session, and which of its moments. */
typedef struct {
  const SightUiPersonMoment *moment;
  guint session;
} Candidate;

static int graver_first(gconstpointer a, gconstpointer b) {
  const Candidate *x = a, *y = b;
  int gravity_x = sight_signal_info((int)x->moment->kind)->gravity;
  int gravity_y = sight_signal_info((int)y->moment->kind)->gravity;

  if (gravity_x != gravity_y)
    return gravity_y - gravity_x;
  if (x->session != y->session)
    return x->session < y->session ? -1 : 1;
  return x->moment->at_ms < y->moment->at_ms ? -1 : x->moment->at_ms > y->moment->at_ms;
}

static int from_left(gconstpointer a, gconstpointer b) {
  double x = ((const SightUiPersonMark *)a)->x, y = ((const SightUiPersonMark *)b)->x;

  return x < y ? -1 : x > y;
}

/* Gravest first, each where none stands yet. */
static void place_marks(SightUiPersonLine *line, const SightUiPerson *person, guint width) {
  g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
  g_autofree guint8 *taken = g_malloc0(width + 1);

  for (guint i = 0; i < person->sessions->len; i++) {
    const GArray *moments = session_at(person, i)->moments;
    for (guint j = 0; j < moments->len; j++) {
      Candidate candidate = {&g_array_index(moments, SightUiPersonMoment, j), i};
      g_array_append_val(candidates, candidate);
    }
  }
  g_array_sort(candidates, graver_first);
  for (guint i = 0; i < candidates->len; i++) {
    const Candidate *candidate = &g_array_index(candidates, Candidate, i);
    SightUiPersonMark mark = {candidate->session, *candidate->moment, 0};
    mark.x = sight_ui_person_line_x(line, person, mark.session, mark.moment.at_ms);
    guint at = MIN((guint)mark.x, width);
    if (taken[at])
      continue;
    g_array_append_val(line->marks, mark);
    for (guint j = at > SIGHT_UI_PERSON_MARK ? at - SIGHT_UI_PERSON_MARK : 0;
         j <= MIN(at + SIGHT_UI_PERSON_MARK, width); j++)
      taken[j] = 1;
  }
  g_array_sort(line->marks, from_left);
}

SightUiPersonLine *sight_ui_person_line_new(const SightUiPerson *person, double width) {
  g_autoptr(GArray) stretches = find_stretches(person);
  SightUiPersonLine *line = g_new0(SightUiPersonLine, 1);
  double rest = MAX(width - least_of_all(stretches), 0), x = INSET, whole_ms = 0;

  line->spans = g_array_new(FALSE, FALSE, sizeof(SightUiPersonSpan));
  line->folds = g_array_new(FALSE, FALSE, sizeof(double));
  line->marks = g_array_new(FALSE, FALSE, sizeof(SightUiPersonMark));
  for (guint i = 0; i < stretches->len; i++) {
    const Stretch *stretch = &g_array_index(stretches, Stretch, i);
    whole_ms += (double)MAX(stretch->end_ms - stretch->start_ms, 1);
  }
  for (guint i = 0; i < stretches->len; i++) {
    const Stretch *stretch = &g_array_index(stretches, Stretch, i);
    double wide = least_of(stretch) + rest * (double)MAX(stretch->end_ms - stretch->start_ms, 1) / whole_ms;
    double middle = x - FOLD / 2;
    if (i > 0)
      g_array_append_val(line->folds, middle);
    place_stretch(line, person, stretch, x, wide);
    x += wide + FOLD;
  }
  place_marks(line, person, (guint)(x - FOLD + INSET));
  return line;
}

static gint64 length_of(const SightUiPerson *person, guint session) {
  return MAX(session_at(person, session)->end_ms - session_at(person, session)->start_ms, 1);
}

double sight_ui_person_line_x(const SightUiPersonLine *line, const SightUiPerson *person, guint session, gint64 at_ms) {
  const SightUiPersonSpan *span = &g_array_index(line->spans, SightUiPersonSpan, session);
  gint64 length_ms = length_of(person, session);

  return span->x0 + (span->x1 - span->x0) * (double)CLAMP(at_ms, 0, length_ms) / (double)length_ms;
}

gint64 sight_ui_person_line_ms(const SightUiPersonLine *line, const SightUiPerson *person, guint session, double x) {
  const SightUiPersonSpan *span = &g_array_index(line->spans, SightUiPersonSpan, session);

  return (gint64)((CLAMP(x, span->x0, span->x1) - span->x0) / (span->x1 - span->x0) *
                  (double)length_of(person, session));
}
