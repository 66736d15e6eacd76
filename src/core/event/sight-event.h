/* SPDX-License-Identifier: MIT */
/* SightEvent: one event of a recording, as plain data. The numbers are those of rrweb 2.x's event format. */
#pragma once

#include "sight-json.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_EVENT_DOM_CONTENT_LOADED = 0,
  SIGHT_EVENT_LOAD = 1,
  SIGHT_EVENT_FULL_SNAPSHOT = 2,
  SIGHT_EVENT_INCREMENTAL = 3,
  SIGHT_EVENT_META = 4,
  SIGHT_EVENT_CUSTOM = 5,
  SIGHT_EVENT_PLUGIN = 6,
  SIGHT_EVENT_ASSET = 7,
} SightEventType;

typedef enum {
  SIGHT_SOURCE_MUTATION = 0,
  SIGHT_SOURCE_MOUSE_MOVE = 1,
  SIGHT_SOURCE_MOUSE_INTERACTION = 2,
  SIGHT_SOURCE_SCROLL = 3,
  SIGHT_SOURCE_VIEWPORT_RESIZE = 4,
  SIGHT_SOURCE_INPUT = 5,
  SIGHT_SOURCE_TOUCH_MOVE = 6,
  SIGHT_SOURCE_MEDIA_INTERACTION = 7,
  SIGHT_SOURCE_STYLE_SHEET_RULE = 8,
  SIGHT_SOURCE_CANVAS_MUTATION = 9,
  SIGHT_SOURCE_FONT = 10,
  SIGHT_SOURCE_LOG = 11,
  SIGHT_SOURCE_DRAG = 12,
  SIGHT_SOURCE_STYLE_DECLARATION = 13,
  SIGHT_SOURCE_SELECTION = 14,
  SIGHT_SOURCE_ADOPTED_STYLE_SHEET = 15,
  SIGHT_SOURCE_CUSTOM_ELEMENT = 16,
} SightSource;

/* Everything that is not of type SIGHT_EVENT_INCREMENTAL has this source. */
#define SIGHT_SOURCE_NONE 255

typedef enum {
  SIGHT_MOUSE_UP = 0,
  SIGHT_MOUSE_DOWN = 1,
  SIGHT_MOUSE_CLICK = 2,
  SIGHT_MOUSE_CONTEXT_MENU = 3,
  SIGHT_MOUSE_DBL_CLICK = 4,
  SIGHT_MOUSE_FOCUS = 5,
  SIGHT_MOUSE_BLUR = 6,
  SIGHT_MOUSE_TOUCH_START = 7,
  SIGHT_MOUSE_TOUCH_DEPARTED = 8,
  SIGHT_MOUSE_TOUCH_END = 9,
  SIGHT_MOUSE_TOUCH_CANCEL = 10,
} SightMouseKind;

/* Borrows everything: `data` is valid until the parser that made it parses again, `text` as long as the caller's
 * buffer. */
typedef struct {
  gint64 time_ms;   /* wall clock of the recorded page, since 1970; never negative */
  guint8 type;      /* SightEventType; other values are kept and ignored by everyone */
  guint8 source;    /* SightSource, or SIGHT_SOURCE_NONE */
  SightJson data;   /* the member "data"; absent where the event has none */
  const char *text; /* the event as JSON text */
  gsize text_bytes;
} SightEvent;

#define SIGHT_EVENT_ERROR (sight_event_error_quark())
GQuark sight_event_error_quark(void);

typedef enum {
  SIGHT_EVENT_ERROR_EMPTY,      /* nothing in it */
  SIGHT_EVENT_ERROR_SYNTAX,     /* not JSON */
  SIGHT_EVENT_ERROR_NOT_EVENTS, /* JSON, but not a form of recording that we know */
  SIGHT_EVENT_ERROR_LIMIT,      /* too deep, too large, too many */
  SIGHT_EVENT_ERROR_FIELD,      /* JSON, but no event: not an object, or with a number beyond all limits */
  SIGHT_EVENT_ERROR_TYPE,       /* its type is missing or wrong */
  SIGHT_EVENT_ERROR_TIME,       /* its timestamp is missing or wrong */
} SightEventError;

/* Parses one event of the recording format. Lone surrogates are read as U+FFFD and "packed" events (zlib in a string)
 * are expanded: `text` then points into the parser. The type must be a number from 0 to 255; the time a number from 0
 * to 9.1e15 (exact to the last digit where it is an integer, cut where it has a fraction) or such a number written as
 * a string. Of duplicate keys the first counts. More than 4 million values, or 64 MiB unpacked, are too many. Error:
 * SIGHT_EVENT_ERROR, of which only SYNTAX says that the text is not JSON at all. */
typedef struct SightEventParser SightEventParser;
SightEventParser *sight_event_parser_new(void);
void sight_event_parser_free(SightEventParser *parser);
/* For less than that. */
void sight_event_parser_limit(SightEventParser *parser, guint64 max_packed_bytes, guint64 max_values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightEventParser, sight_event_parser_free)
gboolean sight_event_parser_parse(SightEventParser *parser, const char *tainted_text, gsize bytes, SightEvent *event,
                                  GError **error);

/* The same where at least SIGHT_JSON_PADDING bytes after the text are readable: saves a copy. */
gboolean sight_event_parser_parse_padded(SightEventParser *parser, const char *tainted_text, gsize bytes,
                                         SightEvent *event, GError **error);
/* The window that the event parsed last names itself ("windowId", as exports of PostHog do), or NULL; borrowed. */
const char *sight_event_parser_window(const SightEventParser *parser);
/* What a packed event expanded to on the way in the last parse, bytes, also where it turned out to be none; else 0. */
gsize sight_event_parser_unpacked(const SightEventParser *parser);

/* The data.tag of a custom event (borrowed), or NULL; and its payload. */
const char *sight_event_tag(const SightEvent *event);
SightJson sight_event_payload(const SightEvent *event);

G_END_DECLS
