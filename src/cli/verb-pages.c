/* SPDX-License-Identifier: MIT */
/* sightctl pages: the pages of a product, and the rules by which addresses are the same page. */
#include "sight-cli-filter.h"
#include "sight-cli-rules.h"

#include "sight-analysis-table.h"
#include "sight-clock-text.h"
#include "sight-endpoint-table.h"
#include "sight-naming.h"
#include "sight-pages.h"

#include <glib/gi18n-lib.h>

#define USAGE "[rules [list|add RULE|preview RULE|remove NUMBER]], RULE: keep PATTERN|fold PATTERN|rename PATTERN NAME"

/* What one call asks for. */
typedef struct {
  const char *endpoint;
  SightPageRule *rule; /* to add or to try */
  guint number;        /* to remove; 0: none */
  GPtrArray *list;     /* of SightPageStat or SightNamingChange, read */
  guint n_views;
} Pages;

static void pages_clear(Pages *pages) {
  sight_page_rule_free(pages->rule);
  g_clear_pointer(&pages->list, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pages, pages_clear)

/* The row of the endpoint that was named; 0, all of them, where none was. -1 on error. */
static gint64 endpoint_row(SightDb *db, const char *name, GError **error) {
  if (!name) {
    return 0;
  }
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_find(db, name, error);
  return endpoint ? endpoint->row : -1;
}

static gboolean read_stats(SightDb *db, gpointer user_data, GError **error) {
  Pages *pages = user_data;
  gint64 row = endpoint_row(db, pages->endpoint, error);
  pages->list = row >= 0 ? sight_page_table_stats(db, row, error) : NULL;
  return pages->list != NULL;
}

static int by_sessions(gconstpointer a, gconstpointer b) {
  const SightPageStat *x = *(SightPageStat *const *)a, *y = *(SightPageStat *const *)b;
  return x->n_sessions != y->n_sessions ? (x->n_sessions < y->n_sessions ? 1 : -1) : strcmp(x->page, y->page);
}

static int list_pages(SightCli *cli, Pages *pages) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  if (!sight_cli_analyse(cli, NULL, &error) || !sight_store_read(cli->store, read_stats, pages, &error)) {
    return sight_cli_fail(cli, error);
  }
  g_ptr_array_sort(pages->list, by_sessions);
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("SESSIONS"), _("EXITS"), _("PAGE"), NULL);
  sight_json_begin_object(&w);
  sight_json_key(&w, "pages");
  sight_json_begin_array(&w);
  for (guint i = 0; i < pages->list->len; i++) {
    const SightPageStat *stat = g_ptr_array_index(pages->list, i);
    g_autofree char *sessions = g_strdup_printf("%" G_GINT64_FORMAT, stat->n_sessions);
    g_autofree char *exits = g_strdup_printf("%" G_GINT64_FORMAT, stat->n_exits);
    sight_cli_table_add(table, sessions);
    sight_cli_table_add(table, exits);
    sight_cli_table_add(table, stat->page);
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "page", stat->page);
    sight_json_member_int(&w, "sessions", stat->n_sessions);
    sight_json_member_int(&w, "exits", stat->n_exits);
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  if (cli->json) {
    sight_cli_print_json(out);
  } else {
    sight_cli_table_print(table);
  }
  return SIGHT_EXIT_OK;
}

/* Of the sessions of a filter */

typedef struct {
  SightCliFilter filter;
  GPtrArray *uses; /* of SightPageUse */
} Used;

static gboolean read_uses(SightDb *db, gpointer user_data, GError **error) {
  Used *used = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&used->filter, db, error) ? sight_query_sessions(used->filter.query, error) : NULL;
  used->uses = set ? sight_pages_list(db, set, NULL, error) : NULL;
  return used->uses != NULL;
}

static double signals_per_100(const SightPageUse *use) {
  return use->n_visits > 0 ? 100.0 * (double)use->n_signals / (double)use->n_visits : 0;
}

static void put_use(SightJsonWriter *w, const SightPageUse *use) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "page", use->page);
  sight_json_member_int(w, "visits", use->n_visits);
  sight_json_member_int(w, "sessions", use->n_sessions);
  sight_json_member_int(w, "median_ms", use->median_ms);
  sight_json_member_int(w, "measured", use->n_measured);
  sight_json_key(w, "depth");
  sight_json_begin_array(w);
  for (gsize i = 0; i < G_N_ELEMENTS(use->depth); i++) {
    sight_json_put_double(w, use->depth[i] / 1000.0);
  }
  sight_json_end_array(w);
  sight_json_member_int(w, "entries", use->n_entries);
  sight_json_member_int(w, "exits", use->n_exits);
  sight_json_member_int(w, "signals", use->n_signals);
  sight_json_key(w, "signals_per_100_visits");
  sight_json_put_double(w, signals_per_100(use));
  sight_json_end_object(w);
}

