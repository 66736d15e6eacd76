/* SPDX-License-Identifier: MIT */
/* The tables of Explore: what each is called, its columns, and how it is asked. Without widgets. */
#pragma once

#include "sight-store.h"
#include "sight-ui-explore-row.h"

G_BEGIN_DECLS

#define SIGHT_UI_EXPLORE_COLUMNS 8

/* How far a question is: the worker counts, the window reads. Kept by g_atomic_rc_box_acquire(). */
typedef struct {
  int n_done, n_total; /* sessions; read and written by g_atomic_int_get() and _set() */
} SightUiExploreProgress;

/* Under which filter is asked; `flow` is what stands in the table's entry: a sequence, or "" for one made of the most
 * viewed pages, told apart by the values of the key `by` where it is not NULL; or a selector. */
typedef struct {
  const char *filter, *flow, *by;
  gboolean strict; /* nothing else of their kinds comes between the steps */
  gint64 endpoint; /* 0: all */
  GCancellable *cancellable;
  SightUiExploreProgress *progress; /* for what is costly */
  /* Where the table can be told apart by a key: names of variants (of char) are appended, and pages that may be a step,
   * the most viewed first; the steps that were asked for, also where nobody wrote any. */
  GPtrArray *variants, *pages;
  GString *steps;
} SightUiExploreAsk;

typedef struct {
  const char *name, *title, *icon; /* title: untranslated */
  /* Untranslated; the first is a text, the others are numbers but those of `texts`. */
  const char *columns[SIGHT_UI_EXPLORE_COLUMNS];
  guint texts;         /* a bit for each column */
  guint bar;           /* column that the chart shows; 0: there is none */
  const char *asked;   /* untranslated: what its entry is for; NULL: it has none */
  const char *example; /* untranslated, of what may stand there */
  gboolean has_keys;   /* what it asks for can be told apart by a key */
  gboolean is_costly;  /* it reads whole recordings: not asked again for every change */
  const char *act;     /* untranslated, with a mnemonic: what can be done about a row; NULL: nothing */
  const char *nothing; /* untranslated: what to say where there is no row */
  /* Appends SightUiExploreRow to `rows`. Inside sight_store_read(), on a worker. */
  gboolean (*run)(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error);
} SightUiExploreTable;

/* All of them, `*n`, in the order in which they are shown. */
const SightUiExploreTable *sight_ui_explore_tables(guint *n);

G_END_DECLS
