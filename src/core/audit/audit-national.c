/* SPDX-License-Identifier: MIT */
/* National numbers of persons: form and check digits. Held against python3-stdnum by tests/oracle/test-numbers.py. */
#include "sight-audit-private.h"

#include <string.h>

static int digit(char c) {
  return c - '0';
}

static int number(const char *digits, gsize n) {
  int value = 0;

  for (gsize i = 0; i < n; i++)
    value = value * 10 + digit(digits[i]);
  return value;
}

static int weighted(const char *digits, const int *weights, gsize n) {
  int sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += digit(digits[i]) * weights[i];
  return sum;
}

static gboolean is_day(int year, int month, int day) {
  return month >= 1 && month <= 12 && g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

static gboolean same_digits(const char *digits, gsize n) {
  for (gsize i = 1; i < n; i++) {
    if (digits[i] != digits[0])
      return FALSE;
  }
  return TRUE;
}

/* Area 001-899 but 666, group 01-99, serial 0001-9999, and none of the three that were printed as examples. */
gboolean sight_audit_is_ssn(const char *digits, gsize n) {
  const char *const printed[] = {"078051120", "457555462", "219099999"};

  if (n != 9 || number(digits, 3) == 0 || number(digits, 3) == 666 || digits[0] == '9' || number(digits + 3, 2) == 0 ||
      number(digits + 5, 4) == 0)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(printed); i++) {
    if (memcmp(digits, printed[i], 9) == 0)
      return FALSE;
  }
  return TRUE;
}

gboolean sight_audit_is_itin(const char *digits, gsize n) {
  int group = n == 9 ? number(digits + 3, 2) : 0;

  return n == 9 && digits[0] == '9' &&
         ((group >= 50 && group <= 65) || (group >= 70 && group <= 99 && group != 89 && group != 93));
}

gboolean sight_audit_is_nhs(const char *digits, gsize n) {
  const int weights[] = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};

  return n == 10 && weighted(digits, weights, 10) % 11 == 0 && !same_digits(digits, n);
}

gboolean sight_audit_is_bsn(const char *digits, gsize n) {
  const int weights[] = {9, 8, 7, 6, 5, 4, 3, 2, -1};

  return n == 9 && weighted(digits, weights, 9) % 11 == 0 && !same_digits(digits, n);
}

static int cpf_digit(const char *digits, gsize n) {
  int sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += digit(digits[i]) * (int)(n + 1 - i);
  return (11 - sum % 11) % 11 % 10;
}

gboolean sight_audit_is_cpf(const char *digits, gsize n) {
  return n == 11 && cpf_digit(digits, 9) == digit(digits[9]) && cpf_digit(digits, 10) == digit(digits[10]) &&
         !same_digits(digits, n);
}

/* The century is added to the month: 80 of the 1800s, 0, 20, 40, 60. */
gboolean sight_audit_is_pesel(const char *digits, gsize n) {
  const int weights[] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1};
  const int centuries[] = {1900, 2000, 2100, 2200, 1800};

  return n == 11 && weighted(digits, weights, 11) % 10 == 0 &&
         is_day(centuries[digit(digits[2]) / 2] + number(digits, 2), number(digits + 2, 2) % 20, number(digits + 4, 2));
}

