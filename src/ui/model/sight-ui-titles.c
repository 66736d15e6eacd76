/* SPDX-License-Identifier: MIT */
/* Titles of problems, read once each. */
#include "sight-ui-titles.h"

#include "sight-filter-sentence.h"
#include "sight-library.h"
#include "sight-problems.h"

#include <glib/gi18n-lib.h>

struct _SightUiTitles {
  GObject parent_instance;
  SightStore *store;
  GHashTable *titles; /* id -> title; "" while it is not known */
};

G_DEFINE_FINAL_TYPE(SightUiTitles, sight_ui_titles, G_TYPE_OBJECT)

static guint changed_signal;

typedef struct {
  SightUiTitles *self; /* a reference */
  char *id, *title;
} Question;

static void question_free(Question *question) {
  g_object_unref(question->self);
  g_free(question->id);
  g_free(question->title);
  g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

/* One session that met it tells its name. */
static gboolean read_title(SightDb *db, gpointer user_data, GError **error) {
  Question *question = user_data;
  g_autofree char *filter = sight_query_term(SIGHT_TERM_PROBLEM, question->id);
  const SightLibraryQuery asked = {.filter = filter, .limit = 1};
  g_autoptr(GArray) rows = sight_library_list(db, &asked, error);
  g_autoptr(SightSet) one = sight_set_new();

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    sight_set_add(one, g_array_index(rows, gint64, i));
  g_autoptr(GPtrArray) problems = sight_problems_list(db, one, 0, NULL, error);
  for (guint i = 0; problems != NULL && i < problems->len; i++) {
    const SightProblem *problem = problems->pdata[i];
    if (g_str_equal(problem->id, question->id))
      question->title = g_strdup(problem->title);
  }
  return problems != NULL;
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Question) question = user_data;

  if (!sight_store_read_finish(SIGHT_STORE(source), result, NULL) || question->title == NULL)
    return;
  g_hash_table_replace(question->self->titles, g_strdup(question->id), g_steal_pointer(&question->title));
  g_signal_emit(question->self, changed_signal, 0);
}

/* NULL: it is asked for. */
static const char *title_of(SightUiTitles *self, const char *id) {
  const char *title = g_hash_table_lookup(self->titles, id);

  if (title != NULL)
    return *title != '\0' ? title : NULL;
  g_hash_table_insert(self->titles, g_strdup(id), g_strdup(""));
  Question *question = g_new0(Question, 1);
  question->self = g_object_ref(self);
  question->id = g_strdup(id);
  sight_store_read_async(self->store, read_title, question, NULL, NULL, read_cb, question);
  return NULL;
}

char *sight_ui_titles_phrase(SightUiTitles *self, const SightFilter *part) {
  const SightFilter *key = part->kind == SIGHT_FILTER_NOT ? part->parts->pdata[0] : part;
  gboolean one = key->kind == SIGHT_FILTER_KEY && key->field->term == SIGHT_TERM_PROBLEM && key->values->len == 1 &&
                 key->inside == NULL;
  const SightFilterValue *value = one ? key->values->pdata[0] : NULL;
  const char *title = value != NULL && value->text != NULL ? title_of(self, value->text) : NULL;

  if (title == NULL)
    return sight_filter_phrase(part);
  /* Translators: a condition: sessions that did not meet a problem, by its title */
  return part == key ? g_strdup(title) : g_strdup_printf(_("not: %s"), title);
}

static void finalize(GObject *object) {
  SightUiTitles *self = SIGHT_UI_TITLES(object);

  g_hash_table_unref(self->titles);
  g_object_unref(self->store);
  G_OBJECT_CLASS(sight_ui_titles_parent_class)->finalize(object);
}

static void sight_ui_titles_class_init(SightUiTitlesClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", SIGHT_UI_TYPE_TITLES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_titles_init(SightUiTitles *self) {
  self->titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

SightUiTitles *sight_ui_titles_new(SightStore *store) {
  SightUiTitles *self = g_object_new(SIGHT_UI_TYPE_TITLES, NULL);

  self->store = g_object_ref(store);
  return self;
}
