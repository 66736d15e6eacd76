/* SPDX-License-Identifier: MIT */
/* Saving a clip. */
#include "sight-ui-clip-dialog.h"

#include "sight-log-table.h"
#include "sight-note-table.h"
#include "sight-ui-clip-look.h"
#include "sight-ui-clip-private.h"
#include "sight-ui-clip.h"
#include "sight-ui-film.h"
#include "sight-ui-names.h"
#include "sight-ui-settings.h"
#include "sight-ui-steps.h"
#include "sight-ui-time.h"

#include <glib/gi18n.h>

/* After the range was changed, so long nothing else may be, until it is looked through again. */
#define CALM_MS 300

/* As the rows of the list stand in the .ui file. */
typedef enum { HTML, WEBM, MP4, WEBP, PICTURE, WHOLE, FILE_FORM, JSON, N_FORMS } Form;

static const struct {
  const char *name; /* in the log */
  const char *explained;
  int film; /* SightFilmForm, -1: none */
  int clip; /* SightClipForm, -1: none */
} forms[N_FORMS] = {
    [HTML] = {"html", N_("Plays in any browser"), -1, SIGHT_CLIP_HTML},
    [WEBM] = {"webm", N_("Plays nearly everywhere"), SIGHT_FILM_WEBM, -1},
    [MP4] = {"mp4", N_("Where this computer has an encoder"), SIGHT_FILM_MP4, -1},
    [WEBP] = {"webp", N_("For trackers and chats, 15 seconds at most"), SIGHT_FILM_WEBP, -1},
    [PICTURE] = {"png", N_("The moment on display"), -1, -1},
    [WHOLE] = {"png", N_("The moment on display, down to its end"), -1, -1},
    [FILE_FORM] = {"sightclip", N_("To be opened by a teammate, with tags"), -1, SIGHT_CLIP_FILE},
    [JSON] = {"json", N_("For rrweb’s own player"), -1, SIGHT_CLIP_JSON},
};
static const int widths[] = {1280, 1920, 800, 480};
static const double speeds[] = {1, 2, 4, 8};

struct _SightUiClipDialog {
  AdwWindow parent_instance;
  GtkWidget *cancel, *save, *spinner, *problem_bar, *problem, *fields, *name, *note, *from, *to, *choose;
  GtkWidget *filming, *progress, *element, *pick, *film;
  AdwActionRow *range, *folder;
  AdwComboRow *form, *size, *speed;
  AdwExpanderRow *private_row;
  SightUiClipPrivate *private;
  GPtrArray *notes;      /* of SightNote, while it is being saved */
  GCancellable *looking; /* while the range is looked through */
  guint calm;
  SightUiPlayback *playback;
  SightUiPlayer *player;
  gboolean lent; /* the player picks for the dialog */
  GTimeZone *zone;
  GtkFileChooserNative *chooser; /* while it is open */
  GCancellable *saving;          /* while it is being saved */
  gint64 row;                    /* of the session that it is about */
  gint64 at_ms, shown_ms, from_ms, to_ms;
  char *folder_path, *range_about;
  char *plan_name; /* of the film, masked */
};

G_DEFINE_FINAL_TYPE(SightUiClipDialog, sight_ui_clip_dialog, ADW_TYPE_WINDOW)

static guint saved_signal, picking_signal;

static gint64 started_ms(SightUiClipDialog *self) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  SightUiReel *reel = sight_ui_player_get_reel(self->player);
  return analysis != NULL && analysis->session->started_ms > 0 ? analysis->session->started_ms
         : reel != NULL                                        ? sight_ui_reel_first_ms(reel)
                                                               : 0;
}

static Form form_of(SightUiClipDialog *self) {
  guint form = adw_combo_row_get_selected(self->form);

  return form < N_FORMS ? (Form)form : HTML;
}

static gboolean is_picture(SightUiClipDialog *self) {
  return form_of(self) == PICTURE || form_of(self) == WHOLE;
}

