/* SPDX-License-Identifier: MIT */
/* What each tracker tells of itself. Inside the tracker module only. */
#pragma once

#include "sight-json.h"
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
  char *headers[8];   /* name, value, name … NULL; values are owned */
} SightTrackerRequest;

struct SightTracker {
  SightTrackerKind about;
  const char *host;  /* where it is if nothing else is said; NULL: it must be said */
  guint n_parts;     /* of the project at the end of the address; 0: all of the path */
  guint max_address; /* bytes that its page takes */
  char *(*page)(const SightTrackerTarget *target, const char *title, const char *body);
  /* Fills the address, the body and the headers besides that of the token. */
  void (*create)(const SightTrackerTarget *target, const char *title, const char *body, SightTrackerRequest *request);
  /* The header of the token: name, and the value, the caller's. */
  const char *token_header;
  char *(*token)(const char *token);
  /* The address of the new issue out of the answer, the caller's; NULL: it was not filed, whatever the status says. */
  char *(*created)(const SightTrackerTarget *target, SightJson answer);
  /* Sends a file to an issue; NULL: it takes none. `ref` is how the issue is named in its address. */
  void (*attach)(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file,
                 SightTrackerRequest *request);
  /* Ties what was sent to the issue, by the answer; NULL: it is tied already. FALSE: the answer tells nothing. */
  gboolean (*tie)(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file, SightJson answer,
                  SightTrackerRequest *request);
  /* Asks how an issue stands. */
  void (*ask)(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request);
  /* 1: it is closed; 0: it is open; -1: the answer does not tell. */
  int (*is_closed)(SightJson answer);
};

/* One file each. */
extern const SightTracker sight_tracker_azure, sight_tracker_gitea, sight_tracker_github, sight_tracker_gitlab,
    sight_tracker_jira, sight_tracker_linear, sight_tracker_redmine, sight_tracker_youtrack;

/* BASE followed by a query of names and values until NULL. The caller's. */
char *sight_tracker_address(const char *base, ...) G_GNUC_NULL_TERMINATED;
/* A text member of a JSON object, a copy; NULL where there is none. */
char *sight_tracker_member(SightJson object, const char *key);
/* A JSON object of names and text values until NULL. */
GString *sight_tracker_object(const char *name, ...) G_GNUC_NULL_TERMINATED;
/* The file as the field of that name of a form. */
void sight_tracker_form(SightTrackerRequest *request, const char *field, const SightTrackerFile *file);
/* The file alone. */
void sight_tracker_octets(SightTrackerRequest *request, const SightTrackerFile *file);
/* Whether a text member says that the issue is closed; -1: there is none. */
int sight_tracker_says_closed(SightJson object, const char *key);
char *sight_tracker_bearer(const char *token);
char *sight_tracker_bare(const char *token);

G_END_DECLS
