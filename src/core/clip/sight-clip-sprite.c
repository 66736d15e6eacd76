/* SPDX-License-Identifier: MIT */
/* Parts of kept SVG files. A page draws one by <use href="file.svg#part">; no browser takes the file as data: there, so
 * the part is written below the element, where it draws nothing by itself. */
#include "sight-clip-private.h"
#include "sight-hash.h"

#include <string.h>

/* No recording counts so far: it would have as many nodes. */
#define FIRST_ID (1 << 30)
#define MAX_NODES 3000
#define MAX_DEPTH 64
#define MAX_FILE_BYTES ((gsize)8 * 1024 * 1024)
/* Of all parts together. */
#define MAX_BYTES ((gsize)16 * 1024 * 1024)

/* An element, or a text. */
typedef struct {
  char *tag, *text;
  GStrv names, values;
} Piece;

typedef struct {
  GNode *root;
  GHashTable *parts; /* of GNode, by id */
  GNode *open;       /* while it is read */
  guint depth;
} File;

struct SightClipSprites {
  GHashTable *shown; /* see SightClipAbout */
  GHashTable *files; /* of File by address; NULL: it is none */
  int next_id;
  gsize left;
};

static void piece_free(Piece *piece) {
  g_free(piece->tag);
  g_free(piece->text);
  g_strfreev(piece->names);
  g_strfreev(piece->values);
  g_free(piece);
}

static gboolean free_data(GNode *node, gpointer unused) {
  piece_free(node->data);
  return FALSE;
}

static void file_free(gpointer data) {
  File *file = data;
  if (file == NULL)
    return;
  g_node_traverse(file->root, G_PRE_ORDER, G_TRAVERSE_ALL, -1, free_data, NULL);
  g_node_destroy(file->root);
  g_hash_table_unref(file->parts);
  g_free(file);
}

SightClipSprites *sight_clip_sprites_new(GHashTable *shown) {
  SightClipSprites *self = g_new0(SightClipSprites, 1);
  self->shown = shown;
  self->files = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, file_free);
  self->next_id = FIRST_ID;
  self->left = MAX_BYTES;
  return self;
}

void sight_clip_sprites_free(SightClipSprites *self) {
  if (self == NULL)
    return;
  g_hash_table_unref(self->files);
  g_free(self);
}

/* Reading */

static void start_element(GMarkupParseContext *context, const char *name, const char **names, const char **values,
                          gpointer data, GError **error) {
  File *file = data;
  Piece *piece = g_new0(Piece, 1);
  piece->tag = g_strdup(g_str_has_prefix(name, "svg:") ? name + strlen("svg:") : name);
  piece->names = g_strdupv((char **)names);
  piece->values = g_strdupv((char **)values);
  file->open = g_node_append_data(file->open, piece);
  if (++file->depth > MAX_DEPTH)
    g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "");
  for (guint i = 0; names[i] != NULL; i++) {
    if (strcmp(names[i], "id") == 0 && !g_hash_table_contains(file->parts, values[i]))
      g_hash_table_insert(file->parts, g_strdup(values[i]), file->open);
  }
}

static void end_element(GMarkupParseContext *context, const char *name, gpointer data, GError **error) {
  File *file = data;
  file->open = file->open->parent;
  file->depth--;
}

static void take_text(GMarkupParseContext *context, const char *text, gsize bytes, gpointer data, GError **error) {
  File *file = data;
  Piece *piece = g_new0(Piece, 1);
  piece->text = g_strndup(text, bytes);
  g_node_append_data(file->open, piece);
}

static File *file_read(const char *tainted_xml, gsize bytes) {
  static const GMarkupParser parser = {start_element, end_element, take_text, NULL, NULL};
  File *file = g_new0(File, 1);
  file->root = file->open = g_node_new(g_new0(Piece, 1));
  file->parts = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  g_autoptr(GMarkupParseContext) context =
      g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, file, NULL);
  if (g_markup_parse_context_parse(context, tainted_xml, (gssize)bytes, NULL) &&
      g_markup_parse_context_end_parse(context, NULL))
    return file;
  file_free(file);
  return NULL;
}

/* Borrowed; NULL: nothing of that address was kept, or it is no such file. */
static const File *file_at(SightClipSprites *self, const char *address) {
  static const char prefix[] = "data:image/svg+xml";
  gpointer there = NULL;
  if (g_hash_table_lookup_extended(self->files, address, NULL, &there))
    return there;
  const char *url = g_hash_table_lookup(self->shown, address);
  const char *data = url != NULL && g_str_has_prefix(url, prefix) ? strstr(url, ";base64,") : NULL;
  File *file = NULL;
  if (data != NULL && strlen(data) < MAX_FILE_BYTES) {
    gsize bytes = 0;
    g_autofree guchar *xml = g_base64_decode(data + strlen(";base64,"), &bytes);
    file = file_read((const char *)xml, bytes);
  }
  g_hash_table_insert(self->files, g_strdup(address), file);
  return file;
}

/* Writing */

static void put_attributes(SightJsonWriter *w, const Piece *piece, const char *name) {
  sight_json_key(w, "attributes");
  sight_json_begin_object(w);
  for (guint i = 0; piece->names[i] != NULL; i++) {
    if (name == NULL || strcmp(piece->names[i], "id") != 0)
      sight_json_member_string(w, piece->names[i], piece->values[i]);
  }
  if (name != NULL)
    sight_json_member_string(w, "id", name);
  sight_json_end_object(w);
}

/* As rrweb has it; its depth is bounded. `name`: the id it gets. */
static void put_piece(SightClipSprites *self, SightJsonWriter *w, GNode *node, const char *name) {
  const Piece *piece = node->data;
  sight_json_begin_object(w);
  sight_json_member_int(w, "type", piece->text != NULL ? SIGHT_NODE_TEXT : SIGHT_NODE_ELEMENT);
  sight_json_member_int(w, "id", self->next_id++);
  if (piece->text != NULL) {
    sight_json_member_string(w, "textContent", piece->text);
  } else {
    sight_json_member_string(w, "tagName", piece->tag);
    sight_json_member_bool(w, "isSVG", TRUE);
    put_attributes(w, piece, name);
    sight_json_key(w, "childNodes");
    sight_json_begin_array(w);
    for (GNode *child = node->children; child != NULL; child = child->next)
      put_piece(self, w, child, NULL);
    sight_json_end_array(w);
  }
  sight_json_end_object(w);
}

char *sight_clip_sprite(SightClipSprites *self, const char *tainted_address, GString *json) {
  const char *part = strchr(tainted_address, '#');
  if (part == NULL || part == tainted_address || part[1] == '\0' || self->next_id > G_MAXINT - MAX_NODES)
    return NULL;
  g_autofree char *address = g_strndup(tainted_address, (gsize)(part - tainted_address));
  const File *file = file_at(self, address);
  GNode *node = file != NULL ? g_hash_table_lookup(file->parts, part + 1) : NULL;
  if (node == NULL || g_node_n_nodes(node, G_TRAVERSE_ALL) > MAX_NODES)
    return NULL;
  g_autofree char *name = g_strdup_printf("ss-part-%d", self->next_id);
  g_string_truncate(json, 0);
  SightJsonWriter w = {.out = json};
  put_piece(self, &w, node, name);
  if (json->len > self->left)
    return NULL;
  self->left -= json->len;
  return g_steal_pointer(&name);
}
