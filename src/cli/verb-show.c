/* SPDX-License-Identifier: MIT */
/* sightctl show: what happened in one session. */
#include "sight-cli-recording.h"

#include "sight-clock-text.h"

#include "sight-analysis.h"
#include "sight-annotation-table.h"
#include "sight-asset-table.h"
#include "sight-batch-table.h"
#include "sight-cohort-rules.h"

#include <glib/gi18n-lib.h>

typedef struct {
  const char *id;
  SightSession *session;
  gboolean converted;
  SightAnalysis *analysis;
  GPtrArray *windows;
  GPtrArray *annotations;
  SightAssetCount assets;
} Shown;

static gboolean read_session(SightDb *db, gpointer user_data, GError **error) {
  Shown *shown = user_data;

  shown->session = sight_session_table_find(db, 0, shown->id, error);
  if (!shown->session) {
    return FALSE;
  }
  g_autoptr(SightSet) converted = sight_cohort_converted(db, error);
  if (!converted) {
    return FALSE;
  }
  shown->converted = sight_set_contains(converted, shown->session->row);
  g_autoptr(SightRuleset) rules = sight_analysis_rules(db, shown->session->endpoint, error);
  shown->analysis = rules ? sight_analysis_open(db, shown->session->row, rules, NULL, error) : NULL;
  if (!shown->analysis) {
    return FALSE;
  }
  shown->windows = sight_batch_table_windows(db, shown->session->row, error);
  shown->annotations =
      shown->windows ? sight_annotation_table_list(db, shown->session->endpoint, shown->session->session, error) : NULL;
  return shown->annotations != NULL && sight_asset_table_count(db, shown->session->row, &shown->assets, error);
}

static const char *story_kind_name(SightStoryKind kind) {
  static const char *const names[] = {"page", "click", "input", "scroll",   "signal", "event",
                                      "form", "idle",  "tab",   "identify", "end",    "gap"};
  return (gsize)kind < G_N_ELEMENTS(names) ? names[kind] : "other";
}

