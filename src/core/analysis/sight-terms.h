/* SPDX-License-Identifier: MIT */
/* From findings to the terms and moments of the index. */
#pragma once

#include "sight-findings.h"

G_BEGIN_DECLS

/* A term of the session as a whole; the text is cut and cleaned. Nothing where it is NULL or empty. */
void sight_terms_add(SightFindings *findings, SightTermField field, const char *tainted_text);
/* The same as NAME=VALUE. */
void sight_terms_add_pair(SightFindings *findings, SightTermField field, const char *tainted_name, SightJson value);
/* A moment in one of the windows; wall clock. FALSE where it is none. More terms of it come by the next two. */
gboolean sight_terms_add_moment(SightFindings *findings, guint window, SightTermField field, const char *tainted_text,
                                gint64 start_ms, gint64 end_ms);
void sight_terms_also(SightFindings *findings, SightTermField field, const char *tainted_text);
void sight_terms_also_pair(SightFindings *findings, SightTermField field, const char *tainted_name, SightJson value);

/* Of the moment that was added last; see sight-usage.h. */
void sight_terms_measure(SightFindings *findings, const int *numbers, guint n);
void sight_terms_is_severe(SightFindings *findings);
/* What was measured of a view of a page. */
void sight_terms_measure_view(SightFindings *findings, const SightPageView *view, const int *numbers, guint n);

/* A stretch in which a term of the page stood, by its place; FALSE where there are too many. */
gboolean sight_terms_add_standing(SightFindings *findings, guint window, guint term, gint64 start_ms, gint64 end_ms);

/* Once the analysis is complete: times from its start, pages, signals, numbers; everything in order. */
void sight_terms_complete(SightFindings *findings);

/* The same occurrences where pages and signals have other names now. The caller's. */
SightOccurrences *sight_terms_rename(const SightOccurrences *old, const SightSession *session, GPtrArray *pages,
                                     GPtrArray *signals);

/* How many values and moments found no room. */
gulong sight_terms_n_left_out(const SightOccurrences *occurrences);

G_END_DECLS
