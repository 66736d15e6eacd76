/* SPDX-License-Identifier: MIT */
/* What the files of this module share: the nodes in their arrays, and the state beside them. Nobody else includes it.
 */
#pragma once

#include "sight-dom.h"
#include "sight-json-writer.h"

G_BEGIN_DECLS

/* A string in the arena: the offset of its length, 0 for none. Moves when the arena is compacted. */
typedef guint32 SightStr;
/* Index of a node; 0 for none. Stays the same for as long as the node lives. */
typedef guint32 SightNodeIndex;

/* The most attributes that one element keeps: look-up is linear, and no real element has a tenth of it. */
#define SIGHT_DOM_MAX_ATTRIBUTES 1024
/* A value that was no string in the recording (true, 1.5) is kept as its JSON text. */
#define SIGHT_ATTR_RAW 0x80000000u

typedef struct {
  guint32 name; /* index in `names`, perhaps with SIGHT_ATTR_RAW */
  SightStr value;
} SightAttr;

typedef enum {
  SIGHT_FLAG_SVG = 1 << 0,
  SIGHT_FLAG_SHADOW_HOST = 1 << 1,
  SIGHT_FLAG_IN_SHADOW = 1 << 2, /* child of a shadow root */
  SIGHT_FLAG_CUSTOM = 1 << 3,
  SIGHT_FLAG_BLOCKED = 1 << 4,
  SIGHT_FLAG_STYLE_TEXT = 1 << 5, /* text of a style element: CSS */
  SIGHT_FLAG_STATE = 1 << 6,      /* has an entry in `states` */
  SIGHT_FLAG_BACK_COMPAT = 1 << 7,
  SIGHT_FLAG_ADDED = 1 << 9, /* element of an add, not of a snapshot */
  SIGHT_FLAG_LATE = 1 << 8,  /* text that came to a style element which has its text as _cssText */
  /* Whether its attributes hide it, once that was asked for: sight-dom-text.c. */
  SIGHT_FLAG_ASKED = 1 << 10,
  SIGHT_FLAG_HIDES = 1 << 11,
} SightNodeFlags;

typedef struct {
  int id;
  guint8 type;
  guint16 flags;
  guint16 n_attrs, attrs_size;
  guint32 tag; /* index in `names`; of a doctype its name */
  SightNodeIndex parent, first, last, prev, next;
  SightNodeIndex first_shadow; /* those of a shadow root come after the other children */
  SightStr text;               /* of a doctype publicId, NUL, systemId */
  guint32 attrs;               /* first of attrs_size places in the attribute pool */
  int root_id;
} SightNode;

/* One change of a style sheet by script, in the order in which it came. */
typedef enum { SIGHT_RULE_ADD, SIGHT_RULE_REMOVE, SIGHT_RULE_REPLACE, SIGHT_RULE_SET, SIGHT_RULE_UNSET } SightRuleKind;

#define SIGHT_RULE_MAX_PATH 8

typedef struct {
  guint8 kind;
  guint8 n_path;   /* 0: no index was given */
  gboolean nested; /* the index came as an array */
  int path[SIGHT_RULE_MAX_PATH];
  char *text;     /* rule, new text, or property name; owned */
  char *value;    /* of a property; owned */
  char *priority; /* owned, or NULL */
} SightRuleOp;

/* The changes of one sheet since its text was set. */
typedef struct {
  GArray *ops; /* of SightRuleOp */
  gsize bytes;
  char *css; /* of a constructed sheet: the text that it comes to, once it was asked for; owned */
} SightRuleLog;

typedef struct {
  gboolean playing, has_time, has_rate, has_volume, has_muted, has_loop;
  double time_s, rate, volume;
  gboolean muted, loop;
  gint64 since_ms;
} SightMedia;

