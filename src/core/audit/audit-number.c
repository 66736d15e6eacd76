/* SPDX-License-Identifier: MIT */
/* What is written in digits, and in digits and letters: numbers of persons, cards, accounts, telephones, addresses of
 * machines. How it is grouped says much of what it is: a shape such as "3-2-4" is taken where it stands, bare digits
 * often only where a word says what they are. */
#include "sight-audit-private.h"

#include <string.h>

#define MAX_GROUPS 8
#define LEAST_DIGITS 9
/* From the first to the last digit. */
#define LEAST_BYTES 7
#define MAX_DIGITS 24
#define MAX_SHAPE 64

typedef struct {
  SightAuditKind kind;
  gsize least, most; /* digits */
  gboolean (*valid)(const char *digits, gsize n);
  const char *shapes;  /* in which it is taken as it stands, separated by |; a bare number is "N" */
  const char *context; /* words near it with which it is taken in any shape */
} Rule;

#define CARD_SHAPES "N|4 4 4 4|4-4-4-4|4 6 5|4-6-5|4 6 4|4-6-4|4 4 4 4 3|4 4 4 1"

/* The surest first: the first that fits is it. */
static const Rule rules[] = {
    {SIGHT_AUDIT_US_SSN, 9, 9, sight_audit_is_ssn, "3-2-4", "ssn security"},
    {SIGHT_AUDIT_US_ITIN, 9, 9, sight_audit_is_itin, "3-2-4", "itin taxpayer"},
    {SIGHT_AUDIT_BR_CPF, 11, 11, sight_audit_is_cpf, "3.3.3-2", "cpf"},
    {SIGHT_AUDIT_NL_BSN, 9, 9, sight_audit_is_bsn, "4.2.3", "bsn burgerservicenummer sofi"},
    {SIGHT_AUDIT_GB_NHS, 10, 10, sight_audit_is_nhs, "3 3 4", "nhs"},
    {SIGHT_AUDIT_DE_IDNR, 11, 11, sight_audit_is_idnr, "2 3 3 3", "steuer idnr identifikationsnummer"},
    {SIGHT_AUDIT_SE_PERSONNUMMER, 10, 12, sight_audit_is_personnummer, "6-4|8-4|6+4|8+4", "personnummer personnr"},
    {SIGHT_AUDIT_CA_SIN, 9, 9, sight_audit_is_sin, "3-3-3", "sin insurance"},
    {SIGHT_AUDIT_IN_AADHAAR, 12, 12, sight_audit_is_aadhaar, "4 4 4|4-4-4", "aadhaar aadhar uidai"},
    {SIGHT_AUDIT_PL_PESEL, 11, 11, sight_audit_is_pesel, "N", "pesel"},
    {SIGHT_AUDIT_FR_NIR, 15, 15, sight_audit_is_nir, "1 2 2 2 3 3 2|13 2", "nir insee"},
    {SIGHT_AUDIT_CARD, 12, 19, sight_audit_is_card, CARD_SHAPES, "card carte karte tarjeta cc pan"},
};

/* Of telephone numbers only the shape is known. */
#define PHONE_SHAPES "(3) 3-4|(3)3-4|3-3-4|3.3.4|1-3-3-4"
#define PHONE_SHAPES_OF_0 "2 2 2 2 2|2.2.2.2.2|5 6|4 3 4|3 8|3 7|4 7|4 6"
/* Days, whatever stands before them ("un jour tel que"). */
#define DAY_SHAPES "4-2-2|4/2/2|4.2.2|2.2.4|2/2/4|2-2-4"
#define PHONE_CONTEXT "tel phone telephone mobile cell call fax handy telefon téléphone teléfono mobil fon"

typedef struct {
  gsize start, end; /* of the digits */
  gsize n;          /* digits of the number up to its end */
} Group;

typedef struct {
  Group groups[MAX_GROUPS];
  gsize n;
  char digits[MAX_DIGITS]; /* of all groups in a row */
  guint32 asked, near;     /* a bit for each rule: whether a word near the number was looked for, and is there */
} Number;

static gboolean is_separator(char c) {
  return c == ' ' || c == '-' || c == '.' || c == '/' || c == ')' || c == '(' || c == '+';
}

