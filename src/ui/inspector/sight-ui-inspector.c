/* SPDX-License-Identifier: MIT */
/* The pane beside the player that says what happened. */
#include "sight-ui-inspector.h"

#include "sight-ui-element-page.h"
#include "sight-ui-inspector-lines.h"
#include "sight-ui-moment-page.h"

#include <glib/gi18n.h>

enum { STORY, CONSOLE, NETWORK, FORMS, NOTES, N_PAGES };

struct _SightUiInspector {
  GtkWidget parent_instance;
  SightUiPlayback *playback;
  GtkWidget *box, *filter;
  SightUiElementPage *element;
  GtkNotebook *notebook;
  SightUiMomentPage *pages[N_PAGES];
  GtkLabel *tabs[N_PAGES];
  gint64 notes_of; /* the session whose notes are on their way or shown */
};

G_DEFINE_FINAL_TYPE(SightUiInspector, sight_ui_inspector, GTK_TYPE_WIDGET)

static const struct {
  const char *name, *title, *icon, *empty;
} kinds[N_PAGES] = {
    [STORY] = {"story", N_("Story"), "sight-note-symbolic", N_("What the visitor did appears here.")},
    [CONSOLE] = {"console", N_("Console"), "sight-console-symbolic", N_("The page's console stayed silent.")},
    [NETWORK] = {"network", N_("Network"), "sight-request-symbolic", N_("No requests were recorded.")},
    [FORMS] = {"forms", N_("Forms"), "sight-form-symbolic", N_("Nothing was typed.")},
    [NOTES] = {"notes", N_("Notes"), "sight-tagged-symbolic", N_("Press T to tag a moment of this session.")},
};

static guint element_closed_signal;

static void take(SightUiInspector *self, int page, GArray *lines) {
  sight_ui_moments_take(sight_ui_moment_page_get_moments(self->pages[page]), lines);
}

static void follow(SightUiInspector *self) {
  int page = gtk_notebook_get_current_page(self->notebook);
  if (page >= 0)
    sight_ui_moment_page_follow(self->pages[page], MAX(sight_ui_playback_get_moment_ms(self->playback),
                                                       sight_ui_playback_get_position_ms(self->playback)));
  sight_ui_element_page_follow(self->element, sight_ui_playback_get_position_ms(self->playback));
}

/* Notes on their way. */
typedef struct {
  SightUiInspector *self; /* a reference */
  gint64 row, endpoint;
  char *session;
  GPtrArray *annotations;
} NotesCall;

static void notes_call_free(NotesCall *call) {
  g_object_unref(call->self);
  g_free(call->session);
  g_clear_pointer(&call->annotations, g_ptr_array_unref);
  g_free(call);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NotesCall, notes_call_free)

static gboolean read_notes(SightDb *db, gpointer user_data, GError **error) {
  NotesCall *call = user_data;
  call->annotations = sight_annotation_table_list(db, call->endpoint, call->session, error);
  return call->annotations != NULL;
}

static void notes_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(NotesCall) call = user_data;
  SightUiInspector *self = call->self;
  g_autoptr(GError) error = NULL;
  if (!sight_store_read_finish(SIGHT_STORE(source), result, &error) || self->notes_of != call->row || self->box == NULL)
    return;
  take(self, NOTES, sight_ui_inspector_notes(call->annotations));
}

static void load_notes(SightUiInspector *self) {
  const SightSession *session = sight_ui_playback_get_session(self->playback);
  self->notes_of = session != NULL ? session->row : 0;
  if (session == NULL) {
    take(self, NOTES, sight_ui_moments_array_new());
    return;
  }
  NotesCall *call = g_new0(NotesCall, 1);
  call->self = g_object_ref(self);
  call->row = session->row;
  call->endpoint = session->endpoint;
  call->session = g_strdup(session->session);
  sight_store_read_async(sight_ui_playback_get_store(self->playback), read_notes, call, NULL, NULL, notes_cb, call);
}

static void analysis_changed(SightUiInspector *self) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  take(self, STORY, analysis != NULL ? sight_ui_inspector_story(analysis) : sight_ui_moments_array_new());
  take(self, CONSOLE, analysis != NULL ? sight_ui_inspector_console(analysis) : sight_ui_moments_array_new());
  take(self, NETWORK, analysis != NULL ? sight_ui_inspector_network(analysis) : sight_ui_moments_array_new());
  take(self, FORMS, analysis != NULL ? sight_ui_inspector_forms(analysis) : sight_ui_moments_array_new());
  load_notes(self);
  follow(self);
}