/* Verhoeff's scheme (1969): the dihedral group of order ten, and a permutation for each place. */
gboolean sight_audit_is_aadhaar(const char *digits, gsize n) {
  static const guint8 permuted[8][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
                                         {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
                                         {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
                                         {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
  gboolean palindrome = TRUE;
  int check = 0;

  if (n != 12 || digits[0] < '2')
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    int next = permuted[i % 8][digit(digits[n - 1 - i])];
    palindrome = palindrome && digits[i] == digits[n - 1 - i];
    /* rotations below 5, reflections from 5 on */
    if (check < 5)
      check = next < 5 ? (check + next) % 5 : (check + next) % 5 + 5;
    else
      check = next < 5 ? (check - next + 5) % 5 + 5 : (check - next + 10) % 5;
  }
  return check == 0 && !palindrome;
}

/* Of the first ten digits exactly one comes again, twice or three times; ISO 7064, mod 11, 10. */
gboolean sight_audit_is_idnr(const char *digits, gsize n) {
  int counts[10] = {0}, n_again = 0, most = 0, check = 5;

  if (n != 11 || digits[0] == '0')
    return FALSE;
  for (gsize i = 0; i < 10; i++)
    counts[digit(digits[i])]++;
  for (gsize i = 0; i < 10; i++) {
    n_again += counts[i] > 1;
    most = MAX(most, counts[i]);
  }
  for (gsize i = 0; i < 11; i++)
    check = ((check == 0 ? 10 : check) * 2 % 11 + digit(digits[i])) % 10;
  return n_again == 1 && most <= 3 && check == 1;
}

/* Corsica's departments count as 19 and 18. */
gboolean sight_audit_is_nir(const char *digits, gsize n) {
  gint64 value = 0;

  if (n != 15)
    return FALSE;
  for (gsize i = 0; i < 13; i++) {
    char c = digits[i];
    if (i == 5 && c == '2' && (digits[6] == 'A' || digits[6] == 'B')) {
      value = value * 100 + (digits[6] == 'A' ? 19 : 18);
      i++;
    } else if (g_ascii_isdigit(c)) {
      value = value * 10 + digit(c);
    } else {
      return FALSE;
    }
  }
  return g_ascii_isdigit(digits[13]) && g_ascii_isdigit(digits[14]) && 97 - value % 97 == number(digits + 13, 2);
}

/* With the century or without: then the day must be one of either, as 29 February is. */
gboolean sight_audit_is_personnummer(const char *digits, gsize n) {
  const char *ten = digits + (n == 12 ? 2 : 0);
  int month = n == 10 || n == 12 ? number(ten + 2, 2) : 0, day = n == 10 || n == 12 ? number(ten + 4, 2) : 0;

  if ((n != 10 && n != 12) || !sight_audit_luhn(ten, 10))
    return FALSE;
  if (n == 12)
    return number(digits, 4) > 0 && is_day(number(digits, 4), month, day);
  return is_day(1900 + number(ten, 2), month, day) || is_day(2000 + number(ten, 2), month, day);
}

gboolean sight_audit_is_sin(const char *digits, gsize n) {
  return n == 9 && !same_digits(digits, n) && sight_audit_luhn(digits, n);
}

gboolean sight_audit_is_nino(const char *letters, gsize n) {
  const char *const unused[] = {"BG", "GB", "NK", "KN", "NT", "TN", "ZZ"};

  if (n != 9 || !g_ascii_isupper(letters[0]) || !g_ascii_isupper(letters[1]) || strchr("DFIQUV", letters[0]) != NULL ||
      strchr("DFIQUVO", letters[1]) != NULL || letters[8] < 'A' || letters[8] > 'D')
    return FALSE;
  for (gsize i = 2; i < 8; i++) {
    if (!g_ascii_isdigit(letters[i]))
      return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(unused); i++) {
    if (strncmp(letters, unused[i], 2) == 0)
      return FALSE;
  }
  return TRUE;
}

/* Eight digits, or seven behind X, Y or Z (0, 1, 2) of foreigners, and the letter of the remainder by 23. */
gboolean sight_audit_is_nif(const char *letters, gsize n) {
  int value = 0;

  if (n != 9)
    return FALSE;
  for (gsize i = 0; i < 8; i++) {
    if (i == 0 && letters[0] >= 'X' && letters[0] <= 'Z')
      value = letters[0] - 'X';
    else if (g_ascii_isdigit(letters[i]))
      value = value * 10 + digit(letters[i]);
    else
      return FALSE;
  }
  return letters[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[value % 23];
}

/* Letters that stand for digits where two persons would have the same. */
static int fiscale_digit(char c) {
  const char *letters = "LMNPQRSTUV";
  const char *found = c != '\0' ? strchr(letters, c) : NULL;

  return g_ascii_isdigit(c) ? digit(c) : found != NULL ? (int)(found - letters) : -1;
}

static gboolean fiscale_form(const char *letters) {
  static const char form[] = "LLLLLLDDMDDLDDDL"; /* letter, digit, month */

  for (gsize i = 0; i < 16; i++) {
    gboolean fits = form[i] == 'L'   ? g_ascii_isupper(letters[i])
                    : form[i] == 'D' ? fiscale_digit(letters[i]) >= 0
                                     : letters[i] != '\0' && strchr("ABCDEHLMPRST", letters[i]) != NULL;
    if (!fits)
      return FALSE;
  }
  return TRUE;
}

gboolean sight_audit_is_fiscale(const char *letters, gsize n) {
  static const guint8 odd[26] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  const char *months = "ABCDEHLMPRST";
  int sum = 0;

  if (n != 16 || !fiscale_form(letters))
    return FALSE;
  for (gsize i = 0; i < 15; i++) {
    int value = g_ascii_isdigit(letters[i]) ? digit(letters[i]) : letters[i] - 'A';
    sum += i % 2 == 0 ? odd[value] : value;
  }
  int year = 10 * fiscale_digit(letters[6]) + fiscale_digit(letters[7]);
  int day = (10 * fiscale_digit(letters[9]) + fiscale_digit(letters[10])) % 40;
  int month = (int)(strchr(months, letters[8]) - months) + 1;
  return letters[15] == 'A' + sum % 26 && (is_day(1900 + year, month, day) || is_day(2000 + year, month, day));
}
