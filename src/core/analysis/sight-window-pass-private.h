/* SPDX-License-Identifier: MIT */
/* What the files of the window pass share: its state, and what each of them does. */
#pragma once

#include "sight-effort.h"
#include "sight-seen.h"
#include "sight-window-pass.h"

G_BEGIN_DECLS

/* Changed nodes of one mutation that are told apart; a larger one is no tick of a clock. */
#define SIGHT_PASS_MAX_NODES 256

struct SightWindowPass {
  SightFindings *findings;
  char *window; /* id */
  guint index;  /* in findings->windows */
  SightDom *dom;
  SightWatch *watch;
  SightSeen *seen;
  SightJsonParser *strings; /* for JSON inside of strings */
  SightEffort effort;
  gint64 now_ms, begin_ms;
  gboolean began;

  char *url;                 /* of the page on display, as recorded; NULL: not known yet */
  SightPageView *view;       /* borrowed from the analysis; NULL before the first page */
  SightStoryItem *page_item; /* borrowed; what the story says of it, or NULL */
  gboolean loading;          /* a document was loaded and its Meta event is still to come */
  gboolean parsed;           /* its DOMContentLoaded event came, and its load event is still to come */
  int viewport_h;

  /* The click before, to tell the second one that a label passes on to its field. */
  gint64 clicked_ms;
  int clicked_node;
  gboolean clicked_label;
  /* A click that waits for what the recorder says of it; NULL: none. */
  SightTarget *held;
  int held_x, held_y;
  /* The press that goes on, until its click. */
  gboolean pressing, lifted;
  int press_control;
  gint64 lifted_ms;
  GHashTable *looks;      /* node → how it looked before and during its latest press; see sight-pass-change.c */
  gboolean presses_known; /* the recorder tells of presses, not of clicks alone */
  gboolean unspent;       /* a press that no click came of yet */
  int pressed_node, focused_node;
  gboolean blurred;   /* focused_node lost the focus since */
  int focused_before; /* what had the focus when the latest press came; 0: nothing */
  int pointed_node;   /* under the pointer */
  gint64 pressed_ms;
  GArray *changed;            /* scratch */
  GHashTable *contents;       /* scratch; parent → what could be seen in it before a mutation */
  GHashTable *brought;        /* scratch; nodes that a mutation adds */
  gboolean notices_told;      /* the recorder tells which messages can be seen */
  GHashTable *typed;          /* fields that were typed in and are still there */
  GHashTable *script_scrolls; /* nodes that a script scrolls, as the recorder says */
  GHashTable *busy;           /* nodes that are told to be busy */

  /* Typing and scrolling that go on become one item of the story each. */
  SightStoryItem *typing, *scrolling; /* borrowed; NULL: none going on */
  int typing_node, scrolling_node;
  int scroll_from_px;
  gint64 scrolled_px, scroll_since_ms, scroll_last_ms;

  /* How the page lies in the viewport, of sight-pass-view.c. */
  GArray *stretches; /* of the view that goes on */
  gint64 stretch_ms; /* since when it lies so */
  int top_px, page_px;
  gboolean hidden;
  /* Forms that are filled in on it, of sight-pass-filled.c; the field that has the focus, or 0. */
  GPtrArray *filled;
  int filling_node;

  GHashTable *playing; /* node → time (gint64 *) since when its media play */

  /* An exception that two recorders told, and which one is the echo. */
  char *error_text;
  gint64 error_ms;

  int *nodes; /* SIGHT_PASS_MAX_NODES of them */
};

/* The act with the time of the pass. */
SightAct sight_pass_act(const SightWindowPass *pass, SightActKind kind, int node);
void sight_pass_watch(SightWindowPass *pass, SightAct act);
void sight_pass_active(SightWindowPass *pass, int weight);
/* Another page is on display; nothing happens where it is the same. `title` may be NULL. `document`: it was loaded
 * anew, and not put there by the page itself. */
void sight_pass_page(SightWindowPass *pass, const char *tainted_url, const char *tainted_title, gboolean document);

