/* SPDX-License-Identifier: MIT */
/* sightctl redact: masks what is private in recordings that are in the cache already. */
#include "sight-cli-filter.h"

#include "sight-redact-session.h"

#include <glib/gi18n-lib.h>

#define USAGE "SESSION|--filter FILTER --mask WHAT|--mask-all|--selector SELECTOR"

typedef struct {
  SightCliFilter filter;
  const char *session;
  char **masks, **selectors;
  gboolean mask_all;
  GArray *rows;
  SightRedactedSessions done;
} Redact;

static void redact_clear(Redact *self) {
  sight_cli_filter_clear(&self->filter);
  g_clear_pointer(&self->rows, g_array_unref);
  g_strfreev(self->masks);
  g_strfreev(self->selectors);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Redact, redact_clear)

static gboolean find_rows(SightDb *db, gpointer user_data, GError **error) {
  Redact *self = user_data;

  if (self->session) {
    g_autoptr(SightSession) session = sight_session_table_find(db, 0, self->session, error);
    if (!session) {
      return FALSE;
    }
    self->rows = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_array_append_val(self->rows, session->row);
    return TRUE;
  }
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;
  self->rows = set ? sight_set_rows(set) : NULL;
  return self->rows != NULL;
}

static void tell_progress(guint n_done, guint n_total, gpointer user_data) {
  sight_cli_progress(_("Looked through %u of %u sessions"), n_done, n_total);
}

static gboolean redact_all(SightCli *cli, Redact *self, GError **error) {
  const SightRedactWish wish = {(const char *const *)self->masks, self->mask_all, (const char *const *)self->selectors};
  gboolean done = sight_redact_sessions(cli->store, self->rows, &wish, tell_progress, NULL, &self->done, NULL, error);

  sight_cli_progress(NULL);
  return done;
}

static void tell(const SightCli *cli, const Redact *self) {
  if (!cli->json) {
    g_print(_("Masked %d texts in %d of %u sessions. What their endpoints have stays as it is.\n"),
            (int)self->done.all.n_texts, (int)self->done.n_sessions, self->rows->len);
    return;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "sessions", self->done.n_sessions);
  sight_json_member_int(&w, "looked_at", self->rows->len);
  sight_json_member_int(&w, "texts", self->done.all.n_texts);
  sight_json_member_int(&w, "batches", self->done.all.n_batches);
  sight_json_member_int(&w, "annotations", self->done.all.n_annotations);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

int sight_verb_redact(SightCli *cli, int argc, char **argv) {
  g_auto(Redact) self = {0};
  g_autofree char *text = NULL;
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text, N_("In every session that matches, not in one"), N_("FILTER")},
      {"mask", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.masks,
       N_("This kind of what looks private (“sightctl audit --json” names them), or this text"), N_("WHAT")},
      {"mask-all", 0, 0, G_OPTION_ARG_NONE, &self.mask_all, N_("Everything that looks private"), NULL},
      {"selector", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.selectors,
       N_("What stands in these elements, wherever else it stands"), N_("SELECTOR")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("[SESSION]"),
                       _("Masks what is private in recordings that are in the cache, for good."), &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 2 || (argc == 2) == (text != NULL) || (!self.masks && !self.mask_all && !self.selectors)) {
    return sight_cli_usage("redact", USAGE);
  }
  self.session = argc == 2 ? argv[1] : NULL;
  self.filter.text = text;
  gboolean open = text ? sight_cli_filter_open(&self.filter, cli, &error) : sight_cli_open(cli, &error);
  if (!open || !sight_store_read(cli->store, find_rows, &self, &error) || !redact_all(cli, &self, &error) ||
      !sight_cli_analyse(cli, NULL, &error)) {
    return sight_cli_fail(cli, error);
  }
  tell(cli, &self);
  return SIGHT_EXIT_OK;
}
