/* SPDX-License-Identifier: MIT */
/* Where in the text of a filter a place is. Inside the query module only. */
#pragma once

#include "sight-field.h"

G_BEGIN_DECLS

/* The value of the condition that stands in the rest of a filter where the place is; few will look for it. */
#define SIGHT_COMPLETION_MARK "‸1"

typedef struct {
  guint from, to;           /* the word, without a "-" before it */
  int key;                  /* where the key begins in whose brackets it is; -1: in none */
  guint key_end;            /* behind those */
  guint n_open;             /* "(" without ")" in the whole text */
  const SightField *within; /* of that key; NULL: in no brackets */
  const SightField *field;  /* whose name or value is being written; NULL: a key or words are */
  gboolean wants_name;      /* "trait.pl" */
  gboolean is_words;        /* begins with a quote */
  char *name;               /* of trait.NAME; NULL: none */
  char *before;             /* what stays of the word: "release:2.4,"; NULL: nothing does */
  char *typed;              /* what of it is written, without quotes */
} SightPlace;

/* `text` is UTF-8, `cursor` within it. FALSE: nothing may stand there. Strings are the place's own. */
gboolean sight_place_find(SightPlace *place, const char *text, guint cursor);
void sight_place_clear(SightPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightPlace, sight_place_clear)
/* The whole text with a condition for SIGHT_COMPLETION_MARK in the place of the word, or of the key in whose brackets
 * it is; brackets that are still open are closed. The caller's. */
char *sight_place_rest(const SightPlace *place, const char *text);

G_END_DECLS
