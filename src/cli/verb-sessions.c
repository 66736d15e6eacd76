/* SPDX-License-Identifier: MIT */
/* sightctl sessions: lists sessions by filter, with the reason why each is there. */
#include "sight-cli-filter.h"

#include "sight-clock-text.h"

#include "sight-endpoint-table.h"
#include "sight-filter-sentence.h"
#include "sight-library.h"
#include "sight-slice.h"

#include <glib/gi18n-lib.h>

#define ORDERS N_("newest, oldest, friction or longest")

typedef struct {
  SightCliFilter filter;
  SightSessionFilter listed;
  SightSessionSort sort;
  const char *endpoint;
  gint64 total;
  GPtrArray *sessions; /* of SightSession */
  SightSet *converted;
  GArray *reasons; /* of SightLibraryReason, one for each session */
  char *part;      /* how much of the endpoints is here, or NULL: all */
} Listing;

static gboolean find_endpoint(Listing *listing, SightDb *db, GError **error) {
  if (!listing->endpoint) {
    return TRUE;
  }
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_find(db, listing->endpoint, error);
  listing->listed.endpoint = endpoint ? endpoint->row : 0;
  return endpoint != NULL;
}

static gboolean read_listing(SightDb *db, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  g_autoptr(SightSet) set = NULL;

  if (!find_endpoint(listing, db, error) || !sight_cli_filter_begin(&listing->filter, db, error) ||
      !(set = sight_query_sessions(listing->filter.query, error))) {
    return FALSE;
  }
  const SightSet *converted = sight_query_converted(listing->filter.query, error);
  if (!converted) {
    return FALSE;
  }
  listing->converted = sight_set_copy(converted);
  listing->listed.within = set;
  listing->total = sight_session_table_count(db, &listing->listed, error);
  g_autoptr(GArray) rows =
      listing->total >= 0 ? sight_session_table_list(db, &listing->listed, listing->sort, error) : NULL;
  listing->listed.within = NULL;
  listing->part = sight_slice_describe(db, listing->listed.endpoint, listing->total);
  for (guint i = 0; rows && i < rows->len; i++) {
    SightLibraryReason reason;
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    if (!session || !sight_library_reason(db, listing->filter.query, session, &reason, error)) {
      return FALSE;
    }
    g_ptr_array_add(listing->sessions, g_steal_pointer(&session));
    g_array_append_val(listing->reasons, reason);
  }
  return rows != NULL;
}

static void print_json(const Listing *listing) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "total", listing->total);
  sight_json_member_int(&w, "waiting", listing->filter.n_waiting);
  sight_json_member_int(&w, "left_out", listing->filter.n_left_out);
  sight_json_member_string(&w, "part", listing->part);
  g_autofree char *filter = sight_filter_print(listing->filter.filter);
  g_autofree char *sentence = sight_filter_sentence(listing->filter.filter);
  sight_json_member_string(&w, "filter", filter);
  sight_json_member_string(&w, "sentence", sentence);
  sight_json_key(&w, "sessions");
  sight_json_begin_array(&w);
  for (guint i = 0; i < listing->sessions->len; i++) {
    const SightLibraryReason *reason = &g_array_index(listing->reasons, SightLibraryReason, i);
    sight_json_begin_object(&w);
    const SightSession *session = g_ptr_array_index(listing->sessions, i);
    sight_cli_put_session(&w, session, sight_set_contains(listing->converted, session->row));
    sight_json_member_string(&w, "condition", reason->condition);
    sight_json_member_string(&w, "reason", reason->reason);
    sight_json_member_int(&w, "at_ms", reason->at_ms);
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void print_table(const Listing *listing) {
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("SESSION"), _("STARTED"), _("LENGTH"), _("WHO"), _("PAGES"), _("SIGNALS"), _("WHY"), NULL);

  for (guint i = 0; i < listing->sessions->len; i++) {
    const SightSession *session = g_ptr_array_index(listing->sessions, i);
    const SightLibraryReason *reason = &g_array_index(listing->reasons, SightLibraryReason, i);
    g_autofree char *when = sight_cli_format_start(session);
    g_autofree char *length = sight_clock_text(session->duration_ms);
    g_autofree char *pages =
        g_strdup_printf("%s → %s", session->entry ? session->entry : "?", session->exit ? session->exit : "?");
    g_autofree char *signals = g_strdup_printf("%d", session->n_signals);
    sight_cli_table_add(table, session->session);
    sight_cli_table_add(table, when);
    sight_cli_table_add(table, length);
    sight_cli_table_add(table, session->user ? session->user : session->label);
    sight_cli_table_add(table, pages);
    sight_cli_table_add(table, signals);
    sight_cli_table_add(table, reason->reason ? reason->reason : session->notice);
  }
  sight_cli_table_print(table);
  gulong total = (gulong)CLAMP(listing->total, 0, G_MAXINT);
  g_autofree char *foot =
      g_strdup_printf(ngettext("%u of %lu session", "%u of %lu sessions", total), listing->sessions->len, total);
  g_print("%s\n", foot);
  if (listing->part) {
    g_print("%s\n", listing->part);
  }
  sight_cli_filter_tell_waiting(&listing->filter);
}

