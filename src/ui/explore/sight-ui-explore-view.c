/* SPDX-License-Identifier: MIT */
/* A sortable table of rows that a question gives. */
#include "sight-ui-explore-view.h"

#include "sight-query.h"
#include "sight-ui-bars.h"
#include "sight-ui-drop-down.h"
#include "sight-ui-explore-columns.h"
#include "sight-ui-flow-bar.h"
#include "sight-ui-focus.h"
#include "sight-ui-progress-line.h"
#include "sight-ui-stack.h"
#include "sight-ui-state-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#define REFRESH_DELAY_MS 800

struct _SightUiExploreView {
  GtkWidget parent_instance;
  GtkStack *stack;
  AdwStatusPage *state;
  GtkEditable *flow;        /* NULL: it asks for no steps */
  SightUiFlowBar *steps;    /* NULL: it asks for no flow; as the next two */
  GtkDropDown *by;          /* by which key these are told apart */
  GtkWidget *above, *below; /* what stands around the table; NULL: nothing */
  GPtrArray *keys;          /* of char, as in `by`; the first one is NULL: by none */
  gboolean filling;
  GtkColumnView *view;
  GListStore *rows; /* of SightUiExploreRow */
  GtkLabel *chosen; /* what would be done something about; NULL: nothing can be */
  SightStore *store;
  SightUiFilter *filter;
  const SightUiExploreTable *table;
  GCancellable *cancel; /* of the question under way, or NULL */
  GtkWidget *again;
  SightUiProgressLine *line; /* of what takes long */
  guint refresh_source;
  gboolean stale;
  gboolean follows; /* what is costly is asked anew, until nothing of what was changed by hand waits for analysis */
};

G_DEFINE_FINAL_TYPE(SightUiExploreView, sight_ui_explore_view, GTK_TYPE_WIDGET)

enum { NARROW, WATCH, ACT, N_SIGNALS };
static guint signals[N_SIGNALS];

void sight_ui_explore_view_follow(SightUiExploreView *self, SightUiExploreRow *row, guint column) {
  const char *filter = sight_ui_explore_row_get(row, column)->filter;
  gint64 session_row = 0, at_ms = 0;

  if (filter == NULL || filter[0] == '\0')
    return;
  if (column == 0 && sight_ui_explore_row_get_moment(row, &session_row, &at_ms))
    g_signal_emit(self, signals[WATCH], 0, filter, session_row, at_ms);
  else
    g_signal_emit(self, signals[NARROW], 0, filter);
}

static void activated(SightUiExploreView *self, guint position) {
  GListModel *model = G_LIST_MODEL(gtk_column_view_get_model(self->view));
  g_autoptr(SightUiExploreRow) row = g_list_model_get_item(model, position);

  if (row != NULL)
    sight_ui_explore_view_follow(self, row, 0);
}

/* By which key a flow can be told apart */

static const struct {
  const char *title, *key;
} keys[] = {{N_("All together"), NULL},
            {N_("By release"), "release"},
            {N_("By device"), "device"},
            {N_("By browser"), "browser"},
            {N_("By language"), "language"}};

static const char *chosen_key(SightUiExploreView *self) {
  guint place = self->by != NULL ? gtk_drop_down_get_selected(self->by) : 0;

  return place < self->keys->len ? self->keys->pdata[place] : NULL;
}

static gboolean knows(SightUiExploreView *self, const GPtrArray *variants) {
  gboolean same = self->keys->len == G_N_ELEMENTS(keys) + variants->len;

  for (guint i = 0; same && i < variants->len; i++)
    same = g_str_equal(strchr(self->keys->pdata[G_N_ELEMENTS(keys) + i], '.') + 1, variants->pdata[i]);
  return same;
}

