/* SPDX-License-Identifier: MIT */
/* Checks in the order of their cost: rate by address, key, scope, origin, rate by key, form and size of the body. */
#include "sight-guard.h"

#include "sight-address.h"
#include "sight-connections.h"
#include "sight-rate-limit.h"

#include <string.h>

#define MAX_BUCKETS 100000
#define MAX_KEY_LENGTH 256

struct SightGuard {
  SightDepot *depot;
  gboolean trust_proxy, open_metrics;
  SightRateLimit *by_key, *by_address;
  SightRateLimit *of_others; /* by address: what is looked up in vain, and the health of the store */
};

SightGuard *sight_guard_new(SightDepot *depot, const SightCollectorOptions *options) {
  SightGuard *guard = g_new0(SightGuard, 1);
  guard->depot = depot;
  guard->trust_proxy = options->trust_proxy;
  guard->open_metrics = options->open_metrics;
  guard->by_key = sight_rate_limit_new(options->key_rate, options->key_burst, MAX_BUCKETS);
  guard->by_address = sight_rate_limit_new(options->address_rate, options->address_burst, MAX_BUCKETS);
  guard->of_others = sight_rate_limit_new(options->address_rate, options->address_burst, MAX_BUCKETS);
  return guard;
}

void sight_guard_free(SightGuard *guard) {
  if (guard == NULL)
    return;
  sight_rate_limit_free(guard->by_key);
  sight_rate_limit_free(guard->by_address);
  sight_rate_limit_free(guard->of_others);
  g_free(guard);
}

/* A client may write what it wants into X-Forwarded-For, but our proxy appends the address that it saw. */
static char *share_of_client(const SightGuard *guard, SoupServerMessage *msg) {
  const char *tainted_list =
      soup_message_headers_get_list(soup_server_message_get_request_headers(msg), "X-Forwarded-For");
  if (!guard->trust_proxy || tainted_list == NULL)
    return g_strdup(sight_connections_address(msg));
  const char *comma = strrchr(tainted_list, ',');
  g_autofree char *last = g_strstrip(g_strdup(comma != NULL ? comma + 1 : tainted_list));
  return sight_address_share(last);
}

static gboolean may_go_on(guint wait_s, const char *field, SightCall *call) {
  if (wait_s == 0)
    return TRUE;
  sight_call_refuse(call, 429, "too_many", field, "too many requests from this %s; wait %u s", field, wait_s);
  call->retry_after_s = wait_s;
  return FALSE;
}

static gboolean within_rate(SightRateLimit *limit, const char *name, const char *field, SightCall *call) {
  return may_go_on(sight_rate_limit_take(limit, name, g_get_monotonic_time()), field, call);
}

/* Where it has none left: even looking a key up is work. */
static gboolean has_rate(SightRateLimit *limit, const char *name, const char *field, SightCall *call) {
  return may_go_on(sight_rate_limit_ask(limit, name, g_get_monotonic_time()), field, call);
}

static gboolean find_key(SightGuard *guard, const char *tainted_text, SightKey **key, char ***origins, GError **error) {
  *key = NULL;
  *origins = NULL;
  if (tainted_text == NULL || *tainted_text == '\0' || strlen(tainted_text) > MAX_KEY_LENGTH)
    return TRUE;
  return guard->depot->kind->check_key(guard->depot, tainted_text, key, origins, error);
}

static gboolean origin_is_allowed(const char *const *origins, SoupServerMessage *msg) {
  if (origins == NULL || *origins == NULL)
    return TRUE;
  const char *tainted_origin = soup_message_headers_get_one(soup_server_message_get_request_headers(msg), "Origin");
  /* Of what only asks, browsers name the origin only where it is another one. */
  if (tainted_origin == NULL)
    return g_str_equal(soup_server_message_get_method(msg), "HEAD");
  return g_strv_contains(origins, tainted_origin);
}

static const char *bearer_of(SoupServerMessage *msg) {
  const char *tainted_text =
      soup_message_headers_get_one(soup_server_message_get_request_headers(msg), "Authorization");
  return tainted_text != NULL && g_ascii_strncasecmp(tainted_text, "Bearer ", 7) == 0 ? tainted_text + 7 : NULL;
}

