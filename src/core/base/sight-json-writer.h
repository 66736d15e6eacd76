/* SPDX-License-Identifier: MIT */
/* Writing JSON: appends to a GString and keeps count of the commas. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Zero-initialised but for `out`: SightJsonWriter w = {.out = string}. Plain data, one thread at a time. */
typedef struct {
  GString *out;
  gboolean need_comma;
} SightJsonWriter;

void sight_json_begin_object(SightJsonWriter *w);
void sight_json_end_object(SightJsonWriter *w);
void sight_json_begin_array(SightJsonWriter *w);
void sight_json_end_array(SightJsonWriter *w);
void sight_json_key(SightJsonWriter *w, const char *key);
void sight_json_key_len(SightJsonWriter *w, const char *key, gsize bytes);
/* NULL writes null. Invalid UTF-8 is written as U+FFFD; "</" is written as "<\/" and "<!" as "\u003c!", so that the
 * text may stand in a script. */
void sight_json_put_string(SightJsonWriter *w, const char *text);
void sight_json_put_string_len(SightJsonWriter *w, const char *text, gsize bytes);
void sight_json_put_int(SightJsonWriter *w, gint64 number);
void sight_json_put_uint(SightJsonWriter *w, guint64 number);
/* NaN and the infinities, which JSON does not know, are written as null. */
void sight_json_put_double(SightJsonWriter *w, double number);
void sight_json_put_bool(SightJsonWriter *w, gboolean value);
void sight_json_put_null(SightJsonWriter *w);
/* Text that already is one JSON value. */
void sight_json_put_raw(SightJsonWriter *w, const char *json, gsize bytes);
/* Key and value at once. */
void sight_json_member_string(SightJsonWriter *w, const char *key, const char *text);
void sight_json_member_int(SightJsonWriter *w, const char *key, gint64 number);
void sight_json_member_bool(SightJsonWriter *w, const char *key, gboolean value);

G_END_DECLS
