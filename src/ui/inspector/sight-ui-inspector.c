/* SPDX-License-Identifier: MIT */
/* The pane beside the player that says what happened. */
#include "sight-ui-inspector.h"

#include "sight-ui-drop-down.h"
#include "sight-ui-element-page.h"
#include "sight-ui-inspector-lines.h"
#include "sight-ui-moment-page.h"
#include "sight-ui-settings.h"
#include "sight-ui-stack.h"

#include <glib/gi18n.h>

enum { STORY, CONSOLE, NETWORK, FORMS, TAGS, N_PAGES };

struct _SightUiInspector {
  GtkWidget parent_instance;
  SightUiPlayback *playback;
  GtkWidget *box, *what_happened, *filter;
  GtkLabel *heading;
  SightUiElementPage *element;
  GtkStack *stack;
  SightUiMomentPage *pages[N_PAGES];
  GPtrArray *notes; /* of SightNote: those that are shown, or NULL */
  GArray *said;     /* of SightUiSaid: what the lines are made of */
};

G_DEFINE_FINAL_TYPE(SightUiInspector, sight_ui_inspector, GTK_TYPE_WIDGET)

static const struct {
  const char *name, *title, *icon, *empty;
} kinds[N_PAGES] = {
    [STORY] = {"story", N_("Story"), "sight-note-symbolic", N_("What the visitor did appears here.")},
    [CONSOLE] = {"console", N_("Console"), "sight-console-symbolic", N_("The page's console stayed silent.")},
    [NETWORK] = {"network", N_("Network"), "sight-request-symbolic", N_("No requests were recorded.")},
    [FORMS] = {"forms", N_("Forms"), "sight-form-symbolic", N_("Nothing was typed.")},
    [TAGS] = {"tags", N_("Tags"), "sight-tagged-symbolic", N_("Press T to tag a moment of this session.")},
};

static void close_element(SightUiInspector *self);

enum { ELEMENT_CLOSED, EDIT_TAG, REMOVE_TAG, ANSWER_TAG, N_SIGNALS };
static guint signals[N_SIGNALS];

static void take(SightUiInspector *self, int page, GArray *lines) {
  sight_ui_moments_take(sight_ui_moment_page_get_moments(self->pages[page]), lines);
}

static int current_page(SightUiInspector *self) {
  for (int i = 0; i < N_PAGES; i++) {
    if (gtk_stack_get_visible_child(self->stack) == GTK_WIDGET(self->pages[i]))
      return i;
  }
  return STORY;
}

static void follow(SightUiInspector *self) {
  sight_ui_moment_page_follow(self->pages[current_page(self)], MAX(sight_ui_playback_get_moment_ms(self->playback),
                                                                   sight_ui_playback_get_position_ms(self->playback)));
  sight_ui_element_page_follow(self->element, sight_ui_playback_get_position_ms(self->playback));
}

/* What is on display was looked at. */
static void note_read(SightUiInspector *self) {
  if (self->playback != NULL && gtk_widget_get_mapped(GTK_WIDGET(self->pages[TAGS])))
    sight_ui_notes_mark_read(sight_ui_playback_get_notes(self->playback));
}

void sight_ui_inspector_show_tags(SightUiInspector *self) {
  close_element(self);
  gtk_stack_set_visible_child(self->stack, GTK_WIDGET(self->pages[TAGS]));
}

static void page_changed(SightUiInspector *self) {
  gtk_label_set_text(self->heading, _(kinds[current_page(self)].title));
  if (self->playback != NULL)
    follow(self);
}

static void load_tags(SightUiInspector *self) {
  if (self->playback == NULL)
    return;
  SightUiNotes *notes = sight_ui_playback_get_notes(self->playback);
  g_array_set_size(self->said, 0);
  g_clear_pointer(&self->notes, g_ptr_array_unref);
  self->notes = g_ptr_array_ref(sight_ui_notes_get_list(notes));
  take(self, TAGS, sight_ui_inspector_tags(notes, self->said));
  note_read(self);
}

static void analysis_changed(SightUiInspector *self) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  take(self, STORY,
       analysis != NULL ? sight_ui_inspector_story(analysis, sight_ui_playback_get_reached(self->playback))
                        : sight_ui_moments_array_new());
  take(self, CONSOLE, analysis != NULL ? sight_ui_inspector_console(analysis) : sight_ui_moments_array_new());
  take(self, NETWORK, analysis != NULL ? sight_ui_inspector_network(analysis) : sight_ui_moments_array_new());
  take(self, FORMS, analysis != NULL ? sight_ui_inspector_forms(analysis) : sight_ui_moments_array_new());
  follow(self);
}