/* What few nodes have: kept beside them. */
typedef struct {
  gboolean has_scroll, has_input, checked;
  double scroll_x, scroll_y;
  char *input; /* value typed or set; owned; NULL where has_input is FALSE */
  SightMedia *media;
  SightRuleLog *rules;
  GPtrArray *canvas; /* of char*: data of canvas mutation events, as JSON */
  gsize canvas_bytes;
  guint canvas_swept; /* so many of the first of them hold no drawing that was cleared since */
  guint canvas_depth; /* `save` without `restore` */
  guint canvas_bent;  /* 1 + the depth at which a transform or a clip began; 0: there is none */
  GArray *adopted;    /* of int: style ids, in order */
} SightNodeState;

/* An add of a mutation that waits for its parent or next sibling, or, in old recordings, a node put aside. */
typedef struct {
  int node_id, previous_id, next_id;
} SightAside;

struct SightDom {
  GArray *nodes; /* of SightNode; [0] unused */
  SightNodeIndex free_list, root;
  guint n_live;
  int last_ghost; /* ids of nodes that lost theirs to another one: downwards from here */

  int *slot_ids; /* id -> index: open addressing, 0 is an empty slot */
  SightNodeIndex *slot_nodes;
  guint slots, slot_seed;

  GByteArray *arena;
  gsize arena_garbage;
  GArray *attrs; /* of SightAttr */
  gsize attrs_garbage;

  GHashTable *name_ids; /* char* -> GUINT index */
  GPtrArray *names;     /* of char*, owned */
  GArray *tag_traits;   /* of guint16, by name: sight-dom-text.c; 0: not looked at yet */

  GHashTable *states; /* SightNodeIndex -> SightNodeState */
  GHashTable *sheets; /* int style id -> SightRuleLog: constructed sheets */
  GHashTable *aside;  /* int id -> SightAside */
  GHashTable *frames; /* int iframe id -> char* JSON of a document that came before its element */
  gsize frames_bytes;
  SightJsonParser *canvas_parser; /* of what a canvas was told before; NULL until then */
  GPtrArray *fonts;               /* of char* JSON */
  gsize fonts_bytes;
  GHashTable *custom_elements; /* set of char* */

  char *url;
  int width, height;
  gint64 time_ms;
  gint64 snapshot_ms;
  guint64 epoch;               /* counts full snapshots */
  guint64 anomalies, left_out; /* all; those for a bound */
  gsize bytes;                 /* of events since the snapshot */
  gsize style_cost;            /* bytes of long style attributes read for changes since then */
  gsize steps;                 /* nodes gone through for adds since then: sight_dom_may_step() */
  gboolean has_mouse, touching;
  double mouse_x, mouse_y;
  int mouse_id, focus_id;
  int focus_visible; /* whether the focus shows: a gboolean, or -1 where nobody said */
  char *selection;   /* JSON of the ranges, or NULL */
};

/* sight-dom-store.c */
/* Tags and attributes that are asked for at every step have fixed places among the names. */
typedef enum {
  SIGHT_TAG_IFRAME = 1,
  SIGHT_TAG_TEXTAREA,
  SIGHT_TAG_STYLE,
  SIGHT_TAG_LINK,
  SIGHT_TAG_HTML,
  SIGHT_TAG_BODY,
  SIGHT_TAG_DETAILS,
  SIGHT_TAG_SUMMARY,
  SIGHT_TAG_DIALOG,
  SIGHT_TAG_INPUT,
  SIGHT_TAG_HIDDEN,
  SIGHT_TAG_OPEN,
  SIGHT_TAG_TYPE,
  SIGHT_TAG_ID,
  SIGHT_TAG_ROLE,
  SIGHT_TAG_TEST_ID,
} SightTag;
static inline gboolean sight_node_is(const SightNode *node, SightTag tag) {
  return node->type == SIGHT_NODE_ELEMENT && node->tag == (guint32)tag;
}
static inline SightNode *sight_dom_at(const SightDom *dom, SightNodeIndex index) {
  return &((SightNode *)(void *)dom->nodes->data)[index];
}
SightNodeIndex sight_dom_find(const SightDom *dom, int id);
/* A new node without parent; 0 where it is no id, or there are too many. One that has the id becomes a ghost. */
SightNodeIndex sight_dom_node_new(SightDom *dom, int id, SightNodeType type);
/* Takes the node out of its parent and frees it with all below it. */
void sight_dom_node_free(SightDom *dom, SightNodeIndex index);
/* The node stays on the page, but under an id that no recording uses: another one takes its own. */
void sight_dom_node_make_ghost(SightDom *dom, SightNodeIndex index);
void sight_dom_node_set_id(SightDom *dom, SightNodeIndex index, int id);
void sight_dom_unlink(SightDom *dom, SightNodeIndex index);
/* Before `next`, or as the last of its list (of the shadow root, or of the other children) where `next` is 0 or in the
 * other one. The node must have no parent. */
