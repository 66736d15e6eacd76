/* SPDX-License-Identifier: MIT */
/* There, then here, then written down. */
#include "sight-erasure.h"

#include "sight-change-table.h"
#include "sight-json.h"
#include "sight-log-table.h"
#include "sight-session-table.h"
#include "sight-source.h"

struct SightErasure {
  SightStore *store;
  gboolean remote;
  GPtrArray *endpoints; /* of SightEndpoint; NULL: not read yet */
  GPtrArray *erased;    /* of Erased */
  guint n_before;       /* erased by the transactions before */
  char *log_line;
  guint n_left; /* of those erased, how many are still here */
  /* of the call under way */
  const char *user; /* NULL: about these rows */
  const gint64 *rows;
  guint n_rows;
  GPtrArray *wanted; /* of Erased: what these rows are */
};

typedef struct {
  char *session;
  gint64 row, endpoint;
} Erased;

static void erased_free(gpointer data) {
  Erased *erased = data;

  g_free(erased->session);
  g_free(erased);
}

SightErasure *sight_erasure_new(SightStore *store, gboolean remote) {
  SightErasure *self = g_new0(SightErasure, 1);

  self->store = g_object_ref(store);
  self->remote = remote;
  self->erased = g_ptr_array_new_with_free_func(erased_free);
  self->wanted = g_ptr_array_new_with_free_func(erased_free);
  return self;
}

void sight_erasure_free(SightErasure *self) {
  if (self == NULL)
    return;
  g_clear_pointer(&self->endpoints, g_ptr_array_unref);
  g_ptr_array_unref(self->erased);
  g_ptr_array_unref(self->wanted);
  g_free(self->log_line);
  g_object_unref(self->store);
  g_free(self);
}

static const SightEndpoint *endpoint_of(const SightErasure *self, gint64 row) {
  for (guint i = 0; i < self->endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(self->endpoints, i);
    if (endpoint->row == row)
      return endpoint;
  }
  return NULL;
}

static gboolean is_asked(const SightErasure *self, gint64 row) {
  const SightEndpoint *endpoint = self->remote ? endpoint_of(self, row) : NULL;

  return endpoint != NULL && sight_source_can(endpoint, SIGHT_SOURCE_ERASES);
}

/* NULL without error: it is gone, and that is none. */
static Erased *look_up(SightDb *db, gint64 row, GError **error) {
  Erased *erased = g_new0(Erased, 1);
  g_autoptr(GError) missing = NULL;

  erased->row = row;
  if (sight_session_table_name(db, row, &erased->endpoint, &erased->session, &missing))
    return erased;
  erased_free(erased);
  if (!g_error_matches(missing, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND))
    g_propagate_error(error, g_steal_pointer(&missing));
  return NULL;
}

