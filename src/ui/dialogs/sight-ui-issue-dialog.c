/* SPDX-License-Identifier: MIT */
/* Filing an issue. */
#include "sight-ui-issue-dialog.h"

#include "sight-log-table.h"
#include "sight-token.h"
#include "sight-tracker.h"
#include "sight-ui-compat.h"
#include "sight-ui-issue-picture.h"
#include "sight-ui-names.h"
#include "sight-ui-settings.h"

#include <glib/gi18n.h>
#include <string.h>

#define MARGIN 18
#define BODY_HEIGHT 220
#define MAX_REMEMBERED 6

/* Behind the places that are remembered. */
enum { TO_TRACKER, TO_FOLDER, TO_CLIPBOARD, N_WAYS };

struct _SightUiIssueDialog {
  AdwWindow parent_instance;
  GtkWidget *file, *spinner, *problem_bar, *problem;
  GtkWidget *to, *tracker, *address, *project, *token, *title, *body, *labels, *assignees;
  GtkWidget *clip, *picture, *mask;
  AdwActionRow *clip_row, *picture_row, *mask_row;
  GtkWidget *fields, *filming;
  SightUiIssueSubject *subject;
  SightUiPlayer *player;
  SightUiPlayback *playback;
  GStrv remembered;           /* targets, the last one first */
  char *script;               /* of the draft */
  char *token_key;            /* whose token was looked for last */
  gboolean has_token;         /* one is kept */
  gboolean again;             /* it was filed, or may have been: no key does it once more */
  gboolean on_its_way;        /* the letter is */
  GCancellable *busy;         /* while it is drafted or filed */
  SightUiIssueLetter *letter; /* while its picture is waited for */
};

G_DEFINE_FINAL_TYPE(SightUiIssueDialog, sight_ui_issue_dialog, ADW_TYPE_WINDOW)

static guint filed_signal;

static void update(SightUiIssueDialog *self);

static void tell(SightUiIssueDialog *self, const char *problem) {
  gtk_label_set_text(GTK_LABEL(self->problem), problem != NULL ? problem : "");
  gtk_info_bar_set_revealed(GTK_INFO_BAR(self->problem_bar), problem != NULL);
}

static void set_busy(SightUiIssueDialog *self, gboolean busy) {
  g_clear_object(&self->busy);
  if (busy)
    self->busy = g_cancellable_new();
  gtk_widget_set_sensitive(self->fields, !busy);
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), busy);
  update(self);
}

/* Where to */

static guint n_remembered(const SightUiIssueDialog *self) {
  return self->remembered != NULL ? g_strv_length(self->remembered) : 0;
}

/* One of the ways, or -1: a place that is remembered. */
static int way_of(SightUiIssueDialog *self) {
  return (int)adw_combo_row_get_selected(ADW_COMBO_ROW(self->to)) - (int)n_remembered(self);
}

static const SightTrackerKind *kind_of(SightUiIssueDialog *self) {
  return sight_tracker_kind(adw_combo_row_get_selected(ADW_COMBO_ROW(self->tracker)));
}

static char *text_of(GtkWidget *row) {
  return g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(row))));
}

/* "": none is typed for what is chosen. */
static char *token_of(SightUiIssueDialog *self) {
  return gtk_widget_get_visible(self->token) ? text_of(self->token) : g_strdup("");
}

/* The caller's; NULL: none is named yet. */
static char *target_of(SightUiIssueDialog *self) {
  int way = way_of(self);
  if (way < 0)
    return g_strdup(self->remembered[adw_combo_row_get_selected(ADW_COMBO_ROW(self->to))]);
  if (way != TO_TRACKER && way != TO_FOLDER)
    return NULL;
  g_autofree char *project = text_of(self->project), *address = text_of(self->address);
  if (project[0] == '\0')
    return NULL;
  if (way == TO_FOLDER)
    return g_strconcat("folder:", project, NULL);
  const char *slash = g_str_has_suffix(address, "/") ? "" : "/";
  return g_strconcat(kind_of(self)->kind, ":", address, address[0] != '\0' ? slash : "", project, NULL);
}

static SightTrackerTarget *tracker_of(SightUiIssueDialog *self) {
  g_autofree char *target = target_of(self);
  return target != NULL && !g_str_has_prefix(target, "folder:") ? sight_tracker_target_new(target, NULL) : NULL;
}

