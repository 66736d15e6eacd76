/* SPDX-License-Identifier: MIT */
/* Splitting the text of a recording into its events. A small machine follows the few containers around events; what is
 * inside of an event is passed over by sight_json_scan(). */
#include "sight-event-splitter.h"

#include "sight-event.h"
#include "sight-json-scan.h"

#include <string.h>

/* An array of segments inside of "events" inside of an object. What is nested deeper is taken for an event, which it
 * cannot be. */
#define MAX_FRAMES 4
#define WORD_MAX 128
#define KEEP_BYTES (4 * 1024 * 1024)

typedef enum {
  AT_TOP,
  AT_FIRST_VALUE, /* behind [ */
  AT_VALUE,       /* behind a comma of an array */
  AT_FIRST_KEY,   /* behind { */
  AT_KEY,         /* behind a comma of an object */
  IN_KEY,
  AT_COLON,
  AT_MEMBER,
  IN_WINDOW, /* in the string that names the window */
  IN_VALUE,  /* in a container or string that is passed over */
  IN_SCALAR,
  AFTER_VALUE,
  IN_BAD_LINE,
} State;

typedef enum {
  FRAME_ARRAY,  /* of events, or of arrays of events */
  FRAME_OBJECT, /* at the top: an event, or a container of events */
  FRAME_DATA,   /* its member "data" */
} FrameKind;

typedef struct {
  FrameKind kind;
  char *window;          /* what it says about itself; NULL: what the frame around it says */
  gboolean is_event;     /* has the type or timestamp of one */
  gboolean is_container; /* has events in it */
} Frame;

struct SightEventSplitter {
  SightSplitterFuncs funcs;
  gpointer user_data;
  gsize max_element_bytes;

  const char *chunk, *at, *end; /* what is being pushed: its begin, the place in it, how far to go for now … */
  const char *chunk_end;        /* … and its end */
  guint64 chunk_offset;

  State state;
  Frame frames[MAX_FRAMES];
  guint n_frames;
  SightJsonScan scan;
  char word[WORD_MAX]; /* a key or a window */
  gsize word_bytes;    /* more than fits: it is none that matters */
  gboolean word_escaped;

  /* The value that may be an event: what came of it in earlier chunks, and where it begins in this one. */
  gboolean is_open, is_too_large;
  gboolean is_first; /* in its array */
  GString *held;
  const char *open_at;
  guint64 open_offset;

  gboolean one_line;       /* JSON Lines */
  gboolean has_seen_line;  /* a line end since the value at the top began */
  gboolean could_be_lines; /* the only value so far is what stands in lines */
  guint64 n_top;           /* values at the top, begun */
};

SightEventSplitter *sight_event_splitter_new(gsize max_element_bytes, const SightSplitterFuncs *funcs,
                                             gpointer user_data) {
  SightEventSplitter *self = g_new0(SightEventSplitter, 1);
  self->max_element_bytes = max_element_bytes;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->held = g_string_new(NULL);
  return self;
}

static void drop_frames(SightEventSplitter *self, guint n_left) {
  while (self->n_frames > n_left)
    g_clear_pointer(&self->frames[--self->n_frames].window, g_free);
}

void sight_event_splitter_free(SightEventSplitter *self) {
  if (self == NULL)
    return;
  drop_frames(self, 0);
  g_string_free(self->held, TRUE);
  g_free(self);
}

static guint64 offset_of(const SightEventSplitter *self, const char *at) {
  return self->chunk_offset + (guint64)(at - self->chunk);
}

static Frame *top_frame(SightEventSplitter *self) {
  return self->n_frames > 0 ? &self->frames[self->n_frames - 1] : NULL;
}

static void push_frame(SightEventSplitter *self, FrameKind kind) {
  self->frames[self->n_frames++] = (Frame){.kind = kind};
  self->state = kind == FRAME_ARRAY ? AT_FIRST_VALUE : AT_FIRST_KEY;
  self->at++;
}

static const char *current_window(const SightEventSplitter *self) {
  for (guint i = self->n_frames; i > 0; i--)
    if (self->frames[i - 1].window != NULL)
      return self->frames[i - 1].window;
  return NULL;
}

