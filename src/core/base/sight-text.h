/* SPDX-License-Identifier: MIT */
/* Small rules about text that the whole core shares. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Ids of sessions, windows and annotations: 1 to 64 of [A-Za-z0-9_-]. */
gboolean sight_id_is_valid(const char *tainted_id);

/* A random id of 22 characters (128 bits) from the system's random source. */
char *sight_id_new(void);

/* Whether a word is a number, a UUID, a hash, or letters and digits mixed as nobody writes a word. Not terminated. */
gboolean sight_text_is_id(const char *text, gsize bytes);

/* A message with numbers, ids, URLs and quoted strings folded, for grouping. */
char *sight_text_fold(const char *tainted_message);

/* White space runs become one blank, the ends are stripped, control and bidirectional override characters dropped, and
 * what is longer than max_chars is cut there and ended by an ellipsis. Invalid UTF-8 becomes U+FFFD. */
char *sight_text_excerpt(const char *tainted_text, gssize bytes, guint max_chars);

/* Appends the words of a text in small letters and without accents, one blank between them ("Ada@Shop" is "ada shop");
 * of scripts that write without blanks each character is a word. What searches look in, and what they look for. */
void sight_text_append_words(GString *out, const char *tainted_text);

/* Valid UTF-8 of which each character stands for one byte (latin-1), as those bytes. FALSE where one is beyond U+00FF.
 */
gboolean sight_text_to_bytes(const char *text, gsize bytes, GString *out);

/* Marks that reorder the text around them, and the byte order mark. */
gboolean sight_text_is_direction_mark(gunichar c);

/* What an option was given as a number: decimal digits, perhaps with a sign, and nothing else. NULL leaves *number as
 * it is. FALSE with an error that names the option and its range. */
gboolean sight_text_number(const char *option, const char *text, gint64 min, gint64 max, gint64 *number,
                           GError **error);
/* The greatest number of milliseconds that options take: sums with times still fit. */
#define SIGHT_TEXT_MAX_MS (G_GINT64_CONSTANT(1) << 52)

G_END_DECLS