static void look_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  SightUiIssueDialog *self = source;
  g_autofree char *token = sight_token_load(sight_store_directory(self->subject->store), data, NULL);
  g_task_return_boolean(task, token != NULL);
}

static void looked_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  SightUiIssueDialog *self = SIGHT_UI_ISSUE_DIALOG(source);
  gboolean found = g_task_propagate_boolean(G_TASK(result), NULL);
  if (g_strcmp0(g_task_get_task_data(G_TASK(result)), self->token_key) != 0)
    return;
  self->has_token = found;
  update(self);
}

/* Whether a token is kept, which the keyring may take its time to tell. */
static void look_for_token(SightUiIssueDialog *self) {
  g_autoptr(SightTrackerTarget) target = tracker_of(self);
  g_autofree char *key = target != NULL ? sight_tracker_target_key(target) : NULL;
  if (g_strcmp0(key, self->token_key) == 0)
    return;
  g_free(self->token_key);
  self->token_key = g_steal_pointer(&key);
  self->has_token = FALSE;
  /* What was typed is for another tracker. */
  gtk_editable_set_text(GTK_EDITABLE(self->token), "");
  if (self->token_key == NULL)
    return;
  g_autoptr(GTask) task = g_task_new(self, NULL, looked_cb, NULL);
  g_task_set_task_data(task, g_strdup(self->token_key), g_free);
  g_task_run_in_thread(task, look_thread);
}

static void remember(SightUiIssueDialog *self, const char *target) {
  GSettings *settings = sight_ui_settings_get();
  g_autoptr(GPtrArray) list = g_ptr_array_new();
  if (settings == NULL)
    return;
  g_ptr_array_add(list, (char *)target);
  for (guint i = 0; i < n_remembered(self) && list->len < MAX_REMEMBERED; i++) {
    if (!g_str_equal(self->remembered[i], target))
      g_ptr_array_add(list, self->remembered[i]);
  }
  g_ptr_array_add(list, NULL);
  g_settings_set_strv(settings, "trackers", (const char *const *)list->pdata);
}

/* What is there to be done */

static char *body_of(SightUiIssueDialog *self) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(self->body));
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds(buffer, &start, &end);
  return gtk_text_buffer_get_text(buffer, &start, &end, FALSE);
}

static gboolean opens_page(SightUiIssueDialog *self, const SightTrackerTarget *target) {
  g_autofree char *token = token_of(self);
  return target != NULL && token[0] == '\0' && !self->has_token;
}

static const char *verb_of(SightUiIssueDialog *self, const SightTrackerTarget *target) {
  int way = way_of(self);
  if (way == TO_CLIPBOARD)
    return _("_Copy");
  if (way == TO_FOLDER)
    return _("_Save");
  if (opens_page(self, target))
    return _("_Open Page");
  return self->again ? _("_File Again") : _("_File");
}

static void show_private(SightUiIssueDialog *self) {
  g_autofree char *body = body_of(self), *title = text_of(self->title);
  g_autofree char *found = sight_ui_issue_private(title, body);
  adw_action_row_set_subtitle(self->mask_row, found != NULL ? found : _("Nothing in the text looks private"));
  gtk_widget_set_sensitive(GTK_WIDGET(self->mask_row), found != NULL);
}

static void show_files(SightUiIssueDialog *self, const SightTrackerTarget *target) {
  g_autofree char *text = target_of(self);
  gboolean folder = text != NULL && g_str_has_prefix(text, "folder:");
  gboolean takes = folder || (target != NULL && !opens_page(self, target) && sight_tracker_takes_files(target));
  gboolean open = sight_ui_playback_get_session_row(self->playback) == self->subject->row &&
                  sight_ui_player_get_reel(self->player) != NULL;
  gtk_widget_set_sensitive(GTK_WIDGET(self->clip_row), takes);
  gtk_widget_set_sensitive(GTK_WIDGET(self->picture_row), takes && open);
  adw_action_row_set_subtitle(self->clip_row, takes ? _("Some seconds around the moment; what looks private is masked")
                                                    : _("No files go there"));
  adw_action_row_set_subtitle(self->picture_row,
                              !takes ? _("No files go there")
                              : open ? _("The page as it is on display; texts that look private are masked")
                                     : _("Open the session to take one"));
}

