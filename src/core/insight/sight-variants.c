/* SPDX-License-Identifier: MIT */
/* Variants out of the parts of a set. */
#include "sight-variants.h"

#include "sight-cohort-rules.h"
#include "sight-query.h"
#include "sight-split.h"
#include "sight-term-table.h"

#include <string.h>

static void value_free(gpointer data) {
  SightVariantValue *value = data;

  g_free(value->value);
  g_free(value->filter);
  g_free(value);
}

static void variant_free(gpointer data) {
  SightVariant *variant = data;

  g_free(variant->name);
  g_ptr_array_unref(variant->values);
  g_free(variant);
}

static gboolean take_name(gint64 term, const char *value, gint64 n, gpointer data) {
  GPtrArray *names = data;
  g_autofree char *name = g_strndup(value, strcspn(value, "="));

  if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
    g_ptr_array_add(names, g_steal_pointer(&name));
  return TRUE;
}

/* Takes out of each part those that are in another as well; they are counted. */
static gint64 part_with(GPtrArray *parts, guint n) {
  g_autoptr(SightSet) seen = sight_set_new(), several = sight_set_new();

  for (guint i = 0; i < n; i++) {
    const SightSet *sessions = ((SightPart *)parts->pdata[i])->sessions;
    g_autoptr(SightSet) again = sight_set_copy(sessions);
    sight_set_and(again, seen);
    sight_set_or(several, again);
    sight_set_or(seen, sessions);
  }
  for (guint i = 0; i < n; i++)
    sight_set_and_not(((SightPart *)parts->pdata[i])->sessions, several);
  return (gint64)sight_set_n(several);
}

static int by_value(gconstpointer a, gconstpointer b) {
  const SightPart *x = *(SightPart *const *)a, *y = *(SightPart *const *)b;

  return g_strcmp0(x->value, y->value);
}

static double chance_of(const GPtrArray *parts, const double *shares, guint n_shares) {
  g_autofree gint64 *counts = g_new(gint64, parts->len + 1);
  g_autofree double *expected = g_new(double, parts->len + 1);

  for (guint i = 0; i < parts->len; i++) {
    counts[i] = (gint64)sight_set_n(((SightPart *)parts->pdata[i])->sessions);
    expected[i] = n_shares == parts->len ? shares[i] : 1;
  }
  return sight_statistics_fit(counts, expected, parts->len);
}

static int greatest_first(gconstpointer a, gconstpointer b) {
  const SightVariantValue *x = *(SightVariantValue *const *)a, *y = *(SightVariantValue *const *)b;

  return x->n_sessions != y->n_sessions ? (x->n_sessions > y->n_sessions ? -1 : 1) : strcmp(x->value, y->value);
}

static SightVariant *variant_new(const char *name, const GPtrArray *parts, const SightSet *converted) {
  SightVariant *variant = g_new0(SightVariant, 1);

  variant->name = g_strdup(name);
  variant->values = g_ptr_array_new_with_free_func(value_free);
  for (guint i = 0; i < parts->len; i++) {
    const SightPart *part = parts->pdata[i];
    SightVariantValue *value = g_new0(SightVariantValue, 1);
    value->value = g_strdup(part->value);
    value->filter = g_strdup(part->filter);
    value->n_sessions = (gint64)sight_set_n(part->sessions);
    value->n_converted = (gint64)sight_set_n_and(part->sessions, converted);
    value->converted = sight_statistics_rate(value->n_converted, value->n_sessions);
    g_ptr_array_add(variant->values, value);
  }
  g_ptr_array_sort(variant->values, greatest_first);
  return variant;
}

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *sight_variants_list(SightDb *db, const SightSet *sessions, const double *shares, guint n_shares,
                               GError **error) {
  g_autoptr(GPtrArray) variants = g_ptr_array_new_with_free_func(variant_free);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(SightSet) converted = sight_cohort_converted(db, error);

  if (converted == NULL || !sight_term_table_each(db, SIGHT_TERM_VARIANT, take_name, names, error))
    return NULL;
  g_ptr_array_sort(names, by_name);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *of_name = g_strconcat(names->pdata[i], "=", NULL);
    g_autofree char *key = sight_query_term(SIGHT_TERM_VARIANT, of_name);
    /* "variant.NAME:" without the empty value */
    char *end = strrchr(key, ':');
    if (end != NULL)
      *end = '\0';
    g_autoptr(GPtrArray) parts = sight_split(db, sessions, key, error);
    if (parts == NULL)
      return NULL;
    if (parts->len > 0 && ((SightPart *)parts->pdata[parts->len - 1])->value == NULL)
      g_ptr_array_set_size(parts, (int)parts->len - 1);
    if (parts->len == 0)
      continue;
    gint64 n_several = part_with(parts, parts->len);
    g_ptr_array_sort(parts, by_value);
    SightVariant *variant = variant_new(names->pdata[i], parts, converted);
    variant->n_several = n_several;
    variant->chance = chance_of(parts, shares, n_shares);
    g_ptr_array_add(variants, variant);
  }
  return g_steal_pointer(&variants);
}
