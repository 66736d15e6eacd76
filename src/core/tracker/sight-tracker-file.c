/* SPDX-License-Identifier: MIT */
/* Filing: looking for what was filed before, names that trackers know by numbers, files, and how an issue stands. */
#include "sight-tracker-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How the last line of sight_issue_markdown() begins: it says of which moment, and of which problem, the issue is. */
#define MARK "SessionSight: `"
#define MAX_DEPTH 12

void sight_tracker_filed_clear(SightTrackerFiled *filed) {
  g_clear_pointer(&filed->url, g_free);
  g_clear_pointer(&filed->unkept, g_free);
}

/* What a text holds */

/* The line, the caller's; NULL: the body has none. */
static char *mark_of(const char *body) {
  const char *line = g_strrstr(body, MARK);
  g_autofree char *mark = line != NULL ? g_strndup(line, strcspn(line, "\r\n")) : NULL;

  return mark != NULL && g_str_has_suffix(g_strchomp(mark), "`") && strlen(mark) > strlen(MARK) ? g_steal_pointer(&mark)
                                                                                                : NULL;
}

/* That of a moment is the beginning of that of a problem there. */
static gboolean holds(SightJson value, const char *mark, guint depth) {
  SightJsonIter it = sight_json_iter(value);
  const char *text = sight_json_string(value, NULL);
  const char *at = text != NULL ? strstr(text, mark) : NULL;

  if (text != NULL)
    return at != NULL && at[strlen(mark)] != ',';
  while (depth > 0 && sight_json_next(&it)) {
    if (holds(it.value, mark, depth - 1))
      return TRUE;
  }
  return FALSE;
}

static gboolean is_same(const char *a, const char *b) {
  g_autofree char *folded = g_utf8_casefold(a, -1), *other = g_utf8_casefold(b, -1);
  return g_str_equal(folded, other);
}

/* One of the texts within, or a part of one between semicolons. */
static gboolean names(SightJson value, const char *name, guint depth) {
  SightJsonIter it = sight_json_iter(value);
  const char *text = sight_json_string(value, NULL);
  g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", ";", -1);
  g_autofree char *number = text == NULL ? g_strdup_printf("%" G_GINT64_FORMAT, sight_json_int(value, -1)) : NULL;

  if (number != NULL && g_str_equal(number, name))
    return TRUE;
  for (char **part = parts; *part != NULL; part++) {
    if (is_same(g_strstrip(*part), name))
      return TRUE;
  }
  while (depth > 0 && text == NULL && sight_json_next(&it)) {
    if (names(it.value, name, depth - 1))
      return TRUE;
  }
  return FALSE;
}

/* One of the members that trackers name people, labels and projects by: other texts may say the same. */
static gboolean is_named(SightJson object, const char *name) {
  static const char *const members[] = {"name",         "username", "login", "displayName",
                                        "emailAddress", "email",    "key",   "shortName"};
  for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
    const char *text = sight_json_string(sight_json_get(object, members[i]), NULL);
    if (text != NULL && is_same(text, name))
      return TRUE;
  }
  return FALSE;
}

/* The id of the object that has that name, the caller's. `key` is that of `value`, or NULL. */
static char *id_of(const SightTracker *tracker, SightJson value, const char *key, const char *name, guint depth) {
  SightJson id = sight_json_get(value, "id"), account = sight_json_get(value, "accountId");
  gboolean fits = tracker->named_in[0] == NULL || g_strcmp0(key, tracker->named_in[0]) == 0 ||
                  g_strcmp0(key, tracker->named_in[1]) == 0;
  gboolean here = fits && is_named(value, name);
  char *found = NULL;
  const char *text = sight_json_string(account, NULL);

  if (text == NULL)
    text = sight_json_string(id, NULL);
  if (here && text != NULL)
    return g_strdup(text);
  if (here && sight_json_int(id, -1) >= 0)
    return g_strdup_printf("%" G_GINT64_FORMAT, sight_json_int(id, -1));
  for (SightJsonIter it = sight_json_iter(value); found == NULL && depth > 0 && sight_json_next(&it);)
    found = id_of(tracker, it.value, it.key, name, depth - 1);
  return found;
}

/* Names */

typedef struct {
  const SightTrackerTarget *target;
  const char *token;
  GCancellable *cancellable;
  SightTrackerIssue issue;
  GPtrArray *no_labels, *no_assignees; /* of char: names that the tracker does not know, owned */
} Filing;