/* What is chosen stays where it is still among them. */
static void fill_keys(SightUiExploreView *self, const GPtrArray *variants) {
  g_autofree char *chosen = g_strdup(chosen_key(self));
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  guint selected = 0;

  g_ptr_array_set_size(self->keys, 0);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    gtk_string_list_append(titles, _(keys[i].title));
    g_ptr_array_add(self->keys, g_strdup(keys[i].key));
  }
  for (guint i = 0; i < variants->len; i++) {
    g_autofree char *title = g_strdup_printf(_("By variant of %s"), (const char *)variants->pdata[i]);
    gtk_string_list_append(titles, title);
    g_ptr_array_add(self->keys, g_strconcat("variant.", variants->pdata[i], NULL));
  }
  for (guint i = 0; i < self->keys->len; i++) {
    if (g_strcmp0(self->keys->pdata[i], chosen) == 0)
      selected = i;
  }
  self->filling = TRUE;
  gtk_drop_down_set_model(self->by, G_LIST_MODEL(titles));
  gtk_drop_down_set_selected(self->by, selected);
  self->filling = FALSE;
}

/* Asking */

typedef struct {
  SightUiExploreView *self; /* a reference */
  SightUiExploreAsk ask;
  char *filter, *flow, *by;
  GPtrArray *rows;  /* of SightUiExploreRow */
  gint64 n_waiting; /* sessions that were not looked through yet */
} Question;

static void question_free(Question *question) {
  g_object_unref(question->self);
  g_object_unref(question->ask.cancellable);
  g_free(question->filter);
  g_free(question->flow);
  g_free(question->by);
  g_ptr_array_unref(question->ask.variants);
  g_ptr_array_unref(question->ask.pages);
  g_string_free(question->ask.steps, TRUE);
  g_atomic_rc_box_release(question->ask.progress);
  g_ptr_array_unref(question->rows);
  g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static gboolean run(SightDb *db, gpointer user_data, GError **error) {
  Question *question = user_data;
  g_autoptr(SightFilter) all = sight_filter_parse("all", NULL, error);
  g_autoptr(SightQuery) query = all != NULL ? sight_query_new(db, all, 0, error) : NULL;

  question->n_waiting = query != NULL ? sight_query_waiting(query, error) : -1;
  return question->n_waiting >= 0 && question->self->table->run(db, &question->ask, question->rows, error);
}

static void stop(SightUiExploreView *self) {
  g_cancellable_cancel(self->cancel);
}

static void set_state(SightUiExploreView *self, const char *icon, const char *title, const char *text) {
  g_autofree char *plain = text != NULL ? g_markup_escape_text(text, -1) : NULL;

  adw_status_page_set_icon_name(self->state, icon);
  adw_status_page_set_title(self->state, title);
  adw_status_page_set_description(self->state, plain);
  gtk_widget_set_visible(self->again, FALSE);
  sight_ui_state_page_say(GTK_WIDGET(self->state), title, text);
  gtk_stack_set_visible_child_name(self->stack, "state");
}

static void ask(SightUiExploreView *self);
static void store_changed(SightUiExploreView *self);

static void show_stopped(SightUiExploreView *self, SightUiExploreProgress *progress) {
  guint n_total = (guint)g_atomic_int_get(&progress->n_total);
  guint n_done = (guint)g_atomic_int_get(&progress->n_done);
  g_autofree char *text = g_strdup_printf(
      ngettext("%u of %u session was looked through.", "%u of %u sessions were looked through.", n_total), n_done,
      n_total);

  /* How many there are may not be known yet. */
  set_state(self, "process-stop-symbolic", _("Stopped"), n_total > 0 ? text : NULL);
  gtk_widget_set_visible(self->again, TRUE);
  gtk_widget_grab_focus(self->again);
}

/* Those that nobody wrote are written down, to be gone on with. */
static void show_steps(SightUiExploreView *self, const Question *question) {
  sight_ui_flow_bar_set_pages(self->steps, question->ask.pages);
  if (gtk_editable_get_text(self->flow)[0] == '\0')
    gtk_editable_set_text(self->flow, question->ask.steps->str);
}

/* Rows that are as they were stay, and with them the selection, the keys and how far the table is scrolled. */
static void put_rows(SightUiExploreView *self, GPtrArray *rows) {
  guint n_old = g_list_model_get_n_items(G_LIST_MODEL(self->rows)), n_same = 0;
  gboolean had_keys = sight_ui_has_keys(GTK_WIDGET(self->view));

  for (gboolean same = TRUE; same && n_same < MIN(n_old, rows->len);) {
    g_autoptr(SightUiExploreRow) old = g_list_model_get_item(G_LIST_MODEL(self->rows), n_same);
    same = sight_ui_explore_row_equal(old, rows->pdata[n_same]);
    n_same += same;
  }
  if (n_same < MAX(n_old, rows->len))
    g_list_store_splice(self->rows, n_same, n_old - n_same, rows->pdata + n_same, rows->len - n_same);
  if (had_keys && rows->len > 0 && !sight_ui_has_keys(GTK_WIDGET(self->view)))
    gtk_widget_grab_focus(GTK_WIDGET(self->view));
}

static void answered(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Question) question = user_data;
  SightUiExploreView *self = question->self;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, &error);

  if (question->ask.cancellable != self->cancel)
    return;
  gboolean waits = sight_ui_has_keys(GTK_WIDGET(self->state));
  g_clear_object(&self->cancel);
  self->follows = self->follows && question->n_waiting > 0;
  /* What came in meanwhile. */
  if (self->stale)
    store_changed(self);
  gboolean stopped = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (stopped)
    show_stopped(self, question->ask.progress);
  sight_ui_progress_line_end(self->line);
  if (stopped)
    return;
  if (!ok) {
    set_state(self, "dialog-error-symbolic", _("The Table Cannot Be Made"), error->message);
    return;
  }
  if (self->by != NULL && !knows(self, question->ask.variants))
    fill_keys(self, question->ask.variants);
  if (self->steps != NULL)
    show_steps(self, question);
  /* The key that was asked by may be gone. */
  if (g_strcmp0(chosen_key(self), question->by) != 0) {
    ask(self);
    return;
  }
  put_rows(self, question->rows);
  if (question->rows->len == 0)
    set_state(self, self->table->icon, _("Nothing to Show"), _(self->table->nothing));
  else
    gtk_stack_set_visible_child_name(self->stack, "table");
  if (waits)
    gtk_widget_grab_focus(GTK_WIDGET(self));
}

