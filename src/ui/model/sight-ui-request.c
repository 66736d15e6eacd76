/* SPDX-License-Identifier: MIT */
#include "sight-ui-request.h"

#include "sight-redaction.h"

#include <string.h>

gboolean sight_ui_request_failed(const SightRequestItem *request) {
  return request->status == 0 || request->status >= 400;
}

static int by_time(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

/* When pages began, with the start of the session; in order. */
static GArray *beginnings(const SightAnalysis *analysis) {
  GArray *times = g_array_new(FALSE, TRUE, sizeof(gint64));
  gint64 start_ms = 0;

  g_array_append_val(times, start_ms);
  for (guint i = 0; i < analysis->pages->len; i++) {
    const SightPageView *view = g_ptr_array_index(analysis->pages, i);
    g_array_append_val(times, view->start_ms);
  }
  g_array_sort(times, by_time);
  return times;
}

/* The last that has begun by then. */
static guint place_of(const GArray *times, gint64 at_ms) {
  guint low = 0, high = times->len;

  while (high - low > 1) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(times, gint64, middle) <= at_ms)
      low = middle;
    else
      high = middle;
  }
  return low;
}

GArray *sight_ui_request_scales(const SightAnalysis *analysis) {
  GArray *scales = g_array_new(FALSE, TRUE, sizeof(SightUiRequestScale));
  g_autoptr(GArray) times = beginnings(analysis), ends = g_array_new(FALSE, TRUE, sizeof(gint64));

  g_array_set_size(ends, times->len);
  for (guint i = 0; i < analysis->requests->len; i++) {
    const SightRequestItem *request = g_ptr_array_index(analysis->requests, i);
    gint64 *end_ms = &g_array_index(ends, gint64, place_of(times, request->at_ms));
    *end_ms = MAX(*end_ms, request->at_ms + MAX(request->duration_ms, 1));
  }
  for (guint i = 0; i < analysis->requests->len; i++) {
    const SightRequestItem *request = g_ptr_array_index(analysis->requests, i);
    guint place = place_of(times, request->at_ms);
    SightUiRequestScale scale = {g_array_index(times, gint64, place), g_array_index(ends, gint64, place)};
    g_array_append_val(scales, scale);
  }
  return scales;
}

/* What a terminal would obey, or show as something else, stands there as in an address. */
static char *printable(const char *tainted_text) {
  GString *out = g_string_new(NULL);

  for (const guchar *at = (const guchar *)tainted_text; *at != '\0'; at++) {
    if (*at > ' ' && *at < 0x7f)
      g_string_append_c(out, (char)*at);
    else
      g_string_append_printf(out, "%%%02X", *at);
  }
  return g_string_free(out, FALSE);
}

static gboolean is_word(const char *tainted_method) {
  gsize bytes = strspn(tainted_method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

  return bytes > 0 && bytes <= 20 && tainted_method[bytes] == '\0';
}

/* With all that looks private masked. */
static char *masked(const char *tainted_url) {
  g_autoptr(SightRedaction) redaction = sight_redaction_new();

  sight_redaction_add_all_kinds(redaction);
  sight_redaction_learn_text(redaction, tainted_url);
  return sight_redaction_text(redaction, tainted_url);
}

char *sight_ui_request_curl(const char *tainted_method, const char *tainted_url) {
  const char *method = tainted_method != NULL && is_word(tainted_method) ? tainted_method : "GET";
  g_autofree char *scheme = tainted_url != NULL ? g_uri_parse_scheme(tainted_url) : NULL;

  if (g_strcmp0(scheme, "http") != 0 && g_strcmp0(scheme, "https") != 0)
    return NULL;
  g_autofree char *url = masked(tainted_url), *plain = printable(url), *quoted = g_shell_quote(plain);
  g_autofree char *how = g_str_equal(method, "GET")    ? g_strdup("")
                         : g_str_equal(method, "HEAD") ? g_strdup("--head ")
                                                       : g_strdup_printf("-X %s ", method);
  /* Without --globoff what stands in brackets would be many addresses. */
  return g_strdup_printf("curl --globoff %s--url %s", how, quoted);
}