static gboolean prepare(SightDb *db, gpointer data, GError **error) {
  SightErasure *self = data;
  g_autoptr(GError) failure = NULL;

  g_clear_pointer(&self->endpoints, g_ptr_array_unref);
  g_ptr_array_set_size(self->wanted, 0);
  self->endpoints = sight_endpoint_table_list(db, error);
  for (guint i = 0; self->endpoints != NULL && i < self->n_rows; i++) {
    Erased *wanted = look_up(db, self->rows[i], &failure);
    if (wanted != NULL)
      g_ptr_array_add(self->wanted, wanted);
    if (failure == NULL)
      continue;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return self->endpoints != NULL;
}

static gboolean ask(SightErasure *self, const SightEndpoint *endpoint, const char *session, GCancellable *cancellable,
                    GError **error) {
  const SightSourceKind *kind = sight_source_kind(endpoint->kind);

  return kind->erase(self->store, endpoint->row, session, self->user, cancellable, error);
}

static gboolean erase_there(SightErasure *self, GCancellable *cancellable, GError **error) {
  for (guint i = 0; self->user != NULL && i < self->endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(self->endpoints, i);
    if (is_asked(self, endpoint->row) && !ask(self, endpoint, NULL, cancellable, error))
      return FALSE;
  }
  for (guint i = 0; i < self->wanted->len; i++) {
    const Erased *wanted = g_ptr_array_index(self->wanted, i);
    if (is_asked(self, wanted->endpoint) &&
        !ask(self, endpoint_of(self, wanted->endpoint), wanted->session, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean erase_row(SightDb *db, SightErasure *self, gint64 row, GError **error) {
  g_autoptr(GError) failure = NULL;
  Erased *erased = look_up(db, row, &failure);

  if (erased == NULL) {
    if (failure != NULL)
      g_propagate_error(error, g_steal_pointer(&failure));
    return failure == NULL;
  }
  g_ptr_array_add(self->erased, erased);
  const SightLogEntry entry = {.act = SIGHT_LOG_ERASED,
                               .session = erased->session,
                               .from_ms = -1,
                               .to_ms = -1,
                               .detail = is_asked(self, erased->endpoint) ? "here and at the endpoint" : "here"};
  g_clear_pointer(&self->log_line, g_free);
  return sight_session_table_erase(db, row, error) &&
         sight_log_table_add(db, erased->endpoint, &entry, &self->log_line, error);
}

/* It may be begun anew. */
static gboolean erase_here(SightDb *db, gpointer data, GError **error) {
  SightErasure *self = data;

  g_ptr_array_set_size(self->erased, (int)self->n_before);
  for (guint i = 0; i < self->wanted->len; i++) {
    if (!erase_row(db, self, ((const Erased *)g_ptr_array_index(self->wanted, i))->row, error))
      return FALSE;
  }
  if (self->user == NULL)
    return TRUE;
  g_autoptr(GArray) rows = sight_session_table_of_user(db, 0, self->user, SIGHT_ERASED_AT_ONCE, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    if (!erase_row(db, self, g_array_index(rows, gint64, i), error))
      return FALSE;
  }
  return rows != NULL;
}

static gboolean write_part(SightErasure *self, GError **error) {
  gboolean done = sight_store_write(self->store, SIGHT_WRITE_DURABLE, erase_here, self, error);

  if (!done)
    g_ptr_array_set_size(self->erased, (int)self->n_before);
  return done;
}

static gboolean erase(SightErasure *self, GCancellable *cancellable, GError **error) {
  if (!sight_store_read(self->store, prepare, self, error) || !erase_there(self, cancellable, error) ||
      (self->user != NULL && !sight_session_table_catch_up(self->store, error)))
    return FALSE;
  for (gboolean more = TRUE; more; more = self->user != NULL && self->erased->len > self->n_before) {
    self->n_before = self->erased->len;
    if (g_cancellable_set_error_if_cancelled(cancellable, error) || !write_part(self, error))
      return FALSE;
  }
  self->n_before = self->erased->len;
  return TRUE;
}

gboolean sight_erasure_sessions(SightErasure *self, const GArray *rows, SightErasureFunc progress, gpointer user_data,
                                GCancellable *cancellable, GError **error) {
  for (guint done = 0; done < rows->len; done += SIGHT_ERASED_AT_ONCE) {
    if (progress != NULL)
      progress(done, rows->len, user_data);
    self->user = NULL;
    self->rows = &g_array_index(rows, gint64, done);
    self->n_rows = MIN(rows->len - done, SIGHT_ERASED_AT_ONCE);
    if (!erase(self, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

gboolean sight_erasure_user(SightErasure *self, const char *user, GCancellable *cancellable, GError **error) {
  self->user = user;
  self->n_rows = 0;
  return erase(self, cancellable, error);
}

guint sight_erasure_n(const SightErasure *self) {
  return self->n_before;
}

const char *sight_erasure_log_line(const SightErasure *self) {
  return self->log_line;
}

/* The certificate */

/* What it says was looked for after the commit. */
static gboolean look_again(SightDb *db, gpointer data, GError **error) {
  SightErasure *self = data;

  self->n_left = 0;
  g_clear_pointer(&self->endpoints, g_ptr_array_unref);
  self->endpoints = sight_endpoint_table_list(db, error);
  for (guint i = 0; self->endpoints != NULL && i < self->erased->len; i++) {
    const Erased *erased = g_ptr_array_index(self->erased, i);
    gboolean stands = FALSE;
    g_autoptr(SightSession) session = sight_session_table_find(db, erased->endpoint, erased->session, NULL);
    if (!sight_change_table_is_erased(db, erased->endpoint, erased->session, &stands, error))
      return FALSE;
    /* Found by its beginning: it may be another one. */
    gboolean here = session != NULL && g_str_equal(session->session, erased->session);
    self->n_left += here || !stands ? 1 : 0;
  }
  return self->endpoints != NULL;
}

GString *sight_erasure_certificate(SightErasure *self, const char *program, GError **error) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autofree char *when = g_date_time_format_iso8601(now);
  SightJsonWriter w = {.out = out};

  if (!sight_store_read(self->store, look_again, self, error))
    return NULL;
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "certificate", "erasure");
  sight_json_member_string(&w, "program", program);
  sight_json_member_string(&w, "erased_at", when);
  sight_json_member_string(&w, "erased_by", g_get_real_name());
  sight_json_member_bool(&w, "at_endpoint_too", self->remote);
  sight_json_key(&w, "sessions");
  sight_json_begin_array(&w);
  for (guint i = 0; i < self->erased->len; i++) {
    const Erased *erased = g_ptr_array_index(self->erased, i);
    const SightEndpoint *endpoint = endpoint_of(self, erased->endpoint);
    const char *name = endpoint == NULL ? NULL : endpoint->url != NULL ? endpoint->url : endpoint->name;
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "session", erased->session);
    sight_json_member_string(&w, "endpoint", name);
    sight_json_member_bool(&w, "at_endpoint_too", is_asked(self, erased->endpoint));
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_member_int(&w, "still_here", self->n_left);
  sight_json_member_string(&w, "log_line", self->log_line);
  sight_json_end_object(&w);
  g_string_append_c(out, '\n');
  return g_steal_pointer(&out);
}
