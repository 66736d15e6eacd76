/* SPDX-License-Identifier: MIT */
/* How much one exchange may hold. Both halves of the protocol read this one table: what a collector takes is never more
 * than it can hand on, and what it hands on never more than a workstation takes. Bytes are those of JSON text. */
#pragma once

#include "sight-assets.h"

G_BEGIN_DECLS

#define SIGHT_WIRE_MIB ((gsize)1024 * 1024)

/* A post as it is sent, and expanded; its events, packed ones unpacked. */
#define SIGHT_WIRE_POST_BYTES (10 * SIGHT_WIRE_MIB)
#define SIGHT_WIRE_EXPANDED_BYTES (32 * SIGHT_WIRE_MIB)
#define SIGHT_WIRE_POST_EVENTS_BYTES SIGHT_WIRE_EXPANDED_BYTES
/* One posted event, unpacked, and the values in it: a page of some 150,000 nodes. While it is read, memory holds its
 * text, its strings, and 24 bytes for each value. */
#define SIGHT_WIRE_EVENT_BYTES (16 * SIGHT_WIRE_MIB)
#define SIGHT_WIRE_EVENT_VALUES ((guint64)2 * 1024 * 1024)
/* The events of a stored batch, as they are handed on. More than a post may bring: collectors once took so much. */
#define SIGHT_WIRE_EVENTS_BYTES (64 * SIGHT_WIRE_MIB)
/* All of an envelope that is not events. */
#define SIGHT_WIRE_REST_BYTES ((gsize)64 * 1024)
#define SIGHT_WIRE_ENVELOPE_BYTES (SIGHT_WIRE_EVENTS_BYTES + SIGHT_WIRE_REST_BYTES)

/* The text of an annotation; as JSON each of its bytes may take six. */
#define SIGHT_WIRE_BODY_BYTES ((gsize)256 * 1024)
#define SIGHT_WIRE_ANNOTATION_BYTES (6 * SIGHT_WIRE_BODY_BYTES + SIGHT_WIRE_REST_BYTES)
#define SIGHT_WIRE_AUTHOR_CHARS 200

/* An answer of several ends behind the one that fills so many bytes or rows; one more may begin just before. */
#define SIGHT_WIRE_ANSWER_BYTES (4 * SIGHT_WIRE_MIB)
#define SIGHT_WIRE_ANSWER_ROWS 1000
#define SIGHT_WIRE_BATCHES_BYTES (SIGHT_WIRE_ANSWER_BYTES + SIGHT_WIRE_ENVELOPE_BYTES)
#define SIGHT_WIRE_PAGE_BYTES (SIGHT_WIRE_ANSWER_BYTES + SIGHT_WIRE_ANNOTATION_BYTES)

/* A picture, font or sheet; and how many a session may have, and what they may hold together. */
#define SIGHT_WIRE_ASSET_BYTES ((gsize)256 * 1024)
#define SIGHT_WIRE_SESSION_ASSETS SIGHT_ASSETS_MAX
#define SIGHT_WIRE_SESSION_ASSETS_BYTES SIGHT_ASSETS_MAX_BYTES

#define SIGHT_WIRE_CURSOR_BYTES ((gsize)200)
/* What JavaScript counts exactly. */
#define SIGHT_WIRE_NUMBER_MAX G_GINT64_CONSTANT(9007199254740991)
/* Beyond what a page's clock can show; reckoned with in microseconds it does not overflow. */
#define SIGHT_WIRE_TIME_MAX_MS G_GINT64_CONSTANT(9100000000000000)

G_END_DECLS
