/* SPDX-License-Identifier: MIT */
/* Page templates: which addresses are the same page. */
#include "sight-page.h"

#include "sight-text.h"

#define URL_MAX 4096
#define TEMPLATE_MAX 512
#define PATTERN_MAX_BYTES 512
#define MAX_RULES 200
/* Raised when the built-in rules change, so that pages are named anew. */
#define BUILT_IN_VERSION 4
/* A value of more words than this, or longer, is free text and no name of a page. */
#define NAME_MAX_WORDS 4
#define NAME_MAX_BYTES 60

/* Parameters that decide what is shown, in the order in which they stand in a template. Those of front controllers
 * (OpenCart, MediaWiki, WordPress, DokuWiki, phpMyAdmin, Joomla and their like) come first. */
static const char *const deciding[] = {"route", "option", "controller", "module", "page",   "page_id", "post_type",
                                       "p",     "title",  "id",         "view",   "screen", "section", "action",
                                       "do",    "task",   "cmd",        "mode",   NULL};
/* Numbers that browsers and servers show pages for; with them at the top, or below one of these words, a page is a
 * status page. */
static const char *const status_numbers[] = {"400", "401", "402", "403", "404", "405", "408", "409", "410",
                                             "418", "422", "429", "451", "500", "501", "502", "503", "504"};
static const char *const status_words[] = {"error", "errors", "status", "_error", "http-error"};

/* What a system counts: a number behind one of these words and a mark is no year. */
static const char *const counted_words[] = {
    "account",  "basket", "bill",    "booking",  "bug",     "case",    "cart",     "client", "comment", "contact",
    "customer", "device", "id",      "incident", "invoice", "issue",   "item",     "job",    "message", "order",
    "payment",  "pr",     "product", "quote",    "refund",  "request", "shipment", "task",   "ticket",  "user"};

static const char *const kind_names[] = {"keep", "fold", "rename"};

void sight_page_rule_free(SightPageRule *rule) {
  if (rule == NULL)
    return;
  g_free(rule->pattern);
  g_free(rule->name);
  g_free(rule);
}

static gboolean is_fit(const char *text) {
  return text != NULL && text[0] != '\0' && strlen(text) <= PATTERN_MAX_BYTES;
}

SightPageRule *sight_page_rule_new(SightPageRuleKind kind, const char *tainted_pattern, const char *tainted_name) {
  if (!is_fit(tainted_pattern) || (kind == SIGHT_PAGE_RENAME && !is_fit(tainted_name)))
    return NULL;
  gboolean is_parameter = tainted_pattern[0] == '?';
  if (is_parameter && (kind == SIGHT_PAGE_RENAME || tainted_pattern[1] == '\0'))
    return NULL;
  SightPageRule *rule = g_new0(SightPageRule, 1);
  rule->kind = kind;
  rule->pattern = sight_text_excerpt(tainted_pattern, -1, PATTERN_MAX_BYTES);
  rule->name = kind == SIGHT_PAGE_RENAME ? sight_text_excerpt(tainted_name, -1, PATTERN_MAX_BYTES) : NULL;
  return rule;
}

const char *sight_page_rule_kind_name(SightPageRuleKind kind) {
  return kind_names[kind];
}

int sight_page_rule_kind_from_name(const char *name) {
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS(kind_names); i++)
    if (g_str_equal(name, kind_names[i]))
      return (int)i;
  return -1;
}

GPtrArray *sight_page_rules_from_json(SightJson tainted_json) {
  GPtrArray *rules = g_ptr_array_new_with_free_func((GDestroyNotify)sight_page_rule_free);
  SightJsonIter it = sight_json_iter(tainted_json);
  while (sight_json_next(&it) && rules->len < MAX_RULES) {
    int kind = sight_page_rule_kind_from_name(sight_json_string(sight_json_get(it.value, "do"), NULL));
    const char *pattern = sight_json_string(sight_json_get(it.value, "pattern"), NULL);
    const char *name = sight_json_string(sight_json_get(it.value, "as"), NULL);
    SightPageRule *rule = kind >= 0 ? sight_page_rule_new((SightPageRuleKind)kind, pattern, name) : NULL;
    if (rule != NULL)
      g_ptr_array_add(rules, rule);
  }
  return rules;
}

