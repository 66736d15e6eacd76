/* SPDX-License-Identifier: MIT */
/* Walking a parsed document: every look-up reads the tape directly. */
#include "sight-json-private.h"

#include "sight-json-writer.h"

#include <string.h>

#define COUNT_SATURATED 0xFFFFFF

static inline guint64 tape_word(SightJson value) {
  return ((const SightJsonDocument *)value.document)->tape[value.index];
}

static inline char tape_kind(guint64 word) {
  return (char)(word >> 56);
}

static inline gsize after_element(const SightJsonDocument *document, gsize index) {
  guint64 word = document->tape[index];
  char kind = tape_kind(word);
  if (kind == '"')
    return index + 1;
  if (kind == '{' || kind == '[')
    return (guint32)word;
  return kind == 'l' || kind == 'u' || kind == 'd' ? index + 2 : index + 1;
}

static inline const char *tape_string(const SightJsonDocument *document, guint64 word, gsize *bytes) {
  const unsigned char *at = document->strings + (word & G_GUINT64_CONSTANT(0x00FFFFFFFFFFFFFF));
  guint32 length;
  memcpy(&length, at, sizeof length);
  *bytes = length;
  return (const char *)at + sizeof length;
}

SightJsonType sight_json_type(SightJson value) {
  if (value.document == NULL)
    return SIGHT_JSON_ABSENT;
  switch (tape_kind(tape_word(value))) {
  case 'n':
    return SIGHT_JSON_NULL;
  case 't':
  case 'f':
    return SIGHT_JSON_BOOL;
  case 'l':
  case 'u':
  case 'd':
    return SIGHT_JSON_NUMBER;
  case '"':
    return SIGHT_JSON_STRING;
  case '[':
    return SIGHT_JSON_ARRAY;
  case '{':
    return SIGHT_JSON_OBJECT;
  default:
    return SIGHT_JSON_ABSENT;
  }
}

SightJson sight_json_get_len(SightJson object, const char *key, gsize key_bytes) {
  SightJson absent = {NULL, 0};
  if (object.document == NULL)
    return absent;
  const SightJsonDocument *document = object.document;
  const guint64 *tape = document->tape;
  guint64 word = tape[object.index];
  if (tape_kind(word) != '{')
    return absent;
  gsize end = (guint32)word - 1;
  for (gsize at = object.index + 1; at < end; at = after_element(document, at + 1)) {
    gsize bytes;
    const char *text = tape_string(document, tape[at], &bytes);
    /* The last byte tells most keys of one length apart. */
    if (bytes == key_bytes && (bytes == 0 || (text[bytes - 1] == key[bytes - 1] && memcmp(text, key, bytes) == 0)))
      return (SightJson){document, at + 1};
  }
  return absent;
}

gint64 sight_json_int(SightJson value, gint64 fallback) {
  if (value.document == NULL)
    return fallback;
  const guint64 *word = &((const SightJsonDocument *)value.document)->tape[value.index];
  char kind = tape_kind(*word);
  if (kind == 'l')
    return (gint64)word[1];
  if (kind == 'u')
    return word[1] > (guint64)G_MAXINT64 ? G_MAXINT64 : (gint64)word[1];
  if (kind != 'd')
    return fallback;
  double number;
  memcpy(&number, &word[1], sizeof number);
  if (number >= 9223372036854775808.0)
    return G_MAXINT64;
  return number < -9223372036854775808.0 ? G_MININT64 : (gint64)number;
}

double sight_json_double(SightJson value, double fallback) {
  if (value.document == NULL)
    return fallback;
  const guint64 *word = &((const SightJsonDocument *)value.document)->tape[value.index];
  char kind = tape_kind(*word);
  if (kind == 'l')
    return (double)(gint64)word[1];
  if (kind == 'u')
    return (double)word[1];
  if (kind != 'd')
    return fallback;
  double number;
  memcpy(&number, &word[1], sizeof number);
  return number;
}

gboolean sight_json_bool(SightJson value, gboolean fallback) {
  if (value.document == NULL)
    return fallback;
  char kind = tape_kind(tape_word(value));
  return kind == 't' ? TRUE : kind == 'f' ? FALSE : fallback;
}

