/* SPDX-License-Identifier: MIT */
/* Facts out of the index, sessions out of the library. */
#include "sight-ui-person.h"

#include "sight-index-table.h"
#include "sight-library.h"
#include "sight-term-table.h"
#include "sight-ui-text.h"

#include <glib/gi18n-lib.h>

static const struct {
  SightTermField field;
  const char *title;
} facts[] = {
    {SIGHT_TERM_USER, N_("User")},           {SIGHT_TERM_TRAIT, N_("Property of the user")},
    {SIGHT_TERM_DEVICE, N_("Device")},       {SIGHT_TERM_BROWSER, N_("Browser")},
    {SIGHT_TERM_OS, N_("Operating system")}, {SIGHT_TERM_LANGUAGE, N_("Language")},
    {SIGHT_TERM_SCREEN, N_("Screen")},       {SIGHT_TERM_RELEASE, N_("Release")},
    {SIGHT_TERM_VARIANT, N_("Variant")},     {SIGHT_TERM_REFERRER, N_("Referrer")},
};

static void fact_free(gpointer data) {
  SightUiPersonFact *fact = data;

  g_free(fact->value);
  g_free(fact->filter);
  g_free(fact);
}

static void session_free(gpointer data) {
  SightUiPersonSession *session = data;

  g_free(session->when);
  g_free(session->what);
  g_free(session);
}

void sight_ui_person_free(SightUiPerson *person) {
  g_ptr_array_unref(person->facts);
  g_ptr_array_unref(person->sessions);
  g_free(person->user);
  g_free(person->filter);
  g_free(person);
}

typedef struct {
  SightStore *store;
  SightUiPerson *person;
} Read;

static void read_free(gpointer data) {
  Read *read = data;

  g_object_unref(read->store);
  g_clear_pointer(&read->person, sight_ui_person_free);
  g_free(read);
}

static gboolean add_facts(SightDb *db, SightUiPerson *person, const GArray *terms, guint kind, GError **error) {
  for (guint i = 0; i < terms->len; i++) {
    gint64 term = g_array_index(terms, gint64, i);
    if (sight_term_field_of(term) != facts[kind].field)
      continue;
    char *value = sight_term_table_value(db, term, error);
    if (value == NULL)
      return FALSE;
    SightUiPersonFact *fact = g_new0(SightUiPersonFact, 1);
    fact->title = _(facts[kind].title);
    fact->value = value;
    fact->filter = sight_query_term(facts[kind].field, value);
    g_ptr_array_add(person->facts, fact);
  }
  return TRUE;
}

/* Of a session that is not in the index yet nothing is known but what its row says. */
static gboolean read_facts(SightDb *db, SightUiPerson *person, GError **error) {
  g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GError) damaged = NULL;
  g_autoptr(SightOccurrences) occurrences = sight_index_table_get(db, person->row, terms, &damaged);

  if (damaged != NULL) {
    g_propagate_error(error, g_steal_pointer(&damaged));
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(facts); i++) {
    if (!add_facts(db, person, terms, i, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean add_session(SightDb *db, SightQuery *query, SightUiPerson *person, gint64 row, gint64 now_ms,
                            GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);
  SightLibraryReason reason = {.signal = -1};

  if (session == NULL || !sight_library_reason(db, query, session, &reason, error))
    return FALSE;
  SightUiPersonSession *told = g_new0(SightUiPersonSession, 1);
  g_autofree char *day = sight_ui_text_day_and_time(session->started_ms, now_ms);
  g_autofree char *length = sight_ui_format_time(session->duration_ms);
  told->row = row;
  told->when = g_strdup_printf("%s · %s", day, length);
  told->what = g_strdup(reason.reason != NULL ? reason.reason : "");
  sight_library_reason_clear(&reason);
  g_ptr_array_add(person->sessions, told);
  return TRUE;
}

/* Of the project only: somebody of the same name in another one is somebody else. */
static gboolean read_sessions(SightDb *db, SightUiPerson *person, gint64 endpoint, GError **error) {
  gint64 now_ms = g_get_real_time() / 1000;
  const SightLibraryQuery asked = {.filter = person->filter, .endpoint = endpoint, .limit = SIGHT_UI_PERSON_SESSIONS};
  g_autoptr(SightSet) all = sight_library_sessions(db, person->filter, endpoint, error);
  g_autoptr(GArray) rows = all != NULL ? sight_library_list(db, &asked, error) : NULL;
  g_autoptr(SightFilter) any = rows != NULL ? sight_filter_parse("", NULL, error) : NULL;
  g_autoptr(SightQuery) query = any != NULL ? sight_query_new(db, any, now_ms, error) : NULL;

  if (query == NULL)
    return FALSE;
  person->n_sessions = (guint)sight_set_n(all);
  for (guint i = rows->len; i > 0; i--) {
    if (!add_session(db, query, person, g_array_index(rows, gint64, i - 1), now_ms, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean read_person(SightDb *db, gpointer user_data, GError **error) {
  SightUiPerson *person = ((Read *)user_data)->person;
  g_autoptr(SightSession) session = sight_session_table_get(db, person->row, error);

  if (session == NULL || !read_facts(db, person, error))
    return FALSE;
  if (session->user == NULL)
    return TRUE;
  person->user = g_strdup(session->user);
  person->filter = sight_query_term(SIGHT_TERM_USER, session->user);
  return read_sessions(db, person, session->endpoint, error);
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  Read *read = g_task_get_task_data(task);
  GError *error = NULL;

  if (sight_store_read_finish(SIGHT_STORE(source), result, &error))
    g_task_return_pointer(task, g_steal_pointer(&read->person), (GDestroyNotify)sight_ui_person_free);
  else
    g_task_return_error(task, error);
}

void sight_ui_person_read_async(SightStore *store, gint64 row, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data) {
  GTask *task = g_task_new(NULL, cancellable, callback, user_data);
  Read *read = g_new0(Read, 1);

  read->store = g_object_ref(store);
  read->person = g_new0(SightUiPerson, 1);
  read->person->row = row;
  read->person->facts = g_ptr_array_new_with_free_func(fact_free);
  read->person->sessions = g_ptr_array_new_with_free_func(session_free);
  g_task_set_task_data(task, read, read_free);
  sight_store_read_async(store, read_person, read, NULL, cancellable, read_cb, task);
}

SightUiPerson *sight_ui_person_read_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}
