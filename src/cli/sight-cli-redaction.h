/* SPDX-License-Identifier: MIT */
/* What options name to be masked. */
#pragma once

#include "sight-redaction.h"

G_BEGIN_DECLS

/* Each of `masks` (NULL: none) is the name of a kind or else a text. NULL with error where a text is too short. The
 * caller's. */
SightRedaction *sight_cli_redaction(const char *const *masks, gboolean all_kinds, GError **error);

G_END_DECLS
