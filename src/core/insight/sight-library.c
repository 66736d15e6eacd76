/* SPDX-License-Identifier: MIT */
/* Which sessions belong to a facet, and how many. */
#include "sight-library.h"

#include "sight-cohort-rules.h"
#include "sight-endpoint-table.h"

#include <glib/gi18n-lib.h>

static const struct {
  const char *name, *title;
  guint32 all_flags, no_flags;
} facets[SIGHT_N_FACETS] = {
    [SIGHT_FACET_ALL] = {"all", N_("All sessions"), 0, 0},
    [SIGHT_FACET_CHURNED] = {"churned", N_("Churned"), SIGHT_SESSION_LAST_OF_USER | SIGHT_SESSION_ANALYSED,
                             SIGHT_SESSION_KEY_ACTION},
    [SIGHT_FACET_ERRORED] = {"errored", N_("Errored"), SIGHT_SESSION_ERRORED, 0},
    [SIGHT_FACET_HIGH_EXIT] = {"high-exit", N_("High exit"), 0, SIGHT_SESSION_KEY_ACTION},
    [SIGHT_FACET_RAGE] = {"rage", N_("Rage clicks"), SIGHT_SESSION_RAGE, 0},
    [SIGHT_FACET_DEAD] = {"dead", N_("Dead clicks"), SIGHT_SESSION_DEAD, 0},
    [SIGHT_FACET_SCROLL] = {"scroll", N_("Excessive scrolling"), SIGHT_SESSION_SCROLL, 0},
    [SIGHT_FACET_TAGGED] = {"tagged", N_("Tagged"), SIGHT_SESSION_TAGGED, 0},
};

const char *sight_facet_name(SightFacet facet) {
  return facets[facet].name;
}

const char *sight_facet_title(SightFacet facet) {
  return _(facets[facet].title);
}

int sight_facet_from_name(const char *name) {
  for (int facet = 0; facet < SIGHT_N_FACETS; facet++) {
    if (g_strcmp0(facets[facet].name, name) == 0)
      return facet;
  }
  return -1;
}

/* Rows of the endpoints asked for: rules are per endpoint, so each is asked by itself. */
static GArray *endpoints_of(SightDb *db, gint64 endpoint, GError **error) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GPtrArray) all = NULL;

  if (endpoint != 0)
    return g_array_append_val(rows, endpoint);
  all = sight_endpoint_table_list(db, error);
  for (guint i = 0; all != NULL && i < all->len; i++)
    g_array_append_val(rows, ((SightEndpoint *)g_ptr_array_index(all, i))->row);
  if (all == NULL)
    g_clear_pointer(&rows, g_array_unref);
  return rows;
}

/* Those among them that have a key action. */
static GArray *endpoints_with_key_actions(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(GArray) all = endpoints_of(db, endpoint, error);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));

  for (guint i = 0; all != NULL && i < all->len; i++) {
    SightCohortRules rules;
    if (!sight_cohort_rules_read(db, g_array_index(all, gint64, i), &rules, error))
      return NULL;
    if (rules.has_key_actions)
      g_array_append_val(rows, g_array_index(all, gint64, i));
  }
  return all != NULL ? g_steal_pointer(&rows) : NULL;
}

gboolean sight_library_has_key_actions(SightDb *db, gint64 endpoint) {
  g_autoptr(GArray) rows = endpoints_with_key_actions(db, endpoint, NULL);

  return rows != NULL && rows->len > 0;
}

static GArray *high_exit_pages(SightDb *db, gint64 endpoint, gint64 *n_open, GError **error) {
  g_autoptr(GArray) endpoints = endpoints_of(db, endpoint, error);
  g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(gint64));

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    if (!sight_cohort_high_exit_pages(db, g_array_index(endpoints, gint64, i), pages, n_open, error))
      return NULL;
  }
  return endpoints != NULL ? g_steal_pointer(&pages) : NULL;
}

GArray *sight_library_list(SightDb *db, const SightLibraryQuery *query, GError **error) {
  g_autoptr(GArray) endpoints = NULL, pages = NULL;
  SightSessionFilter filter = {
      .all_flags = facets[query->facet].all_flags,
      .no_flags = facets[query->facet].no_flags,
      .endpoint = query->endpoint,
      .text = query->text,
      .limit = query->limit,
  };

  if (query->facet == SIGHT_FACET_CHURNED) {
    endpoints = endpoints_with_key_actions(db, query->endpoint, error);
    if (endpoints == NULL)
      return NULL;
    filter.endpoints = endpoints;
  }
  if (query->facet == SIGHT_FACET_HIGH_EXIT) {
    pages = high_exit_pages(db, query->endpoint, NULL, error);
    if (pages == NULL)
      return NULL;
    filter.exit_pages = pages;
  }
  return sight_session_table_list(db, &filter, query->sort, error);
}

static gint64 count_churned(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(GArray) endpoints = endpoints_with_key_actions(db, endpoint, error);
  SightSessionFilter filter = {
      .all_flags = facets[SIGHT_FACET_CHURNED].all_flags,
      .no_flags = facets[SIGHT_FACET_CHURNED].no_flags,
      .endpoints = endpoints,
  };

  if (endpoints == NULL || endpoints->len == 0)
    return -1;
  return sight_session_table_count(db, &filter, error);
}

gboolean sight_library_counts(SightDb *db, gint64 endpoint, gint64 counts[SIGHT_N_FACETS], GError **error) {
  for (SightFacet facet = SIGHT_FACET_ALL; facet < SIGHT_N_FACETS; facet++) {
    GError *failure = NULL;
    SightSessionFilter filter = {
        .all_flags = facets[facet].all_flags, .no_flags = facets[facet].no_flags, .endpoint = endpoint};

    counts[facet] = 0;
    if (facet == SIGHT_FACET_CHURNED) {
      counts[facet] = count_churned(db, endpoint, &failure);
    } else if (facet == SIGHT_FACET_HIGH_EXIT) {
      g_autoptr(GArray) pages = high_exit_pages(db, endpoint, &counts[facet], &failure);
    } else {
      counts[facet] = sight_session_table_count(db, &filter, &failure);
    }
    if (failure != NULL) {
      g_propagate_error(error, failure);
      return FALSE;
    }
  }
  return TRUE;
}
