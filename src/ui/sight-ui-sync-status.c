/* SPDX-License-Identifier: MIT */
/* The state of the work beside the window. */
#include "sight-ui-sync-status.h"

#include "sight-source.h"
#include "sight-ui-names.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

#define AGE_INTERVAL_S 30
#define TEXT_CHARS 38

struct _SightUiSyncStatus {
  GtkWidget parent_instance;
  SightUiJobs *jobs;
  GtkWidget *box, *button, *popover, *details, *act, *go_on, *cancel;
  GtkSpinner *spinner;
  GtkImage *icon;
  GtkLabel *label;
  guint age_source;
};

G_DEFINE_FINAL_TYPE(SightUiSyncStatus, sight_ui_sync_status, GTK_TYPE_WIDGET)

char *sight_ui_sync_status_since(gint64 time_ms) {
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_local(time_ms / 1000);
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  if (then == NULL)
    return g_strdup("");
  gboolean today = g_date_time_get_day_of_year(then) == g_date_time_get_day_of_year(now) &&
                   g_date_time_get_year(then) == g_date_time_get_year(now);
  return g_date_time_format(then, today ? "%H:%M" : _("%-d %b, %H:%M"));
}

static void show(SightUiSyncStatus *self, gboolean busy, const char *icon, const char *text, const char *style) {
  gtk_widget_set_visible(GTK_WIDGET(self->spinner), busy);
  gtk_spinner_set_spinning(self->spinner, busy);
  gtk_widget_set_visible(GTK_WIDGET(self->icon), !busy && icon != NULL);
  gtk_image_set_from_icon_name(self->icon, icon);
  gtk_label_set_text(self->label, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_remove_css_class(self->button, "offline");
  if (style != NULL)
    gtk_widget_add_css_class(self->button, style);
}

/* The sum over all endpoints. */
typedef struct {
  guint n_done, n_total, n_offline, n_refused, n_faulty, n_misset;
  gboolean fetching;
  int left_min;
  gint64 synced_ms, offline_since_ms;
} Sum;

static Sum sum_up(GPtrArray *states) {
  Sum sum = {0};
  for (guint i = 0; i < states->len; i++) {
    const SightUiSyncState *state = g_ptr_array_index(states, i);
    /* A round that finds nothing new is over in a blink, every few seconds: not worth a word. */
    sum.fetching = sum.fetching || (state->running && (state->n_total > 0 || state->endpoint->synced_ms == 0));
    sum.n_done += state->n_done;
    sum.left_min = MAX(sum.left_min, state->left_min);
    sum.n_total += state->n_total;
    sum.n_refused += state->refused;
    sum.n_faulty += state->faulty;
    sum.n_misset += state->misset;
    sum.n_offline += state->offline_since_ms != 0;
    sum.offline_since_ms = MAX(sum.offline_since_ms, state->offline_since_ms);
    sum.synced_ms = MAX(sum.synced_ms, state->endpoint->synced_ms);
  }
  return sum;
}

/* What goes on beside syncing; the action that stops it, or NULL. */
static const char *show_work(SightUiSyncStatus *self) {
  guint n_done = 0, n_total = 0, n_waiting = 0;
  if (sight_ui_importer_get_progress(sight_ui_jobs_get_importer(self->jobs), &n_done, &n_total)) {
    g_autofree char *text = g_strdup_printf(_("Reading %u of %u"), MIN(n_done + 1, n_total), n_total);
    show(self, TRUE, NULL, text, NULL);
    return "win.cancel-import";
  }
  if (sight_ui_jobs_get_analysis(self->jobs, &n_done, &n_waiting)) {
    g_autofree char *text = g_strdup_printf(_("Analysing %u of %u"), n_done, n_done + n_waiting);
    show(self, TRUE, NULL, text, NULL);
    return "win.cancel-analysis";
  }
  return NULL;
}

/* What failed, or was stopped and waits for somebody. */
static gboolean show_trouble(SightUiSyncStatus *self) {
  SightUiProblem problem;
  if (sight_ui_jobs_get_problem(self->jobs, 0, &problem))
    show(self, FALSE, "dialog-warning-symbolic", problem.title, "offline");
  else if (sight_ui_jobs_get_held(self->jobs) > 0)
    show(self, FALSE, "media-playback-pause-symbolic", _("Analysis stopped"), NULL);
  else
    return FALSE;
  return TRUE;
}

/* NULL where it is over in a moment, or not known. The caller's. */
static char *describe_left(int minutes) {
  if (minutes <= 1)
    return NULL;
  /* Translators: how long it still takes: hours, or minutes */
  return minutes >= 120 ? g_strdup_printf(_("about %d h left"), (minutes + 30) / 60)
                        : g_strdup_printf(_("about %d min left"), minutes);
}

static char *describe_progress(const char *so_far, int left_min) {
  g_autofree char *left = describe_left(left_min);
  /* Translators: "Syncing 3 of 2,300", and how long the rest takes */
  return left != NULL ? g_strdup_printf(_("%s, %s"), so_far, left) : g_strdup(so_far);
}

static void show_sync(SightUiSyncStatus *self, const Sum *sum) {
  if (sum->fetching) {
    g_autofree char *so_far =
        sum->n_total > 0 ? g_strdup_printf(_("Syncing %u of %u"), sum->n_done, sum->n_total) : g_strdup(_("Syncing…"));
    g_autofree char *text = describe_progress(so_far, sum->left_min);
    show(self, TRUE, NULL, text, NULL);
  } else if (sum->n_refused > 0) {
    show(self, FALSE, "dialog-warning-symbolic", _("Not let in"), "offline");
  } else if (sum->n_misset > 0) {
    show(self, FALSE, "dialog-warning-symbolic", _("Endpoint needs a change"), "offline");
  } else if (sum->n_faulty > 0) {
    show(self, FALSE, "dialog-warning-symbolic", _("Endpoint is faulty"), "offline");
  } else if (sum->n_offline > 0) {
    g_autofree char *since = sight_ui_sync_status_since(sum->offline_since_ms);
    g_autofree char *text = g_strdup_printf(_("Offline since %s"), since);
    show(self, FALSE, "sight-offline-symbolic", text, "offline");
  } else if (sum->synced_ms != 0) {
    g_autofree char *age = sight_ui_text_relative(sum->synced_ms);
    g_autofree char *text = g_strdup_printf(_("Synced %s"), age);
    show(self, FALSE, "sight-synced-symbolic", text, NULL);
  } else {
    show(self, FALSE, NULL, _("Not synced yet"), NULL);
  }
}

static GtkWidget *add_text(GtkWidget *box, const char *text, const char *style) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  /* One width, or the popover would be too low for what wraps. */
  gtk_label_set_width_chars(GTK_LABEL(label), TEXT_CHARS);
  gtk_label_set_max_width_chars(GTK_LABEL(label), TEXT_CHARS);
  if (style != NULL)
    gtk_widget_add_css_class(label, style);
  gtk_box_append(GTK_BOX(box), label);
  return label;
}

