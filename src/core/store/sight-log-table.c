/* SPDX-License-Identifier: MIT */
/* The log of a project, as chains of lines of which each holds the hash of the one before. */
#include "sight-log-table.h"

#include "sight-annotation-table.h"
#include "sight-db.h"
#include "sight-hash.h"
#include "sight-json.h"
#include "sight-session-table.h"
#include "sight-text.h"

#include <string.h>

#define ID_PREFIX "log-"
#define CHAIN_CHARS 22
#define NUMBER_DIGITS 10
#define MAX_NUMBER G_GINT64_CONSTANT(9999999999)
#define DETAIL_CHARS 400
#define LINE_DEPTH 8

static const char *const act_names[SIGHT_N_LOG_ACTS] = {
    [SIGHT_LOG_WATCHED] = "watched", [SIGHT_LOG_CLIPPED] = "clipped",   [SIGHT_LOG_EXPORTED] = "exported",
    [SIGHT_LOG_FILED] = "filed",     [SIGHT_LOG_REDACTED] = "redacted", [SIGHT_LOG_ERASED] = "erased",
};

gboolean sight_log_id_read(const char *id, char **chain, gint64 *n) {
  const char *number = id + strlen(ID_PREFIX) + CHAIN_CHARS + 1;
  gint64 read = 0;

  if (strlen(id) != strlen(ID_PREFIX) + CHAIN_CHARS + 1 + NUMBER_DIGITS || !g_str_has_prefix(id, ID_PREFIX) ||
      number[-1] != '-')
    return FALSE;
  for (int i = 0; i < NUMBER_DIGITS; i++) {
    if (!g_ascii_isdigit(number[i]))
      return FALSE;
    read = read * 10 + (number[i] - '0');
  }
  if (chain != NULL)
    *chain = g_strndup(id + strlen(ID_PREFIX), CHAIN_CHARS);
  if (n != NULL)
    *n = read;
  return read > 0;
}

static char *hash_of(const char *line) {
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, line, -1);
}

/* Where a chain ends. */
typedef struct {
  char *chain, *hash;
  gint64 n, conflict;
  gboolean own;
} Head;

static void head_free(Head *head) {
  if (head == NULL)
    return;
  g_free(head->chain);
  g_free(head->hash);
  g_free(head);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Head, head_free)

static gboolean save_head(SightDb *db, gint64 endpoint, const Head *head, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_LOG_HEAD_PUT, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_text(statement, 2, head->chain);
  sight_statement_bind_int(statement, 3, head->own);
  sight_statement_bind_int(statement, 4, head->n);
  sight_statement_bind_text(statement, 5, head->hash);
  sight_statement_bind_int(statement, 6, head->conflict);
  return sight_statement_run(statement, error);
}

static Head *head_from_row(SightStatement *statement) {
  Head *head = g_new0(Head, 1);

  head->chain = sight_statement_dup_text(statement, 0);
  head->own = sight_statement_int(statement, 1) != 0;
  head->n = sight_statement_int(statement, 2);
  head->hash = sight_statement_dup_text(statement, 3);
  head->conflict = sight_statement_int(statement, 4);
  return head;
}

/* By chain; NULL on error. */
static GHashTable *read_heads(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(GHashTable) heads = g_hash_table_new_full(sight_hash_text, g_str_equal, NULL, (GDestroyNotify)head_free);
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_LOG_HEAD_LIST, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    Head *head = head_from_row(statement);
    g_hash_table_replace(heads, head->chain, head);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&heads) : NULL;
}

/* Of that chain, or (NULL) of the one that this cache writes. Where there is none yet, an empty one without a name
 * (chain NULL). NULL on error. */
