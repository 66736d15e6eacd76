/* SPDX-License-Identifier: MIT */
/* What sessions did on a page and in a form, as bytes that are read for a hundred thousand sessions at once: the
 * moments of one session about one subject, without their times but for signals. Made of its occurrences by the store.
 */
#pragma once

#include "sight-occurrences.h"

G_BEGIN_DECLS

/* A view of a page has these shares of its height from the top downwards. */
#define SIGHT_USAGE_BANDS 20

/* What is measured of moments, by the place of the number. Lengths are in px, shares in thousandths, times in ms. */
enum {
  /* CLICK: where in the element; not there where that is not known. */
  SIGHT_CLICK_X,
  SIGHT_CLICK_Y,
};
enum {
  /* PAGE: the viewport and the document; 0: not known */
  SIGHT_VIEW_VIEWPORT,
  SIGHT_VIEW_HEIGHT,
  SIGHT_VIEW_REACHED, /* lowest px that came into view */
  SIGHT_VIEW_DEPTH,   /* the greatest share of the height that was reached; -1 where the height is not known */
  SIGHT_VIEW_BANDS,   /* and from here how long the middle of each band was in view of a visible tab, if any was */
};
enum {
  /* FILLED: how often it was sent */
  SIGHT_FILLED_SENT,
};
enum {
  /* FORM_FIELD */
  SIGHT_FIELD_TIME,
  SIGHT_FIELD_REFILLS,
  SIGHT_FIELD_FILLED, /* 0 or 1 */
  SIGHT_FIELD_PLACE,  /* in the order in which it got the focus first, from 0 */
};

enum {
  /* SIGNAL, of its problem */
  SIGHT_MET_START,  /* ms from the start of the session */
  SIGHT_MET_COUNT,  /* clicks, times */
  SIGHT_MET_AMOUNT, /* as the kind of the signal has it */
  SIGHT_MET_TARGET, /* 1 where its first TARGET is the label; 0: there is none */
};

#define SIGHT_USAGE_MAX_TERMS 8
#define SIGHT_USAGE_MAX_NUMBERS (SIGHT_VIEW_BANDS + SIGHT_USAGE_BANDS)

/* A moment of a subject. */
typedef struct {
  SightTermField field;                /* of its first term */
  gint64 terms[SIGHT_USAGE_MAX_TERMS]; /* numbers of its terms; of one in a form the last is its page */
  guint n_terms;
  gint64 length_ms;
  gboolean severe;
  int numbers[SIGHT_USAGE_MAX_NUMBERS];
  guint n_numbers;
} SightUsage;

/* Appends one moment. */
void sight_usage_pack(GByteArray *out, const SightUsage *usage);
/* Reads the next one and moves `*data` and `*bytes` behind it; FALSE at the end, and where the bytes are damaged. */
gboolean sight_usage_unpack(const guint8 **data, gsize *bytes, SightUsage *usage);

G_END_DECLS
