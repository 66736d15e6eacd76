/* SPDX-License-Identifier: MIT */
/* sightctl clip: a range of a recording as a file to share. */
#include "sight-cli-recording.h"
#include "sight-cli-redaction.h"
#include "sight-clip.h"
#include "sight-file.h"
#include "sight-note-table.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

static const char arguments[] = "[SESSION] --from MS --to MS --format html|json|sightclip|png -o FILE";

typedef struct {
  char *file, *format, *window, *output, *name, *note, *first, *end;
  gint64 from, to;
  char **masks; /* kinds and texts */
  gboolean mask_all;
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
       N_("html (plays by itself, the default), json (rrweb events), sightclip (to be imported, with tags; the default "
          "for a file of that name) or png (a picture of the first moment)"),
       N_("FORMAT")},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, N_("Where to write"), N_("FILE")},
      {"name", 0, 0, G_OPTION_ARG_STRING, &options->name, N_("Title of the clip"), N_("TEXT")},
      {"note", 0, 0, G_OPTION_ARG_STRING, &options->note, N_("What there is to see"), N_("TEXT")},
      {"mask", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->masks,
       N_("Mask this kind of what looks private (“sightctl audit --json” names them), or this text, wherever it "
          "stands"),
       N_("WHAT")},
      {"mask-all", 0, 0, G_OPTION_ARG_NONE, &options->mask_all, N_("Mask everything that looks private"), NULL},
      {"window", 0, 0, G_OPTION_ARG_STRING, &options->window, N_("Of this window (tab), not of those in use"),
       N_("WINDOW")},
      G_OPTION_ENTRY_NULL,
  };
  return sight_cli_parse(cli, entries, arguments, _("Writes a range of a recording as a file to share."), argc, argv) &&
         sight_cli_number("--from", options->first, SIGHT_TEXT_MAX_MS, &options->from) &&
         sight_cli_number("--to", options->end, SIGHT_TEXT_MAX_MS, &options->to);
}

/* A picture needs the web view: the application draws it. */
static gboolean draw_picture(SightCli *cli, const ClipOptions *options, const char *session, GError **error) {
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname(self) : g_strdup(".");
  g_autofree char *beside = g_build_filename(folder, "sessionsight", NULL);
  g_autofree char *built = g_build_filename(folder, "..", "ui", "sessionsight", NULL);
  const char *program = g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE)  ? beside
                        : g_file_test(built, G_FILE_TEST_IS_EXECUTABLE) ? built
                                                                        : "sessionsight";
  g_autofree char *at = g_strdup_printf("%" G_GINT64_FORMAT, options->from);
  const char *const words[] = {
      program,    "--render",      options->file != NULL ? options->file : session, "--at",     at,
      "--output", options->output, cli->cache != NULL ? "--cache" : NULL,           cli->cache, NULL};
  g_autofree char *said = NULL;
  g_autoptr(GSubprocess) process =
      g_subprocess_newv(words, G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, error);
  if (process == NULL) {
    g_prefix_error(error, _("A picture is drawn by the application (sessionsight), which does not start: "));
    return FALSE;
  }
  if (!g_subprocess_communicate_utf8(process, NULL, NULL, NULL, &said, error))
    return FALSE;
  if (g_subprocess_get_successful(process))
    return TRUE;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The picture could not be drawn: %s"), g_strstrip(said));
  return FALSE;
}

/* One part for each stretch in which a window is the one in use. */
static GArray *parts_of(const GPtrArray *tracks, const ClipOptions *options, GError **error) {
  g_autoptr(GArray) parts = g_array_new(FALSE, TRUE, sizeof(SightClipPart));
  gint64 start_ms = sight_recording_first_ms(tracks);
  gint64 from_ms = start_ms + options->from, to_ms = start_ms + options->to;
  if (tracks->len == 1 || options->window != NULL) {
    SightTrack *track = sight_cli_choose_track(tracks, options->window, G_MAXINT64, error);
    SightClipPart part = {track, from_ms, to_ms};
    if (track == NULL)
      return NULL;
    g_array_append_val(parts, part);
    return g_steal_pointer(&parts);
  }
  for (gint64 at_ms = from_ms; at_ms < to_ms;) {
    SightTrack *track = sight_cli_choose_track(tracks, NULL, at_ms + 1, NULL);
    gint64 next_ms = to_ms;
    /* until something happens in another window */
    for (guint i = 0; i < tracks->len; i++) {
      const SightRecordingWindow *other = g_ptr_array_index(tracks, i);
      gint64 change_ms = other->track != track ? sight_track_change(other->track, at_ms, 1) : -1;
      if (change_ms >= 0 && change_ms < next_ms && sight_track_has_page(other->track))
        next_ms = change_ms;
    }
    SightClipPart part = {track, at_ms, next_ms};
    SightClipPart *last = parts->len > 0 ? &g_array_index(parts, SightClipPart, parts->len - 1) : NULL;
    if (last != NULL && last->track == track)
      last->to_ms = next_ms;
    else if (track != NULL)
      g_array_append_val(parts, part);
    at_ms = next_ms;
  }
  return g_steal_pointer(&parts);
}

/* What is to be masked; NULL without error: nothing. */
static SightRedaction *redaction_of(const ClipOptions *options, GError **error) {
  if (options->masks == NULL && !options->mask_all)
    return NULL;
  return sight_cli_redaction((const char *const *)options->masks, options->mask_all, error);
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
  g_autoptr(GArray) parts = tracks != NULL ? parts_of(tracks, options, error) : NULL;
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

int sight_verb_clip(SightCli *cli, int argc, char **argv) {
  const char *const formats[] = {"html", "json", "png", "sightclip", NULL};
  g_auto(ClipOptions) options = {.from = -1, .to = -1};
  g_autoptr(GError) error = NULL;

  if (!parse(cli, &options, &argc, &argv))
    return SIGHT_EXIT_USAGE;
  if (options.format == NULL)
    options.format =
        g_strdup(options.output != NULL && g_str_has_suffix(options.output, ".sightclip") ? "sightclip" : "html");
  gboolean picture = g_strcmp0(options.format, "png") == 0;
  /* A picture is drawn from the recording as it is. */
  gboolean masks = options.masks != NULL || options.mask_all;
  if (options.from < 0 || (picture && masks) || (!picture && options.to <= options.from) || options.output == NULL ||
      (options.file != NULL) == (argc > 1) || argc > 2 || !g_strv_contains(formats, options.format))
    return sight_cli_usage("clip", arguments);
  const char *session = argc > 1 ? argv[1] : NULL;
  if (!log_it(cli, &options, session, &error) ||
      !(picture ? draw_picture(cli, &options, session, &error) : write_clip(cli, &options, session, &error)))
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
