/* SPDX-License-Identifier: MIT */
/* Reading JSON: a small C face over simdjson's document parser, for text that nobody vouches for. */
#pragma once

#include "sight-json-writer.h"

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

#define SIGHT_JSON_ERROR (sight_json_error_quark())
GQuark sight_json_error_quark(void);

typedef enum {
  SIGHT_JSON_ERROR_SYNTAX, /* not JSON, or not UTF-8 */
  SIGHT_JSON_ERROR_DEPTH,  /* nested deeper than the parser allows */
  SIGHT_JSON_ERROR_NUMBER, /* a number outside what a double can hold */
  SIGHT_JSON_ERROR_SIZE,   /* larger than 4 GiB, or no memory */
  SIGHT_JSON_ERROR_STRING, /* a string with an escape that is none, or half of a surrogate pair */
} SightJsonError;

/* Real pages nest a few hundred elements, each of which costs two levels of JSON. */
#define SIGHT_JSON_DEFAULT_DEPTH 4096

typedef enum {
  SIGHT_JSON_ABSENT, /* what a look-up of something that is not there gives */
  SIGHT_JSON_NULL,
  SIGHT_JSON_BOOL,
  SIGHT_JSON_NUMBER,
  SIGHT_JSON_STRING,
  SIGHT_JSON_ARRAY,
  SIGHT_JSON_OBJECT,
} SightJsonType;

/* A value inside the document that its parser read last: a plain pair, copied freely, valid until that parser parses
 * again or is freed. A zeroed one is SIGHT_JSON_ABSENT; every accessor takes any value of any type. */
typedef struct {
  const void *document;
  gsize index;
} SightJson;

/* One parser, one thread at a time. It keeps its buffers from one document to the next. */
typedef struct SightJsonParser SightJsonParser;

SightJsonParser *sight_json_parser_new(guint max_depth);
void sight_json_parser_free(SightJsonParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightJsonParser, sight_json_parser_free)

/* Parses one whole document of `bytes` bytes; the text is copied, so it may go away. FALSE with error set
 * (SIGHT_JSON_ERROR) where it is not valid JSON. On duplicate keys the first one is the one that look-ups find. */
gboolean sight_json_parser_parse(SightJsonParser *parser, const char *tainted_text, gsize bytes, SightJson *root,
                                 GError **error);
/* The same without the copy: at least SIGHT_JSON_PADDING bytes after the text must be readable, whatever they hold. */
#define SIGHT_JSON_PADDING 64
gboolean sight_json_parser_parse_padded(SightJsonParser *parser, const char *tainted_text, gsize bytes, SightJson *root,
                                        GError **error);

SightJsonType sight_json_type(SightJson value);
/* The member of an object; absent where `object` is not one or has no such key. Linear in the number of keys. */
SightJson sight_json_get_len(SightJson object, const char *key, gsize key_bytes);
static inline SightJson sight_json_get(SightJson object, const char *key) {
  return sight_json_get_len(object, key, strlen(key)); /* known to the compiler for most keys */
}
/* A number, or `fallback` where it is none. Fractions are cut; beyond the range of gint64 it is clamped. */
gint64 sight_json_int(SightJson value, gint64 fallback);
double sight_json_double(SightJson value, double fallback);
gboolean sight_json_bool(SightJson value, gboolean fallback);
/* Borrowed, NUL-terminated UTF-8 (it may also hold NULs inside: `bytes`, which may be NULL, tells the length);
 * NULL where it is not a string. */
const char *sight_json_string(SightJson value, gsize *bytes);
/* Elements of an array or members of an object; 0 for everything else. */
gsize sight_json_length(SightJson value);

/* Walks an array or an object: SightJsonIter it = sight_json_iter(v); while (sight_json_next(&it)) … it.key, it.value
 */
typedef struct {
  SightJson value;
  const char *key; /* NULL in an array; borrowed like a string */
  gsize key_bytes;
  /*< private >*/
  SightJson container;
  gsize next, end;
} SightJsonIter;

SightJsonIter sight_json_iter(SightJson container);
gboolean sight_json_next(SightJsonIter *iter);

/* Appends the value as compact JSON text. Deterministic; no recursion on depth. */
void sight_json_append_value(GString *out, SightJson value);
/* The same as the next value of what is being written. */
void sight_json_put_value(SightJsonWriter *w, SightJson value);

G_END_DECLS
