/* SPDX-License-Identifier: MIT */
/* Texts as searches compare them: without regard to capitals and accents. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Small letters without accents; everything else stays. The caller's. */
char *sight_fold_name(const char *tainted_text);
/* Of that the letters and digits alone, one blank between words: "Ada@Shop" is "ada shop". The caller's. */
char *sight_fold_words(const char *tainted_text);

/* Whether the words (folded) follow each other in a text (folded), from the beginning of one on; the last may go on. */
gboolean sight_fold_has_words(const char *text, const char *words);
/* Whether the whole of a text (folded) is what the pattern says (folded), in which `any_run` stands for any run of
 * characters, also none. */
gboolean sight_fold_matches(const char *text, const char *pattern, char any_run);

G_END_DECLS