static char *describe(const SightUiSyncState *state) {
  if (state->running && state->n_total > 0) {
    g_autofree char *so_far = g_strdup_printf(_("Syncing %u of %u sessions"), state->n_done, state->n_total);
    return describe_progress(so_far, state->left_min);
  }
  if (state->refused)
    return g_strdup(
        _("It answers, but does not let this program in: the token was revoked or is wrong. Everything synced "
          "before is still here. Give it another token in Preferences."));
  if (state->misset)
    return g_strdup(
        _("It is not asked until what is set up for it is changed, as told below. What was synced before is "
          "still here."));
  if (state->faulty)
    return g_strdup(_("It answers, but not as it should. You can watch, tag and search what is here; syncing is tried "
                      "again by itself."));
  if (state->offline_since_ms != 0) {
    g_autofree char *since = sight_ui_sync_status_since(state->offline_since_ms);
    return g_strdup_printf(
        sight_source_can(state->endpoint, SIGHT_SOURCE_SHARES)
            ? _("Cannot be reached since %s. You can watch, tag and search what is here; your tags are sent when it "
                "answers again.")
            : _("Cannot be reached since %s. You can watch, tag and search what is here; your tags stay here."),
        since);
  }
  if (state->endpoint->synced_ms == 0)
    return g_strdup(_("Not synced yet"));
  g_autofree char *age = sight_ui_text_relative(state->endpoint->synced_ms);
  return g_strdup_printf(_("Synced %s"), age);
}

