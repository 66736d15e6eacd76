/* SPDX-License-Identifier: MIT */
/* The only file that knows simdjson: from text to tape. */
#include "sight-json-private.h"

#include <new>
#include <simdjson.h>
#include <string.h>

static_assert(SIGHT_JSON_PADDING >= simdjson::SIMDJSON_PADDING, "the padding that we promise is too small");

/* Buffers that one large document left behind are given back when what follows is small. */
static constexpr gsize KEEP_BYTES = 1024 * 1024;
static constexpr gsize LEAST_CAPACITY = 4096;
static constexpr gsize MAX_BYTES = 0xFFFFFFFF - 1024;

struct SightJsonParser {
  simdjson::dom::parser parser;
  SightJsonDocument document;
  guint max_depth;
  char *copy;
  gsize copy_capacity;
};

G_BEGIN_DECLS

G_DEFINE_QUARK(sight_json_error, sight_json_error)

SightJsonParser *sight_json_parser_new(guint max_depth) {
  SightJsonParser *parser = new (std::nothrow) SightJsonParser();
  if (parser == nullptr)
    g_error("out of memory");
  parser->max_depth = max_depth;
  return parser;
}

void sight_json_parser_free(SightJsonParser *parser) {
  if (parser == nullptr)
    return;
  g_free(parser->copy);
  delete parser;
}

static gboolean fail(GError **error, simdjson::error_code code) {
  SightJsonError kind = SIGHT_JSON_ERROR_SYNTAX;
  const char *message = "not valid JSON";
  if (code == simdjson::DEPTH_ERROR) {
    kind = SIGHT_JSON_ERROR_DEPTH;
    message = "nested too deeply";
  } else if (code == simdjson::NUMBER_ERROR) {
    kind = SIGHT_JSON_ERROR_NUMBER;
    message = "a number that is malformed or too large";
  } else if (code == simdjson::CAPACITY || code == simdjson::MEMALLOC) {
    kind = SIGHT_JSON_ERROR_SIZE;
    message = "too large to be read";
  } else if (code == simdjson::UTF8_ERROR) {
    message = "not valid UTF-8";
  } else if (code == simdjson::UNESCAPED_CHARS) {
    message = "a control character inside a string";
  } else if (code == simdjson::STRING_ERROR) {
    kind = SIGHT_JSON_ERROR_STRING;
    message = "a string with an invalid escape";
  } else if (code == simdjson::UNCLOSED_STRING) {
    message = "a string without an end";
  } else if (code == simdjson::EMPTY) {
    message = "nothing in it";
  }
  g_set_error_literal(error, SIGHT_JSON_ERROR, kind, message);
  return FALSE;
}

/* Powers of two, so that documents that grow a little do not allocate each time. */
static gsize capacity_for(gsize bytes) {
  gsize capacity = LEAST_CAPACITY;
  while (capacity < bytes)
    capacity *= 2;
  return MIN(capacity, MAX_BYTES);
}

static simdjson::error_code reserve(SightJsonParser *self, gsize bytes) {
  gsize have = self->parser.doc.capacity();
  gsize want = capacity_for(bytes);
  bool wasteful = have > KEEP_BYTES && want < have / 16;
  if (have >= want && !wasteful)
    return simdjson::SUCCESS;
  simdjson::error_code code = self->parser.allocate(want, self->max_depth);
  return code ? code : self->parser.doc.allocate(want);
}

gboolean sight_json_parser_parse_padded(SightJsonParser *self, const char *tainted_text, gsize bytes, SightJson *root,
                                        GError **error) {
  *root = SightJson{nullptr, 0};
  if (bytes > MAX_BYTES)
    return fail(error, simdjson::CAPACITY);
  simdjson::error_code code = reserve(self, bytes);
  if (!code)
    code = self->parser.parse(tainted_text, bytes, false).error();
  if (code)
    return fail(error, code);
  self->document.tape = reinterpret_cast<const guint64 *>(self->parser.doc.tape.get());
  self->document.strings = self->parser.doc.string_buf.get();
  *root = SightJson{&self->document, 1};
  return TRUE;
}

static bool reserve_copy(SightJsonParser *self, gsize bytes) {
  gsize want = capacity_for(bytes + SIGHT_JSON_PADDING);
  bool wasteful = self->copy_capacity > KEEP_BYTES && want < self->copy_capacity / 16;
  if (self->copy_capacity >= want && !wasteful)
    return true;
  g_free(self->copy);
  self->copy = static_cast<char *>(g_try_malloc(want));
  self->copy_capacity = self->copy == nullptr ? 0 : want;
  return self->copy != nullptr;
}

gboolean sight_json_parser_parse(SightJsonParser *self, const char *tainted_text, gsize bytes, SightJson *root,
                                 GError **error) {
  *root = SightJson{nullptr, 0};
  if (bytes > MAX_BYTES - SIGHT_JSON_PADDING || !reserve_copy(self, bytes))
    return fail(error, simdjson::CAPACITY);
  if (bytes > 0)
    memcpy(self->copy, tainted_text, bytes);
  memset(self->copy + bytes, 0, SIGHT_JSON_PADDING);
  return sight_json_parser_parse_padded(self, self->copy, bytes, root, error);
}

G_END_DECLS
