/* SPDX-License-Identifier: MIT */
/* Hostile page content as recordings, and as a page of its own. */
#include "sight-web-vectors.h"

#include "sight-json-writer.h"

#include <string.h>

/* Without quotes and blanks, so that it may stand anywhere. A frame of a foreign origin can only send a message. */
#define TELL "top.postMessage(1337,String.fromCharCode(42))"
#define PWN "top.document.documentElement.setAttribute(/data-pwn/.source,1);" TELL

static const char page_head[] =
    "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"http://recorded.example/\",\"width\":800,\"height\":600}},"
    "{\"type\":2,\"timestamp\":1000,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
    "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,"
    "\"tagName\":\"head\",\"attributes\":{},\"childNodes\":[";
static const char page_body[] = "]},{\"type\":2,\"id\":4,\"tagName\":\"body\",\"attributes\":{},\"childNodes\":["
                                "{\"type\":2,\"id\":5,\"tagName\":\"h1\",\"attributes\":{},\"childNodes\":[]}";
static const char page_end[] = "]}]}]}}}";

typedef struct {
  const VectorPlaces *places;
  VectorsHow how;
  int next_id;
  GString *nodes, *later; /* what stands in the snapshot; what the mutation of this vector brings */
} Builder;

static gboolean is_word(char c) {
  return g_ascii_isalnum(c) || c == '_';
}

static char *fill_in(const char *text, const VectorPlaces *places) {
  if (strcmp(text, "P/") == 0)
    return g_strdup_printf("http://127.0.0.1:%u/", places->tcp_port);
  g_autofree char *run = g_strdup_printf("-%s.", places->run);
  GString *out = g_string_new(text);
  g_string_replace(out, "PWNP", TELL, 0);
  g_string_replace(out, "PWN", PWN, 0);
  g_string_replace(out, "-C.", run, 0);
  for (gsize i = 0; i + 1 < out->len; i++) {
    if (out->str[i] != 'B' || out->str[i + 1] != '/' || (i > 0 && is_word(out->str[i - 1])))
      continue;
    g_autofree char *base = g_strdup_printf("http://127.0.0.1:%u/", places->http_port);
    g_string_erase(out, (gssize)i, 2);
    g_string_insert(out, (gssize)i, base);
  }
  return g_string_free(out, FALSE);
}

static void put_text_of(SightJsonWriter *w, SightJson value, const VectorPlaces *places) {
  const char *text = sight_json_string(value, NULL);
  g_autofree char *filled = fill_in(text ? text : "", places);
  sight_json_put_string(w, filled);
}

static void put_attributes(SightJsonWriter *w, SightJson vector, const VectorPlaces *places) {
  sight_json_begin_object(w);
  SightJsonIter iter = sight_json_iter(sight_json_get(vector, "a"));
  while (sight_json_next(&iter)) {
    sight_json_key(w, iter.key);
    put_text_of(w, iter.value, places);
  }
  sight_json_end_object(w);
}

static void begin_node(SightJsonWriter *w, int type, int id) {
  sight_json_begin_object(w);
  sight_json_member_int(w, "type", type);
  sight_json_member_int(w, "id", id);
}

static void put_element(SightJsonWriter *w, Builder *b, SightJson vector, int id, gboolean with_attributes) {
  begin_node(w, 2, id);
  sight_json_member_string(w, "tagName", sight_json_string(sight_json_get(vector, "t"), NULL));
  if (sight_json_type(sight_json_get(vector, "svg")) != SIGHT_JSON_ABSENT)
    sight_json_member_bool(w, "isSVG", TRUE);
  sight_json_key(w, "attributes");
  if (with_attributes) {
    put_attributes(w, vector, b->places);
  } else {
    sight_json_begin_object(w);
    sight_json_end_object(w);
  }
  sight_json_key(w, "childNodes");
}

/* A whole tree, as a snapshot has it. Where attributes come later, they are noted. */
static void put_tree(SightJsonWriter *w, Builder *b, SightJson vector, SightJsonWriter *attributes,
                     SightJsonWriter *texts) {
  int id = b->next_id++;
  put_element(w, b, vector, id, attributes == NULL);
  if (attributes) {
    sight_json_begin_object(attributes);
    sight_json_member_int(attributes, "id", id);
    sight_json_key(attributes, "attributes");
    put_attributes(attributes, vector, b->places);
    sight_json_end_object(attributes);
  }
  sight_json_begin_array(w);
  SightJson text = sight_json_get(vector, "x");
  if (sight_json_type(text) == SIGHT_JSON_STRING) {
    int text_id = b->next_id++;
    begin_node(w, 3, text_id);
    sight_json_key(w, "textContent");
    if (!texts) {
      put_text_of(w, text, b->places);
    } else {
      sight_json_put_string(w, "");
      sight_json_begin_object(texts);
      sight_json_member_int(texts, "id", text_id);
      sight_json_key(texts, "value");
      put_text_of(texts, text, b->places);
      sight_json_end_object(texts);
    }
    sight_json_end_object(w);
  }
  SightJsonIter iter = sight_json_iter(sight_json_get(vector, "c"));
  while (sight_json_next(&iter))
    put_tree(w, b, iter.value, attributes, texts);
  sight_json_end_array(w);
  sight_json_end_object(w);
}

