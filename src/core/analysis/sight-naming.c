/* SPDX-License-Identifier: MIT */
/* Naming the pages of analysed sessions anew. */
#include "sight-naming.h"

#include "sight-analysis-table.h"
#include "sight-analysis.h"
#include "sight-endpoint-table.h"
#include "sight-friction.h"
#include "sight-hash.h"
#include "sight-index-table.h"
#include "sight-terms.h"

#include <string.h>

/* Sessions of one transaction. */
#define STEP 100

typedef struct {
  gint64 endpoint;
  const SightRuleset *rules;
  const char *ruleset;
  char *id; /* of the page rules */
  gboolean done;
} Naming;

/* The templates of one session, before and after. */
typedef struct {
  GPtrArray *views; /* of SightPageView */
  GPtrArray *names; /* of char*: the new name of each view */
  gboolean is_changed;
} Names;

static void names_clear(Names *names) {
  g_clear_pointer(&names->views, g_ptr_array_unref);
  g_clear_pointer(&names->names, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Names, names_clear)

static gboolean read_names(SightDb *db, gint64 row, const SightRuleset *rules, Names *names, GError **error) {
  names->views = sight_page_table_list(db, row, error);
  names->names = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; names->views != NULL && i < names->views->len; i++) {
    const SightPageView *view = names->views->pdata[i];
    char *name = sight_page_template(view->url, rules->page_rules);
    names->is_changed |= !g_str_equal(name, view->page);
    g_ptr_array_add(names->names, name);
  }
  return names->views != NULL;
}

/* The view in which a signal is: the last one of that name that had begun. */
static const char *new_name(const Names *names, const SightSignal *signal) {
  const char *name = NULL;
  for (guint i = 0; i < names->views->len; i++) {
    const SightPageView *view = names->views->pdata[i];
    if (g_str_equal(view->page, signal->page) && (name == NULL || view->start_ms <= signal->start_ms))
      name = names->names->pdata[i];
  }
  return name;
}

/* A fingerprint holds the page between its other words. */
static void rename_signal(const Names *names, SightSignal *signal) {
  const char *name = signal->page != NULL ? new_name(names, signal) : NULL;
  if (name == NULL || g_str_equal(name, signal->page))
    return;
  g_autofree char *old = g_strdup_printf(" %s ", signal->page);
  const char *at = signal->fingerprint != NULL ? strstr(signal->fingerprint, old) : NULL;
  if (at != NULL) {
    char *fingerprint =
        g_strdup_printf("%.*s %s %s", (int)(at - signal->fingerprint), signal->fingerprint, name, at + strlen(old));
    g_free(signal->fingerprint);
    signal->fingerprint = fingerprint;
  }
  g_free(signal->page);
  signal->page = g_strdup(name);
}

static void rename_views(Names *names) {
  for (guint i = 0; i < names->views->len; i++) {
    SightPageView *view = names->views->pdata[i];
    g_free(view->page);
    view->page = g_strdup(names->names->pdata[i]);
  }
}

static const char *rename_one(const Names *names, const char *page) {
  for (guint i = 0; page != NULL && i < names->views->len; i++)
    if (g_str_equal(((SightPageView *)names->views->pdata[i])->page, page))
      return names->names->pdata[i];
  return page;
}

/* Entry and exit are the pages of a view each; where two views had one name, the last may have another now. */
static void rename_ends(const Names *names, SightSession *session) {
  char *entry = g_strdup(names->names->len > 0 ? names->names->pdata[0] : NULL);
  char *exit = g_strdup(rename_one(names, session->exit));
  const SightPageView *last = NULL;
  for (guint i = 0; i < names->views->len; i++) {
    const SightPageView *view = names->views->pdata[i];
    if (g_strcmp0(view->page, session->exit) != 0 || (last != NULL && view->end_ms < last->end_ms))
      continue;
    last = view;
    g_free(exit);
    exit = g_strdup(names->names->pdata[i]);
  }
  g_free(session->entry);
  g_free(session->exit);
  session->entry = entry;
  session->exit = exit;
}

static gboolean rename_terms(SightDb *db, const SightSession *session, GPtrArray *pages, GPtrArray *signals,
                             GError **error) {
  g_autoptr(GError) problem = NULL;
  g_autoptr(SightOccurrences) old = sight_index_table_get_values(db, session->row, &problem);
  /* One that is not in the index yet gets there by its analysis. */
  if (old == NULL && problem == NULL)
    return TRUE;
  if (old == NULL) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
  }
  g_autoptr(SightOccurrences) renamed = sight_terms_rename(old, session, pages, signals);
  return sight_index_table_save(db, session->row, session->endpoint, renamed, error);
}

static gboolean name_session(SightDb *db, const Naming *naming, gint64 row, GError **error) {
  g_auto(Names) names = {0};
  if (!read_names(db, row, naming->rules, &names, error))
    return FALSE;
  if (!names.is_changed)
    return TRUE;
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);
  g_autoptr(GPtrArray) signals = session != NULL ? sight_signal_table_list(db, row, error) : NULL;
  gint64 revision = signals != NULL ? sight_analysis_table_revision(db, row, error) : -1;
  if (revision < 0)
    return FALSE;
  for (guint i = 0; i < signals->len; i++)
    rename_signal(&names, signals->pdata[i]);
  rename_ends(&names, session);
  rename_views(&names);
  session->friction = sight_friction_score(signals, NULL);
  return sight_analysis_table_save(db, session, revision, naming->ruleset, SIGHT_ANALYSIS_VERSION, signals, names.views,
                                   error) &&
         rename_terms(db, session, names.views, signals, error);
}

