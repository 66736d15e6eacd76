/* SPDX-License-Identifier: MIT */
/* Links to moments: copied here, and opened where a teammate sent one. A link is made by anybody, so it names what is
 * to be shown and nothing else: no endpoint is connected, and none is asked but the one that it names, if that is. */
#include "sight-ui-window-private.h"

#include "sight-filter-sentence.h"
#include "sight-link.h"
#include "sight-source.h"
#include "sight-text.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define SHOWN_CHARS 200

/* What a link leads to, on its way. */
typedef struct {
  SightUiWindow *window; /* a reference, as of the next two */
  SightStore *store;
  AdwToast *toast; /* while it is fetched; or NULL */
  SightLink *link;
  char *text;          /* the link as it came */
  GPtrArray *asks;     /* of SightEndpoint: have the address that the link names, and were not asked yet */
  gint64 row;          /* of the session; 0: not here */
  gboolean has_others; /* one that may have it cannot be asked for a single session */
  char *where;         /* name of the one that the link names; NULL: none that is connected */
  GCancellable *cancellable;
} Way;

static void way_free(Way *way) {
  g_object_unref(way->window);
  g_object_unref(way->store);
  g_clear_object(&way->toast);
  sight_link_free(way->link);
  g_free(way->text);
  g_clear_pointer(&way->asks, g_ptr_array_unref);
  g_free(way->where);
  g_clear_object(&way->cancellable);
  g_free(way);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Way, way_free)

static void fail(Way *way, const char *text, const char *details) {
  sight_ui_window_show_problem(way->window, _("This Moment Cannot Be Shown"), text,
                               details != NULL ? details : way->text);
}

/* Finding it */

/* That very session; endpoint 0: any. TRUE with way->row 0 where it is not here. */
static gboolean look(SightDb *db, Way *way, gint64 endpoint, GError **error) {
  g_autoptr(GError) missing = NULL;
  g_autoptr(SightSession) session = sight_session_table_find(db, endpoint, way->link->session, &missing);

  if (session == NULL && !g_error_matches(missing, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, g_steal_pointer(&missing));
    return FALSE;
  }
  /* Not one that merely begins alike. */
  way->row = session != NULL && g_str_equal(session->session, way->link->session) ? session->row : 0;
  return TRUE;
}

static gboolean find_session(SightDb *db, gpointer user_data, GError **error) {
  Way *way = user_data;
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);

  if (endpoints == NULL)
    return FALSE;
  way->row = 0;
  if (way->link->from == NULL)
    return look(db, way, 0, error);
  gboolean first = way->asks == NULL;
  if (first)
    way->asks = g_ptr_array_new_with_free_func((GDestroyNotify)sight_endpoint_free);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = endpoints->pdata[i];
    if (g_strcmp0(endpoint->url, way->link->from) != 0)
      continue;
    g_free(way->where);
    way->where = g_strdup(sight_source_name(endpoint));
    if (way->row == 0 && !look(db, way, endpoint->row, error))
      return FALSE;
    gboolean syncs = sight_source_can(endpoint, SIGHT_SOURCE_SYNCS);
    gboolean fetches = syncs && sight_source_can(endpoint, SIGHT_SOURCE_SHARES);
    if (first && fetches)
      g_ptr_array_add(way->asks, sight_endpoint_copy(endpoint));
    way->has_others = way->has_others || (syncs && !fetches);
  }
  /* One that was imported from a file is the same session; of another endpoint it may be any. */
  return way->row != 0 || look(db, way, SIGHT_ENDPOINT_FILES, error);
}

static void found_cb(GObject *source, GAsyncResult *result, gpointer user_data);

static void find(Way *way) {
  sight_store_read_async(way->store, find_session, way, NULL, NULL, found_cb, way);
}

/* Fetching it */

static void fetch_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  Way *way = task_data;
  const SightEndpoint *endpoint = way->asks->pdata[0];
  g_autoptr(GError) error = NULL;

  if (sight_sync_fetch(way->store, endpoint->row, way->link->session, cancellable, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, g_steal_pointer(&error));
}

static void fetched_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Way) way = user_data;
  SightUiWindow *self = way->window;
  g_autoptr(GError) error = NULL;
  gboolean done = g_task_propagate_boolean(G_TASK(result), &error);

  adw_toast_dismiss(way->toast);
  g_clear_object(&way->toast);
  if (self->store == NULL || g_cancellable_is_cancelled(way->cancellable))
    return;
  g_autofree char *name = g_strdup(sight_source_name(way->asks->pdata[0]));
  g_ptr_array_remove_index(way->asks, 0);
  /* Others may have it. */
  if (done || way->asks->len > 0) {
    find(g_steal_pointer(&way));
    return;
  }
  g_autofree char *text =
      g_strdup_printf(_("It is not on this computer, and “%s” could not be asked for it. What is here "
                        "was left as it is; open the link again later."),
                      name);
  fail(way, text, error->message);
}

