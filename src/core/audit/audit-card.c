/* SPDX-License-Identifier: MIT */
/* Payment cards: Luhn's check digit (ISO/IEC 7812-1) and the ranges and lengths of the issuers. */
#include "sight-audit-private.h"

#include <stdlib.h>

typedef struct {
  int digits;      /* of the range */
  int first, last; /* both included */
  gsize least, most;
} Issuer;

static const Issuer issuers[] = {
    {1, 4, 4, 13, 19},       /* Visa: 13, 16, 19 */
    {2, 51, 55, 16, 16},     /* Mastercard */
    {4, 2221, 2720, 16, 16}, /* Mastercard */
    {2, 34, 34, 15, 15},     /* American Express */
    {2, 37, 37, 15, 15},     /* American Express */
    {2, 36, 36, 14, 14},     /* Diners Club */
    {2, 38, 38, 14, 14},     /* Diners Club */
    {3, 300, 305, 14, 14},   /* Diners Club */
    {4, 6011, 6011, 16, 19}, /* Discover */
    {3, 644, 649, 16, 19},   /* Discover */
    {2, 65, 65, 16, 19},     /* Discover */
    {4, 3528, 3589, 16, 19}, /* JCB */
    {2, 62, 62, 16, 19},     /* UnionPay */
    {2, 50, 50, 12, 19},     /* Maestro */
    {2, 56, 69, 12, 19},     /* Maestro */
};

gboolean sight_audit_luhn(const char *digits, gsize n) {
  int sum = 0;

  for (gsize i = 0; i < n; i++) {
    int value = digits[n - 1 - i] - '0';
    int twice = value * 2;
    sum += i % 2 == 0 ? value : twice > 9 ? twice - 9 : twice;
  }
  return sum % 10 == 0;
}

gboolean sight_audit_is_card(const char *digits, gsize n) {
  if (n < 12 || n > 19 || !sight_audit_luhn(digits, n))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(issuers); i++) {
    const Issuer *issuer = &issuers[i];
    int range = 0;
    for (int j = 0; j < issuer->digits; j++)
      range = range * 10 + (digits[j] - '0');
    if (range >= issuer->first && range <= issuer->last && n >= issuer->least && n <= issuer->most &&
        (issuer->first != 4 || n == 13 || n == 16 || n == 19))
      return TRUE;
  }
  return FALSE;
}
