/* SPDX-License-Identifier: MIT */
/* Taking a digest: anybody may have written it. */
#include "sight-analysis-table.h"
#include "sight-change-table.h"
#include "sight-db.h"
#include "sight-digest-private.h"
#include "sight-digest-table.h"
#include "sight-index-table.h"
#include "sight-json.h"
#include "sight-person-table.h"
#include "sight-session-row.h"
#include "sight-text.h"
#include "sight-user.h"

#include <math.h>
#include <string.h>

#define MAX_DEPTH 8
/* A year; the clocks of visitors go anywhere, but no visit lasts longer. */
#define MAX_DURATION_MS (G_GINT64_CONSTANT(366) * 24 * 3600 * 1000)
#define MAX_TIME_MS (G_GINT64_CONSTANT(1) << 52)
#define MAX_SIGNALS 2000
#define MAX_VIEWS 2000
#define MAX_MOMENTS 30000
#define MAX_TERMS 20000
#define MAX_MEASURES 64
#define MAX_MARKS 1000
#define MAX_COUNT 1000000000
#define NAME_CHARS 200
#define TEXT_CHARS 2000
/* The rules by which it was judged elsewhere are none of ours: analysis here has an id of its own. */
#define TOLD "told"

static const char *const number_names[SIGHT_N_NUMBERS] = {
#define NAME(id, name) [SIGHT_NUMBER_##id] = name,
    SIGHT_TERM_NUMBERS(NAME)
#undef NAME
};

const char *sight_digest_number_name(int number) {
  return number_names[number];
}

int sight_digest_number(const char *tainted_name, gsize bytes) {
  for (int i = 0; i < SIGHT_N_NUMBERS; i++) {
    if (strlen(number_names[i]) == bytes && memcmp(number_names[i], tainted_name, bytes) == 0)
      return i;
  }
  return -1;
}

static SightJson element(SightJson array, gsize n) {
  SightJsonIter it = sight_json_iter(array);
  for (gsize i = 0; sight_json_next(&it); i++) {
    if (i == n)
      return it.value;
  }
  return (SightJson){0};
}

/* NULL where it is no text, or empty. */
static char *text_of(SightJson value, guint max_chars) {
  const char *tainted_text = sight_json_string(value, NULL);
  g_autofree char *text = tainted_text != NULL ? sight_text_excerpt(tainted_text, -1, max_chars) : NULL;
  return text != NULL && *text != '\0' ? g_steal_pointer(&text) : NULL;
}

static int number_of(SightJson value) {
  return (int)CLAMP(sight_json_int(value, 0), -MAX_COUNT, MAX_COUNT);
}

static int count_of(SightJson value) {
  return MAX(number_of(value), 0);
}

/* From the start of the session, inside of it. */
static gint64 time_of(SightJson value, gint64 duration_ms) {
  return CLAMP(sight_json_int(value, 0), 0, duration_ms);
}

static GArray *read_marks(SightJson list) {
  GArray *marks = g_array_new(FALSE, FALSE, sizeof(SightSessionMark));
  SightJsonIter it = sight_json_iter(list);
  while (marks->len < MAX_MARKS && sight_json_next(&it)) {
    guint16 at = (guint16)CLAMP(sight_json_int(it.value, 0), 0, G_MAXUINT16);
    const char *name = sight_json_next(&it) ? sight_json_string(it.value, NULL) : NULL;
    int kind = name != NULL ? sight_signal_kind_from_name(name) : -1;
    SightSessionMark mark = {.at = at, .kind = (guint8)kind};
    if (kind >= 0)
      g_array_append_val(marks, mark);
  }
  return marks;
}

static void read_activity(SightJson value, SightSession *session) {
  const char *tainted_text = sight_json_string(value, NULL);
  gsize bytes = 0;
  g_autofree guchar *activity = tainted_text != NULL ? g_base64_decode(tainted_text, &bytes) : NULL;
  if (activity != NULL && bytes == sizeof session->activity)
    memcpy(session->activity, activity, bytes);
}