/* Of the range, or of the moment that a picture is of. The caller's; NULL: nothing is open. */
static GArray *parts_of(SightUiClipDialog *self) {
  SightUiReel *reel = sight_ui_player_get_reel(self->player);
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  gint64 from_ms = is_picture(self) ? self->shown_ms : self->from_ms;
  gint64 to_ms = is_picture(self) ? self->shown_ms : self->to_ms;

  if (reel == NULL || self->row != sight_ui_playback_get_session_row(self->playback))
    return NULL;
  return sight_ui_clip_parts(reel, analysis != NULL ? analysis->spans : NULL, started_ms(self), from_ms, to_ms + 1);
}

static void tell(SightUiClipDialog *self, const char *problem) {
  gtk_label_set_text(GTK_LABEL(self->problem), problem != NULL ? problem : "");
  gtk_info_bar_set_revealed(GTK_INFO_BAR(self->problem_bar), problem != NULL);
}

static gboolean read_time(SightUiClipDialog *self, GtkWidget *entry, gint64 *at_ms) {
  gboolean ok =
      sight_ui_time_parse(gtk_editable_get_text(GTK_EDITABLE(entry)), started_ms(self),
                          sight_ui_playback_get_duration_ms(self->playback), self->zone, at_ms) == SIGHT_UI_TIME_OK;
  if (ok)
    gtk_widget_remove_css_class(entry, "error");
  else
    gtk_widget_add_css_class(entry, "error");
  return ok;
}

static void looked_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiClipDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) findings = sight_ui_clip_look_finish(result, &error);

  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->playback == NULL)
    return;
  g_clear_object(&self->looking);
  /* Why, saving it will say. */
  if (findings == NULL)
    sight_ui_clip_private_set_failed(self->private);
  else
    sight_ui_clip_private_set(self->private, findings);
}

static gboolean look_cb(gpointer user_data) {
  SightUiClipDialog *self = user_data;
  const SightSession *session = sight_ui_playback_get_session(self->playback);
  GArray *parts = parts_of(self);

  self->calm = 0;
  if (session == NULL || parts == NULL) {
    g_clear_pointer(&parts, g_array_unref);
    sight_ui_clip_private_set_failed(self->private);
    return G_SOURCE_REMOVE;
  }
  self->looking = g_cancellable_new();
  sight_ui_clip_look_async(sight_ui_playback_get_store(self->playback), session->endpoint, session->session,
                           sight_ui_player_get_reel(self->player), parts, self->looking, looked_cb, g_object_ref(self));
  return G_SOURCE_REMOVE;
}

/* What of the range looks private is looked for once nobody changes it any more; until then all of it is masked. */
static void look_soon(SightUiClipDialog *self) {
  if (self->looking != NULL)
    g_cancellable_cancel(self->looking);
  g_clear_object(&self->looking);
  g_clear_handle_id(&self->calm, g_source_remove);
  sight_ui_clip_private_set(self->private, NULL);
  self->calm = g_timeout_add(CALM_MS, look_cb, self);
}

/* What is chosen by now, and whether it can be saved. */
static void update(SightUiClipDialog *self) {
  gboolean from_ok = read_time(self, self->from, &self->from_ms), to_ok = read_time(self, self->to, &self->to_ms);
  gboolean picture = is_picture(self), ok = from_ok && to_ok && self->from_ms < self->to_ms;
  g_autofree char *length = sight_ui_format_time(self->to_ms - self->from_ms);
  /* Translators: how long a clip is, and what it is around: "0:15, around 4 clicks in 0.9 s on “Buy”". */
  g_autofree char *about = ok ? g_strdup_printf(_("%s, %s"), length, self->range_about)
                              : g_strdup(_("Times like 1:30, the end behind the start"));
  adw_action_row_set_subtitle(self->range, about);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(self->form), _(forms[form_of(self)].explained));
  gtk_widget_set_visible(GTK_WIDGET(self->size), forms[form_of(self)].film >= 0);
  gtk_widget_set_visible(GTK_WIDGET(self->speed), forms[form_of(self)].film >= 0);
  adw_action_row_set_subtitle(self->folder, self->folder_path);
  gtk_widget_set_sensitive(GTK_WIDGET(self->range), !picture);
  gtk_widget_set_sensitive(self->save, self->saving == NULL && (ok || picture));
}

