/* SPDX-License-Identifier: MIT */
#include "sight-cli-moments.h"

void sight_cli_moments_clear(SightCliMoments *self) {
  sight_cli_filter_clear(&self->filter);
  g_clear_pointer(&self->sessions, g_ptr_array_unref);
  g_clear_pointer(&self->moments, g_ptr_array_unref);
}

static gboolean read_moments(SightDb *db, gpointer user_data, GError **error) {
  SightCliMoments *self = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;
  SightSessionFilter within = {.within = set};
  g_autoptr(GArray) rows = set ? sight_session_table_list(db, &within, SIGHT_SORT_NEWEST, error) : NULL;

  for (guint i = 0; rows && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_autoptr(GPtrArray) moments = session ? sight_query_moments(self->filter.query, session, error) : NULL;
    if (!moments) {
      return FALSE;
    }
    gboolean shown = self->limit == 0 || self->total < self->limit;
    self->total += moments->len;
    if (shown) {
      g_ptr_array_add(self->sessions, g_steal_pointer(&session));
      g_ptr_array_add(self->moments, g_steal_pointer(&moments));
    }
  }
  return rows != NULL;
}

gboolean sight_cli_moments_read(SightCliMoments *self, SightCli *cli, GError **error) {
  self->sessions = g_ptr_array_new_with_free_func((GDestroyNotify)sight_session_free);
  self->moments = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  return sight_cli_filter_open(&self->filter, cli, error) && sight_store_read(cli->store, read_moments, self, error);
}

gint64 sight_cli_moments_each(const SightCliMoments *self, SightCliMomentFunc func, gpointer user_data,
                              GError **error) {
  gint64 n = 0;

  for (guint i = 0; i < self->sessions->len; i++) {
    const GPtrArray *moments = g_ptr_array_index(self->moments, i);
    for (guint j = 0; j < moments->len && (self->limit == 0 || n < self->limit); j++, n++) {
      if (!func(g_ptr_array_index(self->sessions, i), g_ptr_array_index(moments, j), user_data, error))
        return -1;
    }
  }
  return n;
}
