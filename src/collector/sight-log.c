/* SPDX-License-Identifier: MIT */
/* Lines of the log. */
#include "sight-log.h"

#include "sight-config.h"
#include "sight-route.h"
#include "sight-terminal.h"

#include <string.h>

static gboolean is_json; /* set before there is a second thread */

static SightJsonWriter begin(GString *out, const char *level, const char *event) {
  SightJsonWriter w = {.out = out};
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autofree char *second = g_date_time_format(now, "%FT%T");
  g_autofree char *time = g_strdup_printf("%s.%03dZ", second, g_date_time_get_microsecond(now) / 1000);
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "time", time);
  sight_json_member_string(&w, "level", level);
  sight_json_member_string(&w, "event", event);
  return w;
}

static void end(SightJsonWriter *w) {
  sight_json_end_object(w);
  g_printerr("%s\n", w->out->str);
}

static const char *name_of(GLogLevelFlags level) {
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
    return "error";
  if (level & G_LOG_LEVEL_WARNING)
    return "warning";
  return level & G_LOG_LEVEL_DEBUG ? "debug" : "info";
}

static GLogWriterOutput write_message(GLogLevelFlags level, const GLogField *fields, gsize n_fields,
                                      gpointer user_data) {
  const char *domain = NULL, *message = NULL;
  for (gsize i = 0; i < n_fields; i++) {
    if (g_str_equal(fields[i].key, "GLIB_DOMAIN"))
      domain = fields[i].value;
    else if (g_str_equal(fields[i].key, "MESSAGE"))
      message = fields[i].value;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = begin(out, name_of(level), "message");
  sight_json_member_string(&w, "of", domain);
  sight_json_member_string(&w, "text", message);
  end(&w);
  return G_LOG_WRITER_HANDLED;
}

void sight_log_use_json(void) {
  is_json = TRUE;
  sight_terminal_set_log(write_message);
}

void sight_log_started(const char *url, const char *store) {
  if (!is_json)
    return;
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = begin(out, "info", "started");
  sight_json_member_string(&w, "url", url);
  sight_json_member_string(&w, "store", store);
  sight_json_member_string(&w, "version", SIGHT_VERSION);
  end(&w);
}

void sight_log_stopped(void) {
  if (!is_json)
    return;
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = begin(out, "info", "stopped");
  end(&w);
}

void sight_log_answered(const SightCall *call, gint64 us) {
  if (!is_json)
    return;
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = begin(out, call->status >= 500 ? "warning" : "info", call->code != NULL ? "refused" : "answered");
  sight_json_member_string(&w, "method", call->route != NULL ? call->route->method : NULL);
  sight_json_member_string(&w, "route", call->route != NULL ? call->route->path : NULL);
  sight_json_member_int(&w, "status", call->status);
  if (call->code != NULL)
    sight_json_member_string(&w, "reason", call->code);
  sight_json_key(&w, "key");
  if (call->key != NULL)
    sight_json_put_int(&w, call->key->row);
  else
    sight_json_put_null(&w);
  sight_json_member_int(&w, "body_bytes", call->body != NULL ? (gint64)g_bytes_get_size(call->body) : 0);
  sight_json_member_int(&w, "us", us);
  end(&w);
}
