/* SPDX-License-Identifier: MIT */
/* One walk over a text; at each two bytes with which something may begin, those are asked that know it. */
#include "sight-audit-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How far before a number a word still says what it is. */
#define NEAR_BYTES 40

const char *sight_audit_kind_name(SightAuditKind kind) {
#define NAME(id, name, title) name,
  static const char *const names[] = {SIGHT_AUDIT_KINDS(NAME)};
#undef NAME
  return names[kind];
}

const char *sight_audit_kind_title(SightAuditKind kind) {
#define TITLE(id, name, title) title,
  static const char *const titles[] = {SIGHT_AUDIT_KINDS(TITLE)};
#undef TITLE
  return _(titles[kind]);
}

void sight_audit_add(SightAuditScan *scan, gsize start, gsize end, SightAuditKind kind) {
  SightAuditHit hit = {start, end, kind};

  /* What was found before may turn out to be the beginning of something longer. */
  while (scan->hits->len > 0 && g_array_index(scan->hits, SightAuditHit, scan->hits->len - 1).end > start)
    g_array_set_size(scan->hits, scan->hits->len - 1);
  g_array_append_val(scan->hits, hit);
}

static gboolean is_word(char c) {
  return g_ascii_isalnum(c) || c == '_' || ((guchar)c & 0x80) != 0;
}

gboolean sight_audit_stands_alone(const SightAuditScan *scan, gsize start, gsize end) {
  return (start == 0 || !is_word(scan->text[start - 1])) && !is_word(sight_audit_at(scan, end));
}

static guint letter_of(char c) {
  return g_ascii_isalpha(c) ? (guint)(c | 0x20) - 'a' : 31;
}

/* Whether one of the words, separated by blanks, begins in a text at the beginning of one of its own. `first`: a bit
 * for each letter with which one of them begins. */
static gboolean holds(const char *text, gsize bytes, const char *words, guint32 first) {
  for (gsize i = 0; i < bytes; i++) {
    if ((first >> letter_of(text[i]) & 1) == 0 || (i > 0 && is_word(text[i - 1])))
      continue;
    for (const char *word = words; *word != '\0';) {
      gsize length = strcspn(word, " ");
      if (letter_of(word[0]) == letter_of(text[i]) && length <= bytes - i &&
          g_ascii_strncasecmp(text + i, word, length) == 0)
        return TRUE;
      word += length + strspn(word + length, " ");
    }
  }
  return FALSE;
}

gboolean sight_audit_is_near(const SightAuditScan *scan, gsize at, const char *words) {
  gsize from = at > NEAR_BYTES ? at - NEAR_BYTES : 0;
  guint32 first = 0;

  for (const char *c = words; *c != '\0'; c++)
    first |= c == words || c[-1] == ' ' ? (guint32)1 << letter_of(*c) : 0;
  first &= ~((guint32)1 << 31);
  return holds(scan->text + from, at - from, words, first) ||
         (scan->label != NULL && holds(scan->label, strlen(scan->label), words, first));
}

/* What may begin with two bytes. */
typedef enum { NOTHING, DIGIT, CAPITAL, SMALL, AT_SIGN, COLON, QUESTION, PLUS, DASH } Begins;

static Begins begins_with(char first, char second) {
  gboolean secret = sight_audit_secret_begins(first, second);

  if (g_ascii_isdigit(first))
    return g_ascii_isxdigit(second) || (second != '\0' && strchr(" -./()+", second) != NULL) ? DIGIT : NOTHING;
  if (g_ascii_isupper(first))
    return g_ascii_isalnum(second) || secret ? CAPITAL : NOTHING;
  if (g_ascii_islower(first))
    return (g_ascii_isxdigit(first) && g_ascii_isxdigit(second)) || secret ? SMALL : NOTHING;
  switch (first) {
  case '@':
    return AT_SIGN;
  case ':':
    return second == '/' ? COLON : NOTHING;
  case '?':
  case '&':
  case '#':
    return g_ascii_isalnum(second) || second == '_' ? QUESTION : NOTHING;
  case '+':
  case '(':
    return g_ascii_isdigit(second) ? PLUS : NOTHING;
  case '-':
    return secret ? DASH : NOTHING;
  default:
    return NOTHING;
  }
}

