/* SPDX-License-Identifier: MIT */
/* Drafting, filing, attaching, and saying so of the problem. */
#include "sight-ui-issue.h"

#include "sight-audit.h"
#include "sight-file.h"
#include "sight-issue-read.h"
#include "sight-log-table.h"
#include "sight-shown.h"
#include "sight-token.h"
#include "sight-tracker.h"
#include "sight-ui-clip.h"
#include "sight-ui-steps.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#define FOLDER "folder:"
#define MAX_SIMILAR 1000

SightUiIssueSubject *sight_ui_issue_subject_new(SightStore *store, gint64 row, gint64 at_ms,
                                                SightUiProblemItem *problem) {
  SightUiIssueSubject *subject = g_atomic_rc_box_new0(SightUiIssueSubject);

  subject->store = g_object_ref(store);
  subject->row = row;
  subject->at_ms = at_ms;
  g_set_object(&subject->problem, problem);
  return subject;
}

SightUiIssueSubject *sight_ui_issue_subject_ref(SightUiIssueSubject *subject) {
  return g_atomic_rc_box_acquire(subject);
}

static void subject_clear(gpointer data) {
  SightUiIssueSubject *subject = data;

  g_clear_object(&subject->problem);
  g_clear_object(&subject->store);
}

void sight_ui_issue_subject_unref(SightUiIssueSubject *subject) {
  g_atomic_rc_box_release_full(subject, subject_clear);
}

static const SightProblem *problem_of(const SightUiIssueSubject *subject) {
  return subject->problem != NULL ? sight_ui_problem_item_get(subject->problem) : NULL;
}

void sight_ui_issue_letter_free(SightUiIssueLetter *letter) {
  if (letter == NULL)
    return;
  g_free(letter->target);
  g_free(letter->token);
  g_free(letter->title);
  g_free(letter->body);
  g_free(letter->script);
  g_strfreev(letter->labels);
  g_strfreev(letter->assignees);
  g_clear_pointer(&letter->picture, g_bytes_unref);
  g_free(letter);
}

GStrv sight_ui_issue_names(const char *text) {
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new();
  gboolean any = FALSE;

  for (char **part = parts; *part != NULL; part++) {
    if (*g_strstrip(*part) == '\0')
      continue;
    g_strv_builder_add(names, *part);
    any = TRUE;
  }
  return any ? g_strv_builder_end(names) : NULL;
}

/* What is private in it */

static GArray *hits_in(const char *text) {
  GArray *hits = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));

  sight_audit_text(text, strlen(text), NULL, hits);
  return hits;
}

char *sight_ui_issue_private(const char *title, const char *body) {
  const char *const texts[] = {title, body};
  guint n[SIGHT_N_AUDIT_KINDS] = {0};
  g_autoptr(GString) out = g_string_new(NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GArray) hits = hits_in(texts[i]);
    for (guint j = 0; j < hits->len; j++)
      n[g_array_index(hits, SightAuditHit, j).kind]++;
  }
  for (int kind = 0; kind < SIGHT_N_AUDIT_KINDS; kind++) {
    if (n[kind] > 0)
      g_string_append_printf(out, "%s%u × %s", out->len > 0 ? ", " : "", n[kind],
                             sight_audit_kind_title((SightAuditKind)kind));
  }
  return out->len > 0 ? g_strdup(out->str) : NULL;
}

char *sight_ui_issue_mask(const char *text) {
  g_autoptr(GArray) hits = hits_in(text);
  char *masked = g_strdup(text);

  for (guint i = 0; i < hits->len; i++) {
    SightAuditHit hit = g_array_index(hits, SightAuditHit, i);
    memset(masked + hit.start, '*', hit.end - hit.start);
  }
  return masked;
}

/* Drafting */

static void draft_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const SightUiIssueSubject *subject = data;
  GError *error = NULL;
  SightIssue *issue =
      sight_issue_read(subject->store, subject->row, subject->at_ms, problem_of(subject), NULL, cancellable, &error);

  if (issue != NULL)
    g_task_return_pointer(task, issue, (GDestroyNotify)sight_issue_free);
  else
    g_task_return_error(task, error);
}

void sight_ui_issue_draft_async(SightUiIssueSubject *subject, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);

  g_task_set_task_data(task, sight_ui_issue_subject_ref(subject), (GDestroyNotify)sight_ui_issue_subject_unref);
  g_task_run_in_thread(task, draft_thread);
}

SightIssue *sight_ui_issue_draft_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}

/* The clip */

