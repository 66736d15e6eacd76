/* SPDX-License-Identifier: MIT */
/* Annotations of teammates: tags, notes, settings; idempotent by id. */
#include "sight-annotation-table.h"
#include "sight-json.h"
#include "sight-project.h"
#include "sight-route.h"
#include "sight-text.h"

#include <string.h>

#define MAX_ANNOTATIONS 1000
#define MAX_AUTHOR 200

static void put_annotation_json(SightJsonWriter *w, const SightAnnotation *annotation) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "id", annotation->id);
  sight_json_member_string(w, "session", annotation->session);
  sight_json_member_string(w, "kind", annotation->kind);
  sight_json_member_int(w, "at", annotation->at_ms);
  sight_json_member_string(w, "body", annotation->body);
  sight_json_member_string(w, "author", annotation->author);
  sight_json_member_int(w, "created_at", annotation->created_ms);
  sight_json_member_int(w, "updated_at", annotation->updated_ms);
  sight_json_member_bool(w, "deleted", annotation->deleted);
  sight_json_end_object(w);
}

typedef struct {
  SightCall *call;
  gint64 limit;
} Listing;

static gboolean list_annotations(SightDb *db, gpointer user_data, GError **error) {
  const Listing *listing = user_data;
  SightCall *call = listing->call;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, call->key->project, error);
  if (project == NULL)
    return FALSE;
  gint64 after = 0;
  const char *tainted_cursor = call->query != NULL ? g_hash_table_lookup(call->query, "after") : NULL;
  if (!sight_project_read_cursor(project, tainted_cursor, &after)) {
    sight_call_refuse(call, 409, "cursor", "after", "this cursor is not of this store: start from the beginning");
    return TRUE;
  }
  gint64 last = after;
  g_autoptr(GPtrArray) annotations =
      sight_annotation_table_changed(db, project->row, after, (guint)listing->limit, &last, error);
  if (annotations == NULL)
    return FALSE;
  SightJsonWriter w = sight_call_begin(call);
  sight_json_key(&w, "annotations");
  sight_json_begin_array(&w);
  for (guint i = 0; i < annotations->len; i++)
    put_annotation_json(&w, g_ptr_array_index(annotations, i));
  sight_json_end_array(&w);
  g_autofree char *cursor = sight_project_cursor(project, annotations->len > 0 ? last : after);
  sight_json_member_string(&w, "cursor", cursor);
  sight_json_member_bool(&w, "more", annotations->len == (guint)listing->limit);
  sight_json_end_object(&w);
  return TRUE;
}

void sight_route_list_annotations(SightCall *call) {
  Listing listing = {.call = call};
  if (!sight_call_query_int(call, "limit", 1, MAX_ANNOTATIONS, MAX_ANNOTATIONS, &listing.limit))
    return;
  g_autoptr(GError) error = NULL;
  if (!sight_store_read(call->store, list_annotations, &listing, &error))
    sight_call_fail(call, error);
}

/* The name of the member that is wrong, or NULL. */
static const char *wrong_member(SightJson tainted_json, const char *id) {
  const char *own_id = sight_json_string(sight_json_get(tainted_json, "id"), NULL);
  if (sight_json_type(sight_json_get(tainted_json, "id")) != SIGHT_JSON_ABSENT && g_strcmp0(own_id, id) != 0)
    return "id";
  const char *kind = sight_json_string(sight_json_get(tainted_json, "kind"), NULL);
  const char *const kinds[] = {"tag", "note", "settings", NULL};
  if (kind == NULL || !g_strv_contains(kinds, kind))
    return "kind";
  SightJsonType session_type = sight_json_type(sight_json_get(tainted_json, "session"));
  const char *session = sight_json_string(sight_json_get(tainted_json, "session"), NULL);
  gboolean of_project = session_type == SIGHT_JSON_ABSENT || session_type == SIGHT_JSON_NULL;
  if (of_project != g_str_equal(kind, "settings") || (!of_project && (session == NULL || !sight_id_is_valid(session))))
    return "session";
  if (!of_project && sight_json_int(sight_json_get(tainted_json, "at"), -2) < -1)
    return "at";
  gsize bytes = 0;
  const char *body = sight_json_string(sight_json_get(tainted_json, "body"), &bytes);
  if (body == NULL || strlen(body) != bytes)
    return "body";
  if (sight_json_int(sight_json_get(tainted_json, "created_at"), -1) < 0)
    return "created_at";
  if (sight_json_int(sight_json_get(tainted_json, "updated_at"), -1) < 0)
    return "updated_at";
  return NULL;
}

static SightAnnotation *read_annotation(SightCall *call, SightJson tainted_json) {
  if (!sight_id_is_valid(call->argument)) {
    sight_call_refuse(call, 422, "invalid", "id", "ids are 1 to 64 letters, digits, \"_\" and \"-\"");
    return NULL;
  }
  const char *wrong = wrong_member(tainted_json, call->argument);
  if (wrong != NULL) {
    sight_call_refuse(call, 422, "invalid", wrong, "\"%s\" is missing or wrong", wrong);
    return NULL;
  }
  SightAnnotation *annotation = g_new0(SightAnnotation, 1);
  annotation->id = g_strdup(call->argument);
  annotation->endpoint = call->key->project;
  annotation->session = g_strdup(sight_json_string(sight_json_get(tainted_json, "session"), NULL));
  annotation->kind = g_strdup(sight_json_string(sight_json_get(tainted_json, "kind"), NULL));
  annotation->at_ms = sight_json_int(sight_json_get(tainted_json, "at"), -1);
  annotation->body = g_strdup(sight_json_string(sight_json_get(tainted_json, "body"), NULL));
  const char *author = sight_json_string(sight_json_get(tainted_json, "author"), NULL);
  annotation->author = sight_text_excerpt(author != NULL ? author : "", -1, MAX_AUTHOR);
  annotation->created_ms = sight_json_int(sight_json_get(tainted_json, "created_at"), 0);
  annotation->updated_ms = sight_json_int(sight_json_get(tainted_json, "updated_at"), 0);
  annotation->deleted = sight_json_bool(sight_json_get(tainted_json, "deleted"), FALSE);
  return annotation;
}

typedef struct {
  const SightAnnotation *annotation;
  gboolean changed;
} Put;

static gboolean put(SightDb *db, gpointer user_data, GError **error) {
  Put *p = user_data;
  return sight_annotation_table_put(db, p->annotation, FALSE, &p->changed, error);
}

void sight_route_put_annotation(SightCall *call) {
  g_autoptr(GString) tainted_text = sight_call_read_body(call, call->route->max_body * 8);
  if (tainted_text == NULL)
    return;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  SightJson tainted_json = {0};
  if (!sight_json_parser_parse(parser, tainted_text->str, tainted_text->len, &tainted_json, &error) ||
      sight_json_type(tainted_json) != SIGHT_JSON_OBJECT) {
    sight_call_refuse(call, 422, "invalid", "body", "%s", error != NULL ? error->message : "not a JSON object");
    return;
  }
  g_autoptr(SightAnnotation) annotation = read_annotation(call, tainted_json);
  if (annotation == NULL)
    return;
  Put p = {.annotation = annotation};
  if (!sight_store_write(call->store, SIGHT_WRITE_DURABLE, put, &p, &error)) {
    sight_call_fail(call, error);
    return;
  }
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_bool(&w, "stored", p.changed);
  sight_json_end_object(&w);
}