static void open_value(SightEventSplitter *self) {
  self->is_open = TRUE;
  self->is_too_large = self->is_first = FALSE;
  self->open_at = self->at;
  self->open_offset = offset_of(self, self->at);
  if (self->held->allocated_len > KEEP_BYTES) {
    g_string_free(self->held, TRUE);
    self->held = g_string_new(NULL);
  }
  g_string_truncate(self->held, 0);
}

static void close_value(SightEventSplitter *self) {
  self->is_open = FALSE;
  self->open_at = NULL;
}

/* Keeps what this chunk has of an open value. */
static void hold(SightEventSplitter *self, gsize padding) {
  if (!self->is_open)
    return;
  gsize bytes = (gsize)(self->at - self->open_at);
  if (self->is_too_large || bytes > self->max_element_bytes - self->held->len) {
    self->is_too_large = TRUE;
    g_string_truncate(self->held, 0);
    return;
  }
  g_string_append_len(self->held, self->open_at, (gssize)bytes);
  if (padding > 0) {
    g_string_set_size(self->held, self->held->len + padding);
    g_string_truncate(self->held, self->held->len - padding);
  }
}

static gboolean emit(SightEventSplitter *self, GError **error) {
  SightElement element = {.offset = self->open_offset,
                          .tainted_window = current_window(self),
                          .one_line = self->one_line,
                          .may_be_tag = self->is_first};
  if (self->held->len == 0 && !self->is_too_large) {
    gsize bytes = (gsize)(self->at - self->open_at);
    element.tainted_text = bytes <= self->max_element_bytes ? self->open_at : NULL;
    element.bytes = bytes;
    element.padded = self->chunk_end - self->at >= SIGHT_JSON_PADDING;
  } else {
    hold(self, SIGHT_JSON_PADDING);
    element.tainted_text = self->is_too_large ? NULL : self->held->str;
    element.bytes = self->held->len;
    element.padded = TRUE;
  }
  SightElementVerdict verdict = self->funcs.element(&element, self->user_data, error);
  if (verdict == SIGHT_ELEMENT_TAG && element.bytes > 2)
    top_frame(self)->window = g_strndup(element.tainted_text + 1, MIN(element.bytes - 2, WORD_MAX));
  if (self->n_top == 1 && (self->n_frames == 0 || self->frames[0].window != NULL)) {
    if (element.tainted_text != NULL && memchr(element.tainted_text, '\n', element.bytes) != NULL)
      self->has_seen_line = TRUE;
    self->could_be_lines = !self->has_seen_line;
  }
  close_value(self);
  return verdict != SIGHT_ELEMENT_STOP;
}

static gboolean fail(SightEventSplitter *self, const char *what, GError **error) {
  guint64 offset = offset_of(self, self->at);
  if (self->one_line) {
    self->funcs.bad_line(offset, self->user_data);
    drop_frames(self, 0);
    close_value(self);
    self->state = IN_BAD_LINE;
    return TRUE;
  }
  g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_SYNTAX, "byte %" G_GUINT64_FORMAT ": %s", offset, what);
  return FALSE;
}

/* The next byte that is no white space; FALSE where there is none. */
static gboolean skip_space(SightEventSplitter *self) {
  for (; self->at < self->end; self->at++) {
    char c = *self->at;
    if (c == '\n') {
      self->has_seen_line = TRUE;
      if (self->state == AT_TOP && self->could_be_lines && self->n_top == 1)
        self->one_line = TRUE;
    } else if (c != ' ' && c != '\t' && c != '\r') {
      return TRUE;
    }
  }
  return FALSE;
}

static void begin_pass_over(SightEventSplitter *self) {
  char c = *self->at;
  self->scan = (SightJsonScan){0};
  self->state = c == '{' || c == '[' || c == '"' ? IN_VALUE : IN_SCALAR;
}

static gboolean at_top(SightEventSplitter *self, GError **error) {
  char c = *self->at;
  if (c != '{' && c != '[' && c != '"') {
    if (self->n_top == 0 && (g_ascii_isalnum(c) || c == '-')) {
      g_set_error_literal(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_NOT_EVENTS,
                          "it begins with neither an array nor an object");
      return FALSE;
    }
    return fail(self, self->n_top == 0 ? "this is not JSON" : "behind the recording stands something else", error);
  }
  self->n_top++;
  self->has_seen_line = FALSE;
  if (c == '[') {
    push_frame(self, FRAME_ARRAY);
    return TRUE;
  }
  open_value(self);
  if (c == '{')
    push_frame(self, FRAME_OBJECT);
  else
    begin_pass_over(self);
  return TRUE;
}

