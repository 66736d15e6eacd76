/* SPDX-License-Identifier: MIT */
/* sightctl compare: whether a problem is gone since a release or a date, or differs between variants. */
#include "sight-cli-filter.h"

#include "sight-clock-text.h"
#include "sight-insight-json.h"

#include <glib/gi18n-lib.h>

#define USAGE                                                                                                          \
  "--problem ID|--filter FILTER|--flow STEPS [--opportunity FILTER] --release R|--date D|--variant NAME=B "            \
  "--against NAME=A"

typedef struct {
  char *problem, *filter, *flow, *opportunity, *date, *days, *share; /* as given */
  char *release, *variant, *against;
  SightFilter *subject, *chance_of;
  char *page;
  SightCompareSpec spec;
  SightComparison *comparison;
} Compare;

static void compare_clear(Compare *self) {
  char *owned[] = {self->problem, self->filter,  self->flow,    self->opportunity, self->date, self->days,
                   self->share,   self->release, self->variant, self->against,     self->page};

  for (gsize i = 0; i < G_N_ELEMENTS(owned); i++) {
    g_free(owned[i]);
  }
  g_clear_pointer(&self->subject, sight_filter_free);
  g_clear_pointer(&self->chance_of, sight_filter_free);
  g_clear_pointer(&self->comparison, sight_comparison_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Compare, compare_clear)

/* Of a problem those who viewed its page, of a flow those who took its first step. */
static const SightFilter *opportunity_of(Compare *self, SightDb *db, GError **error) {
  if (self->problem) {
    self->page = sight_compare_page(db, self->problem, NULL, error);
    if (*error) {
      return NULL;
    }
  }
  if (self->chance_of) {
    return self->chance_of;
  }
  if (self->flow && self->subject->kind == SIGHT_FILTER_SEQUENCE) {
    return self->subject->parts->pdata[0];
  }
  if (self->page) {
    self->chance_of = sight_compare_opportunity(self->page);
    return self->chance_of;
  }
  g_set_error(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX,
              _("without --opportunity there is no rate: say who could have met it, such as page:/checkout"));
  return NULL;
}

static gboolean read_comparison(SightDb *db, gpointer user_data, GError **error) {
  Compare *self = user_data;
  g_autoptr(GError) problem = NULL;

  self->spec.opportunity = opportunity_of(self, db, &problem);
  if (!self->spec.opportunity) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
  }
  self->spec.problem = self->subject;
  self->spec.absent = self->flow != NULL;
  self->spec.page = self->page;
  self->comparison = sight_compare_run(db, &self->spec, NULL, error);
  return self->comparison != NULL;
}

static void print_json(const Compare *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autofree char *opportunity = sight_filter_print(self->spec.opportunity);
  g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func(g_free);
  SightJsonWriter w = {.out = out};

  for (guint i = 0; i < self->comparison->steps->len; i++) {
    g_ptr_array_add(steps, sight_filter_print(g_ptr_array_index(self->subject->parts, i)));
  }
  sight_comparison_put(&w, self->comparison, opportunity, steps);
  sight_cli_print_json(out);
}

/* For people */

static void add_side(SightCliTable *table, const char *name, const SightCompareSide *side) {
  SightInterval between = sight_statistics_rate(side->n_had, side->n);
  g_autofree char *n = g_strdup_printf("%" G_GINT64_FORMAT, side->n);
  g_autofree char *had = g_strdup_printf("%" G_GINT64_FORMAT, side->n_had);
  g_autofree char *rate = g_strdup_printf("%.1f %%", side->n > 0 ? 100.0 * (double)side->n_had / (double)side->n : 0);
  g_autofree char *range = g_strdup_printf("%.1f – %.1f %%", 100 * between.low, 100 * between.high);
  g_autofree char *from = side->from_ms > 0 ? sight_cli_format_when(side->from_ms) : g_strdup("");
  g_autofree char *to = side->to_ms > 0 ? sight_cli_format_when(side->to_ms) : g_strdup("");
  const char *cells[] = {name, n, had, rate, range, from, to, side->example};

  for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
    sight_cli_table_add(table, cells[i]);
  }
}

