/* SPDX-License-Identifier: MIT */
/* Courses as bytes: the terms once each, ascending, then the moments with their places among them. */
#include "sight-course.h"

#include "sight-varint.h"

/* What a term of a course tells of the moments that have it. */
typedef struct {
  guint64 first; /* steps of which a moment may be that begins with it */
  guint64 has;   /* steps of which it is one of the terms */
} Place;

SightCourse *sight_course_new(void) {
  SightCourse *course = g_new0(SightCourse, 1);
  course->moments = g_array_new(FALSE, FALSE, sizeof(SightCourseMoment));
  course->places = g_array_new(FALSE, FALSE, sizeof(Place));
  return course;
}

void sight_course_free(SightCourse *course) {
  if (course == NULL)
    return;
  g_array_unref(course->moments);
  g_array_unref(course->places);
  g_free(course);
}

gboolean sight_course_has(SightTermField field) {
  return field != SIGHT_TERM_SEEN && field != SIGHT_TERM_IN_PAGE && field != SIGHT_TERM_ELEMENT &&
         field != SIGHT_TERM_FORM_FIELD && field != SIGHT_TERM_MESSAGE;
}

/* As the moments of one session are kept (core/query/sight-moment.c): what reaches into the recording begins with it.
 */
static gboolean is_in(const SightOccurrences *occurrences, const SightOccurrence *moment, gint64 duration_ms) {
  guint place = g_array_index(occurrences->links, guint, moment->first);
  return moment->end_ms >= 0 && moment->start_ms <= duration_ms &&
         sight_course_has(g_array_index(occurrences->terms, SightTerm, place).field);
}

static int by_number(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

/* The terms of the moments that are in it, ascending, each once. */
static GArray *terms_of(const SightOccurrences *occurrences, const gint64 *rows, gint64 duration_ms) {
  GArray *terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  guint n = 0;
  for (guint i = 0; i < occurrences->moments->len; i++) {
    const SightOccurrence *moment = &g_array_index(occurrences->moments, SightOccurrence, i);
    for (guint j = 0; is_in(occurrences, moment, duration_ms) && j < moment->n_terms; j++)
      g_array_append_val(terms, rows[g_array_index(occurrences->links, guint, moment->first + j)]);
  }
  g_array_sort(terms, by_number);
  for (guint i = 0; i < terms->len; i++) {
    gint64 term = g_array_index(terms, gint64, i);
    if (n == 0 || g_array_index(terms, gint64, n - 1) != term)
      g_array_index(terms, gint64, n++) = term;
  }
  g_array_set_size(terms, n);
  return terms;
}

GByteArray *sight_course_pack(const SightOccurrences *occurrences, const gint64 *rows, gint64 duration_ms) {
  GByteArray *out = g_byte_array_new();
  g_autoptr(GArray) terms = terms_of(occurrences, rows, duration_ms);
  gint64 last_ms = 0;
  sight_numbers_pack(out, (const gint64 *)(gpointer)terms->data, terms->len);
  for (guint i = 0; i < occurrences->moments->len; i++) {
    const SightOccurrence *moment = &g_array_index(occurrences->moments, SightOccurrence, i);
    if (!is_in(occurrences, moment, duration_ms))
      continue;
    gint64 start_ms = MAX(moment->start_ms, 0);
    sight_put_signed(out, start_ms - last_ms);
    sight_put(out, moment->n_terms);
    for (guint j = 0; j < moment->n_terms; j++) {
      guint place = 0;
      g_array_binary_search(terms, &rows[g_array_index(occurrences->links, guint, moment->first + j)], by_number,
                            &place);
      sight_put(out, place);
    }
    last_ms = start_ms;
  }
  return out;
}

/* The place of the first term that is not less, from `at` on. */
static guint not_before(const SightCourseTerm *terms, guint at, guint n, gint64 term) {
  while (at < n) {
    guint middle = at + (n - at) / 2;
    if (terms[middle].term < term)
      at = middle + 1;
    else
      n = middle;
  }
  return at;
}

/* The terms stand in ascending order, as those of the steps do: each is looked for behind the one before. */
static guint read_places(SightReader *reader, const SightCourseSteps *steps, GArray *places) {
  const SightCourseTerm *terms = (const SightCourseTerm *)(gconstpointer)steps->terms->data;
  guint n = sight_get_count(reader), at = 0;
  guint64 term = 0;

  g_array_set_size(places, n);
  for (guint i = 0; i < n; i++) {
    Place *place = &g_array_index(places, Place, i);
    term += sight_get(reader);
    at = not_before(terms, at, steps->terms->len, (gint64)term);
    guint64 field = term >> SIGHT_TERM_FIELD_SHIFT;
    place->first = field < SIGHT_N_TERM_FIELDS ? steps->fields[field] : 0;
    place->has = steps->any | (at < steps->terms->len && terms[at].term == (gint64)term ? terms[at].steps : 0);
  }
  return n;
}

gboolean sight_course_find(const guint8 *data, gsize bytes, const SightCourseSteps *steps, SightCourse *course) {
  SightReader reader = {.at = data, .end = data + bytes};
  guint n_places = read_places(&reader, steps, course->places);
  const Place *places = (const Place *)(gconstpointer)course->places->data;
  guint64 start_ms = 0;

  g_array_set_size(course->moments, 0);
  while (reader.at < reader.end && !reader.damaged) {
    start_ms += (guint64)sight_get_signed(&reader);
    guint64 first = 0, has = 0;
    guint n = sight_get_count(&reader);
    for (guint i = 0; i < n; i++) {
      guint64 place = sight_get(&reader);
      if (place >= n_places)
        return FALSE;
      first = i == 0 ? places[place].first : first;
      has |= places[place].has;
    }
    SightCourseMoment moment = {(gint64)start_ms, first & has};
    if (moment.steps != 0)
      g_array_append_val(course->moments, moment);
  }
  return !reader.damaged;
}