static Head *find_head(SightDb *db, gint64 endpoint, const char *chain, GError **error) {
  g_autoptr(SightStatement) statement =
      sight_db_statement(db, chain != NULL ? SIGHT_SQL_LOG_HEAD_GET : SIGHT_SQL_LOG_HEAD_OWN, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  if (chain != NULL)
    sight_statement_bind_text(statement, 2, chain);
  SightStep step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_FAILED)
    return NULL;
  if (step == SIGHT_STEP_ROW)
    return head_from_row(statement);
  Head *head = g_new0(Head, 1);
  head->hash = g_strdup("");
  return head;
}

gboolean sight_log_table_take(SightDb *db, const SightAnnotation *line, gboolean disputed, GError **error) {
  g_autofree char *chain = NULL;
  gint64 n = 0;

  if (!sight_log_id_read(line->id, &chain, &n))
    return TRUE;
  g_autoptr(Head) head = find_head(db, line->endpoint, chain, error);
  if (head == NULL)
    return FALSE;
  if (head->chain == NULL)
    head->chain = g_steal_pointer(&chain);
  if (disputed && head->conflict == 0)
    head->conflict = n;
  if (!disputed && n > head->n) {
    head->n = n;
    g_free(head->hash);
    head->hash = hash_of(line->body);
  }
  return save_head(db, line->endpoint, head, error);
}

static char *write_line(const Head *head, const SightAnnotation *annotation, const SightLogEntry *entry) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autofree char *detail = entry->detail != NULL ? sight_text_excerpt(entry->detail, -1, DETAIL_CHARS) : g_strdup("");
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_string(&w, "chain", head->chain);
  sight_json_member_int(&w, "n", head->n + 1);
  sight_json_member_string(&w, "prev", head->hash);
  sight_json_member_int(&w, "at", annotation->created_ms);
  sight_json_member_string(&w, "who", annotation->author);
  sight_json_member_string(&w, "what", act_names[entry->act]);
  sight_json_member_string(&w, "session", entry->session);
  sight_json_member_int(&w, "from", entry->from_ms);
  sight_json_member_int(&w, "to", entry->to_ms);
  sight_json_member_string(&w, "detail", detail);
  sight_json_end_object(&w);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

gboolean sight_log_table_add(SightDb *db, gint64 endpoint, const SightLogEntry *entry, char **hash, GError **error) {
  g_autoptr(Head) head = find_head(db, endpoint, NULL, error);

  if (head == NULL)
    return FALSE;
  gboolean is_first = head->chain == NULL;
  if (is_first) {
    head->own = TRUE;
    head->chain = sight_id_new();
  }
  if (head->n >= MAX_NUMBER) {
    g_clear_pointer(&head->chain, g_free);
    head->chain = sight_id_new();
    head->n = 0;
  }
  /* The head is this cache's own before its first line is taken. */
  if (is_first && !save_head(db, endpoint, head, error))
    return FALSE;
  g_autoptr(SightAnnotation) annotation =
      sight_annotation_new(endpoint, NULL, SIGHT_LOG_KIND, SIGHT_ANNOTATION_AT_LOG, "");
  g_free(annotation->id);
  annotation->id = g_strdup_printf(ID_PREFIX "%s-%0*" G_GINT64_FORMAT, head->chain, NUMBER_DIGITS, head->n + 1);
  g_free(annotation->body);
  annotation->body = write_line(head, annotation, entry);
  if (hash != NULL)
    *hash = hash_of(annotation->body);
  return sight_annotation_table_put(db, annotation, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

typedef struct {
  gint64 endpoint, row; /* row 0: the entry names its session */
  SightLogEntry entry;
  char *session, *detail;
} Note;

static void note_free(gpointer data) {
  Note *note = data;

  g_free(note->session);
  g_free(note->detail);
  g_free(note);
}

static gboolean write_note(SightDb *db, gpointer user_data, GError **error) {
  const Note *note = user_data;
  g_autoptr(SightSession) session = note->row != 0 ? sight_session_table_get(db, note->row, error) : NULL;
  SightLogEntry entry = note->entry;

  if (note->row != 0 && session == NULL)
    return FALSE;
  if (session != NULL)
    entry.session = session->session;
  return sight_log_table_add(db, session != NULL ? session->endpoint : note->endpoint, &entry, NULL, error);
}

static void on_noted(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GError) error = NULL;

  if (!sight_store_write_finish(SIGHT_STORE(source), result, &error))
    g_warning("the log could not be written: %s", error->message);
}

static void note_down(SightStore *store, gint64 endpoint, gint64 row, const SightLogEntry *entry) {
  if (sight_store_why_reading(store) != NULL)
    return;
  Note *note = g_new0(Note, 1);
  note->endpoint = endpoint;
  note->row = row;
  note->entry = *entry;
  note->entry.session = note->session = g_strdup(entry->session);
  note->entry.detail = note->detail = g_strdup(entry->detail);
  sight_store_write_async(store, SIGHT_WRITE_DURABLE, write_note, note, note_free, NULL, on_noted, NULL);
}

void sight_log_note(SightStore *store, gint64 endpoint, const SightLogEntry *entry) {
  note_down(store, endpoint, 0, entry);
}

void sight_log_note_session(SightStore *store, gint64 row, const SightLogEntry *entry) {
  note_down(store, 0, row, entry);
}

/* Reading */

typedef gboolean (*RowFunc)(const char *id, const char *kind, const char *body, gpointer user_data);

static gboolean each_row(SightDb *db, gint64 endpoint, RowFunc func, gpointer user_data, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_LOG_EACH, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, endpoint);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    if (!func(sight_statement_text(statement, 0), sight_statement_text(statement, 1),
              sight_statement_text(statement, 2), user_data))
      return TRUE;
  }
  return step == SIGHT_STEP_DONE;
}

