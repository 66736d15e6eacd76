/* SPDX-License-Identifier: MIT */
/* Keys from the command line, and those that the first start makes. */
#include "sight-keys-command.h"

#include "sight-depot.h"
#include "sight-json-writer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct {
  const char *name;
  SightScopes scope;
} scope_names[] = {{"write", SIGHT_SCOPE_INGEST},
                   {"read", SIGHT_SCOPE_READ},
                   {"annotate", SIGHT_SCOPE_ANNOTATE},
                   {"admin", SIGHT_SCOPE_ADMIN},
                   {"metrics", SIGHT_SCOPE_METRICS}};

typedef struct {
  char *directory, *name, **scopes, **origins;
  gboolean json;
  char **words; /* what remains: verb and arguments */
} Options;

static void options_clear(Options *options) {
  g_free(options->directory);
  g_free(options->name);
  g_strfreev(options->scopes);
  g_strfreev(options->origins);
  g_strfreev(options->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static char *scopes_text(SightScopes scopes) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(scope_names); i++) {
    if (scopes & scope_names[i].scope)
      g_string_append_printf(text, "%s%s", text->len > 0 ? "," : "", scope_names[i].name);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void print_key_json(const SightKey *key) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  g_autofree char *scopes = scopes_text(key->scopes);
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "number", key->row);
  sight_json_member_string(&w, "name", key->name);
  sight_json_member_string(&w, "key", key->key);
  sight_json_member_string(&w, "scopes", scopes);
  sight_json_member_int(&w, "created_at", key->created_ms);
  sight_json_member_bool(&w, "revoked", key->revoked);
  sight_json_end_object(&w);
  g_print("%s\n", out->str);
}

static void print_key(const SightKey *key) {
  g_autofree char *scopes = scopes_text(key->scopes);
  g_autoptr(GDateTime) created = g_date_time_new_from_unix_local(key->created_ms / 1000);
  g_autofree char *day = g_date_time_format(created, "%F");
  gboolean whole = (key->scopes & SIGHT_SCOPE_INGEST) != 0;
  g_print("%4" G_GINT64_FORMAT "  %s%s  %s  %s  %s%s\n", key->row, key->key, whole ? "" : "…", scopes, day, key->name,
          key->revoked ? _("  (revoked)") : "");
}

static gboolean list_keys(SightDepot *depot, const Options *options, GError **error) {
  g_autoptr(GPtrArray) list = depot->kind->list_keys(depot, error);
  for (guint i = 0; list != NULL && i < list->len; i++) {
    if (options->json)
      print_key_json(g_ptr_array_index(list, i));
    else
      print_key(g_ptr_array_index(list, i));
  }
  return list != NULL;
}

/* 0 where a word is unknown, or where a write key would be a token too: it stands in public pages. */
static SightScopes read_scopes(char **words) {
  SightScopes scopes = 0;
  if (words == NULL)
    return SIGHT_SCOPE_READ | SIGHT_SCOPE_ANNOTATE;
  for (guint i = 0; words[i] != NULL; i++) {
    SightScopes found = 0;
    for (gsize k = 0; k < G_N_ELEMENTS(scope_names); k++) {
      if (g_str_equal(words[i], scope_names[k].name))
        found = scope_names[k].scope;
    }
    if (found == 0)
      return 0;
    scopes |= found;
  }
  return (scopes & SIGHT_SCOPE_INGEST) && scopes != SIGHT_SCOPE_INGEST ? 0 : scopes;
}

static gboolean create_key(SightDepot *depot, const Options *options, GError **error) {
  g_autofree char *key =
      depot->kind->create_key(depot, options->name != NULL ? options->name : "", read_scopes(options->scopes), error);
  if (key == NULL)
    return FALSE;
  if (!options->json) {
    g_print("%s\n", key);
    return TRUE;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "key", key);
  sight_json_end_object(&w);
  g_print("%s\n", out->str);
  return TRUE;
}

static gboolean revoke_key(SightDepot *depot, const Options *options, GError **error) {
  gint64 row = 0;
  g_autoptr(GPtrArray) list = depot->kind->list_keys(depot, error);
  for (guint i = 0; list != NULL && i < list->len; i++) {
    const SightKey *key = g_ptr_array_index(list, i);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, key->row);
    if (g_str_equal(number, options->words[1]) || g_str_equal(key->key, options->words[1]))
      row = key->row;
  }
  if (list == NULL)
    return FALSE;
  if (row != 0)
    return depot->kind->revoke_key(depot, row, error);
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("there is no key “%s”; `keys list` shows them"),
              options->words[1]);
  return FALSE;
}

