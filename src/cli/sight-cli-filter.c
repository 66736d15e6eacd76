/* SPDX-License-Identifier: MIT */
/* Filters as verbs take them. */
#include "sight-cli-filter.h"

#include "sight-signal.h"

#include <glib/gi18n-lib.h>

gboolean sight_cli_filter_open(SightCliFilter *filter, SightCli *cli, GError **error) {
  filter->filter = sight_filter_parse(filter->text ? filter->text : "", NULL, error);
  return filter->filter && sight_cli_open(cli, error) && (!filter->text || sight_cli_analyse(cli, NULL, error));
}

gboolean sight_cli_filter_begin(SightCliFilter *filter, SightDb *db, GError **error) {
  filter->query = sight_query_new(db, filter->filter, g_get_real_time() / 1000, error);
  filter->n_waiting = filter->query ? sight_query_waiting(filter->query, error) : -1;
  filter->n_left_out = filter->n_waiting >= 0 ? sight_query_left_out(filter->query, error) : -1;
  return filter->n_left_out >= 0;
}

void sight_cli_filter_tell_waiting(const SightCliFilter *filter) {
  gulong n = (gulong)MIN(filter->n_waiting, G_MAXINT);
  if (n > 0 && filter->text) {
    g_printerr(ngettext("%lu session was not looked through yet; it may match, too.\n",
                        "%lu sessions were not looked through yet; some may match, too.\n", n),
               n);
  }
  n = (gulong)MIN(filter->n_left_out, G_MAXINT);
  if (n > 0) {
    g_printerr(ngettext("%lu session has more of this than found room in the index; it may match, too.\n",
                        "%lu sessions have more of this than found room in the index; some may match, too.\n", n),
               n);
  }
}

void sight_cli_filter_clear(SightCliFilter *filter) {
  g_clear_pointer(&filter->query, sight_query_free);
  g_clear_pointer(&filter->filter, sight_filter_free);
}
