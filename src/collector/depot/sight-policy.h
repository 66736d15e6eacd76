/* SPDX-License-Identifier: MIT */
/* SightPolicy: how long a project keeps what, how much it takes, and which share of visits recorders record. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A hundred years: with more, times would overflow. */
#define SIGHT_POLICY_MAX_DAYS 36500

typedef struct {
  char *path; /* with which a page's path begins */
  double share;
} SightPolicyPage;

typedef struct {
  gint64 keep_days;         /* after the last batch of a session, SIGHT_POLICY_MAX_DAYS at most; 0: for ever */
  gint64 keep_errored_days; /* of a session with an exception; 0: as the others */
  gint64 max_bytes;         /* of events of all sessions, expanded; 0: no limit */
  gint64 max_sessions;      /* that begin in a day, UTC; 0: no limit */
  gboolean closed;          /* nothing more is taken: it is being moved */
  double sample;            /* share of sessions to record, 0 to 1 */
  GPtrArray *pages;         /* of SightPolicyPage: another share; the last that fits counts */
} SightPolicy;

/* Without any limit. */
SightPolicy *sight_policy_new(void);
void sight_policy_free(SightPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightPolicy, sight_policy_free)

/* share outside 0 … 1 or a path that does not begin with "/": FALSE. */
gboolean sight_policy_add_page(SightPolicy *policy, const char *path, double share);

/* As one JSON object, the caller's; and out of one, or "". */
char *sight_policy_write(const SightPolicy *policy);
SightPolicy *sight_policy_read(const char *json, GError **error);

/* What has to stand before the recorder, so that its tag says which share this page's visits have: JavaScript, the
 * caller's. NULL: nothing. */
char *sight_policy_script(const SightPolicy *policy);

G_END_DECLS