void sight_page_rules_write(const GPtrArray *rules, SightJsonWriter *writer) {
  sight_json_begin_array(writer);
  for (guint i = 0; i < rules->len; i++) {
    const SightPageRule *rule = rules->pdata[i];
    sight_json_begin_object(writer);
    sight_json_member_string(writer, "do", kind_names[rule->kind]);
    sight_json_member_string(writer, "pattern", rule->pattern);
    if (rule->name != NULL)
      sight_json_member_string(writer, "as", rule->name);
    sight_json_end_object(writer);
  }
  sight_json_end_array(writer);
}

char *sight_page_rules_id(const GPtrArray *rules) {
  g_autoptr(GString) text = g_string_new(NULL);
  SightJsonWriter writer = {.out = text};
  g_string_printf(text, "%d ", BUILT_IN_VERSION);
  sight_page_rules_write(rules, &writer);
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
  return g_strndup(digest, 16);
}

/* Where a pattern matches, `out` (or NULL) gets the text with ":id" for each run that a "*" stands for. Each star takes
 * as little as it can, the last one all that is left. */
static gboolean match(const char *pattern, const char *text, GString *out) {
  const char *star = NULL, *retry = NULL;
  gsize out_at_star = 0;
  while (*text != '\0' || *pattern == '*') {
    if (*pattern == '*') {
      while (*pattern == '*')
        pattern++;
      star = pattern;
      retry = text;
      if (out != NULL) {
        g_string_append(out, ":id");
        out_at_star = out->len;
      }
      if (*pattern == '\0')
        return TRUE;
    } else if (*pattern != '\0' && *pattern == *text) {
      if (out != NULL)
        g_string_append_c(out, *text);
      pattern++;
      text++;
    } else if (star != NULL && *retry != '\0') {
      pattern = star;
      text = ++retry;
      if (out != NULL)
        g_string_truncate(out, out_at_star);
    } else {
      return FALSE;
    }
  }
  return *pattern == '\0';
}

const char *const *sight_page_parameters(void) {
  return deciding;
}

gboolean sight_page_matches(const char *pattern, const char *text) {
  return match(pattern, text, NULL);
}

static gboolean is_one_of(const char *const *words, gsize n_words, const char *text) {
  for (gsize i = 0; i < n_words; i++)
    if (g_ascii_strcasecmp(words[i], text) == 0)
      return TRUE;
  return FALSE;
}

static gsize digits_at(const char *text, gsize bytes) {
  gsize n = 0;
  while (n < bytes && g_ascii_isdigit(text[n]))
    n++;
  return n;
}

/* "ORD-2026-00017", "ABC-123", "INV00017", "usr_48": what a system counts, under a prefix of its own. Not "step2",
 * "top-100", "covid-19". */
static gboolean is_numbered(const char *text, gsize bytes) {
  gsize prefix = 0, n_upper = 0, n_digits = 0;
  while (prefix < bytes && g_ascii_isalpha(text[prefix]))
    n_upper += g_ascii_isupper(text[prefix++]) ? 1 : 0;
  if (prefix == 0 || prefix > 8)
    return FALSE;
  for (gsize i = prefix; i < bytes; i++) {
    if (g_ascii_isdigit(text[i]))
      n_digits++;
    else if (strchr("-_.", text[i]) == NULL)
      return FALSE;
  }
  gboolean is_joined = prefix < bytes && g_ascii_isdigit(text[prefix]);
  gboolean is_upper = n_upper == prefix;
  if (is_joined)
    return n_digits >= (is_upper ? 3 : 5);
  return n_digits >= (is_upper || text[prefix] == '_' ? 1 : 4);
}

