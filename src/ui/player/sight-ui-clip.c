/* SPDX-License-Identifier: MIT */
/* Clips: from the session that is open to a file. */
#include "sight-ui-clip.h"

#include "sight-shown.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NAME_CHARS 80
#define MAX_SIMILAR 1000

/* What the player shows there: the window itself, or the first that has a page. -1: nothing can be shown. */
static int window_of(const SightUiReel *reel, const char *name) {
  int index = sight_ui_reel_find(reel, name);
  if (index >= 0 && sight_ui_reel_get_window(reel, (guint)index)->has_page)
    return index;
  return sight_ui_reel_first_page(reel);
}

static void add_part(GArray *parts, const SightUiReel *reel, int window, gint64 from_ms, gint64 to_ms) {
  if (window < 0 || to_ms <= from_ms)
    return;
  SightTrack *track = sight_ui_reel_get_window(reel, (guint)window)->track;
  SightClipPart *last = parts->len > 0 ? &g_array_index(parts, SightClipPart, parts->len - 1) : NULL;
  if (last && last->track == track && last->to_ms == from_ms) {
    last->to_ms = to_ms;
    return;
  }
  SightClipPart part = {track, from_ms, to_ms};
  g_array_append_val(parts, part);
}

GArray *sight_ui_clip_parts(const SightUiReel *reel, const GPtrArray *spans, gint64 started_ms, gint64 from_ms,
                            gint64 to_ms) {
  GArray *parts = g_array_new(FALSE, FALSE, sizeof(SightClipPart));
  for (guint i = 0; spans && i < spans->len; i++) {
    const SightWindowSpan *span = g_ptr_array_index(spans, i);
    /* The last one goes on to the end: what happens in its last moment is shown, too. */
    gint64 span_end_ms = i + 1 < spans->len ? span->end_ms : MAX(span->end_ms, to_ms);
    add_part(parts, reel, window_of(reel, span->window), started_ms + MAX(from_ms, span->start_ms),
             started_ms + MIN(to_ms, span_end_ms));
  }
  if (parts->len == 0)
    add_part(parts, reel, sight_ui_reel_first_page(reel), started_ms + from_ms, started_ms + to_ms);
  return parts;
}

char *sight_ui_clip_file_name(const char *name, const char *ending) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autofree char *valid = g_utf8_make_valid(name, -1);
  glong n_chars = 0;
  for (const char *c = valid; *c && n_chars < NAME_CHARS; c = g_utf8_next_char(c)) {
    gunichar letter = g_utf8_get_char(c);
    /* Invisible ones could make a name read as another one. */
    gboolean hidden = !g_unichar_isprint(letter) || g_unichar_type(letter) == G_UNICODE_FORMAT;
    if (hidden || (out->len == 0 && (letter == '.' || g_unichar_isspace(letter))))
      continue;
    g_string_append_unichar(out, letter < 128 && strchr("/\\:*?\"<>|", (char)letter) ? '-' : letter);
    n_chars++;
  }
  g_strchomp(out->str);
  out->len = strlen(out->str);
  if (out->len == 0)
    g_string_append(out, _("Clip"));
  g_string_append(out, ending);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

typedef struct {
  SightUiReel *reel;
  GArray *parts;
  SightClipForm form;
  GBytes *bytes; /* that are made already; NULL: the clip is to be made */
  char *ending;
  char *name, *note, *folder;
  GPtrArray *notes;
  gint64 started_ms;
  SightRedaction *redaction;
} Save;

static void save_free(Save *save) {
  g_clear_pointer(&save->reel, sight_ui_reel_unref);
  g_clear_pointer(&save->parts, g_array_unref);
  g_clear_pointer(&save->bytes, g_bytes_unref);
  g_clear_pointer(&save->notes, g_ptr_array_unref);
  g_clear_pointer(&save->redaction, sight_redaction_free);
  g_free(save->ending);
  g_free(save->name);
  g_free(save->note);
  g_free(save->folder);
  g_free(save);
}

