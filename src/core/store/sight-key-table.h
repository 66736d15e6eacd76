/* SPDX-License-Identifier: MIT */
/* A collector's keys: public write keys and secret tokens of a project. Tokens are stored as SHA-256 only. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_SCOPE_INGEST = 1 << 0,   /* write key: post batches, nothing else */
  SIGHT_SCOPE_READ = 1 << 1,     /* sessions, batches, annotations */
  SIGHT_SCOPE_ANNOTATE = 1 << 2, /* post annotations */
  SIGHT_SCOPE_ADMIN = 1 << 3,    /* erase */
  SIGHT_SCOPE_METRICS = 1 << 4,  /* what a collector counts */
} SightScopes;

/* Owns its strings. */
#define SIGHT_KEY_HASH_BYTES 32

typedef struct {
  gint64 row, project;
  char *name;
  char *key; /* a write key in full; of a token its first characters, to tell it by */
  SightScopes scopes;
  gint64 created_ms;
  gboolean revoked;
  guint8 hash[SIGHT_KEY_HASH_BYTES];
} SightKey;
void sight_key_free(SightKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightKey, sight_key_free)

/* A new random one, the caller's; *shown is what stays readable of it. */
char *sight_key_new(SightScopes scopes, char **shown);
/* By what it is looked up. FALSE where it cannot be one. */
gboolean sight_key_hash(const char *tainted_key, guint8 hash[SIGHT_KEY_HASH_BYTES]);

/* Makes one and returns it in full ("ssw_…" or "sst_…"); of a token this is the only time that it can be seen. */
char *sight_key_table_create(SightDb *db, gint64 project, const char *name, SightScopes scopes, GError **error);
/* The key that this text is, or NULL without error where there is none or it is revoked. */
SightKey *sight_key_table_check(SightDb *db, const char *tainted_key, GError **error);
GPtrArray *sight_key_table_list(SightDb *db, GError **error);
/* Adds a key of another store, as it was there; one that is here already stays. */
gboolean sight_key_table_restore(SightDb *db, gint64 project, const SightKey *key, GError **error);
gboolean sight_key_table_revoke(SightDb *db, gint64 row, GError **error);

/* Origins that may post for a project ("https://shop.example"); none: any. NULL-terminated. */
char **sight_key_table_origins(SightDb *db, gint64 project, GError **error);
gboolean sight_key_table_set_origins(SightDb *db, gint64 project, const char *const *origins, GError **error);

G_END_DECLS
