/* SPDX-License-Identifier: MIT */
/* sightctl issue: an issue out of a moment or a problem: as text, as the tracker's page, or filed. */
#include "sight-cli-recording.h"

#include "sight-compare.h"
#include "sight-endpoint-table.h"
#include "sight-file.h"
#include "sight-issue.h"
#include "sight-text.h"
#include "sight-tracker.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define MAX_SIMILAR 10000
#define USAGE                                                                                                          \
  "SESSION@MS|--problem ID|--state ADDRESS [--to markdown|folder:DIR|KIND:PROJECT] [--page] [--dry-run] "              \
  "[--title TEXT] [--label NAME]… [--assignee NAME]… [--attach FILE]… [--again]"

typedef struct {
  char *problem, *to, *title, *token, *state;
  char **labels, **assignees, **files;
  gboolean page, dry_run, again;
  char *session;
  gint64 at_ms;
  GPtrArray *problems;
  const SightProblem *about;
  SightAnalysis *analysis;
  SightEndpoint *endpoint;
  SightIssue *issue;
} Issue;

static void issue_clear(Issue *self) {
  g_free(self->problem);
  g_free(self->to);
  g_free(self->title);
  g_free(self->token);
  g_free(self->state);
  g_strfreev(self->labels);
  g_strfreev(self->assignees);
  g_strfreev(self->files);
  g_free(self->session);
  g_clear_pointer(&self->problems, g_ptr_array_unref);
  g_clear_pointer(&self->analysis, sight_analysis_free);
  g_clear_pointer(&self->endpoint, sight_endpoint_free);
  g_clear_pointer(&self->issue, sight_issue_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Issue, issue_clear)

/* The problem, and its clearest moment. */
static gboolean find_problem(Issue *self, SightDb *db, GError **error) {
  g_autofree char *text = g_strconcat("problem:", self->problem, NULL);
  g_autoptr(SightFilter) filter = sight_filter_parse(text, NULL, error);
  g_autoptr(SightQuery) query = filter ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  g_autoptr(SightSet) set = query ? sight_query_sessions(query, error) : NULL;

  self->problems = set ? sight_problems_list(db, set, 0, NULL, error) : NULL;
  for (guint i = 0; self->problems && i < self->problems->len; i++) {
    const SightProblem *one = g_ptr_array_index(self->problems, i);
    if (g_str_equal(one->id, self->problem)) {
      self->about = one;
    }
  }
  if (self->problems && !self->about) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no problem “%s”"), self->problem);
  }
  if (self->about) {
    self->session = g_strdup(self->about->session);
    self->at_ms = self->about->at_ms;
  }
  return self->about != NULL;
}

static gboolean read_moment(SightDb *db, gpointer user_data, GError **error) {
  Issue *self = user_data;

  if (self->problem && !find_problem(self, db, error)) {
    return FALSE;
  }
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, self->session, error);
  g_autoptr(SightRuleset) rules = session ? sight_analysis_rules(db, session->endpoint, error) : NULL;
  self->endpoint = rules ? sight_endpoint_table_get(db, session->endpoint, error) : NULL;
  self->analysis = self->endpoint ? sight_analysis_open(db, session->row, rules, NULL, error) : NULL;
  return self->analysis != NULL;
}

/* With the page as it is then, where there is one. */
static gboolean draft(Issue *self, SightCli *cli, GError **error) {
  if (!sight_cli_open(cli, error) || (!self->problem && !sight_cli_need(cli, self->session, error)) ||
      !sight_cli_analyse(cli, NULL, error) || !sight_store_read(cli->store, read_moment, self, error)) {
    return FALSE;
  }
  g_autoptr(GPtrArray) windows = sight_recording_open(cli->store, self->analysis->session->row, NULL, error);
  if (!windows) {
    return FALSE;
  }
  gint64 at_ms = sight_recording_first_ms(windows) + self->at_ms + 1;
  SightTrack *track = sight_cli_choose_track(windows, NULL, at_ms, NULL);
  g_autoptr(SightCursor) cursor = track ? sight_cursor_new(track) : NULL;
  gboolean shown = cursor && sight_cursor_seek(cursor, at_ms, NULL);
  self->issue = sight_issue_draft(self->analysis, shown ? sight_cursor_page(cursor) : NULL, self->about, self->at_ms,
                                  self->endpoint->url);
  if (self->title) {
    g_free(self->issue->title);
    self->issue->title = g_strdup(self->title);
  }
  return TRUE;
}

