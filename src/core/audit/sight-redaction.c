/* SPDX-License-Identifier: MIT */
/* What is to be masked, and the masked events. */
#include "sight-redaction.h"

#include "sight-event-reader.h"
#include "sight-hash.h"
#include "sight-json-writer.h"
#include "sight-redaction-match.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LEAST_CHARS 2
/* Numbers of so many digits are looked for without their separators as well. */
#define LEAST_DIGITS 8
/* Of shorter texts too little is left in base64 that does not depend on what stands around. */
#define LEAST_BASE64 6

/* What comparing with what is looked for may cost; beyond that all of a string is masked. */
#define WORK_AT_FIRST (1000 * 1000)
#define WORK_OF_BYTE 200

struct SightRedaction {
  gboolean kinds[SIGHT_N_AUDIT_KINDS];
  GPtrArray *rules;  /* of SightSelector */
  GHashTable *texts; /* that were found or named */
  GHashTable *nodes; /* fields that are masked as a whole, with their window */
  int window;
  GPtrArray *typed; /* values that such fields had, in order once `sorted` */
  gboolean sorted;
  SightForms *forms;  /* the texts */
  SightForms *base64; /* their letters in it, that do not depend on what stands around */
  SightForms *wide;   /* in UTF-16, either way round */
  SightAuditPass *pass;
  GString *out;
  gboolean whole; /* the event is typing into a masked field */
  gboolean free;  /* the event is none of those that make the page */
  gboolean named; /* and an application's own: its names and numbers may be anything */
  gboolean left;  /* something stayed in a string, a name or a number */
};

SightRedaction *sight_redaction_new(void) {
  SightRedaction *redaction = g_new0(SightRedaction, 1);

  redaction->rules = g_ptr_array_new_with_free_func((GDestroyNotify)sight_selector_free);
  redaction->texts = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  redaction->nodes = g_hash_table_new(sight_hash_number, NULL);
  redaction->typed = g_ptr_array_new_with_free_func(g_free);
  redaction->forms = sight_forms_new(FALSE);
  redaction->base64 = sight_forms_new(TRUE);
  redaction->wide = sight_forms_new(TRUE);
  return redaction;
}

void sight_redaction_free(SightRedaction *redaction) {
  if (redaction == NULL)
    return;
  sight_audit_pass_free(redaction->pass);
  g_ptr_array_unref(redaction->rules);
  g_hash_table_unref(redaction->texts);
  g_hash_table_unref(redaction->nodes);
  g_ptr_array_unref(redaction->typed);
  sight_forms_free(redaction->forms);
  sight_forms_free(redaction->base64);
  sight_forms_free(redaction->wide);
  g_free(redaction);
}

void sight_redaction_add_kind(SightRedaction *redaction, SightAuditKind kind) {
  redaction->kinds[kind] = TRUE;
}

void sight_redaction_add_all_kinds(SightRedaction *redaction) {
  for (int kind = 0; kind < SIGHT_N_AUDIT_KINDS; kind++)
    redaction->kinds[kind] = TRUE;
}

gboolean sight_redaction_add_selector(SightRedaction *redaction, const char *selector, GError **error) {
  SightSelector *rule = sight_selector_new(selector, error);

  if (rule == NULL)
    return FALSE;
  g_ptr_array_add(redaction->rules, rule);
  return TRUE;
}

guint sight_redaction_n(const SightRedaction *redaction) {
  return g_hash_table_size(redaction->texts);
}

/* Forms */

/* The letters of base64 that are the same whatever stands before and after, where `before` bytes stand before it. */
static char *as_base64(const char *text, gsize before) {
  gsize bytes = strlen(text), whole = (before + bytes) / 3 * 3;
  g_autofree guchar *padded = g_malloc0(before + bytes);
  gsize skipped = before > 0 ? 4 : 0;

  memcpy(padded + before, text, bytes);
  g_autofree char *coded = g_base64_encode(padded, whole);
  return g_strdup(strlen(coded) > skipped ? coded + skipped : "");
}

