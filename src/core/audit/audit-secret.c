/* SPDX-License-Identifier: MIT */
/* Tokens and keys by the prefixes that their makers gave them, so that they can be found. Each rule: how it begins,
 * what follows, and how random that must be. The prefixes are those that the makers document. */
#include "sight-audit-private.h"

#include <math.h>
#include <string.h>

typedef enum {
  UPPER_DIGITS,
  ALNUM,
  TOKEN, /* and _ - */
  DOTTED /* and . */
} Letters;

typedef struct {
  SightAuditKind kind;
  const char *prefix;
  Letters letters;
  gsize least, most;     /* behind the prefix */
  const char *must_have; /* NULL: nothing */
  double entropy;
} Rule;

static const Rule rules[] = {
    {SIGHT_AUDIT_AWS, "AKIA", UPPER_DIGITS, 16, 16, NULL, 2.5},
    {SIGHT_AUDIT_AWS, "ASIA", UPPER_DIGITS, 16, 16, NULL, 2.5},
    {SIGHT_AUDIT_AWS, "ABIA", UPPER_DIGITS, 16, 16, NULL, 2.5},
    {SIGHT_AUDIT_AWS, "ACCA", UPPER_DIGITS, 16, 16, NULL, 2.5},
    {SIGHT_AUDIT_GITHUB, "ghp_", ALNUM, 36, 255, NULL, 3},
    {SIGHT_AUDIT_GITHUB, "gho_", ALNUM, 36, 255, NULL, 3},
    {SIGHT_AUDIT_GITHUB, "ghu_", ALNUM, 36, 255, NULL, 3},
    {SIGHT_AUDIT_GITHUB, "ghs_", ALNUM, 36, 255, NULL, 3},
    {SIGHT_AUDIT_GITHUB, "ghr_", ALNUM, 36, 255, NULL, 3},
    {SIGHT_AUDIT_GITHUB, "github_pat_", TOKEN, 40, 255, NULL, 3},
    {SIGHT_AUDIT_GITLAB, "glpat-", TOKEN, 20, 255, NULL, 3},
    {SIGHT_AUDIT_SLACK, "xoxb-", TOKEN, 20, 255, NULL, 2.5},
    {SIGHT_AUDIT_SLACK, "xoxp-", TOKEN, 20, 255, NULL, 2.5},
    {SIGHT_AUDIT_SLACK, "xoxa-", TOKEN, 20, 255, NULL, 2.5},
    {SIGHT_AUDIT_SLACK, "xapp-", TOKEN, 20, 255, NULL, 2.5},
    {SIGHT_AUDIT_STRIPE, "sk_live_", ALNUM, 10, 255, NULL, 2.5},
    {SIGHT_AUDIT_STRIPE, "sk_test_", ALNUM, 10, 255, NULL, 2.5},
    {SIGHT_AUDIT_STRIPE, "sk_prod_", ALNUM, 10, 255, NULL, 2.5},
    {SIGHT_AUDIT_STRIPE, "rk_live_", ALNUM, 10, 255, NULL, 2.5},
    {SIGHT_AUDIT_STRIPE, "rk_test_", ALNUM, 10, 255, NULL, 2.5},
    {SIGHT_AUDIT_STRIPE, "whsec_", ALNUM, 24, 255, NULL, 3},
    {SIGHT_AUDIT_GOOGLE, "AIza", TOKEN, 35, 35, NULL, 3},
    {SIGHT_AUDIT_GOOGLE, "ya29.", TOKEN, 20, 1024, NULL, 3},
    {SIGHT_AUDIT_JWT, "eyJ", DOTTED, 30, 8192, ".ey", 3},
    {SIGHT_AUDIT_ANTHROPIC, "sk-ant-", TOKEN, 20, 255, NULL, 3},
    {SIGHT_AUDIT_OPENAI, "sk-", TOKEN, 20, 255, "T3BlbkFJ", 3},
    {SIGHT_AUDIT_OPENAI, "sk-proj-", TOKEN, 40, 255, NULL, 3},
    {SIGHT_AUDIT_NPM, "npm_", ALNUM, 36, 36, NULL, 3},
    {SIGHT_AUDIT_SLACK, "hooks.slack.com/services/", DOTTED, 0, 0, NULL, 0},
};

/* Words before a value that say that it is a secret: secret=…, "token": "…", Bearer … */
static const char *const assigned[] = {"secret",      "token",      "password", "passwd",        "pwd",
                                       "api_key",     "apikey",     "api-key",  "authorization", "bearer",
                                       "private_key", "access_key", "auth_key", "client_secret", "secret_key"};

double sight_audit_entropy(const char *text, gsize bytes) {
  guint counts[256] = {0};
  double bits = 0;

  for (gsize i = 0; i < bytes; i++)
    counts[(guchar)text[i]]++;
  for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
    double share = bytes > 0 ? (double)counts[i] / (double)bytes : 0;
    bits -= share > 0 ? share * log2(share) : 0;
  }
  return bits;
}

static void mark(guint8 *pairs, char first, char second) {
  guint pair = (guint)(guchar)first << 8 | (guchar)second;

  pairs[pair / 8] |= (guint8)(1 << pair % 8);
}