static void update(SightUiIssueDialog *self) {
  /* While it is built; and once it is closed its rows are gone, though a thread may hold it. */
  if (self->subject == NULL || self->player == NULL)
    return;
  g_autoptr(SightTrackerTarget) target = tracker_of(self);
  g_autofree char *text = target_of(self), *title = text_of(self->title);
  int way = way_of(self);
  gboolean known = way == TO_CLIPBOARD || (text != NULL && (target != NULL || g_str_has_prefix(text, "folder:")));
  look_for_token(self);
  gtk_widget_set_visible(self->tracker, way == TO_TRACKER);
  gtk_widget_set_visible(self->address, way == TO_TRACKER);
  gtk_widget_set_visible(self->project, way == TO_TRACKER || way == TO_FOLDER);
  gtk_widget_set_visible(self->token, target != NULL && !self->has_token);
  gboolean files = target != NULL && !opens_page(self, target);
  gtk_widget_set_visible(self->labels, files && sight_tracker_takes_labels(target));
  gtk_widget_set_visible(self->assignees, files && sight_tracker_takes_assignees(target));
  g_autofree char *project = g_strdup_printf(_("Project (%s)"), kind_of(self)->project);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->project), way == TO_FOLDER ? _("Folder") : project);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->address), kind_of(self)->needs_address
                                                                        ? _("Address (https://…)")
                                                                        : _("Address, of a server of your own"));
  gtk_button_set_label(GTK_BUTTON(self->file), verb_of(self, target));
  sight_ui_names_tidy(self->file);
  gtk_widget_set_sensitive(self->file, self->busy == NULL && known && title[0] != '\0');
  show_files(self, target);
}

static void edited(SightUiIssueDialog *self) {
  update(self);
  show_private(self);
}

/* Filing */

static GStrv names_of(GtkWidget *row) {
  return gtk_widget_get_visible(row) ? sight_ui_issue_names(gtk_editable_get_text(GTK_EDITABLE(row))) : NULL;
}

static SightUiIssueLetter *write_letter(SightUiIssueDialog *self) {
  SightUiIssueLetter *letter = g_new0(SightUiIssueLetter, 1);
  g_autofree char *title = text_of(self->title), *body = body_of(self);
  gboolean masked = gtk_switch_get_active(GTK_SWITCH(self->mask));
  /* Without a draft there is none. */
  const char *script = self->script != NULL ? self->script : "";
  letter->target = target_of(self);
  letter->token = token_of(self);
  letter->title = masked ? sight_ui_issue_mask(title) : g_steal_pointer(&title);
  letter->body = masked ? sight_ui_issue_mask(body) : g_steal_pointer(&body);
  letter->labels = names_of(self->labels);
  letter->assignees = names_of(self->assignees);
  letter->script = masked ? sight_ui_issue_mask(script) : g_strdup(script);
  letter->clip = gtk_widget_get_sensitive(GTK_WIDGET(self->clip_row)) && gtk_switch_get_active(GTK_SWITCH(self->clip));
  return letter;
}

static void done(SightUiIssueDialog *self, const char *where, const char *warning) {
  g_signal_emit(self, filed_signal, 0, where, warning);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void filed_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiIssueDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *warning = NULL;
  g_autofree char *url = sight_ui_issue_file_finish(result, &warning, &error);
  if (self->busy == NULL)
    return;
  g_autofree char *target = target_of(self);
  self->on_its_way = FALSE;
  set_busy(self, FALSE);
  if (url == NULL) {
    self->again = self->again || g_error_matches(error, SIGHT_TRACKER_ERROR, SIGHT_TRACKER_ERROR_UNSURE);
    update(self);
    tell(self, error->message);
    gtk_widget_grab_focus(self->title);
    return;
  }
  remember(self, target);
  done(self, url, warning);
}

static void send(SightUiIssueDialog *self) {
  self->on_its_way = TRUE;
  sight_ui_issue_file_async(self->subject, g_steal_pointer(&self->letter), self->busy, filed_cb, g_object_ref(self));
}

static void picture_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiIssueDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) picture = sight_ui_issue_picture_finish(result, &error);
  if (self->busy == NULL)
    return;
  if (picture == NULL) {
    set_busy(self, FALSE);
    tell(self, error->message);
    return;
  }
  self->letter->picture = g_steal_pointer(&picture);
  send(self);
}

/* What leaves by another's hands is told of as well. */
static void note(SightUiIssueDialog *self, const char *way) {
  const SightLogEntry entry = {.act = SIGHT_LOG_FILED, .from_ms = self->subject->at_ms, .to_ms = -1, .detail = way};
  sight_log_note_session(self->subject->store, self->subject->row, &entry);
}