static void add_base64(SightRedaction *redaction, const char *text) {
  for (gsize before = 0; before < 3 && strlen(text) >= LEAST_BASE64; before++) {
    g_autofree char *coded = as_base64(text, before);
    g_autofree char *other = g_strdelimit(g_strdelimit(g_strdup(coded), "+", '-'), "/", '_');
    sight_forms_add(redaction->base64, coded, strlen(coded));
    if (!g_str_equal(coded, other))
      sight_forms_add(redaction->base64, other, strlen(other));
  }
}

static void add_wide(SightRedaction *redaction, const char *text) {
  glong n = 0;
  g_autofree gunichar2 *wide = g_utf8_to_utf16(text, -1, NULL, &n, NULL);

  for (int order = 0; wide != NULL && order < 2; order++) {
    sight_forms_add(redaction->wide, (const char *)wide, (gsize)n * sizeof *wide);
    for (glong i = 0; i < n; i++)
      wide[i] = GUINT16_SWAP_LE_BE(wide[i]);
  }
}

static gboolean remember(SightRedaction *redaction, const char *text) {
  if (g_utf8_strlen(text, -1) < LEAST_CHARS || !g_utf8_validate(text, -1, NULL))
    return FALSE;
  if (g_hash_table_add(redaction->texts, g_strdup(text))) {
    sight_forms_add(redaction->forms, text, strlen(text));
    add_base64(redaction, text);
    add_wide(redaction, text);
  }
  return TRUE;
}

/* A number in other groups is the same number. */
static void remember_digits(SightRedaction *redaction, const char *text) {
  g_autoptr(GString) digits = g_string_new(NULL);

  for (const char *at = text; *at != '\0'; at++) {
    if (g_ascii_isalnum(*at))
      g_string_append_c(digits, *at);
    else if (strchr(" -./()+", *at) == NULL)
      return;
  }
  if (digits->len >= LEAST_DIGITS && strpbrk(digits->str, "0123456789") != NULL)
    remember(redaction, digits->str);
}

/* Whether it stood in a field on the way to what was typed: the whole value of a field alone, for it may be a letter.
 * In order, values that begin with a text follow it at once. */
