/* SPDX-License-Identifier: MIT */
/* What each tracker tells of itself. Inside the tracker module only. */
#pragma once

#include "sight-json.h"
#include "sight-patience.h"
#include "sight-tracker.h"

G_BEGIN_DECLS

typedef struct SightTracker SightTracker;

struct SightTrackerTarget {
  const SightTracker *tracker;
  char *base;    /* scheme and host, and a path before the project; without a slash at the end */
  char *project; /* within it */
};

typedef struct {
  const char *method; /* NULL: POST */
  char *url;          /* owned */
  char *type;         /* of the body, owned; NULL: JSON */
  GString *body;      /* owned; NULL: none */
  char *headers[20];  /* name, value, name … NULL; values are owned */
  gboolean foreign;   /* to a place that the tracker named: without the token, and its answer is not read */
} SightTrackerRequest;
void sight_tracker_request_clear(SightTrackerRequest *request);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightTrackerRequest, sight_tracker_request_clear)
void sight_tracker_request_header(SightTrackerRequest *request, const char *name, const char *value);

/* What a tracker may call otherwise than people do. */
typedef enum { SIGHT_TRACKER_PROJECT, SIGHT_TRACKER_LABEL, SIGHT_TRACKER_ASSIGNEE } SightTrackerName;

/* What is sent: as the tracker calls it. */
typedef struct {
  const char *title, *body;
  char *project;
  GPtrArray *labels, *assignees; /* of char, names or ids */
} SightTrackerIssue;

/* A file on its way, in as many requests as the tracker wants. */
typedef struct {
  const char *ref; /* how the issue is named in its address */
  const SightTrackerFile *file;
  char *kept; /* owned; from one request to a later one */
} SightTrackerUpload;

struct SightTracker {
  SightTrackerKind about;
  const char *host;  /* where it is if nothing else is said; NULL: it must be said */
  guint n_parts;     /* of the project at the end of the address; 0: all of the path */
  guint max_address; /* bytes that its page takes */
  char *(*page)(const SightTrackerTarget *target, const char *title, const char *body);
  /* The header of the token: name, and the value, the caller's. */
  const char *token_header;
  char *(*token)(const char *token);

  /* Asks by which id a name goes; FALSE: by itself. NULL: all do. The answer holds an object with the name and the id:
   * anywhere, or as a member called so. */
  gboolean (*look_up)(const SightTrackerTarget *target, SightTrackerName what, const char *name,
                      SightTrackerRequest *request);
  const char *named_in[2];
  /* Asks for the newest issues, or for those that hold the mark where that is found at once. */
  void (*newest)(const SightTrackerTarget *target, const SightTrackerIssue *issue, const char *mark,
                 SightTrackerRequest *request);
  /* Where that tells ids alone: asks for their texts. FALSE: there are none. */
  gboolean (*texts)(const SightTrackerTarget *target, SightJson answer, SightTrackerRequest *request);
  const char *listed; /* where in the answer the list stands, "a/b"; "": it is the list */
  /* The address of one of them, the caller's; NULL: `created`. */
  char *(*address)(const SightTrackerTarget *target, SightJson issue);

  /* Fills the address, the body and the headers besides that of the token. */
  void (*create)(const SightTrackerTarget *target, const SightTrackerIssue *issue, SightTrackerRequest *request);
  /* The address of the new issue out of the answer, the caller's; NULL: it was not filed, whatever the status says. */
  char *(*created)(const SightTrackerTarget *target, SightJson answer);

  guint n_attach; /* requests that a file takes; 0: none are taken */
  /* The request of that place, from 0, by the answer to the one before. FALSE: that tells nothing. */
  gboolean (*attach)(const SightTrackerTarget *target, SightTrackerUpload *upload, guint place, SightJson answer,
                     SightTrackerRequest *request);

  /* Asks how an issue stands, and what it has. `ref` is how the issue is named in its address. */
  void (*ask)(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request);
  /* 1: it is closed; 0: it is open; -1: the answer does not tell. */
  int (*is_closed)(SightJson answer);
  /* Where in that answer it stands when it was closed, "a/b", the first of them that is there: a time by ISO 8601 or in
   * ms. Nothing: it does not tell. */
  const char *closed_at[2];
  const char *labels, *assignees; /* where in that answer they stand, "a/b"; NULL: it has none */
  const char *files;              /* the same, with their names or the texts that show them; NULL: it takes none */
  /* Asks for these where `ask` does not; or NULL. */
  void (*ask_files)(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request);
};

/* One file each. */
extern const SightTracker sight_tracker_azure, sight_tracker_gitea, sight_tracker_github, sight_tracker_gitlab,
    sight_tracker_jira, sight_tracker_jira_dc, sight_tracker_linear, sight_tracker_redmine, sight_tracker_youtrack;

/* BASE followed by a query of names and values until NULL. The caller's. */
char *sight_tracker_address(const char *base, ...) G_GNUC_NULL_TERMINATED;
/* A text member of a JSON object, a copy; NULL where there is none. */
char *sight_tracker_member(SightJson object, const char *key);
/* What stands at "a/b" of an answer. */
SightJson sight_tracker_at(SightJson answer, const char *path);
/* A JSON object of names and text values until NULL. */
GString *sight_tracker_object(const char *name, ...) G_GNUC_NULL_TERMINATED;
/* A member that is a list of texts, of numbers where each is one by its tracker; nothing where it is empty or NULL. */
void sight_tracker_put_texts(SightJsonWriter *w, const char *key, const GPtrArray *texts);
void sight_tracker_put_numbers(SightJsonWriter *w, const char *key, const GPtrArray *texts);
/* All of them in one text, the caller's; NULL where there are none. */
char *sight_tracker_join(const GPtrArray *texts, const char *separator);
/* The file as the field of that name of a form. */
void sight_tracker_form(SightTrackerRequest *request, const char *field, const SightTrackerFile *file);
/* The file alone. */
void sight_tracker_octets(SightTrackerRequest *request, const SightTrackerFile *file);
/* Whether a text member says that the issue is closed; -1: there is none. */
int sight_tracker_says_closed(SightJson object, const char *key);
char *sight_tracker_bearer(const char *token);
char *sight_tracker_bare(const char *token);

/* One exchange */

typedef struct {
  char *text;
  gsize bytes;
  guint status;
  char *later; /* when to come again, as it was said, or NULL */
  gboolean limited;
  SightJsonParser *parser;
  SightJson root;
  gboolean success; /* by its status, and no list of errors says otherwise */
  gboolean good;    /* that, in JSON or empty */
  gboolean unread;  /* set by who wanted to hear what was filed: it does not tell */
} SightTrackerAnswer;
void sight_tracker_answer_clear(SightTrackerAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightTrackerAnswer, sight_tracker_answer_clear)

/* How long an exchange lasts, and how slow it is, at most. Tests lower it. */
extern SightPatienceLimits sight_tracker_patience;

/* Sends it, once, and reads what comes; FALSE: nothing came. */
gboolean sight_tracker_exchange(const SightTrackerTarget *target, const char *token, const SightTrackerRequest *request,
                                SightTrackerAnswer *answer, GCancellable *cancellable, GError **error);
/* Says in the tracker's words why it did not do it. FALSE always. */
gboolean sight_tracker_refused(const SightTrackerAnswer *answer, GError **error);

G_END_DECLS
