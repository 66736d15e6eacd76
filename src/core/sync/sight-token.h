/* SPDX-License-Identifier: MIT */
/* Keeping the tokens of endpoints: in the Secret Service, or, where none answers within 3 s, in a file of mode 0600 in
 * the store's directory. All of it blocks: for workers. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum { SIGHT_TOKEN_KEYRING, SIGHT_TOKEN_FILE } SightTokenPlace;

/* `place` (may be NULL) tells where it went, so that the user can be told. */
gboolean sight_token_save(const char *store_directory, const char *url, const char *token, SightTokenPlace *place,
                          GError **error);
/* NULL without error: there is none. */
char *sight_token_load(const char *store_directory, const char *url, GError **error);
/* The same where there must be one: none is SIGHT_SYNC_ERROR_REFUSED. *token is the caller's. */
gboolean sight_token_need(const char *store_directory, const char *url, char **token, GError **error);
gboolean sight_token_forget(const char *store_directory, const char *url, GError **error);

G_END_DECLS