void sight_dom_link(SightDom *dom, SightNodeIndex index, SightNodeIndex parent, SightNodeIndex next);
/* Whether an add may go through further nodes. Each byte of events pays for some: a few bytes may name a node that
 * stands deep, or has many children, and do so again and again. No real page comes near the end of it. */
gboolean sight_dom_may_step(const SightDom *dom);
/* Counts a part of the page that is left out for a bound. */
void sight_dom_leave_out(SightDom *dom);
/* Also TRUE where the way upwards may not be gone: what asks leaves out what it cannot know to be safe. */
gboolean sight_dom_is_inside(SightDom *dom, SightNodeIndex index, SightNodeIndex ancestor);
/* The node after `index` in document order below `top`; 0 at the end. */
SightNodeIndex sight_dom_following(const SightDom *dom, SightNodeIndex index, SightNodeIndex top);
SightNodeIndex sight_dom_following_skip(const SightDom *dom, SightNodeIndex index, SightNodeIndex top);
void sight_dom_clear_page(SightDom *dom);
void sight_dom_compact_if_worth(SightDom *dom);

SightStr sight_dom_str_new(SightDom *dom, const char *text, gsize bytes);
void sight_dom_str_drop(SightDom *dom, SightStr str);
void sight_dom_str_set(SightDom *dom, SightStr *str, const char *text, gsize bytes);
const char *sight_dom_str(const SightDom *dom, SightStr str, gsize *bytes); /* NULL where 0 */

guint32 sight_dom_name(SightDom *dom, const char *name, gsize bytes);
guint32 sight_dom_name_find(const SightDom *dom, const char *name); /* 0 where unknown */
const char *sight_dom_name_text(const SightDom *dom, guint32 name);
gboolean sight_dom_is_tag(const SightDom *dom, const SightNode *node, const char *tag);

SightAttr *sight_dom_attr_find(const SightDom *dom, const SightNode *node, const char *name);
SightAttr *sight_dom_attr_at(const SightDom *dom, const SightNode *node, guint i);
void sight_dom_attr_set(SightDom *dom, SightNodeIndex index, const char *name, gsize name_bytes, const char *value,
                        gsize value_bytes, gboolean raw);
void sight_dom_attr_remove(SightDom *dom, SightNodeIndex index, const char *name);
/* By a name with a fixed place; NULL where it is not there. */
const SightAttr *sight_dom_attr_fixed(const SightDom *dom, const SightNode *node, SightTag name);
/* Text of an attribute as a page would see it: NULL where absent or false, "" for true. */
/* The value as a document gives it: one that was no string in the recording is "" for true, NULL for false. */
const char *sight_dom_attr_value(const SightDom *dom, const SightAttr *attr);
const char *sight_dom_attr_text(const SightDom *dom, const SightNode *node, const char *name);

SightNodeState *sight_dom_state(const SightDom *dom, SightNodeIndex index); /* NULL where it has none */
SightNodeState *sight_dom_state_make(SightDom *dom, SightNodeIndex index);

/* sight-dom-name.c: a name and "[name=\"value\"]" as CSS writes them, and whether signatures tell of an attribute. */
void sight_dom_append_identifier(GString *out, const char *text);
gboolean sight_dom_signature_tells(const char *attribute, gboolean with_value);
/* Whether signatures tell of a class, and of the value of an attribute: programs make up others each time. */
gboolean sight_dom_signature_tells_class(const char *name);
gboolean sight_dom_signature_tells_value(const char *value);

