/* SPDX-License-Identifier: MIT */
/* Precision and recall of the detectors, held against what the visitors of the sample sessions wrote down. */
#include "sight-compress.h"
#include "sight-event-order.h"
#include "sight-summary.h"
#include "sight-window-pass.h"

#include <locale.h>
#include <string.h>

/* A visitor notes the moment by its own clock, a detector waits for answers: how far the two may be apart. */
#define EARLY_MS 500
#define LATE_MS 1500

typedef struct {
  const char *kind; /* of the label */
  int signal;       /* SightSignalKind */
  int n_labels, n_found, n_signals, n_true, n_near, n_near_hit;
} Score;

typedef struct {
  char *kind, *about;
  gboolean near;
  gint64 from_ms, to_ms; /* wall clock */
} Label;

static void label_free(gpointer data) {
  Label *label = data;
  g_free(label->kind);
  g_free(label->about);
  g_free(label);
}

typedef struct {
  SightWindowPass *pass;
  SightEventOrder *order;
} Tab;

static void tab_free(gpointer data) {
  Tab *tab = data;
  sight_event_order_free(tab->order);
  sight_window_pass_free(tab->pass);
  g_free(tab);
}

static gboolean on_event(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  sight_window_pass_event(user_data, event, at_ms);
  return TRUE;
}

static char *read_text(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autofree char *packed = NULL;
  gsize bytes = 0;
  if (!g_file_get_contents(path, &packed, &bytes, &error))
    g_error("%s", error->message);
  g_autoptr(GBytes) text = sight_zstd_expand(packed, bytes, 1u << 30, &error);
  if (text == NULL)
    g_error("%s: %s", path, error->message);
  return g_strndup(g_bytes_get_data(text, NULL), g_bytes_get_size(text));
}

/* One batch envelope. */
static void take_batch(SightFindings *findings, GHashTable *tabs, SightJsonParser *parser, const char *line) {
  SightJson root = {0};
  g_autoptr(GError) error = NULL;
  if (!sight_json_parser_parse(parser, line, strlen(line), &root, &error))
    g_error("%s", error->message);
  const char *window = sight_json_string(sight_json_get(root, "window"), NULL);
  Tab *tab = g_hash_table_lookup(tabs, window);
  if (tab == NULL) {
    tab = g_new0(Tab, 1);
    tab->pass = sight_window_pass_new(findings, window);
    tab->order = sight_event_order_new(on_event, tab->pass, NULL);
    g_hash_table_insert(tabs, g_strdup(window), tab);
  }
  g_autoptr(GString) events = g_string_new(NULL);
  sight_json_append_value(events, sight_json_get(root, "events"));
  if (!sight_event_order_push(tab->order, events->str, events->len, &error))
    g_error("%s", error->message);
}

/* The signals of a sample, times on the wall clock. */
static GPtrArray *detect(const char *path, const SightRuleset *rules) {
  g_autofree char *text = read_text(path);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  g_autoptr(GHashTable) tabs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, tab_free);
  SightAnalysis analysis = {.signals = g_ptr_array_new_with_free_func((GDestroyNotify)sight_signal_free),
                            .pages = g_ptr_array_new(),
                            .story = g_ptr_array_new(),
                            .console = g_ptr_array_new(),
                            .requests = g_ptr_array_new(),
                            .occurrences = sight_occurrences_new()};
  g_autoptr(SightFindings) findings = sight_findings_new(rules, &analysis);
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0')
      take_batch(findings, tabs, parser, lines[i]);
  GHashTableIter it;
  gpointer tab = NULL;
  g_hash_table_iter_init(&it, tabs);
  while (g_hash_table_iter_next(&it, NULL, &tab))
    sight_window_pass_finish(((Tab *)tab)->pass);
  /* What else was gathered is of no use here and goes away with the program. */
  return analysis.signals;
}

static GPtrArray *labels_of(SightJson sample) {
  GPtrArray *labels = g_ptr_array_new_with_free_func(label_free);
  SightJsonIter it = sight_json_iter(sight_json_get(sample, "moments"));
  while (sight_json_next(&it)) {
    Label *label = g_new0(Label, 1);
    label->kind = g_strdup(sight_json_string(sight_json_get(it.value, "kind"), NULL));
    label->about = g_strdup(sight_json_string(sight_json_get(it.value, "about"), NULL));
    label->near = sight_json_bool(sight_json_get(it.value, "near"), FALSE);
    label->from_ms = sight_json_int(sight_json_get(it.value, "from"), 0);
    label->to_ms = sight_json_int(sight_json_get(it.value, "to"), 0);
    g_ptr_array_add(labels, label);
  }
  return labels;
}