static gboolean is_beginning(const SightRedaction *redaction, const char *text) {
  guint low = 0, high = redaction->typed->len;

  while (low < high) {
    guint middle = (low + high) / 2;
    if (strcmp(redaction->typed->pdata[middle], text) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return text[0] != '\0' && low < redaction->typed->len && g_str_has_prefix(redaction->typed->pdata[low], text);
}

gboolean sight_redaction_add_text(SightRedaction *redaction, const char *text) {
  gboolean added = remember(redaction, text);

  if (added)
    remember_digits(redaction, text);
  return added;
}

static gboolean add_named_kind(SightRedaction *redaction, const char *name) {
  for (int kind = 0; kind < SIGHT_N_AUDIT_KINDS; kind++) {
    if (g_str_equal(sight_audit_kind_name((SightAuditKind)kind), name)) {
      sight_redaction_add_kind(redaction, (SightAuditKind)kind);
      return TRUE;
    }
  }
  return FALSE;
}

SightRedaction *sight_redaction_new_of(const char *const *masks, gboolean all_kinds, GError **error) {
  g_autoptr(SightRedaction) redaction = sight_redaction_new();

  if (all_kinds)
    sight_redaction_add_all_kinds(redaction);
  for (guint i = 0; masks != NULL && masks[i] != NULL; i++) {
    if (add_named_kind(redaction, masks[i]) || sight_redaction_add_text(redaction, masks[i]))
      continue;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("“%s” is too short to be masked"), masks[i]);
    return NULL;
  }
  return g_steal_pointer(&redaction);
}

/* Searching */

static int by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_typed(SightRedaction *redaction) {
  if (!redaction->sorted)
    g_ptr_array_sort(redaction->typed, by_text);
  redaction->sorted = TRUE;
}

static gint64 work_for(gsize bytes) {
  return WORK_AT_FIRST + WORK_OF_BYTE * (gint64)bytes;
}

/* Covers every place in `to`, a copy of `text`, at which one of the forms stands, also where two of them overlap. */
static void cover(SightForms *forms, const char *text, gsize bytes, char *to, char with) {
  const char *at = text, *end = text + bytes, *covered = text;
  gint64 work = work_for(bytes);

  for (; at < end && work > 0; at++) {
    const char *behind = sight_forms_at(forms, at, end, NULL, &work);
    const char *from = MAX(at, covered);
    if (behind == NULL || behind <= from)
      continue;
    memset(to + (from - text), with, (gsize)(behind - from));
    covered = behind;
  }
  if (work <= 0)
    memset(to, '*', bytes);
}

static void mask(const SightRedaction *redaction, char *text, gsize bytes) {
  g_autofree char *original = g_memdup2(text, bytes);

  cover(redaction->forms, original, bytes, text, '*');
  cover(redaction->base64, original, bytes, text, 'A');
}

static gboolean is_one_in(SightForms *forms, const char *text, gsize bytes, SightFormFunc counts) {
  gint64 work = work_for(bytes);

  for (const char *at = text; at < text + bytes && work > 0; at++) {
    if (sight_forms_at(forms, at, text + bytes, counts, &work) != NULL)
      return TRUE;
  }
  return work <= 0;
}

gboolean sight_redaction_is_in(const SightRedaction *redaction, const char *data, gsize bytes) {
  return is_one_in(redaction->forms, data, bytes, NULL) || is_one_in(redaction->base64, data, bytes, NULL) ||
         is_one_in(redaction->wide, data, bytes, NULL);
}

char *sight_redaction_text(SightRedaction *redaction, const char *text) {
  char *copy = g_strdup(text);

  mask(redaction, copy, strlen(copy));
  return copy;
}

/* Events */

/* Node ids are unique only within a window. */
static gpointer node_key(const SightRedaction *redaction, int node) {
  return GSIZE_TO_POINTER((gsize)redaction->window << 32 | (gsize)(guint32)node);
}

static void note(const SightAuditFound *found, gpointer data) {
  SightRedaction *redaction = data;

  gboolean anything = found->kind == SIGHT_AUDIT_ANYTHING;

  if (anything ? strspn(found->text, "*") == strlen(found->text) : !redaction->kinds[found->kind])
    return;
  sight_redaction_add_text(redaction, found->text);
  if (found->place != SIGHT_AUDIT_PLACE_INPUT)
    return;
  g_hash_table_add(redaction->nodes, node_key(redaction, found->node));
  g_ptr_array_add(redaction->typed, g_strdup(found->text));
  redaction->sorted = FALSE;
}

static gboolean look_at_event(const SightEvent *event, const char *tainted_window, gpointer data, GError **error) {
  sight_audit_pass_event(((SightRedaction *)data)->pass, event);
  return TRUE;
}

/* The masked event */

static void put_masked(SightRedaction *redaction, SightJsonWriter *w, const char *text, gsize bytes) {
  g_autofree char *copy = g_memdup2(text, bytes + 1);

  mask(redaction, copy, bytes);
  redaction->left |= sight_redaction_is_in(redaction, copy, bytes);
  sight_json_put_string_len(w, copy, bytes);
}

static void put_stars(SightJsonWriter *w, const char *text) {
  g_autofree char *stars = g_strnfill((gsize)g_utf8_strlen(text, -1), '*');

  sight_json_put_string(w, stars);
}

static void put_string(SightRedaction *redaction, SightJsonWriter *w, const char *key, SightJson value) {
  gsize bytes = 0;
  const char *text = sight_json_string(value, &bytes);

  /* The name of an element is no text. */
  if (g_strcmp0(key, "tagName") == 0)
    sight_json_put_value(w, value);
  else if ((g_strcmp0(key, "value") == 0 && is_beginning(redaction, text)) ||
           (g_strcmp0(key, "text") == 0 && redaction->whole))
    put_stars(w, text);
  else
    put_masked(redaction, w, text, bytes);
}

/* Names of rrweb and of ours are words of these letters, which somebody may want to be masked in texts. */
static gboolean is_no_word(const char *text, gsize bytes) {
  for (gsize i = 0; i < bytes; i++) {
    if (!g_ascii_isalpha(text[i]) && text[i] != '_' && text[i] != '-')
      return TRUE;
  }
  return FALSE;
}

/* Some digits stand in coordinates by chance. */
static gboolean is_long(const char *text, gsize bytes) {
  return bytes >= LEAST_DIGITS;
}

/* The name of a member is masked where a name may be anything; where it means something to the player, such an event is
 * not given away. */
static void put_name(SightRedaction *redaction, SightJsonWriter *w, const char *name, gsize bytes, gboolean named) {
  if (!is_one_in(redaction->forms, name, bytes, named ? NULL : is_no_word) &&
      !(named && is_one_in(redaction->base64, name, bytes, NULL))) {
    sight_json_key_len(w, name, bytes);
    return;
  }
  g_autofree char *copy = g_strndup(name, bytes);
  mask(redaction, copy, bytes);
  redaction->left |= !redaction->free;
  sight_json_key_len(w, copy, bytes);
}

/* The same for a number, which becomes a text. */
static void put_number(SightRedaction *redaction, SightJsonWriter *w, SightJson value) {
  g_autoptr(GString) text = g_string_new(NULL);
  SightJsonWriter own = {.out = text};

  sight_json_put_value(&own, value);
  if (!is_one_in(redaction->forms, text->str, text->len, redaction->named ? NULL : is_long) &&
      !is_one_in(redaction->base64, text->str, text->len, redaction->named ? NULL : is_long)) {
    sight_json_put_raw(w, text->str, text->len);
    return;
  }
  redaction->left |= !redaction->free;
  put_masked(redaction, w, text->str, text->len);
}

typedef struct {
  SightJsonIter iter;
  gboolean object;
} Level;

static void begin(SightJsonWriter *w, GArray *levels, SightJson value) {
  Level level = {sight_json_iter(value), sight_json_type(value) == SIGHT_JSON_OBJECT};

  if (level.object)
    sight_json_begin_object(w);
  else
    sight_json_begin_array(w);
  g_array_append_val(levels, level);
}

/* A container with everything in it masked. No recursion on depth. */
static void put_container(SightRedaction *redaction, SightJsonWriter *w, SightJson value) {
  g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(Level));

  begin(w, levels, value);
  while (levels->len > 0) {
    Level *level = &g_array_index(levels, Level, levels->len - 1);
    if (!sight_json_next(&level->iter)) {
      if (level->object)
        sight_json_end_object(w);
      else
        sight_json_end_array(w);
      g_array_set_size(levels, levels->len - 1);
      continue;
    }
    SightJsonType type = sight_json_type(level->iter.value);
    if (level->object)
      put_name(redaction, w, level->iter.key, level->iter.key_bytes, redaction->named && levels->len > 1);
    if (type == SIGHT_JSON_STRING)
      put_string(redaction, w, level->iter.key, level->iter.value);
    else if (type == SIGHT_JSON_OBJECT || type == SIGHT_JSON_ARRAY)
      begin(w, levels, level->iter.value);
    else if (type == SIGHT_JSON_NUMBER)
      put_number(redaction, w, level->iter.value);
    else
      sight_json_put_value(w, level->iter.value);
  }
}