/* "order-1999", "ticket_7": one of these words, a mark, and digits alone. */
static gboolean is_counted(const char *text, gsize bytes) {
  gsize n_digits = 0;
  while (n_digits < bytes && g_ascii_isdigit(text[bytes - 1 - n_digits]))
    n_digits++;
  if (n_digits == 0 || n_digits + 1 >= bytes || strchr("-_", text[bytes - 1 - n_digits]) == NULL)
    return FALSE;
  g_autofree char *word = g_strndup(text, bytes - n_digits - 1);
  return is_one_of(counted_words, G_N_ELEMENTS(counted_words), word);
}

/* 1970 to 2049 is read as a year. */
static gboolean is_year(const char *text, gsize bytes) {
  int year = bytes == 4 && digits_at(text, 4) == 4 ? atoi(text) : 0;
  return year >= 1970 && year < 2050;
}

/* "2024-05-01T12:00:00Z", "2026-W12" */
static gboolean is_date(const char *text, gsize bytes) {
  return digits_at(text, bytes) == 4 && bytes >= 7 && strspn(text, "0123456789-:.+TWZ") >= bytes;
}

/* "world-cup-2026": words, and the year that they are about. */
static gboolean ends_with_year(const char *text, gsize bytes) {
  gsize stem = bytes > 5 ? bytes - 5 : 0;
  return stem > 0 && strchr("-_", text[stem]) != NULL && is_year(text + stem + 1, 4) && g_ascii_islower(text[0]);
}

/* What people never write: letters of both cases and digits in turn ("jNQXAC9IVRw", "NffrFeUfNV2Hib", but not
 * "OAuth2Callback", "GitHubToGitLab"), a short hash ("a1b2c3d"), digits with a few letters in them ("0015g00000ABC").
 */
static gboolean is_random(const char *text, gsize bytes) {
  gsize n_digits = 0, n_upper = 0, n_lower = 0, n_hex = 0, changes = 0, run = 0, longest = 0;
  gboolean letter_behind = FALSE;
  for (gsize i = 0; i < bytes; i++) {
    gboolean digit = g_ascii_isdigit(text[i]), lower = g_ascii_islower(text[i]);
    if (!g_ascii_isalnum(text[i]))
      return FALSE;
    n_digits += digit ? 1 : 0;
    n_lower += lower ? 1 : 0;
    n_upper += digit || lower ? 0 : 1;
    n_hex += g_ascii_isxdigit(text[i]) && (digit || lower) ? 1 : 0;
    letter_behind |= n_digits > 0 && !digit;
    run = lower ? run + 1 : 0;
    longest = MAX(longest, run);
    changes += i > 0 && (digit != g_ascii_isdigit(text[i - 1]) || lower != g_ascii_islower(text[i - 1])) ? 1 : 0;
  }
  if (bytes == 7 && n_hex == bytes && n_digits >= 2 && letter_behind)
    return TRUE;
  if (bytes >= 10 && letter_behind && n_digits * 2 >= bytes)
    return TRUE;
  if (n_upper == 0 || n_lower == 0 || bytes < 10 || changes < 4)
    return FALSE;
  if (n_digits == 0)
    return changes * 4 >= bytes * 3;
  return longest <= 2 || (bytes >= 12 && changes * 2 >= bytes);
}

/* "my-post-9f8e7d6c5b", "cus_NffrFeUfNV2Hib": a title or a kind, and the id behind it. */
static gboolean ends_with_id(const char *text, gsize bytes) {
  gsize tail = 0, n_digits = 0;
  while (tail < bytes && g_ascii_isalnum(text[bytes - 1 - tail])) {
    n_digits += g_ascii_isdigit(text[bytes - 1 - tail]) ? 1 : 0;
    tail++;
  }
  const char *last = text + bytes - tail;
  return tail < bytes && tail >= 8 && ((n_digits >= 2 && sight_text_is_id(last, tail)) || is_random(last, tail));
}