static void put_windows(SightJsonWriter *w, const GPtrArray *windows) {
  sight_json_key(w, "windows_list");
  sight_json_begin_array(w);
  for (guint i = 0; i < windows->len; i++) {
    const SightWindowInfo *info = g_ptr_array_index(windows, i);
    sight_json_begin_object(w);
    sight_json_member_string(w, "window", info->window);
    sight_json_member_int(w, "batches", info->n_batches);
    sight_json_member_int(w, "missing", info->n_missing);
    sight_json_member_int(w, "events", info->n_events);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}

static void put_assets(SightJsonWriter *w, const SightAssetCount *assets) {
  sight_json_key(w, "assets");
  sight_json_begin_object(w);
  sight_json_member_int(w, "kept", assets->n_kept);
  sight_json_member_int(w, "missing", assets->n_missing);
  sight_json_member_int(w, "bytes", assets->n_bytes);
  sight_json_end_object(w);
}

static void put_signals(SightJsonWriter *w, const GPtrArray *signals) {
  sight_json_key(w, "signals_list");
  sight_json_begin_array(w);
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = g_ptr_array_index(signals, i);
    g_autofree char *reason = sight_signal_reason(signal);
    sight_json_begin_object(w);
    sight_json_member_string(w, "kind", sight_signal_kind_name(signal->kind));
    sight_json_member_int(w, "start_ms", signal->start_ms);
    sight_json_member_int(w, "end_ms", signal->end_ms);
    sight_json_member_string(w, "page", signal->page);
    sight_json_member_string(w, "window", signal->window);
    sight_json_member_int(w, "node", signal->node);
    sight_json_member_string(w, "selector", signal->selector);
    sight_json_member_string(w, "target", signal->target);
    sight_json_member_string(w, "message", signal->message);
    sight_json_member_string(w, "fingerprint", signal->fingerprint);
    sight_json_member_int(w, "count", signal->count);
    sight_json_member_bool(w, "severe", signal->severe);
    sight_json_member_string(w, "reason", reason);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}

static void put_pages(SightJsonWriter *w, const GPtrArray *pages) {
  sight_json_key(w, "pages_list");
  sight_json_begin_array(w);
  for (guint i = 0; i < pages->len; i++) {
    const SightPageView *view = g_ptr_array_index(pages, i);
    sight_json_begin_object(w);
    sight_json_member_string(w, "page", view->page);
    sight_json_member_string(w, "url", view->url);
    sight_json_member_string(w, "window", view->window);
    sight_json_member_int(w, "start_ms", view->start_ms);
    sight_json_member_int(w, "end_ms", view->end_ms);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}

static void put_story(SightJsonWriter *w, const GPtrArray *story) {
  sight_json_key(w, "story");
  sight_json_begin_array(w);
  for (guint i = 0; i < story->len; i++) {
    const SightStoryItem *item = g_ptr_array_index(story, i);
    sight_json_begin_object(w);
    sight_json_member_string(w, "kind", story_kind_name(item->kind));
    sight_json_member_int(w, "start_ms", item->start_ms);
    sight_json_member_int(w, "end_ms", item->end_ms);
    sight_json_member_string(w, "text", item->text);
    sight_json_member_string(w, "detail", item->detail);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}

static void put_tags(SightJsonWriter *w, const GPtrArray *annotations) {
  sight_json_key(w, "tags");
  sight_json_begin_array(w);
  for (guint i = 0; i < annotations->len; i++) {
    const SightAnnotation *annotation = g_ptr_array_index(annotations, i);
    sight_json_begin_object(w);
    sight_json_member_string(w, "id", annotation->id);
    sight_json_member_string(w, "kind", annotation->kind);
    sight_json_member_int(w, "at_ms", annotation->at_ms);
    sight_json_member_string(w, "text", annotation->body);
    sight_json_member_string(w, "author", annotation->author);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}

static void print_json(const Shown *shown) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_cli_put_session(&w, shown->session, shown->converted);
  put_windows(&w, shown->windows);
  put_assets(&w, &shown->assets);
  put_pages(&w, shown->analysis->pages);
  put_signals(&w, shown->analysis->signals);
  put_story(&w, shown->analysis->story);
  put_tags(&w, shown->annotations);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void print_text(const Shown *shown) {
  const SightSession *session = shown->session;
  g_autofree char *when = sight_cli_format_start(session);
  g_autofree char *length = sight_clock_text(session->duration_ms);
  g_autoptr(SightCliTable) facts = sight_cli_table_new(_("SESSION"), session->session, NULL);
  g_autoptr(SightCliTable) story = sight_cli_table_new(_("TIME"), _("WHAT"), _("DETAIL"), NULL);

  sight_cli_table_add(facts, _("Who"));
  sight_cli_table_add(facts, session->user ? session->user : session->label);
  sight_cli_table_add(facts, _("Started"));
  sight_cli_table_add(facts, when);
  sight_cli_table_add(facts, _("Length"));
  sight_cli_table_add(facts, length);
  sight_cli_table_add(facts, _("Device"));
  sight_cli_table_add(facts, session->device);
  if (session->notice) {
    sight_cli_table_add(facts, _("Notice"));
    sight_cli_table_add(facts, session->notice);
  }
  if (shown->assets.n_kept + shown->assets.n_missing > 0) {
    g_autofree char *text =
        g_strdup_printf(_("%u kept, %u missing"), (guint)shown->assets.n_kept, (guint)shown->assets.n_missing);
    sight_cli_table_add(facts, _("Pictures, fonts, sheets"));
    sight_cli_table_add(facts, text);
  }
  for (guint i = 0; i < shown->annotations->len; i++) {
    const SightAnnotation *annotation = g_ptr_array_index(shown->annotations, i);
    g_autofree char *at = sight_clock_text(annotation->at_ms);
    g_autofree char *text = g_strdup_printf("%s  %s", at, annotation->body);
    sight_cli_table_add(facts, _("Tag"));
    sight_cli_table_add(facts, text);
  }
  sight_cli_table_print(facts);
  g_print("\n");
  for (guint i = 0; i < shown->analysis->story->len; i++) {
    const SightStoryItem *item = g_ptr_array_index(shown->analysis->story, i);
    g_autofree char *at = sight_clock_text(item->start_ms);
    g_autofree char *what = g_strdup_printf("%s: %s", story_kind_name(item->kind), item->text ? item->text : "");
    sight_cli_table_add(story, at);
    sight_cli_table_add(story, what);
    sight_cli_table_add(story, item->detail);
  }
  sight_cli_table_print(story);
}

static void clear_shown(Shown *shown) {
  g_clear_pointer(&shown->session, sight_session_free);
  g_clear_pointer(&shown->analysis, sight_analysis_free);
  g_clear_pointer(&shown->windows, g_ptr_array_unref);
  g_clear_pointer(&shown->annotations, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shown, clear_shown)

int sight_verb_show(SightCli *cli, int argc, char **argv) {
  g_auto(Shown) shown = {0};
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, NULL, N_("SESSION"),
                       _("Tells what happened in a session. SESSION is its id, or the first characters of it."), &argc,
                       &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc != 2) {
    return sight_cli_usage("show", "SESSION");
  }
  shown.id = argv[1];
  if (!sight_cli_open(cli, &error) || !sight_cli_need(cli, shown.id, &error) ||
      !sight_store_read(cli->store, read_session, &shown, &error)) {
    return sight_cli_fail(cli, error);
  }
  const SightLogEntry watched = {
      .act = SIGHT_LOG_WATCHED, .session = shown.id, .from_ms = -1, .to_ms = -1, .detail = "story"};
  if (!sight_cli_log(cli, 0, &watched, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&shown);
  } else {
    print_text(&shown);
  }
  return SIGHT_EXIT_OK;
}
