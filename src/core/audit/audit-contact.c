/* SPDX-License-Identifier: MIT */
/* E-mail addresses (the atoms of RFC 5322 and the labels of RFC 1035, no quoted ones), and addresses with a user and a
 * password (RFC 3986, 3.2.1) or with a secret in their query. */
#include "sight-audit-private.h"

#include <math.h>
#include <string.h>

#define MAX_LOCAL 64
#define MAX_DOMAIN 253
#define MAX_LOGIN 256

static gboolean is_local(char c) {
  return g_ascii_isalnum(c) || (c != '\0' && strchr("._+-'", c) != NULL);
}

static gboolean is_domain(char c) {
  return g_ascii_isalnum(c) || c == '-' || c == '.';
}

/* What looks like a domain and is the name of a file: icon@2x.png */
static gboolean is_file(const char *ending, gsize n) {
  const char *const endings[] = {"png",  "jpg", "jpeg", "gif", "svg",  "webp",
                                 "avif", "css", "js",   "mjs", "json", "html"};

  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
    if (strlen(endings[i]) == n && g_ascii_strncasecmp(endings[i], ending, n) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The end of the domain that begins there, with a dot and a last label of letters; 0: none. */
static gsize domain_end(const SightAuditScan *scan, gsize at) {
  gsize end = at, dot = 0;

  while (end < scan->bytes && end - at < MAX_DOMAIN && is_domain(scan->text[end]))
    end++;
  while (end > at && !g_ascii_isalnum(scan->text[end - 1]))
    end--;
  for (gsize i = at; i < end; i++) {
    if (scan->text[i] == '.')
      dot = i;
  }
  if (dot <= at || end - dot < 3 || is_file(scan->text + dot + 1, end - dot - 1))
    return 0;
  for (gsize i = dot + 1; i < end; i++) {
    if (!g_ascii_isalpha(scan->text[i]))
      return 0;
  }
  return end;
}

gsize sight_audit_mail(SightAuditScan *scan, gsize at) {
  gsize start = at, end = domain_end(scan, at + 1);

  while (start > 0 && at - start < MAX_LOCAL && is_local(scan->text[start - 1]))
    start--;
  while (start < at && !g_ascii_isalnum(scan->text[start]))
    start++;
  if (end == 0 || start == at || scan->text[at - 1] == '.')
    return 0;
  sight_audit_add(scan, start, end, SIGHT_AUDIT_EMAIL);
  return end;
}

gsize sight_audit_login(SightAuditScan *scan, gsize at) {
  gsize user = at + 3, colon = 0, sign = 0;

  if (sight_audit_at(scan, at + 1) != '/' || sight_audit_at(scan, at + 2) != '/')
    return 0;
  for (gsize i = user; i < scan->bytes && i - user < MAX_LOGIN; i++) {
    char c = scan->text[i];
    if (c == '/' || c == '?' || c == '#' || c == '"' || c == '<' || g_ascii_isspace(c))
      break;
    if (c == ':' && colon == 0)
      colon = i;
    if (c == '@')
      sign = i;
  }
  if (colon == 0 || sign <= colon + 1 || colon == user || !g_ascii_isalnum(sight_audit_at(scan, sign + 1)))
    return 0;
  sight_audit_add(scan, user, sign, SIGHT_AUDIT_LOGIN);
  /* What follows is the host, and no e-mail address. */
  return sign + 1;
}

/* Keys whose value is a secret as it stands, and those that must look like one. */
static const char *const secret_keys[] = {"token",      "access_token", "id_token",   "refresh_token", "password",
                                          "passwd",     "pwd",          "secret",     "client_secret", "api_key",
                                          "apikey",     "auth_token",   "authtoken",  "sessionid",     "session_id",
                                          "jsessionid", "phpsessid",    "reset_token"};
static const char *const likely_keys[] = {"key",     "sig", "signature", "auth",  "code",
                                          "session", "sid", "state",     "nonce", "otp"};

static gboolean is_key(const char *const *keys, gsize n_keys, const char *key, gsize n) {
  for (gsize i = 0; i < n_keys; i++) {
    if (strlen(keys[i]) == n && g_ascii_strncasecmp(keys[i], key, n) == 0)
      return TRUE;
  }
  return FALSE;
}

gsize sight_audit_query(SightAuditScan *scan, gsize at) {
  gsize key = at + 1, equals = key, end;

  while (equals - key < 20 && (g_ascii_isalnum(sight_audit_at(scan, equals)) || sight_audit_at(scan, equals) == '_'))
    equals++;
  if (sight_audit_at(scan, equals) != '=')
    return 0;
  for (end = equals + 1; end < scan->bytes; end++) {
    char c = scan->text[end];
    if (!g_ascii_isalnum(c) && (c == '\0' || strchr("-._~%+/=", c) == NULL))
      break;
  }
  const char *value = scan->text + equals + 1;
  gsize n = end - equals - 1;
  gboolean sure = is_key(secret_keys, G_N_ELEMENTS(secret_keys), scan->text + key, equals - key);
  gboolean likely = is_key(likely_keys, G_N_ELEMENTS(likely_keys), scan->text + key, equals - key);
  if (!(sure && n >= 4) && !(likely && n >= 16 && sight_audit_entropy(value, n) >= 3.5))
    return 0;
  sight_audit_add(scan, equals + 1, end, SIGHT_AUDIT_QUERY);
  return end;
}
