/* SPDX-License-Identifier: MIT */
/* The tree of a filter. */
#include "sight-filter.h"

#include <math.h>

G_DEFINE_QUARK(sight - filter - error - quark, sight_filter_error)

void sight_filter_value_free(SightFilterValue *value) {
  g_free(value->text);
  g_free(value->to_text);
  g_free(value);
}

SightFilterValue *sight_filter_value_new(SightRelation relation) {
  SightFilterValue *value = g_new0(SightFilterValue, 1);

  value->relation = relation;
  value->from = value->to = NAN;
  return value;
}

SightFilter *sight_filter_new(SightFilterKind kind) {
  SightFilter *filter = g_new0(SightFilter, 1);

  filter->kind = kind;
  if (kind == SIGHT_FILTER_KEY)
    filter->values = g_ptr_array_new_with_free_func((GDestroyNotify)sight_filter_value_free);
  else if (kind != SIGHT_FILTER_WORDS)
    filter->parts = g_ptr_array_new_with_free_func((GDestroyNotify)sight_filter_free);
  return filter;
}

void sight_filter_free(SightFilter *filter) {
  if (filter == NULL)
    return;
  g_clear_pointer(&filter->parts, g_ptr_array_unref);
  g_clear_pointer(&filter->values, g_ptr_array_unref);
  sight_filter_free(filter->inside);
  g_free(filter->name);
  g_free(filter->text);
  g_free(filter);
}

static gboolean same_number(double a, double b) {
  return a == b || (isnan(a) && isnan(b));
}

static gboolean same_value(const SightFilterValue *a, const SightFilterValue *b) {
  return a->relation == b->relation && same_number(a->from, b->from) && same_number(a->to, b->to) &&
         g_strcmp0(a->text, b->text) == 0 && g_strcmp0(a->to_text, b->to_text) == 0;
}

static gboolean same_key(const SightFilter *a, const SightFilter *b) {
  if (a->field != b->field || g_strcmp0(a->name, b->name) != 0 || a->values->len != b->values->len ||
      (a->inside == NULL) != (b->inside == NULL))
    return FALSE;
  for (guint i = 0; i < a->values->len; i++) {
    if (!same_value(a->values->pdata[i], b->values->pdata[i]))
      return FALSE;
  }
  return a->inside == NULL || sight_filter_equal(a->inside, b->inside);
}

gboolean sight_filter_equal(const SightFilter *a, const SightFilter *b) {
  if (a->kind != b->kind || a->within_ms != b->within_ms || a->absent != b->absent)
    return FALSE;
  if (a->kind == SIGHT_FILTER_WORDS)
    return g_strcmp0(a->text, b->text) == 0;
  if (a->kind == SIGHT_FILTER_KEY)
    return same_key(a, b);
  if (a->parts->len != b->parts->len)
    return FALSE;
  for (guint i = 0; i < a->parts->len; i++) {
    if (!sight_filter_equal(a->parts->pdata[i], b->parts->pdata[i]))
      return FALSE;
  }
  return TRUE;
}

gboolean sight_filter_only_refuses(const SightFilter *filter) {
  if (filter->kind == SIGHT_FILTER_NOT)
    return TRUE;
  if ((filter->kind != SIGHT_FILTER_ALL && filter->kind != SIGHT_FILTER_ANY) || filter->parts->len == 0)
    return FALSE;
  for (guint i = 0; i < filter->parts->len; i++) {
    if (!sight_filter_only_refuses(filter->parts->pdata[i]))
      return FALSE;
  }
  return TRUE;
}