/* The tracker's own page has the draft, and asks who one is. */
static void open_page(SightUiIssueDialog *self, const SightTrackerTarget *target, const SightUiIssueLetter *letter) {
  g_autofree char *page = sight_tracker_page(target, letter->title, letter->body);
  note(self, letter->target);
  sight_ui_compat_open(page, NULL, NULL);
  remember(self, letter->target);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void file(SightUiIssueDialog *self) {
  g_autoptr(SightTrackerTarget) target = tracker_of(self);
  if (!gtk_widget_get_sensitive(self->file))
    return;
  g_clear_pointer(&self->letter, sight_ui_issue_letter_free);
  self->letter = write_letter(self);
  tell(self, NULL);
  if (way_of(self) == TO_CLIPBOARD) {
    g_autofree char *document = g_strdup_printf("# %s\n\n%s", self->letter->title, self->letter->body);
    gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(self)), document);
    note(self, "clipboard");
    done(self, NULL, NULL);
    return;
  }
  if (opens_page(self, target)) {
    open_page(self, target, self->letter);
    return;
  }
  /* A field that has the focus must not be switched off under it. */
  gtk_window_set_focus(GTK_WINDOW(self), NULL);
  set_busy(self, TRUE);
  if (gtk_widget_get_sensitive(GTK_WIDGET(self->picture_row)) && gtk_switch_get_active(GTK_SWITCH(self->picture)))
    sight_ui_issue_picture_async(GTK_BOX(self->filming), self->player, self->playback, self->busy, picture_cb,
                                 g_object_ref(self));
  else
    send(self);
}

/* The draft */

static void drafted_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiIssueDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightIssue) issue = sight_ui_issue_draft_finish(result, &error);
  if (self->busy == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_busy(self, FALSE);
  if (issue == NULL) {
    tell(self, error->message);
    return;
  }
  g_autofree char *body = sight_issue_markdown(issue);
  self->script = g_strdup(issue->script);
  gtk_editable_set_text(GTK_EDITABLE(self->title), issue->title);
  GtkTextBuffer *text = gtk_text_view_get_buffer(GTK_TEXT_VIEW(self->body));
  gtk_text_buffer_set_text(text, body, -1);
  GtkTextIter start;
  gtk_text_buffer_get_start_iter(text, &start);
  gtk_text_buffer_place_cursor(text, &start);
  edited(self);
  gtk_widget_grab_focus(way_of(self) < 0 ? self->title : self->to);
}

/* Parts */

static GtkWidget *add_switch(GtkWidget *group, const char *title, AdwActionRow **row) {
  GtkWidget *button = gtk_switch_new();
  *row = ADW_ACTION_ROW(adw_action_row_new());
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(*row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(*row), title);
  gtk_switch_set_active(GTK_SWITCH(button), TRUE);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix(*row, button);
  adw_action_row_set_activatable_widget(*row, button);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), GTK_WIDGET(*row));
  return button;
}

