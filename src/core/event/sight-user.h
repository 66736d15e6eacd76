/* SPDX-License-Identifier: MIT */
/* Whom events name: the one reader of it, for showing a user as for erasing one. */
#pragma once

#include "sight-event.h"

G_BEGIN_DECLS

/* A user as one is stored, shown and looked for: white space and control characters as sight_text_excerpt() leaves
 * them, and at most 200 characters. Of a longer one the beginning stays, an ellipsis, and a hash of the whole: two
 * names stay two. A name that went through stays as it is. NULL where nothing is left. `bytes` -1: up to the NUL. */
char *sight_user_name(const char *tainted_user, gssize bytes);

/* The user, as above, that an event names, or NULL: by ss:identify or by what other recorders call so; a string or a
 * number. */
char *sight_event_user(const SightEvent *event);

/* The one of 256 marks that a name shares with others, where more names come than are kept one by one. No name looks
 * like it; its own bucket it is itself. */
char *sight_user_bucket(const char *name);

/* Different names, few one by one and the rest as their buckets, so that they are few whatever a batch holds.
 * Zero-initialise; clear at the end. */
typedef struct {
  GPtrArray *list; /* of char; NULL: none */
  GHashTable *set; /* the strings of the list */
} SightUsers;

#define SIGHT_USERS_MAX_NAMES 64 /* of one batch, and of one session */

void sight_users_note(SightUsers *users, const SightEvent *event);
void sight_users_clear(SightUsers *users);

G_END_DECLS