static void filter_changed(SightUiInspector *self) {
  for (int i = 0; i < N_PAGES; i++)
    sight_ui_moments_set_filter(sight_ui_moment_page_get_moments(self->pages[i]),
                                gtk_editable_get_text(GTK_EDITABLE(self->filter)));
}

static void filter_left(SightUiInspector *self) {
  gtk_editable_set_text(GTK_EDITABLE(self->filter), "");
  gtk_widget_child_focus(GTK_WIDGET(self->stack), GTK_DIR_TAB_FORWARD);
}

static void chosen(SightUiInspector *self, gint64 at_ms) {
  sight_ui_playback_seek(self->playback, at_ms);
}

static void tag_asked_for(SightUiInspector *self, int tag, guint signal) {
  if (tag < 0 || (guint)tag >= self->said->len)
    return;
  const SightUiSaid *said = &g_array_index(self->said, SightUiSaid, tag);
  g_signal_emit(self, signals[signal], 0, said->note, said->what);
}

static void edit_tag(SightUiInspector *self, int tag) {
  tag_asked_for(self, tag, EDIT_TAG);
}

static void remove_tag(SightUiInspector *self, int tag) {
  tag_asked_for(self, tag, REMOVE_TAG);
}

static void answer_tag(SightUiInspector *self, int tag) {
  tag_asked_for(self, tag, ANSWER_TAG);
}

static void set_element_shown(SightUiInspector *self, gboolean shown) {
  gtk_widget_set_visible(GTK_WIDGET(self->element), shown);
  gtk_widget_set_visible(self->what_happened, !shown);
}

static void close_element(SightUiInspector *self) {
  if (!gtk_widget_get_visible(GTK_WIDGET(self->element)))
    return;
  set_element_shown(self, FALSE);
  g_signal_emit(self, signals[ELEMENT_CLOSED], 0);
}

void sight_ui_inspector_show_element(SightUiInspector *self, const SightUiElement *element, gint64 started_ms) {
  sight_ui_element_page_show(self->element, element, started_ms);
  set_element_shown(self, TRUE);
}

static void dispose(GObject *object) {
  SightUiInspector *self = SIGHT_UI_INSPECTOR(object);
  /* What goes away now shows nothing any more. */
  g_clear_object(&self->playback);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->notes, g_ptr_array_unref);
  g_clear_pointer(&self->said, g_array_unref);
  G_OBJECT_CLASS(sight_ui_inspector_parent_class)->dispose(object);
}

static void sight_ui_inspector_class_init(SightUiInspectorClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "inspector-pane");
  GType type = SIGHT_UI_TYPE_INSPECTOR;
  signals[ELEMENT_CLOSED] =
      g_signal_new("element-closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  const char *const about_tags[] = {[EDIT_TAG] = "edit-tag", [REMOVE_TAG] = "remove-tag", [ANSWER_TAG] = "answer-tag"};
  for (guint i = EDIT_TAG; i <= ANSWER_TAG; i++)
    signals[i] = g_signal_new(about_tags[i], type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                              G_TYPE_POINTER, G_TYPE_POINTER);
}

/* Icons alone fit in whatever language; what is chosen is written below them. */
static GtkWidget *make_switcher(SightUiInspector *self) {
  GtkWidget *switcher = gtk_stack_switcher_new();
  gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher), self->stack);
  int i = 0;
  for (GtkWidget *tab = gtk_widget_get_first_child(switcher); tab != NULL && i < N_PAGES;
       tab = gtk_widget_get_next_sibling(tab)) {
    gtk_widget_add_css_class(tab, "flat");
    gtk_accessible_update_property(GTK_ACCESSIBLE(tab), GTK_ACCESSIBLE_PROPERTY_LABEL, _(kinds[i++].title), -1);
  }
  gtk_widget_add_css_class(switcher, "inspector-tabs");
  return switcher;
}

static GtkWidget *make_filter(SightUiInspector *self) {
  self->filter = gtk_search_entry_new();
  g_object_set(self->filter, "placeholder-text", _("Filter"), NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->filter), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Filter what happened"),
                                 -1);
  gtk_widget_add_css_class(self->filter, "inspector-filter");
  g_signal_connect_object(self->filter, "search-changed", G_CALLBACK(filter_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->filter, "stop-search", G_CALLBACK(filter_left), self, G_CONNECT_SWAPPED);
  return self->filter;
}

static void level_chosen(GtkDropDown *levels, GParamSpec *pspec, SightUiInspector *self) {
  sight_ui_moments_set_least(sight_ui_moment_page_get_moments(self->pages[CONSOLE]),
                             gtk_drop_down_get_selected(levels));
}

