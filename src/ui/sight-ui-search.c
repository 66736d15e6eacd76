/* SPDX-License-Identifier: MIT */
/* Searches from GNOME Shell, answered by the completion of filters. */
#include "sight-ui-search.h"

#include "sight-completion.h"
#include "sight-field.h"

#include <glib/gi18n.h>
#include <string.h>

#define MOST_OF_ONE 2 /* results of one key: the shell shows a handful in all */
#define MAX_WORDS 200 /* characters */

/* The methods of the interface that shells call; what they return is told in its documentation. */
static const char introspection[] =
    "<node><interface name='org.gnome.Shell.SearchProvider2'>"
    "<method name='GetInitialResultSet'><arg type='as' direction='in'/><arg type='as' direction='out'/></method>"
    "<method name='GetSubsearchResultSet'><arg type='as' direction='in'/><arg type='as' direction='in'/>"
    "<arg type='as' direction='out'/></method>"
    "<method name='GetResultMetas'><arg type='as' direction='in'/><arg type='aa{sv}' direction='out'/></method>"
    "<method name='ActivateResult'><arg type='s' direction='in'/><arg type='as' direction='in'/>"
    "<arg type='u' direction='in'/></method>"
    "<method name='LaunchSearch'><arg type='as' direction='in'/><arg type='u' direction='in'/></method>"
    "</interface></node>";

/* What is looked for, in this order. */
static const char *const keys[] = {"problem", "page", "seen", "click", "user", "tag"};

struct _SightUiSearch {
  GObject parent_instance;
  GDBusConnection *bus;
  guint registration;
  SightStore *store;
  gboolean answered; /* whether there is a store is known */
  GQueue waiting;    /* of GDBusMethodInvocation, searches that came before */
  GHashTable *found; /* of Result, by its filter: what was told of last */
};

G_DEFINE_FINAL_TYPE(SightUiSearch, sight_ui_search, G_TYPE_OBJECT)

static guint wanted_signal, chosen_signal;

typedef struct {
  char *filter, *title;
  const SightField *key;
  gint64 n_sessions;
} Result;

static void result_free(gpointer data) {
  Result *result = data;
  g_free(result->filter);
  g_free(result->title);
  g_free(result);
}

typedef struct {
  SightUiSearch *self; /* a reference */
  GDBusMethodInvocation *invocation;
  char *words;
  GPtrArray *results; /* of Result */
} Question;

static void question_free(Question *question) {
  g_object_unref(question->self);
  g_free(question->words);
  g_ptr_array_unref(question->results);
  g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

/* key:"words; without the closing quote they may go on. */
static GString *begin_value(const char *key, const char *words) {
  GString *text = g_string_new(key);

  g_string_append(text, ":\"");
  for (const char *at = words; *at != '\0'; at++) {
    if (*at == '"' || *at == '\\')
      g_string_append_c(text, '\\');
    g_string_append_c(text, *at);
  }
  return text;
}

/* Values of the key that begin so. */
static gboolean look(SightDb *db, Question *question, const char *name, GError **error) {
  const SightField *key = sight_field_find(name, strlen(name), FALSE);
  g_autoptr(GString) text = begin_value(name, question->words);
  g_autoptr(SightCompletions) found =
      sight_complete(db, text->str, (guint)text->len, MOST_OF_ONE, g_get_real_time() / 1000, error);
  for (guint i = 0; found != NULL && i < found->rows->len; i++) {
    const SightCompletion *row = found->rows->pdata[i];
    if (row->kind != SIGHT_COMPLETION_VALUE)
      continue;
    Result *result = g_new(Result, 1);
    *result = (Result){g_strdup(row->insert), g_strdup(row->title), key, row->count};
    g_ptr_array_add(question->results, result);
  }
  return found != NULL;
}

static gboolean read_results(SightDb *db, gpointer user_data, GError **error) {
  Question *question = user_data;

  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (!look(db, question, keys[i], error))
      return FALSE;
  }
  return TRUE;
}

static void answer(SightUiSearch *self, GDBusMethodInvocation *invocation, GPtrArray *results) {
  g_auto(GVariantBuilder) ids = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("as"));

  g_hash_table_remove_all(self->found);
  for (guint i = 0; results != NULL && i < results->len; i++) {
    Result *result = results->pdata[i];
    g_variant_builder_add(&ids, "s", result->filter);
    g_hash_table_replace(self->found, result->filter, result);
  }
  if (results != NULL)
    g_ptr_array_set_free_func(results, NULL);
  g_dbus_method_invocation_return_value(invocation, g_variant_new("(as)", &ids));
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Question) question = user_data;
  g_autoptr(GError) error = NULL;

  if (!sight_store_read_finish(SIGHT_STORE(source), result, &error))
    g_message("%s", error->message);
  answer(question->self, question->invocation, question->results);
  g_application_release(g_application_get_default());
}

/* The words of a search, as they were typed; takes the list of them. */
static char *words_of(GVariant *terms) {
  g_autofree const char **words = g_variant_get_strv(terms, NULL);
  g_autofree char *text = g_strjoinv(" ", (char **)words);

  g_variant_unref(terms);
  return g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), MAX_WORDS));
}

