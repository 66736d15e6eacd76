/* SPDX-License-Identifier: MIT */
/* From the questions of core/insight to rows. */
#include "sight-ui-explore-ask.h"

#include "sight-clock-text.h"
#include "sight-contrast.h"
#include "sight-filter-sentence.h"
#include "sight-flow.h"
#include "sight-forms.h"
#include "sight-library.h"
#include "sight-pages.h"
#include "sight-ui-explore-privacy.h"
#include "sight-variants.h"

#include <glib/gi18n.h>
#include <math.h>

/* So many pages are offered as a step; any other can be written. */
#define MAX_STEPS 10

static SightUiExploreRow *add_row(GPtrArray *rows, const char *text, const char *filter) {
  SightUiExploreRow *row = sight_ui_explore_row_new();

  sight_ui_explore_row_add(row, g_strdup(text), 0, filter);
  g_ptr_array_add(rows, row);
  return row;
}

static void add_time(SightUiExploreRow *row, gint64 ms) {
  sight_ui_explore_row_add(row, ms >= 0 ? sight_clock_text(ms) : g_strdup(""), (double)ms, NULL);
}

static void add_percent(SightUiExploreRow *row, double share) {
  sight_ui_explore_row_add(row, g_strdup_printf("%.1f %%", 100 * share), share, NULL);
}

static char *key_of(const char *key, const char *page) {
  g_autofree char *term = sight_query_term(SIGHT_TERM_PAGE, page);

  return g_strconcat(key, term + strlen("page"), NULL);
}

static void add_page(GPtrArray *rows, const SightPageUse *use) {
  g_autofree char *page = sight_query_term(SIGHT_TERM_PAGE, use->page), *entry = key_of("entry", use->page);
  g_autofree char *exit = key_of("exit", use->page), *signals = g_strdup_printf("signal[%s]", page);
  double rate = use->n_visits > 0 ? 100.0 * (double)use->n_signals / (double)use->n_visits : 0;
  SightUiExploreRow *row = add_row(rows, use->page, page);

  sight_ui_explore_row_add_count(row, use->n_visits, page);
  sight_ui_explore_row_add_count(row, use->n_sessions, page);
  add_time(row, use->median_ms);
  sight_ui_explore_row_add(row, use->n_measured > 0 ? g_strdup_printf("%d %%", use->depth[1] / 10) : g_strdup(""),
                           use->n_measured > 0 ? use->depth[1] : -1, NULL);
  sight_ui_explore_row_add_count(row, use->n_entries, entry);
  sight_ui_explore_row_add_count(row, use->n_exits, exit);
  sight_ui_explore_row_add(row, g_strdup_printf("%.1f", rate), rate, use->n_signals > 0 ? signals : NULL);
}

static SightSet *sessions_of(SightDb *db, const SightUiExploreAsk *ask, GError **error) {
  return sight_library_sessions(db, ask->filter, ask->endpoint, error);
}

static gboolean run_pages(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error) {
  g_autoptr(SightSet) sessions = sessions_of(db, ask, error);
  g_autoptr(GPtrArray) pages = sessions != NULL ? sight_pages_list(db, sessions, ask->cancellable, error) : NULL;

  for (guint i = 0; pages != NULL && i < pages->len; i++)
    add_page(rows, pages->pdata[i]);
  return pages != NULL;
}

static void add_nothing(SightUiExploreRow *row, guint n) {
  for (guint i = 0; i < n; i++)
    sight_ui_explore_row_add(row, g_strdup(""), -1, NULL);
}

static void add_message(GPtrArray *rows, const char *form, const SightFormMessage *message) {
  /* TRANSLATORS: a form and what was shown beside it: "checkout at /cart: “This card number is too short.”" */
  g_autofree char *text = g_strdup_printf(_("%s: “%s”"), form, message->text);
  SightUiExploreRow *row = add_row(rows, text, message->filter);

  sight_ui_explore_row_add_count(row, message->n_sessions, message->filter);
  add_nothing(row, 4);
}

