/* SPDX-License-Identifier: MIT */
/* Tokens in the Secret Service, with a limit on its patience, or in a file that only its user reads. */
#include "sight-token.h"

#include "sight-hash.h"
#include "sight-json-writer.h"
#include "sight-json.h"
#include "sight-sync.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>

#define PATIENCE_S 3

static const SecretSchema schema = {
    "io.github.sessionsight.Token", SECRET_SCHEMA_NONE, {{"url", SECRET_SCHEMA_ATTRIBUTE_STRING}, {NULL, 0}}};

/* One question to the Secret Service, on a main context of its own. A locked keyring can ask its user for ever, and a
 * dead bus may never answer: after the limit the question is cancelled. */
typedef struct {
  GMainLoop *loop;
  GCancellable *cancellable;
  gboolean ok;
  char *password;
} Question;

static gboolean on_timeout(gpointer user_data) {
  g_cancellable_cancel(((Question *)user_data)->cancellable);
  return G_SOURCE_REMOVE;
}

static void on_stored(GObject *source, GAsyncResult *result, gpointer user_data) {
  Question *question = user_data;
  question->ok = secret_password_store_finish(result, NULL);
  g_main_loop_quit(question->loop);
}

static void on_found(GObject *source, GAsyncResult *result, gpointer user_data) {
  Question *question = user_data;
  g_autoptr(GError) error = NULL;
  question->password = secret_password_lookup_finish(result, &error);
  question->ok = error == NULL;
  g_main_loop_quit(question->loop);
}

static void on_cleared(GObject *source, GAsyncResult *result, gpointer user_data) {
  Question *question = user_data;
  g_autoptr(GError) error = NULL;
  secret_password_clear_finish(result, &error);
  question->ok = error == NULL;
  g_main_loop_quit(question->loop);
}

typedef void (*Ask)(Question *question, const char *url, const char *token);

static void ask_to_store(Question *question, const char *url, const char *token) {
  g_autofree char *label = g_strdup_printf(_("SessionSight token for %s"), url);
  secret_password_store(&schema, SECRET_COLLECTION_DEFAULT, label, token, question->cancellable, on_stored, question,
                        "url", url, NULL);
}

static void ask_to_find(Question *question, const char *url, const char *token) {
  secret_password_lookup(&schema, question->cancellable, on_found, question, "url", url, NULL);
}

static void ask_to_clear(Question *question, const char *url, const char *token) {
  secret_password_clear(&schema, question->cancellable, on_cleared, question, "url", url, NULL);
}

/* FALSE: nobody answered. *password is the caller's. */
static gboolean ask_keyring(Ask ask, const char *url, const char *token, char **password) {
  g_autoptr(GMainContext) context = g_main_context_new();
  g_main_context_push_thread_default(context);
  g_autoptr(GMainLoop) loop = g_main_loop_new(context, FALSE);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  Question question = {.loop = loop, .cancellable = cancellable};
  g_autoptr(GSource) timeout = g_timeout_source_new_seconds(PATIENCE_S);
  g_source_set_callback(timeout, on_timeout, &question, NULL);
  g_source_attach(timeout, context);
  ask(&question, url, token);
  g_main_loop_run(loop);
  g_source_destroy(timeout);
  g_main_context_pop_thread_default(context);
  if (password != NULL)
    *password = question.password;
  return question.ok;
}

static char *file_path(const char *store_directory) {
  return g_build_filename(store_directory, "tokens.json", NULL);
}

/* URL -> token of the file; empty where there is none. NULL with error where it cannot be read. */
static GHashTable *read_file(const char *store_directory, GError **error) {
  g_autoptr(GHashTable) tokens = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  g_autofree char *path = file_path(store_directory);
  g_autofree char *text = NULL;
  gsize bytes = 0;
  g_autoptr(GError) failure = NULL;
  if (!g_file_get_contents(path, &text, &bytes, &failure)) {
    if (g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      return g_steal_pointer(&tokens);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  SightJson root = {0};
  if (!sight_json_parser_parse(parser, text, bytes, &root, error)) {
    g_prefix_error(error, "%s: ", path);
    return NULL;
  }
  SightJsonIter it = sight_json_iter(root);
  while (sight_json_next(&it)) {
    const char *token = sight_json_string(it.value, NULL);
    if (token != NULL)
      g_hash_table_insert(tokens, g_strdup(it.key), g_strdup(token));
  }
  return g_steal_pointer(&tokens);
}

static gboolean write_file(const char *store_directory, GHashTable *tokens, GError **error) {
  g_autofree char *path = file_path(store_directory);
  if (g_hash_table_size(tokens) == 0)
    return g_unlink(path) == 0 || errno == ENOENT ||
           (g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path, g_strerror(errno)), FALSE);
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  GHashTableIter iter;
  gpointer url, token;
  sight_json_begin_object(&w);
  g_hash_table_iter_init(&iter, tokens);
  while (g_hash_table_iter_next(&iter, &url, &token))
    sight_json_member_string(&w, url, token);
  sight_json_end_object(&w);
  g_string_append_c(out, '\n');
  return g_file_set_contents_full(path, out->str, (gssize)out->len,
                                  G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

static gboolean drop_from_file(const char *store_directory, const char *url, GError **error) {
  g_autoptr(GHashTable) tokens = read_file(store_directory, error);
  if (tokens == NULL)
    return FALSE;
  return !g_hash_table_remove(tokens, url) || write_file(store_directory, tokens, error);
}

gboolean sight_token_save(const char *store_directory, const char *url, const char *token, SightTokenPlace *place,
                          GError **error) {
  if (ask_keyring(ask_to_store, url, token, NULL)) {
    if (place != NULL)
      *place = SIGHT_TOKEN_KEYRING;
    return drop_from_file(store_directory, url, error);
  }
  if (place != NULL)
    *place = SIGHT_TOKEN_FILE;
  g_autoptr(GHashTable) tokens = read_file(store_directory, error);
  if (tokens == NULL)
    return FALSE;
  g_hash_table_insert(tokens, g_strdup(url), g_strdup(token));
  return write_file(store_directory, tokens, error);
}

char *sight_token_load(const char *store_directory, const char *url, GError **error) {
  /* The file first: where it has the token, no keyring answered before, and waiting for one again is of no use. */
  g_autoptr(GHashTable) tokens = read_file(store_directory, error);
  if (tokens == NULL)
    return NULL;
  const char *token = g_hash_table_lookup(tokens, url);
  if (token != NULL)
    return g_strdup(token);
  g_autofree char *password = NULL;
  ask_keyring(ask_to_find, url, NULL, &password);
  return g_steal_pointer(&password);
}

gboolean sight_token_need(const char *store_directory, const char *url, char **token, GError **error) {
  g_autoptr(GError) failure = NULL;
  *token = sight_token_load(store_directory, url, &failure);
  if (failure != NULL)
    g_propagate_error(error, g_steal_pointer(&failure));
  else if (*token == NULL)
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED, _("There is no token for %s."), url);
  return *token != NULL;
}

gboolean sight_token_forget(const char *store_directory, const char *url, GError **error) {
  ask_keyring(ask_to_clear, url, NULL, NULL);
  return drop_from_file(store_directory, url, error);
}
