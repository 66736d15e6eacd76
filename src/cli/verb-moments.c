/* SPDX-License-Identifier: MIT */
/* sightctl moments: where sessions match a filter. */
#include "sight-cli-filter.h"

#include "sight-clock-text.h"

#include <glib/gi18n-lib.h>

typedef struct {
  SightCliFilter filter;
  gint64 limit;
  gint64 total;
  GPtrArray *sessions; /* of SightSession, one for each of the moments that are shown */
  GPtrArray *moments;  /* of GPtrArray of SightQueryMoment, one for each of those sessions */
} Moments;

static gboolean read_moments(SightDb *db, gpointer user_data, GError **error) {
  Moments *self = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;
  SightSessionFilter within = {.within = set};
  g_autoptr(GArray) rows = set ? sight_session_table_list(db, &within, SIGHT_SORT_NEWEST, error) : NULL;

  for (guint i = 0; rows && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_autoptr(GPtrArray) moments = session ? sight_query_moments(self->filter.query, session, error) : NULL;
    if (!moments) {
      return FALSE;
    }
    gboolean shown = self->limit == 0 || self->total < self->limit;
    self->total += moments->len;
    if (shown) {
      g_ptr_array_add(self->sessions, g_steal_pointer(&session));
      g_ptr_array_add(self->moments, g_steal_pointer(&moments));
    }
  }
  return rows != NULL;
}

typedef void (*MomentFunc)(const SightSession *session, const SightQueryMoment *moment, gpointer user_data);

/* At most as many as are asked for. */
static gint64 each(const Moments *self, MomentFunc func, gpointer user_data) {
  gint64 n = 0;
  for (guint i = 0; i < self->sessions->len; i++) {
    const GPtrArray *moments = g_ptr_array_index(self->moments, i);
    for (guint j = 0; j < moments->len && (self->limit == 0 || n < self->limit); j++, n++) {
      func(g_ptr_array_index(self->sessions, i), g_ptr_array_index(moments, j), user_data);
    }
  }
  return n;
}

static void put(const SightSession *session, const SightQueryMoment *moment, gpointer user_data) {
  SightJsonWriter *w = user_data;
  sight_json_begin_object(w);
  sight_json_member_string(w, "session", session->session);
  sight_json_member_int(w, "endpoint", session->endpoint);
  sight_cli_put_moment(w, moment);
  sight_json_end_object(w);
}

static void print_json(const Moments *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "total", self->total);
  sight_json_member_int(&w, "waiting", self->filter.n_waiting);
  sight_json_key(&w, "moments");
  sight_json_begin_array(&w);
  each(self, put, &w);
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void add(const SightSession *session, const SightQueryMoment *moment, gpointer user_data) {
  SightCliTable *table = user_data;
  g_autofree char *at = sight_clock_text(moment->start_ms);
  sight_cli_table_add(table, session->session);
  sight_cli_table_add(table, at);
  sight_cli_table_add(table, moment->condition);
  sight_cli_table_add(table, moment->reason);
}

static void print_table(const Moments *self) {
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("SESSION"), _("AT"), _("CONDITION"), _("WHY"), NULL);
  gint64 n = each(self, add, table);
  gulong total = (gulong)MIN(self->total, G_MAXINT);

  sight_cli_table_print(table);
  g_print(ngettext("%d of %lu moment\n", "%d of %lu moments\n", total), (int)n, total);
  sight_cli_filter_tell_waiting(&self->filter);
}

int sight_verb_moments(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_autofree char *most = NULL;
  Moments self = {.limit = 50};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text, N_("What to look for; “sightctl help filters” tells the language"),
       N_("FILTER")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &most, N_("At most so many; 0: all"), N_("N")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, NULL, _("Lists the moments at which sessions match a filter."), &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (!sight_cli_number("--limit", most, G_MAXINT, &self.limit)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 1 || !text) {
    return sight_cli_usage("moments", "--filter FILTER [--limit N]");
  }
  g_autoptr(GPtrArray) sessions = g_ptr_array_new_with_free_func((GDestroyNotify)sight_session_free);
  g_autoptr(GPtrArray) moments = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  self.sessions = sessions;
  self.moments = moments;
  self.filter.text = text;
  gboolean done =
      sight_cli_filter_open(&self.filter, cli, &error) && sight_store_read(cli->store, read_moments, &self, &error);
  sight_cli_filter_clear(&self.filter);
  if (!done) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
  } else {
    print_table(&self);
  }
  return SIGHT_EXIT_OK;
}