/* A value, or all that belongs to a frame, has ended. */
static gboolean value_ended(SightEventSplitter *self, GError **error) {
  const Frame *frame = top_frame(self);
  self->state = frame == NULL ? AT_TOP : AFTER_VALUE;
  if (frame != NULL && frame->kind != FRAME_ARRAY)
    return TRUE;
  return !self->is_open || emit(self, error);
}

static gboolean pop_frame(SightEventSplitter *self, GError **error) {
  gboolean has_tag = top_frame(self)->kind == FRAME_ARRAY && top_frame(self)->window != NULL;
  drop_frames(self, self->n_frames - 1);
  self->at++;
  if (self->n_frames == 0 && self->n_top == 1)
    self->could_be_lines = has_tag && !self->has_seen_line;
  return value_ended(self, error);
}

static gboolean at_value(SightEventSplitter *self, GError **error) {
  char c = *self->at;
  gboolean is_first = self->state == AT_FIRST_VALUE;
  if (c == ']' && is_first)
    return pop_frame(self, error);
  if (c == ']' || c == '}' || c == ',' || c == ':')
    return fail(self, "a value is missing", error);
  if (c == '[' && self->n_frames < MAX_FRAMES) {
    push_frame(self, FRAME_ARRAY);
    return TRUE;
  }
  open_value(self);
  self->is_first = is_first;
  begin_pass_over(self);
  return TRUE;
}

static gboolean at_key(SightEventSplitter *self, GError **error) {
  if (*self->at == '}' && self->state == AT_FIRST_KEY)
    return pop_frame(self, error);
  if (*self->at != '"')
    return fail(self, "a key is missing", error);
  self->at++;
  self->word_bytes = 0;
  self->word_escaped = FALSE;
  self->state = IN_KEY;
  return TRUE;
}

/* Goes on with a short string; TRUE where it has ended. */
static gboolean read_word(SightEventSplitter *self) {
  while (self->at < self->end) {
    char c = *self->at++;
    if (c == '"' && !self->word_escaped)
      return TRUE;
    self->word_escaped = c == '\\' && !self->word_escaped;
    if (self->word_bytes < WORD_MAX)
      self->word[self->word_bytes] = c;
    self->word_bytes++;
  }
  return FALSE;
}

static gboolean is_word(const SightEventSplitter *self, const char *word) {
  gsize bytes = strlen(word);
  return self->word_bytes == bytes && memcmp(self->word, word, bytes) == 0;
}

/* Whether the array that is the value of this key holds the events. */
static gboolean holds_events(const SightEventSplitter *self, const Frame *frame) {
  if (self->frames[0].is_event || self->frames[0].is_container)
    return FALSE;
  if (frame->kind == FRAME_DATA)
    return is_word(self, "snapshots");
  return is_word(self, "events") || is_word(self, "snapshots") || is_word(self, "data");
}

static gboolean at_member(SightEventSplitter *self, GError **error) {
  Frame *frame = top_frame(self);
  char c = *self->at;
  if (c == '[' && holds_events(self, frame)) {
    close_value(self);
    self->frames[0].is_container = TRUE;
    push_frame(self, FRAME_ARRAY);
    return TRUE;
  }
  if (frame->kind == FRAME_OBJECT && c == '{' && is_word(self, "data")) {
    push_frame(self, FRAME_DATA);
    return TRUE;
  }
  if (frame->kind == FRAME_OBJECT && (is_word(self, "type") || is_word(self, "timestamp")))
    frame->is_event = TRUE;
  gboolean names_window = is_word(self, "windowId") || is_word(self, "window_id") || is_word(self, "window");
  if (frame->kind == FRAME_OBJECT && c == '"' && names_window && frame->window == NULL) {
    self->at++;
    self->word_bytes = 0;
    self->word_escaped = FALSE;
    self->state = IN_WINDOW;
    return TRUE;
  }
  if (c == ']' || c == '}' || c == ',' || c == ':')
    return fail(self, "a value is missing", error);
  begin_pass_over(self);
  return TRUE;
}