static void copy_problem(GtkButton *button) {
  gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(button)), g_object_get_data(G_OBJECT(button), "problem"));
}

static void add_problem(GtkWidget *box, const char *problem) {
  GtkWidget *label = add_text(box, problem, "caption");
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  GtkWidget *copy = gtk_button_new_with_mnemonic(_("_Copy Details"));
  gtk_widget_set_halign(copy, GTK_ALIGN_START);
  g_object_set_data_full(G_OBJECT(copy), "problem", g_strdup(problem), g_free);
  g_signal_connect(copy, "clicked", G_CALLBACK(copy_problem), NULL);
  gtk_box_append(GTK_BOX(box), copy);
}

static void add_trouble(SightUiSyncStatus *self) {
  guint n_held = sight_ui_jobs_get_held(self->jobs), n_problems = 0;
  SightUiProblem problem;
  for (; sight_ui_jobs_get_problem(self->jobs, n_problems, &problem); n_problems++) {
    add_text(self->details, problem.title, "heading");
    add_text(self->details, problem.advice, NULL);
    add_problem(self->details, problem.details);
  }
  if (n_held > 0) {
    g_autofree char *text =
        g_strdup_printf(ngettext("%u session waits. It can be watched, but has no signals yet.",
                                 "%u sessions wait. They can be watched, but have no signals yet.", n_held),
                        n_held);
    add_text(self->details, _("Analysis Stopped"), "heading");
    add_text(self->details, text, NULL);
  }
  gtk_widget_set_visible(self->go_on, n_held > 0 || n_problems > 0);
  gtk_button_set_label(GTK_BUTTON(self->go_on), n_problems > 0 ? _("_Try Again") : _("_Go On with the Analysis"));
}

static void fill_details(SightUiSyncStatus *self) {
  GtkWidget *child;
  /* What has the focus must not be taken away under it. */
  if (gtk_widget_get_focus_child(self->details) != NULL)
    gtk_widget_grab_focus(self->act);
  while ((child = gtk_widget_get_first_child(self->details)) != NULL)
    gtk_box_remove(GTK_BOX(self->details), child);
  add_trouble(self);
  GPtrArray *states = sight_ui_rounds_get_states(sight_ui_jobs_get_rounds(self->jobs));
  for (guint i = 0; i < states->len; i++) {
    const SightUiSyncState *state = g_ptr_array_index(states, i);
    g_autofree char *name = sight_ui_text_isolate(state->endpoint->name);
    add_text(self->details, name, "heading");
    g_autofree char *text = describe(state);
    add_text(self->details, text, NULL);
    if (state->problem != NULL)
      add_problem(self->details, state->problem);
  }
  if (states->len == 0)
    add_text(self->details, _("No endpoint is connected. Recordings come from files only."), NULL);
  gtk_button_set_label(GTK_BUTTON(self->act), states->len > 0 ? _("_Sync Now") : _("_Connect an Endpoint…"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->act), states->len > 0 ? "win.sync" : "win.add-endpoint");
  sight_ui_names_tidy(gtk_popover_get_child(GTK_POPOVER(self->popover)));
}

static void fill_before_opening(GtkMenuButton *button, gpointer user_data) {
  fill_details(user_data);
}