static gboolean copy_event(const SightEvent *event, const char *tainted_window, gpointer data, GError **error) {
  SightRedaction *redaction = data;
  gint64 node = sight_json_int(sight_json_get(event->data, "id"), 0);
  SightJsonType type = sight_json_type(event->data);
  SightJsonWriter w = {.out = redaction->out};

  redaction->whole = event->source == SIGHT_SOURCE_INPUT && node > 0 && node <= G_MAXINT &&
                     g_hash_table_contains(redaction->nodes, node_key(redaction, (int)node));
  const char *tag = sight_json_string(sight_json_get(event->data, "tag"), NULL);
  redaction->free = event->type == SIGHT_EVENT_CUSTOM || event->type == SIGHT_EVENT_PLUGIN;
  redaction->named = event->type == SIGHT_EVENT_CUSTOM && (tag == NULL || !g_str_has_prefix(tag, "ss:"));
  if (redaction->out->len > 1)
    g_string_append_c(redaction->out, ',');
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "type", event->type);
  sight_json_member_int(&w, "timestamp", event->time_ms);
  if (type == SIGHT_JSON_OBJECT || type == SIGHT_JSON_ARRAY) {
    sight_json_key(&w, "data");
    put_container(redaction, &w, event->data);
  }
  sight_json_end_object(&w);
  return TRUE;
}

