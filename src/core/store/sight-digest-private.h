/* SPDX-License-Identifier: MIT */
/* What making and taking digests share. */
#pragma once

#include "sight-digest-text.h"
#include "sight-term.h"

G_BEGIN_DECLS

/* Others are made anew where a digest is taken: they are of the store that holds it, or follow from numbers. */
gboolean sight_digest_carries(SightTermField field);

/* Numbers by name, and back; -1 where there is none. */
const char *sight_digest_number_name(int number);
int sight_digest_number(const char *tainted_name, gsize bytes);

G_END_DECLS
