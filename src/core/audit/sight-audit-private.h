/* SPDX-License-Identifier: MIT */
/* What the finders share. Inside the audit module only. */
#pragma once

#include "sight-audit.h"

G_BEGIN_DECLS

typedef struct {
  const char *text;
  gsize bytes;
  const char *label;
  GArray *hits;
} SightAuditScan;

/* Each looks at a place at which something of its sort may begin, and returns the byte behind what it has found, having
 * added it; 0: nothing. */
gsize sight_audit_number(SightAuditScan *scan, gsize at);  /* a digit, + or ( */
gsize sight_audit_letters(SightAuditScan *scan, gsize at); /* a word: national ids and accounts with letters */
gsize sight_audit_secret(SightAuditScan *scan, gsize at);  /* a word: tokens and keys */
gsize sight_audit_mail(SightAuditScan *scan, gsize at);    /* an @ */
gsize sight_audit_login(SightAuditScan *scan, gsize at);   /* a :// */
gsize sight_audit_query(SightAuditScan *scan, gsize at);   /* a ? or & */
/* Whether one of sight_audit_secret()'s may begin with two bytes. */
gboolean sight_audit_secret_begins(char first, char second);

void sight_audit_add(SightAuditScan *scan, gsize start, gsize end, SightAuditKind kind);
/* Whether one of the words, separated by blanks, stands in the label or shortly before a place. */
gboolean sight_audit_is_near(const SightAuditScan *scan, gsize at, const char *words);
/* The character there, or NUL outside of the text. */
static inline char sight_audit_at(const SightAuditScan *scan, gsize at) {
  return at < scan->bytes ? scan->text[at] : '\0';
}
/* Shannon entropy, bits a byte. */
double sight_audit_entropy(const char *text, gsize bytes);
/* Whether neither side of a stretch goes on with a letter or a digit. */
gboolean sight_audit_stands_alone(const SightAuditScan *scan, gsize start, gsize end);

/* Of digits, each a character; the check digits among them. */
gboolean sight_audit_luhn(const char *digits, gsize n);
gboolean sight_audit_is_card(const char *digits, gsize n);
gboolean sight_audit_is_iban(const char *letters, gsize n);
/* The length of an IBAN of a country; 0: there is none. */
gsize sight_audit_iban_length(const char *country);

/* National numbers by digits alone. */
gboolean sight_audit_is_ssn(const char *digits, gsize n);
gboolean sight_audit_is_itin(const char *digits, gsize n);
gboolean sight_audit_is_nhs(const char *digits, gsize n);
gboolean sight_audit_is_bsn(const char *digits, gsize n);
gboolean sight_audit_is_cpf(const char *digits, gsize n);
gboolean sight_audit_is_pesel(const char *digits, gsize n);
gboolean sight_audit_is_aadhaar(const char *digits, gsize n);
gboolean sight_audit_is_idnr(const char *digits, gsize n);
gboolean sight_audit_is_nir(const char *digits, gsize n);
gboolean sight_audit_is_personnummer(const char *digits, gsize n);
gboolean sight_audit_is_sin(const char *digits, gsize n);
/* With letters. */
gboolean sight_audit_is_nino(const char *letters, gsize n);
gboolean sight_audit_is_nif(const char *letters, gsize n);
gboolean sight_audit_is_fiscale(const char *letters, gsize n);

G_END_DECLS
