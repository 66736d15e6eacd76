/* SPDX-License-Identifier: MIT */
/* sightctl person: all sessions of a user on one line of time. */
#include "sight-cli-filter.h"

#include "sight-clock-text.h"
#include "sight-library.h"

#include <glib/gi18n-lib.h>

typedef struct {
  SightCliFilter filter;
  GPtrArray *sessions; /* of SightSession, the first one first */
  GArray *reasons;     /* of SightLibraryReason, one for each */
  SightSet *converted;
} Person;

static int by_start(gconstpointer a, gconstpointer b) {
  const SightSession *x = *(SightSession *const *)a, *y = *(SightSession *const *)b;

  if (x->started_ms != y->started_ms) {
    return x->started_ms < y->started_ms ? -1 : 1;
  }
  return (x->row > y->row) - (x->row < y->row);
}

static gboolean read_sessions(SightDb *db, Person *self, const SightSet *set, GError **error) {
  g_autoptr(GArray) rows = sight_set_rows(set);

  for (guint i = 0; i < rows->len; i++) {
    SightSession *session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    if (!session) {
      return FALSE;
    }
    g_ptr_array_add(self->sessions, session);
  }
  g_ptr_array_sort(self->sessions, by_start);
  /* What stands out in each, whoever it was. */
  g_autoptr(SightFilter) any = sight_filter_parse("", NULL, error);
  g_autoptr(SightQuery) query = any ? sight_query_new(db, any, g_get_real_time() / 1000, error) : NULL;
  for (guint i = 0; query && i < self->sessions->len; i++) {
    SightLibraryReason reason;
    if (!sight_library_reason(db, query, g_ptr_array_index(self->sessions, i), &reason, error)) {
      return FALSE;
    }
    g_array_append_val(self->reasons, reason);
  }
  return query != NULL;
}

static gboolean read_person(SightDb *db, gpointer user_data, GError **error) {
  Person *self = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;
  const SightSet *converted = set ? sight_query_converted(self->filter.query, error) : NULL;

  if (!converted) {
    return FALSE;
  }
  self->converted = sight_set_copy(converted);
  return read_sessions(db, self, set, error);
}

/* How long after the end of the one before it began; -1: of the first one, and where a clock cannot be believed. */
static gint64 after_ms(const Person *self, guint i) {
  const SightSession *session = g_ptr_array_index(self->sessions, i);
  const SightSession *before = i > 0 ? g_ptr_array_index(self->sessions, i - 1) : NULL;

  if (!before || !sight_session_is_dated(session->started_ms, session->received_ms) ||
      !sight_session_is_dated(before->started_ms, before->received_ms)) {
    return -1;
  }
  return MAX(0, session->started_ms - before->started_ms - before->duration_ms);
}

static void print_json(const Person *self, const char *user) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_string(&w, "user", user);
  sight_json_member_int(&w, "total", self->sessions->len);
  sight_json_member_int(&w, "waiting", self->filter.n_waiting);
  sight_json_key(&w, "sessions");
  sight_json_begin_array(&w);
  for (guint i = 0; i < self->sessions->len; i++) {
    const SightSession *session = g_ptr_array_index(self->sessions, i);
    const SightLibraryReason *reason = &g_array_index(self->reasons, SightLibraryReason, i);
    sight_json_begin_object(&w);
    sight_json_member_int(&w, "after_ms", after_ms(self, i));
    sight_cli_put_session(&w, session, sight_set_contains(self->converted, session->row));
    sight_json_member_string(&w, "reason", reason->reason);
    sight_json_member_int(&w, "at_ms", reason->at_ms);
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static char *gap_text(gint64 ms) {
  const gint64 minutes = ms / 60000, hours = minutes / 60, days = hours / 24;

  if (ms < 0) {
    return g_strdup("");
  }
  /* TRANSLATORS: how long after the session before: days, hours, minutes */
  return days > 0    ? g_strdup_printf(_("%d d"), (int)days)
         : hours > 0 ? g_strdup_printf(_("%d h"), (int)hours)
                     : g_strdup_printf(_("%d min"), (int)minutes);
}

static void print_table(const Person *self) {
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("SESSION"), _("STARTED"), _("AFTER"), _("LENGTH"), _("FROM"), _("TO"), _("WHAT"), NULL);

  for (guint i = 0; i < self->sessions->len; i++) {
    const SightSession *session = g_ptr_array_index(self->sessions, i);
    g_autofree char *started = sight_cli_format_start(session);
    g_autofree char *gap = gap_text(after_ms(self, i));
    g_autofree char *length = sight_clock_text(session->duration_ms);
    sight_cli_table_add(table, session->session);
    sight_cli_table_add(table, started);
    sight_cli_table_add(table, gap);
    sight_cli_table_add(table, length);
    sight_cli_table_add(table, session->entry);
    sight_cli_table_add(table, session->exit);
    sight_cli_table_add(table, g_array_index(self->reasons, SightLibraryReason, i).reason);
  }
  sight_cli_table_print(table);
  g_print(ngettext("%u session\n", "%u sessions\n", self->sessions->len), self->sessions->len);
  sight_cli_filter_tell_waiting(&self->filter);
}

int sight_verb_person(SightCli *cli, int argc, char **argv) {
  const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("USER"), _("Lists the sessions of a user in the order in which they began."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc != 2) {
    return sight_cli_usage("person", "USER");
  }
  g_autofree char *text = sight_query_term(SIGHT_TERM_USER, argv[1]);
  g_autoptr(GPtrArray) sessions = g_ptr_array_new_with_free_func((GDestroyNotify)sight_session_free);
  g_autoptr(GArray) reasons = g_array_new(FALSE, TRUE, sizeof(SightLibraryReason));
  g_array_set_clear_func(reasons, (GDestroyNotify)sight_library_reason_clear);
  Person self = {.filter.text = text, .sessions = sessions, .reasons = reasons};
  gboolean done =
      sight_cli_filter_open(&self.filter, cli, &error) && sight_store_read(cli->store, read_person, &self, &error);
  g_autoptr(SightSet) converted = self.converted;
  sight_cli_filter_clear(&self.filter);
  if (!done) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self, argv[1]);
  } else {
    print_table(&self);
  }
  return SIGHT_EXIT_OK;
}
