/* SPDX-License-Identifier: MIT */
/* SightDetector: the one interface of everything that finds signals, and the set of them that watches one window. */
#pragma once

#include "sight-act.h"
#include "sight-rhythm.h"
#include "sight-ruleset.h"
#include "sight-signal.h"

G_BEGIN_DECLS

/* What a detector may look at besides the act itself. Borrows everything. */
typedef struct {
  const SightRuleset *rules;
  const char *window;
  const char *page;       /* template of the page shown; never NULL */
  int viewport_height_px; /* 0 where unknown */
  gint64 acted_ms;        /* when the user last did something before this act; G_MININT64: not yet */
  gboolean facts;         /* the recorder tells what answered a press where events do not show it */
  SightRhythm *rhythm;
  GPtrArray *signals; /* of SightSignal: where findings go, in no particular order */
} SightScene;

/* One kind of signal, or a few that need the same watching. The state is zeroed at the beginning; one for each window.
 * `act` may be NULL in no detector; finish and clear may be. */
typedef struct {
  const char *name;
  gsize state_bytes;
  void (*act)(gpointer state, const SightAct *act, const SightScene *scene);
  /* The window's recording ends at `end_ms`: report or forget what still waits. */
  void (*finish)(gpointer state, gint64 end_ms, const SightScene *scene);
  void (*clear)(gpointer state);
} SightDetector;

/* Every detector there is, NULL-terminated. */
extern const SightDetector *const sight_detectors[];

/* Adds a signal with its place in time and page; the fingerprint is made of kind, page and target. The scene's array
 * owns it; the detector may fill in the rest and go on counting in it. `target` may be NULL. */
SightSignal *sight_scene_report(const SightScene *scene, SightSignalKind kind, gint64 start_ms, gint64 end_ms,
                                const SightTarget *target);

/* The same for what carries a message: the fingerprint is made of the message and the top frame of `stack` (or NULL).
 * `*latest`, borrowed and NULL at first, is what the detector reported last: the same within a second is counted there,
 * and the same at once (told twice, by two recorders) is not. */
SightSignal *sight_scene_report_message(const SightScene *scene, SightSignalKind kind, gint64 at_ms,
                                        const char *message, const char *stack, SightSignal **latest);

/* Runs every detector over the acts of one window. */
typedef struct SightWatch SightWatch;
SightWatch *sight_watch_new(const SightRuleset *rules, const char *window, GPtrArray *signals);
void sight_watch_free(SightWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightWatch, sight_watch_free)

void sight_watch_set_page(SightWatch *watch, const char *page, int viewport_height_px);
/* The recorder tells facts that events do not show (ss:answer and the like). */
void sight_watch_set_facts(SightWatch *watch);
void sight_watch_act(SightWatch *watch, const SightAct *act);
void sight_watch_finish(SightWatch *watch, gint64 end_ms);

G_END_DECLS
