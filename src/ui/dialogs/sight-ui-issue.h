/* SPDX-License-Identifier: MIT */
/* An issue on its way out: drafted from a moment, and filed with what goes along, on workers. Without widgets. */
#pragma once

#include "sight-issue.h"
#include "sight-store.h"
#include "sight-ui-problem-item.h"

G_BEGIN_DECLS

/* What it is about. Owned. */
typedef struct {
  SightStore *store;
  gint64 row, at_ms;           /* the moment */
  SightUiProblemItem *problem; /* NULL: of none */
} SightUiIssueSubject;
SightUiIssueSubject *sight_ui_issue_subject_new(SightStore *store, gint64 row, gint64 at_ms,
                                                SightUiProblemItem *problem);
SightUiIssueSubject *sight_ui_issue_subject_ref(SightUiIssueSubject *subject);
void sight_ui_issue_subject_unref(SightUiIssueSubject *subject);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiIssueSubject, sight_ui_issue_subject_unref)

/* The draft, the caller's; NULL with error. */
void sight_ui_issue_draft_async(SightUiIssueSubject *subject, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
SightIssue *sight_ui_issue_draft_finish(GAsyncResult *result, GError **error);

/* What is sent, and where. Owned; the picture may be NULL. */
typedef struct {
  char *target; /* as sight-tracker.h names it, or "folder:DIR" */
  char *token;  /* "": the one that is kept */
  char *title, *body, *script;
  GStrv labels, assignees; /* names as people read them in the tracker; NULL: none */
  GBytes *picture;         /* PNG */
  gboolean clip;
} SightUiIssueLetter;
void sight_ui_issue_letter_free(SightUiIssueLetter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiIssueLetter, sight_ui_issue_letter_free)

/* What is between commas, without the blanks around; NULL: nothing is. The caller's. */
GStrv sight_ui_issue_names(const char *text);

/* Takes the letter. Files it once, keeps the token, says of the problem that it is filed, and sends what goes along,
 * the clip with all masked that looks private (the picture was made so: sight-ui-issue-picture.h). Where a later step
 * fails the issue stands: `*warning` (the caller's) says what is missing. Gives the address of the issue, the caller's;
 * NULL with error. */
void sight_ui_issue_file_async(SightUiIssueSubject *subject, SightUiIssueLetter *letter, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
char *sight_ui_issue_file_finish(GAsyncResult *result, char **warning, GError **error);

/* How many texts in it look private, by kind in words ("2 × E-mail address"); NULL: none. The caller's. */
char *sight_ui_issue_private(const char *title, const char *body);
/* The same text with stars for what looks private; the caller's. */
char *sight_ui_issue_mask(const char *text);

G_END_DECLS