static gboolean each_event(SightRedaction *redaction, const char *events, gsize bytes, SightReaderFunc func,
                           GError **error) {
  /* They were read before, and are ours. */
  const SightReaderLimits limits = {.max_bytes = G_MAXUINT64, .max_event_bytes = G_MAXINT32, .max_events = G_MAXUINT64};

  return bytes <= 2 || sight_event_read_bytes(events, bytes, &limits, func, redaction, NULL, error);
}

void sight_redaction_begin_window(SightRedaction *redaction, int window) {
  g_clear_pointer(&redaction->pass, sight_audit_pass_free);
  redaction->pass = sight_audit_pass_new(note, redaction);
  sight_audit_pass_set_rules(redaction->pass, redaction->rules, TRUE);
  redaction->window = window;
}

gboolean sight_redaction_learn(SightRedaction *redaction, const char *events, gsize bytes, GError **error) {
  return each_event(redaction, events, bytes, look_at_event, error);
}

void sight_redaction_learn_text(SightRedaction *redaction, const char *text) {
  g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));

  if (text != NULL)
    sight_audit_text(text, strlen(text), NULL, hits);
  for (guint i = 0; i < hits->len; i++) {
    const SightAuditHit *hit = &g_array_index(hits, SightAuditHit, i);
    g_autofree char *found = g_strndup(text + hit->start, hit->end - hit->start);
    if (redaction->kinds[hit->kind])
      sight_redaction_add_text(redaction, found);
  }
}

gboolean sight_redaction_mask(SightRedaction *redaction, const char *events, gsize bytes, GString *out,
                              GError **error) {
  g_autoptr(GString) masked = g_string_new("[");

  sort_typed(redaction);
  redaction->out = masked;
  gboolean done = each_event(redaction, events, bytes, copy_event, error);
  redaction->out = NULL;
  g_string_append_c(masked, ']');
  if (done)
    g_string_append_len(out, masked->str, (gssize)masked->len);
  return done;
}

gboolean sight_redaction_is_clean(const SightRedaction *redaction, guint n_before, GError **error) {
  if (!redaction->left && sight_redaction_n(redaction) == n_before)
    return TRUE;
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                      _("Something private is left that could not be masked; nothing was written"));
  return FALSE;
}

gboolean sight_redaction_apply(SightRedaction *redaction, GString *events, GError **error) {
  g_autoptr(GString) out = g_string_new(NULL);

  redaction->left = FALSE;
  sight_redaction_begin_window(redaction, 0);
  if (!sight_redaction_learn(redaction, events->str, events->len, error))
    return FALSE;
  guint n = sight_redaction_n(redaction);
  if (!sight_redaction_mask(redaction, events->str, events->len, out, error))
    return FALSE;
  sight_redaction_begin_window(redaction, 0);
  if (!sight_redaction_learn(redaction, out->str, out->len, error) || !sight_redaction_is_clean(redaction, n, error))
    return FALSE;
  g_string_assign(events, out->str);
  return TRUE;
}
