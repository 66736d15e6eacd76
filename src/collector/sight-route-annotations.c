/* SPDX-License-Identifier: MIT */
/* Annotations of teammates: tags, notes, settings; idempotent by id. */
#include "sight-annotation-json.h"
#include "sight-annotation-table.h"
#include "sight-limits.h"
#include "sight-project.h"
#include "sight-route.h"
#include "sight-text.h"

typedef struct {
  SightCall *call;
  gint64 limit, n, last;
  SightJsonWriter *writer;
} Listing;

/* FALSE: the page is full. */
static gboolean append(const SightAnnotation *annotation, gint64 revision, gpointer user_data) {
  Listing *listing = user_data;
  sight_annotation_write(listing->writer, annotation);
  listing->last = revision;
  listing->n++;
  return listing->n < listing->limit && listing->call->answer->len < SIGHT_WIRE_ANSWER_BYTES;
}

static gboolean list_annotations(SightDb *db, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  SightCall *call = listing->call;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, call->key->project, error);
  if (project == NULL || !sight_route_read_cursor(call, db, project, "after", &listing->last, error))
    return FALSE;
  if (call->status != 0)
    return TRUE;
  SightJsonWriter w = sight_call_begin(call);
  listing->writer = &w;
  sight_json_key(&w, "annotations");
  sight_json_begin_array(&w);
  if (!sight_annotation_table_each_changed(db, project->row, listing->last, append, listing, error))
    return FALSE;
  sight_json_end_array(&w);
  g_autofree char *cursor = sight_project_cursor(project, db, listing->last, error);
  if (cursor == NULL)
    return FALSE;
  sight_json_member_string(&w, "cursor", cursor);
  sight_json_member_bool(&w, "more", listing->n == listing->limit || call->answer->len >= SIGHT_WIRE_ANSWER_BYTES);
  sight_json_end_object(&w);
  return TRUE;
}

void sight_route_list_annotations(SightCall *call) {
  Listing listing = {.call = call};
  if (!sight_call_query_int(call, "limit", 1, SIGHT_WIRE_ANSWER_ROWS, SIGHT_WIRE_ANSWER_ROWS, &listing.limit))
    return;
  g_autoptr(GError) error = NULL;
  if (!sight_store_read(call->store, list_annotations, &listing, &error))
    sight_call_fail(call, error);
}

typedef struct {
  SightAnnotation *annotation;
  gboolean changed;
} Put;

static gboolean put(SightDb *db, gpointer user_data, GError **error) {
  Put *p = user_data;
  return sight_annotation_table_put(db, p->annotation, SIGHT_ANNOTATION_OF_WORKSTATION, &p->changed, error);
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
  Put p = {.annotation = annotation};
  if (!sight_store_write(call->store, SIGHT_WRITE_DURABLE, put, &p, &error)) {
    sight_call_fail(call, error);
    return;
  }
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_bool(&w, "stored", p.changed);
  sight_json_member_int(&w, "updated_at", annotation->updated_ms);
  sight_json_end_object(&w);
}
