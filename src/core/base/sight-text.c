/* SPDX-License-Identifier: MIT */
/* Ids, folded messages and excerpts. All of it is linear in the length of the text. */
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>

#define ID_MAX 64
#define MESSAGE_MAX 600
#define QUOTE_MAX 200

gboolean sight_id_is_valid(const char *tainted_id) {
  if (tainted_id == NULL)
    return FALSE;
  gsize bytes = 0;
  for (; tainted_id[bytes] != '\0'; bytes++) {
    char c = tainted_id[bytes];
    if (bytes == ID_MAX || (!g_ascii_isalnum(c) && c != '_' && c != '-'))
      return FALSE;
  }
  return bytes > 0;
}

char *sight_id_new(void) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  guint8 random[16];
  if (getentropy(random, sizeof random) != 0)
    g_error("the system has no random numbers");
  /* 22 digits of six bits each: 21 of them full, the last with what is left of the 128. */
  char *id = g_malloc(23);
  guint bits = 0;
  guint have = 0;
  gsize next = 0;
  for (gsize i = 0; i < 22; i++) {
    if (have < 6 && next < sizeof random) {
      bits = bits << 8 | random[next++];
      have += 8;
    }
    guint take = MIN(have, 6);
    have -= take;
    id[i] = letters[(bits >> have) & ((1u << take) - 1)];
  }
  id[22] = '\0';
  return id;
}

/* What a run of letters and digits is made of. */
typedef struct {
  gsize digits, letters, hex, upper, marks, changes;
} Makeup;

static Makeup look_at(const char *text, gsize bytes) {
  Makeup m = {0};
  int last = 0;
  for (gsize i = 0; i < bytes; i++) {
    char c = text[i];
    int kind = g_ascii_isdigit(c) ? 1 : g_ascii_islower(c) ? 2 : g_ascii_isupper(c) ? 3 : 0;
    m.digits += kind == 1;
    m.letters += kind >= 2;
    m.upper += kind == 3;
    m.hex += g_ascii_isxdigit(c);
    m.marks += kind == 0;
    m.changes += last != 0 && kind != 0 && kind != last;
    last = kind;
  }
  return m;
}

static gboolean is_uuid(const char *text, gsize bytes) {
  if (bytes != 36)
    return FALSE;
  for (gsize i = 0; i < bytes; i++) {
    gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !g_ascii_isxdigit(text[i]))
      return FALSE;
  }
  return TRUE;
}

gboolean sight_text_is_id(const char *text, gsize bytes) {
  if (is_uuid(text, bytes))
    return TRUE;
  Makeup m = look_at(text, bytes);
  if (m.digits == 0)
    return bytes >= 20 && m.marks == 0 && m.changes >= 6;
  if (m.letters == 0)
    return m.marks == 0 || m.digits >= m.marks;
  if (m.hex == bytes && bytes >= 8)
    return TRUE;
  /* Two digits at least: "OAuth2Callback" is a name. */
  if (m.marks <= 2 && m.digits >= 2 && bytes >= 8 && m.changes >= 4)
    return TRUE;
  /* "order-10293", "usr_48213": a number with its prefix */
  gsize tail = 0;
  while (tail < bytes && g_ascii_isdigit(text[bytes - 1 - tail]))
    tail++;
  char before = tail < bytes ? text[bytes - 1 - tail] : '\0';
  return tail >= 4 && tail == m.digits && (before == '-' || before == '_');
}

static gsize scheme_length(const char *url) {
  gsize n = 0;
  while (g_ascii_isalnum(url[n]) || url[n] == '+' || url[n] == '-' || url[n] == '.')
    n++;
  return n > 0 && g_ascii_isalpha(url[0]) && url[n] == ':' ? n : 0;
}

static gboolean is_word(char c) {
  return g_ascii_isalnum(c) || c == '_' || c == '-' || (c & 0x80) != 0;
}

/* The closing mark for a quote that opens at `at`, or NULL. An apostrophe within a word opens nothing. */
static const char *quote_end(const char *start, const char *at) {
  static const char *const pairs[][2] = {{"\"", "\""}, {"'", "'"}, {"`", "`"}, {"“", "”"}, {"‘", "’"}, {"«", "»"}};
  if (at > start && is_word(at[-1]))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
    gsize open_bytes = strlen(pairs[i][0]);
    gsize close_bytes = strlen(pairs[i][1]);
    if (strncmp(at, pairs[i][0], open_bytes) != 0)
      continue;
    for (const char *p = at + open_bytes; *p != '\0' && p - at < QUOTE_MAX; p++)
      if (strncmp(p, pairs[i][1], close_bytes) == 0 && !is_word(p[close_bytes]))
        return p + close_bytes;
  }
  return NULL;
}

static gsize url_length(const char *at) {
  gsize scheme = scheme_length(at);
  if (scheme < 2)
    return 0;
  if (!g_str_has_prefix(at + scheme, "://") && !g_str_has_prefix(at, "data:") && !g_str_has_prefix(at, "blob:"))
    return 0;
  return strcspn(at, " \"'`<>)");
}

/* A word: an id as a whole, or with the numbers in it folded. */
static void fold_word(GString *out, const char *word, gsize bytes) {
  Makeup m = look_at(word, bytes);
  if (m.digits > 0 && m.letters > 0 && sight_text_is_id(word, bytes)) {
    g_string_append(out, "<id>");
    return;
  }
  for (gsize i = 0; i < bytes;) {
    if (!g_ascii_isdigit(word[i])) {
      g_string_append_c(out, word[i++]);
      continue;
    }
    g_string_append(out, "<n>");
    while (i < bytes && (g_ascii_isdigit(word[i]) || (word[i] == '.' && i + 1 < bytes && g_ascii_isdigit(word[i + 1]))))
      i++;
  }
}

