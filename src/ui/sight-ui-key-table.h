/* SPDX-License-Identifier: MIT */
/* The one list of keys: what the window listens to, and what its help shows, is made of it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_KEYS_OF_ROW 4

typedef enum {
  SIGHT_UI_KEY_EVERYWHERE, /* also while text is typed */
  SIGHT_UI_KEY_WATCHING,   /* where no text is typed: keys that type, and those that move in a text */
  SIGHT_UI_KEY_ELSEWHERE   /* a widget of its own listens to it: only the help tells of it */
} SightUiKeyPlace;

typedef enum {
  SIGHT_UI_KEYS_WATCH,
  SIGHT_UI_KEYS_RANGE,
  SIGHT_UI_KEYS_PAGE,
  SIGHT_UI_KEYS_SESSIONS,
  SIGHT_UI_KEYS_WINDOW,
  SIGHT_UI_N_KEY_GROUPS
} SightUiKeyGroup;

typedef struct {
  SightUiKeyGroup group;
  SightUiKeyPlace place;
  const char *title; /* untranslated; NULL: another way to do what stands above it, and the help does not tell of it */
  struct {
    const char *key;    /* as gtk_accelerator_parse() reads it */
    const char *action; /* a detailed action name */
  } keys[SIGHT_UI_KEYS_OF_ROW];
} SightUiKeyRow;

/* All of them, `*n`. */
const SightUiKeyRow *sight_ui_key_table(guint *n);
/* The window that shows them; floating. */
GtkWidget *sight_ui_key_table_make_window(void);

G_END_DECLS
