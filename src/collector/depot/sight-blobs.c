/* SPDX-License-Identifier: MIT */
/* Requests to an S3-compatible store over libsoup. */
#include "sight-blobs.h"

#include "sight-patience.h"
#include "sight-s3-sign.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#define TIMEOUT_S 30
#define MAX_TRIES 6
#define FIRST_PAUSE_US 20000
#define MAX_CONNECTIONS 32
#define MAX_GETTERS 16

#define PIECE 65536
/* What is answered beside blobs: a listing names a thousand, each of a kilobyte at most. */
#define MAX_SAID ((gsize)4 * 1024 * 1024)

/* One request with its answer, to which neither may be slower than 34 bytes a second. */
SightPatienceLimits sight_blobs_patience = {
    .total_ms = 120000, .window_ms = (gint64)TIMEOUT_S * 1000, .window_bytes = 1024};

struct SightBlobs {
  char *endpoint, *host, *bucket, *region, *access_key, *secret_key;
  SoupSession *session;
  GThreadPool *getters;
  GMutex lock; /* of the runs that are being got */
  GCond got;
};

/* One request. Headers and answer besides its body are nobody's business. */
typedef struct {
  const char *method;
  const char *name; /* of a blob; NULL: the bucket */
  const char *query;
  GBytes *content;
  gint64 at, size; /* of a GET: the range; size 0: all */
} Request;

static char *path_of(const SightBlobs *blobs, const Request *request) {
  return g_strdup_printf("/%s%s%s", blobs->bucket, request->name != NULL ? "/" : "",
                         request->name != NULL ? request->name : "");
}

/* Signed now: a signature is good for some minutes. */
static SoupMessage *make_message(const SightBlobs *blobs, const Request *request) {
  g_autofree char *path = path_of(blobs, request);
  g_autofree char *url = g_strconcat(blobs->endpoint, path, *request->query != '\0' ? "?" : "", request->query, NULL);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autofree char *time = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
  g_autofree char *range =
      g_strdup_printf("bytes=%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, request->at, request->at + request->size - 1);
  g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
  g_autofree char *sum =
      g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, request->content != NULL ? request->content : nothing);
  const char *const whole[] = {"host", blobs->host, "x-amz-content-sha256", sum, "x-amz-date", time, NULL};
  const char *const part[] = {"host", blobs->host,  "range", range, "x-amz-content-sha256",
                              sum,    "x-amz-date", time,    NULL};
  const char *const *headers = request->size > 0 ? part : whole;
  const SightS3Signer signer = {blobs->access_key, blobs->secret_key, blobs->region};
  g_autofree char *authorization = sight_s3_sign(&signer, request->method, path, request->query, headers, sum, time);
  SoupMessage *msg = soup_message_new(request->method, url);
  SoupMessageHeaders *out = soup_message_get_request_headers(msg);
  for (gsize i = 2; headers[i] != NULL; i += 2)
    soup_message_headers_replace(out, headers[i], headers[i + 1]);
  soup_message_headers_replace(out, "Authorization", authorization);
  if (request->content != NULL)
    soup_message_set_request_body_from_bytes(msg, "application/octet-stream", request->content);
  return msg;
}

static gboolean is_passing(guint status) {
  return status == 0 || status == 408 || status == 429 || status >= 500;
}

/* What the store says of an error is XML with a code for programs and a sentence for people. A blob that is not there,
 * or ends before what is asked for, is not the same as a bucket that is not there. */
static void fail(const SightBlobs *blobs, const Request *request, guint status, GBytes *answer, GError **error) {
  gsize bytes = 0;
  const char *text = answer != NULL ? g_bytes_get_data(answer, &bytes) : NULL;
  g_autofree char *said = text != NULL && bytes > 0 ? sight_text_excerpt(text, (gssize)bytes, 200) : g_strdup("");
  gboolean is_gone = status == 416 || (status == 404 && strstr(said, "NoSuchKey") != NULL);
  g_set_error(error, G_IO_ERROR, is_gone ? G_IO_ERROR_NOT_FOUND : G_IO_ERROR_FAILED,
              "the object store answers %u to %s of %s/%s: %s", status, request->method, blobs->bucket,
              request->name != NULL ? request->name : "", said);
}

