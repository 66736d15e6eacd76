/* SPDX-License-Identifier: MIT */
/* Names that a document takes: what is handed on to one must not make it throw. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest name that is one, in bytes. */
#define SIGHT_DOM_MAX_NAME 256

/* The name of an element or doctype as every DOM takes it: a letter, "_", ":" or a character beyond ASCII, then also
 * digits, "-" and "."; where it is of SVG, with one colon within at most. */
gboolean sight_dom_takes_name(const char *tainted_name, gsize bytes, gboolean is_svg);

/* The name that an element goes by: its own where a document takes it, "div" where it has none, or what stands in for
 * an odd one. Borrowed. */
const char *sight_dom_element_name(const char *tainted_name, gsize bytes, gboolean is_svg);

/* Whether an attribute can have this name, by a parser if not by script. */
gboolean sight_dom_takes_attribute(const char *tainted_name, gsize bytes);

G_END_DECLS
