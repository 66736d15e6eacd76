/* SPDX-License-Identifier: MIT */
/* Recordings made to be slow: one for each list that somebody who records can make long, as long as it is wanted. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends a recording of about so many bytes: an array of events; of several windows (tabs), one a line. The time for
 * it may grow no faster than its size. */
typedef void (*HostileFunc)(GString *out, gsize bytes);
typedef struct {
  const char *name;
  HostileFunc fill;
} HostileList;

/* Each ends with a name NULL. */
extern const HostileList hostile_pages[];  /* pages, and changes of them */
extern const HostileList hostile_acts[];   /* what people do, and what recorders tell */
extern const HostileList hostile_visits[]; /* several of these together, and several windows */
/* Of which one step is so cheap that only a megabyte tells what grows faster. */
extern const HostileList hostile_large[];
/* Not recordings: annotations of the session "s", as JSON, one a line. */
extern const HostileList hostile_annotations[];

/* Repeats a part of JSON until `out` has so many bytes, with `between` before each but the first: "#" is a number that
 * counts on from FIRST, "%" the one before it, "~" a time that goes on by more than half a second. How often. */
int hostile_repeat(GString *out, gsize bytes, const char *between, const char *part);
/* The events up to the content of the body, which follows; PAGE_END closes what is open. */
void hostile_begin(GString *out, const char *head, const char *body);

#define FIRST 1000 /* the first id that is free */
#define PAGE_END "]}]}]}}}"
#define CHANGE ",{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":"
#define CHANGE_END "}}"
#define LEAF "{\"type\":3,\"id\":#,\"textContent\":\"\"}"
#define BOX "{\"type\":2,\"id\":#,\"tagName\":\"b\"}"
#define NODE_999 "{\"type\":2,\"id\":999,\"tagName\":\"b\"}"
#define DO(source, more) ",{\"type\":3,\"timestamp\":#,\"data\":{\"source\":" #source "," more "}}"
#define LATER(source, more) ",{\"type\":3,\"timestamp\":~,\"data\":{\"source\":" #source "," more "}}"
#define CLICK(id) DO(2, "\"type\":2,\"id\":" id ",\"x\":1,\"y\":1")
#define TELL(tag, payload) ",{\"type\":5,\"timestamp\":#,\"data\":{\"tag\":\"" tag "\",\"payload\":" payload "}}"

G_END_DECLS