typedef struct {
  SightLogFunc func;
  gpointer user_data;
  GHashTable *heads;
} Walk;

static gboolean tell_row(const char *id, const char *kind, const char *body, gpointer user_data) {
  const Walk *walk = user_data;
  g_autofree char *chain = NULL;
  SightLogLine line = {.line = body};

  if (!sight_log_id_read(id, &chain, &line.n))
    return TRUE;
  g_autofree char *hash = hash_of(body);
  const Head *head = g_hash_table_lookup(walk->heads, chain);
  line.chain = chain;
  line.hash = hash;
  line.own_chain = head != NULL && head->own;
  return walk->func(&line, walk->user_data);
}

gboolean sight_log_table_each(SightDb *db, gint64 endpoint, SightLogFunc func, gpointer user_data, GError **error) {
  g_autoptr(GHashTable) heads = read_heads(db, endpoint, error);
  Walk walk = {.func = func, .user_data = user_data, .heads = heads};

  return heads != NULL && each_row(db, endpoint, tell_row, &walk, error);
}

/* Checking */

typedef struct {
  SightLogCheck *check;
  GHashTable *heads; /* those of chains that were seen are taken out */
  SightJsonParser *parser;
  char *chain; /* that is being walked, or NULL */
  char *hash;  /* of its last line */
  gint64 n;
} Checking;

void sight_log_fault_free(SightLogFault *fault) {
  g_free(fault->chain);
  g_free(fault);
}

void sight_log_check_free(SightLogCheck *check) {
  if (check == NULL)
    return;
  g_ptr_array_unref(check->faults);
  g_free(check->head);
  g_free(check);
}

static void fault(Checking *checking, const char *chain, SightLogFaultKind kind, gint64 n, gint64 n_last) {
  SightLogFault *new_fault = g_new0(SightLogFault, 1);

  new_fault->chain = g_strdup(chain);
  new_fault->kind = kind;
  new_fault->n = n;
  new_fault->n_last = n_last;
  g_ptr_array_add(checking->check->faults, new_fault);
}