static GtkWidget *add_row(SightUiIssueDialog *self, GtkWidget *group, GtkWidget *row, const char *title) {
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  if (GTK_IS_EDITABLE(row))
    g_signal_connect_object(row, "changed", G_CALLBACK(edited), self, G_CONNECT_SWAPPED);
  else
    g_signal_connect_object(row, "notify::selected", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *make_where(SightUiIssueDialog *self) {
  static const char *const ways[N_WAYS] = {N_("Another tracker"), N_("Folder"), N_("Clipboard, as Markdown")};
  GtkWidget *group = adw_preferences_group_new();
  GtkStringList *places = gtk_string_list_new(NULL);
  GtkStringList *kinds = gtk_string_list_new(NULL);
  for (guint i = 0; i < n_remembered(self); i++) {
    g_autoptr(SightTrackerTarget) target = sight_tracker_target_new(self->remembered[i], NULL);
    g_autofree char *name = target != NULL ? sight_tracker_target_name(target) : g_strdup(self->remembered[i]);
    gtk_string_list_append(places, name);
  }
  for (int i = 0; i < N_WAYS; i++)
    gtk_string_list_append(places, _(ways[i]));
  for (guint i = 0; sight_tracker_kind(i) != NULL; i++)
    gtk_string_list_append(kinds, sight_tracker_kind(i)->title);
  self->to = add_row(self, group, adw_combo_row_new(), _("Send to"));
  self->tracker = add_row(self, group, adw_combo_row_new(), _("Tracker"));
  adw_combo_row_set_model(ADW_COMBO_ROW(self->to), G_LIST_MODEL(places));
  adw_combo_row_set_model(ADW_COMBO_ROW(self->tracker), G_LIST_MODEL(kinds));
  self->project = add_row(self, group, adw_entry_row_new(), _("Project"));
  self->address = add_row(self, group, adw_entry_row_new(), _("Address"));
  self->token = add_row(self, group, adw_password_entry_row_new(), _("Token (without one the tracker’s page opens)"));
  g_object_unref(places);
  g_object_unref(kinds);
  return group;
}

static GtkWidget *make_text(SightUiIssueDialog *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12), *group = adw_preferences_group_new();
  GtkWidget *scroller = gtk_scrolled_window_new();
  self->title = add_row(self, group, adw_entry_row_new(), _("Title"));
  self->labels = add_row(self, group, adw_entry_row_new(), _("Labels, with commas between"));
  self->assignees = add_row(self, group, adw_entry_row_new(), _("Assigned to, with commas between"));
  self->body = gtk_text_view_new();
  gtk_text_view_set_wrap_mode(GTK_TEXT_VIEW(self->body), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab(GTK_TEXT_VIEW(self->body), FALSE);
  gtk_text_view_set_left_margin(GTK_TEXT_VIEW(self->body), 12);
  gtk_text_view_set_right_margin(GTK_TEXT_VIEW(self->body), 12);
  gtk_text_view_set_top_margin(GTK_TEXT_VIEW(self->body), 9);
  gtk_text_view_set_bottom_margin(GTK_TEXT_VIEW(self->body), 9);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->body), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Text of the issue"), -1);
  g_signal_connect_object(gtk_text_view_get_buffer(GTK_TEXT_VIEW(self->body)), "changed", G_CALLBACK(edited), self,
                          G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_min_content_height(GTK_SCROLLED_WINDOW(scroller), BODY_HEIGHT);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->body);
  gtk_widget_add_css_class(scroller, "card");
  gtk_widget_set_overflow(scroller, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_box_append(GTK_BOX(box), group);
  gtk_box_append(GTK_BOX(box), scroller);
  return box;
}

static GtkWidget *make_files(SightUiIssueDialog *self) {
  GtkWidget *group = adw_preferences_group_new();
  self->mask = add_switch(group, _("Mask what looks private"), &self->mask_row);
  self->clip = add_switch(group, _("Clip"), &self->clip_row);
  self->picture = add_switch(group, _("Picture"), &self->picture_row);
  /* What is in the pictures of a page no search finds. */
  gtk_switch_set_active(GTK_SWITCH(self->picture), FALSE);
  return group;
}

static GtkWidget *make_header(SightUiIssueDialog *self) {
  GtkWidget *header = adw_header_bar_new(), *cancel = gtk_button_new_with_mnemonic(_("_Cancel"));
  adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(cancel), "window.close");
  self->file = gtk_button_new_with_mnemonic(_("_File"));
  gtk_widget_add_css_class(self->file, "suggested-action");
  gtk_widget_set_tooltip_text(self->file, _("Ctrl+Enter"));
  g_signal_connect_object(self->file, "clicked", G_CALLBACK(file), self, G_CONNECT_SWAPPED);
  self->spinner = gtk_spinner_new();
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), cancel);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->file);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->spinner);
  return header;
}

static GtkWidget *make_problem(SightUiIssueDialog *self) {
  self->problem_bar = gtk_info_bar_new();
  self->problem = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->problem), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(self->problem), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign(GTK_LABEL(self->problem), 0);
  gtk_widget_set_hexpand(self->problem, TRUE);
  gtk_info_bar_set_message_type(GTK_INFO_BAR(self->problem_bar), GTK_MESSAGE_WARNING);
  gtk_info_bar_set_revealed(GTK_INFO_BAR(self->problem_bar), FALSE);
  gtk_info_bar_add_child(GTK_INFO_BAR(self->problem_bar), self->problem);
  return self->problem_bar;
}