static void range_changed(SightUiClipDialog *self) {
  update(self);
  look_soon(self);
}

static void set_saving(SightUiClipDialog *self, gboolean saving) {
  g_clear_object(&self->saving);
  if (saving)
    self->saving = g_cancellable_new();
  gtk_widget_set_sensitive(self->fields, !saving);
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), saving);
  gtk_widget_set_visible(self->filming, FALSE);
  update(self);
}

static void fail(SightUiClipDialog *self, const GError *error) {
  g_autofree char *text = g_strdup_printf(_("Nothing was saved: %s"), error->message);
  set_saving(self, FALSE);
  tell(self, text);
  gtk_widget_grab_focus(self->name);
}

static void saved_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiClipDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = sight_ui_clip_save_finish(result, &error);
  if (self->saving == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (file == NULL) {
    fail(self, error);
    return;
  }
  set_saving(self, FALSE);
  GSettings *settings = sight_ui_settings_get();
  if (settings != NULL)
    g_settings_set_string(settings, "clip-folder", self->folder_path);
  g_signal_emit(self, saved_signal, 0, file);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void made_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiClipDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = sight_ui_film_make_finish(SIGHT_UI_FILM(source), result, &error);

  if (self->saving == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bytes == NULL) {
    fail(self, error);
    return;
  }
  g_autofree char *ending = g_strdup_printf(".%s", forms[form_of(self)].name);
  sight_ui_clip_save_bytes_async(bytes, ending, self->plan_name, self->folder_path, self->saving, saved_cb,
                                 g_object_ref(self));
}

static void progress_cb(SightUiClipDialog *self) {
  double progress;

  g_object_get(self->film, "progress", &progress, NULL);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->progress), progress);
}

/* A film has to be on a screen while it is made: it is seen being made. */
static void show_filming(SightUiClipDialog *self) {
  if (self->film == NULL) {
    self->film = sight_ui_film_new();
    gtk_box_prepend(GTK_BOX(self->filming), self->film);
    g_signal_connect_object(self->film, "notify::progress", G_CALLBACK(progress_cb), self, G_CONNECT_SWAPPED);
  }
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->progress), 0);
  gtk_widget_set_visible(self->filming, TRUE);
}

static void planned_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiClipDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  SightUiFilmPlan *plan = sight_ui_film_plan_finish(result, &error);

  if (self->saving == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_clear_pointer(&plan, sight_ui_film_plan_free);
    return;
  }
  if (plan == NULL) {
    fail(self, error);
    return;
  }
  g_free(self->plan_name);
  self->plan_name = g_strdup(plan->name);
  show_filming(self);
  if (is_picture(self))
    sight_ui_film_picture_async(SIGHT_UI_FILM(self->film), plan, form_of(self) == WHOLE, self->saving, made_cb,
                                g_object_ref(self));
  else
    sight_ui_film_make_async(SIGHT_UI_FILM(self->film), plan, self->saving, made_cb, g_object_ref(self));
}

/* Takes the parts and the redaction. */
static void plan(SightUiClipDialog *self, SightUiReel *reel, GArray *parts, SightRedaction *redaction) {
  g_autoptr(GPtrArray) captions = g_ptr_array_new_with_free_func((GDestroyNotify)sight_ui_film_caption_free);
  guint size = MIN(adw_combo_row_get_selected(self->size), G_N_ELEMENTS(widths) - 1);
  guint speed = MIN(adw_combo_row_get_selected(self->speed), G_N_ELEMENTS(speeds) - 1);
  SightUiFilmWish wish = {SIGHT_FILM_WEBM, SIGHT_UI_FILM_WIDTH_MAX, 1};

  if (!is_picture(self)) {
    wish = (SightUiFilmWish){(SightFilmForm)forms[form_of(self)].film, widths[size], speeds[speed]};
    sight_ui_film_captions(captions, sight_ui_playback_get_analysis(self->playback), self->notes, self->from_ms,
                           self->to_ms + 1);
  }
  sight_ui_film_plan_async(reel, parts, gtk_editable_get_text(GTK_EDITABLE(self->name)), redaction,
                           g_steal_pointer(&captions), &wish, self->saving, planned_cb, g_object_ref(self));
}