/* What goes beyond what was asked for is not taken: NULL. */
static GBytes *read_answer(GInputStream *stream, gsize most, SightPatience *patience, GError **error) {
  g_autoptr(GByteArray) answer = g_byte_array_new();
  g_autofree guint8 *piece = g_malloc(PIECE);
  gssize bytes;
  while ((bytes = g_input_stream_read(stream, piece, PIECE, sight_patience_cancellable(patience), error)) > 0) {
    sight_patience_count(patience, (gsize)bytes);
    g_byte_array_append(answer, piece, (guint)bytes);
    if (answer->len > most) {
      g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the object store answers without end");
      return NULL;
    }
  }
  return bytes == 0 ? g_byte_array_free_to_bytes(g_steal_pointer(&answer)) : NULL;
}

static void on_wrote(SoupMessage *msg, guint bytes, gpointer user_data) {
  sight_patience_count(user_data, bytes);
}

/* Once. NULL on error. */
static GBytes *exchange(SightBlobs *blobs, SoupMessage *msg, gsize most, SightPatience *patience, GError **error) {
  gulong handler = g_signal_connect(msg, "wrote-body-data", G_CALLBACK(on_wrote), patience);
  g_autoptr(GInputStream) stream = soup_session_send(blobs->session, msg, sight_patience_cancellable(patience), error);
  GBytes *answer = stream != NULL ? read_answer(stream, most, patience, error) : NULL;
  g_signal_handler_disconnect(msg, handler);
  return answer;
}

/* The answer's body; NULL on error. */
static GBytes *ask(SightBlobs *blobs, const Request *request, GError **error) {
  for (int tries = 1;; tries++) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(SoupMessage) msg = make_message(blobs, request);
    g_autoptr(SightPatience) patience = sight_patience_new(&sight_blobs_patience, NULL);
    g_autoptr(GBytes) answer = exchange(blobs, msg, (gsize)request->size + MAX_SAID, patience, &failure);
    if (answer == NULL)
      sight_patience_explain(patience, &failure);
    guint status = answer != NULL ? soup_message_get_status(msg) : 0;
    if (status >= 200 && status < 300)
      return g_steal_pointer(&answer);
    if (tries == MAX_TRIES || !is_passing(status)) {
      if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
      else
        fail(blobs, request, status, answer, error);
      return NULL;
    }
    g_usleep((gulong)FIRST_PAUSE_US << tries);
  }
}

gboolean sight_blobs_put(SightBlobs *blobs, const char *name, GBytes *content, GError **error) {
  Request request = {.method = "PUT", .name = name, .query = "", .content = content};
  g_autoptr(GBytes) answer = ask(blobs, &request, error);
  return answer != NULL;
}

