/* SPDX-License-Identifier: MIT */
/* SightSampling: what stands before the recorder that a collector serves, by the policy of its depot. It is kept in
 * memory: everybody may ask for the recorder, as often as they like. */
#pragma once

#include "sight-depot.h"

G_BEGIN_DECLS

typedef struct SightSampling SightSampling;

/* `depot` is borrowed. */
SightSampling *sight_sampling_new(SightDepot *depot);
/* Waits for what is being read. */
void sight_sampling_free(SightSampling *sampling);
/* Reads the policy again, on a thread of its own; what cannot be read stays as it was known last. Returns at once. */
void sight_sampling_refresh(SightSampling *sampling);
/* *script: JavaScript, the caller's, or NULL: nothing. FALSE: nothing could be read yet, and nobody knows what is to be
 * recorded. Any thread but the server's: blocks where nothing is known yet. */
gboolean sight_sampling_get(SightSampling *sampling, char **script);

G_END_DECLS
