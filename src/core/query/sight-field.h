/* SPDX-License-Identifier: MIT */
/* The table of fields: one row for each key of the filter language. Whatever knows keys reads it: the parser, the
 * evaluator, the sentence, completion, `sightctl help filters` and the manual page. */
#pragma once

#include "sight-set.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_KEY_OF_SESSION, /* true or false of a session as a whole */
  SIGHT_KEY_OF_MOMENT,  /* has moments; takes brackets */
  SIGHT_KEY_INSIDE,     /* stands in brackets: a condition on the same moment */
} SightKeyPlace;

typedef enum {
  SIGHT_TAKES_NOTHING,
  SIGHT_TAKES_NAME,     /* the whole of a name, "*" for any run; case and accents are folded */
  SIGHT_TAKES_WORDS,    /* words of a text as they follow each other, the last one may go on; "*" makes it a NAME */
  SIGHT_TAKES_SELECTOR, /* a CSS selector: form > button#pay[disabled] */
  SIGHT_TAKES_NUMBER,   /* 3, >3, 2..5 */
  SIGHT_TAKES_STATUS,   /* a NUMBER or a class of them: 5xx */
  SIGHT_TAKES_DURATION, /* 90s, 2m, 1h30m, 1:48; a number alone is seconds */
  SIGHT_TAKES_TIME,     /* 7d (the last seven days), 2026-05-26, 2026-05-26T14:00, today */
} SightTakes;

typedef enum {
  SIGHT_NEEDS_VALUE = 1 << 0, /* says nothing alone */
  SIGHT_HAS_NAME = 1 << 1,    /* trait.NAME:VALUE; inside: NAME=VALUE */
} SightFieldFlags;

/* What a moment may have, as bits: a key inside of brackets asks for one of them. */
typedef enum {
  SIGHT_PART_PAGE = 1 << 0,
  SIGHT_PART_TARGET = 1 << 1,
  SIGHT_PART_TEXT = 1 << 2,
  SIGHT_PART_COUNT = 1 << 3,
  SIGHT_PART_LENGTH = 1 << 4,
  SIGHT_PART_STATUS = 1 << 5,
  SIGHT_PART_URL = 1 << 6,
  SIGHT_PART_SEVERE = 1 << 7,
  SIGHT_PART_PROPERTY = 1 << 8,
} SightMomentParts;

typedef struct SightField SightField;
typedef struct SightFilter SightFilter;
typedef struct SightQuery SightQuery;
struct SightField {
  const char *name;
  SightKeyPlace place;
  SightTakes takes;
  guint flags;                /* SightFieldFlags */
  const char *title;          /* untranslated: what it is, where conditions are listed ("Rage clicks") */
  const char *said, *denied;  /* untranslated: in a sentence; "%s" is the value. OF_MOMENT: what comes after "with" and
                                 "without"; INSIDE: what comes after that */
  const char *const *choices; /* the only values, or NULL */
  guint parts;                /* SightMomentParts. OF_MOMENT: what its moments have; INSIDE: what it asks for */
  const char *value;          /* OF_MOMENT: the key inside of brackets that its own value stands for */

  /* How it is answered. OF_SESSION: its sessions, by what follows where the function says so; NULL: nothing of it is
   * stored yet. OF_MOMENT: the kinds of its moments, as bits; 0: nothing of them is stored yet. */
  SightSet *(*sessions)(SightQuery *query, const SightFilter *key, GError **error);
  int number;        /* SightNumber */
  int term;          /* SightTermField; OF_MOMENT: of which its own value is one, INDEXED: of none */
  const char *state; /* sight-kept-table.h */
  guint64 moments;
};

/* All, by place and in the order in which they are told; `*n` of them. */
const SightField *sight_fields(gsize *n);
/* By name, letters of any case; NULL where there is none. */
const SightField *sight_field_find(const char *tainted_name, gsize bytes, gboolean inside);
/* The name nearest to a wrong one; NULL where none is near. */
const SightField *sight_field_nearest(const char *tainted_name, gsize bytes, gboolean inside);
const char *sight_field_title(const SightField *field); /* translated */

G_END_DECLS
