/* SPDX-License-Identifier: MIT */
/* Finding the end of a JSON value without reading it: what splits a long text into values that are parsed one by one.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the scan of one value stands; zeroed before its first byte, kept from one piece of text to the next. */
typedef struct {
  gsize depth;
  gboolean in_string, escaped;
} SightJsonScan;

/* Goes on with an array, object or string that begins with the first byte ever given to `scan`. Returns where the value
 * has ended (behind its last byte), or NULL where all bytes up to `end` belong to it and more must follow. Brackets are
 * only counted, whatever their kind: whether the value is valid is the parser's business. Linear; no recursion. */
const char *sight_json_scan(SightJsonScan *scan, const char *tainted_text, const char *end);

/* Where, in the beginning of the text of an object, the value of its first member of that name (as it is, without
 * escapes) begins whose first byte is `first`; NULL: not in what is there, or it is no object. Linear. */
const char *sight_json_find_member(const char *tainted_text, const char *end, const char *key, char first);

/* Whether a text of JSON can have more values than that: its commas are counted, and only where it is long enough. */
gboolean sight_json_has_more_values(const char *text, gsize bytes, guint64 max_values);

G_END_DECLS