/* sight-dom-text.c */
typedef enum {
  SIGHT_TRAIT_KNOWN = 1 << 0,
  SIGHT_TRAIT_SILENT = 1 << 1,  /* what is in it is never read */
  SIGHT_TRAIT_BLOCK = 1 << 2,   /* its text is read for itself */
  SIGHT_TRAIT_CELL = 1 << 3,    /* of a table */
  SIGHT_TRAIT_MEANING = 1 << 4, /* can be acted on, or stands for something */
} SightTagTraits;
gboolean sight_dom_tag_has_meaning(const char *tag);
/* Of elements; 0 for others. */
guint sight_dom_tag_traits(const SightDom *dom, const SightNode *node);

/* sight-dom-snapshot.c */
/* The members of a serialized node, found in one walk over its keys. */
typedef struct {
  SightJson attributes, children, text, name, public_id, system_id;
  const char *tag;
  gsize tag_bytes;
  int id, root_id;
  int type;
  guint16 flags;
  gboolean late; /* SIGHT_DOM_LATE */
} SightSerialized;
gboolean sight_dom_read_serialized(SightJson tainted_node, SightSerialized *s);
/* Builds the node alone, without parent. A node that has its id already stays, but as a ghost. */
SightNodeIndex sight_dom_build_one(SightDom *dom, const SightSerialized *s);
/* Builds a serialized node with all below it; without parent. 0 where it makes no sense. */
SightNodeIndex sight_dom_build(SightDom *dom, SightJson tainted_node);
/* Whether the node is what is described, so that the description moves it and does not make another one. */
gboolean sight_dom_is_described(const SightDom *dom, SightNodeIndex index, const SightSerialized *s);
/* Whether `parent` can have a child of this type, as a browser would have it. */
gboolean sight_dom_may_hold(const SightDom *dom, SightNodeIndex parent, int child_type);
void sight_dom_apply_snapshot(SightDom *dom, const SightEvent *event);

/* sight-dom-mutation.c */
void sight_dom_apply_mutation(SightDom *dom, SightJson data);
/* A document for an iframe: takes the place of the one that it has. */
void sight_dom_attach_document(SightDom *dom, SightNodeIndex frame, SightJson tainted_document);
/* The same with one that came before the frame, if there is any. */
void sight_dom_attach_remembered(SightDom *dom, SightNodeIndex frame);

/* sight-dom-inline-style.c */
void sight_dom_apply_style_object(SightDom *dom, SightNodeIndex index, SightJson changes);

/* sight-dom-style.c */
void sight_dom_apply_rules(SightDom *dom, SightJson data);
void sight_dom_apply_declaration(SightDom *dom, SightJson data);
void sight_dom_apply_adopted(SightDom *dom, SightJson data);
void sight_rule_log_free(SightRuleLog *log);
/* The text of a style element was changed: what script did to its rules is gone. */
void sight_dom_rules_forget(SightDom *dom, SightNodeIndex index);
/* Among so many children of a style element, texts have a part of the sheet each, the last of them all that is left. */
#define SIGHT_DOM_MAX_SHARES 64
/* Whether it is a style element whose sheet is in its attribute and belongs to the text nodes in it. */
gboolean sight_dom_style_is_shared(const SightDom *dom, const SightNode *node);
/* Gives the parts of _cssText to the text children, so that they can be changed one by one. */
void sight_dom_style_spread(SightDom *dom, SightNodeIndex style);

/* sight-dom-state.c */
void sight_dom_apply_state(SightDom *dom, const SightEvent *event);
/* Where the scroll position of a node is kept: of the element that scrolls the whole page (html, in quirks mode body)
 * with the document, as rrweb tells it of either. */
SightNodeIndex sight_dom_scroller(const SightDom *dom, SightNodeIndex index);
/* What a field shows before anybody types into it; `input` of the result is borrowed. */
void sight_dom_initial_input(const SightDom *dom, SightNodeIndex index, SightNodeState *state);

/* sight-dom-canvas.c */
/* Draws on the canvas at `index`, if it is one: `data` of a canvas mutation event. */
void sight_dom_canvas_draw(SightDom *dom, SightNodeIndex index, SightJson data);
/* What was drawn is told by the id that the node had: without that nobody can draw it again. */
void sight_dom_canvas_forget(SightDom *dom, SightNodeIndex index);
/* A canvas that gets a size has nothing drawn on it any more. */
void sight_dom_canvas_resized(SightDom *dom, SightNodeIndex index);

