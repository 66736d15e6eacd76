/* SPDX-License-Identifier: MIT */
/* sightctl snapshot: the page at one moment. */
#include "sight-cli-recording.h"
#include "sight-terminal.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

static const char arguments[] = "[SESSION] --at MS";

static int print_page(SightCli *cli, const SightDom *page, gint64 at_ms, const char *format) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  gboolean made = TRUE;

  if (g_str_equal(format, "html"))
    made = sight_dom_write_html(page, out);
  else if (g_str_equal(format, "text") && sight_dom_has_page(page))
    sight_dom_write_text(page, out);
  else {
    made = sight_dom_write_events(page, at_ms, out);
    g_string_append_c(out, '\n');
  }
  if (!made || !sight_dom_has_page(page)) {
    g_set_error_literal(&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("No page is there at that time"));
    return sight_cli_fail(cli, error);
  }
  g_autofree char *text = g_str_equal(format, "rrweb") ? sight_terminal_json(out->str, (gssize)out->len)
                                                       : sight_terminal_text(out->str, (gssize)out->len);
  g_print("%s", text);
  return SIGHT_EXIT_OK;
}

int sight_verb_snapshot(SightCli *cli, int argc, char **argv) {
  g_autofree char *file = NULL, *format = NULL, *window = NULL, *when = NULL;
  gint64 at = -1;
  const GOptionEntry entries[] = {
      {"file", 'f', 0, G_OPTION_ARG_FILENAME, &file, N_("Read a file instead of a session of the cache"), N_("FILE")},
      {"at", 0, 0, G_OPTION_ARG_STRING, &when, N_("Milliseconds from the first event; what happened before is shown"),
       N_("MS")},
      {"format", 0, 0, G_OPTION_ARG_STRING, &format, N_("rrweb (events, the default), html or text"), N_("FORMAT")},
      {"window", 0, 0, G_OPTION_ARG_STRING, &window, N_("Of this window (tab), not of the one in use"), N_("WINDOW")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, arguments, _("Prints the page as it was at one moment."), &argc, &argv))
    return SIGHT_EXIT_USAGE;
  if (!sight_cli_number("--at", when, SIGHT_TEXT_MAX_MS, &at))
    return SIGHT_EXIT_USAGE;
  const char *const formats[] = {"rrweb", "html", "text", NULL};
  if (at < 0 || (file != NULL) == (argc > 1) || argc > 2 || (format != NULL && !g_strv_contains(formats, format)))
    return sight_cli_usage("snapshot", arguments);
  g_autoptr(GPtrArray) tracks = sight_cli_read_recording(cli, argc > 1 ? argv[1] : NULL, file, &error);
  gint64 at_ms = tracks != NULL ? sight_recording_first_ms(tracks) + at : 0;
  SightTrack *track = tracks != NULL ? sight_cli_choose_track(tracks, window, at_ms, &error) : NULL;
  if (track == NULL)
    return sight_cli_fail(cli, error);
  const SightLogEntry watched = {.act = SIGHT_LOG_WATCHED,
                                 .session = file == NULL ? argv[1] : NULL,
                                 .from_ms = at,
                                 .to_ms = at,
                                 .detail = "snapshot"};
  if (file == NULL && !sight_cli_log(cli, 0, &watched, &error))
    return sight_cli_fail(cli, error);
  g_autoptr(SightCursor) cursor = sight_cursor_new(track);
  if (!sight_cursor_seek(cursor, at_ms, &error))
    return sight_cli_fail(cli, error);
  return print_page(cli, sight_cursor_page(cursor), at_ms, format != NULL ? format : "rrweb");
}