static gsize word_length(const char *at) {
  gsize n = 0;
  while (is_word(at[n]) || (at[n] == '.' && n > 0 && g_ascii_isdigit(at[n - 1]) && g_ascii_isdigit(at[n + 1])))
    n++;
  return n;
}

char *sight_text_fold(const char *tainted_message) {
  g_autofree char *message = sight_text_excerpt(tainted_message, -1, MESSAGE_MAX);
  g_autoptr(GString) out = g_string_new(NULL);
  for (const char *at = message; *at != '\0';) {
    const char *closed = quote_end(message, at);
    if (closed != NULL) {
      g_string_append(out, "<text>");
      at = closed;
      continue;
    }
    gsize bytes = at > message && is_word(at[-1]) ? 0 : url_length(at);
    if (bytes > 0) {
      g_string_append(out, "<url>");
      at += bytes;
      continue;
    }
    bytes = word_length(at);
    if (bytes > 0)
      fold_word(out, at, bytes);
    else
      g_string_append_c(out, *at);
    at += MAX(bytes, 1);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

gboolean sight_text_is_direction_mark(gunichar c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C ||
         c == 0xFEFF;
}

/* The next character, U+FFFD for a byte that is not part of one. */
static gunichar next_char(const char **at, const char *end) {
  if (**at == '\0') {
    (*at)++;
    return 0;
  }
  gunichar c = g_utf8_get_char_validated(*at, end - *at);
  if (c == (gunichar)-1 || c == (gunichar)-2) {
    (*at)++;
    return 0xFFFD;
  }
  *at += g_unichar_to_utf8(c, NULL);
  return c;
}

gboolean sight_text_number(const char *option, const char *text, gint64 min, gint64 max, gint64 *number,
                           GError **error) {
  if (text == NULL || g_ascii_string_to_signed(text, 10, min, max, number, NULL))
    return TRUE;
  g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
              _("%s does not take “%s”; it takes a whole number from %" PRId64 " to %" PRId64), option, text, min, max);
  return FALSE;
}

char *sight_text_excerpt(const char *tainted_text, gssize bytes, guint max_chars) {
  g_autoptr(GString) out = g_string_new(NULL);
  const char *at = tainted_text != NULL ? tainted_text : "";
  const char *end = at + (bytes >= 0 && tainted_text != NULL ? (gsize)bytes : strlen(at));
  guint n_chars = 0;
  gsize cut = 0; /* where the text ends if an ellipsis has to go in */
  gboolean blank = FALSE;
  while (at < end) {
    gunichar c = next_char(&at, end);
    if (g_unichar_isspace(c)) {
      blank = out->len > 0;
      continue;
    }
    if (g_unichar_iscntrl(c) || sight_text_is_direction_mark(c))
      continue;
    guint needed = blank ? 2 : 1;
    if (n_chars + needed > max_chars) {
      g_string_truncate(out, cut);
      g_string_append(out, "…");
      break;
    }
    if (blank)
      g_string_append_c(out, ' ');
    blank = FALSE;
    g_string_append_unichar(out, c);
    n_chars += needed;
    if (n_chars < max_chars)
      cut = out->len;
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean is_word_alone(gunichar c) {
  static const GUnicodeScript scripts[] = {
      G_UNICODE_SCRIPT_HAN, G_UNICODE_SCRIPT_HIRAGANA, G_UNICODE_SCRIPT_KATAKANA, G_UNICODE_SCRIPT_THAI,
      G_UNICODE_SCRIPT_LAO, G_UNICODE_SCRIPT_KHMER,    G_UNICODE_SCRIPT_MYANMAR,
  };
  GUnicodeScript script = g_unichar_get_script(c);
  for (guint i = 0; i < G_N_ELEMENTS(scripts); i++)
    if (script == scripts[i])
      return TRUE;
  return FALSE;
}

void sight_text_append_words(GString *out, const char *tainted_text) {
  g_autofree char *valid = g_utf8_make_valid(tainted_text, -1);
  g_autofree char *folded = g_utf8_casefold(valid, -1);
  g_autofree char *apart = g_utf8_normalize(folded, -1, G_NORMALIZE_NFKD);
  gboolean between = FALSE, any = FALSE;
  for (const char *p = apart != NULL ? apart : ""; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (g_unichar_ismark(c))
      continue;
    if (!g_unichar_isalnum(c)) {
      between = any;
      continue;
    }
    gboolean alone = c >= 0x80 && is_word_alone(c);
    if (between || (alone && any))
      g_string_append_c(out, ' ');
    g_string_append_unichar(out, c);
    between = alone;
    any = TRUE;
  }
}

gboolean sight_text_to_bytes(const char *text, gsize bytes, GString *out) {
  const char *end = text + bytes;
  g_string_truncate(out, 0);
  while (text < end) {
    unsigned char c = (unsigned char)*text++;
    if (c >= 0x80) {
      if (c > 0xC3 || text == end) /* beyond U+00FF */
        return FALSE;
      c = (unsigned char)((c << 6) | ((unsigned char)*text++ & 0x3F));
    }
    g_string_append_c(out, (char)c);
  }
  return TRUE;
}