static gboolean looks_made(const char *text, gsize bytes) {
  return sight_text_is_id(text, bytes) || is_date(text, bytes) || is_random(text, bytes) || is_numbered(text, bytes) ||
         ends_with_id(text, bytes);
}

static gboolean is_id(const char *text, gsize bytes) {
  if (memchr(text, '@', bytes) != NULL)
    return TRUE;
  if (is_counted(text, bytes))
    return TRUE;
  /* A year behind an id is no more than a part of it. */
  return looks_made(text, bytes) && (!ends_with_year(text, bytes) || looks_made(text, bytes - 5));
}

/* "user:42", "Orders(42)": of a word that is none as a whole, the parts that are. */
static void append_parts(GString *out, const char *word) {
  while (*word != '\0') {
    gsize bytes = strcspn(word, ":(),'");
    if (bytes > 0 && !is_year(word, bytes) && is_id(word, bytes))
      g_string_append(out, ":id");
    else
      g_string_append_len(out, word, (gssize)bytes);
    word += bytes;
    if (*word != '\0')
      g_string_append_c(out, *word++);
  }
}

/* A word of a path, decoded. An extension says of an id what kind of thing it is. */
static void append_word(GString *out, const char *word, const char *parent) {
  gsize bytes = strlen(word);
  const char *dot = strrchr(word, '.');
  gsize stem = dot != NULL && dot > word && strlen(dot) <= 6 && g_ascii_isalpha(dot[1]) ? (gsize)(dot - word) : bytes;
  g_autofree char *name = g_strndup(word, stem);
  gboolean is_status = is_one_of(status_numbers, G_N_ELEMENTS(status_numbers), name) &&
                       (parent == NULL || is_one_of(status_words, G_N_ELEMENTS(status_words), parent));
  if (is_status || is_year(word, bytes))
    g_string_append(out, word);
  else if (is_id(word, stem))
    g_string_append_printf(out, ":id%s", word + stem);
  else if (is_id(word, bytes))
    g_string_append(out, ":id");
  else
    append_parts(out, word);
}

/* Decodes what is percent-encoded, but for slashes, so that each page has one spelling. Cleaned. */
static char *decode(const char *text, gsize bytes) {
  g_autofree char *plain = g_uri_unescape_segment(text, text + bytes, "/");
  if (plain == NULL || !g_utf8_validate(plain, -1, NULL))
    return g_strndup(text, bytes);
  g_autofree char *composed = g_utf8_normalize(plain, -1, G_NORMALIZE_NFC);
  return sight_text_excerpt(composed, -1, URL_MAX);
}

static void append_path(GString *out, const char *path) {
  g_auto(GStrv) words = g_strsplit(path, "/", -1);
  const char *parent = NULL;
  for (guint i = 0; words[i] != NULL; i++) {
    words[i][strcspn(words[i], ";")] = '\0'; /* ";jsessionid=…" */
    if (words[i][0] == '\0')
      continue;
    g_string_append_c(out, '/');
    append_word(out, words[i], parent);
    parent = words[i];
  }
}

/* A value is folded like a path, and is nothing but ":text" where somebody wrote it. */
static void append_value(GString *out, const char *value) {
  g_auto(GStrv) words = g_strsplit_set(value, " +", NAME_MAX_WORDS + 2);
  if (g_strv_length(words) > NAME_MAX_WORDS || strlen(value) > NAME_MAX_BYTES) {
    g_string_append(out, ":text");
    return;
  }
  for (const char *at = value; *at != '\0';) {
    gsize bytes = strcspn(at, "/:,");
    g_autofree char *part = g_strndup(at, bytes);
    if (bytes > 0)
      append_word(out, part, "");
    at += bytes;
    if (*at != '\0')
      g_string_append_c(out, *at++);
  }
}

