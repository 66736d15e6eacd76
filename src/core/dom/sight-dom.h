/* SPDX-License-Identifier: MIT */
/* SightDom: the page of one window at one instant, as plain nodes. Apply events in time order and ask. */
#pragma once

#include "sight-event.h"

G_BEGIN_DECLS

/* One thread at a time. */
typedef struct SightDom SightDom;

SightDom *sight_dom_new(void);
void sight_dom_free(SightDom *dom);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightDom, sight_dom_free)

/* Applies any event; those that change no state change nothing. Never fails: what makes no sense (an unknown parent, a
 * cycle, a missing id) is left out and counted. */
void sight_dom_apply(SightDom *dom, const SightEvent *event);
guint64 sight_dom_anomalies(const SightDom *dom);
/* Of them: parts of the page that were left out because there was no room, or too much work, for more. */
guint64 sight_dom_left_out(const SightDom *dom);

/* Nodes are named by their rrweb id (> 0). 0 stands for "none". */
typedef enum {
  SIGHT_NODE_NONE = -1, /* no such node */
  SIGHT_NODE_DOCUMENT = 0,
  SIGHT_NODE_DOCTYPE = 1,
  SIGHT_NODE_ELEMENT = 2,
  SIGHT_NODE_TEXT = 3,
  SIGHT_NODE_CDATA = 4,
  SIGHT_NODE_COMMENT = 5,
} SightNodeType;

gboolean sight_dom_has_page(const SightDom *dom); /* a full snapshot was applied */
int sight_dom_root(const SightDom *dom);
SightNodeType sight_dom_node_type(const SightDom *dom, int id);
/* For a shadow root's child its host; for the document of an iframe the iframe element. */
int sight_dom_parent(const SightDom *dom, int id);
/* What looks upwards from a node at each click or change looks so far: parsers of HTML nest no deeper, but a recording
 * may, and then each look would be as long as the page. */
#define SIGHT_DOM_LEVELS 512
/* The nearest of the node itself and those above it that has the tag; 0 where none has. */
int sight_dom_closest(const SightDom *dom, int id, const char *tag);
/* Whether `id` is `ancestor` or below it. */
gboolean sight_dom_contains(const SightDom *dom, int ancestor, int id);
int sight_dom_first_child(const SightDom *dom, int id);
int sight_dom_next_sibling(const SightDom *dom, int id);
/* Lower-case tag name of an element, else NULL. Borrowed until the next apply, like every string here. */
const char *sight_dom_tag(const SightDom *dom, int id);
const char *sight_dom_attribute(const SightDom *dom, int id, const char *name);
/* Whether an element has this id, or is a named anchor: a place that a fragment leads to. Looks at every node. */
gboolean sight_dom_has_anchor(const SightDom *dom, const char *tainted_name);
guint sight_dom_n_nodes(const SightDom *dom);
/* The i-th attribute of an element, as the page would see it (a false one has NULL). FALSE behind the last. */
gboolean sight_dom_attribute_at(const SightDom *dom, int id, guint i, const char **name, const char **value);
/* The text of a text node; the current value of an input. */
const char *sight_dom_text(const SightDom *dom, int id);
const char *sight_dom_value(const SightDom *dom, int id);
/* What a reader would call this element: aria-label, its text, value of a button, placeholder, alt, title; else "".
 * At most max_chars. The caller owns it. */
char *sight_dom_label(const SightDom *dom, int id, guint max_chars);
/* A short CSS selector that should also find it in other sessions: data-testid, id, name, role, else short structure.
 * The caller owns it. */
char *sight_dom_selector(const SightDom *dom, int id);
/* Narrows one: [name="value"]. */
void sight_dom_append_attribute(GString *out, const char *name, const char *value);
/* Whether it is known what is drawn on a canvas. */
gboolean sight_dom_is_drawn(const SightDom *dom, int id);
/* Viewport as of the last Meta or resize event; 0 where unknown. */
void sight_dom_viewport(const SightDom *dom, int *width_px, int *height_px);

/* Writing. All of it is deterministic: equal pages give equal bytes. */

/* Appends a JSON array of rrweb events, all at `time_ms`, that make this page out of nothing: Meta, a full snapshot,
 * then what a snapshot cannot say (documents of frames, rules set by script, input, media, scroll, pointer, selection).
 * FALSE where there is no page. */
gboolean sight_dom_write_events(const SightDom *dom, gint64 time_ms, GString *out);
/* The same page without its history: of style rules that script put in and took out again nothing is written. For what
 * is given away; a difference cannot go on from it. */
gboolean sight_dom_write_present(const SightDom *dom, gint64 time_ms, GString *out);
/* Appends the page as one static HTML document: no script, no handler, no address outside of it, whatever was recorded.
 * Input is as it was typed. FALSE where there is no page. */
gboolean sight_dom_write_html(const SightDom *dom, GString *out);
/* Appends what can be read on the page, a line for each block; hidden parts and passwords left out. */
void sight_dom_write_text(const SightDom *dom, GString *out);
/* Whether the node cannot be seen, as far as attributes tell: hidden, display and visibility in style attributes,
 * closed dialogs and details, it or anything above it. */
gboolean sight_dom_is_hidden(const SightDom *dom, int id);
/* Calls with every element at and below a node, in document order, and whether it is hidden (as above); not with what
 * is never shown (scripts, the head …) and what is in it. */
typedef void (*SightDomVisit)(int id, gboolean hidden, gpointer user_data);
void sight_dom_visit(const SightDom *dom, int id, SightDomVisit visit, gpointer user_data);
/* Calls with every node at and below one, of whatever kind. */
typedef void (*SightDomEach)(int id, gpointer user_data);
void sight_dom_each_below(const SightDom *dom, int id, SightDomEach each, gpointer user_data);
/* Whether an element's text is read for itself: a paragraph, a button, a row of a table, and what is hidden alone. */
gboolean sight_dom_is_block(const SightDom *dom, int id);
/* The nearest block of the node itself and those above it; 0 where there is none. */
int sight_dom_block(const SightDom *dom, int id);
/* Appends the text of a block without that of the blocks in it, "Card <b>declined</b>" as "Card declined"; some more
 * than max_bytes at most. What was typed into fields is none of it. */
void sight_dom_append_block_text(const SightDom *dom, int id, gsize max_bytes, GString *out);
/* Appends what an element looks like to a selector: tag, id, classes, role, type, name, data-testid, and its state
 * (disabled, checked, open, aria-expanded, aria-invalid), without what a program made up. Nothing where it can neither
 * be acted on nor has a meaning of its own. */
void sight_dom_append_signature(const SightDom *dom, int id, GString *out);
/* Equal for equal pages (content, ids, input, scroll, rules …), whatever way led to them; 0 where there is none. */
guint64 sight_dom_hash(const SightDom *dom);

G_END_DECLS