static void tell(const SightCli *cli, const Issue *self, const char *key, const char *value, const char *body) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  if (!cli->json) {
    g_print("%s\n", value);
    return;
  }
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "title", self->issue->title);
  sight_json_member_string(&w, "moment", self->issue->moment);
  sight_json_member_string(&w, "link", self->issue->link);
  sight_json_member_string(&w, "severity", self->issue->severity);
  sight_json_member_string(&w, "body", body);
  if (!g_str_equal(key, "body")) {
    sight_json_member_string(&w, key, value);
  }
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

/* Takes a name that nothing has yet, so that nothing is overwritten. 0, or errno. */
static int take(const char *path) {
  int fd = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

  if (fd < 0) {
    return errno;
  }
  g_close(fd, NULL);
  return 0;
}

static int take_both(const char *path, const char *beside) {
  int failed = take(path);

  if (failed == 0 && (failed = take(beside)) != 0) {
    g_unlink(path);
  }
  return failed;
}

/* The text and the script beside it, under the first number that neither has; the folder is made. The path of the
 * text, the caller's. */
static char *write_folder(const Issue *self, const char *folder, GError **error) {
  g_autofree char *text = sight_issue_document(self->issue), *path = NULL, *script = NULL;
  int failed = EEXIST;

  if (g_mkdir_with_parents(folder, 0755) != 0) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The folder %s cannot be made"), folder);
    return NULL;
  }
  for (guint i = 1; failed == EEXIST && i <= MAX_SIMILAR; i++) {
    g_autofree char *number = i > 1 ? g_strdup_printf("-%u", i) : g_strdup("");
    g_free(path);
    g_free(script);
    path = g_strdup_printf("%s/issue%s.md", folder, number);
    script = g_strdup_printf("%s/steps%s.spec.js", folder, number);
    failed = take_both(path, script);
  }
  if (failed != 0) {
    g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(failed), _("“%s” cannot be written: %s"), path,
                g_strerror(failed));
    return NULL;
  }
  if (sight_file_write(script, self->issue->script, strlen(self->issue->script), error) &&
      sight_file_write(path, text, strlen(text), error)) {
    return g_steal_pointer(&path);
  }
  g_unlink(path);
  g_unlink(script);
  return NULL;
}

/* A token is an argument that others could see: it comes from the environment or from standard input. */
static gboolean read_token(Issue *self, GError **error) {
  const char *given = g_getenv("SIGHT_TRACKER_TOKEN");
  char line[1024];

  if (given) {
    self->token = g_strdup(given);
  } else if (fgets(line, sizeof line, stdin)) {
    self->token = g_strdup(g_strstrip(line));
  }
  if (self->token && self->token[0]) {
    return TRUE;
  }
  g_set_error_literal(error, SIGHT_TRACKER_ERROR, SIGHT_TRACKER_ERROR_REFUSED,
                      _("A token is needed: in SIGHT_TRACKER_TOKEN, or on standard input. --page needs none."));
  return FALSE;
}

static void file_clear(gpointer data) {
  SightTrackerFile *file = data;

  g_free((char *)file->name);
  g_free((char *)file->type);
  g_bytes_unref(file->bytes);
}

/* Of SightTrackerFile with its own name and bytes: all are read before anything is filed. */
static GArray *read_files(const Issue *self, const SightTrackerTarget *target, GError **error) {
  g_autoptr(GArray) files = g_array_new(FALSE, TRUE, sizeof(SightTrackerFile));

  g_array_set_clear_func(files, file_clear);
  if (self->files && !sight_tracker_takes_files(target)) {
    g_set_error_literal(error, SIGHT_TRACKER_ERROR, SIGHT_TRACKER_ERROR_TARGET,
                        _("This tracker takes files on its own page alone: file without them, and drop them there"));
    return NULL;
  }
  for (char **path = self->files; path && *path; path++) {
    char *data = NULL;
    gsize bytes = 0;
    if (!g_file_get_contents(*path, &data, &bytes, error)) {
      return NULL;
    }
    g_autofree char *type = g_content_type_guess(*path, (const guchar *)data, bytes, NULL);
    const SightTrackerFile file = {g_path_get_basename(*path), g_content_type_get_mime_type(type),
                                   g_bytes_new_take(data, bytes)};
    g_array_append_val(files, file);
  }
  return g_steal_pointer(&files);
}

