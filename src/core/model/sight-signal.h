/* SPDX-License-Identifier: MIT */
/* SightSignal: something in a session that is worth a look, with its moment and its reason. */
#pragma once

#include "sight-signal-kinds.h"

#include <glib.h>

G_BEGIN_DECLS

#define SIGHT_SIGNAL_ID(id, ...) SIGHT_SIGNAL_##id,
typedef enum { SIGHT_SIGNAL_KINDS(SIGHT_SIGNAL_ID) SIGHT_N_SIGNALS } SightSignalKind;

typedef enum {
  SIGHT_ABOUT_ACT,  /* what the visitor did, or did not see: its target tells more */
  SIGHT_ABOUT_PAGE, /* what the page did: where tells more */
} SightSignalAbout;

/* Owns its strings. */
typedef struct {
  SightSignalKind kind;
  gint64 start_ms, end_ms; /* from the start of the session */
  char *window;
  char *page;        /* template */
  int node;          /* rrweb id, or 0 */
  char *selector;    /* or NULL */
  char *target;      /* label of the target, or NULL */
  char *message;     /* of an error, or NULL */
  char *fingerprint; /* equal for what is the same problem; never NULL */
  int count;         /* clicks, reversals */
  int magnitude;     /* kind-specific: px scrolled, HTTP status, ms waited … */
  gboolean severe;
} SightSignal;

void sight_signal_free(SightSignal *signal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightSignal, sight_signal_free)

/* What the table says of a kind; `title` is not translated. NULL for a number that is no kind. */
typedef struct {
  const char *name, *title;
  double weight;
  int gravity;
  SightSignalAbout about;
  const char *icon, *light, *dark;
  char *(*reason)(const SightSignal *signal, const char *target, const char *message);
} SightSignalInfo;
const SightSignalInfo *sight_signal_info(int kind);

/* Stable machine name ("rage", "dead" …), and back; -1 where unknown. */
const char *sight_signal_kind_name(SightSignalKind kind);
int sight_signal_kind_from_name(const char *name);
/* Translated name, plural ("Rage clicks"). */
const char *sight_signal_kind_title(SightSignalKind kind);
/* Translated sentence: "4 clicks in 1.2 s on “Pay now”, nothing on the page changed". Plain text, the caller's. */
char *sight_signal_reason(const SightSignal *signal);
/* The fingerprint of the problem that it belongs to among those of its session: a dead click that is one of a rage
 * click is one and the same thing. Borrowed. */
const char *sight_signal_problem(const SightSignal *signal, const GPtrArray *signals);

G_END_DECLS
