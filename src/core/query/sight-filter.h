/* SPDX-License-Identifier: MIT */
/* A filter: one text that picks sessions, and in each the moments that made it match. Its tree, parser and printer; the
 * grammar and the contract are told by sight-filter-help.h. */
#pragma once

#include "sight-field.h"

G_BEGIN_DECLS

#define SIGHT_FILTER_ERROR (sight_filter_error_quark())
GQuark sight_filter_error_quark(void);
typedef enum {
  SIGHT_FILTER_ERROR_SYNTAX, /* is none of the language */
} SightFilterError;

/* A longer one is refused. */
#define SIGHT_FILTER_MAX_BYTES (64 * 1024)
/* Brackets within brackets. */
#define SIGHT_FILTER_MAX_DEPTH 32

typedef enum {
  SIGHT_RELATION_IS,   /* text: pattern or words; a number: from */
  SIGHT_RELATION_MORE, /* than from; a time: after it */
  SIGHT_RELATION_LESS,
  SIGHT_RELATION_RANGE, /* from … to, both inclusive; one of them may be open */
} SightRelation;

/* In texts: what "*" stands for, any run of characters. */
#define SIGHT_FILTER_ANY_RUN '\1'

typedef struct {
  SightRelation relation;
  double from, to;      /* of numbers and durations (ms); NAN: open */
  char *text, *to_text; /* else; of times as written ("2026-05-26", "7d"); NULL: open. Owned */
} SightFilterValue;

typedef enum {
  SIGHT_FILTER_ALL,      /* every part */
  SIGHT_FILTER_ANY,      /* one of the parts, and none of those that only refuse */
  SIGHT_FILTER_NOT,      /* not the only part */
  SIGHT_FILTER_KEY,      /* a key, perhaps with values, perhaps with conditions in brackets */
  SIGHT_FILTER_WORDS,    /* words without a key */
  SIGHT_FILTER_SEQUENCE, /* the parts in this order of time: each a key of moments */
} SightFilterKind;

/* Plain data; owns what it points to. */
struct SightFilter {
  SightFilterKind kind;
  GPtrArray *parts;        /* of SightFilter; ALL and ANY have two at least, but for the filter of every session */
  const SightField *field; /* KEY */
  char *name;              /* KEY: the name in trait.NAME, variant.NAME and NAME=VALUE, or NULL */
  GPtrArray *values;       /* KEY: of SightFilterValue, any of them; empty: the key alone */
  SightFilter *inside;     /* KEY: conditions on the same moment, or NULL */
  char *text;              /* WORDS */
  gint64 within_ms;        /* a step of a sequence: at most so long after the one before; 0: whenever */
  gboolean absent;         /* a step of a sequence: does not come there */
};

/* NULL with an error that says where, what was expected, and the nearest key. `*at` (may be NULL) is then the byte
 * where it went wrong. An empty text is the filter of every session. Work and depth are bounded by the length of the
 * text. */
SightFilter *sight_filter_parse(const char *tainted_text, gsize *at, GError **error);
/* The text that gives this tree again, the caller's. */
char *sight_filter_print(const SightFilter *filter);
gboolean sight_filter_equal(const SightFilter *a, const SightFilter *b);
/* Whether it only takes sessions away. */
gboolean sight_filter_only_refuses(const SightFilter *filter);

/* The bounds of one value of a number, a duration or a time, both included; they may be infinite. */
void sight_filter_bounds(const SightField *field, const SightFilterValue *value, gint64 now_ms, double *from,
                         double *to);

/* Whether a session is in the sample that a key "sample" asks for: by its id alone, so the same everywhere. */
gboolean sight_filter_samples(const SightFilter *key, const char *session, gint64 now_ms);

SightFilter *sight_filter_new(SightFilterKind kind);
SightFilterValue *sight_filter_value_new(SightRelation relation);
void sight_filter_value_free(SightFilterValue *value);
void sight_filter_free(SightFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightFilter, sight_filter_free)

G_END_DECLS