static void search(SightUiSearch *self, GDBusMethodInvocation *invocation) {
  GVariant *parameters = g_dbus_method_invocation_get_parameters(invocation);
  g_autofree char *words =
      words_of(g_variant_get_child_value(parameters, g_variant_n_children(parameters) - 1)); /* the last argument */

  if (self->store == NULL || *g_strstrip(words) == '\0') {
    answer(self, invocation, NULL);
    return;
  }
  Question *question = g_new0(Question, 1);
  question->self = g_object_ref(self);
  question->invocation = invocation;
  question->words = g_steal_pointer(&words);
  question->results = g_ptr_array_new_with_free_func(result_free);
  g_application_hold(g_application_get_default());
  sight_store_read_async(self->store, read_results, question, NULL, NULL, read_cb, question);
}

/* A result that no search before told of is left out. */
static void tell_metas(SightUiSearch *self, GVariant *parameters, GDBusMethodInvocation *invocation) {
  g_auto(GVariantBuilder) metas = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("aa{sv}"));
  g_autoptr(GVariant) ids = g_variant_get_child_value(parameters, 0);
  g_autofree const char **filters = g_variant_get_strv(ids, NULL);

  for (gsize i = 0; filters[i] != NULL; i++) {
    const Result *result = g_hash_table_lookup(self->found, filters[i]);
    if (result == NULL)
      continue;
    g_autofree char *says = NULL;
    if (result->n_sessions < 0)
      says = g_strdup(sight_field_title(result->key));
    else
      /* Translators: what a result of the search is ("Page"), and in how many sessions it was */
      says = g_strdup_printf(ngettext("%s · %d session", "%s · %d sessions", (gulong)result->n_sessions),
                             sight_field_title(result->key), (int)result->n_sessions);
    g_variant_builder_open(&metas, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_add(&metas, "{sv}", "id", g_variant_new_string(result->filter));
    g_variant_builder_add(&metas, "{sv}", "name", g_variant_new_string(result->title));
    g_variant_builder_add(&metas, "{sv}", "description", g_variant_new_string(says));
    g_variant_builder_close(&metas);
  }
  g_dbus_method_invocation_return_value(invocation, g_variant_new("(aa{sv})", &metas));
}

/* What was typed is most often something that somebody saw. */
static char *filter_for(const char *words) {
  if (*words == '\0')
    return g_strdup("");
  GString *text = begin_value("seen", words);
  g_string_append_c(text, '"');
  return g_string_free(text, FALSE);
}

static void call(GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
                 GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data) {
  SightUiSearch *self = user_data;

  if (g_str_equal(method, "GetResultMetas")) {
    tell_metas(self, parameters, invocation);
    return;
  }
  if (g_str_has_suffix(method, "ResultSet")) {
    if (self->answered) {
      search(self, invocation);
      return;
    }
    g_queue_push_tail(&self->waiting, invocation);
    g_signal_emit(self, wanted_signal, 0);
    return;
  }
  g_autofree char *filter = NULL;
  if (g_str_equal(method, "ActivateResult")) {
    g_variant_get_child(parameters, 0, "s", &filter);
  } else {
    g_autofree char *words = words_of(g_variant_get_child_value(parameters, 0));
    filter = filter_for(words);
  }
  g_dbus_method_invocation_return_value(invocation, NULL);
  g_signal_emit(self, chosen_signal, 0, filter);
}

SightUiSearch *sight_ui_search_new(GDBusConnection *bus, const char *application_path, GError **error) {
  static const GDBusInterfaceVTable calls = {.method_call = call};
  g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml(introspection, NULL);
  g_autofree char *path = g_strconcat(application_path, "/SearchProvider", NULL);
  g_autoptr(SightUiSearch) self = g_object_new(SIGHT_UI_TYPE_SEARCH, NULL);

  self->bus = g_object_ref(bus);
  self->registration = g_dbus_connection_register_object(bus, path, node->interfaces[0], &calls, self, NULL, error);
  return self->registration != 0 ? g_steal_pointer(&self) : NULL;
}

void sight_ui_search_set_store(SightUiSearch *self, SightStore *store) {
  GDBusMethodInvocation *invocation = NULL;

  g_set_object(&self->store, store);
  self->answered = TRUE;
  while ((invocation = g_queue_pop_head(&self->waiting)) != NULL)
    search(self, invocation);
}

void sight_ui_search_stop(SightUiSearch *self) {
  if (self->registration != 0)
    g_dbus_connection_unregister_object(self->bus, self->registration);
  self->registration = 0;
  sight_ui_search_set_store(self, NULL);
}

static void finalize(GObject *object) {
  SightUiSearch *self = SIGHT_UI_SEARCH(object);
  sight_ui_search_stop(self);
  g_clear_object(&self->bus);
  g_hash_table_unref(self->found);
  G_OBJECT_CLASS(sight_ui_search_parent_class)->finalize(object);
}

static void sight_ui_search_class_init(SightUiSearchClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  wanted_signal = g_signal_new("wanted", SIGHT_UI_TYPE_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  chosen_signal = g_signal_new("chosen", SIGHT_UI_TYPE_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                               G_TYPE_STRING);
}

static void sight_ui_search_init(SightUiSearch *self) {
  self->found = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, result_free);
}
