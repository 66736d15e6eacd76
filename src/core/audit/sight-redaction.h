/* SPDX-License-Identifier: MIT */
/* Masking what is private in the events of a recording, wherever and however it is written there. */
#pragma once

#include "sight-audit-pass.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is to be masked: kinds, and texts that somebody names. One thread at a time. */
typedef struct SightRedaction SightRedaction;
SightRedaction *sight_redaction_new(void);
/* As a person names it: each of `masks` (NULL: none) is the name of a kind or else a text; or all kinds. NULL with
 * error where a text is too short. */
SightRedaction *sight_redaction_new_of(const char *const *masks, gboolean all_kinds, GError **error);
void sight_redaction_free(SightRedaction *redaction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightRedaction, sight_redaction_free)

void sight_redaction_add_kind(SightRedaction *redaction, SightAuditKind kind);
void sight_redaction_add_all_kinds(SightRedaction *redaction);
/* A text of at least two characters; shorter ones stand everywhere. FALSE: it is too short. */
gboolean sight_redaction_add_text(SightRedaction *redaction, const char *text);

/* What stands in elements of the page: their texts and values are masked wherever they stand, those of one letter not.
 * FALSE with error where it is no selector. */
gboolean sight_redaction_add_selector(SightRedaction *redaction, const char *selector, GError **error);

/* Looks through the events (a JSON array, as our own writer writes it) for the kinds, and masks in it what was found
 * and what was named: plain in any case, as JSON in JSON, in addresses, with HTML entities, in base64. A field in which
 * something of it was typed is masked as a whole, with all that was typed there on the way. Then it looks through the
 * result again. Blocks. FALSE with error (G_IO_ERROR_INVALID_DATA) where something is left: the events must not be
 * given away then. */
gboolean sight_redaction_apply(SightRedaction *redaction, GString *events, GError **error);
/* The same in parts, for what is too long to be one text: every window begins, and tells its events in their order;
 * then each does so again, and is masked; then once more, to see that nothing is left (sight_redaction_is_clean()).
 * `window` numbers the windows. */
void sight_redaction_begin_window(SightRedaction *redaction, int window);
gboolean sight_redaction_learn(SightRedaction *redaction, const char *events, gsize bytes, GError **error);
/* Appends the masked events, a JSON array, to `out`. */
gboolean sight_redaction_mask(SightRedaction *redaction, const char *events, gsize bytes, GString *out, GError **error);
/* Looks for the kinds in a text beside the events as well, such as what somebody said of them; NULL: nothing. Before
 * anything is masked. */
void sight_redaction_learn_text(SightRedaction *redaction, const char *text);
/* Whether nothing was left while masking, and nothing new was found since `n_before` texts were known. */
gboolean sight_redaction_is_clean(const SightRedaction *redaction, guint n_before, GError **error);
/* The same for a text beside the events, such as a title: what was found so far is masked. The caller's.
 */
char *sight_redaction_text(SightRedaction *redaction, const char *text);
/* Whether anything that was found or named stands in some bytes, in any of these ways or as UTF-16. */
gboolean sight_redaction_is_in(const SightRedaction *redaction, const char *data, gsize bytes);
/* How many different texts were found or named so far. */
guint sight_redaction_n(const SightRedaction *redaction);

G_END_DECLS