const char *sight_json_string(SightJson value, gsize *bytes) {
  gsize length = 0;
  const char *text = NULL;
  if (value.document != NULL && tape_kind(tape_word(value)) == '"')
    text = tape_string(value.document, tape_word(value), &length);
  if (bytes != NULL)
    *bytes = length;
  return text;
}

gsize sight_json_length(SightJson value) {
  if (value.document == NULL)
    return 0;
  guint64 word = tape_word(value);
  if (tape_kind(word) != '{' && tape_kind(word) != '[')
    return 0;
  gsize count = (word >> 32) & COUNT_SATURATED;
  if (count < COUNT_SATURATED)
    return count;
  count = 0;
  for (SightJsonIter it = sight_json_iter(value); sight_json_next(&it);)
    count++;
  return count;
}

SightJsonIter sight_json_iter(SightJson container) {
  SightJsonIter iter = {.container = container};
  if (container.document == NULL)
    return iter;
  guint64 word = tape_word(container);
  if (tape_kind(word) != '{' && tape_kind(word) != '[')
    return iter;
  iter.next = container.index + 1;
  iter.end = (guint32)word - 1;
  return iter;
}

gboolean sight_json_next(SightJsonIter *iter) {
  if (iter->next >= iter->end)
    return FALSE;
  const SightJsonDocument *document = iter->container.document;
  gsize at = iter->next;
  if (tape_kind(document->tape[iter->container.index]) == '{') {
    iter->key = tape_string(document, document->tape[at], &iter->key_bytes);
    at++;
  }
  iter->value = (SightJson){document, at};
  iter->next = after_element(document, at);
  return TRUE;
}

static void append_scalar(SightJsonWriter *w, const SightJsonDocument *document, gsize index) {
  SightJson value = {document, index};
  gsize bytes;
  const char *text;
  switch (tape_kind(document->tape[index])) {
  case '"':
    text = tape_string(document, document->tape[index], &bytes);
    sight_json_put_string_len(w, text, bytes);
    return;
  case 'l':
    sight_json_put_int(w, sight_json_int(value, 0));
    return;
  case 'u':
    sight_json_put_uint(w, document->tape[index + 1]);
    return;
  case 'd':
    sight_json_put_double(w, sight_json_double(value, 0));
    return;
  case 't':
  case 'f':
    sight_json_put_bool(w, tape_kind(document->tape[index]) == 't');
    return;
  default:
    sight_json_put_null(w);
  }
}

/* One step along the tape. `open` holds the kinds of the containers that are not closed yet. */
static void append_word(SightJsonWriter *w, const SightJsonDocument *document, gsize index, GString *open,
                        gboolean *key_next) {
  char kind = tape_kind(document->tape[index]);
  if (kind == '}' || kind == ']') {
    if (kind == '}')
      sight_json_end_object(w);
    else
      sight_json_end_array(w);
    g_string_truncate(open, open->len - 1);
  } else if (*key_next) {
    gsize bytes;
    const char *key = tape_string(document, document->tape[index], &bytes);
    sight_json_key_len(w, key, bytes);
    *key_next = FALSE;
    return;
  } else if (kind == '{') {
    sight_json_begin_object(w);
    g_string_append_c(open, kind);
  } else if (kind == '[') {
    sight_json_begin_array(w);
    g_string_append_c(open, kind);
  } else {
    append_scalar(w, document, index);
  }
  *key_next = open->len > 0 && open->str[open->len - 1] == '{';
}

void sight_json_put_value(SightJsonWriter *w, SightJson value) {
  if (value.document == NULL) {
    sight_json_put_null(w);
    return;
  }
  const SightJsonDocument *document = value.document;
  g_autoptr(GString) open = g_string_new(NULL);
  gboolean key_next = FALSE;
  gsize end = after_element(document, value.index);
  for (gsize at = value.index; at < end;) {
    char kind = tape_kind(document->tape[at]);
    append_word(w, document, at, open, &key_next);
    at += kind == 'l' || kind == 'u' || kind == 'd' ? 2 : 1;
  }
}

void sight_json_append_value(GString *out, SightJson value) {
  SightJsonWriter w = {.out = out};
  sight_json_put_value(&w, value);
}
