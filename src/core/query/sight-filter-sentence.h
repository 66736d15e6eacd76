/* SPDX-License-Identifier: MIT */
/* A filter in words, in the user's language. */
#pragma once

#include "sight-filter.h"

G_BEGIN_DECLS

/* "Sessions with rage clicks on “Pay now” at /checkout, without a key action, release 2.4"; the caller's. */
char *sight_filter_sentence(const SightFilter *filter);
/* One part of it, as it stands in that sentence: "without a key action"; the caller's. */
char *sight_filter_phrase(const SightFilter *part);
/* The moments of a key: "rage clicks on “Pay now” at /checkout"; the caller's. */
char *sight_filter_moment_phrase(const SightFilter *key);
/* The values of a key, with the signs of comparison: "> 2:00", "iPhone or Android"; the caller's. */
char *sight_filter_values_phrase(const SightFilter *key);

G_END_DECLS
