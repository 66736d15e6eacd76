/* SPDX-License-Identifier: MIT */
/* Showing and changing the policy of a store. */
#include "sight-policy-command.h"

#include "sight-depot.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define UNSET (-1)

typedef struct {
  char *directory, *sample, **pages;
  gboolean reopen;
  gint64 keep, keep_errored, max_bytes, max_sessions;
} Options;

static void options_clear(Options *options) {
  g_free(options->directory);
  g_free(options->sample);
  g_strfreev(options->pages);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean read_share(const char *text, double *share, GError **error) {
  char *end = NULL;
  *share = g_ascii_strtod(text, &end);
  if (end != text && *end == '\0' && *share >= 0 && *share <= 1)
    return TRUE;
  g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s” is no share: give a number from 0 to 1"), text);
  return FALSE;
}

/* "PATH=SHARE"; "none" empties the list. */
static gboolean read_page(SightPolicy *policy, const char *text, GError **error) {
  const char *equals = strrchr(text, '=');
  g_autofree char *path = equals != NULL ? g_strndup(text, (gsize)(equals - text)) : NULL;
  double share = 0;
  if (g_str_equal(text, "none"))
    return TRUE;
  if (path == NULL || path[0] != '/') {
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                _("“%s” is no share of a page: give /PATH=SHARE, or none"), text);
    return FALSE;
  }
  return read_share(equals + 1, &share, error) && sight_policy_add_page(policy, path, share);
}

static gboolean is_any_given(const Options *o) {
  return o->keep != UNSET || o->keep_errored != UNSET || o->max_bytes != UNSET || o->max_sessions != UNSET ||
         o->sample != NULL || o->pages != NULL || o->reopen;
}

static gboolean take_number(gint64 given, const char *name, gint64 most, gint64 *number, GError **error) {
  if (given == UNSET)
    return TRUE;
  *number = given;
  if (given < 0)
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--%s takes a number; 0 is no limit"), name);
  else if (given > most)
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--%s takes %" PRId64 " at most"), name, most);
  return given >= 0 && given <= most;
}

static gboolean change(SightPolicy *policy, const Options *o, GError **error) {
  if (!take_number(o->keep, "keep", SIGHT_POLICY_MAX_DAYS, &policy->keep_days, error) ||
      !take_number(o->keep_errored, "keep-errored", SIGHT_POLICY_MAX_DAYS, &policy->keep_errored_days, error) ||
      !take_number(o->max_bytes, "max-bytes", G_MAXINT64, &policy->max_bytes, error) ||
      !take_number(o->max_sessions, "max-sessions", G_MAXINT64, &policy->max_sessions, error) ||
      (o->sample != NULL && !read_share(o->sample, &policy->sample, error)))
    return FALSE;
  policy->closed = policy->closed && !o->reopen;
  if (o->pages != NULL)
    g_ptr_array_set_size(policy->pages, 0);
  for (guint i = 0; o->pages != NULL && o->pages[i] != NULL; i++) {
    if (!read_page(policy, o->pages[i], error))
      return FALSE;
  }
  return TRUE;
}

static int run(SightDepot *depot, const Options *options) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightPolicy) policy = depot->kind->get_policy(depot, &error);
  gboolean changes = is_any_given(options);
  if (policy != NULL && (!changes || change(policy, options, &error)) &&
      (!changes || depot->kind->set_policy(depot, policy, &error))) {
    g_autofree char *json = sight_policy_write(policy);
    g_print("%s\n", json);
    return 0;
  }
  g_printerr("%s\n", error->message);
  return g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE) ? 2 : 1;
}

int sight_policy_command(int argc, char **argv) {
  g_auto(Options) options = {.keep = UNSET, .keep_errored = UNSET, .max_bytes = UNSET, .max_sessions = UNSET};
  const GOptionEntry entries[] = {
      {"store", 0, 0, G_OPTION_ARG_FILENAME, &options.directory, N_("The collector's store"), N_("PLACE")},
      {"keep", 0, 0, G_OPTION_ARG_INT64, &options.keep,
       N_("Erase sessions so many days after their last batch (0: never)"), N_("DAYS")},
      {"keep-errored", 0, 0, G_OPTION_ARG_INT64, &options.keep_errored,
       N_("The same for sessions with an exception (0: as the others)"), N_("DAYS")},
      {"max-bytes", 0, 0, G_OPTION_ARG_INT64, &options.max_bytes,
       N_("Take no more when so many bytes of events are here (0: no limit)"), N_("N")},
      {"max-sessions", 0, 0, G_OPTION_ARG_INT64, &options.max_sessions,
       N_("Begin so many sessions a day, UTC (0: no limit)"), N_("N")},
      {"sample", 0, 0, G_OPTION_ARG_STRING, &options.sample, N_("Share of sessions that are recorded, 0 to 1"),
       N_("SHARE")},
      {"sample-page", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.pages,
       N_("Another share on pages whose path begins so; may be repeated; replaces the list; “none” empties it"),
       N_("/PATH=SHARE")},
      {"reopen", 0, 0, G_OPTION_ARG_NONE, &options.reopen,
       N_("Take batches again in a store that a move closed, and that stays"), NULL},
      {0}};
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) error = NULL;
  g_set_prgname("sessionsight-collector policy");
  g_option_context_add_main_entries(context, entries, NULL);
  g_option_context_set_summary(context, _("Shows and changes what a collector's store keeps, takes and records."));
  if (!g_option_context_parse(context, &argc, &argv, &error)) {
    g_printerr("%s\n", error->message);
    return 2;
  }
  if (options.directory == NULL)
    options.directory = g_build_filename(g_get_user_data_dir(), "sessionsight-collector", NULL);
  g_autoptr(SightDepot) depot = sight_depot_open_existing(options.directory, NULL, &error);
  if (depot == NULL) {
    g_printerr("%s\n", error->message);
    return 1;
  }
  return run(depot, &options);
}
