/* SPDX-License-Identifier: MIT */
/* Where in the text of a filter a place is: what is being written there, and what is the rest. */
#include "sight-completion-private.h"

#include <string.h>

/* What stands for the word that is being written where the rest is read: a moment, so that it may also be the step of a
 * sequence. */
#define STAND_IN "signal:\"" SIGHT_COMPLETION_MARK "\""

typedef struct {
  SightPlace *place;
  const char *text;
  guint cursor, word; /* word: where the present one begins */
  guint n_open;       /* "(" without ")" */
  int key;            /* where the key begins whose brackets are open; -1: none are */
  gboolean quoted, escaped, past;
} Scan;

/* The present word ends before byte `at`. */
static void end_word(Scan *self, guint at) {
  if (self->past && self->place->to == 0)
    self->place->to = at;
  self->word = at + 1;
}

static void see(Scan *self, guint at) {
  char c = self->text[at];

  if (self->quoted) {
    gboolean escaped = self->escaped;
    self->escaped = c == '\\' && !escaped;
    self->quoted = c != '"' || escaped;
    return;
  }
  self->quoted = c == '"';
  if (c == '[')
    self->key = (int)self->word;
  if (c == ']' && self->key >= 0) {
    if (self->past && self->place->key == self->key && self->place->key_end == 0)
      self->place->key_end = at + 1;
    self->key = -1;
  }
  if (c == '(')
    self->n_open++;
  if (c == ')' && self->n_open > 0)
    self->n_open--;
  if (strchr(" \t\r\n()[]", c) != NULL)
    end_word(self, at);
}

static void scan(SightPlace *place, const char *text, guint cursor) {
  Scan self = {.place = place, .text = text, .cursor = cursor, .key = -1};
  guint bytes = (guint)strlen(text);

  for (guint i = 0; i <= bytes; i++) {
    if (i == cursor) {
      place->from = self.word;
      place->key = self.key;
      self.past = TRUE;
    }
    if (i < bytes)
      see(&self, i);
  }
  if (place->to == 0)
    place->to = bytes;
  if (place->key_end == 0)
    place->key_end = bytes;
  place->n_open = self.n_open;
}

/* Quoted and plain pieces without their quotes, also where the last one is still open; the caller's. */
static char *unquoted(const char *text, gsize bytes) {
  g_autoptr(GString) out = g_string_new(NULL);

  for (gsize i = 0; i < bytes; i++) {
    if (text[i] == '\\' && i + 1 < bytes && (text[i + 1] == '"' || text[i + 1] == '\\'))
      g_string_append_c(out, text[++i]);
    else if (text[i] != '"')
      g_string_append_c(out, text[i]);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Behind the last comma of a list that stands outside of quotes. */
static guint last_value(const char *text, guint from, guint to) {
  gboolean quoted = FALSE;
  guint begin = from;

  for (guint i = from; i < to; i++) {
    if (text[i] == '"' && (i == from || text[i - 1] != '\\'))
      quoted = !quoted;
    else if (text[i] == ',' && !quoted)
      begin = i + 1;
  }
  return begin;
}

static guint name_length(const char *text, guint from, guint to) {
  guint n = 0;

  while (from + n < to && (g_ascii_isalnum(text[from + n]) || text[from + n] == '-'))
    n++;
  return n;
}

static guint behind_refusal(const char *text, guint from, guint to) {
  return from < to && text[from] == '-' ? from + 1 : from;
}

/* What of a key, its name and its value stands before the cursor. */
static void read_word(SightPlace *place, const char *text, guint cursor) {
  guint n = name_length(text, place->from, cursor), at = place->from + n;
  const SightField *field = sight_field_find(text + place->from, n, place->key >= 0);

  if (at < cursor && text[at] == '.' && field != NULL && (field->flags & SIGHT_HAS_NAME)) {
    const char *colon = memchr(text + at, ':', cursor - at);
    guint end = colon != NULL ? (guint)(colon - text) : cursor;
    place->field = field;
    place->name = unquoted(text + at + 1, end - at - 1);
    place->wants_name = colon == NULL;
    at = end;
  }
  if (at < cursor && text[at] == ':' && field != NULL) {
    guint begin = last_value(text, at + 1, cursor);
    place->field = field;
    place->before = g_strndup(text + place->from, begin - place->from);
    place->typed = unquoted(text + begin, cursor - begin);
  } else if (place->wants_name) {
    place->typed = g_strdup(place->name);
  } else {
    place->is_words = memchr(text + place->from, '"', cursor - place->from) != NULL;
    place->typed = unquoted(text + place->from, cursor - place->from);
  }
}

gboolean sight_place_find(SightPlace *place, const char *text, guint cursor) {
  scan(place, text, cursor);
  if (place->key >= 0) {
    guint key = behind_refusal(text, (guint)place->key, place->from);
    place->within = sight_field_find(text + key, name_length(text, key, place->from), FALSE);
    if (place->within == NULL)
      return FALSE;
  }
  place->from = behind_refusal(text, place->from, cursor);
  /* Behind a closing bracket nothing goes on. */
  if (place->from == cursor && cursor > 0 && strchr(")]", text[cursor - 1]) != NULL)
    return FALSE;
  read_word(place, text, cursor);
  return TRUE;
}

void sight_place_clear(SightPlace *place) {
  g_free(place->name);
  g_free(place->typed);
  g_free(place->before);
}

char *sight_place_rest(const SightPlace *place, const char *text) {
  guint from = place->key >= 0 ? behind_refusal(text, (guint)place->key, place->from) : place->from;
  guint to = place->key >= 0 ? place->key_end : place->to;
  g_autoptr(GString) rest = g_string_new_len(text, from);

  g_string_append(rest, STAND_IN);
  g_string_append(rest, text + to);
  for (guint i = 0; i < place->n_open; i++)
    g_string_append_c(rest, ')');
  return g_string_free(g_steal_pointer(&rest), FALSE);
}