static void failed_first(GtkToggleButton *button, SightUiInspector *self) {
  sight_ui_moments_set_gravest_first(sight_ui_moment_page_get_moments(self->pages[NETWORK]),
                                     gtk_toggle_button_get_active(button));
}

static void add_tools(SightUiInspector *self) {
  const char *const titles[] = {_("All Messages"), _("Without Plain Logs"), _("Warnings and Errors"), _("Errors"),
                                NULL};
  GtkWidget *levels = gtk_drop_down_new_from_strings(titles),
            *failed = gtk_toggle_button_new_with_label(_("Failed First"));
  sight_ui_drop_down_name(levels, _("Which Messages"));
  gtk_widget_set_halign(failed, GTK_ALIGN_START);
  g_signal_connect_object(levels, "notify::selected", G_CALLBACK(level_chosen), self, 0);
  g_signal_connect_object(failed, "toggled", G_CALLBACK(failed_first), self, 0);
  sight_ui_moment_page_set_tool(self->pages[CONSOLE], levels);
  sight_ui_moment_page_set_tool(self->pages[NETWORK], failed);
}

static GtkWidget *make_what_happened(SightUiInspector *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->heading = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_xalign(self->heading, 0);
  gtk_label_set_ellipsize(self->heading, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(GTK_WIDGET(self->heading), "heading");
  gtk_widget_add_css_class(GTK_WIDGET(self->heading), "inspector-heading");
  self->stack = GTK_STACK(gtk_stack_new());
  gtk_stack_set_hhomogeneous(self->stack, FALSE);
  gtk_widget_set_vexpand(GTK_WIDGET(self->stack), TRUE);
  for (int i = 0; i < N_PAGES; i++) {
    GtkWidget *page = sight_ui_moment_page_new(_(kinds[i].title), kinds[i].icon, _(kinds[i].empty));
    self->pages[i] = SIGHT_UI_MOMENT_PAGE(page);
    gtk_stack_page_set_icon_name(gtk_stack_add_titled(self->stack, page, kinds[i].name, _(kinds[i].title)),
                                 kinds[i].icon);
    g_signal_connect_object(page, "chosen", G_CALLBACK(chosen), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(page, "edit", G_CALLBACK(edit_tag), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(page, "remove", G_CALLBACK(remove_tag), self, G_CONNECT_SWAPPED);
    if (i == TAGS)
      g_signal_connect_object(page, "map", G_CALLBACK(note_read), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
    g_signal_connect_object(page, "answer", G_CALLBACK(answer_tag), self, G_CONNECT_SWAPPED);
  }
  sight_ui_stack_tell_shown(GTK_WIDGET(self->stack));
  add_tools(self);
  g_signal_connect_object(self->stack, "notify::visible-child", G_CALLBACK(page_changed), self, G_CONNECT_SWAPPED);
  GSettings *settings = sight_ui_settings_get();
  if (settings != NULL)
    g_settings_bind(settings, "inspector-page", self->stack, "visible-child-name", G_SETTINGS_BIND_DEFAULT);
  gtk_box_append(GTK_BOX(box), make_switcher(self));
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->heading));
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->stack));
  gtk_box_append(GTK_BOX(box), make_filter(self));
  page_changed(self);
  return box;
}

static void sight_ui_inspector_init(SightUiInspector *self) {
  self->said = g_array_new(FALSE, FALSE, sizeof(SightUiSaid));
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  self->element = SIGHT_UI_ELEMENT_PAGE(sight_ui_element_page_new());
  gtk_widget_set_vexpand(GTK_WIDGET(self->element), TRUE);
  gtk_widget_set_visible(GTK_WIDGET(self->element), FALSE);
  gtk_box_append(GTK_BOX(self->box), GTK_WIDGET(self->element));
  g_signal_connect_object(self->element, "chosen", G_CALLBACK(chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->element, "closed", G_CALLBACK(close_element), self, G_CONNECT_SWAPPED);
  self->what_happened = make_what_happened(self);
  gtk_box_append(GTK_BOX(self->box), self->what_happened);
}

GtkWidget *sight_ui_inspector_new(SightUiPlayback *playback) {
  SightUiInspector *self = g_object_new(SIGHT_UI_TYPE_INSPECTOR, NULL);
  self->playback = g_object_ref(playback);
  g_signal_connect_object(playback, "notify::analysis", G_CALLBACK(analysis_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::session-row", G_CALLBACK(close_element), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::position-ms", G_CALLBACK(follow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(sight_ui_playback_get_notes(playback), "changed", G_CALLBACK(load_tags), self,
                          G_CONNECT_SWAPPED);
  analysis_changed(self);
  load_tags(self);
  return GTK_WIDGET(self);
}
