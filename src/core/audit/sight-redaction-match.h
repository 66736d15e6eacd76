/* SPDX-License-Identifier: MIT */
/* Finding a text however each of its characters is written. Inside the audit module only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The next place at which `text` (UTF-8, not empty) stands, each of its characters as itself (ASCII letters of any
 * case), percent-encoded once or more often (RFC 3986; a blank also as +), as a character reference of HTML, or escaped
 * as in JSON, also in JSON that is a string in JSON; mixed as you like. `*behind` is where it ends. NULL: nowhere. The
 * time is that of a plain search, but for texts made of what escapes are made of. */
const char *sight_redaction_find(const char *text, const char *from, const char *end, const char **behind);

G_END_DECLS