/* The address, taken apart. */
typedef struct {
  char *path;        /* decoded, without slashes at its end; "" at the top */
  char *query;       /* as it stands, or NULL */
  char *route;       /* a fragment that is one, decoded; or NULL */
  char *route_query; /* what stands behind a route as a query does, or NULL */
} Address;

static void address_clear(Address *address) {
  g_free(address->path);
  g_free(address->query);
  g_free(address->route);
  g_free(address->route_query);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Address, address_clear)

/* "5/52.1/13.4": where a map stands. */
static gboolean is_place(const char *text, gsize bytes) {
  return text[0] != '/' && memchr(text, '/', bytes) != NULL && strspn(text, "0123456789./-") >= bytes;
}

/* Of "#!/x", "#/x?page=1", "#orders/7" and "#cart". What holds values or marks text ("#a=1", "#:~:text=…") is none.
 * Whether a single word names a place in the page instead is for those to say who see the page. */
static void take_route(Address *address, const char *fragment) {
  const char *route = fragment[0] == '!' ? fragment + 1 : fragment;
  gsize bytes = strcspn(route, "?#");
  if (bytes == 0 || memchr(route, '=', bytes) != NULL || g_str_has_prefix(route, ":~") || is_place(route, bytes))
    return;
  address->route = decode(route, bytes);
  if (route[0] == '/' && route[bytes] == '?')
    address->route_query = g_strdup(route + bytes + 1);
}

static Address take_apart(const char *path) {
  Address address = {0};
  gsize bytes = strcspn(path, "?#");
  const char *query = path[bytes] == '?' ? path + bytes + 1 : NULL;
  const char *fragment = strchr(path + bytes, '#');
  if (query != NULL)
    address.query = g_strndup(query, strcspn(query, "#"));
  if (fragment != NULL)
    take_route(&address, fragment + 1);
  g_autofree char *raw = g_strndup(path, bytes);
  g_auto(GStrv) words = g_strsplit(raw, "/", -1);
  for (guint i = 0; words[i] != NULL; i++) {
    char *plain = decode(words[i], strlen(words[i]));
    g_free(words[i]);
    words[i] = plain;
  }
  address.path = g_strjoinv("/", words);
  return address;
}

static const SightPageRule *rule_of_parameter(const GPtrArray *rules, const char *name) {
  for (guint i = 0; rules != NULL && i < rules->len; i++) {
    const SightPageRule *rule = rules->pdata[i];
    if (rule->pattern[0] == '?' && g_ascii_strcasecmp(rule->pattern + 1, name) == 0)
      return rule;
  }
  return NULL;
}

/* The value of a parameter, decoded; NULL where it is not there or empty. */
static char *parameter(const char *query, const char *name) {
  gsize name_bytes = strlen(name);
  for (const char *at = query; at != NULL && *at != '\0';) {
    gsize bytes = strcspn(at, "&;");
    if (bytes > name_bytes + 1 && at[name_bytes] == '=' && g_ascii_strncasecmp(at, name, name_bytes) == 0)
      return decode(at + name_bytes + 1, bytes - name_bytes - 1);
    at += bytes + (at[bytes] != '\0');
  }
  return NULL;
}

static void append_parameter(GString *out, gboolean *is_first, const char *query, const char *name, gboolean keep) {
  g_autofree char *value = parameter(query, name);
  if (value == NULL || value[0] == '\0')
    return;
  g_string_append_printf(out, "%c%s=", *is_first ? '?' : '&', name);
  *is_first = FALSE;
  if (keep)
    g_string_append(out, value);
  else
    append_value(out, value);
}