static SightSession *read_session(const SightDigest *digest, SightJson root) {
  SightSession *session = g_new0(SightSession, 1);
  SightJson counts = sight_json_get(root, "counts"), size = sight_json_get(root, "size");
  double friction = sight_json_double(sight_json_get(root, "friction"), 0);
  session->session = g_strdup(digest->session);
  session->received_ms = digest->received_ms;
  session->started_ms = CLAMP(sight_json_int(sight_json_get(root, "started"), 0), -MAX_TIME_MS, MAX_TIME_MS);
  session->duration_ms = CLAMP(sight_json_int(sight_json_get(root, "duration"), 0), 0, MAX_DURATION_MS);
  session->friction = isfinite(friction) ? CLAMP(friction, 0, MAX_COUNT) : 0;
  session->user = text_of(sight_json_get(root, "user"), NAME_CHARS);
  session->device = text_of(sight_json_get(root, "device"), NAME_CHARS);
  session->release = text_of(sight_json_get(root, "release"), NAME_CHARS);
  session->entry = text_of(sight_json_get(root, "entry"), TEXT_CHARS);
  session->exit = text_of(sight_json_get(root, "exit"), TEXT_CHARS);
  session->notice = text_of(sight_json_get(root, "notice"), TEXT_CHARS);
  session->viewport_w = count_of(element(size, 0));
  session->viewport_h = count_of(element(size, 1));
  session->n_windows = count_of(element(counts, 0));
  session->n_pages = count_of(element(counts, 1));
  session->n_clicks = count_of(element(counts, 2));
  session->n_errors = count_of(element(counts, 3));
  session->flags = (sight_json_bool(sight_json_get(root, "partial"), FALSE) ? SIGHT_SESSION_PARTIAL : 0) |
                   (sight_json_bool(sight_json_get(root, "replayable"), TRUE) ? 0 : SIGHT_SESSION_NO_SNAPSHOT) |
                   (sight_json_bool(sight_json_get(root, "phone"), FALSE) ? SIGHT_SESSION_PHONE : 0);
  session->marks = read_marks(sight_json_get(root, "marks"));
  read_activity(sight_json_get(root, "activity"), session);
  return session;
}

static char *window_of(SightJson value) {
  const char *tainted_window = sight_json_string(value, NULL);
  return tainted_window != NULL && sight_id_is_valid(tainted_window) ? g_strdup(tainted_window) : NULL;
}

static SightSignal *read_signal(SightJson tainted_json, gint64 duration_ms) {
  SightJson parts[13] = {{0}};
  gsize n = 0;
  for (SightJsonIter it = sight_json_iter(tainted_json); n < G_N_ELEMENTS(parts) && sight_json_next(&it);)
    parts[n++] = it.value;
  const char *name = sight_json_string(parts[0], NULL);
  int kind = name != NULL ? sight_signal_kind_from_name(name) : -1;
  g_autoptr(SightSignal) signal = g_new0(SightSignal, 1);
  if (kind < 0)
    return NULL;
  signal->kind = (SightSignalKind)kind;
  signal->start_ms = time_of(parts[1], duration_ms);
  signal->end_ms = MAX(signal->start_ms, time_of(parts[2], duration_ms));
  signal->window = window_of(parts[3]);
  signal->page = text_of(parts[4], TEXT_CHARS);
  signal->node = count_of(parts[5]);
  signal->selector = text_of(parts[6], TEXT_CHARS);
  signal->target = text_of(parts[7], NAME_CHARS);
  signal->message = text_of(parts[8], TEXT_CHARS);
  signal->fingerprint = text_of(parts[9], TEXT_CHARS);
  signal->count = count_of(parts[10]);
  signal->magnitude = number_of(parts[11]);
  signal->severe = sight_json_bool(parts[12], FALSE);
  return signal->fingerprint != NULL ? g_steal_pointer(&signal) : NULL;
}

static GPtrArray *read_signals(SightJson list, SightSession *session) {
  g_autoptr(GPtrArray) signals = g_ptr_array_new_with_free_func((GDestroyNotify)sight_signal_free);
  gint64 last_ms = 0;
  SightJsonIter it = sight_json_iter(list);
  while (sight_json_next(&it)) {
    SightSignal *signal = read_signal(it.value, session->duration_ms);
    if (signal != NULL)
      g_ptr_array_add(signals, signal);
    if (signal == NULL || signal->start_ms < last_ms || signals->len > MAX_SIGNALS)
      return NULL;
    last_ms = signal->start_ms;
    session->flags |= sight_session_flag_of_signal(signal->kind);
  }
  session->n_signals = (int)signals->len;
  return g_steal_pointer(&signals);
}

