/* SPDX-License-Identifier: MIT */
/* One character at a time, decoded where it stands. */
#include "sight-redaction-match.h"

#include <string.h>

/* Alternatives (a % may be itself or begin an escape) are followed so deep. */
#define MAX_CHOICES 64

/* Behind %XX, or %25XX and so on; NULL: none. */
static const char *percent(const char *at, const char *end, gunichar *c) {
  if (at >= end || *at != '%')
    return NULL;
  at++;
  while (end - at >= 2 && at[0] == '2' && at[1] == '5' && end - at >= 4 && g_ascii_isxdigit(at[2]) &&
         g_ascii_isxdigit(at[3]))
    at += 2;
  if (end - at < 2 || !g_ascii_isxdigit(at[0]) || !g_ascii_isxdigit(at[1]))
    return NULL;
  *c = (gunichar)(g_ascii_xdigit_value(at[0]) * 16 + g_ascii_xdigit_value(at[1]));
  return at + 2;
}

static const char *reference(const char *at, const char *end, gunichar *c) {
  static const struct {
    const char *name;
    char c;
  } names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}};
  int base = 10;

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    gsize bytes = strlen(names[i].name);
    if ((gsize)(end - at) >= bytes && memcmp(at, names[i].name, bytes) == 0) {
      *c = (gunichar)names[i].c;
      return at + bytes;
    }
  }
  if (end - at < 4 || at[1] != '#')
    return NULL;
  at += 2;
  if (*at == 'x' || *at == 'X') {
    base = 16;
    at++;
  }
  *c = 0;
  for (int i = 0; at < end && i < 8 && (base == 16 ? g_ascii_isxdigit(*at) : g_ascii_isdigit(*at)); i++, at++)
    *c = *c * (gunichar)base + (gunichar)g_ascii_xdigit_value(*at);
  return at < end && *at == ';' && *c > 0 && *c < 0x110000 ? at + 1 : NULL;
}

/* Behind \n, \u00e9 or \" with as many backslashes as the levels of JSON ask for. */
static const char *escape(const char *at, const char *end, gunichar *c) {
  const char *letters = "nrtbf/\"\\", *meanings = "\n\r\t\b\f/\"\\";
  const char *first = at;

  while (at < end && *at == '\\')
    at++;
  if (at == end || at == first)
    return NULL;
  if (*at == 'u' && end - at >= 5) {
    *c = 0;
    for (int i = 1; i < 5; i++) {
      if (!g_ascii_isxdigit(at[i]))
        return NULL;
      *c = *c * 16 + (gunichar)g_ascii_xdigit_value(at[i]);
    }
    return at + 5;
  }
  const char *found = strchr(letters, *at);
  if (found == NULL || *at == '\0')
    return NULL;
  *c = (gunichar)meanings[found - letters];
  return at + 1;
}

/* Behind several backslashes that stand for one; NULL: none. */
static const char *backslashes(const char *at, const char *end) {
  const char *first = at;

  while (at < end && *at == '\\')
    at++;
  return at - first > 1 ? at : NULL;
}

/* Texts that are looked for together: in the order of their bytes, those that begin alike stand side by side, and each
 * character leaves a smaller range of them. */

typedef struct {
  char *text;
  gsize bytes;
} Form;

struct SightForms {
  gboolean exact, sorted;
  GArray *forms;        /* of Form; ASCII in small letters unless `exact` */
  gboolean begins[256]; /* whether one of them begins so */
};

typedef struct {
  const SightForms *forms;
  const char *end, *best;
  SightFormFunc counts;
  gint64 *work;
  guint n_choices;
} Walk;

/* The forms from `low` to before `high` have the same `depth` bytes, which end at `at`. */
typedef struct {
  guint low, high;
  gsize depth;
  const char *at;
} State;

static void form_clear(gpointer data) {
  g_free(((Form *)data)->text);
}

SightForms *sight_forms_new(gboolean exact) {
  SightForms *forms = g_new0(SightForms, 1);

  forms->exact = exact;
  forms->forms = g_array_new(FALSE, FALSE, sizeof(Form));
  g_array_set_clear_func(forms->forms, form_clear);
  return forms;
}

void sight_forms_free(SightForms *forms) {
  if (forms == NULL)
    return;
  g_array_unref(forms->forms);
  g_free(forms);
}