static void add_form(GPtrArray *rows, const SightFormUse *form) {
  /* TRANSLATORS: a form and the page that it is on */
  g_autofree char *title = g_strdup_printf(_("%s at %s"), form->form, form->page != NULL ? form->page : "?");
  SightUiExploreRow *row = add_row(rows, title, form->filter);

  sight_ui_explore_row_add_count(row, form->n_sessions, form->filter);
  sight_ui_explore_row_add_count(row, form->n_sent, NULL);
  add_nothing(row, 1);
  sight_ui_explore_row_add_count(row, form->n_left, form->left_filter);
  add_nothing(row, 1);
  for (guint i = 0; i < form->fields->len; i++) {
    const SightFormField *field = form->fields->pdata[i];
    g_autofree char *name = g_strdup_printf("%s › %s", title, field->name);
    row = add_row(rows, name, field->filter);
    sight_ui_explore_row_add_count(row, field->n_sessions, field->filter);
    sight_ui_explore_row_add_count(row, field->n_filled, NULL);
    sight_ui_explore_row_add_count(row, field->n_refilled, field->refilled_filter);
    sight_ui_explore_row_add_count(row, field->n_left, field->left_filter);
    sight_ui_explore_row_add(row, g_strdup_printf("%.1f s", (double)field->median_ms / 1000), (double)field->median_ms,
                             NULL);
  }
  for (guint i = 0; i < form->messages->len; i++)
    add_message(rows, title, form->messages->pdata[i]);
}

static gboolean run_forms(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error) {
  g_autoptr(SightSet) sessions = sessions_of(db, ask, error);
  g_autoptr(GPtrArray) forms = sessions != NULL ? sight_forms_list(db, sessions, ask->cancellable, error) : NULL;

  for (guint i = 0; forms != NULL && i < forms->len; i++)
    add_form(rows, forms->pdata[i]);
  return forms != NULL;
}

/* The most viewed pages. */
static gboolean name_pages(SightDb *db, const SightSet *sessions, const SightUiExploreAsk *ask, GError **error) {
  g_autoptr(GPtrArray) pages = sight_pages_list(db, sessions, ask->cancellable, error);

  for (guint i = 0; pages != NULL && i < pages->len && i < MAX_STEPS; i++)
    g_ptr_array_add(ask->pages, g_strdup(((SightPageUse *)pages->pdata[i])->page));
  return pages != NULL;
}

/* What is asked: the steps with what "strict" says. NULL with error. */
static char *sequence_of(const SightUiExploreAsk *ask, GError **error) {
  g_autoptr(SightFilter) steps = sight_filter_parse(ask->steps->str, NULL, error);

  return steps != NULL ? sight_flow_sequence(steps, ask->strict, 0, error) : NULL;
}

/* How the sessions of each value came through a step. */
static void add_parts(GPtrArray *rows, const SightFlow *flow, guint place) {
  const SightFlowStep *step = flow->steps->pdata[place];

  for (guint i = 0; i < flow->parts->len; i++) {
    const SightFlowPart *part = flow->parts->pdata[i];
    gint64 first = g_array_index(part->reached, gint64, 0), n = g_array_index(part->reached, gint64, place);
    gint64 before = place > 0 ? g_array_index(part->reached, gint64, place - 1) : n;
    g_autofree char *name = g_strdup_printf("%s › %s", step->step, part->value != NULL ? part->value : _("not known"));
    g_autofree char *reached = g_strdup_printf("(%s) %s", step->reached, part->filter);
    g_autofree char *dropped =
        place > 0 ? g_strdup_printf("(%s) %s", ((SightFlowStep *)flow->steps->pdata[place - 1])->dropped, part->filter)
                  : NULL;
    SightUiExploreRow *row = add_row(rows, name, reached);
    sight_ui_explore_row_add_count(row, n, reached);
    add_percent(row, first > 0 ? (double)n / (double)first : 0);
    sight_ui_explore_row_add_count(row, before - n, dropped);
    add_nothing(row, 1);
  }
}

static void add_steps(GPtrArray *rows, const SightFlow *flow) {
  for (guint i = 0; i < flow->steps->len; i++) {
    const SightFlowStep *step = flow->steps->pdata[i], *first = flow->steps->pdata[0];
    const SightFlowStep *before = i > 0 ? flow->steps->pdata[i - 1] : NULL;
    SightUiExploreRow *row = add_row(rows, step->step, step->reached);
    sight_ui_explore_row_add_count(row, step->n, step->reached);
    add_percent(row, first->n > 0 ? (double)step->n / (double)first->n : 0);
    sight_ui_explore_row_add_count(row, before != NULL ? before->n - step->n : 0,
                                   before != NULL ? before->dropped : NULL);
    add_time(row, step->median_ms);
    add_parts(rows, flow, i);
  }
}

