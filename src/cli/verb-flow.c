/* SPDX-License-Identifier: MIT */
/* sightctl flow: how many sessions come through the steps of a sequence. */
#include "sight-cli-filter.h"

#include "sight-clock-text.h"
#include "sight-insight-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define USAGE "STEPS|--from SESSION FROM..TO [--filter FILTER] [--strict] [--within TIME] [--by KEY]"

typedef struct {
  SightCliFilter filter;
  const char *steps, *session, *stretch; /* as they were given; NULL: not */
  char *by, *within;
  gboolean strict;
  SightFlow *flow;
} Flow;

/* What a duration or a range of them says, in the language of filters; FALSE with error. */
static gboolean read_times(const char *text, double *from, double *to, GError **error) {
  g_autofree char *key = g_strdup_printf("length:%s", text);
  g_autoptr(SightFilter) filter = sight_filter_parse(key, NULL, error);

  if (!filter) {
    return FALSE;
  }
  const SightFilterValue *value =
      filter->kind == SIGHT_FILTER_KEY && filter->values->len == 1 ? g_ptr_array_index(filter->values, 0) : NULL;
  if (!value || value->relation == SIGHT_RELATION_MORE || value->relation == SIGHT_RELATION_LESS) {
    g_set_error(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX, _("“%s” is no time such as 90s, or 0:10..1:30"),
                text);
    return FALSE;
  }
  *from = isnan(value->from) ? 0 : value->from;
  *to = value->relation == SIGHT_RELATION_IS ? value->from : isnan(value->to) ? (double)G_MAXINT64 / 2 : value->to;
  return TRUE;
}

static char *steps_from(const Flow *self, SightDb *db, GError **error) {
  double from = 0, to = 0;
  g_autoptr(SightSession) session =
      read_times(self->stretch, &from, &to, error) ? sight_session_table_find(db, 0, self->session, error) : NULL;

  return session ? sight_flow_from(db, session, (gint64)from, (gint64)to, error) : NULL;
}

static gboolean read_flow(SightDb *db, gpointer user_data, GError **error) {
  Flow *self = user_data;
  double within = 0, most = 0;
  g_autofree char *steps = self->session ? steps_from(self, db, error) : g_strdup(self->steps);
  g_autoptr(SightFilter) filter = steps ? sight_filter_parse(steps, NULL, error) : NULL;

  if (!filter || (self->within && !read_times(self->within, &within, &most, error))) {
    return FALSE;
  }
  g_autofree char *sequence = sight_flow_sequence(filter, self->strict, (gint64)within, error);
  g_autoptr(SightSet) set = sequence && sight_cli_filter_begin(&self->filter, db, error)
                                ? sight_query_sessions(self->filter.query, error)
                                : NULL;
  self->flow = set ? sight_flow_run(db, set, sequence, self->by, g_get_real_time() / 1000, NULL, error) : NULL;
  return self->flow != NULL;
}

static double share(gint64 n, gint64 of) {
  return of > 0 ? (double)n / (double)of : 0;
}

static void print_json(const Flow *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_flow_put(&w, self->flow, self->filter.n_waiting);
  sight_cli_print_json(out);
}

static void print_steps(const SightFlow *flow) {
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("SESSIONS"), _("OF THE FIRST"), _("BETWEEN"), _("DROP"), _("MEDIAN TIME"), _("STEP"), NULL);

  for (guint i = 0; i < flow->steps->len; i++) {
    const SightFlowStep *step = g_ptr_array_index(flow->steps, i), *first = g_ptr_array_index(flow->steps, 0);
    const SightFlowStep *before = i > 0 ? g_ptr_array_index(flow->steps, i - 1) : step;
    g_autofree char *n = g_strdup_printf("%" G_GINT64_FORMAT, step->n);
    g_autofree char *rate = g_strdup_printf("%.1f %%", 100 * share(step->n, first->n));
    g_autofree char *between = g_strdup_printf("%.1f – %.1f", 100 * step->from_one.low, 100 * step->from_one.high);
    g_autofree char *drop = i > 0 ? g_strdup_printf("%.1f %%", 100 * (1 - share(step->n, before->n))) : g_strdup("");
    g_autofree char *time = step->median_ms >= 0 ? sight_clock_text(step->median_ms) : g_strdup("");
    const char *const cells[] = {n, rate, between, drop, time, step->step};
    for (gsize j = 0; j < G_N_ELEMENTS(cells); j++) {
      sight_cli_table_add(table, cells[j]);
    }
  }
  sight_cli_table_print(table);
}

