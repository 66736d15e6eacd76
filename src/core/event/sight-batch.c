/* SPDX-License-Identifier: MIT */
/* Collecting events into the JSON array of a batch. */
#include "sight-batch.h"

#include <string.h>

/* A batch may become a line of JSON Lines, so events are put on one line. Line ends only stand between the tokens of
 * valid JSON, as does the indentation after them. */
static void append_on_one_line(GString *out, const char *json, gsize bytes) {
  const char *end = json + bytes;
  while (json < end) {
    gsize run = 0;
    while (json + run < end && json[run] != '\n' && json[run] != '\r')
      run++;
    g_string_append_len(out, json, (gssize)run);
    json += run;
    while (json < end && g_ascii_isspace(*json))
      json++;
  }
}

void sight_batch_builder_add(SightBatchBuilder *builder, const SightEvent *event) {
  gint64 time_ms = event->time_ms;

  if (builder->json == NULL)
    builder->json = g_string_new(NULL);
  if (builder->n_events == 0) {
    g_string_assign(builder->json, "[");
    builder->first_ms = builder->last_ms = time_ms;
  } else {
    /* finish() closes the array; it is opened again here */
    if (builder->json->str[builder->json->len - 1] == ']')
      g_string_truncate(builder->json, builder->json->len - 1);
    g_string_append_c(builder->json, ',');
  }
  if (memchr(event->text, '\n', event->text_bytes) == NULL && memchr(event->text, '\r', event->text_bytes) == NULL)
    g_string_append_len(builder->json, event->text, (gssize)event->text_bytes);
  else
    append_on_one_line(builder->json, event->text, event->text_bytes);
  sight_users_note(&builder->users, event);
  sight_assets_note(&builder->assets, event);
  builder->errored = builder->errored || g_strcmp0(sight_event_tag(event), "ss:error") == 0;
  builder->n_events++;
  builder->first_ms = MIN(builder->first_ms, time_ms);
  builder->last_ms = MAX(builder->last_ms, time_ms);
}

void sight_batch_builder_finish(SightBatchBuilder *builder, SightBatch *batch) {
  if (builder->json == NULL)
    builder->json = g_string_new(NULL);
  if (builder->n_events == 0)
    g_string_assign(builder->json, "[]");
  else if (builder->json->str[builder->json->len - 1] != ']')
    g_string_append_c(builder->json, ']');
  batch->events = builder->json->str;
  batch->events_bytes = builder->json->len;
  batch->n_events = builder->n_events;
  batch->first_ms = builder->first_ms;
  batch->last_ms = builder->last_ms;
  batch->users = builder->users.list;
  batch->assets = builder->assets.list;
  batch->errored = builder->errored;
}

void sight_batch_builder_restart(SightBatchBuilder *builder) {
  builder->n_events = 0;
  builder->errored = FALSE;
  sight_users_clear(&builder->users);
  sight_assets_clear(&builder->assets);
}

void sight_batch_builder_clear(SightBatchBuilder *builder) {
  if (builder->json != NULL)
    g_string_free(builder->json, TRUE);
  sight_users_clear(&builder->users);
  sight_assets_clear(&builder->assets);
  *builder = (SightBatchBuilder){0};
}
