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
  gint64 n_sessions, n_texts, n_batches, n_annotations;
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

/* What stands in the log: names of kinds and selectors, never a text. */
static char *detail_of(const Redact *self) {
  g_autoptr(GString) detail = g_string_new(self->mask_all ? "all kinds" : "");

  for (guint i = 0; self->masks && self->masks[i]; i++) {
    gboolean kind = FALSE;
    for (int k = 0; k < SIGHT_N_AUDIT_KINDS; k++) {
      kind |= g_str_equal(sight_audit_kind_name((SightAuditKind)k), self->masks[i]);
    }
    g_string_append_printf(detail, "%s%s", detail->len ? ", " : "", kind ? self->masks[i] : "a text");
  }
  for (guint i = 0; self->selectors && self->selectors[i]; i++) {
    g_string_append_printf(detail, "%s%s", detail->len ? ", " : "", self->selectors[i]);
  }
  return g_string_free(g_steal_pointer(&detail), FALSE);
}

static SightRedaction *redaction_of(const Redact *self, GError **error) {
  g_autoptr(SightRedaction) redaction = sight_redaction_new_of((const char *const *)self->masks, self->mask_all, error);

  for (guint i = 0; redaction && self->selectors && self->selectors[i]; i++) {
    if (!sight_redaction_add_selector(redaction, self->selectors[i], error)) {
      return NULL;
    }
  }
  return g_steal_pointer(&redaction);
}

static gboolean redact_all(SightCli *cli, Redact *self, GError **error) {
  g_autofree char *detail = detail_of(self);

  for (guint i = 0; i < self->rows->len; i++) {
    SightRedacted done = {0};
    g_autoptr(SightRedaction) redaction = redaction_of(self, error);
    sight_cli_progress(_("Looked through %u of %u sessions"), i, self->rows->len);
    if (!redaction || !sight_redact_session(cli->store, g_array_index(self->rows, gint64, i), redaction, detail, &done,
                                            NULL, error)) {
      return FALSE;
    }
    self->n_sessions += done.n_batches + done.n_annotations > 0 ? 1 : 0;
    self->n_texts += done.n_texts;
    self->n_batches += done.n_batches;
    self->n_annotations += done.n_annotations;
  }
  sight_cli_progress(NULL);
  return TRUE;
}

static void tell(const SightCli *cli, const Redact *self) {
  if (!cli->json) {
    g_print(_("Masked %d texts in %d of %u sessions. What their endpoints have stays as it is.\n"), (int)self->n_texts,
            (int)self->n_sessions, self->rows->len);
    return;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "sessions", self->n_sessions);
  sight_json_member_int(&w, "looked_at", self->rows->len);
  sight_json_member_int(&w, "texts", self->n_texts);
  sight_json_member_int(&w, "batches", self->n_batches);
  sight_json_member_int(&w, "annotations", self->n_annotations);
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
