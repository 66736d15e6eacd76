/* SPDX-License-Identifier: MIT */
/* SightSelector: a CSS selector, read once and asked often. */
#pragma once

#include "sight-dom.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Type, *, #id, .class, [attr] with =, ~=, |=, ^=, $=, *= (and i), :not(…), :checked, :disabled, :enabled, :empty,
 * :first-child, :last-child, :nth-of-type(n), descendant and child combinators, lists. Does not look into shadow roots
 * and frames from outside: each tree is matched for itself. Immutable; any thread. */
typedef struct SightSelector SightSelector;

/* NULL with error (G_IO_ERROR_INVALID_ARGUMENT) where it is none that we know; the message says where. */
SightSelector *sight_selector_new(const char *tainted_text, GError **error);
void sight_selector_free(SightSelector *selector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightSelector, sight_selector_free)

/* Whether it asks for nothing but what sight_dom_append_signature() tells. */
gboolean sight_selector_is_signature(const SightSelector *selector);
/* Whether it asks for elements that have a signature: each alternative, in what it says of the element itself, names a
 * tag that stands for something, an id, a role or a data-testid, or without a tag a class or a state that signatures
 * tell. Of others most have none. */
gboolean sight_selector_has_signatures(const SightSelector *selector);
/* What the signature of each element that it finds has, as far as signatures tell: a compound selector, "*" where that
 * is nothing. One for each alternative: GPtrArray of char, the caller's. */
GPtrArray *sight_selector_subjects(const SightSelector *selector);

gboolean sight_selector_matches(const SightSelector *selector, const SightDom *dom, int id);
/* Whether it or one of all that it stands in matches, also out of shadow roots and frames. Adds to *n_nodes how many
 * were looked at: each once. */
gboolean sight_selector_matches_around(const SightSelector *selector, const SightDom *dom, int id, gint64 *n_nodes);
/* The first element in document order that matches; 0 for none. */
int sight_selector_find(const SightSelector *selector, const SightDom *dom);
/* Ids of all, in document order; GArray of int, the caller's. */
GArray *sight_selector_find_all(const SightSelector *selector, const SightDom *dom);

G_END_DECLS