/* Digits in groups, with at most two separators between two; no further than any number goes. */
static void read_number(const SightAuditScan *scan, gsize at, Number *number) {
  gsize n = 0;

  number->n = 0;
  number->asked = number->near = 0;
  while (number->n < MAX_GROUPS) {
    Group *group = &number->groups[number->n];
    *group = (Group){at, at, 0};
    for (; g_ascii_isdigit(sight_audit_at(scan, group->end)); group->end++, n++) {
      if (n < MAX_DIGITS)
        number->digits[n] = scan->text[group->end];
    }
    if (group->end == group->start)
      return;
    group->n = n;
    number->n++;
    at = group->end;
    for (int i = 0; i < 2 && is_separator(sight_audit_at(scan, at)); i++)
      at++;
    if (n > MAX_DIGITS || at == group->end || !g_ascii_isdigit(sight_audit_at(scan, at)))
      return;
  }
}

/* "3-2-4"; "N" of digits alone. A bracket around the first group belongs to it. */
static void shape_of(const SightAuditScan *scan, const Number *number, gsize last, char *shape) {
  gsize n = 0, start = number->groups[0].start;

  if (last == 0) {
    memcpy(shape, "N", 2);
    return;
  }
  if (start > 0 && scan->text[start - 1] == '(' && scan->text[number->groups[0].end] == ')')
    shape[n++] = '(';
  for (gsize i = 0; i <= last && n < MAX_SHAPE - 8; i++) {
    const Group *group = &number->groups[i];
    gsize length = MIN(group->end - group->start, 99);
    if (length > 9)
      shape[n++] = (char)('0' + length / 10);
    shape[n++] = (char)('0' + length % 10);
    for (gsize at = group->end; i < last && at < number->groups[i + 1].start; at++)
      shape[n++] = scan->text[at];
  }
  shape[n] = '\0';
}

static gboolean is_one_of(const char *shape, const char *shapes) {
  gsize length = strlen(shape);

  for (const char *at = shapes; *at != '\0'; at += at[0] == '|') {
    gsize one = strcspn(at, "|");
    if (one == length && memcmp(at, shape, length) == 0)
      return TRUE;
    at += one;
  }
  return FALSE;
}

static gboolean is_joint(char c) {
  return c == '-' || c == '.' || c == '/' || c == ':' || c == ',';
}

/* A part of a number with dashes or dots is none by itself: of ids and versions there is no end. */
static gboolean begins_whole(const SightAuditScan *scan, gsize start) {
  char before = start > 0 ? scan->text[start - 1] : ' ';
  char further = start > 1 ? scan->text[start - 2] : ' ';

  return !g_ascii_isalnum(before) && before != '_' && before != '%' && before != '#' && before != '$' &&
         !((is_joint(before) || before == '+') && g_ascii_isalnum(further)) && !(before == '/' && further == '/');
}

static gboolean ends_whole(const SightAuditScan *scan, gsize end) {
  char after = sight_audit_at(scan, end), further = sight_audit_at(scan, end + 1);

  return !g_ascii_isalnum(after) && after != '_' && after != '%' && !(is_joint(after) && g_ascii_isalnum(further));
}

/* The words stand before the number, however much of it is one. */
static gboolean is_context(const SightAuditScan *scan, Number *number, gsize place) {
  guint32 bit = (guint32)1 << place;

  if ((number->asked & bit) == 0) {
    number->asked |= bit;
    if (sight_audit_is_near(scan, number->groups[0].start, rules[place].context))
      number->near |= bit;
  }
  return (number->near & bit) != 0;
}

/* Which kind the groups up to one are together, or -1. */
static int kind_of(const SightAuditScan *scan, Number *number, gsize last) {
  char digits[MAX_DIGITS + 1], shape[MAX_SHAPE] = "";
  gsize n = number->groups[last].n;

  if (n < LEAST_DIGITS || n > MAX_DIGITS || !ends_whole(scan, number->groups[last].end))
    return -1;
  memcpy(digits, number->digits, n);
  digits[n] = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
    const Rule *rule = &rules[i];
    if (n < rule->least || n > rule->most || !rule->valid(digits, n))
      continue;
    if (shape[0] == '\0')
      shape_of(scan, number, last, shape);
    gboolean bare_maestro = rule->kind == SIGHT_AUDIT_CARD && n < 13;
    gboolean years = rule->kind == SIGHT_AUDIT_FR_NIR && digits[0] > '2' && shape[0] == 'N';
    if ((is_one_of(shape, rule->shapes) && !bare_maestro && !years) || is_context(scan, number, i))
      return (int)rule->kind;
  }
  return -1;
}