static void ask(SightUiExploreView *self) {
  Question *question = g_new0(Question, 1);

  g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  self->cancel = g_cancellable_new();
  self->stale = FALSE;
  question->self = g_object_ref(self);
  question->filter = g_strdup(sight_ui_filter_get_text(self->filter));
  question->flow = g_strdup(self->flow != NULL ? gtk_editable_get_text(self->flow) : "");
  question->by = g_strdup(chosen_key(self));
  question->rows = g_ptr_array_new_with_free_func(g_object_unref);
  question->ask = (SightUiExploreAsk){.filter = question->filter,
                                      .flow = question->flow,
                                      .by = question->by,
                                      .strict = self->steps != NULL && sight_ui_flow_bar_is_strict(self->steps),
                                      .variants = g_ptr_array_new_with_free_func(g_free),
                                      .pages = g_ptr_array_new_with_free_func(g_free),
                                      .steps = g_string_new(NULL),
                                      .endpoint = sight_ui_filter_get_endpoint(self->filter),
                                      .progress = g_atomic_rc_box_new0(SightUiExploreProgress),
                                      .cancellable = g_object_ref(self->cancel)};
  if (self->table->is_costly)
    sight_ui_progress_line_follow(self->line, question->ask.progress);
  /* Rows of before stay on display, what came in their place does not. */
  if (g_list_model_get_n_items(G_LIST_MODEL(self->rows)) == 0 ||
      g_str_equal(gtk_stack_get_visible_child_name(self->stack), "state"))
    set_state(self, NULL, _("Counting…"), NULL);
  sight_store_read_async(self->store, run, question, NULL, self->cancel, answered, question);
}

static void filter_changed(SightUiExploreView *self) {
  self->stale = TRUE;
  if (gtk_widget_get_mapped(GTK_WIDGET(self)))
    ask(self);
}

void sight_ui_explore_view_refresh(SightUiExploreView *self) {
  self->follows = TRUE;
  filter_changed(self);
}