static GBytes *make_clip(const SightUiIssueSubject *subject, const char *title, GCancellable *cancellable,
                         GError **error) {
  g_autoptr(SightAnalysis) analysis = NULL;
  g_autoptr(SightIssue) draft =
      sight_issue_read(subject->store, subject->row, subject->at_ms, NULL, &analysis, cancellable, error);
  g_autoptr(SightUiReel) reel =
      draft != NULL ? sight_ui_reel_open(subject->store, subject->row, cancellable, error) : NULL;
  gint64 from_ms = 0, to_ms = 0;

  if (reel == NULL)
    return NULL;
  g_autoptr(GHashTable) table = sight_shown_table(sight_ui_reel_shown(reel));
  g_autoptr(SightRedaction) redaction = sight_redaction_new();
  g_autoptr(GString) out = g_string_new(NULL);
  const SightClipAbout about = {.name = title, .note = NULL, .shown = table, .redaction = redaction};
  sight_redaction_add_all_kinds(redaction);
  sight_ui_stretch_around(analysis, analysis->session->duration_ms, subject->at_ms, &from_ms, &to_ms, NULL);
  g_autoptr(GArray) parts =
      sight_ui_clip_parts(reel, analysis->spans, analysis->session->started_ms, from_ms, to_ms + 1);
  if (!sight_clip_write((const SightClipPart *)(void *)parts->data, parts->len, SIGHT_CLIP_HTML, &about, cancellable,
                        out, error))
    return NULL;
  return g_string_free_to_bytes(g_steal_pointer(&out));
}

/* Filing */

typedef struct {
  SightUiIssueSubject *subject;
  SightUiIssueLetter *letter;
  GBytes *clip;
  SightSession *session; /* of the subject; read once it is filed */
  char *url, *warning;
  gboolean earlier;
} Filing;

static void filing_free(gpointer data) {
  Filing *self = data;

  sight_ui_issue_subject_unref(self->subject);
  sight_ui_issue_letter_free(self->letter);
  g_clear_pointer(&self->clip, g_bytes_unref);
  g_clear_pointer(&self->session, sight_session_free);
  g_free(self->url);
  g_free(self->warning);
  g_free(self);
}

static gboolean write_bytes(const char *folder, const char *name, GBytes *bytes, GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  gsize n = 0;
  const char *data = g_bytes_get_data(bytes, &n);

  return sight_file_write(path, data, n, error);
}

/* 0, or errno. */
static int make_one(const char *folder) {
  return g_mkdir(folder, 0755) == 0 ? 0 : errno;
}

/* A folder of its own within the one that was named, the caller's: of issues of the same title each keeps its own. */
static char *make_folder(const char *within, const char *title, GError **error) {
  g_autofree char *name = sight_ui_clip_file_name(title, "");
  g_autofree char *folder = g_build_filename(within, name, NULL);
  int failed = g_mkdir_with_parents(within, 0755) == 0 ? make_one(folder) : errno;

  for (guint i = 2; failed == EEXIST && i <= MAX_SIMILAR; i++) {
    g_autofree char *ending = g_strdup_printf(" %u", i);
    g_autofree char *similar = sight_ui_clip_file_name(title, ending);
    g_free(folder);
    folder = g_build_filename(within, similar, NULL);
    failed = make_one(folder);
  }
  if (failed == 0)
    return g_steal_pointer(&folder);
  g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(failed), _("The folder %s cannot be made: %s"), folder,
              g_strerror(failed));
  return NULL;
}

static gboolean write_folder(Filing *self, GError **error) {
  const SightUiIssueLetter *letter = self->letter;
  g_autofree char *folder = make_folder(letter->target + strlen(FOLDER), letter->title, error);
  g_autofree char *document = g_strdup_printf("# %s\n\n%s", letter->title, letter->body);
  g_autoptr(GBytes) text = g_bytes_new(document, strlen(document));
  g_autoptr(GBytes) script = g_bytes_new(letter->script, strlen(letter->script));

  if (folder == NULL)
    return FALSE;
  self->url = g_filename_to_uri(folder, NULL, error);
  return self->url != NULL && write_bytes(folder, "issue.md", text, error) &&
         write_bytes(folder, "steps.spec.js", script, error) &&
         (self->clip == NULL || write_bytes(folder, "clip.html", self->clip, error)) &&
         (letter->picture == NULL || write_bytes(folder, "picture.png", letter->picture, error));
}

static void say(Filing *self, const char *text) {
  g_autofree char *before = g_steal_pointer(&self->warning);

  self->warning = g_strconcat(before != NULL ? before : "", before != NULL ? "\n" : "", text, NULL);
}

static void warn(Filing *self, const char *what, const GError *error) {
  g_autofree char *text = g_strdup_printf("%s: %s", what, error->message);

  say(self, text);
}

/* Trackers drop in silence what they do not know, or what the token may not set. */
static void tell_unkept(Filing *self, const SightTrackerFiled *filed) {
  if (filed->unread)
    say(self, _("Filed, but which labels and assignees the tracker took could not be read back"));
  if (filed->unkept == NULL)
    return;
  g_autofree char *text = g_strdup_printf(_("Filed, but the tracker did not take: %s"), filed->unkept);
  say(self, text);
}

