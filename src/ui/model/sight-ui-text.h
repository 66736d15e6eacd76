/* SPDX-License-Identifier: MIT */
/* Small rules about the text that the window shows. Whatever comes from a recording is plain text, never markup. */
#pragma once

#include "sight-session-table.h"

G_BEGIN_DECLS

/* The text between marks that keep its direction of writing from spilling over. The caller's. */
char *sight_ui_text_isolate(const char *tainted_text);

/* For a label of several lines: no line ends after the stroke that a path begins with. The caller's. */
char *sight_ui_text_keep_paths(const char *text);

/* "m:ss", or "h:mm:ss" from an hour on. The caller's. */
char *sight_ui_format_time(gint64 time_ms);

/* "14 min ago", "yesterday"; and the exact time. Wall clock in ms since 1970. The caller's. */
char *sight_ui_text_relative(gint64 time_ms);
/* "today 14:05", "Tue 09:30", "12 May 14:05": the day as it is called now, and always the time of day. The caller's. */
char *sight_ui_text_day_and_time(gint64 time_ms, gint64 now_ms);
char *sight_ui_text_exact(gint64 time_ms);
/* "26 May", "26 May 2024". The caller's. */
char *sight_ui_text_day(gint64 time_ms, gint64 now_ms);

/* Who was recorded: the user, the name of the file, or a short name of the visitor. The caller's. */
char *sight_ui_text_who(const SightSession *session);
/* "/pricing → /checkout"; the caller's. */
char *sight_ui_text_way(const SightSession *session);
/* With the separators of the language. The caller's. */
char *sight_ui_text_number(gint64 number);

G_END_DECLS
