/* SPDX-License-Identifier: MIT */
/* Looking through a recording for what is private: every text in it, with the place where it stands. */
#pragma once

#include "sight-audit.h"
#include "sight-dom.h"
#include "sight-selector.h"

G_BEGIN_DECLS

/* PLACE (id, name, advice) */
#define SIGHT_AUDIT_PLACES(PLACE)                                                                                      \
  PLACE(TEXT, "text", N_("Put data-ss-mask on %s"))                                                                    \
  PLACE(ATTRIBUTE, "attribute", N_("Put data-ss-mask on %s"))                                                          \
  PLACE(INPUT, "input", N_("Put data-ss-mask on %s"))                                                                  \
  PLACE(TITLE, "title", N_("Leave it out of the title of the page"))                                                   \
  PLACE(ADDRESS, "address", N_("Leave it out of the address: send it in the body of a request"))                       \
  PLACE(CONSOLE, "console", N_("Do not log it"))                                                                       \
  PLACE(NETWORK, "network", N_("Leave it out of the address of the request"))                                          \
  PLACE(EVENT, "event", N_("Leave it out of the event"))

#define SIGHT_AUDIT_PLACE_ID(id, ...) SIGHT_AUDIT_PLACE_##id,
typedef enum { SIGHT_AUDIT_PLACES(SIGHT_AUDIT_PLACE_ID) SIGHT_N_AUDIT_PLACES } SightAuditPlace;
const char *sight_audit_place_name(SightAuditPlace place);
/* What to do so that it is not recorded any more; translated, the caller's. `selector` may be NULL. */
char *sight_audit_advice(SightAuditPlace place, const char *selector);

/* Whatever stands in an element of a rule, of no kind. */
#define SIGHT_AUDIT_ANYTHING SIGHT_N_AUDIT_KINDS

/* Borrowed for the call. */
typedef struct {
  SightAuditKind kind;
  SightAuditPlace place;
  int node;             /* in the page; 0: of none */
  const char *selector; /* of its element; NULL: of none */
  const char *text;     /* what was found, as a reader would see it */
  gint64 time_ms;       /* wall clock */
  gboolean ruled;       /* it stands in an element of a rule */
} SightAuditFound;
typedef void (*SightAuditFunc)(const SightAuditFound *found, gpointer user_data);

/* One for each window. One thread at a time. */
typedef struct SightAuditPass SightAuditPass;
SightAuditPass *sight_audit_pass_new(SightAuditFunc func, gpointer user_data);
void sight_audit_pass_free(SightAuditPass *pass);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightAuditPass, sight_audit_pass_free)
/* Elements by selectors (SightSelector, borrowed until the pass is freed); they and all that is in them are ruled. With
 * `tell_all` every text, value and label in them is told, as SIGHT_AUDIT_ANYTHING. */
void sight_audit_pass_set_rules(SightAuditPass *pass, const GPtrArray *selectors, gboolean tell_all);
/* The next event, in the order of time. Never fails. No recursion on depth. */
void sight_audit_pass_event(SightAuditPass *pass, const SightEvent *event);

G_END_DECLS