GArray *sight_pass_changed_new(void);
/* A mutation, first before it is applied to the page, then after. */
void sight_pass_before_change(SightWindowPass *pass, SightJson mutation);
void sight_pass_change(SightWindowPass *pass, SightJson mutation);
/* Something of `node` came into view, or looks different. */
void sight_pass_seen(SightWindowPass *pass, int node);
/* Looks of `node` and all above it are the control's own from now until its click. */
void sight_pass_begin_press(SightWindowPass *pass, int control, int node);

/* The form that a field or button belongs to, also out of shadow roots: its id, name or node, or "" where there is
 * none; and what a person would call it, or NULL. The caller's. */
char *sight_pass_form_key(const SightWindowPass *pass, int node);
char *sight_pass_form_name(const SightWindowPass *pass, int node);
/* Whether a field searches or filters what is shown, or is not seen and merely takes the keys of an editor. */
gboolean sight_pass_is_search(const SightWindowPass *pass, int node);
/* Whether text is typed in a field, and not chosen. */
gboolean sight_pass_is_typed(const SightWindowPass *pass, int node);
/* The page takes nodes away: fields in them that were typed in are told as gone. */
void sight_pass_drop_fields(SightWindowPass *pass, SightJson removes);
/* A busy indicator is told. FALSE where it is called so by its name alone and is a part of the layout, which nobody
 * waits for. */
gboolean sight_pass_busy_notice(SightWindowPass *pass, const SightAct *act);
/* After a mutation: those that hold by now what was waited for are told as gone. */
void sight_pass_look_at_busy(SightWindowPass *pass);

/* How the page lies in the viewport: told before it does otherwise. FALSE where `node` only scrolls within it. */
GArray *sight_pass_stretches_new(void);
gboolean sight_pass_view_scrolled(SightWindowPass *pass, int node, int top_px);
void sight_pass_view_resized(SightWindowPass *pass, int viewport_px);
void sight_pass_view_is_high(SightWindowPass *pass, int height_px);
void sight_pass_view_hidden(SightWindowPass *pass, gboolean hidden);
/* Another view begins, or none: what was measured goes to the view that ends. */
void sight_pass_view_end(SightWindowPass *pass);

/* Forms that are filled in: an act SIGHT_ACT_FORM, input in a node, an act SIGHT_ACT_NOTICE, and the view's end. */
GPtrArray *sight_pass_filled_new(void);
void sight_pass_filled_form(SightWindowPass *pass, const SightAct *act);
void sight_pass_filled_input(SightWindowPass *pass, int node);
void sight_pass_filled_notice(SightWindowPass *pass, const SightAct *act);
void sight_pass_filled_end(SightWindowPass *pass);

/* Presses and clicks, of hands and of scripts. */
void sight_pass_mouse(SightWindowPass *pass, SightJson data);
void sight_pass_move(SightWindowPass *pass, SightJson data, gboolean is_mouse);
/* A press of which no click tells: ss:press. */
void sight_pass_mute_press(SightWindowPass *pass, int node, int x, int y);
/* Lets a click go that is held back; `next`: what comes after it, or NULL. */
void sight_pass_settle_click(SightWindowPass *pass, const SightEvent *next);

/* Incremental snapshots: what the user and the page do. */
void sight_pass_incremental(SightWindowPass *pass, const SightEvent *event);
void sight_pass_stop_media(SightWindowPass *pass);

/* Custom and plugin events, ours and those of others. */
void sight_pass_custom(SightWindowPass *pass, const SightEvent *event);
void sight_pass_foreign(SightWindowPass *pass, const char *tag, SightJson payload);
/* Something that the page's own makers found worth a name. */
void sight_pass_event(SightWindowPass *pass, const char *tainted_name, SightJson properties);
void sight_pass_plugin(SightWindowPass *pass, const SightEvent *event);
/* {level, trace, payload}: of rrweb's console plugin and of the log source of rrweb 1. */
void sight_pass_log(SightWindowPass *pass, SightJson log);

/* What custom events come down to. */
/* thrown: certainly outside of a promise. */
void sight_pass_error(SightWindowPass *pass, const char *tainted_message, const char *tainted_stack, gboolean thrown);
void sight_pass_console(SightWindowPass *pass, const char *tainted_level, const char *tainted_message,
                        const char *tainted_stack);
void sight_pass_request(SightWindowPass *pass, const char *tainted_method, const char *tainted_url, gint64 status,
                        gint64 duration_ms, const char *tainted_error);

G_END_DECLS
