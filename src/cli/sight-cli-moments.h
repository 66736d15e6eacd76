/* SPDX-License-Identifier: MIT */
/* The moments at which sessions match a filter. */
#pragma once

#include "sight-cli-filter.h"

G_BEGIN_DECLS

typedef struct {
  SightCliFilter filter; /* its text is set before */
  gint64 limit;          /* at most so many; 0: all */
  gint64 total;          /* of all that match */
  GPtrArray *sessions;   /* of SightSession, one for each of the moments that are shown */
  GPtrArray *moments;    /* of GPtrArray of SightQueryMoment, one for each of those sessions */
} SightCliMoments;

void sight_cli_moments_clear(SightCliMoments *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightCliMoments, sight_cli_moments_clear)

/* Opens the cache and reads them, the newest session first. Blocks. */
gboolean sight_cli_moments_read(SightCliMoments *self, SightCli *cli, GError **error);

/* FALSE with error ends the walk. */
typedef gboolean (*SightCliMomentFunc)(const SightSession *session, const SightQueryMoment *moment, gpointer user_data,
                                       GError **error);
/* At most as many as are asked for; how many there were, or -1 with error. */
gint64 sight_cli_moments_each(const SightCliMoments *self, SightCliMomentFunc func, gpointer user_data, GError **error);

G_END_DECLS
