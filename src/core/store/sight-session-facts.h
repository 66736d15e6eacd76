/* SPDX-License-Identifier: MIT */
/* What is asked of very many sessions at once, as arrays by row: whose each was, and when it arrived. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* Plain data. */
typedef struct {
  gsize n_rows;  /* of the arrays: the greatest row of a session, and one more */
  guint32 *user; /* 1 … n_users, the same for the sessions of a user at an endpoint; 0: a visitor without a name */
  guint32 *arrived_s; /* when it arrived, since 1970; 0: there is no such session */
  guint32 n_users;
  gint64 index; /* as of which change of the index */
} SightSessionFacts;

/* Kept with the connection until the index changes; some tenths of a second for a million sessions, then nothing.
 * Inside sight_store_read(); NULL with error. */
const SightSessionFacts *sight_session_facts(SightDb *db, GError **error);
void sight_session_facts_free(SightSessionFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightSessionFacts, sight_session_facts_free)

/* 0 of a row that is not known. */
guint32 sight_session_facts_user(const SightSessionFacts *facts, gint64 row);
gint64 sight_session_facts_arrived_ms(const SightSessionFacts *facts, gint64 row);

G_END_DECLS
