/* SPDX-License-Identifier: MIT */
/* What the files of this module share. */
#pragma once

#include "sight-clip.h"
#include "sight-json-writer.h"

G_BEGIN_DECLS

/* Elements whose attributes or texts are treated in a way of their own, and their texts. */
typedef enum {
  SIGHT_CLIP_PLAIN,
  SIGHT_CLIP_SCRIPT, /* nothing of it stays; its texts neither */
  SIGHT_CLIP_STYLE,  /* its texts are CSS */
  SIGHT_CLIP_FRAME,  /* loads a document: no address at all */
  SIGHT_CLIP_ANCHOR, /* an address that a click would follow */
  SIGHT_CLIP_USE,    /* refers to a part of its own document alone */
  SIGHT_CLIP_ANIMATION,
  SIGHT_CLIP_VOID,    /* stands as a comment */
  SIGHT_CLIP_UNKNOWN, /* no node of this id was seen */
} SightClipKind;

/* Goes through the events of one part in order. */
typedef struct {
  SightJsonWriter w;
  GHashTable *kinds; /* id -> SightClipKind, of every node */
  gint64 from_ms;
} SightClipCleaner;

/* Writes the event without what does not belong into a clip, or nothing at all. */
void sight_clip_clean_event(SightClipCleaner *cleaner, const SightEvent *tainted_event);

/* sight-clip-node.c */
void sight_clip_clean_node(SightClipCleaner *cleaner, SightJson tainted_node, SightClipKind parent);
/* Members of an attributes object, of an element of that kind. */
void sight_clip_clean_attributes(SightClipCleaner *cleaner, SightJson tainted_attributes, SightClipKind kind);
SightClipKind sight_clip_kind(const SightClipCleaner *cleaner, int id);
/* The text of a node inside an element of that kind. */
void sight_clip_put_text(SightClipCleaner *cleaner, SightJson tainted_text, SightClipKind parent);

/* sight-clip-css.c */
/* Appends rules or values without anything that would be fetched. */
void sight_clip_css(GString *out, const char *tainted_css, gsize bytes);
void sight_clip_put_css(SightJsonWriter *w, const char *tainted_css, gsize bytes);
/* The same for one of the texts of a style element: in front of any other it means the same. */
void sight_clip_sheet(GString *out, const char *tainted_css, gsize bytes);
void sight_clip_put_sheet(SightJsonWriter *w, const char *tainted_css, gsize bytes);
/* "#…" or "data:…", after white space and control characters as a browser ignores them. */
gboolean sight_clip_url_is_inner(const char *tainted_url, gsize bytes);

/* sight-clip-file.c */
/* With a redaction: what looks private in names and notes, which may stand there alone. */
void sight_clip_learn_about(const SightClipAbout *about);
void sight_clip_write_file(const GString *events, const SightClipAbout *about, gint64 from_ms, gint64 to_ms,
                           GString *out);

/* sight-clip-html.c */
/* Between sight_clip_page_begin() and sight_clip_page_end(). */
void sight_clip_write_element(const GString *events, const SightClipAbout *about, gint64 from_ms, gint64 to_ms,
                              GString *out);

G_END_DECLS
