/* SPDX-License-Identifier: MIT */
/* Who was recorded: what is known of a session and its user, and the user's other sessions on one line of time. */
#pragma once

#include "sight-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* So many sessions of a user are told; `n_sessions` says of how many. */
#define SIGHT_UI_PERSON_SESSIONS 20

/* Owns its strings. */
typedef struct {
  const char *title; /* translated */
  char *value;       /* as it was recorded */
  char *filter;      /* the condition that it stands for */
} SightUiPersonFact;

typedef struct {
  gint64 row;
  char *when, *what; /* "today 14:05 · 0:58"; why it is worth a look, or "" */
} SightUiPersonSession;

typedef struct {
  gint64 row;          /* the session that was asked about */
  char *user;          /* NULL: nobody said who it was */
  char *filter;        /* picks all sessions of the user; NULL as well */
  GPtrArray *facts;    /* of SightUiPersonFact */
  GPtrArray *sessions; /* of SightUiPersonSession, the newest ones, in the order in which they began */
  guint n_sessions;    /* of the user, this one among them */
} SightUiPerson;
void sight_ui_person_free(SightUiPerson *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiPerson, sight_ui_person_free)

/* On a worker. */
void sight_ui_person_read_async(SightStore *store, gint64 row, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
/* The caller's; NULL with error. */
SightUiPerson *sight_ui_person_read_finish(GAsyncResult *result, GError **error);

G_END_DECLS
