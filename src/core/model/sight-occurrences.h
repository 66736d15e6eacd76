/* SPDX-License-Identifier: MIT */
/* SightOccurrences: every term that one session has, and the moments at which it had them. What the index is made of:
 * analysis fills it, the store keeps it, filters look in it where sets of sessions are not enough. */
#pragma once

#include "sight-term.h"

G_BEGIN_DECLS

/* Owns its value. */
typedef struct {
  SightTermField field;
  char *value;
} SightTerm;

/* Its terms stand together in `links`; the first says what it is, the others are its target, its text … */
typedef struct {
  gint64 start_ms, end_ms; /* from the start of the session */
  int view;                /* of which page, as a number of the session's page views in time order; -1: none */
  int count, amount;       /* of a signal; 1 and 0 for others */
  gboolean severe;         /* of a click: it was dead; of a field: its form was left there */
  guint first, n_terms;
  guint first_number, n_numbers; /* what was measured of it: sight-usage.h tells what */
} SightOccurrence;

/* Plain data: read as you like. */
typedef struct {
  GArray *terms;                       /* of SightTerm, each once */
  GArray *moments;                     /* of SightOccurrence */
  GArray *links;                       /* of guint: places in `terms` */
  GArray *numbers;                     /* of int: what was measured of moments */
  guint left_out[SIGHT_N_TERM_FIELDS]; /* how often a value or a moment of each field found no room */
  GHashTable *places;                  /* its own: what is known already */
} SightOccurrences;

#define SIGHT_NO_TERM G_MAXUINT

SightOccurrences *sight_occurrences_new(void);
void sight_occurrences_free(SightOccurrences *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightOccurrences, sight_occurrences_free)

/* The place of a term, which is added where it is new. SIGHT_NO_TERM where the value is NULL or empty though the field
 * has values, or the field is full: that is counted. */
guint sight_occurrences_term(SightOccurrences *self, SightTermField field, const char *value);
/* A moment of that term, on no page, to be filled in by the caller at once; NULL where there is none (SIGHT_NO_TERM) or
 * there are too many. Valid until the next one. */
SightOccurrence *sight_occurrences_moment(SightOccurrences *self, guint term, gint64 start_ms, gint64 end_ms);
/* Adds a term to the newest moment. */
void sight_occurrences_also(SightOccurrences *self, guint term);
/* Adds what was measured to the newest moment. */
void sight_occurrences_measure(SightOccurrences *self, const int *numbers, guint n);
void sight_occurrences_number(SightOccurrences *self, SightNumber number, gint64 value);
/* Puts the moments in the order of time. */
void sight_occurrences_sort(SightOccurrences *self);

/* As bytes, and back. `rows` gives for each term the number under which it is stored; the packed form names terms by
 * these, and unpacked ones have no values yet. */
GByteArray *sight_occurrences_pack(const SightOccurrences *self, const gint64 *rows);
/* The numbers of the terms, in the order of `terms`, go to `rows` (of gint64). NULL where the bytes are damaged. */
SightOccurrences *sight_occurrences_unpack(const guint8 *data, gsize bytes, GArray *rows);

/* Ascending numbers as bytes. */
void sight_numbers_pack(GByteArray *out, const gint64 *numbers, guint n);
/* Appends them; FALSE where the bytes are damaged. */
gboolean sight_numbers_unpack(const guint8 *data, gsize bytes, GArray *numbers);

G_END_DECLS
