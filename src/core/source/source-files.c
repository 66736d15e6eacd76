/* SPDX-License-Identifier: MIT */
/* Files that were imported here: there is nobody to ask. */
#include "sight-source-private.h"

#include <glib/gi18n-lib.h>

const SightSourceKind sight_source_files = {.name = "files", .title = N_("Files")};
