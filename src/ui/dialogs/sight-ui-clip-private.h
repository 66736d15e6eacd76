/* SPDX-License-Identifier: MIT */
/* What of a clip looks private, as rows with a switch each: what is on is masked. */
#pragma once

#include "sight-audit-findings.h"
#include "sight-redaction.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Main thread only. Lives as long as the row. */
typedef struct SightUiClipPrivate SightUiClipPrivate;
/* Fills an expander row. */
SightUiClipPrivate *sight_ui_clip_private_new(AdwExpanderRow *row);
/* What was found (of SightAuditFinding); everything is masked until somebody says otherwise, and what was said of a
 * kind and its texts stays until there is a text that was not there before. A kind of which not all texts are known
 * stays masked. Keeps it. NULL: it is being looked for. */
void sight_ui_clip_private_set(SightUiClipPrivate *self, GPtrArray *findings);
/* It could not be looked for: the row says so, and everything is masked. */
void sight_ui_clip_private_set_failed(SightUiClipPrivate *self);
/* Elements of the page whose texts and values are masked as well. FALSE: it stands there already. */
gboolean sight_ui_clip_private_add_selector(SightUiClipPrivate *self, const char *selector);
/* The caller's; NULL without error: nothing is masked. */
SightRedaction *sight_ui_clip_private_redaction(SightUiClipPrivate *self, GError **error);

G_END_DECLS