static void print_parts(const Flow *self) {
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("SESSIONS"), _("FIRST"), _("LAST"), _("CONVERSION"), _("BETWEEN"), _("VALUE"), NULL);

  for (guint i = 0; i < self->flow->parts->len; i++) {
    const SightFlowPart *part = g_ptr_array_index(self->flow->parts, i);
    gint64 first = g_array_index(part->reached, gint64, 0);
    gint64 last = g_array_index(part->reached, gint64, part->reached->len - 1);
    SightInterval interval = sight_statistics_rate(last, first);
    g_autofree char *n = g_strdup_printf("%" G_GINT64_FORMAT, part->n_sessions);
    g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, first);
    g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, last);
    g_autofree char *rate = g_strdup_printf("%.1f %%", 100 * share(last, first));
    g_autofree char *between = g_strdup_printf("%.1f – %.1f", 100 * interval.low, 100 * interval.high);
    const char *const cells[] = {n, from, to, rate, between, part->value ? part->value : _("(none)")};
    for (gsize j = 0; j < G_N_ELEMENTS(cells); j++) {
      sight_cli_table_add(table, cells[j]);
    }
  }
  g_print("\n");
  sight_cli_table_print(table);
}

static void clear(Flow *self) {
  sight_cli_filter_clear(&self->filter);
  g_clear_pointer(&self->flow, sight_flow_free);
  g_free(self->by);
  g_free(self->within);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flow, clear)

int sight_verb_flow(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_autofree char *from = NULL;
  g_auto(Flow) self = {0};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text,
       N_("Only of these sessions; “sightctl help filters” tells the language"), N_("FILTER")},
      {"from", 0, 0, G_OPTION_ARG_STRING, &from,
       N_("Take the steps from what happened in this session between two times"), N_("SESSION")},
      {"strict", 0, 0, G_OPTION_ARG_NONE, &self.strict, N_("Nothing else of the steps' kinds comes between them"),
       NULL},
      {"within", 0, 0, G_OPTION_ARG_STRING, &self.within, N_("Each step at most so long after the one before"),
       N_("TIME")},
      {"by", 0, 0, G_OPTION_ARG_STRING, &self.by, N_("Also by the values of a key: device, release, variant.NAME …"),
       N_("KEY")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, USAGE,
                       _("Tells how many sessions come through the steps of a sequence, where the others drop, and how "
                         "long it takes. STEPS is a sequence of the language of filters: page:/cart then "
                         "within 5m not error then event:\"order placed\"."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc != 2) {
    return sight_cli_usage("flow", USAGE);
  }
  self.filter.text = text;
  self.steps = from ? NULL : argv[1];
  self.session = from;
  self.stretch = from ? argv[1] : NULL;
  if (!sight_cli_filter_open(&self.filter, cli, &error) || !sight_cli_analyse(cli, NULL, &error) ||
      !sight_store_read(cli->store, read_flow, &self, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
    return SIGHT_EXIT_OK;
  }
  if (from) {
    g_print("%s\n\n", self.flow->sequence);
  }
  print_steps(self.flow);
  if (self.by) {
    print_parts(&self);
  }
  sight_cli_filter_tell_waiting(&self.filter);
  return SIGHT_EXIT_OK;
}