/* An earlier one may have them, as far as that can be seen. */
static gboolean attach(const Issue *self, const SightTrackerTarget *target, const GArray *files,
                       const SightTrackerFiled *filed, GError **error) {
  for (guint i = 0; i < files->len; i++) {
    const SightTrackerFile *file = &g_array_index(files, SightTrackerFile, i);
    if (filed->earlier && sight_tracker_has_file(target, self->token, filed->url, file->name, NULL)) {
      continue;
    }
    if (!sight_tracker_attach(target, self->token, filed->url, file, NULL, error)) {
      g_prefix_error(error, _("It was filed as %s, but %s is not attached: "), filed->url, file->name);
      return FALSE;
    }
  }
  return TRUE;
}

typedef struct {
  const Issue *issue;
  const char *url;
} Marking;

static gboolean write_mark(SightDb *db, gpointer user_data, GError **error) {
  const Marking *marking = user_data;
  const SightProblem *about = marking->issue->about;
  const SightProblemMark mark = {
      .state = SIGHT_PROBLEM_FILED, .issue = (char *)marking->url, .tracker = marking->issue->to};

  return sight_problem_mark_write(db, about->endpoint, about->id, &mark,
                                  SIGHT_PROBLEM_SAYS_STATE | SIGHT_PROBLEM_SAYS_ISSUE, error);
}

/* As the window does: the team sees where its problem was filed, and its state is read from there. */
static gboolean mark_problem(const Issue *self, SightCli *cli, const char *url, GError **error) {
  Marking marking = {self, url};

  if (!self->about || sight_store_why_reading(cli->store) ||
      sight_store_write(cli->store, SIGHT_WRITE_DURABLE, write_mark, &marking, error)) {
    return TRUE;
  }
  g_prefix_error(error, _("It was filed as %s, but the problem could not be marked: "), url);
  return FALSE;
}

static SightTrackerDraft draft_of(const Issue *self, const char *body) {
  return (SightTrackerDraft){self->issue->title, body, (const char *const *)self->labels,
                             (const char *const *)self->assignees, self->again};
}

static gboolean file(Issue *self, SightCli *cli, const SightTrackerTarget *target, const char *body, GError **error) {
  const SightTrackerDraft draft = draft_of(self, body);
  g_auto(SightTrackerFiled) filed = {0};
  g_autoptr(GArray) files = read_files(self, target, error);
  const SightSession *session = self->analysis->session;

  if (!files || !read_token(self, error) || !sight_tracker_file(target, self->token, &draft, &filed, NULL, error)) {
    return FALSE;
  }
  const SightLogEntry entry = {
      .act = SIGHT_LOG_FILED, .session = session->session, .from_ms = self->at_ms, .to_ms = -1, .detail = filed.url};
  if (!filed.earlier && !sight_cli_log(cli, session->endpoint, &entry, error)) {
    g_prefix_error(error, _("It was filed as %s, but the log could not be written: "), filed.url);
    return FALSE;
  }
  if (!mark_problem(self, cli, filed.url, error)) {
    return FALSE;
  }
  tell(cli, self, filed.earlier ? "earlier" : "url", filed.url, body);
  if (filed.earlier) {
    g_printerr("%s\n", _("It was filed before, and nothing is filed now; --again files it once more."));
  }
  if (filed.unread) {
    g_printerr("%s\n", _("Which labels and assignees the tracker took could not be read back."));
  }
  if (filed.unkept) {
    g_printerr(_("The tracker did not take: %s\n"), filed.unkept);
  }
  return attach(self, target, files, &filed, error);
}

static gboolean send(Issue *self, SightCli *cli, const char *body, GError **error) {
  g_autoptr(SightTrackerTarget) target = sight_tracker_target_new(self->to, error);

  if (!target) {
    return FALSE;
  }
  if (!self->page && !self->dry_run) {
    return file(self, cli, target, body, error);
  }
  const SightTrackerDraft draft = draft_of(self, body);
  g_autofree char *value =
      self->page ? sight_tracker_page(target, self->issue->title, body) : sight_tracker_preview(target, &draft);
  tell(cli, self, self->page ? "page" : "request", value, body);
  return TRUE;
}

static gboolean tell_state(Issue *self, const SightCli *cli, GError **error) {
  g_autoptr(SightTrackerTarget) target = sight_tracker_target_new(self->to, error);
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  gboolean closed = FALSE;
  gint64 closed_ms = 0;

  if (!target || !read_token(self, error) ||
      !sight_tracker_read_state(target, self->token, self->state, &closed, &closed_ms, NULL, error)) {
    return FALSE;
  }
  if (!cli->json) {
    g_print("%s\n", closed ? "closed" : "open"); /* words for scripts */
    return TRUE;
  }
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "url", self->state);
  sight_json_member_bool(&w, "closed", closed);
  sight_json_member_int(&w, "closed_ms", closed_ms);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
  return TRUE;
}

