/* SPDX-License-Identifier: MIT */
/* What the team says of the session that is open: set, changed, answered, removed, and each of that taken back. */
#include "sight-ui-window-private.h"

#include "sight-text.h"
#include "sight-ui-colours-dialog.h"
#include "sight-ui-inspector.h"
#include "sight-ui-tag-popover.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

/* Of what is answered, as much as a title holds. */
#define TITLE_CHARS 60

/* An act on its way into the store. */
typedef struct {
  SightUiWindow *window; /* a reference */
  SightUiNoteAct *act, *back;
  gboolean undoes;
} Put;

static void put_free(Put *put) {
  g_object_unref(put->window);
  sight_ui_note_act_free(put->act);
  sight_ui_note_act_free(put->back);
  g_free(put);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Put, put_free)

static gboolean run_act(SightDb *db, gpointer user_data, GError **error) {
  Put *put = user_data;
  g_clear_pointer(&put->back, sight_ui_note_act_free);
  put->back = sight_ui_note_act_run(db, put->act, error);
  return put->back != NULL;
}

static char *say(const SightUiNoteAct *act) {
  g_autofree char *time = sight_ui_format_time(MAX(act->at_ms, 0));
  gboolean reply = act->said != NULL && g_str_equal(act->said->kind, "reply");
  switch (act->verb) {
  case SIGHT_UI_NOTE_ADD:
    return g_strdup_printf(_("Tagged at %s"), time);
  case SIGHT_UI_NOTE_CHANGE:
    return reply ? g_strdup(_("Answer changed")) : g_strdup_printf(_("Tag at %s changed"), time);
  case SIGHT_UI_NOTE_ANSWER:
    return g_strdup(_("Answered"));
  case SIGHT_UI_NOTE_REMOVE:
    return reply ? g_strdup(_("Answer removed")) : g_strdup_printf(_("Tag at %s removed"), time);
  case SIGHT_UI_NOTE_RESTORE:
    break;
  }
  return g_strdup(_("Undone"));
}

void sight_ui_window_offer_undo(SightUiWindow *self, const char *words, gboolean of_problem) {
  self->undo_problem = of_problem;
  adw_toast_set_action_name(sight_ui_window_offer(self, words, _("Undo")), "win.undo");
}

static void written_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Put) put = user_data;
  SightUiWindow *self = put->window;
  g_autoptr(GError) error = NULL;
  gboolean done = sight_store_write_finish(SIGHT_STORE(source), result, &error);
  if (self->store == NULL)
    return;
  if (!done) {
    /* It can be tried once more. */
    if (put->undoes && self->undo_act == NULL)
      self->undo_act = g_steal_pointer(&put->act);
    sight_ui_window_show_problem(self, _("This Could Not Be Kept"), _("Nothing was changed."), error->message);
    return;
  }
  sight_ui_rounds_start(sight_ui_jobs_get_rounds(self->jobs), 0);
  if (put->undoes) {
    sight_ui_window_toast(self, _("Undone"));
    return;
  }
  g_autofree char *text = say(put->act);
  g_clear_pointer(&self->undo_act, sight_ui_note_act_free);
  self->undo_act = g_steal_pointer(&put->back);
  sight_ui_window_offer_undo(self, text, FALSE);
}

/* Takes the act. */
static void do_it(SightUiWindow *self, SightUiNoteAct *act, gboolean undoes) {
  Put *put = g_new0(Put, 1);
  put->window = g_object_ref(self);
  put->act = act;
  put->undoes = undoes;
  sight_store_write_async(self->store, SIGHT_WRITE_DURABLE, run_act, put, NULL, NULL, written_cb, put);
}

void sight_ui_window_undo(SightUiWindow *self) {
  if (self->undo_problem)
    sight_ui_problems_undo(self->problems);
  else if (self->undo_act != NULL)
    do_it(self, g_steal_pointer(&self->undo_act), TRUE);
}

