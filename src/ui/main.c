/* SPDX-License-Identifier: MIT */
/* The command line of sessionsight. */
#include "sight-config.h"
#include "sight-terminal.h"
#include "sight-text.h"
#include "sight-ui-application.h"
#include "sight-ui-guard.h"
#include "sight-ui-picture.h"
#include "sight-ui-render.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdlib.h>

typedef struct {
  char *cache_dir, *render, *output, *picture, *filter, *at;
  gint64 at_ms;
  gboolean version, service;
} Options;

static void options_clear(Options *options) {
  g_free(options->cache_dir);
  g_free(options->render);
  g_free(options->output);
  g_free(options->picture);
  g_free(options->filter);
  g_free(options->at);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean parse(int *argc, char ***argv, Options *options, GError **error) {
  const GOptionEntry entries[] = {
      {"cache", 0, 0, G_OPTION_ARG_FILENAME, &options->cache_dir, N_("Keep recordings in this folder"), N_("DIR")},
      {"render", 0, 0, G_OPTION_ARG_STRING, &options->render, N_("Draw one moment of a session or file, and exit"),
       N_("SESSION")},
      {"at", 0, 0, G_OPTION_ARG_STRING, &options->at, N_("The moment to draw, from the start of the session"),
       N_("MS")},
      {"output", 0, 0, G_OPTION_ARG_FILENAME, &options->output, N_("Where to draw it"), N_("FILE.png")},
      {"picture", 0, 0, G_OPTION_ARG_FILENAME, &options->picture,
       N_("Draw the window once it has come to rest, and exit"), N_("FILE.png")},
      {"filter", 0, 0, G_OPTION_ARG_STRING, &options->filter, N_("For --picture: what to show"), N_("FILTER")},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, N_("Tell the version, and exit"), NULL},
      /* What the bus starts a program with. */
      {"gapplication-service", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &options->service, NULL, NULL},
      {NULL, 0, 0, 0, NULL, NULL, NULL}};
  g_autoptr(GOptionContext) context = g_option_context_new(_("[FILE…]"));
  g_option_context_set_summary(context, _("Watch recorded sessions: what happened, when, and why it matters."));
  g_option_context_add_main_entries(context, entries, SIGHT_GETTEXT_PACKAGE);
  return g_option_context_parse(context, argc, argv, error) &&
         sight_text_number("--at", options->at, 0, SIGHT_TEXT_MAX_MS, &options->at_ms, error);
}

static int render(const Options *options) {
  if (options->output == NULL) {
    g_printerr("%s\n", _("--render needs --output FILE.png"));
    return EXIT_FAILURE;
  }
  g_autofree char *own = sight_ui_application_default_cache();
  return sight_ui_render_run(options->cache_dir != NULL ? options->cache_dir : own, options->render, options->at_ms,
                             options->output);
}

int main(int argc, char **argv) {
  sight_terminal_guard();
  setlocale(LC_ALL, "");
  bindtextdomain(SIGHT_GETTEXT_PACKAGE, SIGHT_LOCALE_DIR);
  bind_textdomain_codeset(SIGHT_GETTEXT_PACKAGE, "UTF-8");
  textdomain(SIGHT_GETTEXT_PACKAGE);

  g_auto(Options) options = {0};
  g_autoptr(GError) error = NULL;
  if (!parse(&argc, &argv, &options, &error)) {
    g_printerr("%s\n", error->message);
    return EXIT_FAILURE;
  }
  g_set_application_name("SessionSight");
  sight_ui_guard_prepare();
  if (options.version) {
    g_print("sessionsight %s\n", SIGHT_VERSION);
    return EXIT_SUCCESS;
  }
  if (options.render != NULL)
    return render(&options);
  g_autoptr(SightUiApplication) application = sight_ui_application_new(options.cache_dir);
  if (options.service)
    sight_ui_application_be_service(application);
  if (options.picture == NULL)
    return g_application_run(G_APPLICATION(application), argc, argv);
  sight_ui_application_take_picture(application, options.filter, options.picture);
  int status = g_application_run(G_APPLICATION(application), argc, argv);
  return sight_ui_picture_is_taken() ? status : EXIT_FAILURE;
}
