/* SPDX-License-Identifier: MIT */
/* Which page an address is: its template, by built-in rules and by those of a project. */
#pragma once

#include "sight-json-writer.h"
#include "sight-json.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_PAGE_KEEP,   /* what matches stays as it is; of a parameter: it is part of the page */
  SIGHT_PAGE_FOLD,   /* what "*" stands for becomes ":id"; of a parameter: it is no part of the page */
  SIGHT_PAGE_RENAME, /* what matches is the page `name` */
} SightPageRuleKind;

/* One rule of a project. `pattern` is compared with the path (and "#" with the route behind it); "*" is any run of
 * characters, also none. A pattern "?NAME" means the parameter of that name instead; it can be kept and folded. */
typedef struct {
  SightPageRuleKind kind;
  char *pattern;
  char *name; /* RENAME only */
} SightPageRule;
/* Copies. NULL where it makes no sense: an empty or overlong pattern, a name that is missing, a parameter renamed. */
SightPageRule *sight_page_rule_new(SightPageRuleKind kind, const char *tainted_pattern, const char *tainted_name);
void sight_page_rule_free(SightPageRule *rule);

/* "keep", "fold", "rename" and back; -1: none of them. */
const char *sight_page_rule_kind_name(SightPageRuleKind kind);
int sight_page_rule_kind_from_name(const char *name);

/* [{"do":"fold","pattern":"/u/…"}, …]; what is no rule is left out, at most 200 are read. GPtrArray of SightPageRule,
 * the caller's. */
GPtrArray *sight_page_rules_from_json(SightJson tainted_json);
void sight_page_rules_write(const GPtrArray *rules, SightJsonWriter *writer);
/* Equal for equal rules under the same built-in ones: pages that were named under another id are to be named anew. Hex,
 * the caller's. */
char *sight_page_rules_id(const GPtrArray *rules);

/* The page of a URL, never NULL, "/" at least. Scheme and host are dropped; the path is decoded, its segments that are
 * ids of any make (numbers, hashes, ORD-2026-00017, INV00017, 12.html) become ":id", but not words, years, nor the
 * numbers of status pages. Of the query those parameters stay that decide what is shown (route, page, title, action …),
 * in one order and folded like a path. A fragment stays where it is a route. The first of the project's rules that
 * matches wins over all of that. `rules`: of SightPageRule, or NULL.
 * "https://shop.example/p/8123/reviews?x=1" gives "/p/:id/reviews". Linear in the length of the URL. */
char *sight_page_template(const char *tainted_url, const GPtrArray *rules);

/* The parameters that decide what is shown by the built-in rules, up to a NULL. Static. */
const char *const *sight_page_parameters(void);

/* Whether text matches a pattern in which "*" is any run of characters. */
gboolean sight_page_matches(const char *pattern, const char *text);

G_END_DECLS