gboolean sight_audit_secret_begins(char first, char second) {
  static guint8 pairs[65536 / 8];
  static gsize made = 0;

  if (g_once_init_enter(&made)) {
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
      mark(pairs, rules[i].prefix[0], rules[i].prefix[1]);
    for (gsize i = 0; i < G_N_ELEMENTS(assigned); i++) {
      char upper[] = {g_ascii_toupper(assigned[i][0]), g_ascii_toupper(assigned[i][1])};
      mark(pairs, assigned[i][0], assigned[i][1]);
      mark(pairs, upper[0], assigned[i][1]);
      mark(pairs, assigned[i][0], upper[1]);
      mark(pairs, upper[0], upper[1]);
    }
    mark(pairs, '-', '-');
    g_once_init_leave(&made, 1);
  }
  guint pair = (guint)(guchar)first << 8 | (guchar)second;
  return (pairs[pair / 8] >> pair % 8 & 1) != 0;
}

static gboolean is_of(Letters letters, char c) {
  switch (letters) {
  case UPPER_DIGITS:
    return g_ascii_isupper(c) || g_ascii_isdigit(c);
  case ALNUM:
    return g_ascii_isalnum(c);
  case TOKEN:
    return g_ascii_isalnum(c) || c == '_' || c == '-';
  case DOTTED:
  default:
    return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.' || c == '/';
  }
}

static gsize by_prefix(SightAuditScan *scan, gsize at, const Rule *rule) {
  /* Nearly every word is told apart by its second letter. */
  if (scan->text[at] != rule->prefix[0] || sight_audit_at(scan, at + 1) != rule->prefix[1])
    return 0;
  gsize length = strlen(rule->prefix), start = at + length, end = start;

  if (scan->bytes - at < length || memcmp(scan->text + at, rule->prefix, length) != 0)
    return 0;
  while (end < scan->bytes && (rule->most == 0 || end - start <= rule->most) && is_of(rule->letters, scan->text[end]))
    end++;
  if (end - start < rule->least || (rule->most > 0 && end - start > rule->most) ||
      (rule->must_have != NULL && g_strstr_len(scan->text + at, (gssize)(end - at), rule->must_have) == NULL) ||
      sight_audit_entropy(scan->text + start, end - start) < rule->entropy)
    return 0;
  sight_audit_add(scan, at, end, rule->kind);
  return end;
}

/* A block of RFC 7468; to its end, or to that of the text where it is cut. */
static gsize private_key(SightAuditScan *scan, gsize at) {
  const char *begin = "-----BEGIN ", *end = "-----END ";
  gsize left = scan->bytes - at;
  const char *text = scan->text + at;

  if (left < 30 || memcmp(text, begin, strlen(begin)) != 0 ||
      g_strstr_len(text, (gssize)MIN(left, 60), "PRIVATE KEY") == NULL)
    return 0;
  const char *last = g_strstr_len(text, (gssize)left, end);
  const char *line = last != NULL ? g_strstr_len(last + 9, (gssize)(left - (gsize)(last + 9 - text)), "-----") : NULL;
  gsize stop = line != NULL ? at + (gsize)(line - text) + 5 : scan->bytes;
  sight_audit_add(scan, at, stop, SIGHT_AUDIT_PEM);
  return stop;
}

/* Behind a word such as "secret": blanks, quotes, and a sign of equality. 0: none follows. */
static gsize value_start(const SightAuditScan *scan, gsize at, gboolean blank_is_enough) {
  gboolean equal = blank_is_enough;

  for (gsize i = 0; i < 6; i++, at++) {
    char c = sight_audit_at(scan, at);
    if (c == '=' || c == ':')
      equal = TRUE;
    else if (c != ' ' && c != '"' && c != '\'' && c != '\\' && c != '>')
      break;
  }
  return equal ? at : 0;
}

static gsize by_assignment(SightAuditScan *scan, gsize at) {
  char first = g_ascii_tolower(scan->text[at]), second = g_ascii_tolower(sight_audit_at(scan, at + 1));

  for (gsize i = 0; i < G_N_ELEMENTS(assigned); i++) {
    if (assigned[i][0] != first || assigned[i][1] != second)
      continue;
    gsize length = strlen(assigned[i]), left = scan->bytes - at;
    if (left <= length || g_ascii_strncasecmp(scan->text + at, assigned[i], length) != 0 ||
        g_ascii_isalnum(scan->text[at + length]))
      continue;
    gsize start = value_start(scan, at + length, g_str_equal(assigned[i], "bearer")), end = start;
    if (start == 0)
      continue;
    while (end < scan->bytes && end - start < 512 &&
           (is_of(DOTTED, scan->text[end]) || (scan->text[end] != '\0' && strchr("+=~!$%^*", scan->text[end]) != NULL)))
      end++;
    gboolean digit = FALSE;
    for (gsize j = start; j < end; j++)
      digit = digit || g_ascii_isdigit(scan->text[j]);
    if (end - start < 16 || !digit || sight_audit_entropy(scan->text + start, end - start) < 3.5)
      continue;
    sight_audit_add(scan, start, end, SIGHT_AUDIT_SECRET);
    return end;
  }
  return 0;
}

gsize sight_audit_secret(SightAuditScan *scan, gsize at) {
  if (scan->text[at] == '-')
    return private_key(scan, at);
  if (at > 0 && g_ascii_isalnum(scan->text[at - 1]))
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
    gsize end = by_prefix(scan, at, &rules[i]);
    if (end > 0)
      return end;
  }
  return by_assignment(scan, at);
}
