/* SPDX-License-Identifier: MIT */
/* sightctl problems: what signals are about, the worst first, and what is said of them. */
#include "sight-cli-filter.h"

#include "sight-clock-text.h"
#include "sight-insight-json.h"

#include <glib/gi18n-lib.h>

#define USAGE                                                                                                          \
  "[--filter FILTER] [--in STATE] [--limit N] | PROBLEM --state STATE|--same-as PROBLEM|--split [--issue URL] "        \
  "[--release R]"
#define STATES "new, filed, fixed, verified, ignored"

typedef struct {
  SightCliFilter filter;
  gint64 limit;
  gint64 n_sessions;
  int state;           /* only those of it; -1: all */
  GPtrArray *problems; /* of SightProblem */

  /* What is to be said of one of them. */
  const char *id;
  char *new_state, *issue, *release, *same_as;
  gboolean split;
} Problems;

static gboolean read_problems(SightDb *db, gpointer user_data, GError **error) {
  Problems *self = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;

  self->n_sessions = set ? (gint64)sight_set_n(set) : 0;
  self->problems = set ? sight_problems_list(db, set, 0, NULL, error) : NULL;
  for (guint i = self->problems ? self->problems->len : 0; i > 0 && self->state >= 0; i--) {
    if ((int)((SightProblem *)g_ptr_array_index(self->problems, i - 1))->state != self->state) {
      g_ptr_array_remove_index(self->problems, i - 1);
    }
  }
  return self->problems != NULL;
}

static const SightProblem *find(const Problems *self, const char *id, GError **error) {
  for (guint i = 0; i < self->problems->len; i++) {
    const SightProblem *problem = g_ptr_array_index(self->problems, i);
    if (g_str_equal(problem->id, id)) {
      return problem;
    }
  }
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no problem “%s”."), id);
  return NULL;
}

/* One that is a part of another is not in the list: it is split from that one, in whose project it was merged. NULL
 * without error: it is none. */
static const SightProblem *find_whole(const Problems *self, SightDb *db, GError **error) {
  for (guint i = 0; i < self->problems->len; i++) {
    const SightProblem *problem = g_ptr_array_index(self->problems, i);
    g_autoptr(GHashTable) marks = sight_problem_marks_read(db, problem->endpoint, error);
    const SightProblemMark *there = marks ? g_hash_table_lookup(marks, self->id) : NULL;
    if (!marks || (there && g_strcmp0(there->same_as, problem->id) == 0)) {
      return marks ? problem : NULL;
    }
  }
  return NULL;
}

/* "" takes back what was said. */
static char *say_nothing(char *text) {
  return text && text[0] ? text : NULL;
}

static gboolean write_mark(SightDb *db, gpointer user_data, GError **error) {
  const Problems *self = user_data;
  g_autoptr(GError) failure = NULL;
  const SightProblem *problem = self->split ? find_whole(self, db, &failure) : NULL;

  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  problem = problem ? problem : find(self, self->id, error);
  if (!problem || (self->same_as && !find(self, self->same_as, error))) {
    return FALSE;
  }
  g_autoptr(GHashTable) marks = sight_problem_marks_read(db, problem->endpoint, error);
  const SightProblemMark *there = marks ? g_hash_table_lookup(marks, self->id) : NULL;
  gint64 n_users = marks ? sight_problem_mark_users(db, problem->endpoint, problem->filter, error) : -1;
  if (n_users < 0) {
    return FALSE;
  }
  const SightProblemMark mark = {
      .state = (SightProblemState)MAX(sight_problem_state_from_name(self->new_state), 0),
      .n_users = n_users,
      .issue = say_nothing(self->issue),
      .tracker = there && g_strcmp0(there->issue, self->issue) == 0 ? there->tracker : NULL,
      .release = say_nothing(self->release),
      .same_as = self->split ? NULL : say_nothing(self->same_as),
  };
  guint said = (self->new_state ? SIGHT_PROBLEM_SAYS_STATE : 0) | (self->issue ? SIGHT_PROBLEM_SAYS_ISSUE : 0) |
               (self->release ? SIGHT_PROBLEM_SAYS_RELEASE : 0) |
               (self->split || self->same_as ? SIGHT_PROBLEM_SAYS_SAME : 0);
  return sight_problem_mark_write(db, problem->endpoint, self->id, &mark, said, error);
}

static guint n_shown(const Problems *self) {
  return self->limit > 0 ? MIN((guint)self->limit, self->problems->len) : self->problems->len;
}

