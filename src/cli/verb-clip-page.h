/* SPDX-License-Identifier: MIT */
/* sightctl clip --filter: the moments of a filter as one page. */
#pragma once

#include "sight-cli.h"

G_BEGIN_DECLS

typedef struct {
  const char *filter, *output, *title;
  gint64 limit; /* 0: all */
  char *const *masks;
  gboolean mask_all;
} SightCliClipPage;

/* Says what it did; the exit status. */
int sight_cli_clip_page(SightCli *cli, const SightCliClipPage *page);

G_END_DECLS
