/* SPDX-License-Identifier: MIT */
/* Filters as verbs take them. */
#include "sight-cli-filter.h"

#include "sight-signal.h"

gboolean sight_cli_filter_parse(SightCliFilter *filter, GError **error) {
  filter->filter = sight_filter_parse(filter->text ? filter->text : "", NULL, error);
  return filter->filter != NULL;
}

gboolean sight_cli_filter_begin(SightCliFilter *filter, SightDb *db, GError **error) {
  filter->query = sight_query_new(db, filter->filter, g_get_real_time() / 1000, error);
  return filter->query != NULL;
}

void sight_cli_filter_clear(SightCliFilter *filter) {
  g_clear_pointer(&filter->query, sight_query_free);
  g_clear_pointer(&filter->filter, sight_filter_free);
}

void sight_cli_put_moment(SightJsonWriter *w, const SightQueryMoment *moment) {
  sight_json_member_string(w, "condition", moment->condition);
  sight_json_member_int(w, "start_ms", moment->start_ms);
  sight_json_member_int(w, "end_ms", moment->end_ms);
  sight_json_member_string(w, "kind",
                           moment->signal >= 0 ? sight_signal_kind_name((SightSignalKind)moment->signal) : NULL);
  sight_json_member_string(w, "reason", moment->reason);
}
