/* SPDX-License-Identifier: MIT */
/* Hostile page content as recordings, and as a page of its own. The format of the lists: `n` name, `t` tag, `a`
 * attributes, `c` children, `x` text, `svg`: in its namespace, `h` goes into the head, `click` and `submit`: act on it;
 * `B/` stands for a watched server, `P/` for another one, `PWN` and `PWNP` (in a frame) for code that tells that it
 * ran,
 * `-C.` in a host name for the run. */
#pragma once

#include "sight-json.h"

typedef struct {
  guint16 http_port, tcp_port;
  const char *run; /* "guarded" or "control" */
} VectorPlaces;

/* How the content gets onto the recorded page. */
typedef enum {
  VECTORS_IN_SNAPSHOT,
  VECTORS_BY_ADDING,     /* a mutation adds each element */
  VECTORS_BY_ATTRIBUTES, /* the elements are there, and a mutation sets attributes and texts */
} VectorsHow;

/* JSON of an array of events: a page at 1 s and what changes it from 2 s on, a vector every 10 ms. */
char *vectors_recording(SightJson vectors, VectorsHow how, const VectorPlaces *places);
/* An HTML page that builds all of it by script, acts on it after `act()` and counts in `window.pwned`. */
char *vectors_page(SightJson vectors, const VectorPlaces *places);