static GFileOutputStream *create(const char *folder, const char *name, const char *ending, GFile **file,
                                 GCancellable *cancellable, GError **error) {
  for (int i = 1; i <= MAX_SIMILAR; i++) {
    g_autofree char *similar = i == 1 ? g_strdup(ending) : g_strdup_printf(" (%d)%s", i, ending);
    g_autofree char *file_name = sight_ui_clip_file_name(name, similar);
    g_autoptr(GFile) wanted = g_file_new_build_filename(folder, file_name, NULL);
    g_autoptr(GError) failed = NULL;
    GFileOutputStream *stream = g_file_create(wanted, G_FILE_CREATE_PRIVATE, cancellable, &failed);
    if (stream) {
      *file = g_steal_pointer(&wanted);
      return stream;
    }
    if (!g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_EXISTS) || i == MAX_SIMILAR) {
      g_propagate_error(error, g_steal_pointer(&failed));
      break;
    }
  }
  return NULL;
}

/* A file that could not be written whole does not stay. */
static GFile *write_file(const Save *save, const char *name, const char *ending, gconstpointer data, gsize bytes,
                         GCancellable *cancellable, GError **error) {
  g_autoptr(GFile) file = NULL;
  g_autoptr(GFileOutputStream) stream = create(save->folder, name, ending, &file, cancellable, error);
  if (!stream)
    return NULL;
  if (g_output_stream_write_all(G_OUTPUT_STREAM(stream), data, bytes, NULL, cancellable, error) &&
      g_output_stream_close(G_OUTPUT_STREAM(stream), cancellable, error))
    return g_steal_pointer(&file);
  g_file_delete(file, NULL, NULL);
  return NULL;
}

static GFile *write_clip(const Save *save, GCancellable *cancellable, GError **error) {
  static const char *const endings[] = {
      [SIGHT_CLIP_HTML] = ".html", [SIGHT_CLIP_JSON] = ".json", [SIGHT_CLIP_FILE] = ".sightclip"};
  g_autoptr(GString) out = g_string_new(NULL);
  GBytes *bytes = sight_ui_reel_shown(save->reel);
  g_autoptr(GHashTable) shown = bytes ? sight_shown_table(bytes) : NULL;
  const SightClipAbout about = {.name = save->name,
                                .note = save->note,
                                .shown = shown,
                                .notes = save->notes,
                                .started_ms = save->started_ms,
                                .redaction = save->redaction};
  const SightClipPart *parts = (const SightClipPart *)(const void *)save->parts->data;
  if (!sight_clip_write(parts, save->parts->len, save->form, &about, cancellable, out, error))
    return NULL;
  g_autofree char *masked = save->redaction ? sight_redaction_text(save->redaction, save->name) : g_strdup(save->name);
  return write_file(save, masked, endings[save->form], out->str, out->len, cancellable, error);
}

static void do_save(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Save *save = data;
  GError *error = NULL;
  GFile *file = save->bytes ? write_file(save, save->name, save->ending, g_bytes_get_data(save->bytes, NULL),
                                         g_bytes_get_size(save->bytes), cancellable, &error)
                            : write_clip(save, cancellable, &error);
  if (file)
    g_task_return_pointer(task, file, g_object_unref);
  else
    g_task_return_error(task, error);
}

static void start(Save *save, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  g_task_set_task_data(task, save, (GDestroyNotify)save_free);
  g_task_run_in_thread(task, do_save);
}

void sight_ui_clip_save_async(SightUiReel *reel, GArray *parts, SightClipForm form, const SightUiClipAbout *about,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data) {
  Save *save = g_new0(Save, 1);
  save->reel = sight_ui_reel_ref(reel);
  save->parts = parts;
  save->form = form;
  save->name = g_strdup(about->name);
  save->note = g_strdup(about->note);
  save->folder = g_strdup(about->folder);
  save->notes = about->notes ? g_ptr_array_ref(about->notes) : NULL;
  save->started_ms = about->started_ms;
  save->redaction = about->redaction;
  start(save, cancellable, callback, user_data);
}

void sight_ui_clip_save_bytes_async(GBytes *bytes, const char *ending, const char *name, const char *folder,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data) {
  Save *save = g_new0(Save, 1);
  save->bytes = g_bytes_ref(bytes);
  save->ending = g_strdup(ending);
  save->name = g_strdup(name);
  save->folder = g_strdup(folder);
  start(save, cancellable, callback, user_data);
}

GFile *sight_ui_clip_save_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}
