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

/* sight-clip-sprite.c: parts of kept SVG files. */
typedef struct SightClipSprites SightClipSprites;
/* `shown`: see SightClipAbout; borrowed. */
SightClipSprites *sight_clip_sprites_new(GHashTable *shown);
void sight_clip_sprites_free(SightClipSprites *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightClipSprites, sight_clip_sprites_free)
/* The part that an address ("FILE#PART") names, as a node with ids of its own, in `json`; not cleaned yet. The id by
 * which it can be referred to, the caller's; NULL: there is none, or no room for more. */
char *sight_clip_sprite(SightClipSprites *self, const char *tainted_address, GString *json);

/* Goes through the events of one part in order. */
typedef struct {
  SightJsonWriter w;
  GHashTable *kinds; /* id -> SightClipKind, of every node */
  gint64 from_ms;
  SightClipSprites *sprites; /* borrowed; NULL: none, also while one is written */
} SightClipCleaner;

/* Writes the event without what does not belong into a clip, or nothing at all. */
void sight_clip_clean_event(SightClipCleaner *cleaner, const SightEvent *tainted_event);

/* sight-clip-node.c */
void sight_clip_clean_node(SightClipCleaner *cleaner, SightJson tainted_node, SightClipKind parent);
/* Members of an attributes object, of an element of that kind. `part`: the id of what is drawn in place of a part of
 * another file (sight_clip_part_of()); NULL: nothing. */
void sight_clip_clean_attributes(SightClipCleaner *cleaner, SightJson tainted_attributes, SightClipKind kind,
                                 const char *part);
/* The part of a kept file that such an element draws, see sight_clip_sprite(). */
char *sight_clip_part_of(const SightClipCleaner *cleaner, SightJson tainted_attributes, SightClipKind kind,
                         GString *json);
/* Writes what that gave. */
void sight_clip_put_part(SightClipCleaner *cleaner, const GString *json);
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
