/* SPDX-License-Identifier: MIT */
/* sightctl contrast: what is different about the sessions of a filter. */
#include "sight-cli-filter.h"

#include "sight-contrast.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>

typedef struct {
  SightCliFilter filter, against; /* `against` without a text: the rest that passed the same page */
  gint64 limit;
  SightContrast *contrast;
} Contrast;

static SightSet *sessions_of(SightCliFilter *filter, SightDb *db, GError **error) {
  return sight_cli_filter_begin(filter, db, error) ? sight_query_sessions(filter->query, error) : NULL;
}

static gboolean read_contrast(SightDb *db, gpointer user_data, GError **error) {
  Contrast *self = user_data;
  g_autoptr(SightSet) these = sessions_of(&self->filter, db, error);
  g_autoptr(SightSet) those = NULL;

  if (!these) {
    return FALSE;
  }
  those = self->against.text ? sessions_of(&self->against, db, error) : sight_contrast_others(db, these, error);
  if (!those) {
    return FALSE;
  }
  /* Who is on both sides tells nothing about either. */
  sight_set_and_not(those, these);
  self->contrast = sight_contrast_run(db, these, those, self->filter.query, NULL, error);
  return self->contrast != NULL;
}

static guint n_shown(const Contrast *self) {
  guint n = self->contrast->differences->len;
  return self->limit > 0 ? MIN((guint)self->limit, n) : n;
}

static void put_double(SightJsonWriter *w, const char *key, double value) {
  sight_json_key(w, key);
  if (isfinite(value)) {
    sight_json_put_double(w, value);
  } else {
    sight_json_put_null(w);
  }
}

static void put_difference(SightJsonWriter *w, const SightContrast *contrast, const SightDifference *difference) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "kind", sight_term_field_info(difference->field)->name);
  sight_json_member_string(w, "value", difference->value);
  sight_json_member_int(w, "sessions", difference->n_these);
  sight_json_member_int(w, "other_sessions", difference->n_those);
  put_double(w, "rate", (double)difference->n_these / (double)contrast->n_these);
  put_double(w, "other_rate", (double)difference->n_those / (double)contrast->n_those);
  put_double(w, "ratio", difference->ratio);
  put_double(w, "low", difference->ratio_between.low);
  put_double(w, "high", difference->ratio_between.high);
  put_double(w, "chance", difference->chance);
  sight_json_member_string(w, "filter", difference->filter);
  sight_json_key(w, "same");
  sight_json_begin_array(w);
  for (guint i = 0; i < difference->same->len; i++) {
    sight_json_put_string(w, g_ptr_array_index(difference->same, i));
  }
  sight_json_end_array(w);
  sight_json_end_object(w);
}

static void print_json(const Contrast *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "sessions", self->contrast->n_these);
  sight_json_member_int(&w, "other_sessions", self->contrast->n_those);
  sight_json_member_int(&w, "tested", self->contrast->n_tested);
  sight_json_member_int(&w, "total", self->contrast->differences->len);
  sight_json_member_int(&w, "waiting", self->filter.n_waiting);
  sight_json_member_int(&w, "left_out", self->filter.n_left_out);
  sight_json_key(&w, "differences");
  sight_json_begin_array(&w);
  for (guint i = 0; i < n_shown(self); i++) {
    put_difference(&w, self->contrast, g_ptr_array_index(self->contrast->differences, i));
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void print_table(const Contrast *self) {
  const SightContrast *contrast = self->contrast;
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("THESE"), _("OTHERS"), _("RATIO"), _("BETWEEN"), _("WHAT"), NULL);

  for (guint i = 0; i < n_shown(self); i++) {
    const SightDifference *difference = g_ptr_array_index(contrast->differences, i);
    g_autofree char *rate = g_strdup_printf("%.0f %%", 100.0 * (double)difference->n_these / (double)contrast->n_these);
    g_autofree char *other =
        g_strdup_printf("%.0f %%", 100.0 * (double)difference->n_those / (double)contrast->n_those);
    g_autofree char *ratio = isfinite(difference->ratio) ? g_strdup_printf("%.2f", difference->ratio) : g_strdup("∞");
    g_autofree char *between =
        g_strdup_printf("%.2f – %.2f", difference->ratio_between.low, difference->ratio_between.high);
    sight_cli_table_add(table, rate);
    sight_cli_table_add(table, other);
    sight_cli_table_add(table, ratio);
    sight_cli_table_add(table, between);
    sight_cli_table_add(table, difference->filter);
  }
  sight_cli_table_print(table);
  g_print(_("%u of %u differences between %" PRId64 " and %" PRId64 " sessions, %u things tested\n"), n_shown(self),
          contrast->differences->len, contrast->n_these, contrast->n_those, contrast->n_tested);
  sight_cli_filter_tell_waiting(&self->filter);
}

static void clear(Contrast *self) {
  sight_cli_filter_clear(&self->filter);
  sight_cli_filter_clear(&self->against);
  g_clear_pointer(&self->contrast, sight_contrast_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Contrast, clear)

int sight_verb_contrast(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_autofree char *against = NULL;
  g_autofree char *most = NULL;
  g_auto(Contrast) self = {.limit = 20};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text, N_("These sessions; “sightctl help filters” tells the language"),
       N_("FILTER")},
      {"against", 0, 0, G_OPTION_ARG_STRING, &against, N_("The others (default: the rest that viewed the same page)"),
       N_("FILTER")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &most, N_("At most so many; 0: all"), N_("N")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, NULL, _("Tells what is different about the sessions of a filter."), &argc,
                       &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (!sight_cli_number("--limit", most, G_MAXINT, &self.limit)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 1 || !text) {
    return sight_cli_usage("contrast", "--filter FILTER [--against FILTER] [--limit N]");
  }
  self.filter.text = text;
  self.against.text = against;
  self.against.filter = against ? sight_filter_parse(against, NULL, &error) : NULL;
  if ((against && !self.against.filter) || !sight_cli_filter_open(&self.filter, cli, &error) ||
      !sight_store_read(cli->store, read_contrast, &self, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
  } else {
    print_table(&self);
  }
  return SIGHT_EXIT_OK;
}
