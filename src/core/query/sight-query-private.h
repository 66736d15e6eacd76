/* SPDX-License-Identifier: MIT */
/* What the answers of fields share. Inside the query module only. */
#pragma once

#include "sight-cohort-rules.h"
#include "sight-moment.h"
#include "sight-query.h"
#include "sight-session-column.h"
#include "sight-term.h"

G_BEGIN_DECLS

struct SightQuery {
  SightDb *db;
  const SightFilter *filter;
  gint64 now_ms;
  SightSet *all;         /* every session */
  SightSet *converted;   /* NULL: nobody asked yet */
  GHashTable *folded;    /* texts of values by the text as it stands in the tree */
  GHashTable *values;    /* of terms by their number (gint64), as far as they were looked at */
  GHashTable *selectors; /* sight-element.c */
  guint64 kinds;         /* of the moments that the filter asks about */
  gboolean roughly;      /* moments are not looked into: whoever may match does */
  gboolean left_open;    /* roughly: that made a difference */
};

/* Whether a text is one of the values of a key; of a key without values: whether it is known. */
gboolean sight_query_text_is(SightQuery *query, const SightFilter *key, SightTakes takes, const char *text);
gboolean sight_query_number_is(SightQuery *query, const SightFilter *key, double number);
/* The bounds of one value, both included; a time is worked out. */
void sight_query_bounds(SightQuery *query, const SightField *field, const SightFilterValue *value, double *from,
                        double *to);

/* Answers of fields of sessions: the sessions of a key, and what one session has instead of what is wanted (NULL:
 * nothing to compare), the caller's. */
SightSet *sight_answer_all(SightQuery *query, const SightFilter *key, GError **error);
SightSet *sight_answer_number(SightQuery *query, const SightFilter *key, GError **error);
SightSet *sight_answer_term(SightQuery *query, const SightFilter *key, GError **error);
SightSet *sight_answer_state(SightQuery *query, const SightFilter *key, GError **error);
SightSet *sight_answer_session(SightQuery *query, const SightFilter *key, GError **error);
SightSet *sight_answer_sample(SightQuery *query, const SightFilter *key, GError **error);
SightSet *sight_answer_endpoint(SightQuery *query, const SightFilter *key, GError **error);
SightSet *sight_answer_converted(SightQuery *query, const SightFilter *key, GError **error);
SightSet *sight_answer_churned(SightQuery *query, const SightFilter *key, GError **error);
SightSet *sight_answer_high_exit(SightQuery *query, const SightFilter *key, GError **error);
char *sight_answer_has(SightQuery *query, const SightFilter *key, const SightSession *session);

/* Fills in what is said of a session that matches a part as a whole, and where watching it begins. */
gboolean sight_query_whole(SightQuery *query, const SightFilter *part, const SightSession *session,
                           SightQueryMoment *moment, GError **error);

/* Moments of one session of these kinds; NULL with error. */
SightMoments *sight_moments_read(SightQuery *query, const SightSession *session, guint64 kinds, GError **error);

/* Elements (sight-element.c). Whether a text is a selector of them: of elements without a signature nothing is known.
 */
gboolean sight_element_is_selector(const char *tainted_text);
GHashTable *sight_element_selectors_new(void);
/* Whether it can be one of a value, by its signature. */
gboolean sight_element_may_be(SightQuery *query, const char *value, const char *signature);
/* Whether a key has a value for which the pages of a session have to be gone through. */
gboolean sight_element_needs_page(SightQuery *query, const SightFilter *key);
/* Whether a moment of an element is of one of the key's values. */
gboolean sight_element_is(SightQuery *query, const SightFilter *key, const SightMoment *moment);
/* Adds the moments of values that need the page; those of the index are others. */
gboolean sight_element_add_moments(SightQuery *query, const SightSession *session, SightMoments *moments,
                                   GError **error);

/* The numbers (gint64) of the terms of a field whose value is one of a key's, the caller's; NULL with error. */
GArray *sight_terms_matching(SightQuery *query, SightTermField field, const SightFilter *key, SightTakes takes,
                             GError **error);
/* The sessions that have one of them, the caller's; NULL with error. */
SightSet *sight_terms_sessions(SightQuery *query, SightTermField field, const SightFilter *key, SightTakes takes,
                               GError **error);
/* The value of a term, borrowed from the query; NULL with error. */
const char *sight_terms_value(SightQuery *query, gint64 term, GError **error);
/* Sessions outside of which a key of moments has none, by what stands in its value and brackets as well; `*exact`: each
 * of them has one. The caller's; NULL with error. */
SightSet *sight_terms_candidates(SightQuery *query, const SightFilter *key, gboolean *exact, GError **error);
/* Sessions in which words stand, wherever. The caller's; NULL with error. */
SightSet *sight_terms_saying(SightQuery *query, const char *words, GError **error);

/* Whether a moment is one of a key of moments, with its value and what stands in brackets. */
gboolean sight_moment_is(SightQuery *query, const SightFilter *key, const SightMoment *moment);
/* Whether words stand in anything that a moment says. */
gboolean sight_moment_says(SightQuery *query, const char *words, const SightMoment *moment);
/* The indexes of the moments of one course of a sequence, the first that there is, appended to `steps` (guint; NULL:
 * none are wanted). FALSE: it never happened. */
gboolean sight_sequence_find(SightQuery *query, const SightFilter *sequence, const SightMoments *moments,
                             GArray *steps);
/* Asks the courses of `left`, where these tell all that the sequence asks: those in which it happened go to `found`,
 * and `left` keeps the sessions that have no course. */
gboolean sight_sequence_by_course(SightQuery *query, const SightFilter *sequence, SightSet *left, SightSet *found,
                                  GError **error);
/* Those of `within` for which a part of a filter holds, the caller's; NULL with error. The part must stay as long as
 * the query. */
SightSet *sight_query_ask(SightQuery *query, const SightFilter *part, const SightSet *within, GError **error);
/* Whether a part of a filter holds for one session: a set of it alone, or an empty one; NULL with error. */
SightSet *sight_query_part(SightQuery *query, const SightFilter *part, gint64 row, GError **error);
/* The text of a value, folded for what it takes; borrowed. */
const char *sight_query_folded(SightQuery *query, const char *text, SightTakes takes);

G_END_DECLS
