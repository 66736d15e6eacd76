/* SPDX-License-Identifier: MIT */
/* sessionsight-collector: options, first start, running until a signal. */
#include "sight-collector.h"
#include "sight-config.h"
#include "sight-file.h"
#include "sight-json-writer.h"
#include "sight-keys-command.h"
#include "sight-log.h"
#include "sight-move-command.h"
#include "sight-policy-command.h"
#include "sight-terminal.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>

typedef struct {
  char *listen, *directory, *blobs, *name, *address_file, *key_rate, *address_rate, *log, **origins;
  gboolean trust_proxy, open_metrics, json, version;
  SightCollectorOptions collector;
} Options;

static void options_clear(Options *options) {
  g_free(options->listen);
  g_free(options->directory);
  g_free(options->blobs);
  g_free(options->name);
  g_free(options->address_file);
  g_free(options->key_rate);
  g_free(options->address_rate);
  g_free(options->log);
  g_strfreev(options->origins);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* "RATE" or "RATE:BURST"; a rate of 0 is no limit. */
static gboolean read_rate(const char *text, double *rate, double *burst, GError **error) {
  if (text == NULL)
    return TRUE;
  char *end = NULL;
  *rate = g_ascii_strtod(text, &end);
  *burst = *rate * 10;
  if (end != text && *end == ':') {
    const char *second = end + 1;
    *burst = g_ascii_strtod(second, &end);
    if (end == second)
      end = NULL;
  }
  if (end != NULL && end != text && *end == '\0' && *rate >= 0 && *rate <= 1e9 && *burst >= 0 && *burst <= 1e9)
    return TRUE;
  g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s” is no rate: give N or N:BURST"), text);
  return FALSE;
}

static gboolean read_options(int *argc, char ***argv, Options *options, GError **error) {
  const GOptionEntry entries[] = {
      {"listen", 0, 0, G_OPTION_ARG_STRING, &options->listen,
       N_("Where to listen: HOST:PORT or unix:PATH (127.0.0.1:8787)"), N_("ADDRESS")},
      {"store", 0, 0, G_OPTION_ARG_FILENAME, &options->directory,
       N_("Where recordings are kept: a folder, or postgresql://USER@HOST/DATABASE"), N_("PLACE")},
      {"blobs", 0, 0, G_OPTION_ARG_STRING, &options->blobs,
       N_("Beside a database: where events are kept, s3://BUCKET?endpoint=https://HOST"), N_("PLACE")},
      {"name", 0, 0, G_OPTION_ARG_STRING, &options->name, N_("The project's name, at the first start"), N_("NAME")},
      {"origin", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->origins,
       N_("An origin whose pages may post; may be repeated; kept; “*” allows any"), N_("ORIGIN")},
      {"trust-proxy", 0, 0, G_OPTION_ARG_NONE, &options->trust_proxy,
       N_("Take the client's address from X-Forwarded-For"), NULL},
      {"rate-key", 0, 0, G_OPTION_ARG_STRING, &options->key_rate,
       N_("Batches a second for each write key (1000:5000; 0: no limit)"), N_("N[:BURST]")},
      {"rate-address", 0, 0, G_OPTION_ARG_STRING, &options->address_rate,
       N_("Batches a second from each address (100:1000; 0: no limit)"), N_("N[:BURST]")},
      {"address-file", 0, 0, G_OPTION_ARG_FILENAME, &options->address_file,
       N_("Write HOST:PORT into this file as soon as requests are taken"), N_("FILE")},
      {"open-metrics", 0, 0, G_OPTION_ARG_NONE, &options->open_metrics,
       N_("Answer GET /metrics without a token of the scope “metrics”"), NULL},
      {"log", 0, 0, G_OPTION_ARG_STRING, &options->log,
       N_("Log as “text”, or as “json”: an object a line, and one for each request"), N_("FORM")},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options->json, N_("Tell about the start as one line of JSON"), NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, N_("Print the version"), NULL},
      {0}};
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_option_context_add_main_entries(context, entries, NULL);
  g_option_context_set_summary(context, _("Takes recordings from browsers and hands them to workstations."));
  g_option_context_set_description(context, _("`sessionsight-collector keys --help` tells how keys are managed."));
  if (!g_option_context_parse(context, argc, argv, error))
    return FALSE;
  if (*argc > 1) {
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION, _("“%s” is too much"), (*argv)[1]);
    return FALSE;
  }
  if (options->log != NULL && !g_str_equal(options->log, "text") && !g_str_equal(options->log, "json")) {
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s” is no form of log: give text or json"),
                options->log);
    return FALSE;
  }
  options->collector = (SightCollectorOptions){.key_rate = 1000,
                                               .key_burst = 5000,
                                               .address_rate = 100,
                                               .address_burst = 1000,
                                               .open_metrics = options->open_metrics,
                                               .trust_proxy = options->trust_proxy};
  return read_rate(options->key_rate, &options->collector.key_rate, &options->collector.key_burst, error) &&
         read_rate(options->address_rate, &options->collector.address_rate, &options->collector.address_burst, error);
}