static gboolean after_value(SightEventSplitter *self, GError **error) {
  gboolean in_array = top_frame(self)->kind == FRAME_ARRAY;
  if (*self->at == (in_array ? ']' : '}'))
    return pop_frame(self, error);
  if (*self->at != ',')
    return fail(self, "a comma or the end is missing", error);
  self->at++;
  self->state = in_array ? AT_VALUE : AT_KEY;
  return TRUE;
}

static gboolean pass_over(SightEventSplitter *self, GError **error) {
  gboolean ended = FALSE;
  if (self->state == IN_VALUE) {
    const char *after = sight_json_scan(&self->scan, self->at, self->end);
    ended = after != NULL;
    self->at = ended ? after : self->end;
  } else {
    while (!ended && self->at < self->end) {
      ended = strchr(",]} \t\r\n", *self->at) != NULL && *self->at != '\0';
      self->at += !ended;
    }
  }
  if (!ended)
    return TRUE;
  return value_ended(self, error);
}

static gboolean in_word(SightEventSplitter *self) {
  if (!read_word(self))
    return TRUE;
  if (self->state == IN_WINDOW)
    top_frame(self)->window = g_strndup(self->word, MIN(self->word_bytes, WORD_MAX));
  self->state = self->state == IN_KEY ? AT_COLON : AFTER_VALUE;
  return TRUE;
}

static gboolean step(SightEventSplitter *self, GError **error) {
  switch (self->state) {
  case IN_KEY:
  case IN_WINDOW:
    return in_word(self);
  case IN_VALUE:
  case IN_SCALAR:
    return pass_over(self, error);
  case IN_BAD_LINE:
    self->at = self->end;
    return TRUE;
  case AT_TOP:
  case AT_FIRST_VALUE:
  case AT_VALUE:
  case AT_FIRST_KEY:
  case AT_KEY:
  case AT_COLON:
  case AT_MEMBER:
  case AFTER_VALUE:
    break;
  }
  if (!skip_space(self))
    return TRUE;
  if (self->state == AT_TOP)
    return at_top(self, error);
  if (self->state == AT_VALUE || self->state == AT_FIRST_VALUE)
    return at_value(self, error);
  if (self->state == AT_KEY || self->state == AT_FIRST_KEY)
    return at_key(self, error);
  if (self->state == AT_MEMBER)
    return at_member(self, error);
  if (self->state == AFTER_VALUE)
    return after_value(self, error);
  if (*self->at != ':')
    return fail(self, "a colon is missing", error);
  self->at++;
  self->state = AT_MEMBER;
  return TRUE;
}

/* A line of JSON Lines ends here, whatever state the machine is in. */
static void end_line(SightEventSplitter *self) {
  if (self->state != AT_TOP && self->state != IN_BAD_LINE)
    self->funcs.bad_line(offset_of(self, self->at), self->user_data);
  drop_frames(self, 0);
  close_value(self);
  self->state = AT_TOP;
}

/* Up to the end of the chunk or, once it is known that each line stands alone, of the line. */
static gboolean push_some(SightEventSplitter *self, GError **error) {
  const char *line_end = self->one_line ? memchr(self->at, '\n', (gsize)(self->chunk_end - self->at)) : NULL;
  gboolean was_one_line = self->one_line;
  self->end = line_end != NULL ? line_end : self->chunk_end;
  while (self->at < self->end && self->one_line == was_one_line)
    if (!step(self, error))
      return FALSE;
  if (line_end == NULL || self->at < self->end)
    return TRUE;
  /* A number or a name at the top of a line only ends with it. */
  end_line(self);
  self->at = line_end + 1;
  return TRUE;
}

gboolean sight_event_splitter_push(SightEventSplitter *self, const char *tainted_text, gsize bytes, GError **error) {
  self->chunk = self->at = tainted_text;
  self->chunk_end = tainted_text + bytes;
  if (self->is_open)
    self->open_at = tainted_text;
  while (self->at < self->chunk_end)
    if (!push_some(self, error))
      return FALSE;
  hold(self, 0);
  self->chunk_offset += bytes;
  self->chunk = self->chunk_end = self->at = self->end = self->open_at = NULL;
  return TRUE;
}

gboolean sight_event_splitter_is_complete(const SightEventSplitter *self) {
  return self->state == AT_TOP || self->state == IN_BAD_LINE;
}
