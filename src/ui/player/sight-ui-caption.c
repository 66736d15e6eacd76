/* SPDX-License-Identifier: MIT */
/* SightUiCaption: a line about the moment that was gone to, and about what was skipped. */
#include "sight-ui-caption.h"

#include "sight-ui-player.h"
#include "sight-ui-steps.h"
#include "sight-ui-story.h"

#include <glib/gi18n-lib.h>

#define AFTERWARDS_MS 2000
#define SKIPPED_MS 2000
#define ICON_SIZE 16

struct _SightUiCaption {
  GtkWidget parent_instance;
  SightUiPlayback *playback;
  GtkWidget *box, *icon_room, *text, *until;
  gint64 moment_ms; /* what it is about, or -1 */
  int kind;         /* of the signal on display, or -1 */
  guint skipped_source;
};

G_DEFINE_FINAL_TYPE(SightUiCaption, sight_ui_caption, GTK_TYPE_WIDGET)

char *sight_ui_caption_text(const SightAnalysis *analysis, const SightSignal *signal, gint64 position_ms, double speed,
                            gint64 *until_ms) {
  *until_ms = MAX(signal->start_ms - position_ms, 0);
  if (position_ms <= signal->end_ms)
    return sight_signal_reason(signal);
  if (position_ms <= signal->end_ms + (gint64)(AFTERWARDS_MS * MAX(speed, 1.0)))
    return sight_ui_story_after(analysis, signal);
  return NULL;
}

static void show(SightUiCaption *self, const char *text, int kind, gint64 until_ms) {
  gtk_widget_set_visible(GTK_WIDGET(self), text != NULL && sight_ui_playback_get_captions(self->playback));
  if (text == NULL)
    return;
  gint64 seconds = (until_ms + 999) / 1000;
  /* Translators: how soon the moment comes that was gone to */
  g_autofree char *until = g_strdup_printf(_("in %d s"), (int)MIN(seconds, G_MAXINT));
  if (kind != self->kind)
    gtk_widget_queue_draw(GTK_WIDGET(self));
  self->kind = kind;
  gtk_widget_set_visible(self->icon_room, kind >= 0);
  gtk_widget_set_visible(self->until, until_ms > 0);
  /* Labels lay themselves out anew for the same text, too. */
  if (g_strcmp0(gtk_label_get_text(GTK_LABEL(self->text)), text) != 0)
    gtk_label_set_text(GTK_LABEL(self->text), text);
  if (g_strcmp0(gtk_label_get_text(GTK_LABEL(self->until)), until) != 0)
    gtk_label_set_text(GTK_LABEL(self->until), until);
}

/* Of a moment that is no signal: a tag that stands there, else what the filter found. The caller's. */
static char *other_text(SightUiCaption *self, gint64 position_ms, gint64 *until_ms) {
  const GPtrArray *notes = sight_ui_notes_get_list(sight_ui_playback_get_notes(self->playback));
  gint64 lasts_ms = (gint64)(AFTERWARDS_MS * MAX(sight_ui_playback_get_speed(self->playback), 1.0));
  if (self->moment_ms < 0 || position_ms > self->moment_ms + lasts_ms)
    return NULL;
  *until_ms = MAX(self->moment_ms - position_ms, 0);
  for (guint i = 0; notes != NULL && i < notes->len; i++) {
    const SightAnnotation *tag = ((const SightNote *)notes->pdata[i])->annotation;
    if (tag->at_ms == self->moment_ms)
      /* TRANSLATORS: what somebody wrote at a moment */
      return g_strdup_printf(_("Tag: %s"), tag->body);
  }
  return g_strdup(sight_ui_playback_get_moment_text(self->playback));
}

static void update(SightUiCaption *self) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  gint64 position_ms = sight_ui_playback_get_position_ms(self->playback), until_ms = 0;
  const SightSignal *signal =
      analysis != NULL && self->moment_ms >= 0 ? sight_ui_signal_near(analysis, self->moment_ms, 0) : NULL;
  if (self->skipped_source != 0)
    return;
  g_autofree char *text = signal != NULL ? sight_ui_caption_text(analysis, signal, position_ms,
                                                                 sight_ui_playback_get_speed(self->playback), &until_ms)
                                         : other_text(self, position_ms, &until_ms);
  show(self, text, signal != NULL ? (int)signal->kind : -1, until_ms);
}