/* Whatever way it goes, it is in the log, and the problem knows of it. */
static gboolean note_folder(const Issue *self, SightCli *cli, const char *path, GError **error) {
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autofree char *url = g_file_get_uri(file);
  const SightSession *session = self->analysis->session;
  const SightLogEntry entry = {
      .act = SIGHT_LOG_FILED, .session = session->session, .from_ms = self->at_ms, .to_ms = -1, .detail = url};

  return sight_cli_log(cli, session->endpoint, &entry, error) && mark_problem(self, cli, url, error);
}

static gboolean deliver(Issue *self, SightCli *cli, GError **error) {
  g_autofree char *body = sight_issue_markdown(self->issue);

  if (self->to && g_str_has_prefix(self->to, "folder:")) {
    const char *folder = self->to + strlen("folder:");
    g_autofree char *path = write_folder(self, folder, error);
    if (!path || !note_folder(self, cli, path, error)) {
      return FALSE;
    }
    tell(cli, self, "file", path, body);
    return TRUE;
  }
  if (self->to && !g_str_equal(self->to, "markdown")) {
    return send(self, cli, body, error);
  }
  g_autofree char *text = sight_issue_document(self->issue);
  tell(cli, self, "body", text, body);
  return TRUE;
}

static int exit_code(SightCli *cli, const GError *error) {
  int code = sight_cli_fail(cli, error);

  if (error->domain != SIGHT_TRACKER_ERROR) {
    return code;
  }
  return error->code == SIGHT_TRACKER_ERROR_TARGET                                               ? SIGHT_EXIT_USAGE
         : error->code == SIGHT_TRACKER_ERROR_REFUSED                                            ? SIGHT_EXIT_REFUSED
         : error->code == SIGHT_TRACKER_ERROR_BUSY || error->code == SIGHT_TRACKER_ERROR_OFFLINE ? SIGHT_EXIT_OFFLINE
                                                                                                 : code;
}

int sight_verb_issue(SightCli *cli, int argc, char **argv) {
  g_auto(Issue) self = {0};
  const GOptionEntry entries[] = {
      {"problem", 0, 0, G_OPTION_ARG_STRING, &self.problem, N_("About this problem, at its clearest moment"), N_("ID")},
      {"to", 0, 0, G_OPTION_ARG_STRING, &self.to,
       N_("markdown (the default), folder:DIR, or a tracker such as github:OWNER/REPOSITORY"), N_("WHERE")},
      {"page", 0, 0, G_OPTION_ARG_NONE, &self.page, N_("Print the address of the tracker's page, filled in"), NULL},
      {"dry-run", 0, 0, G_OPTION_ARG_NONE, &self.dry_run, N_("Print the request and file nothing"), NULL},
      {"title", 0, 0, G_OPTION_ARG_STRING, &self.title, N_("The title, not the drafted one"), N_("TEXT")},
      {"label", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.labels, N_("A label of the tracker"), N_("NAME")},
      {"assignee", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.assignees, N_("Whom it is assigned to"), N_("NAME")},
      {"attach", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self.files, N_("A file that goes along"), N_("FILE")},
      {"again", 0, 0, G_OPTION_ARG_NONE, &self.again, N_("File it also where the moment was filed before"), NULL},
      {"state", 0, 0, G_OPTION_ARG_STRING, &self.state, N_("Ask whether the issue at this address is closed"),
       N_("ADDRESS")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("[SESSION@MS]"), _("Drafts an issue from a moment, and files it."), &argc,
                       &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (self.state) {
    if (argc > 1 || self.problem || !self.to) {
      return sight_cli_usage("issue", USAGE);
    }
    return tell_state(&self, cli, &error) ? SIGHT_EXIT_OK : exit_code(cli, error);
  }
  char *at = argc == 2 ? strrchr(argv[1], '@') : NULL;
  if (argc > 2 || (argc == 2) == (self.problem != NULL) || (argc == 2 && !at)) {
    return sight_cli_usage("issue", USAGE);
  }
  if (at) {
    self.session = g_strndup(argv[1], (gsize)(at - argv[1]));
    if (!sight_cli_number("MS", at + 1, SIGHT_TEXT_MAX_MS, &self.at_ms)) {
      return SIGHT_EXIT_USAGE;
    }
  }
  if (!draft(&self, cli, &error) || !deliver(&self, cli, &error)) {
    return exit_code(cli, error);
  }
  return SIGHT_EXIT_OK;
}