static gboolean parse_sort(const char *text, SightSessionSort *sort) {
  static const char *const names[] = {
      [SIGHT_SORT_NEWEST] = "newest",
      [SIGHT_SORT_FRICTION] = "friction",
      [SIGHT_SORT_LONGEST] = "longest",
      [SIGHT_SORT_OLDEST] = "oldest",
  };

  for (gsize i = 0; text && i < G_N_ELEMENTS(names); i++) {
    if (g_str_equal(text, names[i])) {
      *sort = (SightSessionSort)i;
      return TRUE;
    }
  }
  return text == NULL;
}

int sight_verb_sessions(SightCli *cli, int argc, char **argv) {
  g_autofree char *filter = NULL;
  g_autofree char *search = NULL;
  g_autofree char *sort = NULL;
  g_autofree char *endpoint = NULL;
  g_autofree char *most = NULL;
  gint64 limit = 50;
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &filter, N_("What to look for; “sightctl help filters” tells the language"),
       N_("FILTER")},
      {"search", 0, 0, G_OPTION_ARG_STRING, &search, N_("Only those with this in user, page, message or tag"),
       N_("TEXT")},
      {"sort", 0, 0, G_OPTION_ARG_STRING, &sort, ORDERS, N_("ORDER")},
      {"endpoint", 0, 0, G_OPTION_ARG_STRING, &endpoint, N_("Only of this endpoint"), N_("ENDPOINT")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &most, N_("At most so many; 0: all"), N_("N")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, NULL, _("Lists sessions."), &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (!sight_cli_number("--limit", most, G_MAXINT, &limit)) {
    return SIGHT_EXIT_USAGE;
  }
  Listing listing = {.filter.text = filter, .listed = {.text = search, .limit = (unsigned)limit}, .endpoint = endpoint};
  if (!parse_sort(sort, &listing.sort)) {
    return sight_cli_refuse("--sort", sort, g_dgettext(GETTEXT_PACKAGE, ORDERS));
  }
  if (argc > 1) {
    return sight_cli_usage("sessions", "[--filter FILTER] [--search TEXT] [--sort ORDER] [--limit N]");
  }
  g_autoptr(GPtrArray) sessions = g_ptr_array_new_with_free_func((GDestroyNotify)sight_session_free);
  g_autoptr(GArray) reasons = g_array_new(FALSE, TRUE, sizeof(SightLibraryReason));
  g_array_set_clear_func(reasons, (GDestroyNotify)sight_library_reason_clear);
  g_autoptr(SightSet) converted = NULL;
  listing.sessions = sessions;
  listing.reasons = reasons;
  gboolean done = sight_cli_filter_open(&listing.filter, cli, &error) &&
                  sight_store_read(cli->store, read_listing, &listing, &error);
  converted = listing.converted;
  g_autofree char *part = listing.part;
  if (done && cli->json) {
    print_json(&listing);
  } else if (done) {
    print_table(&listing);
  }
  sight_cli_filter_clear(&listing.filter);
  return done ? SIGHT_EXIT_OK : sight_cli_fail(cli, error);
}
