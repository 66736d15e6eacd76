/* SPDX-License-Identifier: MIT */
/* A request and its answer: building JSON answers, reading query and body. */
#include "sight-call.h"

#include "sight-route.h"

SightCall *sight_call_new(const SightRoute *route, SightDepot *depot) {
  SightCall *call = g_new0(SightCall, 1);
  call->route = route;
  call->depot = depot;
  call->begun_us = g_get_monotonic_time();
  call->content_type = "application/json";
  call->max_expanded = G_MAXSIZE;
  call->answer = g_string_new(NULL);
  return call;
}

void sight_call_free(SightCall *call) {
  if (call == NULL)
    return;
  g_clear_pointer(&call->argument, g_free);
  g_clear_pointer(&call->query, g_hash_table_unref);
  g_clear_pointer(&call->key, sight_key_free);
  g_clear_pointer(&call->address, g_free);
  g_clear_pointer(&call->body_type, g_free);
  g_clear_pointer(&call->body, g_bytes_unref);
  g_clear_pointer(&call->parts, g_ptr_array_unref);
  if (call->answer != NULL)
    g_string_free(call->answer, TRUE);
  g_free(call);
}

void sight_call_refuse(SightCall *call, guint status, const char *code, const char *field, const char *message_format,
                       ...) {
  va_list args;
  va_start(args, message_format);
  g_autofree char *message = g_strdup_vprintf(message_format, args);
  va_end(args);
  /* With all the memory that an answer had taken. */
  g_clear_pointer(&call->parts, g_ptr_array_unref);
  g_string_free(call->answer, TRUE);
  call->answer = g_string_new(NULL);
  call->status = status;
  call->code = code;
  call->content_type = "application/json";
  call->answer_is_gzip = FALSE;
  SightJsonWriter w = {.out = call->answer};
  sight_json_begin_object(&w);
  sight_json_key(&w, "error");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "code", code);
  sight_json_member_string(&w, "field", field);
  sight_json_member_string(&w, "message", message);
  sight_json_end_object(&w);
  sight_json_end_object(&w);
}

void sight_call_fail(SightCall *call, const GError *error) {
  if (g_error_matches(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_ERASED)) {
    sight_call_refuse(call, 410, "erased", "session", "this session was erased and takes no more batches");
    return;
  }
  if (g_error_matches(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND)) {
    sight_call_refuse(call, 404, "not_found", "session", "there is no such session");
    return;
  }
  if (g_error_matches(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_CURSOR)) {
    sight_call_refuse(call, 409, "cursor", call->route->cursor,
                      "this store never was at this cursor: start from the beginning");
    return;
  }
  if (g_error_matches(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_AFTER)) {
    sight_call_refuse(call, 409, "cursor", "after", "this session has no batch of that number: ask for all of it");
    return;
  }
  if (g_error_matches(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_FULL)) {
    sight_call_refuse(call, 503, "disk_full", NULL, "there is hardly any room left on the disk of the store");
    return;
  }
  if (g_error_matches(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_CLOSED)) {
    sight_call_refuse(call, 503, "moving", NULL,
                      "this store takes nothing: it is being moved, or its policy cannot be read; try again soon");
    call->retry_after_s = 10;
    return;
  }
  /* Details of the database are for the one who runs it, not for the one who asks. */
  g_warning("%s", error->message);
  sight_call_refuse(call, 503, "unavailable", NULL, "the store cannot do this now; try again later");
  call->retry_after_s = 5;
}

SightJsonWriter sight_call_begin(SightCall *call) {
  g_string_truncate(call->answer, 0);
  call->status = 200;
  SightJsonWriter w = {.out = call->answer};
  sight_json_begin_object(&w);
  return w;
}

void sight_call_append_bytes(SightCall *call, GBytes *bytes) {
  if (call->parts == NULL)
    call->parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  g_ptr_array_add(call->parts, g_string_free_to_bytes(call->answer));
  g_ptr_array_add(call->parts, g_bytes_ref(bytes));
  call->answer = g_string_new(NULL);
}

gsize sight_call_answer_size(const SightCall *call) {
  gsize bytes = call->answer->len;
  for (guint i = 0; call->parts != NULL && i < call->parts->len; i++)
    bytes += g_bytes_get_size(g_ptr_array_index(call->parts, i));
  return bytes;
}

const char *sight_call_cursor(const SightCall *call) {
  return call->query != NULL ? g_hash_table_lookup(call->query, call->route->cursor) : NULL;
}

gboolean sight_call_query_int(SightCall *call, const char *name, gint64 min, gint64 max, gint64 fallback,
                              gint64 *number) {
  const char *tainted_text = call->query != NULL ? g_hash_table_lookup(call->query, name) : NULL;
  *number = fallback;
  if (tainted_text == NULL)
    return TRUE;
  if (g_ascii_string_to_signed(tainted_text, 10, min, max, number, NULL))
    return TRUE;
  sight_call_refuse(call, 422, "invalid", name,
                    "\"%s\" has to be a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, name, min, max);
  return FALSE;
}

/* What a failed expansion means to the one who asked; other errors are the caller's. */
static void refuse_expansion(SightCall *call, gsize max_bytes, const GError *error) {
  if (!g_error_matches(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_TOO_LARGE))
    sight_call_refuse(call, 422, "invalid", "body", "the body is not whole gzip data: %s", error->message);
  else if (call->max_expanded < max_bytes)
    call->needs_room = TRUE;
  else
    sight_call_refuse(call, 413, "too_large", "body", "the body is larger than %" G_GSIZE_FORMAT " bytes when expanded",
                      max_bytes);
}

gboolean sight_call_expand_body(SightCall *call, gsize max_bytes, SightExpanderFunc func, gpointer user_data,
                                GError **error) {
  gsize bytes = 0;
  const char *tainted_data = g_bytes_get_data(call->body, &bytes);
  call->needs_room = FALSE;
  if (!call->body_is_gzip)
    return func(tainted_data, bytes, user_data, error);
  g_autoptr(GError) failure = NULL;
  g_autoptr(SightExpander) expander = sight_expander_new(SIGHT_CODEC_GZIP, MIN(max_bytes, call->max_expanded));
  if (sight_expander_push(expander, tainted_data, bytes, func, user_data, &failure) &&
      sight_expander_finish(expander, &failure))
    return TRUE;
  if (failure->domain == SIGHT_COMPRESS_ERROR)
    refuse_expansion(call, max_bytes, failure);
  else
    g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static gboolean collect(const char *data, gsize bytes, gpointer user_data, GError **error) {
  g_string_append_len(user_data, data, (gssize)bytes);
  return TRUE;
}

GString *sight_call_read_body(SightCall *call, gsize max_bytes) {
  g_autoptr(GString) text = g_string_new(NULL);
  return sight_call_expand_body(call, max_bytes, collect, text, NULL) ? g_steal_pointer(&text) : NULL;
}