static void print_uses(SightCli *cli, const Used *used) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("VISITS"), _("SESSIONS"), _("MEDIAN TIME"), _("DEPTH"),
                                                       _("ENTRIES"), _("EXITS"), _("SIGNALS PER 100"), _("PAGE"), NULL);
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "waiting", used->filter.n_waiting);
  sight_json_key(&w, "pages");
  sight_json_begin_array(&w);
  for (guint i = 0; i < used->uses->len; i++) {
    const SightPageUse *use = g_ptr_array_index(used->uses, i);
    g_autofree char *visits = g_strdup_printf("%" G_GINT64_FORMAT, use->n_visits);
    g_autofree char *sessions = g_strdup_printf("%" G_GINT64_FORMAT, use->n_sessions);
    g_autofree char *entries = g_strdup_printf("%" G_GINT64_FORMAT, use->n_entries);
    g_autofree char *exits = g_strdup_printf("%" G_GINT64_FORMAT, use->n_exits);
    g_autofree char *time = sight_clock_text(use->median_ms);
    g_autofree char *rate = g_strdup_printf("%.1f", signals_per_100(use));
    /* TRANSLATORS: lower quartile, median and upper quartile of how much of a page came into view, in percent */
    g_autofree char *depth = use->n_measured > 0 ? g_strdup_printf(_("%d · %d · %d"), use->depth[0] / 10,
                                                                   use->depth[1] / 10, use->depth[2] / 10)
                                                 : g_strdup("");
    const char *const cells[] = {visits, sessions, time, depth, entries, exits, rate, use->page};
    for (gsize j = 0; j < G_N_ELEMENTS(cells); j++) {
      sight_cli_table_add(table, cells[j]);
    }
    put_use(&w, use);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  if (cli->json) {
    sight_cli_print_json(out);
    return;
  }
  sight_cli_table_print(table);
  sight_cli_filter_tell_waiting(&used->filter);
}

static int list_uses(SightCli *cli, const char *filter) {
  g_autoptr(GError) error = NULL;
  Used used = {.filter.text = filter};
  gboolean done =
      sight_cli_filter_open(&used.filter, cli, &error) && sight_store_read(cli->store, read_uses, &used, &error);
  if (done) {
    print_uses(cli, &used);
  }
  g_clear_pointer(&used.uses, g_ptr_array_unref);
  sight_cli_filter_clear(&used.filter);
  return done ? SIGHT_EXIT_OK : sight_cli_fail(cli, error);
}

static int list_rules(SightCli *cli, const char *endpoint) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightRuleset) rules = sight_cli_rules_read(cli, endpoint, &error);
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  if (!rules) {
    return sight_cli_fail(cli, error);
  }
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("NUMBER"), _("DO"), _("PATTERN"), _("NAME"), NULL);
  for (guint i = 0; i < rules->page_rules->len; i++) {
    const SightPageRule *rule = g_ptr_array_index(rules->page_rules, i);
    g_autofree char *number = g_strdup_printf("%u", i + 1);
    sight_cli_table_add(table, number);
    sight_cli_table_add(table, sight_page_rule_kind_name(rule->kind));
    sight_cli_table_add(table, rule->pattern);
    sight_cli_table_add(table, rule->name);
  }
  sight_json_begin_object(&w);
  sight_json_key(&w, "rules");
  sight_page_rules_write(rules->page_rules, &w);
  sight_json_end_object(&w);
  if (cli->json) {
    sight_cli_print_json(out);
  } else {
    sight_cli_table_print(table);
  }
  return SIGHT_EXIT_OK;
}

static gboolean apply_add(SightRuleset *rules, gpointer user_data, GError **error) {
  Pages *pages = user_data;
  const SightPageRule *rule = pages->rule;
  g_ptr_array_add(rules->page_rules, sight_page_rule_new(rule->kind, rule->pattern, rule->name));
  return TRUE;
}

static gboolean apply_remove(SightRuleset *rules, gpointer user_data, GError **error) {
  const Pages *pages = user_data;
  if (pages->number <= rules->page_rules->len) {
    g_ptr_array_remove_index(rules->page_rules, pages->number - 1);
    return TRUE;
  }
  g_set_error(
      error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
      ngettext("There is no rule %u: there is %u.", "There is no rule %u: there are %u.", rules->page_rules->len),
      pages->number, rules->page_rules->len);
  return FALSE;
}

typedef struct {
  Pages *pages;
  const SightRuleset *rules;
} Try;

static gboolean read_preview(SightDb *db, gpointer user_data, GError **error) {
  Try *trying = user_data;
  gint64 row = endpoint_row(db, trying->pages->endpoint, error);
  trying->pages->list =
      row >= 0 ? sight_naming_preview(db, row, trying->rules->page_rules, &trying->pages->n_views, error) : NULL;
  return trying->pages->list != NULL;
}

