/* SPDX-License-Identifier: MIT */
/* SightUiReportDialog: what the window tells as one file for a meeting, with what is private in it masked. */
#pragma once

#include "sight-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_REPORT_DIALOG (sight_ui_report_dialog_get_type())
/* Signal "saved" (GFile): the file is there. */
G_DECLARE_FINAL_TYPE(SightUiReportDialog, sight_ui_report_dialog, SIGHT_UI, REPORT_DIALOG, AdwWindow)

/* Copied. */
typedef struct {
  const char *filter;                  /* of the window */
  gint64 endpoint;                     /* 0: all */
  const char *problem, *problem_title; /* NULL: none is chosen */
  const char *comparison;              /* its answer as JSON; NULL: none was made */
} SightUiReportAbout;

GtkWidget *sight_ui_report_dialog_new(GtkWindow *parent, SightStore *store, const SightUiReportAbout *about);

G_END_DECLS