static void build(SightUiIssueDialog *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *scroller = gtk_scrolled_window_new();
  self->fields = gtk_box_new(GTK_ORIENTATION_VERTICAL, MARGIN);
  gtk_widget_set_margin_top(self->fields, 12);
  gtk_widget_set_margin_bottom(self->fields, MARGIN);
  gtk_widget_set_margin_start(self->fields, MARGIN);
  gtk_widget_set_margin_end(self->fields, MARGIN);
  gtk_box_append(GTK_BOX(self->fields), make_where(self));
  gtk_box_append(GTK_BOX(self->fields), make_text(self));
  gtk_box_append(GTK_BOX(self->fields), make_files(self));
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->fields);
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_box_append(GTK_BOX(box), make_header(self));
  gtk_box_append(GTK_BOX(box), make_problem(self));
  self->filming = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_halign(self->filming, GTK_ALIGN_CENTER);
  gtk_widget_set_visible(self->filming, FALSE);
  gtk_box_append(GTK_BOX(box), self->filming);
  gtk_box_append(GTK_BOX(box), scroller);
  adw_window_set_content(ADW_WINDOW(self), box);
}

static gboolean file_by_key(GtkWidget *widget, GVariant *args, gpointer user_data) {
  SightUiIssueDialog *self = SIGHT_UI_ISSUE_DIALOG(widget);
  if (!self->again)
    file(self);
  return TRUE;
}

/* Before the text takes them for a line of its own. */
static void add_keys(SightUiIssueDialog *self) {
  GtkEventController *keys = gtk_shortcut_controller_new();
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  GtkShortcutTrigger *either = gtk_alternative_trigger_new(gtk_keyval_trigger_new(GDK_KEY_Return, GDK_CONTROL_MASK),
                                                           gtk_keyval_trigger_new(GDK_KEY_KP_Enter, GDK_CONTROL_MASK));
  gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys),
                                       gtk_shortcut_new(either, gtk_callback_action_new(file_by_key, NULL, NULL)));
  gtk_widget_add_controller(GTK_WIDGET(self), keys);
}

/* What became of a letter on its way is told before it closes. */
static gboolean close_request(GtkWindow *window) {
  SightUiIssueDialog *self = SIGHT_UI_ISSUE_DIALOG(window);
  if (!self->on_its_way)
    return GTK_WINDOW_CLASS(sight_ui_issue_dialog_parent_class)->close_request(window);
  g_cancellable_cancel(self->busy);
  return TRUE;
}

static void dispose(GObject *object) {
  SightUiIssueDialog *self = SIGHT_UI_ISSUE_DIALOG(object);
  if (self->busy != NULL)
    g_cancellable_cancel(self->busy);
  g_clear_object(&self->busy);
  g_clear_object(&self->player);
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_issue_dialog_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiIssueDialog *self = SIGHT_UI_ISSUE_DIALOG(object);
  g_clear_pointer(&self->subject, sight_ui_issue_subject_unref);
  g_clear_pointer(&self->letter, sight_ui_issue_letter_free);
  g_strfreev(self->remembered);
  g_free(self->script);
  g_free(self->token_key);
  G_OBJECT_CLASS(sight_ui_issue_dialog_parent_class)->finalize(object);
}

static void sight_ui_issue_dialog_class_init(SightUiIssueDialogClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  GTK_WINDOW_CLASS(class)->close_request = close_request;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  filed_signal = g_signal_new("filed", SIGHT_UI_TYPE_ISSUE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                              2, G_TYPE_STRING, G_TYPE_STRING);
}

static void sight_ui_issue_dialog_init(SightUiIssueDialog *self) {
  GSettings *settings = sight_ui_settings_get();
  self->remembered = settings != NULL ? g_settings_get_strv(settings, "trackers") : NULL;
}

GtkWidget *sight_ui_issue_dialog_new(GtkWindow *parent, SightUiIssueSubject *subject, SightUiPlayer *player,
                                     SightUiPlayback *playback) {
  SightUiIssueDialog *self = g_object_new(SIGHT_UI_TYPE_ISSUE_DIALOG, "transient-for", parent, "modal", TRUE, "title",
                                          _("File an Issue"), "default-width", 600, "default-height", 760, NULL);
  const SightProblem *problem = subject->problem != NULL ? sight_ui_problem_item_get(subject->problem) : NULL;
  self->player = g_object_ref(player);
  self->playback = g_object_ref(playback);
  build(self);
  add_keys(self);
  self->subject = sight_ui_issue_subject_ref(subject);
  g_signal_connect_object(playback, "notify::loading", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  if (problem != NULL && problem->mark->issue != NULL) {
    g_autofree char *text = g_strdup_printf(_("Filed already: %s"), problem->mark->issue);
    tell(self, text);
    self->again = TRUE;
  }
  set_busy(self, TRUE);
  sight_ui_issue_draft_async(subject, self->busy, drafted_cb, g_object_ref(self));
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}
