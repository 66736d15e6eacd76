/* SPDX-License-Identifier: MIT */
/* From the text of a filter to its tree, by recursive descent; each byte is looked at a few times at most. */
#include "sight-filter-value.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <string.h>

typedef struct {
  const char *text, *p; /* p: what comes next */
  guint depth;
  const SightField *within; /* whose brackets these are; NULL: none */
  gboolean refusing;        /* what comes next is refused already */
  gsize at;                 /* where it went wrong */
  GError **error;
} Parser;

static SightFilter *parse_any(Parser *self);

static gpointer fail(Parser *self, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);
static gpointer fail(Parser *self, const char *where, const char *format, ...) {
  va_list args;

  va_start(args, format);
  g_autofree char *what = g_strdup_vprintf(format, args);
  va_end(args);
  self->at = (gsize)(where - self->text);
  g_set_error(self->error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX,
              /* TRANSLATORS: a number of a character, and what is wrong there */
              _("At character %ld: %s"), g_utf8_strlen(self->text, (gssize)self->at) + 1, what);
  return NULL;
}

static gboolean is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(Parser *self) {
  while (is_blank(*self->p))
    self->p++;
}

static gboolean ends_word(char c) {
  return c == '\0' || is_blank(c) || strchr("()[]", c) != NULL;
}

/* One of the words that join conditions, as a word of its own. */
static gboolean at_keyword(const Parser *self, const char *keyword) {
  gsize bytes = strlen(keyword);
  return (self->p[0] | 0x20) == keyword[0] && g_ascii_strncasecmp(self->p, keyword, bytes) == 0 &&
         ends_word(self->p[bytes]);
}

static gboolean take_keyword(Parser *self, const char *keyword) {
  if (!at_keyword(self, keyword))
    return FALSE;
  self->p += strlen(keyword);
  skip_blanks(self);
  return TRUE;
}

/* The inside of quotes, up to behind the closing one. */
static gboolean read_quoted(Parser *self, GString *out) {
  const char *open = self->p++;

  for (; *self->p != '"'; self->p++) {
    if (*self->p == '\0') {
      fail(self, open, _("expected a closing \" for this one"));
      return FALSE;
    }
    if (*self->p == '\\' && (self->p[1] == '"' || self->p[1] == '\\'))
      self->p++;
    g_string_append_c(out, *self->p);
  }
  self->p++;
  return TRUE;
}