static void filing_clear(Filing *self) {
  g_free(self->issue.project);
  g_ptr_array_unref(self->issue.labels);
  g_ptr_array_unref(self->issue.assignees);
  g_ptr_array_unref(self->no_labels);
  g_ptr_array_unref(self->no_assignees);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Filing, filing_clear)

/* FALSE: nobody answered, or refused to. `id` stays NULL where there is none of that name. */
static gboolean look_up(const Filing *self, SightTrackerName what, const char *name, char **id, GError **error) {
  const SightTracker *tracker = self->target->tracker;
  g_auto(SightTrackerRequest) request = {.method = "GET"};
  g_auto(SightTrackerAnswer) answer = {0};

  if (tracker->look_up == NULL || !tracker->look_up(self->target, what, name, &request)) {
    *id = g_strdup(name);
    return TRUE;
  }
  if (!sight_tracker_exchange(self->target, self->token, &request, &answer, self->cancellable, error))
    return FALSE;
  if (!answer.good)
    return sight_tracker_refused(&answer, error);
  *id = id_of(tracker, answer.root, NULL, name, MAX_DEPTH);
  return TRUE;
}

static gboolean look_up_all(const Filing *self, SightTrackerName what, const char *const *list, GPtrArray *ids,
                            GPtrArray *unknown, GError **error) {
  gboolean has =
      (what == SIGHT_TRACKER_LABEL ? self->target->tracker->labels : self->target->tracker->assignees) != NULL;

  for (; list != NULL && *list != NULL; list++) {
    char *id = NULL;
    if (has && !look_up(self, what, *list, &id, error))
      return FALSE;
    if (id != NULL)
      g_ptr_array_add(ids, id);
    else
      g_ptr_array_add(unknown, g_strdup(*list));
  }
  return TRUE;
}

static gboolean look_up_project(Filing *self, GError **error) {
  const char *project = self->target->project;

  if (!look_up(self, SIGHT_TRACKER_PROJECT, project, &self->issue.project, error))
    return FALSE;
  if (self->issue.project != NULL)
    return TRUE;
  g_set_error(error, SIGHT_TRACKER_ERROR, SIGHT_TRACKER_ERROR_TARGET, _("The tracker has no project “%s”"), project);
  return FALSE;
}

/* Filing */

/* The address of the issue that holds the mark, the caller's. */
static char *find_marked(const Filing *self, SightJson list, const char *mark) {
  const SightTracker *tracker = self->target->tracker;
  char *(*address)(const SightTrackerTarget *, SightJson) =
      tracker->address != NULL ? tracker->address : tracker->created;

  for (SightJsonIter it = sight_json_iter(list); sight_json_next(&it);) {
    char *url = holds(it.value, mark, MAX_DEPTH) ? address(self->target, it.value) : NULL;
    if (url != NULL)
      return url;
  }
  return NULL;
}

static gboolean find_earlier(const Filing *self, char **url, GError **error) {
  const SightTracker *tracker = self->target->tracker;
  g_autofree char *mark = mark_of(self->issue.body);
  g_auto(SightTrackerRequest) request = {.method = "GET"}, texts = {.method = "GET"};
  g_auto(SightTrackerAnswer) answer = {0}, read = {0};
  SightTrackerAnswer *last = &answer;

  if (mark == NULL)
    return TRUE;
  tracker->newest(self->target, &self->issue, mark, &request);
  if (!sight_tracker_exchange(self->target, self->token, &request, &answer, self->cancellable, error))
    return FALSE;
  if (answer.good && tracker->texts != NULL) {
    if (!tracker->texts(self->target, answer.root, &texts))
      return TRUE;
    last = &read;
    if (!sight_tracker_exchange(self->target, self->token, &texts, &read, self->cancellable, error))
      return FALSE;
  }
  SightJson list = sight_tracker_at(last->root, tracker->listed);
  if (!last->good || sight_json_type(list) != SIGHT_JSON_ARRAY)
    return sight_tracker_refused(last, error);
  *url = find_marked(self, list, mark);
  return TRUE;
}