/* Of all pairs: nearly every one of a text is NOTHING, so that a look at each is nearly all that is done. */
static const guint8 *pairs(void) {
  static guint8 table[65536];
  static gsize made = 0;

  if (g_once_init_enter(&made)) {
    for (guint pair = 0; pair < G_N_ELEMENTS(table); pair++)
      table[pair] = (guint8)begins_with((char)(pair >> 8), (char)(pair & 0xff));
    g_once_init_leave(&made, 1);
  }
  return table;
}

/* Two letters and a third place tell most words apart from everything that is looked for. */
static gboolean may_be_letters(const SightAuditScan *scan, Begins begins, gsize at) {
  char third = sight_audit_at(scan, at + 2);

  return third == ':' || third == '-' || begins != SMALL;
}

/* Behind what begins here, or 0. */
static gsize find(SightAuditScan *scan, Begins begins, gsize at) {
  gsize end = 0;

  switch (begins) {
  case DIGIT:
  case PLUS:
    end = sight_audit_number(scan, at);
    return end > 0 || begins == PLUS ? end : sight_audit_letters(scan, at);
  case CAPITAL:
  case SMALL:
  case DASH:
    if (begins != DASH && may_be_letters(scan, begins, at))
      end = sight_audit_letters(scan, at);
    return end > 0 || !sight_audit_secret_begins(scan->text[at], sight_audit_at(scan, at + 1))
               ? end
               : sight_audit_secret(scan, at);
  case AT_SIGN:
    return sight_audit_mail(scan, at);
  case COLON:
    return sight_audit_at(scan, at + 1) == '/' ? sight_audit_login(scan, at) : 0;
  case QUESTION:
    return sight_audit_query(scan, at);
  case NOTHING:
  default:
    return 0;
  }
}

void sight_audit_text(const char *tainted_text, gsize bytes, const char *label, GArray *hits) {
  g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));
  SightAuditScan scan = {tainted_text, bytes, label, own};
  const guint8 *table = pairs();

  for (gsize at = 0; at < bytes;) {
    Begins begins = (Begins)table[(guint)(guchar)tainted_text[at] << 8 | (guchar)sight_audit_at(&scan, at + 1)];
    /* Within a word nothing begins. */
    gboolean within = begins != NOTHING && begins <= SMALL && at > 0 && is_word(tainted_text[at - 1]);
    gsize end = begins != NOTHING && !within ? find(&scan, begins, at) : 0;
    at = MAX(end, at + 1);
  }
  g_array_append_vals(hits, own->data, own->len);
}

gboolean sight_audit_is_valid(SightAuditKind kind, const char *tainted_number) {
  gsize n = strlen(tainted_number);
  gboolean digits = strspn(tainted_number, "0123456789") == n && n > 0;
  static const struct {
    SightAuditKind kind;
    gboolean letters;
    gboolean (*valid)(const char *, gsize);
  } rules[] = {
      {SIGHT_AUDIT_CARD, FALSE, sight_audit_is_card},
      {SIGHT_AUDIT_IBAN, TRUE, sight_audit_is_iban},
      {SIGHT_AUDIT_US_SSN, FALSE, sight_audit_is_ssn},
      {SIGHT_AUDIT_US_ITIN, FALSE, sight_audit_is_itin},
      {SIGHT_AUDIT_GB_NINO, TRUE, sight_audit_is_nino},
      {SIGHT_AUDIT_GB_NHS, FALSE, sight_audit_is_nhs},
      {SIGHT_AUDIT_NL_BSN, FALSE, sight_audit_is_bsn},
      {SIGHT_AUDIT_BR_CPF, FALSE, sight_audit_is_cpf},
      {SIGHT_AUDIT_PL_PESEL, FALSE, sight_audit_is_pesel},
      {SIGHT_AUDIT_ES_NIF, TRUE, sight_audit_is_nif},
      {SIGHT_AUDIT_IN_AADHAAR, FALSE, sight_audit_is_aadhaar},
      {SIGHT_AUDIT_IT_FISCALE, TRUE, sight_audit_is_fiscale},
      {SIGHT_AUDIT_DE_IDNR, FALSE, sight_audit_is_idnr},
      {SIGHT_AUDIT_FR_NIR, TRUE, sight_audit_is_nir},
      {SIGHT_AUDIT_SE_PERSONNUMMER, FALSE, sight_audit_is_personnummer},
      {SIGHT_AUDIT_CA_SIN, FALSE, sight_audit_is_sin},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
    if (rules[i].kind == kind)
      return (digits || rules[i].letters) && rules[i].valid(tainted_number, n);
  }
  return FALSE;
}