static GPtrArray *read_pages(SightJson list, gint64 duration_ms) {
  g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func((GDestroyNotify)sight_page_view_free);
  gint64 last_ms = 0;
  SightJsonIter it = sight_json_iter(list);
  while (sight_json_next(&it)) {
    SightPageView *view = g_new0(SightPageView, 1);
    g_ptr_array_add(pages, view);
    view->page = text_of(element(it.value, 0), TEXT_CHARS);
    view->url = text_of(element(it.value, 1), TEXT_CHARS);
    view->window = window_of(element(it.value, 2));
    view->start_ms = time_of(element(it.value, 3), duration_ms);
    view->end_ms = MAX(view->start_ms, time_of(element(it.value, 4), duration_ms));
    if (view->page == NULL || view->window == NULL || view->start_ms < last_ms || pages->len > MAX_VIEWS)
      return NULL;
    last_ms = view->start_ms;
  }
  return g_steal_pointer(&pages);
}

static int field_of(const char *name, gsize bytes) {
  for (int field = 0; field < SIGHT_N_TERM_FIELDS; field++) {
    const char *known = sight_term_field_info((SightTermField)field)->name;
    if (strlen(known) == bytes && memcmp(known, name, bytes) == 0)
      return sight_digest_carries((SightTermField)field) ? field : -1;
  }
  return -1;
}

/* The place of each of its terms in the occurrences, as it counts them; of those that this version does not know, or
 * that find no room: SIGHT_NO_TERM. */
static GArray *read_terms(SightJson object, SightOccurrences *occurrences) {
  g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(guint));
  SightJsonIter fields = sight_json_iter(object);
  while (sight_json_next(&fields)) {
    int field = field_of(fields.key, fields.key_bytes);
    SightJsonIter values = sight_json_iter(fields.value);
    while (sight_json_next(&values)) {
      g_autofree char *value = field >= 0 ? text_of(values.value, NAME_CHARS) : NULL;
      gboolean empty = field >= 0 && value == NULL && sight_json_type(values.value) == SIGHT_JSON_STRING;
      guint place = value != NULL || empty
                        ? sight_occurrences_term(occurrences, (SightTermField)field, value != NULL ? value : "")
                        : SIGHT_NO_TERM;
      if (places->len >= MAX_TERMS)
        return NULL;
      g_array_append_val(places, place);
    }
  }
  return g_steal_pointer(&places);
}

/* FALSE where it refers to what is not there. */
static gboolean read_moment(SightJson tainted_json, const GArray *places, guint n_views, gint64 duration_ms,
                            SightOccurrences *occurrences) {
  int rest[3 + MAX_MEASURES] = {0, 1, 0};
  guint n = 0, n_rest = 0;
  SightJson parts[4] = {{0}};
  SightJsonIter it = sight_json_iter(tainted_json);
  for (; n < G_N_ELEMENTS(parts) && sight_json_next(&it); n++)
    parts[n] = it.value;
  while (n_rest < G_N_ELEMENTS(rest) && sight_json_next(&it))
    rest[n_rest++] = number_of(it.value);
  SightOccurrence *moment = NULL;
  gint64 start_ms = time_of(parts[0], duration_ms);
  gint64 end_ms = MIN(start_ms + time_of(parts[1], duration_ms), duration_ms);
  gint64 view = sight_json_int(parts[2], -1);
  gboolean first = TRUE;
  if (view < -1 || view >= (gint64)n_views || sight_json_length(parts[3]) == 0)
    return FALSE;
  for (SightJsonIter terms = sight_json_iter(parts[3]); sight_json_next(&terms); first = FALSE) {
    gint64 term = sight_json_int(terms.value, -1);
    if (term < 0 || term >= places->len)
      return FALSE;
    guint place = g_array_index(places, guint, term);
    if (!first)
      sight_occurrences_also(occurrences, place);
    else if ((moment = sight_occurrences_moment(occurrences, place, start_ms, end_ms)) == NULL)
      return TRUE;
  }
  moment->view = (int)view;
  moment->severe = rest[0] != 0;
  moment->count = rest[1];
  moment->amount = rest[2];
  if (n_rest > 3)
    sight_occurrences_measure(occurrences, rest + 3, n_rest - 3);
  return TRUE;
}

