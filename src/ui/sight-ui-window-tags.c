/* SPDX-License-Identifier: MIT */
/* Tags of the session that is open: set, changed, removed, and each of that taken back. */
#include "sight-ui-window-private.h"

#include "sight-annotation-table.h"
#include "sight-ui-inspector.h"
#include "sight-ui-tag-popover.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

/* Long enough to think it over. */
#define UNDO_SECONDS 12

/* A version of a tag on its way into the store. */
typedef struct {
  SightUiWindow *window; /* a reference */
  SightAnnotation *tag;
} Put;

static void put_free(Put *put) {
  g_object_unref(put->window);
  sight_annotation_free(put->tag);
  g_free(put);
}

static gboolean write_tag(SightDb *db, gpointer user_data, GError **error) {
  return sight_annotation_table_put(db, user_data, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

static void written_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  Put *put = user_data;
  g_autoptr(GError) error = NULL;
  if (!sight_store_write_finish(SIGHT_STORE(source), result, &error) && put->window->store != NULL)
    sight_ui_window_show_problem(put->window, _("This Could Not Be Kept"), _("Nothing was changed."), error->message);
  if (put->window->jobs != NULL)
    sight_ui_rounds_start(sight_ui_jobs_get_rounds(put->window->jobs), 0);
  put_free(put);
}

/* Writes a version that replaces the one before, also where its clock was ahead of ours. */
static void put_version(SightUiWindow *self, const SightAnnotation *tag) {
  Put *put = g_new0(Put, 1);
  put->window = g_object_ref(self);
  put->tag = sight_annotation_copy(tag);
  put->tag->updated_ms = MAX(g_get_real_time() / 1000, tag->updated_ms + 1);
  sight_store_write_async(self->store, SIGHT_WRITE_DURABLE, write_tag, put->tag, NULL, NULL, written_cb, put);
}

/* Says what was done to a tag; `before` is what undoing puts back. */
static void tell(SightUiWindow *self, const char *text, const SightAnnotation *before) {
  g_clear_pointer(&self->undo_tag, sight_annotation_free);
  self->undo_tag = sight_annotation_copy(before);
  AdwToast *toast = sight_ui_window_toast(self, text);
  adw_toast_set_button_label(toast, _("Undo"));
  adw_toast_set_timeout(toast, UNDO_SECONDS);
  adw_toast_set_action_name(toast, "win.undo");
}

void sight_ui_window_undo(SightUiWindow *self) {
  g_autoptr(SightAnnotation) tag = g_steal_pointer(&self->undo_tag);
  if (tag == NULL)
    return;
  put_version(self, tag);
  sight_ui_window_toast(self, _("Undone"));
}

static void change(SightUiWindow *self, const SightAnnotation *before, const char *body, gboolean deleted) {
  g_autoptr(SightAnnotation) after = sight_annotation_copy(before), taken_back = sight_annotation_copy(before);
  g_autofree char *time = sight_ui_format_time(MAX(before->at_ms, 0));
  after->deleted = deleted;
  g_free(after->body);
  after->body = g_strdup(body);
  put_version(self, after);
  /* What is put back is newer than what it takes back. */
  taken_back->updated_ms = MAX(g_get_real_time() / 1000, before->updated_ms + 1);
  g_autofree char *text = g_strdup_printf(deleted ? _("Tag at %s removed") : _("Tag at %s changed"), time);
  tell(self, text, taken_back);
}

static void tagged(SightUiWindow *self, const char *text, gint64 at_ms) {
  const SightSession *session = sight_ui_playback_get_session(self->playback);
  g_autoptr(SightAnnotation) edited = g_steal_pointer(&self->edited_tag);
  if (session == NULL || session->row != self->tag_row)
    return;
  if (edited != NULL) {
    if (g_strcmp0(edited->body, text) != 0)
      change(self, edited, text, FALSE);
    return;
  }
  g_autoptr(SightAnnotation) tag = sight_annotation_new(session->endpoint, session->session, "tag", at_ms, text);
  g_autofree char *time = sight_ui_format_time(at_ms);
  g_autofree char *message = g_strdup_printf(_("Tagged at %s"), time);
  put_version(self, tag);
  tag->deleted = TRUE;
  tag->updated_ms += 2;
  tell(self, message, tag);
}

static void open_popover(SightUiWindow *self, gint64 at_ms) {
  self->tag_row = sight_ui_playback_get_session_row(self->playback);
  if (self->tag_popover == NULL) {
    self->tag_popover = sight_ui_tag_popover_new();
    gtk_widget_set_parent(self->tag_popover, self->player_bin);
    gtk_popover_set_position(GTK_POPOVER(self->tag_popover), GTK_POS_TOP);
    g_signal_connect_object(self->tag_popover, "tagged", G_CALLBACK(tagged), self, G_CONNECT_SWAPPED);
  }
  int width = gtk_widget_get_width(GTK_WIDGET(self->player_stack));
  int height = gtk_widget_get_height(GTK_WIDGET(self->player_stack));
  gtk_popover_set_pointing_to(GTK_POPOVER(self->tag_popover), &(GdkRectangle){width / 2, height - 130, 1, 1});
  sight_ui_tag_popover_open(SIGHT_UI_TAG_POPOVER(self->tag_popover), at_ms,
                            self->edited_tag != NULL ? self->edited_tag->body : NULL);
}

void sight_ui_window_open_tag(SightUiWindow *self) {
  if (sight_ui_playback_get_session_row(self->playback) == 0)
    return;
  g_clear_pointer(&self->edited_tag, sight_annotation_free);
  open_popover(self, sight_ui_playback_get_position_ms(self->playback));
}

void sight_ui_window_edit_tag(SightUiWindow *self, const SightAnnotation *tag) {
  g_clear_pointer(&self->edited_tag, sight_annotation_free);
  self->edited_tag = sight_annotation_copy(tag);
  open_popover(self, MAX(tag->at_ms, 0));
}

void sight_ui_window_remove_tag(SightUiWindow *self, const SightAnnotation *tag) {
  change(self, tag, tag->body, TRUE);
}
