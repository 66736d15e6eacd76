/* SPDX-License-Identifier: MIT */
/* Splitting the text of a recording into its events without parsing them. Used by the reader alone. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A value that should be an event. Borrows everything, for one call. */
typedef struct {
  const char *tainted_text; /* NULL where it was longer than allowed */
  gsize bytes;
  gboolean padded; /* SIGHT_JSON_PADDING bytes after the text are readable */
  guint64 offset;  /* of its first byte in the text */
  const char *tainted_window;
  gboolean one_line;   /* of JSON Lines: if it is no JSON, only the line is lost */
  gboolean may_be_tag; /* the first in its array: where it is a string, it may be the name of the window */
} SightElement;

typedef enum {
  SIGHT_ELEMENT_STOP, /* with error */
  SIGHT_ELEMENT_EVENT,
  SIGHT_ELEMENT_REJECTED,
  SIGHT_ELEMENT_TAG, /* the name of a window; only where it may be one */
} SightElementVerdict;

typedef struct {
  SightElementVerdict (*element)(const SightElement *element, gpointer user_data, GError **error);
  /* A line of JSON Lines that is no JSON. */
  void (*bad_line)(guint64 offset, gpointer user_data);
} SightSplitterFuncs;

typedef struct SightEventSplitter SightEventSplitter;
SightEventSplitter *sight_event_splitter_new(gsize max_element_bytes, const SightSplitterFuncs *funcs,
                                             gpointer user_data);
void sight_event_splitter_free(SightEventSplitter *splitter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightEventSplitter, sight_event_splitter_free)

/* FALSE (SIGHT_EVENT_ERROR_SYNTAX, or what the function said): nothing more may be pushed. */
gboolean sight_event_splitter_push(SightEventSplitter *splitter, const char *tainted_text, gsize bytes, GError **error);
/* Whether the text could end here: not in the middle of a value. */
gboolean sight_event_splitter_is_complete(const SightEventSplitter *splitter);

G_END_DECLS