static void entered(SightUiWindow *self, const char *text, const char *colour) {
  g_autoptr(SightUiNoteAct) act = g_steal_pointer(&self->asked_act);
  if (act == NULL)
    return;
  /* Of a change only what is different, so that nothing of what a teammate changes meanwhile is lost. */
  g_autofree char *text_before = g_steal_pointer(&act->text), *colour_before = g_steal_pointer(&act->colour);
  if (g_strcmp0(text, text_before) != 0)
    act->text = g_strdup(text);
  if (g_strcmp0(colour, colour_before) != 0)
    act->colour = g_strdup(colour);
  if (act->verb != SIGHT_UI_NOTE_CHANGE || act->text != NULL || act->colour != NULL)
    do_it(self, g_steal_pointer(&act), FALSE);
}

/* With what was typed before. */
static void colours_done(SightUiWindow *self) {
  if (self->asked_act != NULL && self->tag_popover != NULL)
    sight_ui_tag_popover_resume(SIGHT_UI_TAG_POPOVER(self->tag_popover));
}

static void colours_wanted(SightUiWindow *self) {
  if (self->asked_act == NULL)
    return;
  GtkWidget *dialog = sight_ui_colours_dialog_new(GTK_WINDOW(self), self->store, self->asked_act->endpoint);
  g_signal_connect_object(dialog, "failed", G_CALLBACK(sight_ui_window_not_kept), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "destroy", G_CALLBACK(colours_done), self, G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

/* News are told once for each session that is opened. */
static void notes_changed(SightUiWindow *self) {
  SightUiNotes *notes = sight_ui_playback_get_notes(self->playback);
  if (self->tag_popover != NULL && self->asked_act != NULL &&
      self->asked_act->endpoint == sight_ui_notes_get_endpoint(notes))
    sight_ui_tag_popover_set_colours(SIGHT_UI_TAG_POPOVER(self->tag_popover), sight_ui_notes_get_colours(notes));
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  guint n = sight_ui_notes_get_n_unread(notes);
  if (n == 0 || row == self->told_row)
    return;
  self->told_row = row;
  g_autofree char *text = g_strdup_printf(ngettext("%u new from teammates", "%u new from teammates", n), n);
  AdwToast *toast = sight_ui_window_offer(self, text, _("Show"));
  adw_toast_set_action_name(toast, "win.show-news");
}

/* Leads to the first of them. */
static void show_news(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  SightUiNotes *notes = sight_ui_playback_get_notes(self->playback);
  GPtrArray *list = sight_ui_notes_get_list(notes);
  for (guint i = 0; i < list->len; i++) {
    const SightNote *note = list->pdata[i];
    gboolean is_new = sight_ui_notes_is_new(notes, note->annotation);
    for (guint j = 0; j < note->replies->len; j++)
      is_new = is_new || sight_ui_notes_is_new(notes, note->replies->pdata[j]);
    if (!is_new)
      continue;
    sight_ui_playback_go_to_moment(self->playback, note->annotation->at_ms);
    break;
  }
  sight_ui_inspector_show_tags(SIGHT_UI_INSPECTOR(self->inspector));
  g_object_set(self->panes, "inspector-shown", TRUE, NULL);
}

void sight_ui_window_add_tags(SightUiWindow *self) {
  static const GActionEntry entries[] = {{"show-news", show_news, NULL, NULL, NULL, {0}}};
  g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
  g_signal_connect_object(sight_ui_playback_get_notes(self->playback), "changed", G_CALLBACK(notes_changed), self,
                          G_CONNECT_SWAPPED);
}

/* Takes the act, whose words are asked for. */
static void open_popover(SightUiWindow *self, SightUiNoteAct *act, SightUiTagQuestion *question) {
  SightUiNotes *notes = sight_ui_playback_get_notes(self->playback);
  g_clear_pointer(&self->asked_act, sight_ui_note_act_free);
  self->asked_act = act;
  if (self->tag_popover == NULL) {
    self->tag_popover = sight_ui_tag_popover_new();
    gtk_widget_set_parent(self->tag_popover, self->player_bin);
    gtk_popover_set_position(GTK_POPOVER(self->tag_popover), GTK_POS_TOP);
    g_signal_connect_object(self->tag_popover, "entered", G_CALLBACK(entered), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->tag_popover, "colours", G_CALLBACK(colours_wanted), self, G_CONNECT_SWAPPED);
  }
  int width = gtk_widget_get_width(GTK_WIDGET(self->player_stack));
  int height = gtk_widget_get_height(GTK_WIDGET(self->player_stack));
  gtk_popover_set_pointing_to(GTK_POPOVER(self->tag_popover), &(GdkRectangle){width / 2, height - 130, 1, 1});
  gboolean coloured =
      act->verb == SIGHT_UI_NOTE_ADD || (act->verb == SIGHT_UI_NOTE_CHANGE && !g_str_equal(act->said->kind, "reply"));
  question->colours = coloured ? sight_ui_notes_get_colours(notes) : NULL;
  sight_ui_tag_popover_open(SIGHT_UI_TAG_POPOVER(self->tag_popover), question);
}

/* The moment is that of the call: playing on does not move it. Between in and out it is all of that. */
void sight_ui_window_open_tag(SightUiWindow *self) {
  const SightSession *session = sight_ui_playback_get_session(self->playback);
  if (session == NULL)
    return;
  SightUiNoteAct *act = g_new0(SightUiNoteAct, 1);
  act->verb = SIGHT_UI_NOTE_ADD;
  act->endpoint = session->endpoint;
  act->session = g_strdup(session->session);
  act->at_ms = sight_ui_playback_get_position_ms(self->playback);
  g_autofree char *time = NULL;
  gint64 from_ms = 0, to_ms = 0;
  if (sight_ui_range_get(sight_ui_playback_get_range(self->playback), sight_ui_playback_get_duration_ms(self->playback),
                         &from_ms, &to_ms)) {
    g_autofree char *from = sight_ui_format_time(from_ms), *to = sight_ui_format_time(to_ms);
    act->at_ms = from_ms;
    act->end_ms = to_ms;
    time = g_strdup_printf("%s – %s", from, to);
  } else {
    time = sight_ui_format_time(act->at_ms);
  }
  g_autofree char *title = g_strdup_printf(_("Tag %s"), time);
  SightUiTagQuestion question = {.title = title, .hint = _("What is to be seen here?"), .button = _("_Add")};
  open_popover(self, act, &question);
}

void sight_ui_window_edit_tag(SightUiWindow *self, const SightNote *note, const SightAnnotation *what) {
  gboolean reply = what != note->annotation;
  g_autofree char *time = sight_ui_format_time(MAX(what->at_ms, 0));
  g_autofree char *title = reply ? g_strdup(_("Change the answer")) : g_strdup_printf(_("Change the tag at %s"), time);
  SightUiTagQuestion question = {.title = title,
                                 .hint = _("What is to be seen here?"),
                                 .button = _("_Change"),
                                 .text = what->body,
                                 .colour = reply ? NULL : note->colour};
  SightUiNoteAct *act = sight_ui_note_act_new(SIGHT_UI_NOTE_CHANGE, what);
  act->text = g_strdup(what->body);
  act->colour = g_strdup(!reply && note->colour != NULL ? note->colour : "");
  open_popover(self, act, &question);
}

void sight_ui_window_answer_tag(SightUiWindow *self, const SightNote *note, const SightAnnotation *what) {
  g_autofree char *words = sight_text_excerpt(note->annotation->body, -1, TITLE_CHARS);
  g_autofree char *isolated = sight_ui_text_isolate(words);
  g_autofree char *title = g_strdup_printf(_("Answer “%s”"), isolated);
  SightUiTagQuestion question = {.title = title, .hint = _("What do you say to it?"), .button = _("_Answer")};
  open_popover(self, sight_ui_note_act_new(SIGHT_UI_NOTE_ANSWER, note->annotation), &question);
}

void sight_ui_window_remove_tag(SightUiWindow *self, const SightNote *note, const SightAnnotation *what) {
  do_it(self, sight_ui_note_act_new(SIGHT_UI_NOTE_REMOVE, what), FALSE);
}
