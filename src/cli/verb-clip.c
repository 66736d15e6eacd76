/* SPDX-License-Identifier: MIT */
/* sightctl clip: a range of a recording as a file to share. */
#include "sight-cli-recording.h"
#include "sight-clip.h"
#include "sight-file.h"
#include "sight-note-table.h"
#include "sight-text.h"
#include "verb-clip-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char arguments[] = "[SESSION] --from MS --to MS --format html|json|sightclip|png|webm|mp4|webp -o FILE";
static const char page_arguments[] = "--filter FILTER [--limit N] -o FILE.html";
/* The first is for files of any other name. */
static const char *const formats[] = {"html", "json", "sightclip", "png", "webm", "mp4", "webp", NULL};
/* What the application draws. */
static const char *const films[] = {"webm", "mp4", "webp", NULL};

typedef struct {
  char *file, *format, *window, *output, *name, *note, *first, *end;
  gint64 from, to;
  char **masks; /* kinds and texts */
  gboolean mask_all;
  char *width, *speed; /* of a film: as the application takes them */
  gboolean no_captions;
  char *filter, *most;
  gint64 limit;
} ClipOptions;

static void clip_options_clear(ClipOptions *options) {
  g_free(options->file);
  g_free(options->format);
  g_free(options->window);
  g_free(options->output);
  g_free(options->name);
  g_free(options->note);
  g_free(options->first);
  g_free(options->end);
  g_free(options->width);
  g_free(options->filter);
  g_free(options->most);
  g_free(options->speed);
  g_strfreev(options->masks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClipOptions, clip_options_clear)

static gboolean parse(SightCli *cli, ClipOptions *options, int *argc, char ***argv) {
  const GOptionEntry entries[] = {
      {"file", 'f', 0, G_OPTION_ARG_FILENAME, &options->file, N_("Read a file instead of a session of the cache"),
       N_("FILE")},
      {"from", 0, 0, G_OPTION_ARG_STRING, &options->first, N_("First moment, in milliseconds from the first event"),
       N_("MS")},
      {"to", 0, 0, G_OPTION_ARG_STRING, &options->end, N_("End, which is not part of it; a picture needs none"),
       N_("MS")},
      {"format", 0, 0, G_OPTION_ARG_STRING, &options->format,
       N_("html (plays by itself, the default), json (rrweb events), sightclip (to be imported, with tags), png (a "
          "picture of the first moment), webm or mp4 (video), or webp (a moving picture of 15 seconds at most); else "
          "what the name of the file ends with"),
       N_("FORMAT")},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, N_("Where to write"), N_("FILE")},
      {"name", 0, 0, G_OPTION_ARG_STRING, &options->name, N_("Title of the clip"), N_("TEXT")},
      {"note", 0, 0, G_OPTION_ARG_STRING, &options->note, N_("What there is to see"), N_("TEXT")},
      {"mask", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->masks,
       N_("Mask this kind of what looks private (“sightctl audit --json” names them), or this text, wherever it "
          "stands"),
       N_("WHAT")},
      {"mask-all", 0, 0, G_OPTION_ARG_NONE, &options->mask_all, N_("Mask everything that looks private"), NULL},
      {"width", 0, 0, G_OPTION_ARG_STRING, &options->width, N_("Width of a film; 1280 if the page is as wide"),
       N_("PX")},
      {"speed", 0, 0, G_OPTION_ARG_STRING, &options->speed, N_("How fast a film is: 2 takes half the time"),
       N_("FACTOR")},
      {"no-captions", 0, 0, G_OPTION_ARG_NONE, &options->no_captions,
       N_("Do not write under the page of a film what happens"), NULL},
      {"filter", 0, 0, G_OPTION_ARG_STRING, &options->filter,
       N_("The moments of a filter, in one page with a list of them"), N_("FILTER")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &options->most, N_("With --filter: at most so many; 0: all; else 50"),
       N_("N")},
      {"window", 0, 0, G_OPTION_ARG_STRING, &options->window, N_("Of this window (tab), not of those in use"),
       N_("WINDOW")},
      G_OPTION_ENTRY_NULL,
  };
  return sight_cli_parse(cli, entries, arguments, _("Writes a range of a recording as a file to share."), argc, argv) &&
         sight_cli_number("--from", options->first, SIGHT_TEXT_MAX_MS, &options->from) &&
         sight_cli_number("--to", options->end, SIGHT_TEXT_MAX_MS, &options->to) &&
         sight_cli_number("--limit", options->most, G_MAXINT, &options->limit);
}