static void print_sides(const SightComparison *comparison) {
  g_autoptr(SightCliTable) table = sight_cli_table_new("", _("VISITORS"), _("WITH IT"), _("RATE"), _("95 %"), _("FROM"),
                                                       _("TO"), _("EXAMPLE"), NULL);

  add_side(table, _("before"), &comparison->before);
  add_side(table, _("after"), &comparison->after);
  sight_cli_table_print(table);
  g_print(_("Difference: %+.1f to %+.1f points (99 %%); if you had looked once: %+.1f to %+.1f (95 %%)\n"),
          100 * comparison->difference.low, 100 * comparison->difference.high, 100 * comparison->once.low,
          100 * comparison->once.high);
}

static void print_times(const SightComparison *comparison) {
  g_autofree char *before = sight_clock_text((gint64)comparison->before.median_ms);
  g_autofree char *after = sight_clock_text((gint64)comparison->after.median_ms);

  if (!comparison->has_times) {
    return;
  }
  g_print(_("Time: %s before, %s after; typically %+.1f s (%+.1f to %+.1f)\n"), before, after,
          comparison->times.shift / 1000, comparison->times.between.low / 1000, comparison->times.between.high / 1000);
}

static void print_steps(const Compare *self) {
  const SightComparison *comparison = self->comparison;
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("BEFORE"), _("AFTER"), _("STEP"), NULL);

  for (guint i = 0; i < comparison->steps->len; i++) {
    const SightCompareStep *step = &g_array_index(comparison->steps, SightCompareStep, i);
    g_autofree char *text = sight_filter_print(g_ptr_array_index(self->subject->parts, i));
    for (int side = 0; side < 2; side++) {
      gint64 n = side == 0 ? comparison->before.n : comparison->after.n;
      g_autofree char *cell = g_strdup_printf("%" G_GINT64_FORMAT " (%.0f %%)", step->n[side],
                                              n > 0 ? 100.0 * (double)step->n[side] / (double)n : 0);
      sight_cli_table_add(table, cell);
    }
    sight_cli_table_add(table, text);
  }
  if (comparison->steps->len > 0) {
    sight_cli_table_print(table);
  }
}

static void print_changes(const SightContrast *contrast) {
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("BEFORE"), _("AFTER"), _("ALSO CHANGED"), NULL);

  for (guint i = 0; i < MIN(contrast->differences->len, 10); i++) {
    const SightDifference *difference = g_ptr_array_index(contrast->differences, i);
    g_autofree char *before =
        g_strdup_printf("%.0f %%", 100.0 * (double)difference->n_those / (double)contrast->n_those);
    g_autofree char *after =
        g_strdup_printf("%.0f %%", 100.0 * (double)difference->n_these / (double)contrast->n_these);
    sight_cli_table_add(table, before);
    sight_cli_table_add(table, after);
    sight_cli_table_add(table, difference->filter);
  }
  if (contrast->differences->len > 0) {
    sight_cli_table_print(table);
  }
}

static void print_text(const Compare *self) {
  g_autofree char *sentence = sight_comparison_sentence(self->comparison);
  g_autofree char *opportunity = sight_filter_print(self->spec.opportunity);

  g_print("%s\n", sentence);
  if (sight_comparison_is_broken(self->comparison)) {
    return;
  }
  g_print(_("Of those with %s; a visitor counts once, by the first visit\n"), opportunity);
  print_sides(self->comparison);
  print_times(self->comparison);
  print_steps(self);
  print_changes(self->comparison->contrast);
}

/* Options */

static gboolean read_date(Compare *self) {
  g_autoptr(GTimeZone) local = g_time_zone_new_local();
  g_autofree char *midnight = g_strconcat(self->date, strchr(self->date, 'T') ? "" : "T00:00:00", NULL);
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(midnight, local);

  self->spec.date_ms = date ? g_date_time_to_unix(date) * 1000 : 0;
  return self->spec.date_ms > 0;
}

