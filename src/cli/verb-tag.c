/* SPDX-License-Identifier: MIT */
/* sightctl tag: tags a moment of a session, or takes a tag away. */
#include "sight-cli.h"

#include "sight-annotation-table.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

typedef struct {
  const char *session;
  const char *label;
  const char *remove;
  gint64 at_ms;
  SightAnnotation *written;
} Tagging;

static SightAnnotation *find_tag(GPtrArray *annotations, const char *id) {
  for (guint i = 0; i < annotations->len; i++) {
    SightAnnotation *annotation = g_ptr_array_index(annotations, i);
    if (g_str_equal(annotation->id, id) && g_str_equal(annotation->kind, "tag")) {
      return g_ptr_array_steal_index(annotations, i);
    }
  }
  return NULL;
}

static gboolean write_tag(SightDb *db, gpointer user_data, GError **error) {
  Tagging *tagging = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, tagging->session, error);

  if (!session) {
    return FALSE;
  }
  if (tagging->remove) {
    g_autoptr(GPtrArray) there = sight_annotation_table_list(db, session->endpoint, session->session, error);
    if (!there) {
      return FALSE;
    }
    tagging->written = find_tag(there, tagging->remove);
    if (!tagging->written) {
      g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("Session %s has no tag %s."),
                  session->session, tagging->remove);
      return FALSE;
    }
    tagging->written->deleted = TRUE;
    tagging->written->updated_ms = MAX(g_get_real_time() / 1000, tagging->written->updated_ms + 1);
  } else {
    gint64 at_ms = MIN(tagging->at_ms, session->duration_ms);
    tagging->written = sight_annotation_new(session->endpoint, session->session, "tag", at_ms, tagging->label);
  }
  return sight_annotation_table_put(db, tagging->written, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

int sight_verb_tag(SightCli *cli, int argc, char **argv) {
  gint64 at_ms = 0;
  g_autofree char *at = NULL;
  g_autofree char *remove_id = NULL;
  const GOptionEntry entries[] = {
      {"at", 0, 0, G_OPTION_ARG_STRING, &at, N_("The moment, in ms from the start of the session"), N_("MS")},
      {"remove", 0, 0, G_OPTION_ARG_STRING, &remove_id, N_("Take this tag away instead"), N_("ID")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("SESSION LABEL"), _("Tags a moment of a session for the team."), &argc,
                       &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (!sight_cli_number("--at", at, SIGHT_TEXT_MAX_MS, &at_ms)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc != (remove_id ? 2 : 3)) {
    return sight_cli_usage("tag", "SESSION --at MS LABEL");
  }
  g_autofree char *label = sight_text_excerpt(remove_id ? "" : argv[2], -1, 200);
  if (!remove_id && !*label) {
    return sight_cli_usage("tag", "SESSION --at MS LABEL");
  }
  Tagging tagging = {.session = argv[1], .label = label, .remove = remove_id, .at_ms = at_ms};
  gboolean done =
      sight_cli_open(cli, &error) && sight_store_write(cli->store, SIGHT_WRITE_DURABLE, write_tag, &tagging, &error);
  g_autoptr(SightAnnotation) written = tagging.written;
  if (!done) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    g_autoptr(GString) out = g_string_new(NULL);
    SightJsonWriter w = {.out = out};
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "id", written->id);
    sight_json_member_string(&w, "session", written->session);
    sight_json_member_int(&w, "at_ms", written->at_ms);
    sight_json_member_string(&w, "text", written->body);
    sight_json_member_bool(&w, "deleted", written->deleted);
    sight_json_end_object(&w);
    sight_cli_print_json(out);
  } else {
    g_print("%s\n", written->id);
  }
  return SIGHT_EXIT_OK;
}
