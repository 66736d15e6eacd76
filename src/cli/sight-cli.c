/* SPDX-License-Identifier: MIT */
/* Options, the cache, errors and exit codes of sightctl. */
#include "sight-cli.h"

#include "sight-analysis.h"
#include "sight-filter.h"
#include "sight-sync.h"
#include "sight-terminal.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

gboolean sight_cli_parse(SightCli *cli, const GOptionEntry *entries, const char *arguments, const char *description,
                         int *argc, char ***argv) {
  const GOptionEntry common[] = {
      {"cache", 0, 0, G_OPTION_ARG_FILENAME, &cli->cache, N_("Folder of the cache"), N_("DIR")},
      {"json", 0, 0, G_OPTION_ARG_NONE, &cli->json, N_("Print JSON"), NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GOptionContext) context = g_option_context_new(arguments);
  g_autofree char *program = g_strconcat("sightctl ", (*argv)[0], NULL);
  g_autoptr(GError) error = NULL;

  g_set_prgname(program);
  g_option_context_set_translation_domain(context, GETTEXT_PACKAGE);
  g_option_context_set_summary(context, description);
  if (entries) {
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
  }
  g_option_context_add_main_entries(context, common, GETTEXT_PACKAGE);
  if (g_option_context_parse(context, argc, argv, &error)) {
    /* "--" only says that what follows are no options. */
    if (*argc > 1 && g_str_equal((*argv)[1], "--")) {
      (*argv)[1] = (*argv)[0];
      (*argv)++;
      (*argc)--;
    }
    return TRUE;
  }
  g_printerr("%s: %s\n", program, error->message);
  return FALSE;
}

int sight_cli_usage(const char *verb, const char *arguments) {
  g_printerr(_("Usage: sightctl %s %s\nMore: sightctl %s --help\n"), verb, arguments, verb);
  return SIGHT_EXIT_USAGE;
}

int sight_cli_refuse(const char *option, const char *value, const char *takes) {
  /* Translators: program, option, what was given, what it takes */
  g_printerr(_("%s: %s does not take “%s”; it takes %s\n"), g_get_prgname(), option, value, takes);
  return SIGHT_EXIT_USAGE;
}

/* The short word of it; the rest is told on request. */
static void tell_loss(SightCli *cli) {
  g_autofree char *loss = sight_store_loss(cli->store);
  char *rest = loss ? strstr(loss, "\n\n") : NULL;

  if (!loss) {
    return;
  }
  if (rest) {
    *rest = '\0';
  }
  g_printerr("%s\n%s\n", loss, _("“sightctl damage” tells all of it; “sightctl damage accept” ends this notice."));
}

gboolean sight_cli_number(const char *option, const char *text, gint64 max, gint64 *number) {
  g_autoptr(GError) error = NULL;

  if (sight_text_number(option, text, 0, max, number, &error)) {
    return TRUE;
  }
  g_printerr("%s: %s\n", g_get_prgname(), error->message);
  return FALSE;
}

gboolean sight_cli_open(SightCli *cli, GError **error) {
  g_autofree char *set_aside = NULL;

  if (!cli->cache) {
    cli->cache = g_build_filename(g_get_user_data_dir(), "sessionsight", NULL);
  }
  cli->store = sight_store_open(cli->cache, SIGHT_STORE_CACHE, &set_aside, error);
  if (!cli->store) {
    return FALSE;
  }
  tell_loss(cli);
  if (sight_store_why_reading(cli->store)) {
    g_printerr(_("sightctl: the cache is only read, nothing can be stored: %s\n"), sight_store_why_reading(cli->store));
  }
  /* What was taken over has lost what analysis had found. */
  return !set_aside || sight_cli_analyse(cli, NULL, error);
}

static SightExit exit_code_of(const GError *error) {
  if (error->domain == SIGHT_FILTER_ERROR) {
    return SIGHT_EXIT_USAGE;
  }
  if (g_error_matches(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND)) {
    return SIGHT_EXIT_NOT_FOUND;
  }
  if (g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_OFFLINE) ||
      g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_BUSY)) {
    return SIGHT_EXIT_OFFLINE;
  }
  if (g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED)) {
    return SIGHT_EXIT_REFUSED;
  }
  return SIGHT_EXIT_FAILED;
}

typedef struct {
  gint64 endpoint;
  SightLogEntry entry;
} LogLine;

static gboolean write_log(SightDb *db, gpointer user_data, GError **error) {
  LogLine *line = user_data;
  g_autoptr(SightSession) session =
      line->endpoint == 0 ? sight_session_table_find(db, 0, line->entry.session, error) : NULL;

  if (line->endpoint == 0 && !session) {
    return FALSE;
  }
  if (session) {
    line->endpoint = session->endpoint;
    line->entry.session = session->session;
  }
  return sight_log_table_add(db, line->endpoint, &line->entry, NULL, error);
}