/* A tree as a mutation has it: one add for each node, parents first. */
static void put_adds(SightJsonWriter *w, Builder *b, SightJson vector, int parent) {
  int id = b->next_id++;
  sight_json_begin_object(w);
  sight_json_member_int(w, "parentId", parent);
  sight_json_key(w, "nextId");
  sight_json_put_null(w);
  sight_json_key(w, "node");
  put_element(w, b, vector, id, TRUE);
  sight_json_begin_array(w);
  sight_json_end_array(w);
  sight_json_end_object(w);
  sight_json_end_object(w);
  SightJson text = sight_json_get(vector, "x");
  if (sight_json_type(text) == SIGHT_JSON_STRING) {
    sight_json_begin_object(w);
    sight_json_member_int(w, "parentId", id);
    sight_json_key(w, "nextId");
    sight_json_put_null(w);
    sight_json_key(w, "node");
    begin_node(w, 3, b->next_id++);
    sight_json_key(w, "textContent");
    put_text_of(w, text, b->places);
    sight_json_end_object(w);
    sight_json_end_object(w);
  }
  SightJsonIter iter = sight_json_iter(sight_json_get(vector, "c"));
  while (sight_json_next(&iter))
    put_adds(w, b, iter.value, id);
}

static void add_mutation(GString *out, int time_ms, const char *adds, const char *attributes, const char *texts) {
  g_string_append_printf(out,
                         ",{\"type\":3,\"timestamp\":%d,\"data\":{\"source\":0,\"removes\":[],\"adds\":[%s],"
                         "\"attributes\":[%s],\"texts\":[%s]}}",
                         time_ms, adds, attributes, texts);
}

static gboolean in_head(SightJson vector) {
  return sight_json_type(sight_json_get(vector, "h")) != SIGHT_JSON_ABSENT;
}

static void build_one(Builder *b, SightJson vector, int time_ms) {
  g_autoptr(GString) adds = g_string_new(NULL);
  g_autoptr(GString) attributes = g_string_new(NULL);
  g_autoptr(GString) texts = g_string_new(NULL);
  SightJsonWriter nodes = {.out = b->nodes, .need_comma = b->nodes->len > 0};
  SightJsonWriter add = {.out = adds}, attribute = {.out = attributes}, text = {.out = texts};
  switch (b->how) {
  case VECTORS_IN_SNAPSHOT:
    put_tree(&nodes, b, vector, NULL, NULL);
    break;
  case VECTORS_BY_ADDING:
    put_adds(&add, b, vector, in_head(vector) ? 3 : 4);
    add_mutation(b->later, time_ms, adds->str, "", "");
    break;
  case VECTORS_BY_ATTRIBUTES:
    put_tree(&nodes, b, vector, &attribute, &text);
    add_mutation(b->later, time_ms, "", attributes->str, texts->str);
    break;
  }
}

char *vectors_recording(SightJson vectors, VectorsHow how, const VectorPlaces *places) {
  g_autoptr(GString) head = g_string_new(NULL);
  g_autoptr(GString) body = g_string_new(NULL);
  g_autoptr(GString) later = g_string_new(NULL);
  Builder b = {.places = places, .how = how, .next_id = 100, .later = later};
  int time_ms = 2000;
  SightJsonIter iter = sight_json_iter(vectors);
  while (sight_json_next(&iter)) {
    b.nodes = in_head(iter.value) ? head : body;
    build_one(&b, iter.value, time_ms);
    time_ms += 10;
  }
  GString *out = g_string_new(page_head);
  g_string_append(out, head->str);
  g_string_append(out, page_body);
  if (body->len)
    g_string_append_printf(out, ",%s", body->str);
  g_string_append(out, page_end);
  g_string_append(out, later->str);
  /* Something at the end shows that it was reached. */
  g_autofree char *end = g_strdup_printf("{\"parentId\":5,\"nextId\":null,\"node\":{\"type\":3,\"id\":%d,"
                                         "\"textContent\":\"end\"}}",
                                         b.next_id);
  add_mutation(out, time_ms, end, "", "");
  g_string_append_c(out, ']');
  return g_string_free(out, FALSE);
}

char *vectors_page(SightJson vectors, const VectorPlaces *places) {
  g_autoptr(GString) list = g_string_new(NULL);
  Builder b = {.places = places, .how = VECTORS_IN_SNAPSHOT, .next_id = 100, .nodes = list};
  SightJsonIter iter = sight_json_iter(vectors);
  while (sight_json_next(&iter))
    build_one(&b, iter.value, 0);
  return g_strdup_printf(
      "<!doctype html><body><script>window.pwned = 0; onmessage = (e) => { if (e.data === 1337) pwned++; };"
      "const list = [%s];"
      "function build(n) {"
      "  if (n.type === 3) return document.createTextNode(n.textContent);"
      "  const e = n.isSVG ? document.createElementNS('http://www.w3.org/2000/svg', n.tagName)"
      "    : document.createElement(n.tagName);"
      "  for (const [k, v] of Object.entries(n.attributes)) try {"
      "    if (k === 'xlink:href') e.setAttributeNS('http://www.w3.org/1999/xlink', k, v); else e.setAttribute(k, v);"
      "  } catch {}"
      "  for (const c of n.childNodes) e.append(build(c));"
      "  return e;"
      "}"
      "for (const n of list) if (n.attributes['http-equiv'] === undefined && n.tagName !== 'base') try {"
      "  document.body.append(build(n)); } catch {}"
      "</script>",
      list->str);
}
