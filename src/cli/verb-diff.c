/* SPDX-License-Identifier: MIT */
/* sightctl diff: what makes the page of one moment the page of another. */
#include "sight-cli-recording.h"

#include "sight-dom-difference.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

static const char arguments[] = "[SESSION] --from MS --to MS";

static int print_difference(const SightDom *from, const SightDom *to, gint64 to_ms) {
  g_autoptr(GString) out = g_string_new(NULL), operations = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  SightDifferenceStats stats = {0};
  const char *why = NULL;
  gboolean found = sight_dom_difference(from, to, to_ms, operations, &stats, &why);

  sight_json_begin_object(&w);
  sight_json_member_bool(&w, "rebuild", !found);
  if (!found)
    sight_json_member_string(&w, "why", why);
  sight_json_member_int(&w, "kept", stats.kept);
  sight_json_member_int(&w, "reused", stats.reused);
  sight_json_member_int(&w, "added", stats.added);
  sight_json_member_int(&w, "removed", stats.removed);
  sight_json_member_int(&w, "moved", stats.moved);
  sight_json_key(&w, found ? "operations" : "events");
  if (found)
    sight_json_put_raw(&w, operations->str, operations->len);
  else if (sight_dom_write_events(to, to_ms, operations))
    sight_json_put_raw(&w, operations->str, operations->len);
  else
    sight_json_put_null(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
  return SIGHT_EXIT_OK;
}

int sight_verb_diff(SightCli *cli, int argc, char **argv) {
  g_autofree char *file = NULL, *window = NULL, *first = NULL, *second = NULL;
  gint64 from = -1, to = -1;
  const GOptionEntry entries[] = {
      {"file", 'f', 0, G_OPTION_ARG_FILENAME, &file, N_("Read a file instead of a session of the cache"), N_("FILE")},
      {"from", 0, 0, G_OPTION_ARG_STRING, &first, N_("The moment on display, in milliseconds from the first event"),
       N_("MS")},
      {"to", 0, 0, G_OPTION_ARG_STRING, &second, N_("The moment wanted"), N_("MS")},
      {"window", 0, 0, G_OPTION_ARG_STRING, &window, N_("Of this window (tab), not of the one in use"), N_("WINDOW")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, arguments, _("Prints the operations that turn one page into another, as JSON."),
                       &argc, &argv))
    return SIGHT_EXIT_USAGE;
  if (!sight_cli_number("--from", first, SIGHT_TEXT_MAX_MS, &from) ||
      !sight_cli_number("--to", second, SIGHT_TEXT_MAX_MS, &to))
    return SIGHT_EXIT_USAGE;
  if (from < 0 || to < 0 || (file != NULL) == (argc > 1) || argc > 2)
    return sight_cli_usage("diff", arguments);
  g_autoptr(GPtrArray) tracks = sight_cli_read_recording(cli, argc > 1 ? argv[1] : NULL, file, &error);
  gint64 start_ms = tracks != NULL ? sight_recording_first_ms(tracks) : 0;
  gint64 from_ms = start_ms + from, to_ms = start_ms + to;
  SightTrack *track = tracks != NULL ? sight_cli_choose_track(tracks, window, to_ms, &error) : NULL;
  if (track == NULL)
    return sight_cli_fail(cli, error);
  g_autoptr(SightCursor) shown = sight_cursor_new(track);
  g_autoptr(SightCursor) wanted = sight_cursor_new(track);
  if (!sight_cursor_seek(shown, from_ms, &error) || !sight_cursor_seek(wanted, to_ms, &error))
    return sight_cli_fail(cli, error);
  return print_difference(sight_cursor_page(shown), sight_cursor_page(wanted), to_ms);
}