static void on_seek(SightUiCaption *self) {
  self->moment_ms = sight_ui_playback_get_moment_ms(self->playback);
  g_clear_handle_id(&self->skipped_source, g_source_remove);
  update(self);
}

static gboolean skipped_said(gpointer user_data) {
  SightUiCaption *self = user_data;
  self->skipped_source = 0;
  update(self);
  return G_SOURCE_REMOVE;
}

void sight_ui_caption_tell_skipped(SightUiCaption *self, gint64 skipped_ms) {
  g_return_if_fail(SIGHT_UI_IS_CAPTION(self));
  g_autofree char *time = sight_ui_format_time(skipped_ms);
  /* Translators: a stretch in which nothing happened was left out, "4:31 skipped" */
  g_autofree char *skipped = g_strdup_printf(_("%s skipped"), time);
  gint64 until_ms = 0;
  /* What was being said of the moment is not cut short. */
  g_autofree char *moment = other_text(self, sight_ui_playback_get_position_ms(self->playback), &until_ms);
  g_autofree char *text = moment != NULL ? g_strdup_printf("%s · %s", moment, skipped) : g_strdup(skipped);
  g_clear_handle_id(&self->skipped_source, g_source_remove);
  self->skipped_source = g_timeout_add(SKIPPED_MS, skipped_said, self);
  show(self, text, -1, 0);
}

void sight_ui_caption_set_playback(SightUiCaption *self, SightUiPlayback *playback) {
  g_return_if_fail(SIGHT_UI_IS_CAPTION(self) && !self->playback);
  self->playback = g_object_ref(playback);
  g_signal_connect_object(playback, "seek", G_CALLBACK(on_seek), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::session-row", G_CALLBACK(on_seek), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::position-ms", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::analysis", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::captions", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  on_seek(self);
}

/* The ground of the caption is dark in both schemes, so the icon has the colour that is meant for dark ones. */
static void sight_ui_caption_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  SightUiCaption *self = SIGHT_UI_CAPTION(widget);
  graphene_rect_t room;
  GTK_WIDGET_CLASS(sight_ui_caption_parent_class)->snapshot(widget, snapshot);
  if (self->kind < 0 || !gtk_widget_compute_bounds(self->icon_room, widget, &room))
    return;
  GdkRGBA color;
  sight_ui_signal_color((SightSignalKind)self->kind, TRUE, &color);
  sight_ui_signal_draw(widget, snapshot, (SightSignalKind)self->kind, &color, room.origin.x + room.size.width / 2,
                       room.origin.y + room.size.height / 2, ICON_SIZE);
}

static void sight_ui_caption_dispose(GObject *object) {
  SightUiCaption *self = SIGHT_UI_CAPTION(object);
  g_clear_handle_id(&self->skipped_source, g_source_remove);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_caption_parent_class)->dispose(object);
}

static void sight_ui_caption_class_init(SightUiCaptionClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = sight_ui_caption_dispose;
  widget_class->snapshot = sight_ui_caption_snapshot;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "caption");
}

static void sight_ui_caption_init(SightUiCaption *self) {
  self->moment_ms = self->kind = -1;
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 9);
  self->icon_room = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_size_request(self->icon_room, ICON_SIZE, ICON_SIZE);
  self->text = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->text), 0);
  gtk_label_set_wrap(GTK_LABEL(self->text), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(self->text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines(GTK_LABEL(self->text), 3);
  gtk_label_set_ellipsize(GTK_LABEL(self->text), PANGO_ELLIPSIZE_END);
  self->until = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->until, "numeric");
  gtk_widget_add_css_class(self->until, "until");
  gtk_box_append(GTK_BOX(self->box), self->icon_room);
  gtk_box_append(GTK_BOX(self->box), self->text);
  gtk_box_append(GTK_BOX(self->box), self->until);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}
