/* SPDX-License-Identifier: MIT */
/* Compound selectors ("button#pay.primary[disabled]") against the signatures of elements in the index. Inside the query
 * module only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether it is one: a tag or "*", ids, classes and attributes, with or without values; no combinators. */
gboolean sight_compound_is(const char *tainted_text);
/* Whether all that it names is in a signature. Linear in the product of their parts. */
gboolean sight_compound_matches(const char *compound, const char *signature);

G_END_DECLS
