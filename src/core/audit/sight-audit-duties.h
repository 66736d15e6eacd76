/* SPDX-License-Identifier: MIT */
/* What the French authority (CNIL) asks of session replay in its draft recommendation of February 2026, point by point,
 * held against what is in the cache: met, not met, or for the team to decide. What the cache cannot know is never said
 * to be met. */
#pragma once

#include "sight-audit-report.h"

G_BEGIN_DECLS

/* DUTY (id, name, title) */
#define SIGHT_AUDIT_DUTIES(DUTY)                                                                                       \
  DUTY(CONSENT, "consent", N_("Recording begins after consent"))                                                       \
  DUTY(PURPOSE, "purpose", N_("Purposes are fixed before recording"))                                                  \
  DUTY(SAMPLING, "sampling", N_("Not every visit is recorded: a sample, or what sets it off"))                         \
  DUTY(ACCESS, "access", N_("Only who needs them sees recordings"))                                                    \
  DUTY(TRACE, "trace", N_("Who watched and passed on is written down"))                                                \
  DUTY(SECRETS, "secrets", N_("Passwords and payment data are never recorded"))                                        \
  DUTY(MASKING, "masking", N_("What is private is masked by default"))                                                 \
  DUTY(IDENTIFIERS, "identifiers", N_("Few identifiers of persons"))                                                   \
  DUTY(KEEPING, "keeping", N_("Recordings are kept for a short time"))                                                 \
  DUTY(RETARGETING, "retargeting", N_("Never used to advertise to the same persons"))                                  \
  DUTY(PROVIDER, "provider", N_("No provider uses the recordings for itself"))

#define SIGHT_AUDIT_DUTY_ID(id, ...) SIGHT_DUTY_##id,
typedef enum { SIGHT_AUDIT_DUTIES(SIGHT_AUDIT_DUTY_ID) SIGHT_N_DUTIES } SightDuty;

typedef enum { SIGHT_DUTY_MET, SIGHT_DUTY_NOT_MET, SIGHT_DUTY_YOURS } SightDutyState;

/* Owns its string. */
typedef struct {
  SightDuty duty;
  SightDutyState state;
  char *why; /* translated */
} SightDutyAnswer;

const char *sight_duty_name(SightDuty duty);
const char *sight_duty_title(SightDuty duty);             /* translated */
const char *sight_duty_state_name(SightDutyState state);  /* "met", "not met", "yours" */
const char *sight_duty_state_title(SightDutyState state); /* translated */

/* `rows`: the sessions (gint64) that the report has looked through. Inside sight_store_read(). GPtrArray of
 * SightDutyAnswer, one for each duty; NULL with error. */
GPtrArray *sight_audit_duties(SightDb *db, const GArray *rows, SightAuditReport *report, gint64 now_ms, GError **error);

G_END_DECLS
