/* SPDX-License-Identifier: MIT */
/* sightctl post: sends files of recorded batches (JSON lines of envelopes) to a collector, as a page would. */
#include "sight-cli.h"

#include "sight-compress.h"
#include "sight-envelope.h"
#include "sight-patience.h"
#include "sight-sync.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#define MAX_FILE_BYTES ((guint64)1 << 30)
#define MAX_TRIES 8

/* One batch with its answer. */
static const SightPatienceLimits limits = {.total_ms = 600000, .window_ms = 600000};

typedef struct {
  SoupSession *http;
  char *address;
  guint n_stored, n_duplicate;
} Posting;

static gboolean append(const char *data, gsize bytes, gpointer user_data, GError **error) {
  g_string_append_len(user_data, data, (gssize)bytes);
  return TRUE;
}

static GString *read_file(const char *name, GError **error) {
  g_autoptr(GFile) file = g_file_new_for_commandline_arg(name);
  g_autofree char *data = NULL;
  gsize bytes = 0;
  g_autoptr(GString) text = g_string_new(NULL);

  if (!g_file_load_contents(file, NULL, &data, &bytes, NULL, error)) {
    return NULL;
  }
  g_autoptr(SightExpander) expander = sight_expander_new(sight_codec_guess(data, bytes), MAX_FILE_BYTES);
  if (!sight_expander_push(expander, data, bytes, append, text, error) || !sight_expander_finish(expander, error)) {
    g_prefix_error(error, "%s: ", name);
    return NULL;
  }
  return g_steal_pointer(&text);
}

/* How long the collector asks us to wait, or a little longer each time; never for ever. */
static gulong wait_us(SoupMessage *message, int try) {
  const char *asked = soup_message_headers_get_one(soup_message_get_response_headers(message), "Retry-After");
  guint64 seconds = 0;

  if (asked && g_ascii_string_to_unsigned(asked, 10, 0, 60, &seconds, NULL)) {
    return (gulong)seconds * G_USEC_PER_SEC;
  }
  return (gulong)g_random_int_range(0, 100 << try) * 1000;
}

static gboolean post_batch(Posting *posting, GBytes *packed, GError **error) {
  for (int try = 1;; try++) {
    g_autoptr(SoupMessage) message = soup_message_new("POST", posting->address);
    g_autoptr(GError) problem = NULL;
    soup_message_set_request_body_from_bytes(message, "application/json", packed);
    soup_message_headers_append(soup_message_get_request_headers(message), "Content-Encoding", "gzip");
    g_autoptr(SightPatience) patience = sight_patience_new(&limits, NULL);
    g_autoptr(GBytes) answer =
        soup_session_send_and_read(posting->http, message, sight_patience_cancellable(patience), &problem);
    if (!answer) {
      sight_patience_explain(patience, &problem);
    }
    guint status = soup_message_get_status(message);
    if (answer && (status == 202 || status == 200)) {
      gsize bytes = 0;
      const char *text = g_bytes_get_data(answer, &bytes);
      gboolean stored = g_strstr_len(text, (gssize)bytes, "\"stored\":true") != NULL;
      posting->n_stored += stored;
      posting->n_duplicate += !stored;
      return TRUE;
    }
    gboolean again = !answer || status == 429 || status >= 500;
    if (again && try < MAX_TRIES) {
      g_usleep(wait_us(message, try));
      continue;
    }
    if (!answer) {
      g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_OFFLINE, _("The collector cannot be reached: %s"),
                  problem->message);
      return FALSE;
    }
    g_set_error(error, SIGHT_SYNC_ERROR,
                status == 401 || status == 403 ? SIGHT_SYNC_ERROR_REFUSED : SIGHT_SYNC_ERROR_PROTOCOL,
                _("The collector refused a batch (%u): %.*s"), status, (int)MIN(g_bytes_get_size(answer), 300),
                (const char *)g_bytes_get_data(answer, NULL));
    return FALSE;
  }
}

static gboolean post_file(Posting *posting, const char *name, GError **error) {
  g_autoptr(GString) text = read_file(name, error);
  guint number = 0;

  if (!text) {
    return FALSE;
  }
  for (char *line = text->str; line && *line;) {
    char *end = strchr(line, '\n');
    gsize bytes = end ? (gsize)(end - line) : strlen(line);
    number++;
    if (bytes) {
      g_auto(SightEnvelope) envelope = {0};
      if (!sight_envelope_parse(line, bytes, &envelope, error)) {
        g_prefix_error(error, _("%s, line %u: "), name, number);
        return FALSE;
      }
      g_autoptr(GBytes) packed = sight_gzip_compress(line, bytes);
      if (!post_batch(posting, packed, error)) {
        g_prefix_error(error, _("%s, line %u: "), name, number);
        return FALSE;
      }
    }
    sight_cli_progress(_("%s: %u batches"), name, posting->n_stored + posting->n_duplicate);
    line = end ? end + 1 : NULL;
  }
  return TRUE;
}

int sight_verb_post(SightCli *cli, int argc, char **argv) {
  g_autofree char *url = NULL;
  g_autofree char *key = NULL;
  const GOptionEntry entries[] = {
      {"url", 0, 0, G_OPTION_ARG_STRING, &url, N_("Address of the collector"), N_("URL")},
      {"key", 0, 0, G_OPTION_ARG_STRING, &key, N_("A write key"), N_("KEY")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(
          cli, entries, N_("FILE…"),
          _("Posts files of recorded batches (a JSON envelope on each line, as data/samples has them) to a "
            "collector, as the recorder in a page does."),
          &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc < 2 || !url || !key) {
    return sight_cli_usage("post", "FILE… --url URL --key KEY");
  }
  g_autoptr(SoupSession) http = soup_session_new_with_options("timeout", 30, NULL);
  g_autofree char *escaped = g_uri_escape_string(key, NULL, FALSE);
  g_autofree char *address = g_strdup_printf("%s/v1/batches?key=%s", url, escaped);
  if (!g_uri_is_valid(address, G_URI_FLAGS_NONE, &error)) {
    return sight_cli_fail(cli, error);
  }
  Posting posting = {.http = http, .address = address};
  for (int i = 1; i < argc; i++) {
    if (!post_file(&posting, argv[i], &error)) {
      return sight_cli_fail(cli, error);
    }
  }
  sight_cli_progress(NULL);
  if (cli->json) {
    g_autoptr(GString) out = g_string_new(NULL);
    SightJsonWriter w = {.out = out};
    sight_json_begin_object(&w);
    sight_json_member_int(&w, "stored", posting.n_stored);
    sight_json_member_int(&w, "duplicate", posting.n_duplicate);
    sight_json_end_object(&w);
    sight_cli_print_json(out);
  } else {
    g_print(_("Posted %u batches; %u were there already.\n"), posting.n_stored, posting.n_duplicate);
  }
  return SIGHT_EXIT_OK;
}
