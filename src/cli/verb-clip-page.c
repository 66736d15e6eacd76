/* SPDX-License-Identifier: MIT */
#include "verb-clip-page.h"

#include "sight-cli-moments.h"
#include "sight-cli-recording.h"

#include "sight-clock-text.h"
#include "sight-file.h"
#include "sight-log-table.h"
#include "sight-note-table.h"

#include <glib/gi18n-lib.h>

/* One sees a moment come, and what came of it. */
#define BEFORE_MS 5000
#define AFTER_MS 5000
#define LONGEST_MS (60 * 1000)

typedef struct {
  SightCli *cli;
  const SightCliClipPage *page;
  GString *out;
  /* Of the session that was opened last: its moments follow one another. */
  gint64 row;
  GPtrArray *tracks, *notes;
  GHashTable *shown;
  gint64 n_all, n_clips, n_left;
} Making;

static void making_clear(Making *making) {
  g_clear_pointer(&making->tracks, g_ptr_array_unref);
  g_clear_pointer(&making->notes, g_ptr_array_unref);
  g_clear_pointer(&making->shown, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

typedef struct {
  const SightSession *session;
  GPtrArray *notes;
} Said;

static gboolean read_said(SightDb *db, gpointer user_data, GError **error) {
  Said *said = user_data;

  said->notes = sight_note_table_list(db, said->session->endpoint, said->session->session, error);
  return said->notes != NULL;
}

static gboolean open_session(Making *making, const SightSession *session, GError **error) {
  Said said = {.session = session};

  if (making->row == session->row)
    return TRUE;
  making_clear(making);
  making->row = session->row;
  making->tracks = sight_recording_open(making->cli->store, session->row, NULL, error);
  making->shown = making->tracks != NULL ? sight_cli_read_shown(making->cli, session->session, error) : NULL;
  if (making->shown == NULL || !sight_store_read(making->cli->store, read_said, &said, error))
    return FALSE;
  making->notes = said.notes;
  return TRUE;
}

/* What the team said of it, and where it is from. */
static char *note_of(const Making *making, const SightSession *session, gint64 from_ms, gint64 to_ms) {
  g_autofree char *at = sight_clock_text(from_ms);
  g_autoptr(GString) note = g_string_new(NULL);

  g_string_append_printf(note, "%s · %s", session->session, at);
  for (guint i = 0; i < making->notes->len; i++) {
    const SightAnnotation *said = ((const SightNote *)g_ptr_array_index(making->notes, i))->annotation;
    if (said->at_ms < 0 || (said->at_ms >= from_ms && said->at_ms < to_ms))
      g_string_append_printf(note, "\n%s: %s", said->author != NULL ? said->author : "", said->body);
  }
  return g_string_free(g_steal_pointer(&note), FALSE);
}

static gboolean add_parts(Making *making, const SightSession *session, const SightQueryMoment *moment, gint64 from_ms,
                          gint64 to_ms, GError **error) {
  gint64 started_ms = session->started_ms;
  const SightCliClipPage *page = making->page;
  g_autoptr(GArray) parts = sight_cli_clip_parts(making->tracks, NULL, started_ms + from_ms, started_ms + to_ms, error);
  g_autoptr(SightRedaction) redaction = NULL;
  g_autofree char *note = note_of(making, session, from_ms, to_ms);

  if (parts == NULL)
    return FALSE;
  if (page->masks != NULL || page->mask_all) {
    redaction = sight_redaction_new_of((const char *const *)page->masks, page->mask_all, error);
    if (redaction == NULL)
      return FALSE;
  }
  const SightClipAbout about = {
      .name = moment->reason, .note = note, .shown = making->shown, .redaction = redaction, .started_ms = started_ms};
  return sight_clip_page_add((const SightClipPart *)(const void *)parts->data, parts->len, &about, NULL, making->out,
                             error);
}

static gboolean add_moment(const SightSession *session, const SightQueryMoment *moment, gpointer user_data,
                           GError **error) {
  Making *making = user_data;
  gint64 from_ms = MAX(moment->start_ms - BEFORE_MS, 0);
  gint64 to_ms = MIN(MAX(moment->end_ms, moment->start_ms) + AFTER_MS, from_ms + LONGEST_MS);
  const SightLogEntry entry = {
      .act = SIGHT_LOG_CLIPPED, .session = session->session, .from_ms = from_ms, .to_ms = to_ms, .detail = "html"};
  g_autoptr(GError) failed = NULL;

  sight_cli_progress(_("Made %u of %u clips"), (guint)making->n_clips, (guint)making->n_all);
  if (!open_session(making, session, error))
    return FALSE;
  if (add_parts(making, session, moment, from_ms, to_ms, &failed)) {
    making->n_clips++;
    /* Before the file is there, but of what is in it alone. */
    return sight_cli_log(making->cli, session->endpoint, &entry, error);
  }
  /* A moment at which there was no page yet is no reason not to show the others. */
  if (g_error_matches(failed, SIGHT_CLIP_ERROR, SIGHT_CLIP_ERROR_EMPTY) ||
      g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
    making->n_left++;
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&failed));
  return FALSE;
}

/* The title goes out as well: the filter may name whom the moments are of. */
static char *title_of(const SightCliClipPage *page, GError **error) {
  const char *title = page->title != NULL ? page->title : page->filter;
  g_autoptr(SightRedaction) redaction = sight_redaction_new_of((const char *const *)page->masks, page->mask_all, error);

  if (redaction == NULL)
    return NULL;
  sight_redaction_learn_text(redaction, title);
  return sight_redaction_text(redaction, title);
}

static void tell(const SightCli *cli, const SightCliClipPage *page, const Making *making,
                 const SightCliMoments *moments) {
  gint64 total = moments->total;

  if (!cli->json) {
    g_print(ngettext("%d of %d moment in %s\n", "%d of %d moments in %s\n", (gulong)total), (int)making->n_clips,
            (int)total, page->output);
    sight_cli_filter_tell_waiting(&moments->filter);
    return;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "file", page->output);
  sight_json_member_string(&w, "format", "html");
  sight_json_member_int(&w, "clips", making->n_clips);
  sight_json_member_int(&w, "without_page", making->n_left);
  sight_json_member_int(&w, "total", total);
  sight_json_member_int(&w, "waiting", moments->filter.n_waiting);
  sight_json_member_int(&w, "left_out", moments->filter.n_left_out);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

int sight_cli_clip_page(SightCli *cli, const SightCliClipPage *page) {
  g_auto(SightCliMoments) moments = {.filter.text = page->filter, .limit = page->limit};
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  g_auto(Making) making = {.cli = cli, .page = page, .out = out};
  g_autofree char *title = title_of(page, &error);

  if (title == NULL)
    return sight_cli_fail(cli, error);
  gboolean read = sight_cli_moments_read(&moments, cli, &error);
  making.n_all = page->limit > 0 ? MIN(page->limit, moments.total) : moments.total;
  gboolean done = read && sight_clip_page_begin(out, title, &error) &&
                  sight_cli_moments_each(&moments, add_moment, &making, &error) >= 0;
  sight_cli_progress(NULL);
  if (done && making.n_clips == 0) {
    g_set_error(&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                making.n_left > 0 ? _("Moments match “%s”, but at none of them there was a page")
                                  : _("No moment matches “%s”"),
                page->filter);
    done = FALSE;
  }
  if (!done || !sight_clip_page_end(out, &error) || !sight_file_write(page->output, out->str, out->len, &error))
    return sight_cli_fail(cli, error);
  tell(cli, page, &making, &moments);
  return SIGHT_EXIT_OK;
}
