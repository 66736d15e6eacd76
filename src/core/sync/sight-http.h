/* SPDX-License-Identifier: MIT */
/* SightHttp: asking an endpoint, with patience for its faults and distrust of its answers. */
#pragma once

#include "sight-pace.h"
#include "sight-patience.h"

G_BEGIN_DECLS

/* Belongs to the thread that made it; every call blocks. Errors: SIGHT_SYNC_ERROR, or G_IO_ERROR_CANCELLED. */
typedef struct SightHttp SightHttp;

/* `url`: "https://host[/path]"; a slash at its end does not matter. token may be NULL.
 * SIGHT_SYNC_ERROR_SETTING where a secret must not go there (sight-web-address.h). */
SightHttp *sight_http_new(const char *url, const char *token, GError **error);
void sight_http_free(SightHttp *http);
/* What one exchange may take: ten minutes for all of it, and at least 2 KiB in each half minute. */
extern const SightPatienceLimits sight_http_patience;
void sight_http_set_patience(SightHttp *http, const SightPatienceLimits *limits);
/* Somebody sits and waits for the answer: fewer attempts, and seconds rather than minutes. */
void sight_http_be_brief(SightHttp *http);
/* While set, an endpoint that is busy or away is not asked again within a request. */
void sight_http_set_tries_once(SightHttp *http, gboolean once);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightHttp, sight_http_free)

/* The token is "user:password", and sent as HTTP's Basic. */
void sight_http_use_basic(SightHttp *http, const char *user_and_password);
/* Each request from now on waits for its turn, however long that is; and after a 429, as it tells, up to two hours.
 * NULL: none waits. Borrowed. */
void sight_http_set_pace(SightHttp *http, SightPace *pace);

/* The URL without what does not matter (case of the host, slash at the end), by which endpoints and tokens are known;
 * NULL with error where it is none. The caller's. */
char *sight_http_normalize_url(const char *url, GError **error);

/* What is asked. Zero-initialised but for method, path and max_bytes. */
typedef struct {
  const char *method;
  const char *path; /* escaped already; behind the URL */
  GBytes *json;
  gsize max_bytes;      /* of the answer; more is an error */
  const char *header;   /* of the answer, which is wanted, too */
  gboolean any_refusal; /* 4xx are answers, which the caller explains */
} SightHttpRequest;
/* As sight_http_send(); *tainted_header (may be NULL) is the caller's, NULL where the answer has none. */
guint sight_http_request(SightHttp *http, const SightHttpRequest *request, GString *answer, char **tainted_header,
                         GCancellable *cancellable, GError **error);

/* What an answer that refuses says, as one short line for people; the caller's. */
char *sight_http_reason(const GString *tainted_answer);

/* One request; `path` begins with "/v1/" and is escaped already. Tries again a few times where that may help (cut
 * connections, 429, 502 to 504). The status of the answer (2xx, 404, 409, 410, 413, 415, 422), or 0 with error. The
 * answer, capped at 16 MiB, replaces what stands in `answer`. */
guint sight_http_send(SightHttp *http, const char *method, const char *path, GBytes *json, GString *answer,
                      GCancellable *cancellable, GError **error);

/* Gets content of at most `max_bytes`, more is an error; *type (the caller's) is what it is declared as, or NULL. */
guint sight_http_get(SightHttp *http, const char *path, gsize max_bytes, GString *content, char **tainted_type,
                     GCancellable *cancellable, GError **error);

/* FALSE (with error) stops. */
typedef gboolean (*SightHttpLineFunc)(const char *tainted_line, gsize bytes, gpointer user_data, GError **error);

/* Gets lines. A last line without its end is dropped. *cut tells that the connection broke before the end of the
 * answer, which is no error here: what was handed on is whole, and the caller asks for the rest. */
guint sight_http_get_lines(SightHttp *http, const char *path, gsize max_line, guint64 max_bytes, SightHttpLineFunc func,
                           gpointer user_data, gboolean *cut, GCancellable *cancellable, GError **error);

/* Waits before attempt number `attempt` (0: does not), full jitter. FALSE: cancelled. */
gboolean sight_http_back_off(guint attempt, GCancellable *cancellable, GError **error);

G_END_DECLS
