/* SPDX-License-Identifier: MIT */
/* Courses as bytes: the terms once each, ascending, then the moments with their places among them. */
#include "sight-course.h"

#include "sight-varint.h"

SightCourse *sight_course_new(void) {
  SightCourse *course = g_new0(SightCourse, 1);
  course->starts = g_array_new(FALSE, FALSE, sizeof(gint64));
  course->firsts = g_array_new(FALSE, FALSE, sizeof(guint));
  course->terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  return course;
}

void sight_course_free(SightCourse *course) {
  if (course == NULL)
    return;
  g_array_unref(course->starts);
  g_array_unref(course->firsts);
  g_array_unref(course->terms);
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

gboolean sight_course_unpack(const guint8 *data, gsize bytes, SightCourse *course) {
  SightReader reader = {.at = data, .end = data + bytes};
  gint64 last = 0;
  g_array_set_size(course->starts, 0);
  g_array_set_size(course->firsts, 0);
  g_array_set_size(course->terms, 0);
  /* The table of terms stands before the moments' own, and is taken away at the end. */
  guint n_table = sight_get_count(&reader);
  for (guint i = 0; i < n_table; i++) {
    last = (gint64)((guint64)last + sight_get(&reader));
    g_array_append_val(course->terms, last);
  }
  for (last = 0; reader.at < reader.end && !reader.damaged;) {
    guint first = course->terms->len - n_table;
    last = (gint64)((guint64)last + (guint64)sight_get_signed(&reader));
    g_array_append_val(course->starts, last);
    g_array_append_val(course->firsts, first);
    for (guint n = sight_get_count(&reader); n > 0; n--) {
      guint64 place = sight_get(&reader);
      if (place >= n_table)
        return FALSE;
      gint64 term = g_array_index(course->terms, gint64, place);
      g_array_append_val(course->terms, term);
    }
  }
  guint end = course->terms->len - n_table;
  g_array_append_val(course->firsts, end);
  g_array_remove_range(course->terms, 0, n_table);
  return !reader.damaged;
}