static gboolean name_variants(SightDb *db, const SightSet *sessions, GPtrArray *names, GError **error) {
  g_autoptr(GPtrArray) variants = sight_variants_list(db, sessions, NULL, 0, error);

  for (guint i = 0; variants != NULL && i < variants->len; i++)
    g_ptr_array_add(names, g_strdup(((SightVariant *)variants->pdata[i])->name));
  return variants != NULL;
}

static gboolean run_flow(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error) {
  g_autoptr(SightSet) sessions = sessions_of(db, ask, error);
  if (sessions == NULL || !name_variants(db, sessions, ask->variants, error) || !name_pages(db, sessions, ask, error))
    return FALSE;
  g_autofree char *steps =
      ask->flow[0] != '\0' ? g_strdup(ask->flow) : sight_flow_default(db, sessions, ask->cancellable, error);
  g_string_assign(ask->steps, steps != NULL ? steps : "");
  if (ask->steps->len == 0)
    return steps != NULL;
  g_autofree char *text = sequence_of(ask, error);
  g_autoptr(SightFlow) flow =
      text != NULL ? sight_flow_run(db, sessions, text, ask->by, g_get_real_time() / 1000, ask->cancellable, error)
                   : NULL;
  if (flow != NULL)
    add_steps(rows, flow);
  return flow != NULL;
}

static void add_variant(GPtrArray *rows, const SightVariant *variant) {
  SightUiExploreRow *row = add_row(rows, variant->name, NULL);

  add_nothing(row, 4);
  sight_ui_explore_row_add(row,
                           variant->chance < SIGHT_VARIANTS_MISMATCH
                               /* TRANSLATORS: sizes of variants are no chance */
                               ? g_strdup_printf(_("%.2g: not to be believed"), variant->chance)
                               : g_strdup_printf("%.2g", variant->chance),
                           variant->chance, NULL);
  for (guint i = 0; i < variant->values->len; i++) {
    const SightVariantValue *value = variant->values->pdata[i];
    g_autofree char *name = g_strdup_printf("%s › %s", variant->name, value->value);
    g_autofree char *converted = g_strdup_printf("%s converted", value->filter);
    row = add_row(rows, name, value->filter);
    sight_ui_explore_row_add_count(row, value->n_sessions, value->filter);
    sight_ui_explore_row_add_count(row, value->n_converted, value->n_converted > 0 ? converted : NULL);
    add_percent(row, value->n_sessions > 0 ? (double)value->n_converted / (double)value->n_sessions : 0);
    sight_ui_explore_row_add(row,
                             g_strdup_printf("%.1f – %.1f %%", 100 * value->converted.low, 100 * value->converted.high),
                             value->converted.low, NULL);
    add_nothing(row, 1);
  }
}

static gboolean run_variants(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error) {
  g_autoptr(SightSet) sessions = sessions_of(db, ask, error);
  g_autoptr(GPtrArray) variants = sessions != NULL ? sight_variants_list(db, sessions, NULL, 0, error) : NULL;

  for (guint i = 0; variants != NULL && i < variants->len; i++)
    add_variant(rows, variants->pdata[i]);
  return variants != NULL;
}

static void add_difference(GPtrArray *rows, const SightContrast *contrast, const SightDifference *difference) {
  g_autoptr(SightFilter) filter = sight_filter_parse(difference->filter, NULL, NULL);
  g_autofree char *says = filter != NULL ? sight_filter_phrase(filter) : g_strdup(difference->filter);
  SightUiExploreRow *row = add_row(rows, says, difference->filter);
  double ratio = difference->ratio;

  add_percent(row, (double)difference->n_these / (double)contrast->n_these);
  add_percent(row, (double)difference->n_those / (double)contrast->n_those);
  sight_ui_explore_row_add(row, isfinite(ratio) ? g_strdup_printf("%.2f", ratio) : g_strdup("∞"),
                           isfinite(ratio) ? ratio : G_MAXDOUBLE, NULL);
  sight_ui_explore_row_add(
      row, g_strdup_printf("%.2f – %.2f", difference->ratio_between.low, difference->ratio_between.high),
      difference->ratio_between.low, NULL);
}

