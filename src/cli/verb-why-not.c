/* SPDX-License-Identifier: MIT */
/* sightctl why-not: which condition of a filter keeps a session out. */
#include "sight-cli-filter.h"

#include "sight-insight-json.h"

#include "sight-clock-text.h"

#include <glib/gi18n-lib.h>

typedef struct {
  SightCliFilter filter;
  const char *id;
  SightSession *session;
  GPtrArray *reasons; /* of SightQueryReason; empty: it matches */
  GPtrArray *moments; /* of SightQueryMoment, where it matches; else NULL */
} WhyNot;

static gboolean read_why_not(SightDb *db, gpointer user_data, GError **error) {
  WhyNot *self = user_data;

  self->session = sight_session_table_find(db, 0, self->id, error);
  if (!self->session || !sight_cli_filter_begin(&self->filter, db, error)) {
    return FALSE;
  }
  self->reasons = sight_query_why_not(self->filter.query, self->session, error);
  if (!self->reasons || self->reasons->len > 0) {
    return self->reasons != NULL;
  }
  self->moments = sight_query_moments(self->filter.query, self->session, error);
  return self->moments != NULL;
}

static void print_json(const WhyNot *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_string(&w, "session", self->session->session);
  sight_json_member_bool(&w, "matches", self->reasons->len == 0);
  sight_json_key(&w, "reasons");
  sight_json_begin_array(&w);
  for (guint i = 0; i < self->reasons->len; i++) {
    const SightQueryReason *reason = g_ptr_array_index(self->reasons, i);
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "condition", reason->condition);
    sight_json_member_string(&w, "reason", reason->says);
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_key(&w, "moments");
  sight_json_begin_array(&w);
  for (guint i = 0; self->moments && i < self->moments->len; i++) {
    sight_json_begin_object(&w);
    sight_moment_put(&w, g_ptr_array_index(self->moments, i));
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void print_text(const WhyNot *self) {
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("CONDITION"), self->moments ? _("AT") : _("WHY NOT"),
                                                       self->moments ? _("WHY") : NULL, NULL);

  g_print("%s\n\n", self->moments ? _("It matches.") : _("It does not match."));
  for (guint i = 0; i < self->reasons->len; i++) {
    const SightQueryReason *reason = g_ptr_array_index(self->reasons, i);
    sight_cli_table_add(table, reason->condition);
    sight_cli_table_add(table, reason->says);
  }
  for (guint i = 0; self->moments && i < self->moments->len; i++) {
    const SightQueryMoment *moment = g_ptr_array_index(self->moments, i);
    g_autofree char *at = sight_clock_text(moment->start_ms);
    sight_cli_table_add(table, moment->condition);
    sight_cli_table_add(table, at);
    sight_cli_table_add(table, moment->reason);
  }
  sight_cli_table_print(table);
}

static void clear(WhyNot *self) {
  sight_cli_filter_clear(&self->filter);
  g_clear_pointer(&self->session, sight_session_free);
  g_clear_pointer(&self->reasons, g_ptr_array_unref);
  g_clear_pointer(&self->moments, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WhyNot, clear)

int sight_verb_why_not(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_auto(WhyNot) self = {0};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text, N_("What to look for; “sightctl help filters” tells the language"),
       N_("FILTER")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("SESSION"),
                       _("Tells which conditions of a filter keep a session out, and how near it comes. SESSION is its "
                         "id, or the first characters of it."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc != 2 || !text) {
    return sight_cli_usage("why-not", "SESSION --filter FILTER");
  }
  self.id = argv[1];
  self.filter.text = text;
  if (!sight_cli_filter_open(&self.filter, cli, &error) || !sight_store_read(cli->store, read_why_not, &self, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
  } else {
    print_text(&self);
  }
  return SIGHT_EXIT_OK;
}
