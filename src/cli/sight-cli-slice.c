/* SPDX-License-Identifier: MIT */
/* The slice and the budget of endpoints. */
#include "sight-cli-slice.h"

#include "sight-filter.h"
#include "sight-source.h"

#include <glib/gi18n-lib.h>

typedef struct {
  char **names; /* NULL-terminated */
  GPtrArray *endpoints;
  const char *slice; /* NULL: not to be changed; "all" */
  gint64 budget;     /* -1: not to be changed */
} Wanted;

static gboolean read_endpoints(SightDb *db, gpointer user_data, GError **error) {
  Wanted *wanted = user_data;

  if (!wanted->names[0]) {
    wanted->endpoints = sight_endpoint_table_list(db, error);
    return wanted->endpoints != NULL;
  }
  wanted->endpoints = g_ptr_array_new_with_free_func((GDestroyNotify)sight_endpoint_free);
  for (char **name = wanted->names; *name; name++) {
    SightEndpoint *endpoint = sight_endpoint_table_find(db, *name, error);
    if (!endpoint) {
      return FALSE;
    }
    g_ptr_array_add(wanted->endpoints, endpoint);
  }
  return TRUE;
}

GPtrArray *sight_cli_endpoints(SightCli *cli, char **names, GError **error) {
  Wanted wanted = {.names = names};

  if (sight_store_read(cli->store, read_endpoints, &wanted, error)) {
    return wanted.endpoints;
  }
  g_clear_pointer(&wanted.endpoints, g_ptr_array_unref);
  return NULL;
}

/* 500M, 20G; a number alone is bytes. */
static gboolean read_size(const char *text, gint64 *bytes, GError **error) {
  static const char units[] = "KMGT";
  char *end = NULL;
  guint64 number = g_ascii_strtoull(text, &end, 10);
  guint shift = 0;

  if (g_str_equal(text, "none")) {
    *bytes = 0;
    return TRUE;
  }
  for (guint i = 0; units[i] && *end; i++) {
    if (g_ascii_toupper(*end) == units[i]) {
      shift = 10 * (i + 1);
    }
  }
  if (!g_ascii_isdigit(*text) || (*end && !shift) || (shift && end[1]) || number == 0 ||
      number > (G_GUINT64_CONSTANT(1) << 50) >> shift) {
    g_set_error(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX,
                _("“%s” is no size: a number with K, M, G or T, as 20G, or “none”."), text);
    return FALSE;
  }
  *bytes = (gint64)(number << shift);
  return TRUE;
}

static gboolean write_slice(SightDb *db, gpointer user_data, GError **error) {
  const Wanted *wanted = user_data;
  const char *scope = g_strcmp0(wanted->slice, "all") == 0 ? NULL : wanted->slice;

  for (guint i = 0; i < wanted->endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(wanted->endpoints, i);
    /* What is set anew is listed anew. */
    gboolean differs = wanted->slice && g_strcmp0(scope, endpoint->scope) != 0;
    if (!sight_source_can(endpoint, SIGHT_SOURCE_SLICES)) {
      continue;
    }
    if ((differs && !sight_endpoint_table_set_scope(db, endpoint->row, scope, error)) ||
        (wanted->budget >= 0 && !sight_endpoint_table_set_budget(db, endpoint->row, wanted->budget, error))) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean sight_cli_set_slice(SightCli *cli, GPtrArray *endpoints, const char *slice, const char *budget,
                             GError **error) {
  Wanted wanted = {.endpoints = endpoints, .slice = slice, .budget = -1};
  guint n = 0;

  if (!slice && !budget) {
    return TRUE;
  }
  if (budget && !read_size(budget, &wanted.budget, error)) {
    return FALSE;
  }
  if (slice && !g_str_equal(slice, "all")) {
    g_autoptr(SightFilter) filter = sight_filter_parse(slice, NULL, error);
    if (!filter) {
      return FALSE;
    }
  }
  for (guint i = 0; i < endpoints->len; i++) {
    n += sight_source_can(g_ptr_array_index(endpoints, i), SIGHT_SOURCE_SLICES) ? 1 : 0;
  }
  if (n == 0) {
    g_set_error_literal(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX,
                        _("A slice or a budget is of a collector, and none of these is one."));
    return FALSE;
  }
  return sight_store_write(cli->store, SIGHT_WRITE_DURABLE, write_slice, &wanted, error);
}