static gboolean refresh(gpointer user_data) {
  SightUiExploreView *self = user_data;

  self->refresh_source = 0;
  if (gtk_widget_get_mapped(GTK_WIDGET(self)))
    ask(self);
  return G_SOURCE_REMOVE;
}

/* Analysis writes many times a second: what is under way is let come to its end. What takes long is asked again when it
 * comes on display the next time. */
static void store_changed(SightUiExploreView *self) {
  self->stale = TRUE;
  if ((!self->table->is_costly || self->follows) && gtk_widget_get_mapped(GTK_WIDGET(self)) &&
      self->refresh_source == 0 && self->cancel == NULL)
    self->refresh_source = g_timeout_add(REFRESH_DELAY_MS, refresh, self);
}

static void map(GtkWidget *widget) {
  SightUiExploreView *self = SIGHT_UI_EXPLORE_VIEW(widget);

  GTK_WIDGET_CLASS(sight_ui_explore_view_parent_class)->map(widget);
  if (self->stale)
    ask(self);
}

/* Nobody waits for what is not on display. */
static void unmap(GtkWidget *widget) {
  SightUiExploreView *self = SIGHT_UI_EXPLORE_VIEW(widget);

  GTK_WIDGET_CLASS(sight_ui_explore_view_parent_class)->unmap(widget);
  g_clear_handle_id(&self->refresh_source, g_source_remove);
  if (self->cancel == NULL)
    return;
  g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  sight_ui_progress_line_end(self->line);
  self->stale = TRUE;
}

/* What has the keys while the answer is on its way hands them on to it. */
static gboolean grab_focus(GtkWidget *widget) {
  SightUiExploreView *self = SIGHT_UI_EXPLORE_VIEW(widget);
  gboolean table = g_str_equal(gtk_stack_get_visible_child_name(self->stack), "table");

  return gtk_widget_grab_focus(table ? GTK_WIDGET(self->view) : GTK_WIDGET(self->state));
}

/* The row of the table that a widget is in, or NULL. */
static GtkWidget *row_of(SightUiExploreView *self, GtkWidget *inner) {
  for (; inner != NULL && inner != GTK_WIDGET(self->view); inner = gtk_widget_get_parent(inner)) {
    if (g_str_equal(gtk_widget_get_css_name(inner), "row"))
      return gtk_widget_is_ancestor(inner, GTK_WIDGET(self->view)) ? inner : NULL;
  }
  return NULL;
}

/* To the next cell of the row that takes the keys. */
static gboolean focus_in_row(GtkWidget *row, GtkDirectionType direction) {
  gboolean forward = direction == GTK_DIR_TAB_FORWARD;
  GtkWidget *cell = gtk_widget_get_focus_child(row);

  if (cell == NULL)
    cell = forward ? gtk_widget_get_first_child(row) : NULL;
  else
    cell = forward ? gtk_widget_get_next_sibling(cell) : gtk_widget_get_prev_sibling(cell);
  for (; cell != NULL; cell = forward ? gtk_widget_get_next_sibling(cell) : gtk_widget_get_prev_sibling(cell)) {
    if (gtk_widget_child_focus(cell, direction))
      return TRUE;
  }
  return FALSE;
}

/* Of rows there may be thousands: Tab goes through the cells of one of them, and leaves the table. */
static gboolean focus(GtkWidget *widget, GtkDirectionType direction) {
  SightUiExploreView *self = SIGHT_UI_EXPLORE_VIEW(widget);
  gboolean by_tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;
  GtkWidget *row = by_tab ? row_of(self, gtk_root_get_focus(gtk_widget_get_root(widget))) : NULL;

  if (row == NULL)
    return GTK_WIDGET_CLASS(sight_ui_explore_view_parent_class)->focus(widget, direction);
  if (focus_in_row(row, direction))
    return TRUE;
  GtkWidget *next = direction == GTK_DIR_TAB_FORWARD ? self->below : self->above;
  return next != NULL && gtk_widget_child_focus(next, direction);
}