static void offer_to_cancel(SightUiSyncStatus *self, const char *action) {
  const char *text = g_strcmp0(action, "win.cancel-import") == 0     ? _("Stop reading")
                     : g_strcmp0(action, "win.cancel-analysis") == 0 ? _("Stop analysing")
                                                                     : _("Stop syncing");
  gtk_widget_set_visible(self->cancel, action != NULL);
  if (action == NULL || g_strcmp0(gtk_actionable_get_action_name(GTK_ACTIONABLE(self->cancel)), action) == 0)
    return;
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->cancel), action);
  gtk_widget_set_tooltip_text(self->cancel, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->cancel), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void update(SightUiSyncStatus *self) {
  GPtrArray *states = sight_ui_rounds_get_states(sight_ui_jobs_get_rounds(self->jobs));
  Sum sum = sum_up(states);
  const char *cancel = sum.fetching ? "win.cancel-sync" : show_work(self);
  gboolean other = !sum.fetching && (cancel != NULL || show_trouble(self));
  if (!other)
    show_sync(self, &sum);
  offer_to_cancel(self, cancel);
  gtk_widget_set_visible(GTK_WIDGET(self), other || states->len > 0);
  if (gtk_widget_get_mapped(self->popover))
    fill_details(self);
}

static gboolean age(gpointer user_data) {
  update(user_data);
  return G_SOURCE_CONTINUE;
}

static void dispose(GObject *object) {
  SightUiSyncStatus *self = SIGHT_UI_SYNC_STATUS(object);
  g_clear_handle_id(&self->age_source, g_source_remove);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->jobs);
  G_OBJECT_CLASS(sight_ui_sync_status_parent_class)->dispose(object);
}

static void sight_ui_sync_status_class_init(SightUiSyncStatusClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "sync-status");
}

static GtkWidget *make_face(SightUiSyncStatus *self) {
  GtkWidget *face = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->spinner = GTK_SPINNER(gtk_spinner_new());
  self->icon = GTK_IMAGE(gtk_image_new());
  self->label = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_ellipsize(self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(GTK_WIDGET(self->label), "numeric");
  gtk_box_append(GTK_BOX(face), GTK_WIDGET(self->spinner));
  gtk_box_append(GTK_BOX(face), GTK_WIDGET(self->icon));
  gtk_box_append(GTK_BOX(face), GTK_WIDGET(self->label));
  return face;
}

static void sight_ui_sync_status_init(SightUiSyncStatus *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  self->button = gtk_menu_button_new();
  gtk_widget_add_css_class(self->button, "flat");
  gtk_menu_button_set_child(GTK_MENU_BUTTON(self->button), make_face(self));
  gtk_widget_set_tooltip_text(self->button, _("Syncing"));
  self->popover = gtk_popover_new();
  GtkWidget *content = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class(content, "sync-details");
  self->details = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  self->act = gtk_button_new();
  gtk_button_set_use_underline(GTK_BUTTON(self->act), TRUE);
  self->go_on = gtk_button_new();
  gtk_button_set_use_underline(GTK_BUTTON(self->go_on), TRUE);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->go_on), "win.go-on");
  gtk_box_append(GTK_BOX(content), self->details);
  gtk_box_append(GTK_BOX(content), self->go_on);
  gtk_box_append(GTK_BOX(content), self->act);
  gtk_popover_set_child(GTK_POPOVER(self->popover), content);
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(self->button), self->popover);
  /* Before it is shown, or it would get the size of what it said last time. */
  gtk_menu_button_set_create_popup_func(GTK_MENU_BUTTON(self->button), fill_before_opening, self, NULL);
  gtk_box_append(GTK_BOX(self->box), self->button);
  self->cancel = gtk_button_new_from_icon_name("process-stop-symbolic");
  gtk_widget_add_css_class(self->cancel, "flat");
  gtk_box_append(GTK_BOX(self->box), self->cancel);
}

GtkWidget *sight_ui_sync_status_new(SightUiJobs *jobs) {
  SightUiSyncStatus *self = g_object_new(SIGHT_UI_TYPE_SYNC_STATUS, NULL);
  self->jobs = g_object_ref(jobs);
  g_signal_connect_object(jobs, "changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  self->age_source = g_timeout_add_seconds(AGE_INTERVAL_S, age, self);
  update(self);
  return GTK_WIDGET(self);
}
