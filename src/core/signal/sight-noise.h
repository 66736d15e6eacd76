/* SPDX-License-Identifier: MIT */
/* What is reported like an error but is none of the page's: noise, by rules that can be switched off one by one. */
#pragma once

#include "sight-act.h"
#include "sight-ruleset.h"

G_BEGIN_DECLS

/* Whether an error, console error or failed request (the act, with its message and stack as recorded) is noise on the
 * page of this URL (NULL: unknown, then no script is another origin's). */
gboolean sight_noise_is(const SightAct *act, const char *page_url, const SightRuleset *rules);

G_END_DECLS
