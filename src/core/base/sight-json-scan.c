/* SPDX-License-Identifier: MIT */
/* Finding the end of a JSON value, 64 bytes at a time. */
#include "sight-json-scan.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 64

/* One bit for each byte of a block. */
typedef struct {
  guint64 quotes, backslashes, opens, closes;
} Marks;

#ifdef __SSE2__
static inline guint64 mask16(__m128i equal, guint shift) {
  return (guint64)(guint32)_mm_movemask_epi8(equal) << shift;
}

static inline Marks find_marks(const char *block) {
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
  const __m128i open = _mm_set1_epi8('{'), close = _mm_set1_epi8('}'), fold = _mm_set1_epi8(0x20);
  Marks marks = {0};
  for (guint i = 0; i < BLOCK; i += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
    __m128i folded = _mm_or_si128(bytes, fold); /* [ and ] differ from { and } by this bit */
    marks.quotes |= mask16(_mm_cmpeq_epi8(bytes, quote), i);
    marks.backslashes |= mask16(_mm_cmpeq_epi8(bytes, backslash), i);
    marks.opens |= mask16(_mm_cmpeq_epi8(folded, open), i);
    marks.closes |= mask16(_mm_cmpeq_epi8(folded, close), i);
  }
  return marks;
}
#else
static inline Marks find_marks(const char *block) {
  Marks marks = {0};
  for (guint i = 0; i < BLOCK; i++) {
    guint64 bit = G_GUINT64_CONSTANT(1) << i;
    char c = block[i];
    if (c == '"')
      marks.quotes |= bit;
    else if (c == '\\')
      marks.backslashes |= bit;
    else if ((c | 0x20) == '{')
      marks.opens |= bit;
    else if ((c | 0x20) == '}')
      marks.closes |= bit;
  }
  return marks;
}
#endif

/* The bytes that a backslash escapes: those after an odd run of backslashes. An addition carries along each run that
 * starts at an odd place, which tells odd runs from even ones. */
static inline guint64 find_escaped(guint64 backslashes, gboolean *escaped) {
  const guint64 odd = G_GUINT64_CONSTANT(0xAAAAAAAAAAAAAAAA);
  guint64 first = *escaped ? 1 : 0;
  if (backslashes == 0) {
    *escaped = FALSE;
    return first;
  }
  guint64 starts = backslashes & ~first;
  guint64 codes = (((starts << 1) | odd) - starts) ^ odd;
  guint64 result = codes ^ (backslashes | first);
  *escaped = ((codes & backslashes) >> 63) != 0;
  return result;
}

/* Ones from each odd bit of `quotes` up to before the next: the insides of strings. */
static inline guint64 fill_between(guint64 quotes) {
  for (guint shift = 1; shift < 64; shift *= 2)
    quotes ^= quotes << shift;
  return quotes;
}

/* The end of the value inside the block, or -1. */
static inline int scan_block(SightJsonScan *scan, const char *block) {
  Marks marks = find_marks(block);
  guint64 quotes = marks.quotes & ~find_escaped(marks.backslashes, &scan->escaped);
  guint64 strings = fill_between(quotes) ^ (scan->in_string ? G_MAXUINT64 : 0);
  scan->in_string = (strings >> 63) != 0;
  guint64 opens = marks.opens & ~strings;
  guint64 closes = marks.closes & ~strings;
  gsize n_closes = (gsize)__builtin_popcountll(closes);
  if (n_closes < scan->depth) {
    scan->depth += (gsize)__builtin_popcountll(opens) - n_closes;
    return -1;
  }
  for (guint64 both = opens | closes; both != 0; both &= both - 1) {
    guint64 bit = both & -both;
    if ((opens & bit) != 0)
      scan->depth++;
    else if (--scan->depth == 0)
      return __builtin_ctzll(bit) + 1;
  }
  return -1;
}

static inline gboolean scan_byte(SightJsonScan *scan, char c) {
  gboolean escaped = scan->escaped;
  scan->escaped = c == '\\' && !escaped;
  if (c == '"' && !escaped) {
    scan->in_string = !scan->in_string;
    return !scan->in_string && scan->depth == 0;
  }
  if (scan->in_string)
    return FALSE;
  if ((c | 0x20) == '{')
    scan->depth++;
  else if ((c | 0x20) == '}')
    return --scan->depth == 0;
  return FALSE;
}

const char *sight_json_scan(SightJsonScan *scan, const char *tainted_text, const char *end) {
  const char *at = tainted_text;
  while (at < end) {
    if (scan->depth > 0 && end - at >= BLOCK) {
      int inside = scan_block(scan, at);
      if (inside >= 0)
        return at + inside;
      at += BLOCK;
      continue;
    }
    if (scan_byte(scan, *at++))
      return at;
  }
  return NULL;
}

/* A place in a text. */
typedef struct {
  const char *at, *end;
} Cursor;

static gboolean skip_space(Cursor *cursor) {
  while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) != NULL && *cursor->at != '\0')
    cursor->at++;
  return cursor->at < cursor->end;
}

static gboolean skip_char(Cursor *cursor, char c) {
  if (!skip_space(cursor) || *cursor->at != c)
    return FALSE;
  cursor->at++;
  return TRUE;
}

static gboolean skip_value(Cursor *cursor) {
  if (!skip_space(cursor))
    return FALSE;
  if (strchr("{[\"", *cursor->at) != NULL && *cursor->at != '\0') {
    SightJsonScan scan = {0};
    const char *after = sight_json_scan(&scan, cursor->at, cursor->end);
    cursor->at = after != NULL ? after : cursor->end;
    return after != NULL;
  }
  const char *begin = cursor->at;
  while (cursor->at < cursor->end && strchr(",}] \t\r\n", *cursor->at) == NULL)
    cursor->at++;
  return cursor->at > begin;
}

const char *sight_json_find_member(const char *tainted_text, const char *end, const char *key, char first) {
  gsize key_bytes = strlen(key);
  Cursor cursor = {tainted_text, end};
  if (!skip_char(&cursor, '{'))
    return NULL;
  do {
    if (!skip_space(&cursor) || *cursor.at != '"')
      return NULL;
    const char *name = cursor.at;
    if (!skip_value(&cursor))
      return NULL;
    gboolean is_it = (gsize)(cursor.at - name) == key_bytes + 2 && memcmp(name + 1, key, key_bytes) == 0;
    if (!skip_char(&cursor, ':') || !skip_space(&cursor))
      return NULL;
    if (is_it && *cursor.at == first)
      return cursor.at;
    if (!skip_value(&cursor))
      return NULL;
  } while (skip_char(&cursor, ','));
  return NULL;
}

gboolean sight_json_has_more_values(const char *text, gsize bytes, guint64 max_values) {
  guint64 n_commas = 0;
  gboolean in_string = FALSE, escaped = FALSE;
  for (gsize i = 0; bytes > max_values && i < bytes; i++) {
    if (text[i] == '"' && !escaped)
      in_string = !in_string;
    n_commas += text[i] == ',' && !in_string;
    escaped = text[i] == '\\' && !escaped;
  }
  return n_commas >= max_values;
}