static void tell_json(const char *url, SightDepot *depot, const SightDepotKeys *keys) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "url", url);
  sight_json_member_string(&w, "store", depot->kind->where(depot));
  sight_json_member_string(&w, "project", keys->project_name);
  sight_json_member_bool(&w, "created", keys->created);
  sight_json_member_string(&w, "write_key", keys->write_key);
  sight_json_member_string(&w, "token", keys->token);
  sight_json_end_object(&w);
  g_print("%s\n", out->str);
}

static void tell(const char *url, SightDepot *depot, const SightDepotKeys *keys) {
  g_print(_("Listening on %s\n"), url);
  g_print(_("Recordings are kept in %s\n"), depot->kind->where(depot));
  if (keys->write_key != NULL)
    g_print("\n%s\n  <script src=\"%s/v1/recorder.js\" data-key=\"%s\" async></script>\n",
            _("In your pages (the write key is public):"), url, keys->write_key);
  if (keys->token != NULL)
    g_print("\n%s\n  sightctl endpoints add %s --token %s\n",
            _("For workstations (secret, shown only now; `keys create` makes more):"), url, keys->token);
}

static void quit(gpointer user_data) {
  g_main_loop_quit(user_data);
}

typedef struct {
  SightCollector *collector;
  GMainLoop *loop;
  gboolean stopping;
} Running;

/* A second signal does not wait. */
static gboolean on_signal(gpointer user_data) {
  Running *running = user_data;
  if (running->stopping)
    g_main_loop_quit(running->loop);
  else
    sight_collector_stop(running->collector, quit, running->loop);
  running->stopping = TRUE;
  return G_SOURCE_CONTINUE;
}

static gboolean announce(const Options *options, SightDepot *depot, const char *where, const char *url,
                         GError **error) {
  /* Only now: a token that is made but not shown, because the port is taken, would be lost. */
  g_auto(SightDepotKeys) keys = {0};
  const char *name = options->name != NULL ? options->name : "SessionSight";
  if (!depot->kind->ensure(depot, name, options->origins, &keys, error) || !depot->kind->begin(depot, error))
    return FALSE;
  const char *address = g_str_has_prefix(url, "http://") ? url + strlen("http://") : url;
  if (options->address_file != NULL && !sight_file_write(options->address_file, address, strlen(address), error))
    return FALSE;
  if (options->json)
    tell_json(url, depot, &keys);
  else
    tell(url, depot, &keys);
  if (sight_collector_is_public(where) && !options->trust_proxy)
    g_printerr("%s\n", _("Warning: others than this machine can reach this address. Put a proxy with TLS in front of "
                         "it (see --trust-proxy); this server is not made to face the Internet bare."));
  return TRUE;
}

static gboolean serve(const Options *options, SightDepot *depot, GError **error) {
  g_autoptr(SightCollector) collector = sight_collector_new(depot, &options->collector);
  const char *where = options->listen != NULL ? options->listen : "127.0.0.1:8787";
  g_autofree char *url = sight_collector_listen(collector, where, error);
  if (url == NULL)
    return FALSE;
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  Running running = {.collector = collector, .loop = loop};
  guint term = g_unix_signal_add(SIGTERM, on_signal, &running);
  guint interrupt = g_unix_signal_add(SIGINT, on_signal, &running);
  gboolean announced = announce(options, depot, where, url, error);
  if (announced) {
    sight_log_started(url, depot->kind->where(depot));
    g_main_loop_run(loop);
    sight_log_stopped();
  }
  g_source_remove(term);
  g_source_remove(interrupt);
  return announced;
}

int main(int argc, char **argv) {
  sight_terminal_guard();
  setlocale(LC_ALL, "");
  bindtextdomain(SIGHT_GETTEXT_PACKAGE, SIGHT_LOCALE_DIR);
  bind_textdomain_codeset(SIGHT_GETTEXT_PACKAGE, "UTF-8");
  /* Fixed, so that the large bodies go back to the system as soon as they are freed. */
  mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
  /* A file that may not grow further is an error of writing, as a full disk is. */
  signal(SIGXFSZ, SIG_IGN);
  if (argc > 1 && g_str_equal(argv[1], "keys"))
    return sight_keys_command(argc - 1, argv + 1);
  if (argc > 1 && g_str_equal(argv[1], "move"))
    return sight_move_command(argc - 1, argv + 1);
  if (argc > 1 && g_str_equal(argv[1], "policy"))
    return sight_policy_command(argc - 1, argv + 1);

  g_auto(Options) options = {0};
  g_autoptr(GError) error = NULL;
  if (!read_options(&argc, &argv, &options, &error)) {
    g_printerr("%s\n", error->message);
    return 2;
  }
  if (options.version) {
    g_print("sessionsight-collector %s\n", SIGHT_VERSION);
    return 0;
  }
  if (g_strcmp0(options.log, "json") == 0)
    sight_log_use_json();
  if (options.directory == NULL)
    options.directory = g_build_filename(g_get_user_data_dir(), "sessionsight-collector", NULL);
  g_autoptr(SightDepot) depot = sight_depot_open(options.directory, options.blobs, &error);
  g_autofree char *loss = depot != NULL ? depot->kind->notice(depot) : NULL;
  if (loss != NULL)
    g_printerr(_("%s\nThis is told until the file collector.db.lost in the store's folder is renamed or removed.\n"),
               loss);
  gboolean done = depot != NULL && serve(&options, depot, &error);
  if (!done)
    g_printerr("%s\n", error->message);
  return done ? 0 : 1;
}
