/* SPDX-License-Identifier: MIT */
/* The filter language told to people, from the table of fields: for the terminal and for the manual page. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What it says belongs to every filter, wherever it is asked: translated, `n` from 0; NULL behind the last one. */
const char *sight_filter_contract(guint n);

/* Translated plain text, the caller's. */
char *sight_filter_help(void);
/* The source of a manual page in English, the caller's. */
char *sight_filter_manual(void);

G_END_DECLS