static gboolean show_origins(SightDepot *depot, GError **error) {
  g_auto(GStrv) origins = depot->kind->list_origins(depot, error);
  if (origins == NULL)
    return FALSE;
  for (guint i = 0; origins[i] != NULL; i++)
    g_print("%s\n", origins[i]);
  return TRUE;
}

/* What the first start of the collector would do, for scripts. A store that has keys already keeps its secrets. */
static gboolean init_keys(SightDepot *depot, const Options *options, GError **error) {
  g_auto(SightDepotKeys) keys = {0};
  const char *name = options->name != NULL ? options->name : "SessionSight";
  if (!depot->kind->ensure(depot, name, options->origins, &keys, error))
    return FALSE;
  if (!options->json) {
    g_print("%s\n%s\n", keys.write_key != NULL ? keys.write_key : "", keys.token != NULL ? keys.token : "");
    return TRUE;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_bool(&w, "created", keys.created);
  sight_json_member_string(&w, "write_key", keys.write_key);
  sight_json_member_string(&w, "token", keys.token);
  sight_json_end_object(&w);
  g_print("%s\n", out->str);
  return TRUE;
}

static int run_verb(SightDepot *depot, const Options *options) {
  const char *verb = options->words != NULL && options->words[0] != NULL ? options->words[0] : "list";
  g_autoptr(GError) error = NULL;
  g_auto(SightDepotKeys) keys = {0};
  gboolean done = FALSE;
  if (g_str_equal(verb, "list")) {
    done = list_keys(depot, options, &error);
  } else if (g_str_equal(verb, "init")) {
    done = init_keys(depot, options, &error);
  } else if (g_str_equal(verb, "create")) {
    if (read_scopes(options->scopes) == 0) {
      g_printerr("%s\n",
                 _("Scopes are read, annotate, admin and metrics for a token, or write alone for a write key."));
      return 2;
    }
    done = create_key(depot, options, &error);
  } else if (g_str_equal(verb, "revoke") && options->words[1] != NULL) {
    done = revoke_key(depot, options, &error);
  } else if (g_str_equal(verb, "origins")) {
    done = (options->origins == NULL || depot->kind->ensure(depot, "project", options->origins, &keys, &error)) &&
           show_origins(depot, &error);
  } else {
    g_printerr("%s\n", _("Use: keys init | list | create | revoke NUMBER | origins; see --help."));
    return 2;
  }
  if (done)
    return 0;
  g_printerr("%s\n", error->message);
  return 1;
}

int sight_keys_command(int argc, char **argv) {
  g_auto(Options) options = {0};
  const GOptionEntry entries[] = {
      {"store", 0, 0, G_OPTION_ARG_FILENAME, &options.directory, N_("The collector's store"), N_("PLACE")},
      {"name", 0, 0, G_OPTION_ARG_STRING, &options.name, N_("A name for the new key"), N_("NAME")},
      {"scope", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.scopes,
       N_("read, annotate, admin, metrics, or write; may be repeated (read and annotate where none is given)"),
       N_("SCOPE")},
      {"origin", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.origins,
       N_("Replaces the origins that may post; may be repeated; “*” allows any"), N_("ORIGIN")},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("Print JSON, one line for each key"), NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.words, NULL,
       N_("init|list|create|revoke|origins")},
      {0}};
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) error = NULL;
  g_set_prgname("sessionsight-collector keys");
  g_option_context_add_main_entries(context, entries, NULL);
  g_option_context_set_summary(context, _("Lists, makes and revokes the keys of a collector's store."));
  if (!g_option_context_parse(context, &argc, &argv, &error)) {
    g_printerr("%s\n", error->message);
    return 2;
  }
  if (options.directory == NULL)
    options.directory = g_build_filename(g_get_user_data_dir(), "sessionsight-collector", NULL);
  gboolean begins = options.words != NULL && g_strcmp0(options.words[0], "init") == 0;
  g_autoptr(SightDepot) depot = begins ? sight_depot_open(options.directory, NULL, &error)
                                       : sight_depot_open_existing(options.directory, NULL, &error);
  if (depot == NULL) {
    g_printerr("%s\n", error->message);
    return 1;
  }
  return run_verb(depot, &options);
}