static gboolean meets(const SightSignal *signal, const Label *label) {
  return signal->start_ms <= label->to_ms + LATE_MS && signal->end_ms >= label->from_ms - EARLY_MS;
}

static void count_labels(Score *score, const char *sample, GPtrArray *signals, GPtrArray *labels) {
  for (guint i = 0; i < labels->len; i++) {
    const Label *label = labels->pdata[i];
    gboolean hit = FALSE;
    if (g_strcmp0(label->kind, score->kind) != 0)
      continue;
    for (guint j = 0; j < signals->len; j++) {
      const SightSignal *signal = signals->pdata[j];
      hit |= (int)signal->kind == score->signal && meets(signal, label);
    }
    *(label->near ? &score->n_near : &score->n_labels) += 1;
    if (hit)
      *(label->near ? &score->n_near_hit : &score->n_found) += 1;
    if (hit == label->near)
      g_print("  %s: %s %s: %s\n", sample, label->near ? "taken for" : "missed", label->kind, label->about);
  }
}

/* Whoever clicks in anger at something dead clicks at something dead: such a finding is neither right nor wrong. */
static gboolean goes_with(const Score *score, const Label *label) {
  return score->signal == SIGHT_SIGNAL_DEAD && !label->near && g_strcmp0(label->kind, "rage") == 0;
}

static void count_signals(Score *score, const char *sample, GPtrArray *signals, GPtrArray *labels) {
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    gboolean right = FALSE, open = FALSE;
    if ((int)signal->kind != score->signal)
      continue;
    for (guint j = 0; j < labels->len; j++) {
      const Label *label = labels->pdata[j];
      right |= !label->near && g_strcmp0(label->kind, score->kind) == 0 && meets(signal, label);
      open |= goes_with(score, label) && meets(signal, label);
    }
    if (!right && open)
      continue;
    score->n_signals++;
    score->n_true += right;
    if (!right)
      g_print("  %s: unlabelled %s at %" G_GINT64_FORMAT " on %s: %s (%s)\n", sample, score->kind, signal->start_ms,
              signal->page, signal->target != NULL ? signal->target : "",
              signal->selector != NULL ? signal->selector : "");
  }
}

static double share(int part, int whole) {
  return whole > 0 ? (double)part / whole : 1;
}

int main(int argc, char *argv[]) {
  Score scores[] = {{"rage", SIGHT_SIGNAL_RAGE},
                    {"dead", SIGHT_SIGNAL_DEAD},
                    {"slow", SIGHT_SIGNAL_SLOW},
                    {"error click", SIGHT_SIGNAL_ERROR_CLICK},
                    {"excessive scrolling", SIGHT_SIGNAL_SCROLL},
                    {"thrash", SIGHT_SIGNAL_THRASH},
                    {"quick back", SIGHT_SIGNAL_QUICK_BACK},
                    {"form abandoned", SIGHT_SIGNAL_FORM},
                    {"unseen message", SIGHT_SIGNAL_UNSEEN},
                    {"waiting", SIGHT_SIGNAL_WAITING}};
  g_autoptr(SightRuleset) rules = sight_ruleset_new_default();
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  setlocale(LC_ALL, "");
  if (argc != 2)
    g_error("usage: bench-signals FOLDER");
  g_autofree char *labels_path = g_build_filename(argv[1], "labels.json.zst", NULL);
  g_autofree char *labels_text = read_text(labels_path);
  if (!sight_json_parser_parse(parser, labels_text, strlen(labels_text), &root, NULL))
    g_error("labels.json.zst is not JSON");
  SightJsonIter it = sight_json_iter(root);
  while (sight_json_next(&it)) {
    g_autofree char *path = g_strdup_printf("%s/%s.jsonl.zst", argv[1], it.key);
    g_autoptr(GPtrArray) signals = detect(path, rules);
    g_autoptr(GPtrArray) labels = labels_of(it.value);
    for (guint i = 0; i < G_N_ELEMENTS(scores); i++) {
      count_labels(&scores[i], it.key, signals, labels);
      count_signals(&scores[i], it.key, signals, labels);
    }
  }
  g_print("%-20s %7s %6s %8s %6s %9s %7s  %s\n", "signal", "labels", "found", "signals", "right", "precision", "recall",
          "near misses taken");
  for (guint i = 0; i < G_N_ELEMENTS(scores); i++)
    g_print("%-20s %7d %6d %8d %6d %9.2f %7.2f  %d of %d\n", scores[i].kind, scores[i].n_labels, scores[i].n_found,
            scores[i].n_signals, scores[i].n_true, share(scores[i].n_true, scores[i].n_signals),
            share(scores[i].n_found, scores[i].n_labels), scores[i].n_near_hit, scores[i].n_near);
  return 0;
}
