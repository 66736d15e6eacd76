/* SPDX-License-Identifier: MIT */
/* Annotations of teammates: tags, notes, settings; idempotent by id. */
#include "sight-annotation-json.h"
#include "sight-limits.h"
#include "sight-route.h"
#include "sight-text.h"

typedef struct {
  SightCall *call;
  gint64 limit, n;
  SightJsonWriter *writer;
} Listing;

static gboolean is_full(const Listing *listing) {
  return listing->n == listing->limit || listing->call->answer->len >= SIGHT_WIRE_ANSWER_BYTES;
}

static gboolean append(const SightAnnotation *annotation, gpointer user_data) {
  Listing *listing = user_data;
  sight_annotation_write(listing->writer, annotation);
  listing->n++;
  return !is_full(listing);
}

void sight_route_list_annotations(SightCall *call) {
  Listing listing = {.call = call};
  if (!sight_call_query_int(call, "limit", 1, SIGHT_WIRE_ANSWER_ROWS, SIGHT_WIRE_ANSWER_ROWS, &listing.limit))
    return;
  g_autoptr(GError) error = NULL;
  g_autofree char *cursor = NULL;
  SightJsonWriter w = sight_call_begin(call);
  listing.writer = &w;
  sight_json_key(&w, "annotations");
  sight_json_begin_array(&w);
  if (!call->depot->kind->list_annotations(call->depot, call->key->project, sight_call_cursor(call), append, &listing,
                                           &cursor, &error)) {
    sight_call_fail(call, error);
    return;
  }
  sight_json_end_array(&w);
  sight_json_member_string(&w, "cursor", cursor);
  sight_json_member_bool(&w, "more", is_full(&listing));
  sight_json_end_object(&w);
}

void sight_route_put_annotation(SightCall *call) {
  if (!sight_id_is_valid(call->argument)) {
    sight_call_refuse(call, 422, "invalid", "id", "ids are 1 to 64 letters, digits, \"_\" and \"-\"");
    return;
  }
  g_autoptr(GString) tainted_text = sight_call_read_body(call, SIGHT_WIRE_ANNOTATION_BYTES);
  if (tainted_text == NULL)
    return;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  SightJson tainted_json = {0};
  if (!sight_json_parser_parse(parser, tainted_text->str, tainted_text->len, &tainted_json, &error)) {
    sight_call_refuse(call, 422, "invalid", "body", "%s", error->message);
    return;
  }
  const char *wrong = NULL;
  g_autoptr(SightAnnotation) annotation = sight_annotation_read(tainted_json, call->argument, &wrong);
  if (annotation == NULL) {
    sight_call_refuse(call, 422, "invalid", wrong, "\"%s\" is missing or wrong", wrong);
    return;
  }
  annotation->endpoint = call->key->project;
  gboolean changed = FALSE;
  if (!call->depot->kind->put_annotation(call->depot, annotation, &changed, &error)) {
    sight_call_fail(call, error);
    return;
  }
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_bool(&w, "stored", changed);
  sight_json_member_int(&w, "updated_at", annotation->updated_ms);
  sight_json_end_object(&w);
}