static const char *effect(const SightNamingChange *change) {
  if (change->merges) {
    return change->splits ? _("merges, splits") : _("merges");
  }
  return change->splits ? _("splits") : _("renames");
}

static void print_preview(SightCli *cli, const Pages *pages) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("EFFECT"), _("VIEWS"), _("NOW"), _("THEN"), NULL);
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "views", pages->n_views);
  sight_json_key(&w, "changes");
  sight_json_begin_array(&w);
  for (guint i = 0; i < pages->list->len; i++) {
    const SightNamingChange *change = g_ptr_array_index(pages->list, i);
    g_autofree char *views = g_strdup_printf("%u", change->n_views);
    sight_cli_table_add(table, effect(change));
    sight_cli_table_add(table, views);
    sight_cli_table_add(table, change->from);
    sight_cli_table_add(table, change->to);
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "from", change->from);
    sight_json_member_string(&w, "to", change->to);
    sight_json_member_int(&w, "views", change->n_views);
    sight_json_member_bool(&w, "merges", change->merges);
    sight_json_member_bool(&w, "splits", change->splits);
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  if (cli->json) {
    sight_cli_print_json(out);
    return;
  }
  g_print(ngettext("Tried on the newest %u page view:\n", "Tried on the newest %u page views:\n", pages->n_views),
          pages->n_views);
  sight_cli_table_print(table);
}

static int preview(SightCli *cli, Pages *pages) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightRuleset) rules =
      sight_cli_analyse(cli, NULL, &error) ? sight_cli_rules_read(cli, pages->endpoint, &error) : NULL;
  Try trying = {.pages = pages, .rules = rules};

  if (!rules) {
    return sight_cli_fail(cli, error);
  }
  apply_add(rules, pages, NULL);
  if (!sight_store_read(cli->store, read_preview, &trying, &error)) {
    return sight_cli_fail(cli, error);
  }
  print_preview(cli, pages);
  return SIGHT_EXIT_OK;
}

/* "add fold PATTERN", "preview rename PATTERN NAME": NULL where it is no rule. */
static SightPageRule *parse_rule(int argc, char **argv) {
  int kind = argc >= 5 ? sight_page_rule_kind_from_name(argv[3]) : -1;
  if (kind < 0 || argc != (kind == SIGHT_PAGE_RENAME ? 6 : 5)) {
    return NULL;
  }
  return sight_page_rule_new((SightPageRuleKind)kind, argv[4], kind == SIGHT_PAGE_RENAME ? argv[5] : NULL);
}

int sight_verb_pages(SightCli *cli, int argc, char **argv) {
  g_autofree char *endpoint = NULL;
  g_autofree char *filter = NULL;
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &filter,
       N_("Only in these sessions, with times, entries and signals; “sightctl help filters” tells the language"),
       N_("FILTER")},
      {"endpoint", 0, 0, G_OPTION_ARG_STRING, &endpoint, N_("Only of this endpoint (default: of all)"), N_("ENDPOINT")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;
  g_auto(Pages) pages = {0};

  if (!sight_cli_parse(cli, entries, USAGE,
                       _("Lists the pages of the sessions, and the rules of the project for which addresses are one "
                         "page. In a PATTERN “*” stands for anything; “?NAME” means the parameter NAME. keep: what "
                         "matches stays as it is; fold: what “*” stands for becomes “:id”; rename: it is the page "
                         "NAME. preview tells what a rule would merge and split."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  pages.endpoint = endpoint;
  const char *what = argc < 3 ? "list" : argv[2];
  gboolean rules = argc >= 2 && g_str_equal(argv[1], "rules");
  gboolean adding = rules && g_str_equal(what, "add");
  gboolean removing = rules && argc == 4 && g_str_equal(what, "remove");
  gboolean trying = rules && g_str_equal(what, "preview");
  gboolean listing = rules && argc <= 3 && g_str_equal(what, "list");
  guint64 number = 0;
  if (adding || trying) {
    pages.rule = parse_rule(argc, argv);
  }
  if (removing && g_ascii_string_to_unsigned(argv[3], 10, 1, G_MAXUINT, &number, NULL)) {
    pages.number = (guint)number;
  }
  if (!(argc == 1 || listing || pages.rule || pages.number > 0) || (filter && (argc > 1 || endpoint))) {
    return sight_cli_usage("pages", USAGE);
  }
  if (filter) {
    return list_uses(cli, filter);
  }
  if (!sight_cli_open(cli, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (!rules) {
    return list_pages(cli, &pages);
  }
  if (trying) {
    return preview(cli, &pages);
  }
  if (!listing && !sight_cli_rules_change(cli, endpoint, adding ? apply_add : apply_remove, &pages, &error)) {
    return sight_cli_fail(cli, error);
  }
  return list_rules(cli, endpoint);
}