/* SIGHT_EXIT_OK, or it was said what is wrong. */
static int read_options(Compare *self) {
  int n_subjects = (self->problem != NULL) + (self->filter != NULL) + (self->flow != NULL);
  int n_cuts = (self->release != NULL) + (self->date != NULL) + (self->variant != NULL);
  gint64 days = SIGHT_COMPARE_DAYS, share = 50;

  if (n_subjects != 1 || n_cuts != 1 || (self->variant != NULL) != (self->against != NULL)) {
    return sight_cli_usage("compare", USAGE);
  }
  if (!sight_cli_number("--days", self->days, 3650, &days) || !sight_cli_number("--share", self->share, 99, &share)) {
    return SIGHT_EXIT_USAGE;
  }
  if (self->date && !read_date(self)) {
    return sight_cli_refuse("--date", self->date, _("a day such as 2026-05-26, or 2026-05-26T14:00:00"));
  }
  self->spec.release = self->release;
  self->spec.variant = self->variant;
  self->spec.against = self->against;
  self->spec.days = (int)MAX(days, 1);
  self->spec.share = (double)MAX(share, 1) / 100;
  self->spec.now_ms = g_get_real_time() / 1000;
  return SIGHT_EXIT_OK;
}

static gboolean run(Compare *self, SightCli *cli, GError **error) {
  g_autofree char *problem = self->problem ? g_strconcat("problem:", self->problem, NULL) : NULL;
  SightCliFilter filter = {.text = problem ? problem : self->filter ? self->filter : self->flow};
  gboolean done = sight_cli_filter_open(&filter, cli, error);

  self->subject = g_steal_pointer(&filter.filter);
  sight_cli_filter_clear(&filter);
  if (done && self->opportunity) {
    self->chance_of = sight_filter_parse(self->opportunity, NULL, error);
    done = self->chance_of != NULL;
  }
  return done && sight_store_read(cli->store, read_comparison, self, error);
}

int sight_verb_compare(SightCli *cli, int argc, char **argv) {
  g_auto(Compare) self = {0};
  const GOptionEntry entries[] = {
      {"problem", 0, 0, G_OPTION_ARG_STRING, &self.problem, N_("This problem, of those who viewed its page"), N_("ID")},
      {"filter", 0, 0, G_OPTION_ARG_STRING, &self.filter, N_("What these sessions have, of those with --opportunity"),
       N_("FILTER")},
      {"flow", 0, 0, G_OPTION_ARG_STRING, &self.flow, N_("That these steps were not completed, of the first one"),
       N_("STEPS")},
      {"opportunity", 0, 0, G_OPTION_ARG_STRING, &self.opportunity, N_("Who could have met it"), N_("FILTER")},
      {"release", 0, 0, G_OPTION_ARG_STRING, &self.release, N_("Since the first session of a release"), N_("RELEASE")},
      {"date", 0, 0, G_OPTION_ARG_STRING, &self.date, N_("Since a day, or YYYY-MM-DDTHH:MM:SS"), N_("DATE")},
      {"variant", 0, 0, G_OPTION_ARG_STRING, &self.variant, N_("With a variant"), N_("NAME=VALUE")},
      {"against", 0, 0, G_OPTION_ARG_STRING, &self.against, N_("The variant to compare it with"), N_("NAME=VALUE")},
      {"share", 0, 0, G_OPTION_ARG_STRING, &self.share, N_("How many the variant is meant to get, in % (default: 50)"),
       N_("N")},
      {"days", 0, 0, G_OPTION_ARG_STRING, &self.days, N_("How long before and after counts (default: 14 days)"),
       N_("N")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, NULL, _("Tells whether a problem is gone: before and after, or by variant."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 1) {
    return sight_cli_usage("compare", USAGE);
  }
  int code = read_options(&self);
  if (code != SIGHT_EXIT_OK) {
    return code;
  }
  if (!run(&self, cli, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
  } else {
    print_text(&self);
  }
  return SIGHT_EXIT_OK;
}