static void dispose(GObject *object) {
  SightUiExploreView *self = SIGHT_UI_EXPLORE_VIEW(object);
  GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(self));

  g_clear_handle_id(&self->refresh_source, g_source_remove);
  g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  g_clear_pointer(&child, gtk_widget_unparent);
  g_clear_object(&self->rows);
  g_clear_pointer(&self->keys, g_ptr_array_unref);
  g_clear_object(&self->filter);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_explore_view_parent_class)->dispose(object);
}

static void sight_ui_explore_view_class_init(SightUiExploreViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  GType type = SIGHT_UI_TYPE_EXPLORE_VIEW;

  G_OBJECT_CLASS(class)->dispose = dispose;
  widget_class->map = map;
  widget_class->unmap = unmap;
  widget_class->grab_focus = grab_focus;
  widget_class->focus = focus;
  signals[NARROW] = g_signal_new("narrow", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[WATCH] = g_signal_new("watch", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING,
                                G_TYPE_INT64, G_TYPE_INT64);
  signals[ACT] =
      g_signal_new("act", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, SIGHT_UI_TYPE_EXPLORE_ROW);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "explore-view");
}

static void sight_ui_explore_view_init(SightUiExploreView *self) {
  self->rows = g_list_store_new(SIGHT_UI_TYPE_EXPLORE_ROW);
  self->keys = g_ptr_array_new_with_free_func(g_free);
  self->stale = TRUE;
}

static void key_chosen(SightUiExploreView *self) {
  if (!self->filling)
    ask(self);
}

/* By what the steps of a flow are told apart. */
static GtkWidget *make_keys(SightUiExploreView *self) {
  g_autoptr(GPtrArray) none = g_ptr_array_new();

  self->by = GTK_DROP_DOWN(gtk_drop_down_new(NULL, NULL));
  sight_ui_drop_down_name(GTK_WIDGET(self->by), _("Told apart"));
  fill_keys(self, none);
  g_signal_connect_object(self->by, "notify::selected", G_CALLBACK(key_chosen), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self->by);
}

/* The steps of a flow, as they are written in the language of filters, or a selector. */
static GtkWidget *make_line(SightUiExploreView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *entry = gtk_entry_new();

  gtk_entry_set_placeholder_text(GTK_ENTRY(entry), _(self->table->example));
  gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _(self->table->asked), -1);
  g_signal_connect_object(entry, "activate", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
  self->flow = GTK_EDITABLE(entry);
  gtk_widget_set_hexpand(entry, TRUE);
  gtk_box_append(GTK_BOX(box), entry);
  if (self->table->has_keys)
    gtk_box_append(GTK_BOX(box), make_keys(self));
  return box;
}

static SightUiExploreRow *selected_row(SightUiExploreView *self) {
  return gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(gtk_column_view_get_model(self->view)));
}

static void act_pressed(SightUiExploreView *self) {
  SightUiExploreRow *row = selected_row(self);

  if (row != NULL)
    g_signal_emit(self, signals[ACT], 0, row);
}

static void row_selected(SightUiExploreView *self) {
  SightUiExploreRow *row = selected_row(self);

  gtk_label_set_text(self->chosen, row != NULL ? sight_ui_explore_row_get(row, 0)->text : "");
}

