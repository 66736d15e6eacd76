/* SPDX-License-Identifier: MIT */
/* An answer as one file for a meeting: HTML that loads nothing and runs nothing, or Markdown. Texts of recordings stand
 * in it as text, whatever they say. */
#pragma once

#include "sight-json.h"

G_BEGIN_DECLS

/* Borrowed. */
typedef struct {
  const char *title, *what; /* plain text; what: how it was asked for */
  gboolean html;            /* else Markdown */
  /* What stands there for a text, the caller's; NULL: the text. */
  char *(*tell)(const char *tainted_text, gpointer user_data);
  gpointer user_data;
} SightReportAbout;

/* `root`: what one of our own verbs answers. Appends. */
void sight_report_write(SightJson root, const SightReportAbout *about, GString *out);
/* Every text that may stand in it, the caller's. */
GStrv sight_report_texts(SightJson root);

G_END_DECLS