/* The application, beside this program or where both were built. */
static char *application(void) {
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname(self) : g_strdup(".");
  g_autofree char *beside = g_build_filename(folder, "sessionsight", NULL);
  g_autofree char *built = g_build_filename(folder, "..", "ui", "sessionsight", NULL);

  return g_strdup(g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE)  ? beside
                  : g_file_test(built, G_FILE_TEST_IS_EXECUTABLE) ? built
                                                                  : "sessionsight");
}

static void add_words(GPtrArray *words, const char *option, const char *value) {
  if (value == NULL)
    return;
  g_ptr_array_add(words, g_strdup(option));
  g_ptr_array_add(words, g_strdup(value));
}

static char **words_for(SightCli *cli, const ClipOptions *options, const char *session, gboolean film) {
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, options->from);
  g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, options->to);

  g_ptr_array_add(words, application());
  add_words(words, film ? "--film" : "--render", options->file != NULL ? options->file : session);
  add_words(words, film ? "--from" : "--at", from);
  add_words(words, "--to", film ? to : NULL);
  add_words(words, "--output", options->output);
  add_words(words, "--format", film ? options->format : NULL);
  add_words(words, "--cache", cli->cache);
  add_words(words, "--width", options->width);
  add_words(words, "--speed", options->speed);
  for (guint i = 0; options->masks != NULL && options->masks[i] != NULL; i++)
    add_words(words, "--mask", options->masks[i]);
  if (options->mask_all)
    g_ptr_array_add(words, g_strdup("--mask-all"));
  if (options->no_captions)
    g_ptr_array_add(words, g_strdup("--no-captions"));
  g_ptr_array_add(words, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&words), FALSE);
}

/* A picture, and a film, need the web view: the application draws them. */
static gboolean draw(SightCli *cli, const ClipOptions *options, const char *session, gboolean film, GError **error) {
  g_auto(GStrv) words = words_for(cli, options, session, film);
  g_autofree char *said = NULL;
  g_autoptr(GSubprocess) process = g_subprocess_newv(
      (const char *const *)words, G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, error);
  if (process == NULL) {
    g_prefix_error(error, _("A picture is drawn by the application (sessionsight), which does not start: "));
    return FALSE;
  }
  if (!g_subprocess_communicate_utf8(process, NULL, NULL, NULL, &said, error))
    return FALSE;
  if (g_subprocess_get_successful(process))
    return TRUE;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
              film ? _("The film could not be made: %s") : _("The picture could not be drawn: %s"), g_strstrip(said));
  return FALSE;
}

/* What is to be masked; NULL without error: nothing. */
static SightRedaction *redaction_of(const ClipOptions *options, GError **error) {
  if (options->masks == NULL && !options->mask_all)
    return NULL;
  return sight_redaction_new_of((const char *const *)options->masks, options->mask_all, error);
}

/* A file that is nobody's session needs no line. */
static gboolean log_it(SightCli *cli, const ClipOptions *options, const char *session, GError **error) {
  SightLogEntry entry = {.act = SIGHT_LOG_CLIPPED,
                         .session = session,
                         .from_ms = options->from,
                         .to_ms = options->to,
                         .detail = options->format};
  return session == NULL || (sight_cli_open(cli, error) && sight_cli_log(cli, 0, &entry, error));
}

/* What the team said of a session. */
typedef struct {
  const char *id;
  GPtrArray *notes;
} Said;

static gboolean read_said(SightDb *db, gpointer user_data, GError **error) {
  Said *said = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, said->id, error);

  said->notes = session != NULL ? sight_note_table_list(db, session->endpoint, session->session, error) : NULL;
  return said->notes != NULL;
}

