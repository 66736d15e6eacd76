/* SPDX-License-Identifier: MIT */
/* The account: {"story": […], "console": […], …}, each item an array of its members in their order. */
#include "sight-account.h"

#include "sight-assets.h"
#include "sight-compress.h"
#include "sight-hash.h"

#include <string.h>

#define LEVEL 3
#define MAX_EXPANDED (256u * 1024 * 1024)

static void begin_list(SightJsonWriter *w, const char *key) {
  sight_json_key(w, key);
  sight_json_begin_array(w);
}

static void put_story(SightJsonWriter *w, const SightStoryItem *item) {
  sight_json_begin_array(w);
  sight_json_put_int(w, item->kind);
  sight_json_put_int(w, item->start_ms);
  sight_json_put_int(w, item->end_ms);
  sight_json_put_string(w, item->text);
  sight_json_put_string(w, item->detail);
  sight_json_put_int(w, item->node);
  sight_json_put_string(w, item->window);
  sight_json_put_int(w, item->signal);
  /* Of what was typed into alone; accounts of before do without. */
  if (item->field != NULL) {
    sight_json_put_string(w, item->selector);
    sight_json_put_string(w, item->field);
    sight_json_put_int(w, item->on);
  }
  sight_json_end_array(w);
}

static void put_console(SightJsonWriter *w, const SightConsoleItem *item) {
  sight_json_begin_array(w);
  sight_json_put_int(w, item->level);
  sight_json_put_int(w, item->at_ms);
  sight_json_put_string(w, item->message);
  sight_json_put_string(w, item->detail);
  sight_json_end_array(w);
}

static void put_request(SightJsonWriter *w, const SightRequestItem *item) {
  sight_json_begin_array(w);
  sight_json_put_int(w, item->at_ms);
  sight_json_put_int(w, item->duration_ms);
  sight_json_put_string(w, item->method);
  sight_json_put_string(w, item->url);
  sight_json_put_int(w, item->status);
  sight_json_put_string(w, item->error);
  sight_json_end_array(w);
}

static void put_spans(SightJsonWriter *w, const SightAnalysis *analysis) {
  begin_list(w, "spans");
  for (guint i = 0; i < analysis->spans->len; i++) {
    const SightWindowSpan *span = analysis->spans->pdata[i];
    sight_json_begin_array(w);
    sight_json_put_int(w, span->start_ms);
    sight_json_put_int(w, span->end_ms);
    sight_json_put_string(w, span->window);
    sight_json_end_array(w);
  }
  sight_json_end_array(w);
}

static void put_idle(SightJsonWriter *w, const SightAnalysis *analysis) {
  begin_list(w, "idle");
  for (guint i = 0; i < analysis->idle->len; i++) {
    const SightIdleSpan *span = &g_array_index(analysis->idle, SightIdleSpan, i);
    sight_json_begin_array(w);
    sight_json_put_int(w, span->start_ms);
    sight_json_put_int(w, span->end_ms);
    sight_json_put_int(w, span->missing);
    sight_json_end_array(w);
  }
  sight_json_end_array(w);
}

static int compare_texts(gconstpointer a, gconstpointer b) {
  return strcmp(a, b);
}

void sight_account_put_assets(SightJsonWriter *w, GHashTable *assets) {
  g_autoptr(GList) addresses = g_list_sort(g_hash_table_get_keys(assets), compare_texts);
  sight_json_begin_object(w);
  for (const GList *each = addresses; each != NULL; each = each->next) {
    const char *hash = g_hash_table_lookup(assets, each->data);
    if (sight_asset_hash_is_valid(hash))
      sight_json_member_string(w, each->data, hash);
  }
  sight_json_end_object(w);
}

GBytes *sight_account_pack(const SightAnalysis *analysis) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  begin_list(&w, "story");
  for (guint i = 0; i < analysis->story->len; i++)
    put_story(&w, analysis->story->pdata[i]);
  sight_json_end_array(&w);
  begin_list(&w, "console");
  for (guint i = 0; i < analysis->console->len; i++)
    put_console(&w, analysis->console->pdata[i]);
  sight_json_end_array(&w);
  begin_list(&w, "requests");
  for (guint i = 0; i < analysis->requests->len; i++)
    put_request(&w, analysis->requests->pdata[i]);
  sight_json_end_array(&w);
  put_spans(&w, analysis);
  put_idle(&w, analysis);
  sight_json_key(&w, "assets");
  sight_account_put_assets(&w, analysis->assets);
  begin_list(&w, "curve");
  for (guint i = 0; i < SIGHT_CURVE_BINS; i++)
    sight_json_put_int(&w, analysis->curve[i]);
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  return sight_zstd_compress(out->str, out->len, LEVEL);
}

/* Back */

static gint64 next_int(SightJsonIter *it) {
  return sight_json_next(it) ? sight_json_int(it->value, 0) : 0;
}

static char *next_text(SightJsonIter *it) {
  return sight_json_next(it) ? g_strdup(sight_json_string(it->value, NULL)) : NULL;
}