static void attach(Filing *self, const SightTrackerTarget *target, const char *token, const SightTrackerFile *file,
                   GCancellable *cancellable) {
  g_autoptr(GError) error = NULL;

  if (self->earlier && sight_tracker_has_file(target, token, self->url, file->name, cancellable))
    return;
  if (file->bytes != NULL && sight_tracker_takes_files(target) &&
      !sight_tracker_attach(target, token, self->url, file, cancellable, &error))
    warn(self, _("Filed, but a file could not be attached"), error);
}

static gboolean send(Filing *self, GCancellable *cancellable, GError **error) {
  const SightUiIssueLetter *letter = self->letter;
  const char *directory = sight_store_directory(self->subject->store);
  g_autoptr(SightTrackerTarget) target = sight_tracker_target_new(letter->target, error);
  g_autofree char *key = target != NULL ? sight_tracker_target_key(target) : NULL;
  g_autofree char *token = g_strdup(letter->token);
  g_autoptr(GError) unkept = NULL;

  if (target == NULL || (token[0] == '\0' && !sight_token_need(directory, key, &token, error)))
    return FALSE;
  /* Who sees that the problem has an issue and files all the same means another. */
  const SightProblem *problem = problem_of(self->subject);
  const SightTrackerDraft draft = {.title = letter->title,
                                   .body = letter->body,
                                   .labels = (const char *const *)letter->labels,
                                   .assignees = (const char *const *)letter->assignees,
                                   .again = problem != NULL && problem->mark != NULL && problem->mark->issue != NULL};
  g_auto(SightTrackerFiled) filed = {0};
  if (!sight_tracker_file(target, token, &draft, &filed, cancellable, error))
    return FALSE;
  self->url = g_steal_pointer(&filed.url);
  self->earlier = filed.earlier;
  if (filed.earlier)
    self->warning =
        g_strdup_printf(_("Filed before as %s. Without the last line of its text it is filed once more."), self->url);
  tell_unkept(self, &filed);
  attach(self, target, token, &(SightTrackerFile){"clip.html", "text/html", self->clip}, cancellable);
  attach(self, target, token, &(SightTrackerFile){"picture.png", "image/png", letter->picture}, cancellable);
  if (letter->token[0] != '\0' && !sight_token_save(directory, key, token, NULL, &unkept))
    warn(self, _("Filed, but the token could not be kept"), unkept);
  return TRUE;
}

static gboolean write_mark(SightDb *db, gpointer user_data, GError **error) {
  const Filing *self = user_data;
  const SightProblem *problem = problem_of(self->subject);
  const SightProblemMark mark = {.state = SIGHT_PROBLEM_FILED, .issue = self->url, .tracker = self->letter->target};

  return sight_problem_mark_write(db, problem->endpoint, problem->id, &mark,
                                  SIGHT_PROBLEM_SAYS_STATE | SIGHT_PROBLEM_SAYS_ISSUE, error);
}

static gboolean read_session(SightDb *db, gpointer user_data, GError **error) {
  Filing *self = user_data;

  self->session = sight_session_table_get(db, self->subject->row, error);
  return self->session != NULL;
}

static void note(Filing *self) {
  gint64 at_ms = self->subject->at_ms;

  if (sight_store_read(self->subject->store, read_session, self, NULL) && !self->earlier)
    sight_log_note(self->subject->store, self->session->endpoint,
                   &(SightLogEntry){SIGHT_LOG_FILED, self->session->session, at_ms, -1, self->url});
}

/* The clip comes first: what cannot be shown is not filed half. */
static gboolean file(Filing *self, GCancellable *cancellable, GError **error) {
  g_autoptr(GError) unsaid = NULL;

  if (self->letter->clip) {
    self->clip = make_clip(self->subject, self->letter->title, cancellable, error);
    if (self->clip == NULL)
      return FALSE;
  }
  if (!(g_str_has_prefix(self->letter->target, FOLDER) ? write_folder(self, error) : send(self, cancellable, error)))
    return FALSE;
  note(self);
  if (problem_of(self->subject) != NULL &&
      !sight_store_write(self->subject->store, SIGHT_WRITE_DURABLE, write_mark, self, &unsaid))
    warn(self, _("Filed, but the problem could not be marked"), unsaid);
  return TRUE;
}

static void file_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;

  if (file(data, cancellable, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

void sight_ui_issue_file_async(SightUiIssueSubject *subject, SightUiIssueLetter *letter, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  Filing *self = g_new0(Filing, 1);

  self->subject = sight_ui_issue_subject_ref(subject);
  self->letter = letter;
  /* What was filed is told, also where somebody cancels meanwhile. */
  g_task_set_check_cancellable(task, FALSE);
  g_task_set_task_data(task, self, filing_free);
  g_task_run_in_thread(task, file_thread);
}

char *sight_ui_issue_file_finish(GAsyncResult *result, char **warning, GError **error) {
  Filing *self = g_task_get_task_data(G_TASK(result));

  if (!g_task_propagate_boolean(G_TASK(result), error))
    return NULL;
  *warning = g_steal_pointer(&self->warning);
  return g_steal_pointer(&self->url);
}
