/* SPDX-License-Identifier: MIT */
/* What the files of the window share. */
#pragma once

#include "sight-ui-filter-bar.h"
#include "sight-ui-library.h"
#include "sight-ui-navigator.h"
#include "sight-ui-note-act.h"
#include "sight-ui-panes.h"
#include "sight-ui-person.h"
#include "sight-ui-playback.h"
#include "sight-ui-problems.h"
#include "sight-ui-session-list.h"
#include "sight-ui-sidebar.h"
#include "sight-ui-window.h"

G_BEGIN_DECLS

struct _SightUiWindow {
  AdwApplicationWindow parent_instance;
  AdwHeaderBar *header;
  GtkWidget *sidebar_button, *inspector_button, *endpoint_button, *switcher, *first_connect, *first_samples;
  GtkLabel *endpoint_label;
  AdwToastOverlay *toasts;
  AdwToast *toast; /* the last one, while it is there */
  GtkStack *stack, *player_stack;
  SightUiFilterBar *filter_bar;
  AdwViewStack *pages;
  SightUiPanes *panes;
  SightUiSidebar *sidebar;
  SightUiSessionList *list;
  GtkWidget *inspector, *player, *player_bin, *problems_page, *explore_page;
  GtkWidget *tag_popover, *person_popover; /* made when they are first wanted */
  GtkWidget *clip_dialog;                  /* while it is there; or NULL */

  SightStore *store;
  SightUiJobs *jobs;
  SightUiFilter *filter; /* of all pages */
  SightUiLibrary *library;
  SightUiWalk *walk;
  SightUiPlayback *playback;
  SightUiNavigator *navigator;
  GtkFileChooserNative *chooser; /* while it is open */
  char *endpoints_shown;         /* what the lists of endpoints stand for */
  gint64 placed_row, placed_ms;  /* the moment that was placed last */
  gboolean reel_steps;           /* the reel has asked for its next moment */
  gboolean open_first;           /* when the list is there */
  gboolean open_worst;           /* the worst problem, once the samples are looked through */
  gint64 wanted_row;             /* to be opened when it is listed; 0: none */
  gint64 wanted_ms;              /* at this moment; -1: where its reason says */
  SightUiNoteAct *asked_act;     /* whose words are asked for; or NULL */
  SightUiProblems *problems;     /* of that page, which has it */
  SightUiNoteAct *undo_act;      /* takes back what was done last to a tag; NULL: nothing was */
  gboolean undo_problem;         /* what was done last was said of a problem */
  gint64 told_row;               /* the session whose news were told last */
  GCancellable *fetching;        /* a session that a link leads to; or NULL */
  gint64 logged_row;             /* the session whose watching was logged last */
  gint64 earlier_row;            /* and the one before it; 0: none */
  gint64 seen_row;               /* the session that was marked last, and how */
  gboolean seen;
  SightUiPerson *order;       /* whose sessions are played one after the other; or NULL */
  guint order_at;             /* which of them is open */
  guint order_source;         /* the next one is about to be opened */
  GCancellable *order_cancel; /* while they are read; or NULL */
};