static gsize telephone(SightAuditScan *scan, const Number *number, gboolean plus) {
  char shape[MAX_SHAPE];
  gsize last = number->n - 1, start = number->groups[0].start, end;

  while (last > 0 && number->groups[last].n > MAX_DIGITS)
    last--;
  const char *digits = number->digits;
  gsize n = number->groups[last].n;
  if (n < 7 || n > 15 || !ends_whole(scan, number->groups[last].end))
    return 0;
  shape_of(scan, number, last, shape);
  end = number->groups[last].end;
  if (is_one_of(shape, DAY_SHAPES))
    return 0;
  if (!(plus && n >= 8 && digits[0] != '0') && !is_one_of(shape, PHONE_SHAPES) &&
      !(digits[0] == '0' && is_one_of(shape, PHONE_SHAPES_OF_0)) && !sight_audit_is_near(scan, start, PHONE_CONTEXT))
    return 0;
  if (start > 0 && strchr("+(", scan->text[start - 1]) != NULL)
    start--;
  sight_audit_add(scan, start, end, SIGHT_AUDIT_PHONE);
  return end;
}

/* Four numbers up to 255, of the open network. */
static gsize machine(SightAuditScan *scan, const Number *number) {
  int parts[4];

  if (number->n != 4 || !ends_whole(scan, number->groups[3].end))
    return 0;
  for (gsize i = 0; i < 4; i++) {
    const Group *group = &number->groups[i];
    if (group->end - group->start > 3 ||
        (i < 3 && (scan->text[group->end] != '.' || number->groups[i + 1].start != group->end + 1)))
      return 0;
    parts[i] = 0;
    for (gsize at = group->start; at < group->end; at++)
      parts[i] = parts[i] * 10 + (scan->text[at] - '0');
    if (parts[i] > 255 || (scan->text[group->start] == '0' && group->end - group->start > 1))
      return 0;
  }
  gboolean own = parts[0] == 10 || parts[0] == 127 || parts[0] == 0 || parts[0] >= 224 ||
                 (parts[0] == 192 && parts[1] == 168) || (parts[0] == 172 && parts[1] >= 16 && parts[1] < 32) ||
                 (parts[0] == 169 && parts[1] == 254);
  gsize start = number->groups[0].start;
  /* What is that small is the number of a version. */
  if (own || (parts[0] < 20 && parts[2] == 0 && parts[3] < 20) ||
      (start > 0 && strchr("/vV", scan->text[start - 1]) != NULL))
    return 0;
  sight_audit_add(scan, start, number->groups[3].end, SIGHT_AUDIT_IP);
  return number->groups[3].end;
}

/* Most numbers of a text are too short to be any: seen before anything is taken apart. */
static gboolean is_long(const SightAuditScan *scan, gsize at) {
  gsize end = at;

  while (end - at < LEAST_BYTES &&
         (g_ascii_isdigit(sight_audit_at(scan, end)) || is_separator(sight_audit_at(scan, end))))
    end++;
  return end - at == LEAST_BYTES;
}

gsize sight_audit_number(SightAuditScan *scan, gsize at) {
  gboolean plus = scan->text[at] == '+';
  gsize digits_at = at + (g_ascii_isdigit(scan->text[at]) ? 0 : 1);
  Number number;

  if (!is_long(scan, digits_at))
    return 0;
  read_number(scan, digits_at, &number);
  if (number.n == 0 || number.groups[number.n - 1].end - number.groups[0].start < LEAST_BYTES ||
      !begins_whole(scan, digits_at))
    return 0;
  gsize found = plus ? 0 : machine(scan, &number);
  /* What begins at a later group is looked for there. */
  for (gsize last = number.n; last > 0 && found == 0 && !plus; last--) {
    int kind = kind_of(scan, &number, last - 1);
    if (kind >= 0) {
      found = number.groups[last - 1].end;
      sight_audit_add(scan, number.groups[0].start, found, (SightAuditKind)kind);
    }
  }
  return found > 0 ? found : telephone(scan, &number, plus);
}

/* Letters and digits */

/* Those of a word, without the separators that may stand in it, in capitals; how many. `*end` is behind the last. */
static gsize letters_of(const SightAuditScan *scan, gsize at, gsize most, const char *separators, char *letters,
                        gsize *end) {
  gsize n = 0;

  for (; n < most && at < scan->bytes; at++) {
    char c = scan->text[at];
    if (g_ascii_isalnum(c)) {
      letters[n++] = g_ascii_islower(c) ? (char)(c - 32) : c;
      *end = at + 1;
    } else if ((c != separators[0] && (separators[0] == '\0' || c != separators[1])) || c == '\0' || n == 0 ||
               scan->text[at - 1] == c) {
      break;
    }
  }
  letters[n] = '\0';
  return n;
}

