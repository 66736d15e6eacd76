/* SPDX-License-Identifier: MIT */
/* Bank accounts: ISO 13616, the length of each country and the remainder by 97. */
#include "sight-audit-private.h"

#include <stdlib.h>
#include <string.h>

/* Countries of each length, from the registry of ISO 13616. */
static const struct {
  gsize length;
  const char *countries;
} lengths[] = {
    {15, "NO"},
    {16, "BE"},
    {18, "DK FI FK FO GL NL SD"},
    {19, "MK SI"},
    {20, "AT BA EE KZ LT LU MN XK"},
    {21, "CH HR LI LV"},
    {22, "BG BH CR DE GB GE IE ME RS VA"},
    {23, "AE GI IL IQ OM SO TL"},
    {24, "AD CZ ES MD PK RO SA SE SK TN VG"},
    {25, "LY PT ST"},
    {26, "IS TR"},
    {27, "BI DJ FR GR IT MC MR SM"},
    {28, "AL AZ BY CY DO GT HU LB NI PL SV"},
    {29, "BR EG PS QA UA"},
    {30, "JO KW MU YE"},
    {31, "MT SC"},
    {32, "LC"},
    {33, "RU"},
};

gsize sight_audit_iban_length(const char *country) {
  for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
    for (const char *at = lengths[i].countries; *at != '\0'; at += at[2] == ' ' ? 3 : 2) {
      if (at[0] == country[0] && at[1] == country[1])
        return lengths[i].length;
    }
  }
  return 0;
}

gboolean sight_audit_is_iban(const char *letters, gsize n) {
  int rest = 0;

  if (n < 5 || n != sight_audit_iban_length(letters) || !g_ascii_isdigit(letters[2]) || !g_ascii_isdigit(letters[3]))
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    char c = letters[(i + 4) % n];
    if (g_ascii_isdigit(c))
      rest = (rest * 10 + c - '0') % 97;
    else if (g_ascii_isupper(c))
      rest = (rest * 100 + c - 'A' + 10) % 97;
    else
      return FALSE;
  }
  return rest == 1;
}
