/* SPDX-License-Identifier: MIT */
/* sightctl variants: who had which variant, and whether they were dealt out as they should be. */
#include "sight-cli-filter.h"

#include "sight-variants.h"

#include <glib/gi18n-lib.h>

#define USAGE "[--filter FILTER] [--shares N,N…]"

typedef struct {
  SightCliFilter filter;
  GArray *shares;      /* of double */
  GPtrArray *variants; /* of SightVariant */
} Variants;

static gboolean read_variants(SightDb *db, gpointer user_data, GError **error) {
  Variants *self = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;

  self->variants =
      set ? sight_variants_list(db, set, (const double *)(gpointer)self->shares->data, self->shares->len, error) : NULL;
  return self->variants != NULL;
}

static void put_double(SightJsonWriter *w, const char *key, double value) {
  sight_json_key(w, key);
  sight_json_put_double(w, value);
}

static double share(const SightVariantValue *value) {
  return value->n_sessions > 0 ? (double)value->n_converted / (double)value->n_sessions : 0;
}

static void put_variant(SightJsonWriter *w, const SightVariant *variant) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "variant", variant->name);
  sight_json_member_int(w, "several", variant->n_several);
  put_double(w, "chance", variant->chance);
  sight_json_member_bool(w, "mismatch", variant->chance < SIGHT_VARIANTS_MISMATCH);
  sight_json_key(w, "values");
  sight_json_begin_array(w);
  for (guint i = 0; i < variant->values->len; i++) {
    const SightVariantValue *value = g_ptr_array_index(variant->values, i);
    sight_json_begin_object(w);
    sight_json_member_string(w, "value", value->value);
    sight_json_member_int(w, "sessions", value->n_sessions);
    sight_json_member_int(w, "converted", value->n_converted);
    put_double(w, "rate", share(value));
    put_double(w, "low", value->converted.low);
    put_double(w, "high", value->converted.high);
    sight_json_member_string(w, "filter", value->filter);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
  sight_json_end_object(w);
}

static void print_json(const Variants *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "waiting", self->filter.n_waiting);
  sight_json_key(&w, "variants");
  sight_json_begin_array(&w);
  for (guint i = 0; i < self->variants->len; i++) {
    put_variant(&w, g_ptr_array_index(self->variants, i));
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void print_variant(const SightVariant *variant) {
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("SESSIONS"), _("CONVERTED"), _("RATE"), _("BETWEEN"), _("VALUE"), NULL);

  g_print("%s\n", variant->name);
  for (guint i = 0; i < variant->values->len; i++) {
    const SightVariantValue *value = g_ptr_array_index(variant->values, i);
    g_autofree char *n = g_strdup_printf("%" G_GINT64_FORMAT, value->n_sessions);
    g_autofree char *converted = g_strdup_printf("%" G_GINT64_FORMAT, value->n_converted);
    g_autofree char *rate = g_strdup_printf("%.1f %%", 100 * share(value));
    g_autofree char *between = g_strdup_printf("%.1f – %.1f", 100 * value->converted.low, 100 * value->converted.high);
    const char *const cells[] = {n, converted, rate, between, value->value};
    for (gsize j = 0; j < G_N_ELEMENTS(cells); j++) {
      sight_cli_table_add(table, cells[j]);
    }
  }
  sight_cli_table_print(table);
  if (variant->chance < SIGHT_VARIANTS_MISMATCH) {
    g_print(_("The sizes are no chance (p %.2g): do not believe what these variants show.\n"), variant->chance);
  } else {
    g_print(_("The sizes are as they should be (p %.2g).\n"), variant->chance);
  }
  if (variant->n_several > 0) {
    g_print(ngettext("%lu session had several values and is in none.\n",
                     "%lu sessions had several values and are in none.\n", (gulong)variant->n_several),
            (gulong)variant->n_several);
  }
  g_print("\n");
}

/* "90,10"; FALSE where it is no list of positive numbers. */
static gboolean read_shares(const char *text, GArray *shares) {
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);

  for (guint i = 0; parts[i]; i++) {
    char *end = NULL;
    double part = g_ascii_strtod(parts[i], &end);
    if (end == parts[i] || *end || !(part > 0 && part < 1e9)) {
      return FALSE;
    }
    g_array_append_val(shares, part);
  }
  return shares->len > 0;
}

static void clear(Variants *self) {
  sight_cli_filter_clear(&self->filter);
  g_clear_pointer(&self->variants, g_ptr_array_unref);
  g_clear_pointer(&self->shares, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Variants, clear)

int sight_verb_variants(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_autofree char *shares = NULL;
  g_auto(Variants) self = {.shares = g_array_new(FALSE, FALSE, sizeof(double))};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text,
       N_("Only of these sessions; “sightctl help filters” tells the language"), N_("FILTER")},
      {"shares", 0, 0, G_OPTION_ARG_STRING, &shares,
       N_("What the values should get, in the order of their names (default: each the same)"), N_("N,N…")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, NULL,
                       _("Lists the variants of the sessions: how many had each value, how many of them reached a key "
                         "action, and whether the sizes are as they should be."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 1) {
    return sight_cli_usage("variants", USAGE);
  }
  if (shares && !read_shares(shares, self.shares)) {
    return sight_cli_refuse("--shares", shares, _("numbers such as 90,10"));
  }
  self.filter.text = text;
  if (!sight_cli_filter_open(&self.filter, cli, &error) || !sight_cli_analyse(cli, NULL, &error) ||
      !sight_store_read(cli->store, read_variants, &self, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
    return SIGHT_EXIT_OK;
  }
  for (guint i = 0; i < self.variants->len; i++) {
    print_variant(g_ptr_array_index(self.variants, i));
  }
  sight_cli_filter_tell_waiting(&self.filter);
  return SIGHT_EXIT_OK;
}
