/* SPDX-License-Identifier: MIT */
/* Issue trackers: one file each behind a small interface. README.md tells how to add one. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_TRACKER_ERROR (sight_tracker_error_quark())
GQuark sight_tracker_error_quark(void);
typedef enum {
  SIGHT_TRACKER_ERROR_TARGET,  /* is none: unknown kind, no project */
  SIGHT_TRACKER_ERROR_REFUSED, /* token or right is missing */
  SIGHT_TRACKER_ERROR_FIELDS,  /* the tracker wants something else; the message has its own words and field names */
  SIGHT_TRACKER_ERROR_BUSY,    /* asks to come later; nothing was filed */
  SIGHT_TRACKER_ERROR_OFFLINE, /* cannot be reached: nothing was filed */
  SIGHT_TRACKER_ERROR_UNSURE,  /* the answer did not come: it may have been filed; trying again finds it */
} SightTrackerError;

typedef struct {
  const char *kind, *title; /* "gitlab", "GitLab" */
  const char *project;      /* how one is named: "GROUP/PROJECT" */
  gboolean needs_address;   /* there is no place where most are */
} SightTrackerKind;
/* All of them, in the order in which they are offered; NULL behind the last. Static. */
const SightTrackerKind *sight_tracker_kind(guint place);

/* Where issues go: "github:owner/repository", "gitlab:https://gitlab.example/group/project" … */
typedef struct SightTrackerTarget SightTrackerTarget;
SightTrackerTarget *sight_tracker_target_new(const char *text, GError **error);
void sight_tracker_target_free(SightTrackerTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightTrackerTarget, sight_tracker_target_free)

/* What is filed. Borrowed. */
typedef struct {
  const char *title, *body;
  const char *const *labels, *const *assignees; /* names as people read them in the tracker; NULL: none */
  gboolean again;                               /* also where the moment was filed before */
} SightTrackerDraft;

/* The address of the tracker's own page for a new issue, filled in: needs no token. A body that is too long for an
 * address is cut, and says so. The caller's. */
char *sight_tracker_page(const SightTrackerTarget *target, const char *title, const char *body);
/* The request that would file it, as text for people, without the token; with names where the tracker is asked for its
 * numbers first. The caller's. */
char *sight_tracker_preview(const SightTrackerTarget *target, const SightTrackerDraft *draft);
typedef struct {
  char *url;
  gboolean earlier; /* it was there: nothing was filed now */
  char *unkept;     /* which labels and assignees the tracker did not take, for people; NULL: all are there */
  gboolean unread;  /* whether it took the others could not be read back */
} SightTrackerFiled;
void sight_tracker_filed_clear(SightTrackerFiled *filed);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightTrackerFiled, sight_tracker_filed_clear)

/* Files it, once. The last line of a body from sight_issue_markdown() is a mark: the newest issues are looked through
 * for it first, so that trying again after a lost answer finds what was filed then. A body without one is filed anew.
 * Blocks. */
gboolean sight_tracker_file(const SightTrackerTarget *target, const char *token, const SightTrackerDraft *draft,
                            SightTrackerFiled *filed, GCancellable *cancellable, GError **error);

/* A file that goes along with an issue. Borrowed. */
typedef struct {
  const char *name, *type;
  GBytes *bytes;
} SightTrackerFile;
/* Redmine knows no labels. */
gboolean sight_tracker_takes_labels(const SightTrackerTarget *target);
gboolean sight_tracker_takes_assignees(const SightTrackerTarget *target);
/* GitHub has no request for it: people drop files on its page. */
gboolean sight_tracker_takes_files(const SightTrackerTarget *target);
/* Whether an issue that was filed has a file of that name; FALSE also where the tracker does not answer. Blocks. */
gboolean sight_tracker_has_file(const SightTrackerTarget *target, const char *token, const char *issue,
                                const char *name, GCancellable *cancellable);
/* Puts a file to an issue that was filed, by its address. Sent once. Blocks. */
gboolean sight_tracker_attach(const SightTrackerTarget *target, const char *token, const char *issue,
                              const SightTrackerFile *file, GCancellable *cancellable, GError **error);
/* Asks whether an issue is closed, and when it was (wall clock; 0: it is open, or the tracker does not tell). Blocks.
 */
gboolean sight_tracker_read_state(const SightTrackerTarget *target, const char *token, const char *issue,
                                  gboolean *closed, gint64 *closed_ms, GCancellable *cancellable, GError **error);

/* "github, gitlab …", the caller's. */
char *sight_tracker_kinds(void);
/* As people call it: "acme/shop, GitLab". The caller's. */
char *sight_tracker_target_name(const SightTrackerTarget *target);
/* Under which the token of a target is kept: those of one host share it. The caller's. */
char *sight_tracker_target_key(const SightTrackerTarget *target);

G_END_DECLS
