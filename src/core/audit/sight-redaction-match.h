/* SPDX-License-Identifier: MIT */
/* SightForms: texts that are looked for all at once, however each of their characters is written. Inside the audit
 * module only. One thread at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SightForms SightForms;

/* `exact`: bytes, as they are. Else UTF-8, each character as itself (ASCII letters of any case), percent-encoded once
 * or more often (RFC 3986; a blank also as +), as a character reference of HTML, or escaped as in JSON, also in JSON
 * that is a string in JSON; mixed as you like. */
SightForms *sight_forms_new(gboolean exact);
void sight_forms_free(SightForms *forms);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightForms, sight_forms_free)
/* An empty one is left out. */
void sight_forms_add(SightForms *forms, const char *text, gsize bytes);

/* Whether a form (in small letters, unless `exact`) is looked for now. */
typedef gboolean (*SightFormFunc)(const char *text, gsize bytes);
/* Where the longest of them that stands at `at` (before `end`) ends; NULL: none does. `counts` may be NULL: all of
 * them. Takes from `work` for each character that is compared; with none left nothing more is found, and nothing is
 * known. */
const char *sight_forms_at(SightForms *forms, const char *at, const char *end, SightFormFunc counts, gint64 *work);

G_END_DECLS