/* Below the table, about the row that is selected. */
static GtkWidget *make_act(SightUiExploreView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *label = gtk_label_new(NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic(_(self->table->act));

  self->chosen = GTK_LABEL(label);
  gtk_label_set_xalign(self->chosen, 0);
  gtk_label_set_ellipsize(self->chosen, PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_set_margin_bottom(box, 12);
  g_signal_connect_object(button, "clicked", G_CALLBACK(act_pressed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(gtk_column_view_get_model(self->view), "notify::selected-item", G_CALLBACK(row_selected),
                          self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(box), label);
  gtk_box_append(GTK_BOX(box), button);
  return box;
}

/* The same as buttons. */
static GtkWidget *make_flow(SightUiExploreView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_append(GTK_BOX(box), make_line(self));
  if (!self->table->has_keys)
    return box;
  self->steps = SIGHT_UI_FLOW_BAR(sight_ui_flow_bar_new(self->flow));
  g_signal_connect_object(self->steps, "asked", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
  gtk_widget_set_hexpand(GTK_WIDGET(self->steps), TRUE);
  GtkWidget *verify = gtk_button_new_with_mnemonic(_("_Before and After…"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(verify), "win.verify");
  gtk_widget_set_tooltip_text(verify, _("Before and after a release or a day, or by variant (B)"));
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append(GTK_BOX(line), GTK_WIDGET(self->steps));
  gtk_box_append(GTK_BOX(line), verify);
  gtk_box_append(GTK_BOX(box), line);
  return box;
}

static GtkWidget *make_table(SightUiExploreView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12), *bars = sight_ui_bars_new();
  GtkWidget *scroller = gtk_scrolled_window_new();
  GtkSortListModel *sorted = NULL;

  self->view = GTK_COLUMN_VIEW(gtk_column_view_new(NULL));
  sight_ui_explore_columns_add(self->view, self->table, self);
  sorted = gtk_sort_list_model_new(g_object_ref(G_LIST_MODEL(self->rows)),
                                   g_object_ref(gtk_column_view_get_sorter(self->view)));
  sight_ui_bars_set_model(SIGHT_UI_BARS(bars), G_LIST_MODEL(sorted), self->table->bar);
  g_autoptr(GtkSelectionModel) selection = GTK_SELECTION_MODEL(gtk_single_selection_new(G_LIST_MODEL(sorted)));
  gtk_column_view_set_model(self->view, selection);
  gtk_column_view_set_show_row_separators(self->view, TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _(self->table->title), -1);
  g_signal_connect_object(self->view, "activate", G_CALLBACK(activated), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->view));
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_box_append(GTK_BOX(box), bars);
  gtk_widget_set_visible(bars, self->table->bar > 0);
  gtk_box_append(GTK_BOX(box), scroller);
  if (self->table->act != NULL)
    gtk_box_append(GTK_BOX(box), self->below = make_act(self));
  return box;
}

static GtkWidget *make_progress(SightUiExploreView *self) {
  GtkWidget *line = sight_ui_progress_line_new();

  self->line = SIGHT_UI_PROGRESS_LINE(line);
  g_signal_connect_object(line, "stop", G_CALLBACK(stop), self, G_CONNECT_SWAPPED);
  return line;
}

static GtkWidget *make_again(SightUiExploreView *self) {
  self->again = gtk_button_new_with_mnemonic(_("_Look Again"));
  gtk_widget_add_css_class(self->again, "pill");
  gtk_widget_set_halign(self->again, GTK_ALIGN_CENTER);
  gtk_widget_set_visible(self->again, FALSE);
  g_signal_connect_object(self->again, "clicked", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
  return self->again;
}

GtkWidget *sight_ui_explore_view_new(SightStore *store, SightUiFilter *filter, const SightUiExploreTable *table) {
  SightUiExploreView *self = g_object_new(SIGHT_UI_TYPE_EXPLORE_VIEW, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);

  self->store = g_object_ref(store);
  self->filter = g_object_ref(filter);
  self->table = table;
  self->stack = GTK_STACK(gtk_stack_new());
  self->state = ADW_STATUS_PAGE(sight_ui_state_page_new());
  adw_status_page_set_child(self->state, make_again(self));
  if (table->asked != NULL)
    gtk_box_append(GTK_BOX(box), self->above = make_flow(self));
  gtk_box_append(GTK_BOX(box), make_progress(self));
  gtk_stack_add_named(self->stack, make_table(self), "table");
  gtk_stack_add_named(self->stack, GTK_WIDGET(self->state), "state");
  sight_ui_stack_tell_shown(GTK_WIDGET(self->stack));
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->stack));
  gtk_widget_set_parent(box, GTK_WIDGET(self));
  g_signal_connect_object(store, "changed", G_CALLBACK(store_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(filter, "changed", G_CALLBACK(filter_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}

const char *sight_ui_explore_view_get_flow(SightUiExploreView *self) {
  const char *steps = self->steps != NULL ? gtk_editable_get_text(self->flow) : "";

  return steps[0] != '\0' ? steps : NULL;
}