static gboolean take_story(SightAnalysis *analysis, SightJson list) {
  SightJsonIter items = sight_json_iter(list);
  while (sight_json_next(&items)) {
    SightJsonIter it = sight_json_iter(items.value);
    SightStoryItem *item = g_new0(SightStoryItem, 1);
    g_ptr_array_add(analysis->story, item);
    gint64 kind = next_int(&it);
    item->start_ms = next_int(&it);
    item->end_ms = next_int(&it);
    item->text = next_text(&it);
    item->detail = next_text(&it);
    item->node = (int)next_int(&it);
    item->window = next_text(&it);
    item->signal = (int)next_int(&it);
    item->selector = next_text(&it);
    item->field = next_text(&it);
    item->on = next_int(&it) != 0;
    if (kind < 0 || kind > SIGHT_STORY_GAP || item->signal < -1 || item->signal >= (int)analysis->signals->len)
      return FALSE;
    item->kind = (SightStoryKind)kind;
  }
  return TRUE;
}

static void take_console(SightAnalysis *analysis, SightJson list) {
  SightJsonIter items = sight_json_iter(list);
  while (sight_json_next(&items)) {
    SightJsonIter it = sight_json_iter(items.value);
    SightConsoleItem *item = g_new0(SightConsoleItem, 1);
    g_ptr_array_add(analysis->console, item);
    gint64 level = next_int(&it);
    item->level = (SightConsoleLevel)CLAMP(level, SIGHT_CONSOLE_LOG, SIGHT_CONSOLE_NOISE);
    item->at_ms = next_int(&it);
    item->message = next_text(&it);
    item->detail = next_text(&it);
  }
}

static void take_requests(SightAnalysis *analysis, SightJson list) {
  SightJsonIter items = sight_json_iter(list);
  while (sight_json_next(&items)) {
    SightJsonIter it = sight_json_iter(items.value);
    SightRequestItem *item = g_new0(SightRequestItem, 1);
    g_ptr_array_add(analysis->requests, item);
    item->at_ms = next_int(&it);
    item->duration_ms = next_int(&it);
    item->method = next_text(&it);
    item->url = next_text(&it);
    item->status = (int)next_int(&it);
    item->error = next_text(&it);
  }
}

static void take_spans(SightAnalysis *analysis, SightJson list) {
  SightJsonIter items = sight_json_iter(list);
  while (sight_json_next(&items)) {
    SightJsonIter it = sight_json_iter(items.value);
    SightWindowSpan *span = g_new0(SightWindowSpan, 1);
    g_ptr_array_add(analysis->spans, span);
    span->start_ms = next_int(&it);
    span->end_ms = next_int(&it);
    span->window = next_text(&it);
  }
}

static void take_idle(SightAnalysis *analysis, SightJson list) {
  SightJsonIter items = sight_json_iter(list);
  while (sight_json_next(&items)) {
    SightJsonIter it = sight_json_iter(items.value);
    SightIdleSpan span = {.start_ms = next_int(&it)};
    span.end_ms = next_int(&it);
    span.missing = next_int(&it) != 0;
    g_array_append_val(analysis->idle, span);
  }
}

static gboolean take_curve(SightAnalysis *analysis, SightJson list) {
  guint n = 0;
  SightJsonIter it = sight_json_iter(list);
  while (n < SIGHT_CURVE_BINS && sight_json_next(&it))
    analysis->curve[n++] = (guint8)CLAMP(sight_json_int(it.value, 0), 0, 255);
  return n == SIGHT_CURVE_BINS;
}

static gboolean parse(GBytes *packed, SightJsonParser *parser, SightJson *root) {
  gsize bytes;
  const void *data = g_bytes_get_data(packed, &bytes);
  g_autoptr(GBytes) text = sight_zstd_expand(data, bytes, MAX_EXPANDED, NULL);
  const char *json = text != NULL ? g_bytes_get_data(text, &bytes) : NULL;
  return json != NULL && sight_json_parser_parse(parser, json, bytes, root, NULL);
}

static void take_assets(GHashTable *assets, SightJson object) {
  SightJsonIter it = sight_json_iter(object);
  while (sight_json_next(&it)) {
    const char *hash = sight_json_string(it.value, NULL);
    if (hash != NULL && sight_asset_hash_is_valid(hash))
      g_hash_table_replace(assets, g_strdup(it.key), g_strdup(hash));
  }
}

GHashTable *sight_account_unpack_assets(GBytes *packed) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  if (!parse(packed, parser, &root))
    return NULL;
  GHashTable *assets = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  take_assets(assets, sight_json_get(root, "assets"));
  return assets;
}

gboolean sight_account_unpack(SightAnalysis *analysis, GBytes *packed) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  if (!parse(packed, parser, &root))
    return FALSE;
  take_console(analysis, sight_json_get(root, "console"));
  take_requests(analysis, sight_json_get(root, "requests"));
  take_spans(analysis, sight_json_get(root, "spans"));
  take_idle(analysis, sight_json_get(root, "idle"));
  take_assets(analysis->assets, sight_json_get(root, "assets"));
  return take_story(analysis, sight_json_get(root, "story")) && take_curve(analysis, sight_json_get(root, "curve"));
}
