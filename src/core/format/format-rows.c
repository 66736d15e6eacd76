/* SPDX-License-Identifier: MIT */
/* Any JSON that has rrweb events somewhere inside: rows of a database (with the event in a column, as text or JSON, or
 * in several columns), containers under whatever names, texts of JSON, several sessions beside one another. */
#include "sight-format-private.h"

#include "sight-compress.h"
#include "sight-hash.h"
#include "sight-json-scan.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Containers around an event, and texts of JSON inside of one another. */
#define MAX_DEPTH 24
#define MAX_TEXTS 4
/* Of the whole text: parsed, it takes several times that. */
#define MAX_TEXT_BYTES (256 * 1024 * 1024)
/* Each takes up to 24 bytes beside its text when it is parsed, however short that is, and a row of them more. */
#define MAX_VALUES (8 * 1024 * 1024)
#define MAX_SESSIONS 10000
/* Of sessions and of windows; each takes far more than its text. */
#define MAX_NAMES 100000
#define MAX_NAME_BYTES 256
/* Members that the error names. */
#define MAX_TOLD 6

/* One event: where its text stands in `text`, which is less than four times as long as what was read. There may be
 * millions of them. */
typedef struct {
  double time_ms;
  guint32 start, bytes;
  guint session, window; /* names, from 0 */
} Row;
G_STATIC_ASSERT((guint64)MAX_TEXT_BYTES * 4 < G_MAXUINT32);

/* What the containers around say. */
typedef struct {
  guint session, window;
} Place;

typedef struct {
  GString *text;
  GArray *rows; /* of Row */
  GPtrArray *names;
  GHashTable *name_ids;
  GHashTable *sessions; /* set of name ids */
  SightJsonParser *parsers[MAX_TEXTS + 1];
  guint n_texts;    /* texts around what is walked */
  gboolean is_over; /* it has too many names */
} Walk;

/* What is not needed any more once it was walked: several times the text. */
static void drop_parsers(Walk *walk) {
  for (guint i = 0; i < G_N_ELEMENTS(walk->parsers); i++)
    g_clear_pointer(&walk->parsers[i], sight_json_parser_free);
}

static void walk_clear(Walk *walk) {
  g_string_free(walk->text, TRUE);
  g_array_unref(walk->rows);
  g_ptr_array_unref(walk->names);
  g_hash_table_unref(walk->name_ids);
  g_hash_table_unref(walk->sessions);
  drop_parsers(walk);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

static gboolean walk_value(Walk *walk, SightJson value, Place place, guint depth);

/* The id of a name; 0 is none. */
static guint name_id(Walk *walk, const char *tainted_name, gsize bytes) {
  if (tainted_name == NULL || bytes == 0 || bytes > MAX_NAME_BYTES)
    return 0;
  g_autofree char *name = g_strndup(tainted_name, bytes);
  guint id = GPOINTER_TO_UINT(g_hash_table_lookup(walk->name_ids, name));
  walk->is_over |= id == 0 && walk->names->len > MAX_NAMES;
  if (id > 0 || walk->is_over)
    return id;
  g_ptr_array_add(walk->names, name);
  g_hash_table_insert(walk->name_ids, name, GUINT_TO_POINTER(walk->names->len - 1));
  g_steal_pointer(&name);
  return walk->names->len - 1;
}

static guint value_name(Walk *walk, SightJson value) {
  gsize bytes = 0;
  const char *text = sight_json_string(value, &bytes);
  if (text != NULL)
    return name_id(walk, text, bytes);
  if (sight_json_type(value) != SIGHT_JSON_NUMBER)
    return 0;
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, sight_json_int(value, 0));
  return name_id(walk, number, strlen(number));
}

/* The first of these members, whatever the case of its letters and whether its words are joined by "_". */
static SightJson one_of(SightJson object, const char *const *keys) {
  for (SightJsonIter it = sight_json_iter(object); sight_json_next(&it);) {
    char plain[32];
    gsize n = 0;
    for (gsize i = 0; i < it.key_bytes && n < sizeof plain - 1; i++)
      if (it.key[i] != '_' && it.key[i] != '-')
        plain[n++] = g_ascii_tolower(it.key[i]);
    plain[n] = '\0';
    for (guint i = 0; it.key_bytes < sizeof plain && keys[i] != NULL; i++)
      if (g_str_equal(plain, keys[i]))
        return it.value;
  }
  return (SightJson){0};
}

