/* SPDX-License-Identifier: MIT */
/* Moments of a subject as bytes. */
#include "sight-usage.h"

#include "sight-varint.h"

/* The field stands in the upper bits of a term's number: each half is a small number. */
#define HALF_BITS 32

static void put_term(GByteArray *out, gint64 term) {
  sight_put(out, (guint64)term >> HALF_BITS);
  sight_put(out, (guint64)term & G_MAXUINT32);
}

static gint64 get_term(SightReader *reader) {
  guint64 field = sight_get(reader) & G_MAXINT32;
  return (gint64)(field << HALF_BITS | (sight_get(reader) & G_MAXUINT32));
}

void sight_usage_pack(GByteArray *out, const SightUsage *usage) {
  sight_put(out, usage->n_terms << 1 | (usage->severe ? 1 : 0));
  for (guint i = 0; i < usage->n_terms; i++)
    put_term(out, usage->terms[i]);
  sight_put_signed(out, usage->length_ms);
  sight_put(out, usage->n_numbers);
  for (guint i = 0; i < usage->n_numbers; i++)
    sight_put_signed(out, usage->numbers[i]);
}

gboolean sight_usage_unpack(const guint8 **data, gsize *bytes, SightUsage *usage) {
  SightReader reader = {.at = *data, .end = *data + *bytes};
  guint64 head = *bytes > 0 ? sight_get(&reader) : 0;

  usage->severe = (head & 1) != 0;
  usage->n_terms = (guint)MIN(head >> 1, G_MAXUINT32);
  if (usage->n_terms == 0 || usage->n_terms > SIGHT_USAGE_MAX_TERMS)
    return FALSE;
  for (guint i = 0; i < usage->n_terms; i++)
    usage->terms[i] = get_term(&reader);
  usage->field = (SightTermField)(usage->terms[0] >> HALF_BITS);
  usage->length_ms = sight_get_signed(&reader);
  usage->n_numbers = sight_get_count(&reader);
  if (usage->n_numbers > SIGHT_USAGE_MAX_NUMBERS)
    return FALSE;
  for (guint i = 0; i < usage->n_numbers; i++)
    usage->numbers[i] = (int)sight_get_signed(&reader);
  *bytes -= (gsize)(reader.at - *data);
  *data = reader.at;
  return !reader.damaged;
}