void sight_forms_add(SightForms *forms, const char *text, gsize bytes) {
  Form form = {g_memdup2(text, bytes), bytes};

  if (bytes == 0)
    return;
  for (gsize i = 0; i < bytes && !forms->exact; i++)
    form.text[i] = g_ascii_tolower(form.text[i]);
  forms->begins[(guchar)form.text[0]] = TRUE;
  g_array_append_val(forms->forms, form);
  forms->sorted = FALSE;
}

static int by_bytes(gconstpointer a, gconstpointer b) {
  const Form *x = a, *y = b;
  int order = memcmp(x->text, y->text, MIN(x->bytes, y->bytes));

  return order != 0 ? order : (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

/* The first form of the range whose next byte is at least this one. */
static guint first_with(const SightForms *forms, const State *state, int byte) {
  guint low = state->low, high = state->high;

  while (low < high) {
    guint middle = (low + high) / 2;
    const Form *form = &g_array_index(forms->forms, Form, middle);
    int next = form->bytes > state->depth ? (guchar)form->text[state->depth] : -1;
    if (next < byte)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* FALSE where none of them goes on so. */
static gboolean narrow(const Walk *walk, State *state, guchar byte) {
  (*walk->work)--;
  state->low = first_with(walk->forms, state, byte);
  state->high = first_with(walk->forms, state, byte + 1);
  state->depth++;
  return state->low < state->high;
}

static gboolean narrow_by(const Walk *walk, State *state, gunichar c, const char *behind) {
  char bytes[6];
  int n = g_unichar_to_utf8(c, bytes);

  state->at = behind;
  for (int i = 0; i < n; i++) {
    if (!narrow(walk, state, (guchar)g_ascii_tolower(bytes[i])))
      return FALSE;
  }
  return TRUE;
}

/* What stands at `at` in another way than as itself; FALSE: nothing that goes on. */
static gboolean decode(const Walk *walk, State *state) {
  const char *at = state->at, *behind = NULL;
  gunichar c = 0;

  if (*at == '+') {
    state->at++;
    return narrow(walk, state, ' ');
  }
  if (*at == '%') {
    /* Of a character of several bytes each is one of these. */
    state->at = percent(at, walk->end, &c);
    return state->at != NULL && narrow(walk, state, (guchar)(c < 128 ? (guchar)g_ascii_tolower((char)c) : c));
  }
  if (*at == '&')
    behind = reference(at, walk->end, &c);
  else if (*at == '\\')
    behind = escape(at, walk->end, &c);
  return behind != NULL && narrow_by(walk, state, c, behind);
}

static gboolean pass_backslashes(const Walk *walk, State *state) {
  state->at = *state->at == '\\' ? backslashes(state->at, walk->end) : NULL;
  return state->at != NULL && narrow(walk, state, '\\');
}

/* All that can stand there is followed, as itself first. */
static void follow(Walk *walk, State state) {
  while (*walk->work > 0) {
    const Form *form = &g_array_index(walk->forms->forms, Form, state.low);
    if (form->bytes == state.depth && state.at > walk->best &&
        (walk->counts == NULL || walk->counts(form->text, form->bytes)))
      walk->best = state.at;
    if (state.at >= walk->end)
      return;
    State plain = state, decoded = state, fewer = state;
    guchar byte = (guchar)*state.at;
    plain.at++;
    gboolean goes_on = narrow(walk, &plain, walk->forms->exact ? byte : (guchar)g_ascii_tolower((char)byte));
    if (!walk->forms->exact && strchr("+%&\\", byte) != NULL && byte != '\0' && walk->n_choices < MAX_CHOICES) {
      walk->n_choices++;
      if (decode(walk, &decoded))
        follow(walk, decoded);
      if (pass_backslashes(walk, &fewer))
        follow(walk, fewer);
    }
    if (!goes_on)
      return;
    state = plain;
  }
}

const char *sight_forms_at(SightForms *forms, const char *at, const char *end, SightFormFunc counts, gint64 *work) {
  Walk walk = {forms, end, at, counts, work, 0};
  gboolean coded = !forms->exact && (*at == '%' || *at == '&' || *at == '\\' || (*at == '+' && forms->begins[' ']));

  if (forms->forms->len == 0 || (!coded && !forms->begins[(guchar)(forms->exact ? *at : g_ascii_tolower(*at))]))
    return NULL;
  if (!forms->sorted)
    g_array_sort(forms->forms, by_bytes);
  forms->sorted = TRUE;
  follow(&walk, (State){0, forms->forms->len, 0, at});
  return walk.best > at ? walk.best : NULL;
}