gboolean sight_blobs_remove(SightBlobs *blobs, const char *name, GError **error) {
  Request request = {.method = "DELETE", .name = name, .query = ""};
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) answer = ask(blobs, &request, &failure);
  if (answer != NULL || g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

/* Getting */

/* Parts that lie behind each other. */
typedef struct {
  SightBlobPart *parts;
  guint n;
  GError *error;
  guint *left; /* of all runs that were asked for together */
} Run;

static gint64 size_of(const Run *run) {
  const SightBlobPart *last = &run->parts[run->n - 1];
  return last->at + last->size - run->parts[0].at;
}

static gboolean is_lost(const GError *error) {
  return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void get_run(gpointer data, gpointer user_data) {
  SightBlobs *blobs = user_data;
  Run *run = data;
  Request request = {
      .method = "GET", .name = run->parts[0].name, .query = "", .at = run->parts[0].at, .size = size_of(run)};
  g_autoptr(GBytes) answer = ask(blobs, &request, &run->error);
  gint64 bytes = answer != NULL ? (gint64)g_bytes_get_size(answer) : 0;
  if (bytes > request.size)
    g_set_error(&run->error, G_IO_ERROR, G_IO_ERROR_FAILED, "the object store gives another range of %s than asked for",
                request.name);
  else if (bytes < request.size && (answer != NULL || is_lost(run->error)))
    g_warning("%s is not whole in the object store any more: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes",
              request.name, bytes, request.size);
  for (guint i = 0; bytes <= request.size && i < run->n; i++) {
    gint64 at = run->parts[i].at - request.at;
    if (at + run->parts[i].size <= bytes)
      run->parts[i].bytes = g_bytes_new_from_bytes(answer, (gsize)at, (gsize)run->parts[i].size);
  }
  if (is_lost(run->error))
    g_clear_error(&run->error);
  g_mutex_lock(&blobs->lock);
  (*run->left)--;
  g_cond_broadcast(&blobs->got);
  g_mutex_unlock(&blobs->lock);
}

static GArray *find_runs(SightBlobPart *parts, guint n, guint *left) {
  GArray *runs = g_array_new(FALSE, TRUE, sizeof(Run));
  for (guint i = 0; i < n; i++) {
    const SightBlobPart *before = i > 0 ? &parts[i - 1] : NULL;
    if (before != NULL && g_str_equal(before->name, parts[i].name) && before->at + before->size == parts[i].at) {
      g_array_index(runs, Run, runs->len - 1).n++;
    } else {
      Run run = {.parts = &parts[i], .n = 1, .left = left};
      g_array_append_val(runs, run);
    }
  }
  return runs;
}

gboolean sight_blobs_get(SightBlobs *blobs, SightBlobPart *parts, guint n, GError **error) {
  guint left = 0;
  g_autoptr(GArray) runs = find_runs(parts, n, &left);
  left = runs->len;
  for (guint i = 0; i < runs->len; i++)
    g_thread_pool_push(blobs->getters, &g_array_index(runs, Run, i), NULL);
  g_mutex_lock(&blobs->lock);
  while (left > 0)
    g_cond_wait(&blobs->got, &blobs->lock);
  g_mutex_unlock(&blobs->lock);
  GError *failure = NULL;
  for (guint i = 0; i < runs->len; i++) {
    Run *run = &g_array_index(runs, Run, i);
    if (failure == NULL)
      failure = g_steal_pointer(&run->error);
    g_clear_error(&run->error);
  }
  if (failure == NULL)
    return TRUE;
  for (guint i = 0; i < n; i++)
    g_clear_pointer(&parts[i].bytes, g_bytes_unref);
  g_propagate_error(error, failure);
  return FALSE;
}

/* Listing: ListBucketResult of list-type 2 */

typedef struct {
  const char *prefix;
  GArray *page;  /* of SightBlob */
  GString *text; /* of the element that is open */
  char *name, *modified, *token;
} Listing;

static void blob_clear(gpointer blob) {
  g_free(((SightBlob *)blob)->name);
}

static void on_start(GMarkupParseContext *context, const char *element, const char **names, const char **values,
                     gpointer user_data, GError **error) {
  g_string_truncate(((Listing *)user_data)->text, 0);
}

static void on_text(GMarkupParseContext *context, const char *text, gsize bytes, gpointer user_data, GError **error) {
  g_string_append_len(((Listing *)user_data)->text, text, (gssize)bytes);
}

static void keep(char **where, const GString *text) {
  g_free(*where);
  *where = g_strdup(text->str);
}

static void on_end(GMarkupParseContext *context, const char *element, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  if (g_str_equal(element, "Key"))
    keep(&listing->name, listing->text);
  else if (g_str_equal(element, "LastModified"))
    keep(&listing->modified, listing->text);
  else if (g_str_equal(element, "NextContinuationToken"))
    keep(&listing->token, listing->text);
  if (!g_str_equal(element, "Contents") || listing->name == NULL || listing->modified == NULL)
    return;
  /* Whoever asks may remove it: a store that does not know prefixes must not say what is whose. */
  if (!g_str_has_prefix(listing->name, listing->prefix))
    return;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autoptr(GDateTime) modified = g_date_time_new_from_iso8601(listing->modified, utc);
  const SightBlob blob = {.name = g_strdup(listing->name),
                          .modified_s = modified != NULL ? g_date_time_to_unix(modified) : G_MAXINT64};
  g_array_append_val(listing->page, blob);
}

static gboolean read_page(Listing *listing, GBytes *page, GError **error) {
  static const GMarkupParser parser = {.start_element = on_start, .text = on_text, .end_element = on_end};
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, listing, NULL);
  gsize bytes = 0;
  const char *text = g_bytes_get_data(page, &bytes);
  g_array_set_size(listing->page, 0);
  g_clear_pointer(&listing->token, g_free);
  return g_markup_parse_context_parse(context, text, (gssize)bytes, error) &&
         g_markup_parse_context_end_parse(context, error);
}

/* A page has the token of the next one: not its own, or there were no end. */
static gboolean goes_on(const Listing *listing, const char *before, GError **error) {
  if (listing->token == NULL || g_strcmp0(listing->token, before) != 0)
    return TRUE;
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the object store lists the same again and again");
  return FALSE;
}

gboolean sight_blobs_each_page(SightBlobs *blobs, const char *prefix, SightBlobPageFunc func, gpointer user_data,
                               GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(SightBlob));
  g_autofree char *beginning = g_uri_escape_string(prefix, NULL, FALSE);
  Listing listing = {.prefix = prefix, .page = names, .text = text};
  gboolean done = TRUE;
  g_array_set_clear_func(names, blob_clear);
  do {
    g_autofree char *before = g_strdup(listing.token);
    g_autofree char *token = before != NULL ? g_uri_escape_string(before, NULL, FALSE) : NULL;
    g_autofree char *query = g_strdup_printf("%s%s%slist-type=2&prefix=%s", token != NULL ? "continuation-token=" : "",
                                             token != NULL ? token : "", token != NULL ? "&" : "", beginning);
    Request request = {.method = "GET", .query = query};
    g_autoptr(GBytes) page = ask(blobs, &request, error);
    done = page != NULL && read_page(&listing, page, error) && goes_on(&listing, before, error) &&
           func((const SightBlob *)(gconstpointer)names->data, names->len, user_data, error);
  } while (done && listing.token != NULL);
  g_free(listing.name);
  g_free(listing.modified);
  g_free(listing.token);
  return done;
}

