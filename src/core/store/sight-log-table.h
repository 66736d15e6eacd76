/* SPDX-License-Identifier: MIT */
/* The log of a project: who watched, clipped, exported, filed, masked and erased what. Each cache writes a chain of its
 * own: a line holds the SHA-256 of the line before it, so that one that was removed, changed or moved is found. Lines
 * are annotations of the project (kind "log", id "log-CHAIN-NUMBER"), which are written once and never change; so they
 * reach the collector and the team as tags do. What is guarded against, and what is not, is told in README.md. */
#pragma once

#include "sight-annotation.h"
#include "sight-store.h"

G_BEGIN_DECLS

#define SIGHT_LOG_KIND "log"

typedef enum {
  SIGHT_LOG_WATCHED,
  SIGHT_LOG_CLIPPED,
  SIGHT_LOG_EXPORTED,
  SIGHT_LOG_FILED,
  SIGHT_LOG_REDACTED,
  SIGHT_LOG_ERASED,
  SIGHT_N_LOG_ACTS
} SightLogAct;

/* Borrowed strings. */
typedef struct {
  SightLogAct act;
  const char *session; /* its id, or NULL */
  gint64 from_ms;      /* from the start of the session, -1: unknown */
  gint64 to_ms;        /* -1: unknown */
  const char *detail;  /* where to, in what form; nothing of what was recorded. Cut to 400 characters. May be NULL */
} SightLogEntry;

/* A line as it stands. Borrowed strings. */
typedef struct {
  const char *chain;
  gint64 n; /* from 1 */
  const char *line;
  const char *hash;   /* SHA-256 of the line, in hex */
  gboolean own_chain; /* this cache writes it */
} SightLogLine;

/* Appends, in the caller's transaction (SIGHT_WRITE_DURABLE). *hash (may be NULL) becomes the line's, the caller's. */
gboolean sight_log_table_add(SightDb *db, gint64 endpoint, const SightLogEntry *entry, char **hash, GError **error);
/* The same in a transaction of its own that nobody waits for; nothing where the store can only be read. Any thread but
 * the writer's; copies the entry. A failure is a warning in the program's log: what was done cannot be taken back. */
void sight_log_note(SightStore *store, gint64 endpoint, const SightLogEntry *entry);
/* The same of a session by its row, in the log of its endpoint; the entry names none. */
void sight_log_note_session(SightStore *store, gint64 row, const SightLogEntry *entry);

/* FALSE ends the walk, without error. */
typedef gboolean (*SightLogFunc)(const SightLogLine *line, gpointer user_data);
/* Chain by chain, each in its order; what another hand left under a false number is told as it stands. */
gboolean sight_log_table_each(SightDb *db, gint64 endpoint, SightLogFunc func, gpointer user_data, GError **error);

typedef enum {
  SIGHT_LOG_MISSING,  /* lines n to n_last are not there */
  SIGHT_LOG_CHANGED,  /* line n is not what the next line, or the end of the chain, says of it */
  SIGHT_LOG_FOREIGN,  /* what stands there is no line of that number: moved, or not of the log */
  SIGHT_LOG_DISPUTED, /* another version of line n exists in the team */
} SightLogFaultKind;

typedef struct {
  char *chain;
  SightLogFaultKind kind;
  gint64 n, n_last;
} SightLogFault;
void sight_log_fault_free(SightLogFault *fault);

typedef struct {
  gint64 n_chains, n_lines;
  char *head; /* hash of the last line of the chain that this cache writes, or NULL */
  GPtrArray *faults;
} SightLogCheck;
void sight_log_check_free(SightLogCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightLogCheck, sight_log_check_free)
/* NULL on error. Holds the faults in memory, not the lines. */
SightLogCheck *sight_log_table_check(SightDb *db, gint64 endpoint, GError **error);

/* For sight-annotation-table.c: a line came, or one that is another than what stands there. */
gboolean sight_log_table_take(SightDb *db, const SightAnnotation *line, gboolean disputed, GError **error);

/* Whether an id is one of a line; *chain (the caller's) and *n may be NULL. */
gboolean sight_log_id_read(const char *id, char **chain, gint64 *n);

G_END_DECLS