/* Adds the actions and asks what was asked last time. */
void sight_ui_window_restore_query(SightUiWindow *self);
void sight_ui_window_query_changed(SightUiWindow *self);
/* Adds the pages, and the action that shows one. */
void sight_ui_window_add_pages(SightUiWindow *self);
void sight_ui_window_show_page(SightUiWindow *self, const char *name);
/* What belongs to the player alone is there where it is. */
void sight_ui_window_fit_page(SightUiWindow *self);
/* Gives the keys to what is on display. */
void sight_ui_window_focus_page(SightUiWindow *self);
/* Keeps a string in the settings. */
void sight_ui_window_remember(const char *key, const char *value);
/* Which actions make sense now. */
void sight_ui_window_update_actions(SightUiWindow *self);
void sight_ui_window_open_first(SightUiWindow *self);
/* Watches the worst problem of all sessions. */
void sight_ui_window_watch_worst(SightUiWindow *self);
/* Opens the session that is wanted, once it is listed. */
void sight_ui_window_open_wanted(SightUiWindow *self);
/* Leads to the problems where there are some that nobody has looked at yet. */
void sight_ui_window_start(SightUiWindow *self);
/* The actions by which a moment or a problem leaves the window. */
void sight_ui_window_add_share(SightUiWindow *self);
/* Adds the action that shows two sessions side by side. */
void sight_ui_window_add_beside(SightUiWindow *self);
/* Shows two of them so, from the moment on at which the first matches the filter. */
void sight_ui_window_watch_beside(SightUiWindow *self, const char *before, const char *after, const char *filter);
/* Tells that a file was saved, and leads to it. */
void sight_ui_window_saved(SightUiWindow *self, GFile *file);
/* The actions that say why. */
void sight_ui_window_add_why(SightUiWindow *self);
/* The actions that copy and open links. */
void sight_ui_window_add_links(SightUiWindow *self);
/* Tells what is new of what teammates said. */
void sight_ui_window_add_tags(SightUiWindow *self);
/* Asks for the text of a tag at the playhead. */
void sight_ui_window_open_tag(SightUiWindow *self);
/* About a tag or note, or one of its answers; all borrowed. */
void sight_ui_window_edit_tag(SightUiWindow *self, const SightNote *note, const SightAnnotation *what);
void sight_ui_window_answer_tag(SightUiWindow *self, const SightNote *note, const SightAnnotation *what);
void sight_ui_window_remove_tag(SightUiWindow *self, const SightNote *note, const SightAnnotation *what);
/* Takes back what was done last to a tag or a problem. */
void sight_ui_window_undo(SightUiWindow *self);
/* Tells what was done last, to a tag or a problem, and that it can be taken back. */
void sight_ui_window_offer_undo(SightUiWindow *self, const char *words, gboolean of_problem);
/* Puts what is open aside to be watched, or takes it back. */
void sight_ui_window_set_aside(SightUiWindow *self);
/* Asks for a title, and keeps the filter under it. */
void sight_ui_window_save_filter(SightUiWindow *self);
void sight_ui_window_rename_filter(SightUiWindow *self, guint place);
/* Seen, or not seen any more. */
void sight_ui_window_mark_seen(SightUiWindow *self);
/* Where the moment that is watched stands among those of the filter. */
void sight_ui_window_show_place(SightUiWindow *self);
/* Plays the moments of the filter one after the other, until it is stopped. */
void sight_ui_window_set_reel(GSimpleAction *action, GVariant *value, gpointer user_data);
/* The playhead has moved, or has come to the end by playing. */
void sight_ui_window_position_changed(SightUiWindow *self);
void sight_ui_window_ended(SightUiWindow *self);
/* The actions about who was recorded. */
void sight_ui_window_add_person(SightUiWindow *self);
/* Which of a person's sessions is played, "2 of 7 · 2 days later"; NULL: they are not played in order. The caller's. */
char *sight_ui_window_get_order_place(SightUiWindow *self);
/* The open one has come to its end; FALSE: they are not played in order. */
gboolean sight_ui_window_go_on_in_order(SightUiWindow *self);
/* Forgets whose they are. */
void sight_ui_window_stop_order(SightUiWindow *self);
/* The files of one import are through: tells what became of them, and shows the first. */
void sight_ui_window_imported(SightUiWindow *self, SightUiImport *import);
gboolean sight_ui_window_dropped(SightUiWindow *self, const GValue *value);
/* Nothing was changed, and why. */
void sight_ui_window_not_kept(SightUiWindow *self, const char *why);
/* What happened, what was kept, and the details to copy. */
void sight_ui_window_show_problem(SightUiWindow *self, const char *title, const char *text, const char *details);

G_END_DECLS