static void fetch(Way *way) {
  SightUiWindow *self = way->window;
  g_autofree char *text = g_strdup_printf(_("Fetching the session from “%s”…"), sight_source_name(way->asks->pdata[0]));
  way->toast = g_object_ref(sight_ui_window_offer_lasting(self, text, _("Cancel")));
  adw_toast_set_action_name(way->toast, "win.cancel-link");
  g_autoptr(GTask) task = g_task_new(NULL, way->cancellable, fetched_cb, way);
  g_task_set_task_data(task, way, NULL);
  g_task_run_in_thread(task, fetch_thread);
}

/* Showing it */

static void show_it(Way *way) {
  SightUiWindow *self = way->window;

  self->wanted_row = way->row;
  self->wanted_ms = way->link->at_ms;
  gtk_widget_activate_action(GTK_WIDGET(self), "win.endpoint", "x", (gint64)0);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.filter-set", "s", "");
  sight_ui_window_show_page(self, "sessions");
  sight_ui_window_open_wanted(self);
}

static void tell_missing(Way *way) {
  g_autofree char *text = NULL;

  if (way->link->from == NULL) {
    text = g_strdup(_("The session is not on this computer, and the link does not say which endpoint has it. If it "
                      "came from a file, ask who sent the link for that file."));
  } else if (way->where == NULL) {
    /* Anybody may have written it. */
    g_autofree char *from = sight_text_excerpt(way->link->from, -1, SHOWN_CHARS);
    g_autofree char *isolated = sight_ui_text_isolate(from);
    text = g_strdup_printf(
        _("It is a session of %s, which is not connected here. Connect it, then open the link again."), isolated);
  } else if (way->has_others) {
    text = g_strdup(_("The session is not on this computer. Sync, then open the link again."));
  } else {
    text = g_strdup_printf(_("“%s” has no such session: it was erased, or never was there."), way->where);
  }
  fail(way, text, NULL);
}

static void found_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Way) way = user_data;
  g_autoptr(GError) error = NULL;
  gboolean done = sight_store_read_finish(SIGHT_STORE(source), result, &error);

  if (way->window->store == NULL || g_cancellable_is_cancelled(way->cancellable))
    return;
  if (!done)
    fail(way, _("The recordings could not be read."), error->message);
  else if (way->row != 0)
    show_it(way);
  else if (way->asks != NULL && way->asks->len > 0)
    fetch(g_steal_pointer(&way));
  else
    tell_missing(way);
}

/* Whatever it asks for is shown, and no more; what is no filter is refused by the one parser. */
static void show_filter(Way *way) {
  SightUiWindow *self = way->window;
  g_autoptr(GError) error = NULL;

  if (!sight_ui_filter_set(self->filter, way->link->filter, NULL, &error)) {
    sight_ui_window_show_problem(self, _("This Filter Cannot Be Shown"),
                                 _("The link is damaged, or of another version of this program."), error->message);
    return;
  }
  gtk_widget_activate_action(GTK_WIDGET(self), "win.endpoint", "x", (gint64)0);
  sight_ui_window_show_page(self, "sessions");
}

void sight_ui_window_open_link(SightUiWindow *self, const char *tainted_link) {
  g_autoptr(Way) way = g_new0(Way, 1);
  g_autoptr(GError) error = NULL;

  way->window = g_object_ref(self);
  way->store = g_object_ref(self->store);
  way->text = sight_text_excerpt(tainted_link, -1, 500);
  way->link = sight_link_read(tainted_link, &error);
  if (way->link == NULL) {
    fail(way, _("The link is damaged, or of another program."), error->message);
    return;
  }
  if (way->link->filter != NULL) {
    show_filter(way);
    return;
  }
  /* The last one counts. */
  if (self->fetching != NULL)
    g_cancellable_cancel(self->fetching);
  g_clear_object(&self->fetching);
  self->fetching = g_cancellable_new();
  way->cancellable = g_object_ref(self->fetching);
  find(g_steal_pointer(&way));
}

static void cancel_link(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;

  if (self->fetching != NULL)
    g_cancellable_cancel(self->fetching);
}

/* Copying it */

/* at_ms -1: the session as a whole. */
static char *describe(SightUiWindow *self, const SightSession *session, gint64 at_ms) {
  const SightAnalysis *analysis = at_ms >= 0 ? sight_ui_playback_get_analysis(self->playback) : NULL;
  const char *page = session->entry;
  g_autofree char *time = sight_ui_format_time(MAX(at_ms, 0));

  for (guint i = 0; analysis != NULL && i < analysis->pages->len; i++) {
    const SightPageView *view = analysis->pages->pdata[i];
    if (view->start_ms <= at_ms && view->page != NULL)
      page = view->page;
  }
  g_autofree char *who = session->device != NULL ? g_strdup_printf(" · %s", session->device) : g_strdup("");
  /* Translators: page and time of a moment: "/checkout at 0:32" */
  g_autofree char *where = at_ms >= 0 ? g_strdup_printf(_("%s at %s"), page != NULL ? page : "?", time)
                                      : g_strdup(page != NULL ? page : "?");
  return g_strconcat(where, who, NULL);
}

