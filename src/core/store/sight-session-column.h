/* SPDX-License-Identifier: MIT */
/* Sets of sessions by one column each: what conditions of filters are made of. Inside sight_store_read(). */
#pragma once

#include "sight-session-table.h"
#include "sight-set.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_COLUMN_STARTED, /* numbers; unknown where the visitor's clock cannot be believed */
  SIGHT_COLUMN_DURATION,
  SIGHT_COLUMN_FRICTION,
  SIGHT_COLUMN_N_PAGES,
  SIGHT_COLUMN_N_CLICKS,
  SIGHT_COLUMN_N_SIGNALS,
  SIGHT_COLUMN_WIDTH,
  SIGHT_COLUMN_ENDPOINT_ROW,
  SIGHT_COLUMN_EXIT_ROW, /* of the page that it ended on */
  SIGHT_COLUMN_ENTRY,    /* texts */
  SIGHT_COLUMN_EXIT,
  SIGHT_COLUMN_USER,
  SIGHT_COLUMN_SESSION,
  SIGHT_COLUMN_ENDPOINT, /* its name */
  SIGHT_COLUMN_DEVICE,
  SIGHT_COLUMN_RELEASE,
  SIGHT_N_COLUMNS
} SightSessionColumn;

/* The sets are the caller's; NULL with error. */
SightSet *sight_session_column_all(SightDb *db, GError **error);
/* Sessions that have all of some flags and none of others. */
SightSet *sight_session_column_flags(SightDb *db, guint32 all, guint32 none, GError **error);
/* Sessions of which a number is known and within these bounds, which are included and may be infinite. */
SightSet *sight_session_column_between(SightDb *db, SightSessionColumn column, double from, double to, GError **error);
/* Sessions whose text is known and passes a test, which is asked once for the same text in a row. */
typedef gboolean (*SightColumnTest)(const char *text, gpointer user_data);
SightSet *sight_session_column_where(SightDb *db, SightSessionColumn column, SightColumnTest test, gpointer user_data,
                                     GError **error);
/* Sessions of named users of which the endpoint has no earlier one. */
SightSet *sight_session_column_new_users(SightDb *db, GError **error);
/* Sessions in whose words (sight-text-table.h) these ones, folded, follow each other. */
SightSet *sight_session_column_words(SightDb *db, const char *folded_words, GError **error);

G_END_DECLS