/* Quoted and unquoted pieces up to what ends a word, or to one of `ends`. NULL with error. */
static char *read_text(Parser *self, const char *ends, gboolean stars) {
  g_autoptr(GString) out = g_string_new(NULL);

  while (!ends_word(*self->p) && strchr(ends, *self->p) == NULL) {
    if (*self->p == '"') {
      if (!read_quoted(self, out))
        return NULL;
      continue;
    }
    g_string_append_c(out, stars && *self->p == '*' ? SIGHT_FILTER_ANY_RUN : *self->p);
    self->p++;
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gpointer fail_value(Parser *self, const char *where, const SightField *field, const char *tainted_text) {
  if (field->choices != NULL) {
    g_autofree char *choices = g_strjoinv(", ", (char **)field->choices);
    return fail(self, where, _("%s: expected one of %s"), field->name, choices);
  }
  if (tainted_text[0] == '\0')
    return fail(self, where, _("%s: expected %s after the colon"), field->name, sight_filter_value_wants(field));
  g_autofree char *shown = g_strdelimit(g_strdup(tainted_text), "\1", '*');
  return fail(self, where, _("%s: expected %s instead of “%s”"), field->name, sight_filter_value_wants(field), shown);
}

static gboolean parse_values(Parser *self, SightFilter *key) {
  gboolean more = TRUE;

  if (key->field->takes == SIGHT_TAKES_NOTHING) {
    fail(self, self->p, _("%s: takes no value"), key->field->name);
    return FALSE;
  }
  while (more) {
    const char *where = self->p;
    g_autofree char *text = read_text(self, ",", TRUE);
    SightFilterValue *value = text != NULL ? sight_filter_value_parse(key->field, text) : NULL;
    if (value == NULL) {
      if (text != NULL)
        fail_value(self, where, key->field, text);
      return FALSE;
    }
    g_ptr_array_add(key->values, value);
    more = *self->p == ',';
    self->p += more;
  }
  return TRUE;
}

/* "[conditions]" behind a key of moments. */
static gboolean parse_inside(Parser *self, SightFilter *key) {
  const char *open = self->p;
  gboolean refusing = self->refusing;

  if (key->field->place != SIGHT_KEY_OF_MOMENT) {
    fail(self, open, _("%s: is no moment, so it has no conditions in brackets"), key->field->name);
    return FALSE;
  }
  self->p++;
  self->within = key->field;
  self->refusing = FALSE;
  key->inside = parse_any(self);
  self->within = NULL;
  self->refusing = refusing;
  if (key->inside == NULL)
    return FALSE;
  if (*self->p != ']') {
    fail(self, self->p, _("expected ] for the [ at character %ld"),
         g_utf8_strlen(self->text, (gssize)(open - self->text)) + 1);
    return FALSE;
  }
  self->p++;
  return TRUE;
}

static gpointer fail_key(Parser *self, const char *where, gsize bytes) {
  gboolean inside = self->within != NULL;
  const SightField *near = sight_field_nearest(where, bytes, inside);
  g_autofree char *name = g_strndup(where, bytes);

  if (near != NULL)
    return fail(self, where, _("%s: no such key; did you mean %s?"), name, near->name);
  if (inside && sight_field_find(where, bytes, FALSE) != NULL)
    return fail(self, where, _("%s: no such key in brackets"), name);
  if (!inside && sight_field_find(where, bytes, TRUE) != NULL)
    return fail(self, where, _("%s: a key of moments only, as in request[%s:…]"), name, name);
  return fail(self, where, _("%s: no such key; to look for this text put it in quotes"), name);
}

/* Behind the name of a key: ".NAME", ":value", "[conditions]". */
static SightFilter *parse_key(Parser *self, const SightField *field, const char *where) {
  g_autoptr(SightFilter) key = sight_filter_new(SIGHT_FILTER_KEY);

  key->field = field;
  if (self->within != NULL && (self->within->parts & field->parts) == 0)
    return fail(self, where, _("%s: %s has none of this"), field->name, self->within->name);
  if (field->flags & SIGHT_HAS_NAME) {
    if (*self->p == '.') {
      self->p++;
      key->name = read_text(self, ":", FALSE);
      if (key->name == NULL)
        return NULL;
    }
    if (key->name == NULL || key->name[0] == '\0')
      return fail(self, self->p, _("%s: expected a name, as in %s.NAME:VALUE"), field->name, field->name);
  }
  if (*self->p == ':') {
    self->p++;
    if (!parse_values(self, key))
      return NULL;
  } else if (field->flags & SIGHT_NEEDS_VALUE) {
    return fail(self, self->p, _("%s: expected a colon and %s"), field->name, sight_filter_value_wants(field));
  }
  if (*self->p == '[' && !parse_inside(self, key))
    return NULL;
  return g_steal_pointer(&key);
}

/* NAME=VALUE of an event's property, where `name` was read and "=" comes next. */
static SightFilter *parse_property(Parser *self, char *name, const char *where) {
  g_autoptr(SightFilter) key = sight_filter_new(SIGHT_FILTER_KEY);

  key->field = sight_field_find("property", strlen("property"), TRUE);
  key->name = name;
  if (name[0] == '\0')
    return fail(self, where, _("expected a name before the ="));
  if ((self->within->parts & key->field->parts) == 0)
    return fail(self, where, _("%s: has no properties; an event has"), self->within->name);
  self->p++;
  return parse_values(self, key) ? g_steal_pointer(&key) : NULL;
}

static SightFilter *parse_words(Parser *self) {
  const char *where = self->p;
  char *text = read_text(self, self->within != NULL ? "=" : "", FALSE);

  if (text == NULL)
    return NULL;
  if (self->within != NULL && *self->p == '=')
    return parse_property(self, text, where);
  g_autoptr(SightFilter) words = sight_filter_new(SIGHT_FILTER_WORDS);
  words->text = text;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
    if (g_unichar_isalnum(g_utf8_get_char(c)))
      return g_steal_pointer(&words);
  }
  if (text[0] == '\0' && *where != '"')
    return fail(self, where, _("expected a condition"));
  return fail(self, where, _("expected a letter or a digit to look for in “%s”"), text);
}

static gsize name_length(const char *p) {
  gsize n = 0;

  if (!g_ascii_isalpha(*p))
    return 0;
  while (g_ascii_isalnum(p[n]) || p[n] == '-')
    n++;
  return n;
}

/* A key with what belongs to it, or a word. */
static SightFilter *parse_named(Parser *self) {
  const char *where = self->p;
  gsize bytes = name_length(where);
  const SightField *field = bytes > 0 ? sight_field_find(where, bytes, self->within != NULL) : NULL;
  char next = where[bytes];

  if (bytes > 0 && (next == ':' || next == '[')) {
    if (field == NULL)
      return fail_key(self, where, bytes);
  } else if (field != NULL && !ends_word(next) && !(next == '.' && (field->flags & SIGHT_HAS_NAME))) {
    field = NULL;
  }
  if (field == NULL)
    return parse_words(self);
  self->p += bytes;
  return parse_key(self, field, where);
}

static SightFilter *parse_group(Parser *self) {
  const char *open = self->p++;

  if (self->depth == SIGHT_FILTER_MAX_DEPTH)
    return fail(self, open, _("more than %d brackets within each other"), SIGHT_FILTER_MAX_DEPTH);
  self->depth++;
  g_autoptr(SightFilter) group = parse_any(self);
  self->depth--;
  if (group == NULL)
    return NULL;
  if (*self->p != ')')
    return fail(self, self->p, _("expected ) for the ( at character %ld"),
                g_utf8_strlen(self->text, (gssize)(open - self->text)) + 1);
  self->p++;
  return g_steal_pointer(&group);
}

/* "then" [ "within" 5m ] [ "not" ] moment, behind the word "then". */
static gboolean parse_step(Parser *self, SightFilter *sequence) {
  double within_ms = 0;
  gboolean absent;

  if (take_keyword(self, "within")) {
    const char *where = self->p;
    g_autofree char *text = read_text(self, "", FALSE);
    if (text == NULL)
      return FALSE;
    if (!sight_filter_duration_parse(text, &within_ms) || within_ms < 1) {
      fail(self, where, _("within: expected a time with its unit such as 30s or 5m"));
      return FALSE;
    }
    skip_blanks(self);
  }
  absent = take_keyword(self, "not");
  const char *where = self->p;
  g_autoptr(SightFilter) step =
      ends_word(*self->p) ? fail(self, where, _("expected a moment after “then”")) : parse_named(self);
  if (step == NULL)
    return FALSE;
  if (step->kind != SIGHT_FILTER_KEY || step->field->place != SIGHT_KEY_OF_MOMENT) {
    fail(self, where, _("expected a moment, as in page:/cart then rage"));
    return FALSE;
  }
  step->within_ms = (gint64)within_ms;
  step->absent = absent;
  g_ptr_array_add(sequence->parts, g_steal_pointer(&step));
  return TRUE;
}

/* A sequence where "then" comes next, else the first step alone. */
static SightFilter *parse_sequence(Parser *self, SightFilter *first, const char *where) {
  g_autoptr(SightFilter) step = first;
  const char *end = self->p;

  skip_blanks(self);
  if (first == NULL || !at_keyword(self, "then")) {
    self->p = end;
    return g_steal_pointer(&step);
  }
  if (first->kind != SIGHT_FILTER_KEY || first->field->place != SIGHT_KEY_OF_MOMENT)
    return fail(self, where, _("expected a moment before “then”, as in page:/cart then rage"));
  if (self->within != NULL)
    return fail(self, self->p, _("“then” joins moments, and stands in no brackets"));
  g_autoptr(SightFilter) sequence = sight_filter_new(SIGHT_FILTER_SEQUENCE);
  g_ptr_array_add(sequence->parts, g_steal_pointer(&step));
  while (take_keyword(self, "then")) {
    if (!parse_step(self, sequence))
      return NULL;
    end = self->p;
    skip_blanks(self);
  }
  self->p = end;
  return g_steal_pointer(&sequence);
}

static SightFilter *parse_part(Parser *self) {
  static const char *const joining[] = {"or", "and", "then", "within"};
  const char *where = self->p;
  gboolean refused = *self->p == '-' && (self->p[1] == '(' || !ends_word(self->p[1]));

  if (refused)
    self->p++;
  else
    refused = take_keyword(self, "not");
  if (refused && (self->refusing || *self->p == '-' || at_keyword(self, "not")))
    return fail(self, where, _("a refusal within a refusal would add sessions: expected a condition without it"));
  for (gsize i = 0; i < G_N_ELEMENTS(joining); i++) {
    if (at_keyword(self, joining[i]))
      return fail(self, self->p, _("expected a condition before “%s”"), joining[i]);
  }
  if (*self->p == ')' || *self->p == ']' || *self->p == '\0')
    return fail(self, self->p, _("expected a condition"));
  self->refusing |= refused;
  const char *begin = self->p;
  SightFilter *part = *begin == '(' ? parse_group(self) : parse_sequence(self, parse_named(self), begin);
  if (refused)
    self->refusing = FALSE;
  if (part == NULL || !refused)
    return part;
  SightFilter *refusal = sight_filter_new(SIGHT_FILTER_NOT);
  g_ptr_array_add(refusal->parts, part);
  return refusal;
}

/* One alone stands for itself. */
static SightFilter *without_shell(SightFilter *filter) {
  if (filter->parts->len != 1)
    return filter;
  SightFilter *only = g_ptr_array_steal_index(filter->parts, 0);
  sight_filter_free(filter);
  return only;
}

static SightFilter *parse_all(Parser *self) {
  g_autoptr(SightFilter) all = sight_filter_new(SIGHT_FILTER_ALL);

  do {
    SightFilter *part = parse_part(self);
    if (part == NULL)
      return NULL;
    g_ptr_array_add(all->parts, part);
    if (!ends_word(*self->p) || *self->p == '(' || *self->p == '[')
      return fail(self, self->p, _("expected a blank; a value that has brackets or quotes in it stands in quotes"));
    skip_blanks(self);
    /* Conditions side by side hold together; saying so changes nothing. */
    take_keyword(self, "and");
  } while (*self->p != '\0' && *self->p != ')' && *self->p != ']' && !at_keyword(self, "or"));
  return without_shell(g_steal_pointer(&all));
}

static SightFilter *parse_any(Parser *self) {
  g_autoptr(SightFilter) any = sight_filter_new(SIGHT_FILTER_ANY);

  do {
    skip_blanks(self);
    SightFilter *all = parse_all(self);
    if (all == NULL)
      return NULL;
    g_ptr_array_add(any->parts, all);
  } while (take_keyword(self, "or"));
  return without_shell(g_steal_pointer(&any));
}

static gboolean is_text(Parser *self) {
  const char *end = NULL;

  if (!g_utf8_validate(self->text, -1, &end)) {
    fail(self, end, _("expected text in UTF-8"));
    return FALSE;
  }
  if (end - self->text > SIGHT_FILTER_MAX_BYTES) {
    fail(self, self->text, _("a filter has at most %d bytes"), SIGHT_FILTER_MAX_BYTES);
    return FALSE;
  }
  for (const char *p = self->text; *p != '\0'; p++) {
    if ((g_ascii_iscntrl(*p) && !is_blank(*p))) {
      fail(self, p, _("expected no control character"));
      return FALSE;
    }
  }
  return TRUE;
}

SightFilter *sight_filter_parse(const char *tainted_text, gsize *at, GError **error) {
  Parser self = {.text = tainted_text, .p = tainted_text, .error = error};
  g_autoptr(SightFilter) filter = NULL;

  if (is_text(&self)) {
    skip_blanks(&self);
    filter = *self.p == '\0' ? sight_filter_new(SIGHT_FILTER_ALL) : parse_any(&self);
    if (filter != NULL && *self.p != '\0') {
      fail(&self, self.p, _("there is no bracket that this one closes"));
      g_clear_pointer(&filter, sight_filter_free);
    }
  }
  if (filter == NULL && at != NULL)
    *at = self.at;
  return g_steal_pointer(&filter);
}