static void print_json(const Problems *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "total", self->problems->len);
  sight_json_member_int(&w, "sessions", self->n_sessions);
  sight_json_member_int(&w, "waiting", self->filter.n_waiting);
  sight_json_member_int(&w, "left_out", self->filter.n_left_out);
  sight_json_key(&w, "problems");
  sight_json_begin_array(&w);
  for (guint i = 0; i < n_shown(self); i++) {
    sight_problem_put(&w, g_ptr_array_index(self->problems, i));
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void print_table(const Problems *self) {
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("USERS"), _("SESSIONS"), _("VISITS"), _("STATE"), _("PROBLEM"),
                                                       _("MOMENT"), _("FILTER"), NULL);
  gulong total = self->problems->len;

  for (guint i = 0; i < n_shown(self); i++) {
    const SightProblem *problem = g_ptr_array_index(self->problems, i);
    g_autofree char *users = g_strdup_printf("%" G_GINT64_FORMAT, problem->n_users);
    g_autofree char *sessions = g_strdup_printf("%" G_GINT64_FORMAT, problem->n_sessions);
    g_autofree char *visits = g_strdup_printf("%" G_GINT64_FORMAT, problem->n_visits);
    g_autofree char *at = sight_clock_text(problem->at_ms);
    g_autofree char *moment = g_strdup_printf("%s %s", problem->session, at);
    sight_cli_table_add(table, users);
    sight_cli_table_add(table, sessions);
    sight_cli_table_add(table, visits);
    sight_cli_table_add(table, sight_problem_state_name(problem->state));
    sight_cli_table_add(table, problem->title);
    sight_cli_table_add(table, moment);
    sight_cli_table_add(table, problem->filter);
  }
  sight_cli_table_print(table);
  g_print(ngettext("%u of %lu problem\n", "%u of %lu problems\n", total), n_shown(self), total);
  sight_cli_filter_tell_waiting(&self->filter);
}

static void clear(Problems *self) {
  sight_cli_filter_clear(&self->filter);
  g_clear_pointer(&self->problems, g_ptr_array_unref);
  g_free(self->new_state);
  g_free(self->issue);
  g_free(self->release);
  g_free(self->same_as);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Problems, clear)

/* FALSE: it was said what is wrong. */
static gboolean check_states(Problems *self, const char *in) {
  self->state = in ? sight_problem_state_from_name(in) : -1;
  if (in && self->state < 0) {
    sight_cli_refuse("--in", in, STATES ", regressed");
    return FALSE;
  }
  int state = self->new_state ? sight_problem_state_from_name(self->new_state) : SIGHT_PROBLEM_NEW;
  if (state >= 0 && state != SIGHT_PROBLEM_REGRESSED) {
    return TRUE;
  }
  sight_cli_refuse("--state", self->new_state, STATES);
  return FALSE;
}

static gboolean says_something(const Problems *self) {
  return self->new_state || self->same_as || self->split || self->issue || self->release;
}

/* All are listed again afterwards: what is the same belongs together then. */
static gboolean say(Problems *self, SightCli *cli, GError **error) {
  if (!sight_store_write(cli->store, SIGHT_WRITE_DURABLE, write_mark, self, error)) {
    return FALSE;
  }
  g_clear_pointer(&self->problems, g_ptr_array_unref);
  g_clear_pointer(&self->filter.query, sight_query_free);
  return sight_store_read(cli->store, read_problems, self, error);
}

int sight_verb_problems(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_autofree char *most = NULL;
  g_autofree char *in = NULL;
  g_auto(Problems) self = {.limit = 20};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text,
       N_("Only of these sessions; “sightctl help filters” tells the language"), N_("FILTER")},
      {"in", 0, 0, G_OPTION_ARG_STRING, &in, N_("Only those in this state"), N_("STATE")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &most, N_("At most so many; 0: all"), N_("N")},
      {"state", 0, 0, G_OPTION_ARG_STRING, &self.new_state,
       N_("Put PROBLEM into this state: new, filed, fixed, verified, ignored"), N_("STATE")},
      {"issue", 0, 0, G_OPTION_ARG_STRING, &self.issue, N_("Where it is filed"), N_("URL")},
      {"release", 0, 0, G_OPTION_ARG_STRING, &self.release, N_("The release that has the fix"), N_("RELEASE")},
      {"same-as", 0, 0, G_OPTION_ARG_STRING, &self.same_as, N_("PROBLEM is a part of this one"), N_("PROBLEM")},
      {"split", 0, 0, G_OPTION_ARG_NONE, &self.split, N_("PROBLEM is one of its own again"), NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, USAGE,
                       _("Lists what the signals of sessions are about, the worst first, or says something of one."),
                       &argc, &argv) ||
      !sight_cli_number("--limit", most, G_MAXINT, &self.limit) || !check_states(&self, in)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 2 || (argc == 2) != says_something(&self) || (self.split && self.same_as)) {
    return sight_cli_usage("problems", USAGE);
  }
  self.filter.text = text ? text : "all";
  self.id = argc == 2 ? argv[1] : NULL;
  if (!sight_cli_filter_open(&self.filter, cli, &error) ||
      !sight_store_read(cli->store, read_problems, &self, &error) || (self.id && !say(&self, cli, &error))) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
  } else {
    print_table(&self);
  }
  return SIGHT_EXIT_OK;
}
