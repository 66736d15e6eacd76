/* SPDX-License-Identifier: MIT */
/* SightSignal: something in a session that is worth a look, with its moment and its reason. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The order is that of the lanes and bit numbers; values are stored in caches, so new ones go to the end. */
typedef enum {
  SIGHT_SIGNAL_ERROR = 0, /* JavaScript exception or unhandled rejection */
  SIGHT_SIGNAL_RAGE = 1,
  SIGHT_SIGNAL_DEAD = 2,
  SIGHT_SIGNAL_SCROLL = 3,
  SIGHT_SIGNAL_CONSOLE = 4,     /* console.error */
  SIGHT_SIGNAL_REQUEST = 5,     /* failed request */
  SIGHT_SIGNAL_SLOW = 6,        /* a click that was answered late */
  SIGHT_SIGNAL_ERROR_CLICK = 7, /* a click that an error followed at once */
  SIGHT_SIGNAL_THRASH = 8,      /* thrashed cursor */
  SIGHT_SIGNAL_QUICK_BACK = 9,  /* to a page and straight back */
  SIGHT_SIGNAL_FORM = 10,       /* a form that was begun and left */
  SIGHT_SIGNAL_UNSEEN = 11,     /* a message that nobody saw */
  SIGHT_SIGNAL_WAITING = 12,    /* waiting for the page */
  SIGHT_SIGNAL_NOISE = 13,      /* reported like an error, but none of the page's */
  SIGHT_N_SIGNALS
} SightSignalKind;

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

/* Stable machine name ("rage", "dead" …), and back; -1 where unknown. */
const char *sight_signal_kind_name(SightSignalKind kind);
int sight_signal_kind_from_name(const char *name);
/* Translated name, plural ("Rage clicks"). */
const char *sight_signal_kind_title(SightSignalKind kind);
/* Translated sentence: "4 clicks in 1.2 s on “Pay now”, nothing on the page changed". Plain text, the caller's. */
char *sight_signal_reason(const SightSignal *signal);

G_END_DECLS
