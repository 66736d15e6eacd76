/* SPDX-License-Identifier: MIT */
/* Noise: loops of ResizeObserver, browser extensions, "Script error.", what was given up, scripts of other origins. */
#include "sight-noise.h"

#include <string.h>

/* Frames of a stack that are looked at. */
#define MAX_FRAMES 30
/* A shorter name of a site occurs in other hosts by chance. */
#define MIN_SITE_NAME 4

static gboolean is_one_of(const char *text, gsize bytes, const char *const *list) {
  for (guint i = 0; list[i] != NULL; i++)
    if (strlen(list[i]) == bytes && g_ascii_strncasecmp(text, list[i], bytes) == 0)
      return TRUE;
  return FALSE;
}

/* The whole message, whatever the browser puts before it; a message that merely mentions the words is another one. */
static gboolean says(const char *message, const char *const *list) {
  gsize bytes = strlen(message);
  while (bytes > 0 && (message[bytes - 1] == '.' || message[bytes - 1] == ' '))
    bytes--;
  return is_one_of(message, bytes, list);
}

static const char *without(const char *message, const char *prefix) {
  return g_str_has_prefix(message, prefix) ? message + strlen(prefix) : message;
}

static gboolean is_given_up(const char *message) {
  static const char *const words[] = {
      "abort",
      "aborted",
      "canceled",
      "cancelled",
      "(canceled)",
      "net::ERR_ABORTED",
      "Fetch is aborted",
      "NS_BINDING_ABORTED",
      "The user aborted a request",
      "AbortError",
      NULL,
  };
  return g_str_has_prefix(message, "AbortError: ") || says(message, words);
}

/* A line of a stack that names a place, and in it the host: "at f (https://host/a.js:1:2)", "f@https://host/a.js:1:2".
 */
typedef struct {
  const char *scheme, *host;
  gsize scheme_bytes, host_bytes;
} Frame;

static gboolean ends_in_place(const char *line, gsize bytes) {
  if (bytes > 0 && line[bytes - 1] == ')')
    bytes--;
  gsize digits = 0;
  while (digits < bytes && g_ascii_isdigit(line[bytes - 1 - digits]))
    digits++;
  return digits > 0 && digits < bytes && line[bytes - 1 - digits] == ':';
}

/* A message may hold an address, too, but hardly ends in a line number. */
static gboolean read_frame(const char *line, gsize bytes, Frame *frame) {
  const char *separator = g_strstr_len(line, (gssize)bytes, "://");
  while (bytes > 0 && g_ascii_isspace(line[bytes - 1]))
    bytes--;
  if (separator == NULL || !ends_in_place(line, bytes))
    return FALSE;
  const char *scheme = separator, *end = line + bytes;
  while (scheme > line && (g_ascii_isalnum(scheme[-1]) || scheme[-1] == '-' || scheme[-1] == '+'))
    scheme--;
  frame->scheme = scheme;
  frame->scheme_bytes = (gsize)(separator - scheme);
  frame->host = separator + strlen("://");
  frame->host_bytes = 0;
  while (frame->host + frame->host_bytes < end && strchr("/?#:)", frame->host[frame->host_bytes]) == NULL)
    frame->host_bytes++;
  return TRUE;
}

static gboolean is_extension(const char *scheme, gsize bytes) {
  static const char *const schemes[] = {"chrome-extension",
                                        "moz-extension",
                                        "safari-web-extension",
                                        "safari-extension",
                                        "ms-browser-extension",
                                        "webkit-masked-url",
                                        "extension",
                                        NULL};
  return is_one_of(scheme, bytes, schemes);
}

/* The last two labels of a host, three where the last ones look like "co.uk"; an IP address is its own site. */
static char *site_of(const char *host) {
  const char *dots[3] = {NULL, NULL, NULL};
  if (strspn(host, "0123456789.") == strlen(host))
    return g_ascii_strdown(host, -1);
  for (const char *at = host; *at != '\0'; at++)
    if (*at == '.') {
      dots[2] = dots[1];
      dots[1] = dots[0];
      dots[0] = at;
    }
  const char *from = dots[1];
  if (dots[1] != NULL && strlen(dots[0] + 1) == 2 && dots[0] - dots[1] <= 4)
    from = dots[2];
  return g_ascii_strdown(from != NULL ? from + 1 : host, -1);
}

/* Subdomains are the page's own, and so are hosts that carry its name ("githubassets.com" of "github.com"). */
static gboolean is_own_host(const char *page_site, const char *host, gsize bytes) {
  g_autofree char *lower = g_ascii_strdown(host, (gssize)bytes);
  g_autofree char *site = site_of(lower);
  gsize name_bytes = strcspn(page_site, ".");
  g_autofree char *name = g_strndup(page_site, name_bytes);
  return g_str_equal(site, page_site) ||
         (name_bytes >= MIN_SITE_NAME && !g_ascii_isdigit(name[0]) && strstr(lower, name) != NULL);
}

static char *page_site(const char *page_url) {
  const char *separator = page_url != NULL ? strstr(page_url, "://") : NULL;
  if (separator == NULL)
    return NULL;
  const char *host = separator + strlen("://");
  g_autofree char *name = g_strndup(host, strcspn(host, "/?#:"));
  return name[0] != '\0' ? site_of(name) : NULL;
}

typedef struct {
  guint n, n_own, n_elsewhere;
  gboolean extension_first; /* whoever threw is an extension */
} Stack;

static Stack read_stack(const char *text, const char *page_url) {
  g_autofree char *site = page_site(page_url);
  Stack stack = {0};
  for (const char *line = text; line != NULL && *line != '\0' && stack.n < MAX_FRAMES;) {
    gsize bytes = strcspn(line, "\n");
    Frame frame = {0};
    if (read_frame(line, bytes, &frame)) {
      gboolean extension = is_extension(frame.scheme, frame.scheme_bytes);
      gboolean elsewhere = site != NULL && g_ascii_strncasecmp(frame.scheme, "http", 4) == 0 &&
                           !is_own_host(site, frame.host, frame.host_bytes);
      if (stack.n++ == 0)
        stack.extension_first = extension;
      stack.n_elsewhere += elsewhere;
      stack.n_own += !extension && !elsewhere;
    }
    line += bytes + (line[bytes] == '\n');
  }
  return stack;
}

gboolean sight_noise_is(const SightAct *act, const char *page_url, const SightRuleset *rules) {
  static const char *const loops[] = {"ResizeObserver loop limit exceeded",
                                      "ResizeObserver loop completed with undelivered notifications", NULL};
  static const char *const muted[] = {"Script error", NULL};
  const char *message = act->text != NULL ? act->text : "";
  if (act->kind == SIGHT_ACT_REQUEST) {
    const char *separator = strstr(message, "://");
    return (rules->noise_given_up && act->amount == 0 && act->detail != NULL && is_given_up(act->detail)) ||
           (rules->noise_extensions && separator != NULL && is_extension(message, (gsize)(separator - message)));
  }
  Stack stack = read_stack(act->detail, page_url);
  message = without(without(message, "Uncaught "), "(in promise) ");
  return (rules->noise_resize_observer && says(without(message, "Error: "), loops)) ||
         (rules->noise_script_error && stack.n == 0 && says(without(message, "Error: "), muted)) ||
         /* What aborts rejects a promise; thrown outside of one the page's own code has made an error of it. */
         (rules->noise_given_up && !act->empty && is_given_up(message)) ||
         (rules->noise_extensions && stack.extension_first) ||
         /* A library from elsewhere that the page called is the page's. */
         (rules->noise_other_origins && stack.n_elsewhere > 0 && stack.n_own == 0);
}
