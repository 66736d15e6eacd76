/* SPDX-License-Identifier: MIT */
/* Writing and reading digests. */
#include "sight-digest-json.h"

#include "sight-limits.h"
#include "sight-text.h"

#define MAX_DEPTH 8
#define MAX_VERSION 1000000

static SightDigest *read_head(const char *session, SightJson tainted_json, const char **wrong) {
  g_autoptr(SightDigest) digest = g_new0(SightDigest, 1);
  const char *ruleset = sight_json_string(sight_json_get(tainted_json, "ruleset"), NULL);
  gint64 version = sight_json_int(sight_json_get(tainted_json, "version"), 0);
  digest->arrival = sight_json_int(sight_json_get(tainted_json, "arrival"), 0);
  if (version < 1 || version > MAX_VERSION)
    *wrong = "version";
  else if (ruleset == NULL || *ruleset == '\0' || g_utf8_strlen(ruleset, -1) > SIGHT_DIGEST_RULESET_CHARS)
    *wrong = "ruleset";
  else if (digest->arrival < 1 || digest->arrival > SIGHT_WIRE_NUMBER_MAX)
    *wrong = "arrival";
  else {
    digest->session = g_strdup(session);
    digest->version = (int)version;
    digest->ruleset = g_strdup(ruleset);
    return g_steal_pointer(&digest);
  }
  return NULL;
}

SightDigest *sight_digest_read_text(const char *session, const char *tainted_text, gsize bytes, const char **wrong) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(MAX_DEPTH);
  SightJson tainted_json = {0};
  *wrong = "body";
  if (bytes > SIGHT_DIGEST_MAX_BYTES || !sight_json_parser_parse(parser, tainted_text, bytes, &tainted_json, NULL))
    return NULL;
  SightDigest *digest = read_head(session, tainted_json, wrong);
  if (digest == NULL)
    return NULL;
  /* As compact as it can be, whoever wrote it. */
  GString *text = g_string_new(NULL);
  sight_json_append_value(text, tainted_json);
  digest->text = g_string_free_to_bytes(text);
  return digest;
}

void sight_digest_write(SightJsonWriter *w, const SightDigest *digest) {
  gsize bytes = 0;
  sight_json_begin_object(w);
  sight_json_member_string(w, "session", digest->session);
  sight_json_member_bool(w, "erased", digest->erased);
  if (!digest->erased) {
    const char *text = g_bytes_get_data(digest->text, &bytes);
    sight_json_member_int(w, "received_at", digest->received_ms);
    sight_json_key(w, "digest");
    sight_json_put_raw(w, text, bytes);
  }
  sight_json_end_object(w);
}

SightDigest *sight_digest_read(SightJson tainted_json) {
  const char *session = sight_json_string(sight_json_get(tainted_json, "session"), NULL);
  SightJson tainted_digest = sight_json_get(tainted_json, "digest");
  const char *wrong = NULL;
  if (session == NULL || !sight_id_is_valid(session))
    return NULL;
  if (sight_json_bool(sight_json_get(tainted_json, "erased"), FALSE)) {
    SightDigest *tombstone = g_new0(SightDigest, 1);
    tombstone->session = g_strdup(session);
    tombstone->erased = TRUE;
    return tombstone;
  }
  g_autoptr(SightDigest) digest = read_head(session, tainted_digest, &wrong);
  gint64 received_ms = sight_json_int(sight_json_get(tainted_json, "received_at"), 0);
  if (digest == NULL || received_ms < 0 || received_ms > SIGHT_WIRE_TIME_MAX_MS)
    return NULL;
  digest->received_ms = received_ms;
  GString *text = g_string_new(NULL);
  sight_json_append_value(text, tainted_digest);
  digest->text = g_string_free_to_bytes(text);
  return g_bytes_get_size(digest->text) <= SIGHT_DIGEST_MAX_BYTES ? g_steal_pointer(&digest) : NULL;
}