static Place place_in(Walk *walk, SightJson object, Place around) {
  static const char *const session_keys[] = {"sessionid", "session", "replayid", "recordingid", "visitid", NULL};
  static const char *const window_keys[] = {"windowid", "window", "tabid", NULL};
  guint session = value_name(walk, one_of(object, session_keys));
  guint window = value_name(walk, one_of(object, window_keys));
  return (Place){session > 0 ? session : around.session, window > 0 ? window : around.window};
}

static gboolean looks_like_json(const char *text, gsize bytes) {
  while (bytes > 0 && g_ascii_isspace(*text)) {
    text++;
    bytes--;
  }
  return bytes > 1 && strchr("[{\"", *text) != NULL && *text != '\0';
}

static gboolean parse(SightJsonParser *parser, const char *text, gsize bytes, SightJson *root) {
  return !sight_json_has_more_values(text, bytes, MAX_VALUES) &&
         sight_json_parser_parse(parser, text, bytes, root, NULL);
}

/* Parses a text inside of the text; FALSE where it is no JSON. Its values hold until the next one of this depth. */
static gboolean parse_text(Walk *walk, SightJson string, SightJson *root) {
  gsize bytes = 0;
  const char *text = sight_json_string(string, &bytes);
  if (text == NULL || walk->n_texts == MAX_TEXTS || !looks_like_json(text, bytes))
    return FALSE;
  SightJsonParser **parser = &walk->parsers[walk->n_texts + 1];
  if (*parser == NULL)
    *parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  return parse(*parser, text, bytes, root);
}

/* The number of a type, or -1. In a column it may be a text. */
static int read_type(SightJson value) {
  double number = sight_json_double(value, -1);
  gsize bytes = 0;
  const char *text = sight_json_string(value, &bytes);
  if (text != NULL && bytes == 1 && g_ascii_isdigit(text[0]))
    number = g_ascii_digit_value(text[0]);
  return number >= 0 && number <= 7 && number == floor(number) ? (int)number : -1;
}

/* An event, or a row whose columns are those of one. FALSE: it is neither. */
static gboolean take_event(Walk *walk, SightJson object, Place place) {
  static const char *const type_keys[] = {"type", "eventtype", NULL};
  static const char *const time_keys[] = {"timestamp", "eventtimestamp", "time", "ts", NULL};
  static const char *const data_keys[] = {"data", "eventdata", NULL};
  int type = read_type(one_of(object, type_keys));
  double time_ms = type >= 0 ? sight_format_time_ms(one_of(object, time_keys)) : -1;
  if (time_ms < 0)
    return FALSE;
  SightJson data = one_of(object, data_keys);
  SightJson inner = {0};
  gboolean is_compressed = sight_json_type(sight_json_get(object, "cv")) == SIGHT_JSON_STRING;
  if (!is_compressed && parse_text(walk, data, &inner))
    data = inner;
  gsize start = walk->text->len;
  SightJsonWriter writer = {.out = walk->text};
  sight_json_begin_object(&writer);
  sight_json_member_int(&writer, "type", type);
  sight_json_key(&writer, "data");
  sight_json_put_value(&writer, data);
  if (is_compressed) {
    sight_json_key(&writer, "cv");
    sight_json_put_value(&writer, sight_json_get(object, "cv"));
  }
  sight_json_key(&writer, "timestamp");
  sight_json_put_double(&writer, time_ms);
  sight_json_end_object(&writer);
  const Row row = {.start = (guint32)start,
                   .bytes = (guint32)(walk->text->len - start),
                   .time_ms = time_ms,
                   .session = place.session,
                   .window = place.window};
  g_array_append_val(walk->rows, row);
  g_hash_table_add(walk->sessions, GUINT_TO_POINTER(place.session));
  return g_hash_table_size(walk->sessions) <= MAX_SESSIONS;
}