/* A chain of which no end is known (its table was lost to damage) ends where it ends. */
static void end_chain(Checking *checking) {
  g_autofree char *chain = g_steal_pointer(&checking->chain);
  const Head *head = chain != NULL ? g_hash_table_lookup(checking->heads, chain) : NULL;

  if (chain != NULL)
    checking->check->n_chains++;
  if (head == NULL)
    return;
  if (head->conflict > 0)
    fault(checking, chain, SIGHT_LOG_DISPUTED, head->conflict, head->conflict);
  if (checking->n < head->n)
    fault(checking, chain, SIGHT_LOG_MISSING, checking->n + 1, head->n);
  else if (checking->n > head->n)
    fault(checking, chain, SIGHT_LOG_FOREIGN, head->n + 1, checking->n);
  else if (g_strcmp0(checking->hash, head->hash) != 0)
    fault(checking, chain, SIGHT_LOG_CHANGED, head->n, head->n);
  if (head->own)
    checking->check->head = g_strdup(checking->hash);
  g_hash_table_remove(checking->heads, chain);
}

static gboolean is_line_of(Checking *checking, const char *body, const char *chain, gint64 n, char **prev) {
  SightJson root = {0};

  if (!sight_json_parser_parse(checking->parser, body, strlen(body), &root, NULL))
    return FALSE;
  const char *of = sight_json_string(sight_json_get(root, "chain"), NULL);
  *prev = g_strdup(sight_json_string(sight_json_get(root, "prev"), NULL));
  return *prev != NULL && g_strcmp0(of, chain) == 0 && sight_json_int(sight_json_get(root, "n"), 0) == n;
}

static gboolean check_row(const char *id, const char *kind, const char *body, gpointer user_data) {
  Checking *checking = user_data;
  g_autofree char *chain = NULL;
  g_autofree char *prev = NULL;
  gint64 n = 0;

  if (!sight_log_id_read(id, &chain, &n)) {
    if (g_str_equal(kind, SIGHT_LOG_KIND))
      fault(checking, id, SIGHT_LOG_FOREIGN, 0, 0);
    return TRUE;
  }
  if (g_strcmp0(chain, checking->chain) != 0) {
    end_chain(checking);
    checking->chain = g_strdup(chain);
    checking->n = 0;
    g_free(checking->hash);
    checking->hash = g_strdup("");
  }
  checking->check->n_lines++;
  if (n > checking->n + 1)
    fault(checking, chain, SIGHT_LOG_MISSING, checking->n + 1, n - 1);
  if (!is_line_of(checking, body, chain, n, &prev))
    fault(checking, chain, SIGHT_LOG_FOREIGN, n, n);
  else if (n == checking->n + 1 && g_strcmp0(prev, checking->hash) != 0)
    fault(checking, chain, SIGHT_LOG_CHANGED, MAX(n - 1, 1), MAX(n - 1, 1));
  checking->n = n;
  g_free(checking->hash);
  checking->hash = hash_of(body);
  return TRUE;
}

SightLogCheck *sight_log_table_check(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightLogCheck) check = g_new0(SightLogCheck, 1);
  g_autoptr(GHashTable) heads = read_heads(db, endpoint, error);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(LINE_DEPTH);
  Checking checking = {.check = check, .heads = heads, .parser = parser};
  GHashTableIter it;
  gpointer value = NULL;

  check->faults = g_ptr_array_new_with_free_func((GDestroyNotify)sight_log_fault_free);
  gboolean walked = heads != NULL && each_row(db, endpoint, check_row, &checking, error);
  if (walked)
    end_chain(&checking);
  g_free(checking.chain);
  g_free(checking.hash);
  if (!walked)
    return NULL;
  g_hash_table_iter_init(&it, heads);
  while (g_hash_table_iter_next(&it, NULL, &value)) {
    const Head *head = value;
    check->n_chains++;
    fault(&checking, head->chain, SIGHT_LOG_MISSING, 1, head->n);
  }
  return g_steal_pointer(&check);
}