static gboolean create(const Filing *self, char **url, GError **error) {
  const SightTracker *tracker = self->target->tracker;
  g_auto(SightTrackerRequest) request = {0};
  g_auto(SightTrackerAnswer) answer = {0};

  tracker->create(self->target, &self->issue, &request);
  if (!sight_tracker_exchange(self->target, self->token, &request, &answer, self->cancellable, error))
    return FALSE;
  *url = answer.good ? tracker->created(self->target, answer.root) : NULL;
  answer.unread = *url == NULL && answer.success;
  return *url != NULL || sight_tracker_refused(&answer, error);
}

/* Of what was filed */

/* How an issue is named in its address: ".../issue/KEY/more", or its last part. */
static char *ref_of(const char *issue) {
  const char *named = strstr(issue, "/issue/"), *last = strrchr(issue, '/');
  const char *start = named != NULL ? named + strlen("/issue/") : last != NULL ? last + 1 : issue;
  g_autofree char *part = g_strndup(start, strcspn(start, "/?#"));

  return g_uri_escape_string(part, NULL, FALSE);
}

typedef void (*Ask)(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request);

static gboolean ask_so(Ask fill, const SightTrackerTarget *target, const char *token, const char *issue,
                       SightTrackerAnswer *answer, GCancellable *cancellable, GError **error) {
  g_auto(SightTrackerRequest) request = {.method = "GET"};
  g_autofree char *ref = ref_of(issue);

  fill(target, ref, &request);
  return sight_tracker_exchange(target, token, &request, answer, cancellable, error) &&
         (answer->good || sight_tracker_refused(answer, error));
}

static gboolean ask(const SightTrackerTarget *target, const char *token, const char *issue, SightTrackerAnswer *answer,
                    GCancellable *cancellable, GError **error) {
  return ask_so(target->tracker->ask, target, token, issue, answer, cancellable, error);
}

/* Of an answer that did not come, nothing is said but what was known to be wrong. */
static void add_unkept(const SightTrackerAnswer *answer, const char *path, const char *const *list,
                       const GPtrArray *ids, GPtrArray *unknown, GPtrArray *unkept) {
  for (guint i = 0, at = 0; list != NULL && list[i] != NULL; i++) {
    gboolean is_unknown = g_ptr_array_find_with_equal_func(unknown, list[i], g_str_equal, NULL);
    const char *id = is_unknown ? NULL : ids->pdata[at++];
    SightJson there = path != NULL ? sight_tracker_at(answer->root, path) : answer->root;
    if (is_unknown || (answer->good && !(names(there, list[i], MAX_DEPTH) || names(there, id, MAX_DEPTH))))
      g_ptr_array_add(unkept, (char *)list[i]);
  }
}

/* Trackers drop in silence what the token may not set: what was wanted is read back. */
static void read_back(const Filing *self, const SightTrackerDraft *draft, SightTrackerFiled *filed) {
  const SightTracker *tracker = self->target->tracker;
  g_auto(SightTrackerAnswer) answer = {0};
  g_autoptr(GPtrArray) unkept = g_ptr_array_new();

  if (self->issue.labels->len + self->issue.assignees->len > 0)
    filed->unread = !ask(self->target, self->token, filed->url, &answer, self->cancellable, NULL);
  add_unkept(&answer, tracker->labels, draft->labels, self->issue.labels, self->no_labels, unkept);
  add_unkept(&answer, tracker->assignees, draft->assignees, self->issue.assignees, self->no_assignees, unkept);
  filed->unkept = sight_tracker_join(unkept, ", ");
}

gboolean sight_tracker_file(const SightTrackerTarget *target, const char *token, const SightTrackerDraft *draft,
                            SightTrackerFiled *filed, GCancellable *cancellable, GError **error) {
  g_auto(Filing) self = {.target = target,
                         .token = token,
                         .cancellable = cancellable,
                         .issue = {.title = draft->title,
                                   .body = draft->body,
                                   .labels = g_ptr_array_new_with_free_func(g_free),
                                   .assignees = g_ptr_array_new_with_free_func(g_free)},
                         .no_labels = g_ptr_array_new_with_free_func(g_free),
                         .no_assignees = g_ptr_array_new_with_free_func(g_free)};

  if (!look_up_project(&self, error) || (!draft->again && !find_earlier(&self, &filed->url, error)))
    return FALSE;
  filed->earlier = filed->url != NULL;
  if (filed->earlier)
    return TRUE;
  if (!look_up_all(&self, SIGHT_TRACKER_LABEL, draft->labels, self.issue.labels, self.no_labels, error) ||
      !look_up_all(&self, SIGHT_TRACKER_ASSIGNEE, draft->assignees, self.issue.assignees, self.no_assignees, error) ||
      !create(&self, &filed->url, error))
    return FALSE;
  read_back(&self, draft, filed);
  return TRUE;
}

