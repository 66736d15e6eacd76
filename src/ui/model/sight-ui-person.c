/* SPDX-License-Identifier: MIT */
/* Facts out of the index, sessions out of the library. */
#include "sight-ui-person.h"

#include "sight-analysis-table.h"
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
  g_free(session->later);
  g_free(session->day);
  g_array_unref(session->moments);
  g_free(session);
}

void sight_ui_person_free(SightUiPerson *person) {
  g_ptr_array_unref(person->facts);
  g_ptr_array_unref(person->sessions);
  g_free(person->user);
  g_free(person->filter);
  g_free(person);
}

char *sight_ui_person_describe(const SightUiPerson *person) {
  g_autofree char *number = sight_ui_text_number(person->n_sessions);

  return person->n_sessions > person->sessions->len
             /* TRANSLATORS: how many sessions of a user are listed, and of how many */
             ? g_strdup_printf(
                   ngettext("The newest %u of %s session", "The newest %u of %s sessions", person->n_sessions),
                   person->sessions->len, number)
             : g_strdup_printf(ngettext("%s session of this user", "%s sessions of this user", person->n_sessions),
                               number);
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

static int graver_first(gconstpointer a, gconstpointer b) {
  const SightUiPersonMoment *x = a, *y = b;

  if (x->kind != y->kind) {
    int gravity_x = sight_signal_info((int)x->kind)->gravity, gravity_y = sight_signal_info((int)y->kind)->gravity;
    return gravity_y - gravity_x;
  }
  return x->at_ms < y->at_ms ? -1 : x->at_ms > y->at_ms;
}

static GArray *read_moments(SightDb *db, gint64 row, GError **error) {
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, row, error);

  if (signals == NULL)
    return NULL;
  GArray *moments = g_array_new(FALSE, FALSE, sizeof(SightUiPersonMoment));
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    SightUiPersonMoment moment = {.kind = signal->kind, .at_ms = signal->start_ms};
    if (sight_signal_info((int)signal->kind) != NULL)
      g_array_append_val(moments, moment);
  }
  g_array_sort(moments, graver_first);
  if (moments->len > SIGHT_UI_PERSON_MOMENTS)
    g_array_set_size(moments, SIGHT_UI_PERSON_MOMENTS);
  return moments;
}

static gboolean add_session(SightDb *db, SightQuery *query, SightUiPerson *person, gint64 row, gint64 now_ms,
                            GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);
  SightLibraryReason reason = {.signal = -1};
  g_autoptr(GArray) moments = session != NULL ? read_moments(db, row, error) : NULL;

  if (moments == NULL || !sight_library_reason(db, query, session, &reason, error))
    return FALSE;
  gboolean dated = sight_session_is_dated(session->started_ms, session->received_ms);
  SightUiPersonSession *told = g_new0(SightUiPersonSession, 1);
  g_autofree char *day = dated ? sight_ui_text_day_and_time(session->started_ms, now_ms) : g_strdup(_("Unknown"));
  g_autofree char *length = sight_ui_format_time(session->duration_ms);
  told->row = row;
  told->start_ms = dated ? session->started_ms : session->received_ms - session->duration_ms;
  told->end_ms = told->start_ms + session->duration_ms;
  told->dated = dated;
  told->when = g_strdup_printf("%s · %s", day, length);
  told->what = g_strdup(reason.reason != NULL ? reason.reason : "");
  told->moments = g_steal_pointer(&moments);
  sight_library_reason_clear(&reason);
  g_ptr_array_add(person->sessions, told);
  return TRUE;
}

static int by_start(gconstpointer a, gconstpointer b) {
  const SightUiPersonSession *x = *(SightUiPersonSession *const *)a, *y = *(SightUiPersonSession *const *)b;

  if (x->start_ms != y->start_ms)
    return x->start_ms < y->start_ms ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

static char *later_text(gint64 ms) {
  gint64 seconds = ms / 1000, minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

  if (ms < 0)
    return g_strdup(_("at the same time"));
  if (days > 0)
    return g_strdup_printf(ngettext("%d day later", "%d days later", (gulong)days), (int)days);
  /* TRANSLATORS: so long after the session before: hours, minutes, seconds */
  return hours > 0     ? g_strdup_printf(_("%d h later"), (int)hours)
         : minutes > 0 ? g_strdup_printf(_("%d min later"), (int)minutes)
                       : g_strdup_printf(_("%d s later"), (int)seconds);
}

/* What each of them says of those before it. */
static void relate(SightUiPerson *person, gint64 now_ms) {
  const SightUiPersonSession *last = NULL; /* of those before, the one that ended last */
  g_autofree char *day_before = NULL;

  for (guint i = 0; i < person->sessions->len; i++) {
    SightUiPersonSession *session = person->sessions->pdata[i];
    if (last != NULL && last->dated && session->dated)
      session->later = later_text(session->start_ms - last->end_ms);
    if (last == NULL || session->end_ms > last->end_ms)
      last = session;
    g_autofree char *day = sight_ui_text_day(session->start_ms, now_ms);
    session->day = g_strcmp0(day, day_before) != 0 ? g_strdup(day) : NULL;
    g_free(day_before);
    day_before = g_steal_pointer(&day);
  }
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
  for (guint i = 0; i < rows->len; i++) {
    if (!add_session(db, query, person, g_array_index(rows, gint64, i), now_ms, error))
      return FALSE;
  }
  g_ptr_array_sort(person->sessions, by_start);
  relate(person, now_ms);
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
