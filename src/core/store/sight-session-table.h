/* SPDX-License-Identifier: MIT */
/* Sessions: what the library lists. Every function runs inside sight_store_read() or sight_store_write(). */
#pragma once

#include "sight-set.h"
#include "sight-signal.h"
#include "sight-store.h"

G_BEGIN_DECLS

#define SIGHT_ACTIVITY_BINS 64

/* Flags of a session, as bits. */
typedef enum {
  SIGHT_SESSION_ERRORED = 1 << 0, /* of the kinds of signal only those that the lists ask for have a flag */
  SIGHT_SESSION_RAGE = 1 << 1,
  SIGHT_SESSION_DEAD = 1 << 2,
  SIGHT_SESSION_SCROLL = 1 << 3,
  SIGHT_SESSION_NOISE = 1 << 13,
  /* 1 << 16 and 1 << 21 had other meanings in earlier versions */
  SIGHT_SESSION_NO_SNAPSHOT = 1 << 17, /* nothing to replay: no full snapshot in any window */
  SIGHT_SESSION_PARTIAL = 1 << 18,     /* something is missing or was left out */
  SIGHT_SESSION_SEEN = 1 << 19,        /* the analyst watched it; survives analysis */
  SIGHT_SESSION_PHONE = 1 << 20,
  SIGHT_SESSION_TAGGED = 1 << 22,     /* kept by the store: has a tag that is not deleted */
  SIGHT_SESSION_ANALYSED = 1 << 23,   /* kept by the store: was analysed at least once */
  SIGHT_SESSION_LOST_PARTS = 1 << 24, /* kept by the store: parts were lost to damage; its file may be imported again */
  SIGHT_SESSION_TO_WATCH = 1 << 25,   /* the analyst put it aside to be watched; survives analysis */
  SIGHT_SESSION_UNREAD = 1 << 26,     /* kept by the store: teammates said something (sight-unread-table.h) */
} SightSessionFlags;

/* The flag of a kind of signal; 0 where it has none. */
guint32 sight_session_flag_of_signal(SightSignalKind kind);

/* A mark in the miniature timeline. */
typedef struct {
  guint16 at;  /* 0 … 65535 over the duration */
  guint8 kind; /* SightSignalKind */
} SightSessionMark;

/* Owns its strings. What analysis has not filled yet is 0 or NULL. */
typedef struct {
  gint64 row; /* in this database */
  gint64 endpoint;
  char *session;      /* id at the endpoint */
  gint64 received_ms; /* of the newest batch */
  gint64 started_ms;  /* wall clock of the first event, as the visitor's clock had it: see sight_session_is_dated() */
  gint64 duration_ms;
  gint64 n_bytes, n_events; /* of what is stored: JSON bytes */
  guint32 flags;
  char *label;        /* of an imported file: its name */
  char *user;         /* ss:identify, or NULL */
  char *entry, *exit; /* page templates */
  char *device;       /* "Chrome on Linux", or NULL */
  char *release;      /* ss:context, or NULL */
  int viewport_w, viewport_h;
  int n_windows, n_pages, n_clicks, n_errors, n_signals;
  double friction;
  guint8 activity[SIGHT_ACTIVITY_BINS];
  GArray *marks; /* of SightSessionMark; may be NULL */
  char *notice;  /* what is missing or broken, for people; or NULL */
  gboolean told; /* its recording is not here: what stands here was told by others (sight-digest.h) */
} SightSession;

SightSession *sight_session_copy(const SightSession *session);
void sight_session_free(SightSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightSession, sight_session_free)

typedef enum {
  SIGHT_SORT_NEWEST,   /* by when they arrived, those of files by when they were recorded; newest first */
  SIGHT_SORT_FRICTION, /* highest first */
  SIGHT_SORT_LONGEST,
  SIGHT_SORT_OLDEST, /* as newest, the other way round: visits of one person in their order */
} SightSessionSort;

/* All of the conditions hold at once. Zero-initialised: every session. */
typedef struct {
  gint64 endpoint;        /* 0: any */
  const char *text;       /* NULL or "": any; else found in user, label, id, page, signal message or tag */
  const SightSet *within; /* NULL: any; else one of these rows */
  unsigned limit;         /* for lists: at most so many, the first ones; 0: all */
} SightSessionFilter;

/* Whether a start is a date that can be shown: not before 2000, and not a day or more after it was received. Otherwise
 * the visitor's clock was wrong, and when it was is unknown. */
gboolean sight_session_is_dated(gint64 started_ms, gint64 received_ms);

/* Row numbers of the matching sessions in order; GArray of gint64, the caller's. The first few hundred of a million
 * take milliseconds, all of a million some tenths of a second: a list shows the former while it waits for the latter.
 */
GArray *sight_session_table_list(SightDb *db, const SightSessionFilter *filter, SightSessionSort sort, GError **error);
gint64 sight_session_table_count(SightDb *db, const SightSessionFilter *filter, GError **error); /* -1 on error */
/* NULL with SIGHT_STORE_ERROR_NOT_FOUND where it is not there (any more). */
SightSession *sight_session_table_get(SightDb *db, gint64 row, GError **error);
/* Its endpoint and its id alone (the caller's); FALSE with error, also where it is not there. */
gboolean sight_session_table_name(SightDb *db, gint64 row, gint64 *endpoint, char **id, GError **error);
/* By id at the endpoint (0: any endpoint; the newest then); `id` may be a unique prefix of at least 6 characters. */
SightSession *sight_session_table_find(SightDb *db, gint64 endpoint, const char *id, GError **error);

/* What an import knows: the file's name, and what was left out of it (NULL: nothing), which then counts as partial.
 * Analysis leaves both alone. */
gboolean sight_session_table_set_source(SightDb *db, gint64 row, const char *label, const char *notice, GError **error);
gboolean sight_session_table_set_seen(SightDb *db, gint64 row, gboolean seen, GError **error);
gboolean sight_session_table_set_to_watch(SightDb *db, gint64 row, gboolean wanted, GError **error);
/* Erases the session with everything of it, here, and leaves a tombstone, so that it is not taken again. */
gboolean sight_session_table_erase(SightDb *db, gint64 row, GError **error);
/* Sessions in which an event names that user (sight-user.h), also where others are named too: rows, NULL on error. At
 * most `limit` of them: one person may have very many, and each transaction holds up whoever else writes. Where a
 * session names more persons than are kept one by one, it may name another instead: it counts as well. endpoint 0: at
 * every endpoint. On the writer: whom older sessions name may have to be noted first. */
GArray *sight_session_table_of_user(SightDb *db, gint64 endpoint, const char *user, guint limit, GError **error);
/* Erases so many of them at once; the number erased, or -1. To be called until it is 0. */
#define SIGHT_ERASED_AT_ONCE 100
gint64 sight_session_table_erase_user(SightDb *db, gint64 endpoint, const char *user, GError **error);
/* To be called before it. Whom sessions of an earlier version name has to be read first, which takes long where there
 * is much of them: here in many short transactions, there, if it was not, in that one. Blocks. */
gboolean sight_session_table_catch_up(SightStore *store, GError **error);

G_END_DECLS