gboolean sight_cli_log(SightCli *cli, gint64 endpoint, const SightLogEntry *entry, GError **error) {
  LogLine line = {.endpoint = endpoint, .entry = *entry};

  return sight_store_why_reading(cli->store) ||
         sight_store_write(cli->store, SIGHT_WRITE_DURABLE, write_log, &line, error);
}

int sight_cli_fail(SightCli *cli, const GError *error) {
  sight_cli_progress(NULL);
  if (cli->json) {
    g_autoptr(GString) out = g_string_new(NULL);
    SightJsonWriter w = {.out = out};
    sight_json_begin_object(&w);
    sight_json_key(&w, "error");
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "message", error->message);
    sight_json_end_object(&w);
    sight_json_end_object(&w);
    g_autofree char *json = sight_terminal_json(out->str, (gssize)out->len);
    g_printerr("%s\n", json);
  } else {
    g_autofree char *message = sight_terminal_line(error->message);
    g_printerr("%s: %s\n", g_get_prgname(), message);
  }
  return exit_code_of(error);
}

static void analysis_progress(guint n_done, gint64 n_waiting, gpointer user_data) {
  sight_cli_progress(_("Analysed %u, %" PRId64 " waiting"), n_done, n_waiting);
}

gboolean sight_cli_analyse(SightCli *cli, guint *n_analysed, GError **error) {
  /* What waits for analysis stays as it is. */
  if (sight_store_why_reading(cli->store)) {
    return TRUE;
  }
  gboolean done = sight_analysis_run_pending(cli->store, analysis_progress, NULL, n_analysed, NULL, error);
  sight_cli_progress(NULL);
  return done;
}

void sight_cli_progress(const char *format, ...) {
  static gboolean shown = FALSE;
  va_list args;

  if (!isatty(STDERR_FILENO)) {
    return;
  }
  if (shown) {
    fputs("\r\033[K", stderr);
    shown = FALSE;
  }
  if (format) {
    va_start(args, format);
    g_autofree char *tainted_text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *line = sight_terminal_line(tainted_text);
    g_printerr("%s", line);
    shown = TRUE;
  }
}

void sight_cli_print_json(const GString *json) {
  g_autofree char *text = sight_terminal_json(json->str, (gssize)json->len);

  g_print("%s\n", text);
}

char *sight_cli_format_when(gint64 time_ms) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_ms / 1000);
  g_autoptr(GDateTime) local = utc ? g_date_time_to_local(utc) : NULL;
  return local ? g_date_time_format(local, "%Y-%m-%d %H:%M") : g_strdup("");
}

char *sight_cli_format_start(const SightSession *session) {
  return sight_session_is_dated(session->started_ms, session->received_ms) ? sight_cli_format_when(session->started_ms)
                                                                           : g_strdup(_("unknown"));
}

void sight_cli_put_session(SightJsonWriter *w, const SightSession *session, gboolean converted) {
  sight_json_member_string(w, "session", session->session);
  sight_json_member_int(w, "endpoint", session->endpoint);
  sight_json_member_string(w, "label", session->label);
  sight_json_member_string(w, "user", session->user);
  sight_json_member_int(w, "started_ms", session->started_ms);
  sight_json_member_bool(w, "dated", sight_session_is_dated(session->started_ms, session->received_ms));
  sight_json_member_int(w, "received_ms", session->received_ms);
  sight_json_member_int(w, "duration_ms", session->duration_ms);
  sight_json_member_int(w, "bytes", session->n_bytes);
  sight_json_member_int(w, "events", session->n_events);
  sight_json_member_int(w, "windows", session->n_windows);
  sight_json_member_int(w, "pages", session->n_pages);
  sight_json_member_int(w, "clicks", session->n_clicks);
  sight_json_member_int(w, "errors", session->n_errors);
  sight_json_member_int(w, "signals", session->n_signals);
  sight_json_key(w, "friction");
  sight_json_put_double(w, session->friction);
  sight_json_member_string(w, "entry", session->entry);
  sight_json_member_string(w, "exit", session->exit);
  sight_json_member_string(w, "device", session->device);
  sight_json_member_string(w, "release", session->release);
  sight_json_member_int(w, "viewport_width_px", session->viewport_w);
  sight_json_member_int(w, "viewport_height_px", session->viewport_h);
  sight_json_member_bool(w, "noise", (session->flags & SIGHT_SESSION_NOISE) != 0);
  sight_json_member_bool(w, "key_action", converted);
  sight_json_member_bool(w, "replayable", (session->flags & SIGHT_SESSION_NO_SNAPSHOT) == 0);
  sight_json_member_bool(w, "partial", (session->flags & SIGHT_SESSION_PARTIAL) != 0);
  sight_json_member_bool(w, "seen", (session->flags & SIGHT_SESSION_SEEN) != 0);
  sight_json_member_bool(w, "tagged", (session->flags & SIGHT_SESSION_TAGGED) != 0);
  sight_json_member_bool(w, "here", !session->told);
  sight_json_member_string(w, "notice", session->notice);
}
