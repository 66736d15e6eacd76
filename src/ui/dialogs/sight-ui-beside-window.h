/* SPDX-License-Identifier: MIT */
/* SightUiBesideWindow: two sessions side by side, by what both visitors did: who comes to a step first waits there. */
#pragma once

#include "sight-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_BESIDE_WINDOW (sight_ui_beside_window_get_type())
G_DECLARE_FINAL_TYPE(SightUiBesideWindow, sight_ui_beside_window, SIGHT_UI, BESIDE_WINDOW, AdwWindow)

/* Of one session: its row and what it is called here ("Before"). */
typedef struct {
  gint64 row;
  const char *name; /* copied */
} SightUiBesideSide;

/* Begins at the step that side `side` has come to at `from_ms`, and plays. */
GtkWidget *sight_ui_beside_window_new(GtkWindow *parent, SightStore *store, const SightUiBesideSide sides[2], int side,
                                      gint64 from_ms);

G_END_DECLS