/* Containers that have a member for each window. */
static gboolean is_by_window(const SightJsonIter *it) {
  static const char *const names[] = {"snapshotsByWindowId", "snapshots_by_window_id"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (it->key_bytes == strlen(names[i]) && memcmp(it->key, names[i], it->key_bytes) == 0)
      return TRUE;
  return FALSE;
}

static gboolean walk_object(Walk *walk, SightJson object, Place place, guint depth) {
  gboolean any = FALSE;
  place = place_in(walk, object, place);
  if (take_event(walk, object, place))
    return TRUE;
  for (SightJsonIter it = sight_json_iter(object); sight_json_next(&it);) {
    if (!is_by_window(&it)) {
      any |= walk_value(walk, it.value, place, depth + 1);
      continue;
    }
    for (SightJsonIter window = sight_json_iter(it.value); sight_json_next(&window);) {
      Place inside = {place.session, name_id(walk, window.key, window.key_bytes)};
      any |= walk_value(walk, window.value, inside, depth + 2);
    }
  }
  return any;
}

/* ["window", {event}] names the window of what follows. */
static gboolean walk_array(Walk *walk, SightJson array, Place place, guint depth) {
  gboolean any = FALSE, is_first = TRUE;
  guint window = 0;
  for (SightJsonIter it = sight_json_iter(array); sight_json_next(&it);) {
    gboolean found = walk_value(walk, it.value, (Place){place.session, window > 0 ? window : place.window}, depth + 1);
    if (is_first && !found && sight_json_type(it.value) == SIGHT_JSON_STRING)
      window = value_name(walk, it.value);
    is_first = FALSE;
    any |= found;
  }
  return any;
}

/* Whether there was an event in it. */
static gboolean walk_value(Walk *walk, SightJson value, Place place, guint depth) {
  SightJson root = {0};
  if (depth > MAX_DEPTH)
    return FALSE;
  switch (sight_json_type(value)) {
  case SIGHT_JSON_OBJECT:
    return walk_object(walk, value, place, depth);
  case SIGHT_JSON_ARRAY:
    return walk_array(walk, value, place, depth);
  case SIGHT_JSON_STRING: {
    if (!parse_text(walk, value, &root))
      return FALSE;
    walk->n_texts++;
    gboolean any = walk_value(walk, root, place, depth + 1);
    walk->n_texts--;
    return any;
  }
  case SIGHT_JSON_ABSENT:
  case SIGHT_JSON_NULL:
  case SIGHT_JSON_BOOL:
  case SIGHT_JSON_NUMBER:
    break;
  }
  return FALSE;
}

static gboolean append_piece(const char *data, gsize bytes, gpointer user_data, GError **error) {
  g_string_append_len(user_data, data, (gssize)bytes);
  return TRUE;
}

/* The text itself where it is not compressed. */
static GBytes *expand(GBytes *content, GError **error) {
  gsize bytes;
  const void *data = g_bytes_get_data(content, &bytes);
  SightCodec codec = sight_codec_guess(data, bytes);
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(SightExpander) expander = sight_expander_new(codec, MAX_TEXT_BYTES);
  g_autoptr(GError) why = NULL;
  if (codec == SIGHT_CODEC_NONE && bytes <= MAX_TEXT_BYTES)
    return g_bytes_ref(content);
  if (sight_expander_push(expander, data, bytes, append_piece, text, &why) && sight_expander_finish(expander, &why))
    return g_string_free_to_bytes(g_steal_pointer(&text));
  gboolean is_large = g_error_matches(why, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_TOO_LARGE);
  g_set_error_literal(error, SIGHT_EVENT_ERROR, is_large ? SIGHT_EVENT_ERROR_LIMIT : SIGHT_EVENT_ERROR_NOT_EVENTS,
                      why->message);
  return NULL;
}

/* One text of JSON, or several, a line each. */
static gboolean walk_text(Walk *walk, const char *text, gsize bytes) {
  SightJson root = {0};
  gboolean any = FALSE;
  const char *at = text, *end = text + bytes;
  if (bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
    at += 3;
  walk->parsers[0] = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  if (parse(walk->parsers[0], at, (gsize)(end - at), &root))
    return walk_value(walk, root, (Place){0}, 0);
  while (at < end) {
    const char *newline = memchr(at, '\n', (gsize)(end - at));
    gsize length = (gsize)((newline != NULL ? newline : end) - at);
    if (length > 0 && parse(walk->parsers[0], at, length, &root))
      any |= walk_value(walk, root, (Place){0}, 0);
    at += length + 1;
  }
  return any;
}

/* Sessions in the order of their first event, events of each in the order of time; the sort is stable. */
static int by_session_and_time(gconstpointer a, gconstpointer b, gpointer user_data) {
  const Row *x = a, *y = b;
  const guint *order = user_data;
  if (x->session != y->session)
    return order[x->session] < order[y->session] ? -1 : 1;
  if (x->time_ms != y->time_ms)
    return x->time_ms < y->time_ms ? -1 : 1;
  return x->start < y->start ? -1 : x->start > y->start;
}

static void sort_rows(Walk *walk) {
  g_autofree guint *order = g_new0(guint, walk->names->len);
  guint n_seen = 0;
  for (guint i = 0; i < walk->rows->len; i++) {
    guint *place = &order[g_array_index(walk->rows, Row, i).session];
    if (*place == 0)
      *place = ++n_seen;
  }
  /* As they mostly come; sorting takes as much again. */
  gboolean is_sorted = TRUE;
  for (guint i = 1; i < walk->rows->len && is_sorted; i++)
    is_sorted =
        by_session_and_time(&g_array_index(walk->rows, Row, i - 1), &g_array_index(walk->rows, Row, i), order) < 0;
  if (!is_sorted)
    g_array_sort_with_data(walk->rows, by_session_and_time, order);
}

static gboolean hand_on(Walk *walk, SightFormatSink *sink, SightReaderReport *report, GError **error) {
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  for (guint i = 0; i < walk->rows->len; i++) {
    const Row *row = &g_array_index(walk->rows, Row, i);
    SightEvent event;
    if (!sight_event_parser_parse(parser, walk->text->str + row->start, row->bytes, &event, NULL)) {
      report->n_rejected++;
      continue;
    }
    report->n_events++;
    if (!sight_format_sink_add(sink, &event, walk->names->pdata[row->session], walk->names->pdata[row->window], error))
      return FALSE;
  }
  return TRUE;
}

/* What a text is that has no event in it: "an object with the members “a”, “b”". */
static char *describe(const char *text, gsize bytes) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  g_autoptr(GString) out = g_string_new(NULL);
  SightJson root = {0};
  gboolean is_json = parse(parser, text, bytes, &root);
  gboolean is_array = is_json && sight_json_type(root) == SIGHT_JSON_ARRAY;
  SightJsonIter first = sight_json_iter(root);
  SightJson object = is_array && sight_json_next(&first) ? first.value : root;
  if (is_array)
    g_string_printf(out, _("an array of %lu"), (gulong)sight_json_length(root));
  if (sight_json_has_more_values(text, bytes, MAX_VALUES))
    return g_strdup_printf(_("more than %d values"), MAX_VALUES);
  if (sight_json_type(object) != SIGHT_JSON_OBJECT)
    return g_strdup(out->len > 0 ? out->str : is_json ? _("a value that is neither object nor array") : _("no JSON"));
  /* Translators: behind it stand names, in quotes */
  g_string_append(out, out->len > 0 ? _(", the first an object with the members") : _("an object with the members"));
  guint n = 0;
  for (SightJsonIter it = sight_json_iter(object); n < MAX_TOLD && sight_json_next(&it); n++)
    g_string_append_printf(out, "%s “%.*s”", n > 0 ? "," : "", (int)MIN(it.key_bytes, 40), it.key);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static SightCertainty looks_so(const char *tainted_head, gsize bytes) {
  return SIGHT_CERTAINTY_MAYBE;
}

static gboolean read_rows(GBytes *tainted_content, SightFormatSink *sink, SightReaderReport *report, GError **error) {
  SightReaderReport unread = {0};
  g_autoptr(GBytes) expanded = expand(tainted_content, error);
  gsize bytes = 0;
  if (expanded == NULL)
    return FALSE;
  const char *data = g_bytes_get_data(expanded, &bytes), *text = bytes > 0 ? data : "";
  g_auto(Walk) walk = {.text = g_string_new(NULL),
                       .rows = g_array_new(FALSE, FALSE, sizeof(Row)),
                       .names = g_ptr_array_new_with_free_func(g_free),
                       .name_ids = g_hash_table_new(sight_hash_text, g_str_equal),
                       .sessions = g_hash_table_new(NULL, NULL)};
  g_ptr_array_add(walk.names, NULL);
  if (!walk_text(&walk, text, bytes)) {
    g_autofree char *found = describe(text, bytes);
    g_set_error_literal(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_NOT_EVENTS, found);
    return FALSE;
  }
  if (walk.is_over || g_hash_table_size(walk.sessions) > MAX_SESSIONS) {
    g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT,
                walk.is_over ? _("more than %d sessions and windows") : _("more than %d sessions"),
                walk.is_over ? MAX_NAMES : MAX_SESSIONS);
    return FALSE;
  }
  drop_parsers(&walk);
  g_clear_pointer(&expanded, g_bytes_unref);
  sort_rows(&walk);
  SightReaderReport *told = report != NULL ? report : &unread;
  told->n_bytes = bytes;
  return hand_on(&walk, sink, told, error);
}

const SightFormat sight_format_rows = {N_("rows of a database, exports of other players, texts with events inside"),
                                       looks_so, read_rows};
