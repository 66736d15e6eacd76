/* SPDX-License-Identifier: MIT */
/* The clip as one file: a policy, the data, and the player. */
#include "sight-clip-private.h"
#include "sight-clip-resources.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SCRIPT "/io/github/sessionsight/clip/clip.js"

static void append_escaped(GString *out, const char *text) {
  for (; *text != 0; text++) {
    if (*text == '&')
      g_string_append(out, "&amp;");
    else if (*text == '<')
      g_string_append(out, "&lt;");
    else if (*text == '>')
      g_string_append(out, "&gt;");
    else
      g_string_append_c(out, *text);
  }
}

static char *hash_of(GBytes *script) {
  guint8 sum[32];
  gsize bytes = sizeof sum;
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(checksum, g_bytes_get_data(script, NULL), (gssize)g_bytes_get_size(script));
  g_checksum_get_digest(checksum, sum, &bytes);
  return g_base64_encode(sum, bytes);
}

static GBytes *find_script(GError **error) {
  return g_resource_lookup_data(sight_clip_resources_get_resource(), SCRIPT, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}

/* What the player says, in the language of whoever makes the clip. */
static void append_words(GString *out) {
  const char *const words[][2] = {{"play", _("Play")},
                                  {"pause", _("Pause")},
                                  {"position", _("Position")},
                                  /* Translators: {at} and {length} are times, as 0:12 */
                                  {"of", _("{at} of {length}")},
                                  {"speed", _("Speed")},
                                  {"actual", _("Actual size")},
                                  {"untitled", _("Recorded session")},
                                  {"moments", _("Moments")}};
  SightJsonWriter w = {.out = out};

  g_string_append(out, "<script type=\"application/json\" id=\"words\">");
  sight_json_begin_object(&w);
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    sight_json_member_string(&w, words[i][0], words[i][1]);
  sight_json_end_object(&w);
  g_string_append(out, "</script>\n");
}

gboolean sight_clip_page_begin(GString *out, const char *title, GError **error) {
  g_autoptr(GBytes) script = find_script(error);
  if (script == NULL)
    return FALSE;
  g_autofree char *hash = hash_of(script);
  /* Translators: the code of your language, as de or ja */
  g_string_append_printf(out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                         C_("code of the language", "en"));
  g_string_append_printf(out,
                         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
                         "'sha256-%s'; style-src 'unsafe-inline' data:; img-src data: blob:; font-src data:; media-src "
                         "data: blob:; form-action 'none'; base-uri 'none'\">\n",
                         hash);
  g_string_append(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
  append_escaped(out, title != NULL && title[0] != 0 ? title : "SessionSight");
  g_string_append(out, "</title>\n</head>\n<body>\n");
  append_words(out);
  return TRUE;
}

void sight_clip_write_element(const GString *events, const SightClipAbout *about, gint64 from_ms, gint64 to_ms,
                              GString *out) {
  SightJsonWriter w = {.out = out};
  g_string_append(out, "<script type=\"application/json\" class=\"clip\">");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "name", about != NULL && about->name != NULL ? about->name : "");
  sight_json_member_string(&w, "note", about != NULL && about->note != NULL ? about->note : "");
  sight_json_member_int(&w, "from", from_ms);
  sight_json_member_int(&w, "to", to_ms);
  sight_json_key(&w, "events");
  sight_json_put_raw(&w, events->str, events->len);
  sight_json_end_object(&w);
  g_string_append(out, "</script>\n");
}

gboolean sight_clip_page_end(GString *out, GError **error) {
  g_autoptr(GBytes) script = find_script(error);
  if (script == NULL)
    return FALSE;
  g_string_append(out, "<script>");
  g_string_append_len(out, g_bytes_get_data(script, NULL), (gssize)g_bytes_get_size(script));
  g_string_append(out, "</script>\n</body>\n</html>\n");
  return TRUE;
}