static gboolean write_clip(SightCli *cli, const ClipOptions *options, const char *session, GError **error) {
  g_autoptr(GPtrArray) tracks = sight_cli_read_recording(cli, session, options->file, error);
  gint64 start_ms = tracks != NULL ? sight_recording_first_ms(tracks) : 0;
  g_autoptr(GArray) parts = tracks != NULL ? sight_cli_clip_parts(tracks, options->window, start_ms + options->from,
                                                                  start_ms + options->to, error)
                                           : NULL;
  g_autoptr(GString) out = g_string_new(NULL);
  if (parts == NULL)
    return FALSE;
  g_autoptr(GHashTable) shown = options->file == NULL ? sight_cli_read_shown(cli, session, error) : NULL;
  if (options->file == NULL && shown == NULL)
    return FALSE;
  g_autoptr(GError) local = NULL;
  g_autoptr(SightRedaction) redaction = redaction_of(options, &local);
  if (local != NULL) {
    g_propagate_error(error, g_steal_pointer(&local));
    return FALSE;
  }
  Said said = {.id = session};
  gboolean noted = session == NULL || sight_store_read(cli->store, read_said, &said, error);
  g_autoptr(GPtrArray) notes = said.notes;
  if (!noted)
    return FALSE;
  const SightClipAbout about = {.name = options->name,
                                .note = options->note,
                                .shown = shown,
                                .notes = notes,
                                .started_ms = sight_recording_first_ms(tracks),
                                .redaction = redaction};
  SightClipForm form = g_str_equal(options->format, "json")        ? SIGHT_CLIP_JSON
                       : g_str_equal(options->format, "sightclip") ? SIGHT_CLIP_FILE
                                                                   : SIGHT_CLIP_HTML;
  return sight_clip_write((const SightClipPart *)(void *)parts->data, parts->len, form, &about, NULL, out, error) &&
         sight_file_write(options->output, out->str, out->len, error);
}

/* What the name of the file says, where nothing else does. */
static char *format_of(const char *output) {
  const char *ending = output != NULL ? strrchr(output, '.') : NULL;

  return g_strdup(ending != NULL && g_strv_contains(formats, ending + 1) ? ending + 1 : formats[0]);
}

/* Several clips are in one page alone. */
static gboolean is_page(const ClipOptions *options) {
  return options->output != NULL && options->from < 0 && options->to < 0 && options->file == NULL &&
         options->window == NULL && options->note == NULL && options->width == NULL && options->speed == NULL &&
         !options->no_captions && g_str_equal(options->format, "html");
}

static gboolean may_be(const ClipOptions *options) {
  gboolean film = g_strv_contains(films, options->format), picture = g_str_equal(options->format, "png");

  /* A picture is drawn from the recording as it is. */
  if (picture && (options->masks != NULL || options->mask_all))
    return FALSE;
  /* Nothing of what is drawn has room for words. */
  if ((film || picture) && (options->name != NULL || options->note != NULL))
    return FALSE;
  if (!film && (options->width != NULL || options->speed != NULL || options->no_captions))
    return FALSE;
  return g_strv_contains(formats, options->format) && options->output != NULL && options->from >= 0 &&
         (picture || options->to > options->from) && !(film && options->window != NULL);
}

int sight_verb_clip(SightCli *cli, int argc, char **argv) {
  g_auto(ClipOptions) options = {.from = -1, .to = -1, .limit = 50};
  g_autoptr(GError) error = NULL;

  if (!parse(cli, &options, &argc, &argv))
    return SIGHT_EXIT_USAGE;
  if (options.format == NULL)
    options.format = format_of(options.output);
  if (options.filter != NULL) {
    const SightCliClipPage page = {options.filter, options.output, options.name,
                                   options.limit,  options.masks,  options.mask_all};
    return is_page(&options) && argc == 1 ? sight_cli_clip_page(cli, &page) : sight_cli_usage("clip", page_arguments);
  }
  if (!may_be(&options) || (options.file != NULL) == (argc > 1) || argc > 2)
    return sight_cli_usage("clip", arguments);
  gboolean film = g_strv_contains(films, options.format), picture = g_str_equal(options.format, "png");
  const char *session = argc > 1 ? argv[1] : NULL;
  /* The application notes a film itself. */
  if ((!film && !log_it(cli, &options, session, &error)) ||
      !(film || picture ? draw(cli, &options, session, film, &error) : write_clip(cli, &options, session, &error)))
    return sight_cli_fail(cli, error);
  if (cli->json) {
    g_autoptr(GString) json = g_string_new(NULL);
    SightJsonWriter w = {.out = json};
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "file", options.output);
    sight_json_member_string(&w, "format", options.format);
    sight_json_end_object(&w);
    sight_cli_print_json(json);
  }
  return SIGHT_EXIT_OK;
}