static void append_query(GString *out, const char *query, const GPtrArray *rules, gboolean is_first) {
  if (query == NULL)
    return;
  for (gsize i = 0; deciding[i] != NULL; i++)
    if (rule_of_parameter(rules, deciding[i]) == NULL)
      append_parameter(out, &is_first, query, deciding[i], FALSE);
  for (guint i = 0; rules != NULL && i < rules->len; i++) {
    const SightPageRule *rule = rules->pdata[i];
    if (rule->pattern[0] == '?' && rule->kind == SIGHT_PAGE_KEEP && rule_of_parameter(rules, rule->pattern + 1) == rule)
      append_parameter(out, &is_first, query, rule->pattern + 1, TRUE);
  }
}

/* By the first rule that matches; FALSE where none does. */
static gboolean append_by_rule(GString *out, const char *whole, const GPtrArray *rules) {
  for (guint i = 0; rules != NULL && i < rules->len; i++) {
    const SightPageRule *rule = rules->pdata[i];
    gsize before = out->len;
    if (rule->pattern[0] != '?' && match(rule->pattern, whole, rule->kind == SIGHT_PAGE_FOLD ? out : NULL)) {
      if (rule->kind != SIGHT_PAGE_FOLD)
        g_string_append(out, rule->kind == SIGHT_PAGE_KEEP ? whole : rule->name);
      return TRUE;
    }
    g_string_truncate(out, before);
  }
  return FALSE;
}

/* Path and route as a rule's pattern sees them: "/app#orders/123", "/" at the top. */
static char *address_text(const Address *address) {
  g_autoptr(GString) text = g_string_new(address->path);
  while (text->len > 1 && text->str[text->len - 1] == '/')
    g_string_truncate(text, text->len - 1);
  if (text->len == 0)
    g_string_append_c(text, '/');
  if (address->route != NULL)
    g_string_append_printf(text, "#%s", address->route);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void append_address(GString *out, const Address *address, const GPtrArray *rules) {
  g_autoptr(GString) route = g_string_new(NULL);
  append_path(out, address->path);
  if (address->route != NULL)
    append_path(route, address->route);
  gboolean is_path = route->len > 0 && address->route[0] == '/';
  if (out->len == 0 && (!is_path || address->query != NULL))
    g_string_append_c(out, '/');
  gsize before = out->len;
  append_query(out, address->query, rules, TRUE);
  if (is_path)
    g_string_append(out, route->str + (out->len == 1 && out->str[0] == '/' ? 1 : 0));
  else if (route->len > 0)
    g_string_append_printf(out, "#%s", route->str + 1);
  append_query(out, address->route_query, rules, strchr(out->str + MIN(before, out->len), '?') == NULL);
}

static gsize scheme_length(const char *url) {
  gsize n = 0;
  while (g_ascii_isalnum(url[n]) || url[n] == '+' || url[n] == '-' || url[n] == '.')
    n++;
  return n > 0 && g_ascii_isalpha(url[0]) && url[n] == ':' ? n : 0;
}

char *sight_page_template(const char *tainted_url, const GPtrArray *rules) {
  g_autofree char *url = sight_text_excerpt(tainted_url, -1, URL_MAX);
  gsize scheme = scheme_length(url);
  if (scheme > 0 && !g_str_has_prefix(url + scheme, "://")) {
    /* about:blank stays; of data:, blob: and javascript: only the kind is a page */
    if (g_str_has_prefix(url, "about:"))
      return g_strndup(url, strcspn(url, "?#"));
    return g_strndup(url, scheme + 1);
  }
  const char *path = url;
  if (scheme > 0)
    path = url + scheme + 3 + strcspn(url + scheme + 3, "/?#");
  else if (g_str_has_prefix(url, "//"))
    path = url + 2 + strcspn(url + 2, "/?#");
  g_auto(Address) address = take_apart(path);
  g_autofree char *whole = address_text(&address);
  g_autoptr(GString) out = g_string_new(NULL);
  if (!append_by_rule(out, whole, rules))
    append_address(out, &address, rules);
  if (out->len > TEMPLATE_MAX)
    return sight_text_excerpt(out->str, (gssize)out->len, TEMPLATE_MAX);
  return g_string_free(g_steal_pointer(&out), FALSE);
}
