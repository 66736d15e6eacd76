/* SPDX-License-Identifier: MIT */
/* SightUiCompletion: what may be typed next behind the sentence of the filter. */
#pragma once

#include "sight-completion.h"
#include "sight-ui-filter.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_COMPLETION (sight_ui_completion_get_type())
/* Main thread only; asks on workers. Signal "listed": other rows. */
G_DECLARE_FINAL_TYPE(SightUiCompletion, sight_ui_completion, SIGHT_UI, COMPLETION, GObject)

SightUiCompletion *sight_ui_completion_new(SightStore *store, SightUiFilter *filter);
/* What fits to a text that is typed behind the sentence, with the cursor at its end; NULL: nothing is asked. */
void sight_ui_completion_ask(SightUiCompletion *self, const char *typed);
/* Of SightCompletion; borrowed, until "listed". */
GPtrArray *sight_ui_completion_get_rows(SightUiCompletion *self);
/* The typed text with a row in it, the caller's. */
char *sight_ui_completion_apply(SightUiCompletion *self, guint row);

G_END_DECLS