static gboolean step(SightDb *db, gpointer user_data, GError **error) {
  Naming *naming = user_data;
  g_autofree char *id = NULL;
  gint64 done_row = 0;
  if (!sight_endpoint_table_page_rules(db, naming->endpoint, &id, &done_row, error))
    return FALSE;
  if (g_strcmp0(id, naming->id) != 0)
    done_row = 0;
  g_autoptr(GArray) rows = sight_analysis_table_current(db, naming->endpoint, naming->ruleset, SIGHT_ANALYSIS_VERSION,
                                                        done_row, STEP, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!name_session(db, naming, g_array_index(rows, gint64, i), error))
      return FALSE;
  naming->done = rows->len < STEP;
  done_row = naming->done ? G_MAXINT64 : g_array_index(rows, gint64, rows->len - 1);
  return sight_endpoint_table_set_page_rules(db, naming->endpoint, naming->id, done_row, error);
}

static gboolean look(SightDb *db, gpointer user_data, GError **error) {
  Naming *naming = user_data;
  g_autofree char *id = NULL;
  gint64 done_row = 0;
  if (!sight_endpoint_table_page_rules(db, naming->endpoint, &id, &done_row, error))
    return FALSE;
  naming->done = g_strcmp0(id, naming->id) == 0 && done_row == G_MAXINT64;
  return TRUE;
}

gboolean sight_naming_run(SightStore *store, gint64 endpoint, const SightRuleset *rules, const char *ruleset,
                          GCancellable *cancellable, GError **error) {
  g_autofree char *id = sight_page_rules_id(rules->page_rules);
  Naming naming = {.endpoint = endpoint, .rules = rules, .ruleset = ruleset, .id = id};
  if (!sight_store_read(store, look, &naming, error))
    return FALSE;
  while (!naming.done)
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !sight_store_write(store, SIGHT_WRITE_NORMAL, step, &naming, error))
      return FALSE;
  return TRUE;
}

void sight_naming_change_free(SightNamingChange *change) {
  if (change == NULL)
    return;
  g_free(change->from);
  g_free(change->to);
  g_free(change);
}

static int by_names(gconstpointer a, gconstpointer b) {
  const SightNamingChange *x = *(SightNamingChange *const *)a, *y = *(SightNamingChange *const *)b;
  int order = strcmp(x->to, y->to);
  return order != 0 ? order : strcmp(x->from, y->from);
}

static void count_name(GHashTable *counts, const char *name) {
  g_hash_table_insert(counts, (gpointer)name,
                      GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, name)) + 1));
}

/* Says which pages merge and split, and leaves out those that stay as they are. */
static void compare(GPtrArray *changes) {
  g_autoptr(GHashTable) n_from = g_hash_table_new(sight_hash_text, g_str_equal);
  g_autoptr(GHashTable) n_to = g_hash_table_new(sight_hash_text, g_str_equal);
  for (guint i = 0; i < changes->len; i++) {
    count_name(n_from, ((SightNamingChange *)changes->pdata[i])->from);
    count_name(n_to, ((SightNamingChange *)changes->pdata[i])->to);
  }
  for (guint i = 0; i < changes->len; i++) {
    SightNamingChange *change = changes->pdata[i];
    change->splits = GPOINTER_TO_UINT(g_hash_table_lookup(n_from, change->from)) > 1;
    change->merges = GPOINTER_TO_UINT(g_hash_table_lookup(n_to, change->to)) > 1;
  }
  g_ptr_array_sort(changes, by_names);
  for (guint i = changes->len; i > 0; i--) {
    const SightNamingChange *change = changes->pdata[i - 1];
    if (g_str_equal(change->from, change->to) && !change->splits && !change->merges)
      g_ptr_array_remove_index(changes, i - 1);
  }
}

GPtrArray *sight_naming_preview(SightDb *db, gint64 endpoint, const GPtrArray *page_rules, guint *n_views,
                                GError **error) {
  g_autoptr(GPtrArray) views = sight_page_table_newest(db, endpoint, SIGHT_NAMING_PREVIEW_VIEWS, error);
  if (views == NULL)
    return NULL;
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func((GDestroyNotify)sight_naming_change_free);
  g_autoptr(GHashTable) known = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  for (guint i = 0; i < views->len; i++) {
    const SightPageView *view = views->pdata[i];
    g_autofree char *to = sight_page_template(view->url, page_rules);
    char *key = g_strdup_printf("%s\n%s", view->page, to);
    SightNamingChange *change = g_hash_table_lookup(known, key);
    if (change == NULL) {
      change = g_new0(SightNamingChange, 1);
      change->from = g_strdup(view->page);
      change->to = g_steal_pointer(&to);
      g_ptr_array_add(changes, change);
      g_hash_table_insert(known, key, change);
    } else {
      g_free(key);
    }
    change->n_views++;
  }
  *n_views = views->len;
  compare(changes);
  return g_steal_pointer(&changes);
}