/* Opening */

static gboolean complain(GError **error, const char *what) {
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, what);
  return FALSE;
}

/* The host as in the header: without the port that its scheme has anyway. */
static char *host_of(GUri *uri) {
  int port = g_uri_get_port(uri);
  gboolean usual = port < 0 || port == (g_str_equal(g_uri_get_scheme(uri), "https") ? 443 : 80);
  return usual ? g_strdup(g_uri_get_host(uri)) : g_strdup_printf("%s:%d", g_uri_get_host(uri), port);
}

static gboolean read_endpoint(SightBlobs *blobs, const char *endpoint, GError **error) {
  g_autoptr(GUri) uri = g_uri_parse(endpoint, G_URI_FLAGS_NONE, error);
  if (uri == NULL)
    return FALSE;
  const char *scheme = g_uri_get_scheme(uri);
  if ((!g_str_equal(scheme, "https") && !g_str_equal(scheme, "http")) || g_uri_get_host(uri) == NULL)
    return complain(error, _("The endpoint of the object store has to be https://HOST or http://HOST."));
  blobs->host = host_of(uri);
  blobs->endpoint = g_strconcat(scheme, "://", blobs->host, NULL);
  return TRUE;
}

static gboolean read_address(SightBlobs *blobs, const char *address, GError **error) {
  g_autoptr(GUri) uri = g_uri_parse(address, G_URI_FLAGS_NONE, error);
  if (uri == NULL)
    return FALSE;
  const char *query = g_uri_get_query(uri);
  g_autoptr(GHashTable) params = query != NULL ? g_uri_parse_params(query, -1, "&", G_URI_PARAMS_NONE, error) : NULL;
  const char *endpoint = params != NULL ? g_hash_table_lookup(params, "endpoint") : NULL;
  const char *region = params != NULL ? g_hash_table_lookup(params, "region") : NULL;
  if (query != NULL && params == NULL)
    return FALSE;
  if (!g_str_equal(g_uri_get_scheme(uri), "s3") || g_uri_get_host(uri) == NULL || endpoint == NULL)
    return complain(error, _("An object store is given as s3://BUCKET?endpoint=https://HOST."));
  blobs->bucket = g_strdup(g_uri_get_host(uri));
  blobs->region = g_strdup(region != NULL ? region : "us-east-1");
  blobs->access_key = g_strdup(g_getenv("AWS_ACCESS_KEY_ID"));
  blobs->secret_key = g_strdup(g_getenv("AWS_SECRET_ACCESS_KEY"));
  if (blobs->access_key == NULL || blobs->secret_key == NULL)
    return complain(error, _("The keys of the object store have to be in the environment: AWS_ACCESS_KEY_ID and "
                             "AWS_SECRET_ACCESS_KEY."));
  return read_endpoint(blobs, endpoint, error);
}