static void log_clip(SightUiClipDialog *self, const char *form) {
  const SightSession *session = sight_ui_playback_get_session(self->playback);
  const SightLogEntry entry = {.act = SIGHT_LOG_CLIPPED,
                               .session = session != NULL ? session->session : NULL,
                               .from_ms = is_picture(self) ? self->shown_ms : self->from_ms,
                               .to_ms = (is_picture(self) ? self->shown_ms : self->to_ms) + 1,
                               .detail = form};
  if (session != NULL)
    sight_log_note(sight_ui_playback_get_store(self->playback), session->endpoint, &entry);
}

/* Takes the selector that stands in the entry. FALSE: it is none, and the person is told. */
static gboolean take_element(SightUiClipDialog *self) {
  g_autofree char *selector = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->element))));
  g_autoptr(SightRedaction) trial = sight_redaction_new();
  g_autoptr(GError) error = NULL;

  if (selector[0] != '\0' && !sight_redaction_add_selector(trial, selector, &error)) {
    tell(self, error->message);
    return FALSE;
  }
  tell(self, NULL);
  if (selector[0] != '\0')
    sight_ui_clip_private_add_selector(self->private, selector);
  gtk_editable_set_text(GTK_EDITABLE(self->element), "");
  return TRUE;
}

/* Picking on the page */

static void pick_pressed(SightUiClipDialog *self) {
  tell(self, NULL);
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
  self->lent = TRUE;
  sight_ui_player_lend(self->player, TRUE);
  g_signal_emit(self, picking_signal, 0);
}

static void end_picking(SightUiClipDialog *self) {
  if (!self->lent)
    return;
  self->lent = FALSE;
  sight_ui_player_lend(self->player, FALSE);
}

/* What is picked now is of another session, and so is the page. */
static void session_changed(SightUiClipDialog *self) {
  if (!self->lent || sight_ui_playback_get_session_row(self->playback) == self->row)
    return;
  end_picking(self);
  gtk_window_present(GTK_WINDOW(self));
}

/* Also where nothing was picked. */
static void picked(SightUiClipDialog *self, const char *selector, const char *problem) {
  if (!self->lent)
    return;
  end_picking(self);
  gtk_window_present(GTK_WINDOW(self));
  tell(self, problem);
  if (selector == NULL)
    return;
  sight_ui_clip_private_add_selector(self->private, selector);
  adw_expander_row_set_expanded(self->private_row, TRUE);
}

/* In the form that is chosen. Takes the parts and the redaction. */
static void write_form(SightUiClipDialog *self, GArray *parts, SightRedaction *redaction) {
  SightUiReel *reel = sight_ui_player_get_reel(self->player);

  if (forms[form_of(self)].clip < 0) {
    plan(self, reel, parts, redaction);
    return;
  }
  const SightUiClipAbout about = {.name = gtk_editable_get_text(GTK_EDITABLE(self->name)),
                                  .note = gtk_editable_get_text(GTK_EDITABLE(self->note)),
                                  .folder = self->folder_path,
                                  .notes = self->notes,
                                  .started_ms = started_ms(self),
                                  .redaction = redaction};
  sight_ui_clip_save_async(reel, parts, (SightClipForm)forms[form_of(self)].clip, &about, self->saving, saved_cb,
                           g_object_ref(self));
}

static void notes_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiClipDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) notes = sight_ui_clip_notes_finish(result, &error);

  if (self->saving == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  SightRedaction *redaction = notes != NULL ? sight_ui_clip_private_redaction(self->private, &error) : NULL;
  if (redaction == NULL) {
    fail(self, error);
    return;
  }
  GArray *parts = parts_of(self);
  if (parts == NULL) {
    sight_redaction_free(redaction);
    set_saving(self, FALSE);
    tell(self, _("The session is not open any more."));
    return;
  }
  g_clear_pointer(&self->notes, g_ptr_array_unref);
  self->notes = g_steal_pointer(&notes);
  log_clip(self, forms[form_of(self)].name);
  write_form(self, parts, redaction);
}

