/* SPDX-License-Identifier: MIT */
/* A store in a folder of its own, filled with recordings written by hand, and their analysis. */
#pragma once

#include "sight-analysis.h"

G_BEGIN_DECLS

/* Where hand-written recordings begin on the wall clock. */
#define FIXTURE_START G_GINT64_CONSTANT(1700000000000)

typedef struct {
  char *folder;
  SightStore *store;
  SightRuleset *rules;
} AnalysisFixture;

void analysis_set_up(AnalysisFixture *fixture, gconstpointer data);
void analysis_tear_down(AnalysisFixture *fixture, gconstpointer data);

/* Stores a batch: `events` are JSON objects separated by commas, in which "@123" stands for the timestamp 123 ms after
 * the start. */
void analysis_put(AnalysisFixture *fixture, const char *session, const char *window, gint64 seq, const char *events);
/* The events as they are: any text of a JSON array; NULL: they were lost where they come from. */
void analysis_put_raw(AnalysisFixture *fixture, const char *session, const char *window, gint64 seq,
                      const char *json_array, gint64 first_ms, gint64 last_ms);
/* The events of a file, as one window. FALSE where it is no recording. */
gboolean analysis_import(AnalysisFixture *fixture, const char *path, const char *session);
gint64 analysis_row(AnalysisFixture *fixture, const char *session);
SightAnalysis *analysis_of(AnalysisFixture *fixture, const char *session);
/* One window, one batch. */
SightAnalysis *analysis_of_events(AnalysisFixture *fixture, const char *events);

guint analysis_count(const SightAnalysis *analysis, SightSignalKind kind);
guint analysis_count_story(const SightAnalysis *analysis, SightStoryKind kind);
/* Every term and every moment, one a line, in order: "field=value", or "from-to view: field=value, …". Bits of numbers
 * are left out, and elements and texts too unless `all`. */
char *analysis_describe_terms(const SightOccurrences *occurrences, gboolean all);
/* Holds for every recording, whatever is in it. */
void analysis_check_invariants(const SightAnalysis *analysis);

/* A page with a button (id 10, "Pay now"), a text (20), a field (30, "E-mail"), a clock (40, text 41). */
#define FIXTURE_META                                                                                                   \
  "{\"type\":4,\"data\":{\"href\":\"https://shop.example/cart?a=1\",\"width\":1280,\"height\":800},\"timestamp\":@0}"
extern const char *const analysis_page;

#define analysis_test(path, function)                                                                                  \
  g_test_add(path, AnalysisFixture, NULL, analysis_set_up, function, analysis_tear_down)

G_END_DECLS