/* Wrong keys, buckets and proxies show now, not with the first visitor. */
static gboolean try_it(SightBlobs *blobs, GError **error) {
  g_autofree char *id = sight_id_new();
  g_autofree char *name = g_strconcat("probe/", id, NULL);
  g_autoptr(GBytes) content = g_bytes_new(id, strlen(id));
  SightBlobPart part = {.name = name, .at = 1, .size = (gint64)strlen(id) - 1};
  if (!sight_blobs_put(blobs, name, content, error) || !sight_blobs_get(blobs, &part, 1, error))
    return FALSE;
  gboolean same = part.bytes != NULL && memcmp(g_bytes_get_data(part.bytes, NULL), id + 1, strlen(id) - 1) == 0;
  g_clear_pointer(&part.bytes, g_bytes_unref);
  if (!same)
    return complain(error, _("The object store gives back something else than it was given."));
  return sight_blobs_remove(blobs, name, error);
}

SightBlobs *sight_blobs_open(const char *address, GError **error) {
  SightBlobs *blobs = g_new0(SightBlobs, 1);
  g_mutex_init(&blobs->lock);
  g_cond_init(&blobs->got);
  blobs->session = soup_session_new_with_options("timeout", TIMEOUT_S, "max-conns", MAX_CONNECTIONS,
                                                 "max-conns-per-host", MAX_CONNECTIONS, NULL);
  soup_session_remove_feature_by_type(blobs->session, SOUP_TYPE_CONTENT_DECODER);
  blobs->getters = g_thread_pool_new(get_run, blobs, MAX_GETTERS, FALSE, NULL);
  if (read_address(blobs, address, error) && try_it(blobs, error))
    return blobs;
  sight_blobs_close(blobs);
  return NULL;
}

void sight_blobs_close(SightBlobs *blobs) {
  g_thread_pool_free(blobs->getters, FALSE, TRUE);
  g_object_unref(blobs->session);
  g_mutex_clear(&blobs->lock);
  g_cond_clear(&blobs->got);
  g_free(blobs->endpoint);
  g_free(blobs->host);
  g_free(blobs->bucket);
  g_free(blobs->region);
  g_free(blobs->access_key);
  g_free(blobs->secret_key);
  g_free(blobs);
}