static void save(SightUiClipDialog *self) {
  const SightSession *session = sight_ui_playback_get_session(self->playback);

  /* What was typed there was meant to be masked, though nobody pressed its button. */
  if (!gtk_widget_get_sensitive(self->save) || !take_element(self))
    return;
  if (session == NULL || self->row != sight_ui_playback_get_session_row(self->playback)) {
    tell(self, _("The session is not open any more."));
    return;
  }
  set_saving(self, TRUE);
  sight_ui_clip_notes_async(sight_ui_playback_get_store(self->playback), session->endpoint, session->session,
                            self->saving, notes_cb, g_object_ref(self));
}

static void chosen_cb(GtkNativeDialog *dialog, int response, SightUiClipDialog *self) {
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path(file) : NULL;
  if (path != NULL) {
    g_free(self->folder_path);
    self->folder_path = g_steal_pointer(&path);
  }
  g_clear_object(&self->chooser);
  update(self);
}

static void choose(SightUiClipDialog *self) {
  if (self->chooser != NULL)
    return;
  g_autoptr(GFile) folder = g_file_new_for_path(self->folder_path);
  self->chooser = gtk_file_chooser_native_new(_("Folder for Clips"), GTK_WINDOW(self),
                                              GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
  gtk_file_chooser_set_current_folder(GTK_FILE_CHOOSER(self->chooser), folder, NULL);
  g_signal_connect_object(self->chooser, "response", G_CALLBACK(chosen_cb), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(self->chooser));
}

/* The last one, if it is still there. */
static char *first_folder(void) {
  GSettings *settings = sight_ui_settings_get();
  g_autofree char *last = settings != NULL ? g_settings_get_string(settings, "clip-folder") : NULL;
  if (last != NULL && g_file_test(last, G_FILE_TEST_IS_DIR))
    return g_steal_pointer(&last);
  const char *documents = g_get_user_special_dir(G_USER_DIRECTORY_DOCUMENTS);
  return g_strdup(documents != NULL && g_file_test(documents, G_FILE_TEST_IS_DIR) ? documents : g_get_home_dir());
}

static char *first_name(SightUiClipDialog *self, const SightSignal *signal) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  const SightPageView *page =
      analysis != NULL ? sight_ui_page_at(analysis, sight_ui_playback_get_window(self->playback), self->at_ms) : NULL;
  g_autofree char *time = sight_ui_format_time(self->from_ms);
  if (signal != NULL)
    return sight_signal_reason(signal);
  /* Translators: name of a clip: a page, and when it begins in the session. */
  return g_strdup_printf(_("%s at %s"), page != NULL && page->page != NULL ? page->page : _("Session"), time);
}

/* The signal that lies in the range, so that the clip is named after it. */
static const SightSignal *signal_within(const SightAnalysis *analysis, gint64 from_ms, gint64 to_ms) {
  for (guint i = 0; analysis != NULL && i < analysis->signals->len; i++) {
    const SightSignal *signal = g_ptr_array_index(analysis->signals, i);
    if (signal->start_ms >= from_ms && signal->start_ms <= to_ms)
      return signal;
  }
  return NULL;
}

static void propose(SightUiClipDialog *self) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  gint64 whole_ms = sight_ui_playback_get_duration_ms(self->playback);
  const SightSignal *signal = NULL;
  if (sight_ui_range_get(sight_ui_playback_get_range(self->playback), whole_ms, &self->from_ms, &self->to_ms)) {
    self->range_about = g_strdup(_("between in and out"));
    signal = signal_within(analysis, self->from_ms, self->to_ms);
  } else {
    sight_ui_stretch_around(analysis, whole_ms, self->at_ms, &self->from_ms, &self->to_ms, &signal);
    g_autofree char *reason = signal != NULL ? sight_signal_reason(signal) : NULL;
    self->range_about = signal != NULL ? g_strdup_printf(_("around %s"), reason) : g_strdup(_("around this moment"));
  }
  g_autofree char *name = first_name(self, signal);
  g_autofree char *from = sight_ui_time_exact(self->from_ms);
  g_autofree char *to = sight_ui_time_exact(MIN(self->to_ms, whole_ms));
  gtk_editable_set_text(GTK_EDITABLE(self->name), name);
  gtk_editable_set_text(GTK_EDITABLE(self->from), from);
  gtk_editable_set_text(GTK_EDITABLE(self->to), to);
}

