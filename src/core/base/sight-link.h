/* SPDX-License-Identifier: MIT */
/* A link to a moment of a session, or to a filter, as it is sent to a teammate:
 *   sessionsight://session/ID?at=MS&from=ADDRESS
 *   sessionsight://filter?text=FILTER
 * at: ms from the start of the session; without it, where the reason of the session is. from: the address of the
 * endpoint that has it, escaped; without it, any. text: in the filter language, escaped; whether it is a filter at all
 * its parser says. Whoever has the link has no more than these: it gives no access. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGHT_LINK_SCHEME "sessionsight"

/* Owns its strings. */
typedef struct {
  char *session; /* valid id at its endpoint; NULL: a filter is linked to */
  char *filter;  /* tainted text; NULL: a session is */
  gint64 at_ms;  /* -1: not said */
  char *from;    /* NULL: not said; not checked beyond its length */
} SightLink;
void sight_link_free(SightLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightLink, sight_link_free)

/* The caller's; from may be NULL, at_ms -1. */
char *sight_link_print(const char *session, gint64 at_ms, const char *from);
/* NULL: it would be longer than a link may be. */
char *sight_link_print_filter(const char *filter);
/* NULL with G_IO_ERROR_INVALID_ARGUMENT, which names what is wrong. What it does not know is left out. */
SightLink *sight_link_read(const char *tainted_text, GError **error);

G_END_DECLS