static SightOccurrences *read_occurrences(SightJson root, guint n_views, gint64 duration_ms) {
  g_autoptr(SightOccurrences) occurrences = sight_occurrences_new();
  g_autoptr(GArray) places = read_terms(sight_json_get(root, "terms"), occurrences);
  SightJson moments = sight_json_get(root, "moments");
  if (places == NULL || sight_json_length(moments) > MAX_MOMENTS)
    return NULL;
  for (SightJsonIter it = sight_json_iter(moments); sight_json_next(&it);) {
    if (!read_moment(it.value, places, n_views, duration_ms, occurrences))
      return NULL;
  }
  for (SightJsonIter it = sight_json_iter(sight_json_get(root, "numbers")); sight_json_next(&it);) {
    int number = sight_digest_number(it.key, it.key_bytes);
    if (number >= 0)
      sight_occurrences_number(occurrences, (SightNumber)number, sight_json_int(it.value, 0));
  }
  for (SightJsonIter it = sight_json_iter(sight_json_get(root, "left_out")); sight_json_next(&it);) {
    int field = field_of(it.key, it.key_bytes);
    if (field >= 0)
      occurrences->left_out[field] = (guint)count_of(it.value);
  }
  return g_steal_pointer(&occurrences);
}

/* Everybody whom it names can be erased by name, as where the recording is here. */
static gboolean note_persons(SightDb *db, gint64 row, const SightSession *session, const SightOccurrences *occurrences,
                             GError **error) {
  g_autoptr(GPtrArray) users = g_ptr_array_new();
  SightBatch batch = {.users = users};
  if (session->user != NULL)
    g_ptr_array_add(users, session->user);
  for (guint i = 0; i < occurrences->terms->len; i++) {
    const SightTerm *term = &g_array_index(occurrences->terms, SightTerm, i);
    if (term->field == SIGHT_TERM_USER && g_strcmp0(term->value, session->user) != 0)
      g_ptr_array_add(users, term->value);
  }
  return sight_person_table_note(db, row, &batch, error);
}

static gboolean mark_told(SightDb *db, gint64 row, gint64 received_ms, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_SET_TOLD, error);
  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_int(statement, 2, received_ms);
  return sight_statement_run(statement, error);
}

typedef struct {
  SightSession *session;
  GPtrArray *signals, *pages;
  SightOccurrences *occurrences;
} Told;

static void told_clear(Told *told) {
  sight_session_free(told->session);
  g_clear_pointer(&told->signals, g_ptr_array_unref);
  g_clear_pointer(&told->pages, g_ptr_array_unref);
  sight_occurrences_free(told->occurrences);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Told, told_clear)

/* What makes no sense, or NULL. */
static const char *read_text(const SightDigest *digest, Told *told) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(MAX_DEPTH);
  SightJson root = {0};
  gsize bytes = 0;
  const char *tainted_text = g_bytes_get_data(digest->text, &bytes);
  if (bytes > SIGHT_DIGEST_MAX_BYTES || !sight_json_parser_parse(parser, tainted_text, bytes, &root, NULL))
    return "it is no JSON";
  told->session = read_session(digest, root);
  told->signals = read_signals(sight_json_get(root, "signals"), told->session);
  if (told->signals == NULL)
    return "its signals";
  told->pages = read_pages(sight_json_get(root, "pages"), told->session->duration_ms);
  if (told->pages == NULL)
    return "its pages";
  told->occurrences = read_occurrences(root, told->pages->len, told->session->duration_ms);
  return told->occurrences == NULL ? "its terms and moments" : NULL;
}

static gboolean store(SightDb *db, gint64 endpoint, gint64 row, Told *told, int version, GError **error) {
  told->session->row = row;
  return sight_analysis_table_save(db, told->session, sight_analysis_table_revision(db, row, NULL), TOLD, version,
                                   told->signals, told->pages, error) &&
         sight_index_table_save(db, row, endpoint, told->occurrences, error) &&
         note_persons(db, row, told->session, told->occurrences, error) &&
         mark_told(db, row, told->session->received_ms, error);
}

gboolean sight_digest_take(SightDb *db, gint64 endpoint, const SightDigest *digest, gint64 *row, gboolean *taken,
                           const char **problem, GError **error) {
  gboolean erased = FALSE, here = FALSE;
  g_auto(Told) told = {0};
  *taken = FALSE;
  *problem = NULL;
  *row = sight_session_row_find(db, endpoint, digest->session, error);
  if (*row < 0 || !sight_change_table_is_erased(db, endpoint, digest->session, &erased, error) ||
      (*row > 0 && !sight_digest_table_is_here(db, *row, &here, error)))
    return FALSE;
  if (erased || here)
    return TRUE;
  *problem = read_text(digest, &told);
  if (*problem != NULL)
    return TRUE;
  *row = sight_session_row_ensure(db, endpoint, digest->session, told.session->started_ms, digest->received_ms, error);
  *taken = TRUE;
  return *row > 0 && store(db, endpoint, *row, &told, digest->version, error) &&
         sight_digest_table_note(db, *row, endpoint, digest, error);
}
