/* SPDX-License-Identifier: MIT */
/* Who was recorded: what is known of a session and its user, and the user's other sessions on one line of time. */
#pragma once

#include "sight-signal.h"
#include "sight-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* So many sessions of a user are told; `n_sessions` says of how many. */
#define SIGHT_UI_PERSON_SESSIONS 200
/* And so many signals of each, the gravest ones. */
#define SIGHT_UI_PERSON_MOMENTS 100

/* Owns its strings. */
typedef struct {
  const char *title; /* translated */
  char *value;       /* as it was recorded */
  char *filter;      /* the condition that it stands for */
} SightUiPersonFact;

typedef struct {
  SightSignalKind kind;
  gint64 at_ms; /* from the start of the session */
} SightUiPersonMoment;

typedef struct {
  gint64 row;
  gint64 start_ms, end_ms; /* wall clock */
  gboolean dated;          /* FALSE: the visitor's clock was wrong, and the times are those of when it was received */
  char *when, *what;       /* "today 14:05 · 0:58"; why it is worth a look, or "" */
  char *later;             /* "2 days later": than the end of those before it; NULL: the first, or not known */
  char *day;               /* "26 May"; NULL: it began on the same day as the one before it */
  GArray *moments;         /* of SightUiPersonMoment, the gravest kind first, of one kind the earliest */
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
/* How many sessions there are, and how many of them are told; of a user alone. The caller's. */
char *sight_ui_person_describe(const SightUiPerson *person);

/* On a worker. */
void sight_ui_person_read_async(SightStore *store, gint64 row, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
/* The caller's; NULL with error. */
SightUiPerson *sight_ui_person_read_finish(GAsyncResult *result, GError **error);

G_END_DECLS
