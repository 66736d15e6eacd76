/* SPDX-License-Identifier: MIT */
/* Which endpoints a verb is about, and what of them is wanted here. */
#pragma once

#include "sight-cli.h"
#include "sight-endpoint-table.h"

G_BEGIN_DECLS

/* Those with these names, addresses or numbers (none: all), of the opened cache; GPtrArray of SightEndpoint, the
 * caller's. NULL with error. */
GPtrArray *sight_cli_endpoints(SightCli *cli, char **names, GError **error);

/* Sets what is wanted of the endpoints: a filter (“all”: everything), and a size such as 20G (“none”: no bound). NULL
 * leaves it as it is. FALSE with error, also where one of them cannot be asked for a part. */
gboolean sight_cli_set_slice(SightCli *cli, GPtrArray *endpoints, const char *slice, const char *budget,
                             GError **error);

G_END_DECLS
