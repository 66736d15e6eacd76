/* SPDX-License-Identifier: MIT */
/* The one way out to a terminal: what a recording, a file name or a server says may hold escapes that move the cursor,
 * change the title or hide text. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The same text, valid UTF-8, in which every control character but line feed and tab, and every mark that reorders
 * text, stands as U+FFFD. The caller's. */
char *sight_terminal_text(const char *tainted_text, gssize bytes);
/* The same on one line. */
char *sight_terminal_line(const char *tainted_text);
/* A JSON document in which such characters are written as escapes: it says the same. The caller's. */
char *sight_terminal_json(const char *json, gssize bytes);
/* From now on all that g_print(), g_printerr() and the log write goes through sight_terminal_text(). Once, at the start
 * of a program. */
void sight_terminal_guard(void);
/* The log is written by `func` from now on, while there is one thread: GLib lets its writer be set only once. */
void sight_terminal_set_log(GLogWriterFunc func);

G_END_DECLS