gboolean sight_tracker_takes_labels(const SightTrackerTarget *target) {
  return target->tracker->labels != NULL;
}

gboolean sight_tracker_takes_assignees(const SightTrackerTarget *target) {
  return target->tracker->assignees != NULL;
}

gboolean sight_tracker_takes_files(const SightTrackerTarget *target) {
  return target->tracker->n_attach > 0;
}

/* By its name, or by Markdown that shows it: "[NAME](". */
static gboolean has_name(SightJson value, const char *name, const char *shown, guint depth) {
  SightJsonIter it = sight_json_iter(value);
  const char *text = sight_json_string(value, NULL);

  if (text != NULL)
    return is_same(text, name) || strstr(text, shown) != NULL;
  while (depth > 0 && sight_json_next(&it)) {
    if (has_name(it.value, name, shown, depth - 1))
      return TRUE;
  }
  return FALSE;
}

gboolean sight_tracker_has_file(const SightTrackerTarget *target, const char *token, const char *issue,
                                const char *name, GCancellable *cancellable) {
  const SightTracker *tracker = target->tracker;
  Ask fill = tracker->ask_files != NULL ? tracker->ask_files : tracker->ask;
  g_autofree char *shown = g_strdup_printf("[%s](", name);
  g_auto(SightTrackerAnswer) answer = {0};

  return tracker->files != NULL && ask_so(fill, target, token, issue, &answer, cancellable, NULL) &&
         has_name(sight_tracker_at(answer.root, tracker->files), name, shown, MAX_DEPTH);
}

gboolean sight_tracker_attach(const SightTrackerTarget *target, const char *token, const char *issue,
                              const SightTrackerFile *file, GCancellable *cancellable, GError **error) {
  g_autofree char *ref = ref_of(issue);
  SightTrackerUpload upload = {.ref = ref, .file = file};
  SightTrackerAnswer answer = {0};
  gboolean sent = TRUE;

  for (guint place = 0; sent && place < target->tracker->n_attach; place++) {
    g_auto(SightTrackerRequest) request = {0};
    if (!target->tracker->attach(target, &upload, place, answer.root, &request)) {
      sent = sight_tracker_refused(&answer, error);
      break;
    }
    sight_tracker_answer_clear(&answer);
    answer = (SightTrackerAnswer){0};
    sent = sight_tracker_exchange(target, token, &request, &answer, cancellable, error) &&
           (answer.good || sight_tracker_refused(&answer, error));
  }
  sight_tracker_answer_clear(&answer);
  g_free(upload.kept);
  return sent;
}

/* 0: it is none that can be believed. */
static gint64 time_of(SightJson tainted) {
  const char *text = sight_json_string(tainted, NULL);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autoptr(GDateTime) date = text != NULL ? g_date_time_new_from_iso8601(text, utc) : NULL;
  gint64 time_ms = date != NULL ? g_date_time_to_unix(date) * 1000 : sight_json_int(tainted, 0);

  return CLAMP(time_ms, 0, g_get_real_time() / 1000);
}

static gint64 closed_at(const SightTracker *tracker, SightJson answer) {
  gint64 time_ms = 0;

  for (guint i = 0; time_ms == 0 && i < G_N_ELEMENTS(tracker->closed_at) && tracker->closed_at[i] != NULL; i++)
    time_ms = time_of(sight_tracker_at(answer, tracker->closed_at[i]));
  return time_ms;
}

gboolean sight_tracker_read_state(const SightTrackerTarget *target, const char *token, const char *issue,
                                  gboolean *closed, gint64 *closed_ms, GCancellable *cancellable, GError **error) {
  g_auto(SightTrackerAnswer) answer = {0};

  if (!ask(target, token, issue, &answer, cancellable, error))
    return FALSE;
  int state = target->tracker->is_closed(answer.root);
  if (state < 0)
    return sight_tracker_refused(&answer, error);
  *closed = state > 0;
  *closed_ms = *closed ? closed_at(target->tracker, answer.root) : 0;
  return TRUE;
}
