/* SPDX-License-Identifier: MIT */
/* The command line of sessionsight. */
#include "sight-config.h"
#include "sight-recording.h"
#include "sight-slice.h"
#include "sight-terminal.h"
#include "sight-text.h"
#include "sight-ui-application.h"
#include "sight-ui-film-run.h"
#include "sight-ui-guard.h"
#include "sight-ui-picture.h"
#include "sight-ui-render.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LEAD_MS (10 * 60 * 1000)

typedef struct {
  char *cache_dir, *render, *picture, *filter, *lead;
  char **at, **outputs;
  char *film, *from, *to, *width, *format;
  char **masks;
  double speed;
  gboolean mask_all, no_captions;
  gint64 lead_ms, from_ms, to_ms, width_px;
  gboolean version, service, background;
} Options;

static void options_clear(Options *options) {
  g_free(options->cache_dir);
  g_free(options->render);
  g_free(options->picture);
  g_free(options->filter);
  g_free(options->lead);
  g_strfreev(options->at);
  g_strfreev(options->outputs);
  g_free(options->film);
  g_free(options->from);
  g_free(options->to);
  g_free(options->width);
  g_free(options->format);
  g_strfreev(options->masks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void add_film_entries(GOptionContext *context, Options *options) {
  const GOptionEntry entries[] = {
      {"film", 0, 0, G_OPTION_ARG_STRING, &options->film, N_("Film a range of a session or file, and exit"),
       N_("SESSION")},
      {"from", 0, 0, G_OPTION_ARG_STRING, &options->from, N_("For --film: where it begins, from the start"), N_("MS")},
      {"to", 0, 0, G_OPTION_ARG_STRING, &options->to, N_("For --film: its end, which is not part of it"), N_("MS")},
      {"format", 0, 0, G_OPTION_ARG_STRING, &options->format,
       N_("For --film: webm, mp4 or webp; else what the name of the file ends with"), N_("FORMAT")},
      {"width", 0, 0, G_OPTION_ARG_STRING, &options->width, N_("For --film: width of the pictures"), N_("PX")},
      {"speed", 0, 0, G_OPTION_ARG_DOUBLE, &options->speed, N_("For --film: 2 takes half the time"), N_("FACTOR")},
      {"mask", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->masks,
       N_("For --film: mask this kind of what looks private, or this text"), N_("WHAT")},
      {"mask-all", 0, 0, G_OPTION_ARG_NONE, &options->mask_all, N_("For --film: mask everything that looks private"),
       NULL},
      {"no-captions", 0, 0, G_OPTION_ARG_NONE, &options->no_captions,
       N_("For --film: do not write under the page what happens"), NULL},
      G_OPTION_ENTRY_NULL};

  g_option_context_add_main_entries(context, entries, SIGHT_GETTEXT_PACKAGE);
}

static gboolean parse(int *argc, char ***argv, Options *options, GError **error) {
  const GOptionEntry entries[] = {
      {"cache", 0, 0, G_OPTION_ARG_FILENAME, &options->cache_dir, N_("Keep recordings in this folder"), N_("DIR")},
      {"render", 0, 0, G_OPTION_ARG_STRING, &options->render, N_("Draw moments of a session or file, and exit"),
       N_("SESSION")},
      {"at", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->at, N_("A moment to draw, from the start of the session"),
       N_("MS")},
      {"output", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->outputs, N_("Where to draw it: one for each --at"),
       N_("FILE.png")},
      {"lead", 0, 0, G_OPTION_ARG_STRING, &options->lead, N_("Play up to it from so long before, and draw what plays"),
       N_("MS")},
      {"picture", 0, 0, G_OPTION_ARG_FILENAME, &options->picture,
       N_("Draw the window once it has come to rest, and exit"), N_("FILE.png")},
      {"filter", 0, 0, G_OPTION_ARG_STRING, &options->filter, N_("For --picture: what to show"), N_("FILTER")},
      {"background", 0, 0, G_OPTION_ARG_NONE, &options->background,
       N_("Sync without a window, where the preferences say so"), NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, N_("Tell the version, and exit"), NULL},
      /* What the bus starts a program with. */
      {"gapplication-service", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &options->service, NULL, NULL},
      {NULL, 0, 0, 0, NULL, NULL, NULL}};
  g_autoptr(GOptionContext) context = g_option_context_new(_("[FILE…]"));
  g_option_context_set_summary(context, _("Watch recorded sessions: what happened, when, and why it matters."));
  g_option_context_add_main_entries(context, entries, SIGHT_GETTEXT_PACKAGE);
  add_film_entries(context, options);
  return g_option_context_parse(context, argc, argv, error) &&
         sight_text_number("--lead", options->lead, 0, MAX_LEAD_MS, &options->lead_ms, error) &&
         sight_text_number("--from", options->from, 0, SIGHT_TEXT_MAX_MS, &options->from_ms, error) &&
         sight_text_number("--to", options->to, 0, SIGHT_TEXT_MAX_MS, &options->to_ms, error) &&
         sight_text_number("--width", options->width, SIGHT_UI_FILM_WIDTH_MIN, SIGHT_UI_FILM_WIDTH_MAX,
                           &options->width_px, error);
}

static int render(const Options *options) {
  guint n = options->outputs != NULL ? g_strv_length(options->outputs) : 0;
  guint n_at = options->at != NULL ? g_strv_length(options->at) : 0;
  g_autofree SightUiRenderMoment *moments = g_new0(SightUiRenderMoment, n + 1);
  g_autoptr(GError) error = NULL;

  if (n == 0 || (n_at != n && (n != 1 || n_at != 0))) {
    g_printerr("%s\n", _("--render needs --output FILE.png, one for each --at"));
    return EXIT_FAILURE;
  }
  for (guint i = 0; i < n; i++) {
    moments[i].output = options->outputs[i];
    if (n_at > 0 && !sight_text_number("--at", options->at[i], 0, SIGHT_TEXT_MAX_MS, &moments[i].at_ms, &error)) {
      g_printerr("%s\n", error->message);
      return EXIT_FAILURE;
    }
  }
  g_autofree char *own = sight_ui_application_default_cache();
  const SightUiRender what = {
      .session = options->render, .moments = moments, .n_moments = n, .lead_ms = options->lead_ms};
  return sight_ui_render_run(options->cache_dir != NULL ? options->cache_dir : own, &what);
}

static int film(const Options *options) {
  const char *output = options->outputs != NULL ? options->outputs[0] : NULL;
  const char *ending = output != NULL ? strrchr(output, '.') : NULL;
  const char *name = options->format != NULL ? options->format : ending != NULL ? ending + 1 : NULL;
  SightFilmForm form = sight_film_form_by_name(name);

  if (output == NULL || form == SIGHT_N_FILM_FORMS || options->to_ms <= options->from_ms) {
    g_printerr("%s\n", _("--film needs --from MS --to MS --output FILE.webm, FILE.mp4 or FILE.webp"));
    return EXIT_FAILURE;
  }
  if (options->speed < SIGHT_UI_FILM_SPEED_MIN || options->speed > SIGHT_UI_FILM_SPEED_MAX) {
    g_printerr(_("--speed is a number from %g to %g\n"), SIGHT_UI_FILM_SPEED_MIN, SIGHT_UI_FILM_SPEED_MAX);
    return EXIT_FAILURE;
  }
  g_autofree char *own = sight_ui_application_default_cache();
  const SightUiFilmOrder order = {.session = options->film,
                                  .from_ms = options->from_ms,
                                  .to_ms = options->to_ms,
                                  .output = output,
                                  .masks = (const char *const *)options->masks,
                                  .mask_all = options->mask_all,
                                  .captions = !options->no_captions,
                                  .wish = {form, (int)options->width_px, options->speed}};
  return sight_ui_film_run(options->cache_dir != NULL ? options->cache_dir : own, &order);
}

int main(int argc, char **argv) {
  sight_terminal_guard();
  setlocale(LC_ALL, "");
  bindtextdomain(SIGHT_GETTEXT_PACKAGE, SIGHT_LOCALE_DIR);
  bind_textdomain_codeset(SIGHT_GETTEXT_PACKAGE, "UTF-8");
  textdomain(SIGHT_GETTEXT_PACKAGE);

  g_auto(Options) options = {.width_px = SIGHT_UI_FILM_WIDTH, .speed = 1};
  g_autoptr(GError) error = NULL;
  if (!parse(&argc, &argv, &options, &error)) {
    g_printerr("%s\n", error->message);
    return EXIT_FAILURE;
  }
  g_set_application_name("SessionSight");
  sight_recording_set_fetch(sight_slice_fetch);
  sight_ui_guard_prepare();
  if (options.version) {
    g_print("sessionsight %s\n", SIGHT_VERSION);
    return EXIT_SUCCESS;
  }
  if (options.render != NULL)
    return render(&options);
  if (options.film != NULL)
    return film(&options);
  g_autoptr(SightUiApplication) application = sight_ui_application_new(options.cache_dir);
  if (options.service)
    sight_ui_application_be_service(application);
  if (options.background) {
    sight_ui_application_start_unseen(application);
    /* One that runs syncs already. */
    if (!g_application_register(G_APPLICATION(application), NULL, NULL) ||
        g_application_get_is_remote(G_APPLICATION(application)))
      return EXIT_SUCCESS;
  }
  if (options.picture == NULL)
    return g_application_run(G_APPLICATION(application), argc, argv);
  sight_ui_application_take_picture(application, options.filter, options.picture);
  int status = g_application_run(G_APPLICATION(application), argc, argv);
  return sight_ui_picture_is_taken() ? status : EXIT_FAILURE;
}