/* As text with the link below it, and for those who take it as a link that can be followed. */
static GdkContentProvider *make_content(const char *sentence, const char *link) {
  g_autofree char *text = g_strdup_printf("%s\n%s", sentence, link);
  g_autofree char *html = g_markup_printf_escaped("<a href=\"%s\">%s</a>", link, sentence);
  g_autoptr(GBytes) as_html = g_bytes_new(html, strlen(html));
  GdkContentProvider *parts[] = {gdk_content_provider_new_typed(G_TYPE_STRING, text),
                                 gdk_content_provider_new_for_bytes("text/html", as_html)};

  return gdk_content_provider_new_union(parts, G_N_ELEMENTS(parts));
}

typedef struct {
  SightUiWindow *window; /* a reference */
  gint64 row, at_ms;     /* -1: no moment of it */
  SightSession *session; /* of the row */
  char *from;
} Copy;

static void copy_free(Copy *copy) {
  g_object_unref(copy->window);
  g_clear_pointer(&copy->session, sight_session_free);
  g_free(copy->from);
  g_free(copy);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Copy, copy_free)

static gboolean read_address(SightDb *db, gpointer user_data, GError **error) {
  Copy *copy = user_data;
  g_clear_pointer(&copy->session, sight_session_free);
  copy->session = sight_session_table_get(db, copy->row, error);
  if (copy->session == NULL)
    return FALSE;
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_get(db, copy->session->endpoint, error);

  g_free(copy->from);
  copy->from = endpoint != NULL ? g_strdup(endpoint->url) : NULL;
  return endpoint != NULL;
}

static void address_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Copy) copy = user_data;
  SightUiWindow *self = copy->window;
  g_autoptr(GError) error = NULL;
  gboolean done = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  gboolean whole = copy->at_ms < 0;

  if (!done && self->store != NULL)
    sight_ui_window_show_problem(self, _("The Link Was Not Copied"), _("The recordings could not be read."),
                                 error->message);
  if (!done || self->store == NULL || (!whole && sight_ui_playback_get_session_row(self->playback) != copy->row))
    return;
  g_autofree char *link = sight_link_print(copy->session->session, copy->at_ms, copy->from);
  g_autofree char *sentence = describe(self, copy->session, copy->at_ms);
  g_autoptr(GdkContentProvider) content = make_content(sentence, link);
  gdk_clipboard_set_content(gtk_widget_get_clipboard(GTK_WIDGET(self)), content);
  g_autofree char *time = sight_ui_format_time(MAX(copy->at_ms, 0));
  g_autofree char *text = whole ? g_strdup(_("Link copied")) : g_strdup_printf(_("Link to %s copied"), time);
  sight_ui_window_toast(self, text);
}

static void copy_link_to(SightUiWindow *self, gint64 row, gint64 at_ms) {
  Copy *copy = g_new0(Copy, 1);

  copy->window = g_object_ref(self);
  copy->row = row;
  copy->at_ms = at_ms;
  sight_store_read_async(self->store, read_address, copy, NULL, NULL, address_cb, copy);
}

static void copy_link(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  gint64 row = sight_ui_playback_get_session_row(self->playback);

  if (row != 0)
    copy_link_to(self, row, sight_ui_playback_get_subject_ms(self->playback));
}

/* Where it opens, its reason says. */
static void copy_session_link(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  copy_link_to(user_data, g_variant_get_int64(parameter), -1);
}

static void copy_filter_link(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  const char *filter = sight_ui_filter_get_text(self->filter);
  g_autofree char *link = sight_link_print_filter(filter);

  if (link == NULL) {
    sight_ui_window_toast(self, _("The filter is too long for a link"));
    return;
  }
  g_autoptr(SightFilter) tree = sight_filter_parse(filter, NULL, NULL);
  g_autofree char *sentence = tree != NULL ? sight_filter_sentence(tree) : g_strdup(filter);
  g_autoptr(GdkContentProvider) content = make_content(sentence, link);
  gdk_clipboard_set_content(gtk_widget_get_clipboard(GTK_WIDGET(self)), content);
  sight_ui_window_toast(self, _("Link copied"));
}

static const GActionEntry entries[] = {
    {"copy-filter-link", copy_filter_link, NULL, NULL, NULL, {0}},
    {"copy-link", copy_link, NULL, NULL, NULL, {0}},
    {"copy-session-link", copy_session_link, "x", NULL, NULL, {0}},
    {"cancel-link", cancel_link, NULL, NULL, NULL, {0}},
};

void sight_ui_window_add_links(SightUiWindow *self) {
  g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
}
