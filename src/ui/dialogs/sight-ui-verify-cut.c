/* SPDX-License-Identifier: MIT */
/* Releases and variants as places to cut at. */
#include "sight-ui-verify-cut.h"

#include "sight-compare-ask.h"
#include "sight-library.h"
#include "sight-variants.h"

#include <glib/gi18n.h>

static void cut_free(gpointer data) {
  SightUiVerifyCut *cut = data;

  g_free(cut->title);
  g_free(cut->release);
  g_free(cut->variant);
  g_free(cut->against);
  g_free(cut);
}

static SightUiVerifyCut *add_cut(GPtrArray *cuts, char *title) {
  SightUiVerifyCut *cut = g_new0(SightUiVerifyCut, 1);

  cut->title = title;
  g_ptr_array_add(cuts, cut);
  return cut;
}

static void add_release(GPtrArray *cuts, const char *release) {
  add_cut(cuts, g_strdup_printf(_("Release %s"), release))->release = g_strdup(release);
}

static int by_name(gconstpointer a, gconstpointer b) {
  const SightVariantValue *x = *(SightVariantValue *const *)a, *y = *(SightVariantValue *const *)b;

  return g_strcmp0(x->value, y->value);
}

/* Each value against each that comes before it by name: that is mostly how the one to compare with is called. */
static void add_variant(GPtrArray *cuts, const SightVariant *variant) {
  g_autoptr(GPtrArray) values = g_ptr_array_new();

  for (guint i = 0; i < variant->values->len; i++)
    g_ptr_array_add(values, variant->values->pdata[i]);
  g_ptr_array_sort(values, by_name);
  for (guint i = 1; i < values->len; i++) {
    for (guint j = 0; j < i; j++) {
      const char *with = ((SightVariantValue *)values->pdata[i])->value;
      const char *against = ((SightVariantValue *)values->pdata[j])->value;
      /* TRANSLATORS: two values of a variant of the page, and its name: "checkout: b against a" */
      SightUiVerifyCut *cut = add_cut(cuts, g_strdup_printf(_("%s: %s against %s"), variant->name, with, against));
      cut->variant = g_strdup_printf("%s=%s", variant->name, with);
      cut->against = g_strdup_printf("%s=%s", variant->name, against);
    }
  }
}

GPtrArray *sight_ui_verify_cuts_read(SightDb *db, gint64 endpoint, const char *release, GCancellable *cancellable,
                                     GError **error) {
  g_autoptr(GPtrArray) cuts = g_ptr_array_new_with_free_func(cut_free);
  g_autoptr(GPtrArray) releases = sight_compare_releases(db, endpoint, cancellable, error);
  g_autoptr(SightSet) all = releases != NULL ? sight_library_sessions(db, NULL, endpoint, error) : NULL;
  g_autoptr(GPtrArray) variants = all != NULL ? sight_variants_list(db, all, NULL, 0, error) : NULL;

  if (variants == NULL)
    return NULL;
  if (release != NULL && !g_ptr_array_find_with_equal_func(releases, release, g_str_equal, NULL))
    add_release(cuts, release);
  for (guint i = 0; i < releases->len; i++)
    add_release(cuts, releases->pdata[i]);
  for (guint i = 0; i < variants->len; i++)
    add_variant(cuts, variants->pdata[i]);
  add_cut(cuts, g_strdup(_("A day")));
  return g_steal_pointer(&cuts);
}
