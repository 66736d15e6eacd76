/* SPDX-License-Identifier: MIT */
/* Which of the numbers of a ruleset a kind of signal is told by. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The place in sight_rule_settings of the first one for a kind ("rage"); -1: it needs none. */
int sight_rule_setting_of(const char *kind);

G_END_DECLS