static void dispose(GObject *object) {
  SightUiClipDialog *self = SIGHT_UI_CLIP_DIALOG(object);
  if (self->saving != NULL)
    g_cancellable_cancel(self->saving);
  if (self->looking != NULL)
    g_cancellable_cancel(self->looking);
  g_clear_object(&self->looking);
  g_clear_handle_id(&self->calm, g_source_remove);
  g_clear_object(&self->saving);
  g_clear_object(&self->chooser);
  if (self->player != NULL)
    end_picking(self);
  g_clear_object(&self->player);
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_clip_dialog_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiClipDialog *self = SIGHT_UI_CLIP_DIALOG(object);
  g_clear_pointer(&self->zone, g_time_zone_unref);
  g_free(self->folder_path);
  g_free(self->range_about);
  g_free(self->plan_name);
  g_clear_pointer(&self->notes, g_ptr_array_unref);
  G_OBJECT_CLASS(sight_ui_clip_dialog_parent_class)->finalize(object);
}

static void sight_ui_clip_dialog_class_init(SightUiClipDialogClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS(class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/sessionsight/SessionSight/dialogs/sight-ui-clip-dialog.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, cancel);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, save);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, spinner);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, problem_bar);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, problem);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, fields);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, name);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, note);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, range);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, from);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, to);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, form);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, size);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, speed);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, private_row);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, element);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, pick);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, filming);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, progress);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, folder);
  gtk_widget_class_bind_template_child(widget_class, SightUiClipDialog, choose);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  saved_signal = g_signal_new("saved", SIGHT_UI_TYPE_CLIP_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                              1, G_TYPE_FILE);
  picking_signal =
      g_signal_new("picking", SIGHT_UI_TYPE_CLIP_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void connect_fields(SightUiClipDialog *self) {
  GtkWidget *const changing[] = {self->from, self->to};
  AdwComboRow *const chosen[] = {self->form, self->size, self->speed};
  for (guint i = 0; i < G_N_ELEMENTS(changing); i++) {
    g_signal_connect_object(changing[i], "changed", G_CALLBACK(range_changed), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(changing[i], "activate", G_CALLBACK(save), self, G_CONNECT_SWAPPED);
  }
  for (guint i = 0; i < G_N_ELEMENTS(chosen); i++)
    g_signal_connect_object(chosen[i], "notify::selected", G_CALLBACK(range_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->element, "apply", G_CALLBACK(take_element), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->pick, "clicked", G_CALLBACK(pick_pressed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->player, "lent-element", G_CALLBACK(picked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->playback, "notify::session-row", G_CALLBACK(session_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->name, "entry-activated", G_CALLBACK(save), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->note, "entry-activated", G_CALLBACK(save), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->save, "clicked", G_CALLBACK(save), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->choose, "clicked", G_CALLBACK(choose), self, G_CONNECT_SWAPPED);
}

static void sight_ui_clip_dialog_init(SightUiClipDialog *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  self->zone = g_time_zone_new_local();
  self->folder_path = first_folder();
  self->private = sight_ui_clip_private_new(self->private_row);
}

GtkWidget *sight_ui_clip_dialog_new(GtkWindow *parent, SightUiPlayback *playback, SightUiPlayer *player) {
  SightUiClipDialog *self =
      g_object_new(SIGHT_UI_TYPE_CLIP_DIALOG, "transient-for", parent, "destroy-with-parent", TRUE, NULL);
  self->playback = g_object_ref(playback);
  self->player = g_object_ref(player);
  self->row = sight_ui_playback_get_session_row(playback);
  self->at_ms = sight_ui_playback_get_subject_ms(playback);
  self->shown_ms = sight_ui_playback_get_position_ms(playback);
  propose(self);
  connect_fields(self);
  range_changed(self);
  gtk_widget_grab_focus(self->name);
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}
