/* SPDX-License-Identifier: MIT */
/* The fields of terms. */
#include "sight-term.h"

#define INFO(id, name, bound, words) {name, bound, words},
static const SightTermFieldInfo fields[SIGHT_N_TERM_FIELDS] = {SIGHT_TERM_FIELDS(INFO)};

const SightTermFieldInfo *sight_term_field_info(SightTermField field) {
  return &fields[field];
}

#define NAME(id, name) name,
static const char *const numbers[SIGHT_N_NUMBERS] = {SIGHT_TERM_NUMBERS(NAME)};

char *sight_number_bit(SightNumber number, guint bit) {
  return g_strdup_printf("%s %u", numbers[number], bit);
}