static gsize account(SightAuditScan *scan, gsize at) {
  char letters[40];
  gsize end = at, length;

  if (!g_ascii_isalpha(scan->text[at]) || !g_ascii_isalpha(sight_audit_at(scan, at + 1)) ||
      letters_of(scan, at, 4, "", letters, &end) < 4 || !g_ascii_isdigit(letters[2]))
    return 0;
  length = sight_audit_iban_length(letters);
  if (length == 0 || letters_of(scan, at, length, " -", letters, &end) != length ||
      !sight_audit_is_iban(letters, length) || g_ascii_isalnum(sight_audit_at(scan, end)))
    return 0;
  sight_audit_add(scan, at, end, SIGHT_AUDIT_IBAN);
  return end;
}

static gsize hardware(SightAuditScan *scan, gsize at) {
  char between = sight_audit_at(scan, at + 2);

  if (between != ':' && between != '-')
    return 0;
  for (gsize i = 0; i < 17; i++) {
    char c = sight_audit_at(scan, at + i);
    if (i % 3 == 2 ? c != between : !g_ascii_isxdigit(c))
      return 0;
  }
  if (!sight_audit_stands_alone(scan, at, at + 17) || sight_audit_at(scan, at + 17) == between)
    return 0;
  sight_audit_add(scan, at, at + 17, SIGHT_AUDIT_MAC);
  return at + 17;
}

static const struct {
  SightAuditKind kind;
  gsize n;
  const char *separators;
  char first, second; /* how it begins: a letter, a digit, or ? */
  gboolean (*valid)(const char *letters, gsize n);
} lettered[] = {
    {SIGHT_AUDIT_GB_NINO, 9, " ", 'a', 'a', sight_audit_is_nino},
    {SIGHT_AUDIT_ES_NIF, 9, "-", '?', '1', sight_audit_is_nif},
    {SIGHT_AUDIT_IT_FISCALE, 16, " ", 'a', 'a', sight_audit_is_fiscale},
    {SIGHT_AUDIT_FR_NIR, 15, " ", '1', '?', sight_audit_is_nir},
};

static gboolean begins_as(char c, char begins) {
  return begins == 'a' ? g_ascii_isalpha(c) : begins == '?' || g_ascii_isdigit(c);
}

/* Each of them has a digit near its beginning, but for the one that is 16 letters long. */
static gboolean may_be_lettered(const SightAuditScan *scan, gsize at) {
  char third = sight_audit_at(scan, at + 2);

  /* Those that begin with a digit have another one, or a group of two after a blank, in the next three places. */
  if (g_ascii_isdigit(scan->text[at]))
    return g_ascii_isdigit(sight_audit_at(scan, at + 3)) && g_ascii_isdigit(third);
  return g_ascii_isdigit(sight_audit_at(scan, at + 1)) || g_ascii_isdigit(third) ||
         (third == ' ' && g_ascii_isdigit(sight_audit_at(scan, at + 3))) ||
         (g_ascii_isupper(third) && g_ascii_isupper(sight_audit_at(scan, at + 5)) &&
          g_ascii_isalnum(sight_audit_at(scan, at + 15)));
}

gsize sight_audit_letters(SightAuditScan *scan, gsize at) {
  char letters[40];
  gsize end = at, found;

  if (at > 0 && (g_ascii_isalnum(scan->text[at - 1]) || strchr("_-./#", scan->text[at - 1]) != NULL))
    return 0;
  found = hardware(scan, at);
  /* In small letters words are words. */
  if (found > 0 || g_ascii_islower(scan->text[at]) || !may_be_lettered(scan, at))
    return found;
  found = account(scan, at);
  for (gsize i = 0; i < G_N_ELEMENTS(lettered) && found == 0; i++) {
    if (!begins_as(scan->text[at], lettered[i].first) || !begins_as(sight_audit_at(scan, at + 1), lettered[i].second))
      continue;
    gsize n = letters_of(scan, at, lettered[i].n, lettered[i].separators, letters, &end);
    if (n == lettered[i].n && lettered[i].valid(letters, n) && sight_audit_stands_alone(scan, at, end)) {
      sight_audit_add(scan, at, end, lettered[i].kind);
      found = end;
    }
  }
  return found;
}
