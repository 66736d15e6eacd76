/* SPDX-License-Identifier: MIT */
/* Which pictures, fonts and sheets are kept, by what they are declared to be and by what they are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a picture is drawn from at most: decoded, each takes four bytes. */
#define SIGHT_ASSET_MAX_PIXELS ((gint64)32 * 1024 * 1024)

/* The type under which the content is kept, static. `tainted_type` may have parameters. NULL where it is not on the
 * list, where the content is something else (any picture may be declared as any other), or where a picture has no size
 * or too large a one. SVG and CSS are UTF-8. Looks at heads only: what passes may still be damaged. */
const char *sight_asset_type(const char *tainted_type, const void *tainted_content, gsize bytes);

G_END_DECLS
