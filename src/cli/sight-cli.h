/* SPDX-License-Identifier: MIT */
/* What the verbs of sightctl share: options, the cache, output, errors and exit codes. */
#pragma once

#include "sight-json-writer.h"
#include "sight-log-table.h"
#include "sight-session-table.h"
#include "sight-store.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_EXIT_OK = 0,
  SIGHT_EXIT_FAILED = 1,
  SIGHT_EXIT_USAGE = 2,
  SIGHT_EXIT_NOT_FOUND = 3,
  SIGHT_EXIT_OFFLINE = 4, /* an endpoint cannot be reached, or asked us to come later */
  SIGHT_EXIT_REFUSED = 5, /* an endpoint refused the token */
} SightExit;

typedef struct {
  char *cache; /* --cache */
  gboolean json;
  SightStore *store; /* after sight_cli_open() */
} SightCli;

/* One file for each: verb-NAME.c. argv[0] is the verb. The result is the exit code. */
typedef struct {
  const char *name;
  const char *arguments;
  const char *summary;
  int (*run)(SightCli *cli, int argc, char **argv);
} SightVerb;

int sight_verb_analyse(SightCli *cli, int argc, char **argv);
int sight_verb_audit(SightCli *cli, int argc, char **argv);
int sight_verb_clip(SightCli *cli, int argc, char **argv);
int sight_verb_complete(SightCli *cli, int argc, char **argv);
int sight_verb_compare(SightCli *cli, int argc, char **argv);
int sight_verb_contrast(SightCli *cli, int argc, char **argv);
int sight_verb_damage(SightCli *cli, int argc, char **argv);
int sight_verb_diff(SightCli *cli, int argc, char **argv);
int sight_verb_endpoints(SightCli *cli, int argc, char **argv);
int sight_verb_flow(SightCli *cli, int argc, char **argv);
int sight_verb_forget(SightCli *cli, int argc, char **argv);
int sight_verb_forms(SightCli *cli, int argc, char **argv);
int sight_verb_heatmap(SightCli *cli, int argc, char **argv);
int sight_verb_help(SightCli *cli, int argc, char **argv);
int sight_verb_import(SightCli *cli, int argc, char **argv);
int sight_verb_issue(SightCli *cli, int argc, char **argv);
int sight_verb_key_actions(SightCli *cli, int argc, char **argv);
int sight_verb_log(SightCli *cli, int argc, char **argv);
int sight_verb_mcp(SightCli *cli, int argc, char **argv);
int sight_verb_moments(SightCli *cli, int argc, char **argv);
int sight_verb_person(SightCli *cli, int argc, char **argv);
int sight_verb_note(SightCli *cli, int argc, char **argv);
int sight_verb_pages(SightCli *cli, int argc, char **argv);
int sight_verb_post(SightCli *cli, int argc, char **argv);
int sight_verb_problems(SightCli *cli, int argc, char **argv);
int sight_verb_redact(SightCli *cli, int argc, char **argv);
int sight_verb_report(SightCli *cli, int argc, char **argv);
int sight_verb_sessions(SightCli *cli, int argc, char **argv);
int sight_verb_settings(SightCli *cli, int argc, char **argv);
int sight_verb_show(SightCli *cli, int argc, char **argv);
int sight_verb_snapshot(SightCli *cli, int argc, char **argv);
int sight_verb_sync(SightCli *cli, int argc, char **argv);
int sight_verb_tag(SightCli *cli, int argc, char **argv);
int sight_verb_variants(SightCli *cli, int argc, char **argv);
int sight_verb_why_not(SightCli *cli, int argc, char **argv);

/* Parses the verb's own options and the common ones; what remains in argv from 1 on are its arguments. FALSE: it was
 * said on stderr what is wrong, and the exit code is SIGHT_EXIT_USAGE. --help prints and ends the program. */
gboolean sight_cli_parse(SightCli *cli, const GOptionEntry *entries, const char *arguments, const char *description,
                         int *argc, char ***argv);
/* Says on stderr how the verb is called. Returns SIGHT_EXIT_USAGE. */
int sight_cli_usage(const char *verb, const char *arguments);
/* Says on stderr that an option was given what it does not take. Returns SIGHT_EXIT_USAGE. */
int sight_cli_refuse(const char *option, const char *value, const char *takes);
/* What a numeric option was given, from 0 to max; NULL leaves *number as it is. FALSE: it was said on stderr what it
 * takes, and the exit code is SIGHT_EXIT_USAGE. */
gboolean sight_cli_number(const char *option, const char *text, gint64 max, gint64 *number);
/* Opens the cache, and says on stderr what was lost to damage and not accepted yet; FALSE with error. Blocks. */
gboolean sight_cli_open(SightCli *cli, GError **error);
/* Writes a line of the log of the endpoint (0: of that which has the entry's session). Nothing is
 * written where the cache can only be read. FALSE with error: what was to be done must not be. Blocks. */
gboolean sight_cli_log(SightCli *cli, gint64 endpoint, const SightLogEntry *entry, GError **error);
/* Says the error on stderr (with --json as a JSON object) and returns the exit code that fits. */
int sight_cli_fail(SightCli *cli, const GError *error);
/* Analyses what waits for it, with progress on a terminal. FALSE with error. Blocks. */
gboolean sight_cli_analyse(SightCli *cli, guint *n_analysed, GError **error);
/* A line on stderr that the next one overwrites; nothing where stderr is no terminal. NULL: ends it. */
void sight_cli_progress(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Prints a JSON document and its newline to stdout. */
void sight_cli_print_json(const GString *json);

/* For people: "2026-11-23 14:05" in local time. The caller's. */
char *sight_cli_format_when(gint64 time_ms);
/* When the session started, or that this is unknown. */
char *sight_cli_format_start(const SightSession *session);

/* A table with a head and left-aligned columns; every cell is made harmless for a terminal and cut to a sane length. */
typedef struct {
  GPtrArray *cells;
  guint n_columns;
} SightCliTable;
/* Column titles until NULL. */
SightCliTable *sight_cli_table_new(const char *first, ...) G_GNUC_NULL_TERMINATED;
void sight_cli_table_add(SightCliTable *table, const char *tainted_cell);
/* Prints to stdout. */
void sight_cli_table_print(const SightCliTable *table);
void sight_cli_table_free(SightCliTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightCliTable, sight_cli_table_free)

/* Members of a session in an open JSON object. */
void sight_cli_put_session(SightJsonWriter *w, const SightSession *session, gboolean converted);

G_END_DECLS