static gboolean check_key(SightGuard *guard, SoupServerMessage *msg, SightCall *call, const char *address) {
  gboolean writes = call->route->access == SIGHT_ROUTE_WRITE;
  const char *field = writes ? "key" : "authorization";
  const char *tainted_key = bearer_of(msg);
  if (writes)
    tainted_key = call->query != NULL ? g_hash_table_lookup(call->query, "key") : NULL;
  g_auto(GStrv) origins = NULL;
  g_autoptr(GError) error = NULL;
  if (!find_key(guard, tainted_key, &call->key, &origins, &error)) {
    sight_call_fail(call, error);
    return FALSE;
  }
  if (call->key == NULL) {
    /* Guessing costs tokens of the guesser's address; a write key has paid already. */
    if (writes || within_rate(guard->of_others, address, "address", call))
      sight_call_refuse(call, 401, "unauthorized", field,
                        writes                ? "\"key\" has to be a write key of this collector"
                        : tainted_key != NULL ? "this token is not known here, or was revoked"
                                              : "a token is needed: Authorization: Bearer TOKEN");
    return FALSE;
  }
  if (!(call->key->scopes & call->route->scopes)) {
    sight_call_refuse(call, 403, "forbidden", field, "this key may not do that");
    return FALSE;
  }
  if (writes && !origin_is_allowed((const char *const *)origins, msg)) {
    sight_call_refuse(call, 403, "forbidden", "origin", "pages of this origin may not post here");
    return FALSE;
  }
  return !writes || within_rate(guard->by_key, tainted_key, "key", call);
}

static gboolean check_type(const char *tainted_type, SightCall *call) {
  gboolean is_json = tainted_type != NULL && g_ascii_strcasecmp(tainted_type, "application/json") == 0;
  gboolean is_beacon = tainted_type != NULL && call->route->access == SIGHT_ROUTE_WRITE &&
                       g_ascii_strcasecmp(tainted_type, "text/plain") == 0;
  if (call->route->of_any_type) {
    call->body_type = g_strdup(tainted_type != NULL ? tainted_type : "");
    return TRUE;
  }
  if (!is_json && !is_beacon)
    sight_call_refuse(call, 415, "unsupported", "content-type", "the body has to be application/json");
  return is_json || is_beacon;
}

static gboolean check_coding(const char *tainted_coding, SightCall *call) {
  gboolean is_plain = tainted_coding == NULL || g_ascii_strcasecmp(tainted_coding, "identity") == 0;
  call->body_is_gzip = !is_plain && !call->route->of_any_type && g_ascii_strcasecmp(tainted_coding, "gzip") == 0;
  if (!is_plain && !call->body_is_gzip)
    sight_call_refuse(call, 415, "unsupported", "content-encoding", "the body has to be plain%s",
                      call->route->of_any_type ? "" : " or gzip");
  return is_plain || call->body_is_gzip;
}

static gboolean check_body_form(SoupServerMessage *msg, SightCall *call) {
  SoupMessageHeaders *headers = soup_server_message_get_request_headers(msg);
  if (!check_type(soup_message_headers_get_content_type(headers, NULL), call) ||
      !check_coding(soup_message_headers_get_list(headers, "Content-Encoding"), call))
    return FALSE;
  if (soup_message_headers_get_encoding(headers) == SOUP_ENCODING_CONTENT_LENGTH &&
      soup_message_headers_get_content_length(headers) > (goffset)call->route->max_body) {
    sight_call_refuse(call, 413, "too_large", "body", "the body may have %" G_GSIZE_FORMAT " bytes at most",
                      call->route->max_body);
    return FALSE;
  }
  return TRUE;
}

gboolean sight_guard_admit(SightGuard *guard, SoupServerMessage *msg, SightCall *call) {
  if (call->route->access == SIGHT_ROUTE_OPEN)
    return TRUE;
  const char *address = call->address = share_of_client(guard, msg);
  if (call->route->access == SIGHT_ROUTE_RATED || (call->route->may_be_open && guard->open_metrics))
    return within_rate(guard->of_others, address, "address", call);
  if (call->route->access == SIGHT_ROUTE_TOKEN ? !has_rate(guard->of_others, address, "address", call)
                                               : !within_rate(guard->by_address, address, "address", call))
    return FALSE;
  return check_key(guard, msg, call, address) && (call->route->max_body == 0 || check_body_form(msg, call));
}

gboolean sight_guard_admits_origin(SightGuard *guard, SoupServerMessage *msg, GHashTable *query) {
  g_autoptr(SightKey) key = NULL;
  g_auto(GStrv) origins = NULL;
  const char *tainted_key = query != NULL ? g_hash_table_lookup(query, "key") : NULL;
  g_autofree char *address = share_of_client(guard, msg);
  gint64 now_us = g_get_monotonic_time();
  /* What is refused passes here, so that the page's own request gets an answer which it can read. */
  if (sight_rate_limit_ask(guard->of_others, address, now_us) > 0)
    return TRUE;
  if (!find_key(guard, tainted_key, &key, &origins, NULL))
    return FALSE;
  if (key == NULL)
    sight_rate_limit_take(guard->of_others, address, now_us);
  return key == NULL || origin_is_allowed((const char *const *)origins, msg);
}
