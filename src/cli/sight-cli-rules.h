/* SPDX-License-Identifier: MIT */
/* Reading and changing the rule set of an endpoint, for the verbs settings and key-actions. */
#pragma once

#include "sight-cli.h"
#include "sight-ruleset.h"

G_BEGIN_DECLS

/* Changes the rules in place; FALSE with error leaves everything as it was. */
typedef gboolean (*SightCliRulesFunc)(SightRuleset *rules, gpointer user_data, GError **error);

/* The rules of an endpoint (NULL: the first collector, or where there is none the imported files). The caller's. */
SightRuleset *sight_cli_rules_read(SightCli *cli, const char *endpoint, GError **error);
/* Changes those of an endpoint; NULL: those of every endpoint. Analyses again what that asks for. Blocks. */
gboolean sight_cli_rules_change(SightCli *cli, const char *endpoint, SightCliRulesFunc func, gpointer user_data,
                                GError **error);

G_END_DECLS