static void filter_changed(SightUiInspector *self) {
  for (int i = 0; i < N_PAGES; i++)
    sight_ui_moments_set_filter(sight_ui_moment_page_get_moments(self->pages[i]),
                                gtk_editable_get_text(GTK_EDITABLE(self->filter)));
}

static void filter_left(SightUiInspector *self) {
  gtk_editable_set_text(GTK_EDITABLE(self->filter), "");
  gtk_widget_child_focus(GTK_WIDGET(self->notebook), GTK_DIR_TAB_FORWARD);
}

static void chosen(SightUiInspector *self, gint64 at_ms) {
  sight_ui_playback_seek(self->playback, at_ms);
}

static void set_element_shown(SightUiInspector *self, gboolean shown) {
  gtk_widget_set_visible(GTK_WIDGET(self->element), shown);
  gtk_widget_set_visible(GTK_WIDGET(self->notebook), !shown);
  gtk_widget_set_visible(self->filter, !shown);
}

static void close_element(SightUiInspector *self) {
  if (!gtk_widget_get_visible(GTK_WIDGET(self->element)))
    return;
  set_element_shown(self, FALSE);
  g_signal_emit(self, element_closed_signal, 0);
}

void sight_ui_inspector_show_element(SightUiInspector *self, const SightUiElement *element, gint64 started_ms) {
  sight_ui_element_page_show(self->element, element, started_ms);
  set_element_shown(self, TRUE);
}

static void dispose(GObject *object) {
  SightUiInspector *self = SIGHT_UI_INSPECTOR(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_inspector_parent_class)->dispose(object);
}

static void sight_ui_inspector_class_init(SightUiInspectorClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "inspector-pane");
  element_closed_signal =
      g_signal_new("element-closed", SIGHT_UI_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_inspector_init(SightUiInspector *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  self->element = SIGHT_UI_ELEMENT_PAGE(sight_ui_element_page_new());
  gtk_widget_set_vexpand(GTK_WIDGET(self->element), TRUE);
  gtk_widget_set_visible(GTK_WIDGET(self->element), FALSE);
  gtk_box_append(GTK_BOX(self->box), GTK_WIDGET(self->element));
  g_signal_connect_object(self->element, "chosen", G_CALLBACK(chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->element, "closed", G_CALLBACK(close_element), self, G_CONNECT_SWAPPED);
  self->notebook = GTK_NOTEBOOK(gtk_notebook_new());
  gtk_notebook_set_show_border(self->notebook, FALSE);
  gtk_widget_set_vexpand(GTK_WIDGET(self->notebook), TRUE);
  gtk_box_append(GTK_BOX(self->box), GTK_WIDGET(self->notebook));
  for (int i = 0; i < N_PAGES; i++) {
    self->pages[i] =
        SIGHT_UI_MOMENT_PAGE(sight_ui_moment_page_new(_(kinds[i].title), kinds[i].icon, _(kinds[i].empty)));
    self->tabs[i] = GTK_LABEL(gtk_label_new(_(kinds[i].title)));
    gtk_notebook_append_page(self->notebook, GTK_WIDGET(self->pages[i]), GTK_WIDGET(self->tabs[i]));
    GtkNotebookPage *page = gtk_notebook_get_page(self->notebook, GTK_WIDGET(self->pages[i]));
    g_object_set(page, "tab-expand", TRUE, NULL);
    g_signal_connect_object(self->pages[i], "chosen", G_CALLBACK(chosen), self, G_CONNECT_SWAPPED);
  }
  self->filter = gtk_search_entry_new();
  g_object_set(self->filter, "placeholder-text", _("Filter"), NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->filter), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Filter what happened"),
                                 -1);
  gtk_widget_add_css_class(self->filter, "inspector-filter");
  gtk_box_append(GTK_BOX(self->box), self->filter);
  g_signal_connect_object(self->filter, "search-changed", G_CALLBACK(filter_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->filter, "stop-search", G_CALLBACK(filter_left), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->notebook, "notify::page", G_CALLBACK(follow), self, G_CONNECT_SWAPPED);
}

GtkWidget *sight_ui_inspector_new(SightUiPlayback *playback) {
  SightUiInspector *self = g_object_new(SIGHT_UI_TYPE_INSPECTOR, NULL);
  self->playback = g_object_ref(playback);
  g_signal_connect_object(playback, "notify::analysis", G_CALLBACK(analysis_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::session-row", G_CALLBACK(close_element), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::position-ms", G_CALLBACK(follow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(sight_ui_playback_get_store(playback), "changed", G_CALLBACK(load_notes), self,
                          G_CONNECT_SWAPPED);
  analysis_changed(self);
  return GTK_WIDGET(self);
}
