/* SPDX-License-Identifier: MIT */
/* The HTTP envelope of a batch: {"v":1,"session":"…","window":"…","seq":0,"sent_at":…,"events":[…]}, as the recorder
 * posts it (then with "proof") and as a collector hands it to workstations (then with "arrival" and "received_at"). */
#pragma once

#include "sight-batch.h"
#include "sight-json.h"

G_BEGIN_DECLS

#define SIGHT_ENVELOPE_ERROR (sight_envelope_error_quark())
GQuark sight_envelope_error_quark(void);

typedef enum {
  SIGHT_ENVELOPE_ERROR_SYNTAX, /* no JSON object */
  SIGHT_ENVELOPE_ERROR_FIELD,  /* a member is missing or wrong */
  SIGHT_ENVELOPE_ERROR_EVENTS, /* not one valid event in it */
  SIGHT_ENVELOPE_ERROR_LIMIT,
} SightEnvelopeError;

/* Owns what `batch` borrows. */
typedef struct {
  SightBatch batch;
  gint64 arrival;   /* 0 where it has none */
  guint n_rejected; /* events that were left out */
  char *bad_field;  /* on error: which member ("events[3].timestamp"), or NULL */
  char *proof;      /* what the recorder that began the session proves itself with; NULL: nothing. Never written */
  /*< private >*/
  char *session, *window;
  SightBatchBuilder builder;
} SightEnvelope;

void sight_envelope_clear(SightEnvelope *envelope);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightEnvelope, sight_envelope_clear)

/* Whose limits of sight-limits.h hold: those of a post, where an event that is larger than allowed refuses the whole,
 * or those of what a collector hands on, where it is left out. */
typedef enum { SIGHT_ENVELOPE_POSTED, SIGHT_ENVELOPE_STORED } SightEnvelopeKind;

/* Reads one envelope of plain JSON text as it comes, in pieces of any size, and keeps nothing of it but `envelope`.
 * Each event is checked; those that are none are left out and counted. What was read and is written again can be read
 * again, as the same. `envelope` is borrowed, set up by new(), and to be cleared also after FALSE. One thread at a
 * time. */
typedef struct SightEnvelopeReader SightEnvelopeReader;
SightEnvelopeReader *sight_envelope_reader_new(SightEnvelopeKind kind, SightEnvelope *envelope);
void sight_envelope_reader_free(SightEnvelopeReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightEnvelopeReader, sight_envelope_reader_free)
/* After FALSE nothing more may be pushed. */
gboolean sight_envelope_reader_push(SightEnvelopeReader *reader, const char *tainted_text, gsize bytes, GError **error);
gboolean sight_envelope_reader_finish(SightEnvelopeReader *reader, GError **error);

/* The whole of a stored one. */
gboolean sight_envelope_parse(const char *tainted_text, gsize bytes, SightEnvelope *envelope, GError **error);
/* Writes the envelope of a stored batch as one line of JSON, without the line's end: piece by piece, since the events
 * may be large. arrival 0: leaves it out. */
typedef void (*SightEnvelopePieceFunc)(const char *text, gsize bytes, gpointer user_data);
void sight_envelope_write(const SightBatch *batch, gint64 arrival, SightEnvelopePieceFunc func, gpointer user_data);

G_END_DECLS
