/* SPDX-License-Identifier: MIT */
/* Small rules about text that the whole core shares. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Ids of sessions, windows and annotations: 1 to 64 of [A-Za-z0-9_-]. */
gboolean sight_id_is_valid(const char *tainted_id);

/* A random id of 22 characters (128 bits) from the system's random source. */
char *sight_id_new(void);

/* The page of a URL: its template. Query and fragment dropped (but a fragment that starts with "#/" or "#!/" counts as
 * path), scheme and host dropped, and each path segment that is a number, a UUID, a hash or otherwise an id folded to
 * ":id". "https://shop.example/p/8123/reviews?x=1" gives "/p/:id/reviews". Never NULL; "/" at least. */
char *sight_page_template(const char *tainted_url);

/* A message with numbers, ids, URLs and quoted strings folded, for grouping. */
char *sight_text_fold(const char *tainted_message);

/* White space runs become one blank, the ends are stripped, control and bidirectional override characters dropped, and
 * what is longer than max_chars is cut there and ended by an ellipsis. Invalid UTF-8 becomes U+FFFD. */
char *sight_text_excerpt(const char *tainted_text, gssize bytes, guint max_chars);

G_END_DECLS