static gboolean run_compare(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error) {
  g_autoptr(SightFilter) filter = sight_filter_parse(ask->filter, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  g_autoptr(SightSet) these = query != NULL ? sessions_of(db, ask, error) : NULL;
  g_autoptr(SightSet) those = these != NULL ? sight_contrast_others(db, these, error) : NULL;
  g_autoptr(SightContrast) contrast =
      those != NULL ? sight_contrast_run(db, these, those, query, ask->cancellable, error) : NULL;

  for (guint i = 0; contrast != NULL && i < contrast->differences->len; i++)
    add_difference(rows, contrast, contrast->differences->pdata[i]);
  return contrast != NULL;
}

static const SightUiExploreTable tables[] = {
    {.name = "pages",
     .title = N_("Pages"),
     .icon = "sight-page-symbolic",
     .columns = {N_("Page"), N_("Visits"), N_("Sessions"), N_("Median time"), N_("Depth"), N_("Entries"), N_("Exits"),
                 N_("Signals per 100")},
     .bar = 1,
     .nothing = N_("No page was viewed in these sessions."),
     .run = run_pages},
    {.name = "forms",
     .title = N_("Forms"),
     .icon = "sight-form-symbolic",
     .columns = {N_("Form or field"), N_("Sessions"), N_("Filled or sent"), N_("Filled again"), N_("Left here"),
                 N_("Median time")},
     .bar = 4,
     .nothing = N_("No form was begun in these sessions, as far as their recorders tell."),
     .run = run_forms},
    {.name = "flows",
     .title = N_("Flows"),
     .icon = "sight-end-symbolic",
     .columns = {N_("Step"), N_("Sessions"), N_("Of the first"), N_("Dropped before"), N_("Median time")},
     .bar = 1,
     .asked = N_("Steps of the Flow"),
     .example = N_("page:/cart then event:\"order placed\""),
     .has_keys = TRUE,
     .nothing = N_("Nobody came to the first step."),
     .run = run_flow},
    {.name = "compare",
     .title = N_("Compare"),
     .icon = "sight-high-exit-symbolic",
     .columns = {N_("What is different"), N_("These sessions"), N_("The others"), N_("Ratio"), N_("Between")},
     .bar = 1,
     .nothing =
         N_("Nothing is different about these sessions beyond chance. Narrow them by a condition first: they are "
            "compared with the rest that viewed the same page."),
     .run = run_compare},
    {.name = "variants",
     .title = N_("Variants"),
     .icon = "view-dual-symbolic",
     .columns = {N_("Variant"), N_("Sessions"), N_("Key action"), N_("Share"), N_("Between"), N_("Sizes by chance")},
     .bar = 1,
     .nothing = N_("No session had a variant, as far as the page told the recorder."),
     .run = run_variants},
    {.name = "private",
     .title = N_("Private"),
     .icon = "sight-unseen-symbolic",
     .columns = {N_("What looks private"), N_("Sessions"), N_("Occurrences"), N_("Masked by the rule"),
                 N_("Still leaks"), N_("Looks like"), N_("What to do")},
     .texts = 1u << 5 | 1u << 6,
     .bar = 1,
     .asked = N_("Elements to Try a Masking Rule On"),
     .example = N_("a selector, to see what data-ss-mask on its elements would hide: #email, .address"),
     .nothing = N_("Nothing in these sessions looks private."),
     .is_costly = TRUE,
     .act = N_("_Mask or Erase…"),
     .run = sight_ui_explore_run_private},
    {.name = "watched",
     .title = N_("Watched"),
     .icon = "sight-sessions-symbolic",
     .columns = {N_("When"), N_("Who"), N_("What"), N_("Session"), N_("How"), N_("Range")},
     .texts = 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 5,
     .nothing = N_("Nobody has watched, clipped or exported anything yet."),
     .run = sight_ui_explore_run_log},
    {.name = "duties",
     .title = N_("Duties"),
     .icon = "sight-note-symbolic",
     .columns = {N_("Asked by the French authority (CNIL)"), N_("State"), N_("Why")},
     .texts = 1u << 1 | 1u << 2,
     .nothing = N_("There is nothing to say of no session."),
     .is_costly = TRUE,
     .run = sight_ui_explore_run_duties},
};

const SightUiExploreTable *sight_ui_explore_tables(guint *n) {
  *n = G_N_ELEMENTS(tables);
  return tables;
}