/* sight-dom-serialize.c */
/* Deeper than this, nodes are added one by one after the snapshot: readers of JSON have limits too. */
#define SIGHT_DOM_WRITE_DEPTH 400
/* In a text: it is none that its style element has as _cssText, as rrweb would take the first that is added. */
#define SIGHT_DOM_LATE "ss:late"
/* Writes a node with all below it. Documents of frames are not written but appended to `frames`; what must be added
 * afterwards (with all below) to `apart`. Both hold SightNodeIndex. */
void sight_dom_serialize(const SightDom *dom, SightJsonWriter *w, SightNodeIndex top, GArray *frames, GArray *apart);
/* One add of a mutation, without children. */
void sight_dom_serialize_add(const SightDom *dom, SightJsonWriter *w, SightNodeIndex index, int next_id);

/* sight-dom-write.c */
typedef enum {
  SIGHT_STATE_CANVAS = 1 << 0,
  SIGHT_STATE_INPUT = 1 << 1,
  SIGHT_STATE_MEDIA = 1 << 2,
  SIGHT_STATE_SCROLL = 1 << 3,
} SightDomStateKinds;
/* Events that bring a node to this state. */
void sight_dom_write_node_state(SightJsonWriter *w, int id, const SightNodeState *state, gint64 time_ms,
                                const SightDom *dom, SightDomStateKinds kinds);

void sight_dom_write_frame(SightJsonWriter *w, const SightDom *dom, SightNodeIndex document, gint64 time_ms,
                           GArray *frames);
void sight_dom_write_rule_log(SightJsonWriter *w, const SightRuleLog *log, guint start, int id, gint64 time_ms);
/* `written` is the set of style ids that need not be described again. */
void sight_dom_write_adopted(SightJsonWriter *w, const SightDom *dom, int host, const GArray *ids, GHashTable *written,
                             gint64 time_ms);
void sight_dom_write_data(SightJsonWriter *w, const char *data, gint64 time_ms);
void sight_dom_write_attribute_removal(SightJsonWriter *w, int id, const char *name, gint64 time_ms);
void sight_dom_write_viewport(SightJsonWriter *w, const SightDom *dom, gint64 time_ms);
void sight_dom_write_fonts(SightJsonWriter *w, const SightDom *dom, guint start, gint64 time_ms);
/* Those of `dom` that are not in `known`, a set of names. */
void sight_dom_write_custom_elements(SightJsonWriter *w, const SightDom *dom, GHashTable *known, gint64 time_ms);
void sight_dom_write_pointer(SightJsonWriter *w, const SightDom *dom, int old_focus, gint64 time_ms);

/* sight-dom-style.c */
/* Members of the data of a style event. */
void sight_dom_write_rule_op(SightJsonWriter *w, const SightRuleOp *op);
/* The rules of a constructed sheet, as a list of adds. */
void sight_dom_write_rules(SightJsonWriter *w, const SightRuleLog *log);

/* sight-dom-rules-left.c */
typedef void (*SightRuleOpFunc)(const SightRuleOp *op, gpointer user_data);
/* Calls with the changes that lead to the same rules without any text that was taken out again. A log that names rules
 * beyond all reason gives none. */
void sight_dom_rules_left(const SightRuleLog *log, SightRuleOpFunc func, gpointer user_data);

/* sight-dom-css.c */
/* The rules of a sheet as text, in order; comments between them and @charset are left out, as a browser does. */
GPtrArray *sight_css_split(const char *text, gsize bytes);
char *sight_css_join(const GPtrArray *rules, const char *between);
/* `*work` grows by the bytes that were read for it; beyond a limit the rest of the log is left out. */
void sight_css_change(GPtrArray *rules, const SightRuleLog *log, gsize *work);
/* The text of a constructed sheet; borrowed until it changes. */
const char *sight_css_of_log(SightRuleLog *log);

G_END_DECLS
