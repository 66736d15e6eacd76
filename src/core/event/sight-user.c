/* SPDX-License-Identifier: MIT */
/* Reading whom an event names. */
#include "sight-user.h"

#include "sight-hash.h"
#include "sight-text.h"

#include <math.h>
#include <string.h>

#define NAME_CHARS 200
#define CUT_CHARS 160
#define HASH_DIGITS 16
/* A control character, which no name has. */
#define BUCKET_MARK "\x1f"
/* Exact in a double, so in what JavaScript counts with. */
#define MAX_WHOLE 9007199254740991.0

char *sight_user_name(const char *tainted_user, gssize bytes) {
  g_autofree char *name = sight_text_excerpt(tainted_user, bytes, G_MAXUINT);
  if (name[0] == '\0')
    return NULL;
  if (g_utf8_strlen(name, -1) <= NAME_CHARS)
    return g_steal_pointer(&name);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
  g_autofree char *begin = sight_text_excerpt(name, -1, CUT_CHARS);
  return g_strdup_printf("%s%.*s", begin, HASH_DIGITS, hash);
}

char *sight_user_bucket(const char *name) {
  if (name[0] == BUCKET_MARK[0])
    return g_strdup(name);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
  return g_strdup_printf(BUCKET_MARK "%.2s", hash);
}

/* Numbers are named as JavaScript prints them, as far as they are whole. */
static char *number_name(SightJson number) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double exact = sight_json_double(number, 0);
  if (exact == floor(exact) && fabs(exact) <= MAX_WHOLE)
    return g_strdup_printf("%" G_GINT64_FORMAT, sight_json_int(number, 0));
  return g_strdup(g_ascii_dtostr(text, sizeof text, exact));
}

static char *name_of(SightJson value) {
  gsize bytes = 0;
  const char *text = sight_json_string(value, &bytes);
  if (text != NULL)
    return sight_user_name(text, (gssize)bytes);
  return sight_json_type(value) == SIGHT_JSON_NUMBER ? number_name(value) : NULL;
}

char *sight_event_user(const SightEvent *event) {
  static const char *const tags[] = {"ss:identify", "identify", "$identify"};
  static const char *const keys[] = {"user", "id", "userId", "distinct_id", "identifier", "email"};
  const char *tag = sight_event_tag(event);
  gboolean names = FALSE;
  for (guint i = 0; tag != NULL && i < G_N_ELEMENTS(tags); i++)
    names |= g_ascii_strcasecmp(tag, tags[i]) == 0;
  if (!names)
    return NULL;
  SightJson payload = sight_event_payload(event);
  char *name = name_of(payload);
  for (guint i = 0; name == NULL && i < G_N_ELEMENTS(keys); i++)
    name = name_of(sight_json_get(payload, keys[i]));
  return name;
}

void sight_users_note(SightUsers *users, const SightEvent *event) {
  g_autofree char *name = sight_event_user(event);
  if (name == NULL)
    return;
  if (users->list == NULL) {
    users->list = g_ptr_array_new_with_free_func(g_free);
    users->set = g_hash_table_new(sight_hash_text, g_str_equal);
  }
  if (g_hash_table_contains(users->set, name))
    return;
  if (users->list->len >= SIGHT_USERS_MAX_NAMES) {
    char *bucket = sight_user_bucket(name);
    g_free(name);
    name = bucket;
  }
  if (g_hash_table_contains(users->set, name))
    return;
  g_ptr_array_add(users->list, name);
  g_hash_table_add(users->set, g_steal_pointer(&name));
}

void sight_users_clear(SightUsers *users) {
  g_clear_pointer(&users->set, g_hash_table_unref);
  g_clear_pointer(&users->list, g_ptr_array_unref);
}
