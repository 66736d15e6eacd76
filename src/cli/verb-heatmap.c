/* SPDX-License-Identifier: MIT */
/* sightctl heatmap: where sessions clicked on a page, and how far down it they looked. */
#include "sight-cli-filter.h"

#include "sight-clock-text.h"
#include "sight-heatmap.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define USAGE "PAGE [--filter FILTER] [--limit N]"
#define PERCENT (100 / SIGHT_USAGE_BANDS)

typedef struct {
  SightCliFilter filter;
  const char *page;
  gint64 limit;
  SightHeatmap *heatmap;
} Heat;

static gboolean read_heatmap(SightDb *db, gpointer user_data, GError **error) {
  Heat *self = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;

  self->heatmap = set ? sight_heatmap_make(db, set, self->page, NULL, error) : NULL;
  return self->heatmap != NULL;
}

static guint n_shown(const Heat *self) {
  guint n = self->heatmap->elements->len;
  return self->limit > 0 ? MIN((guint)self->limit, n) : n;
}

static double share(gint64 n, gint64 of) {
  return of > 0 ? (double)n / (double)of : 0;
}

static void put_element(SightJsonWriter *w, const SightHeatmap *heatmap, const SightHeatElement *element) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "selector", element->selector);
  sight_json_member_string(w, "label", element->label);
  sight_json_member_int(w, "clicks", element->n_clicks);
  sight_json_key(w, "share");
  sight_json_put_double(w, share(element->n_clicks, heatmap->n_clicks));
  sight_json_member_int(w, "dead", element->n_dead);
  sight_json_member_int(w, "sessions", element->n_sessions);
  sight_json_member_string(w, "filter", element->filter);
  sight_json_key(w, "places");
  sight_json_begin_array(w);
  for (guint i = 0; i < element->places->len; i++) {
    const SightHeatPlace *place = &g_array_index(element->places, SightHeatPlace, i);
    sight_json_begin_array(w);
    sight_json_put_double(w, place->x / 1000.0);
    sight_json_put_double(w, place->y / 1000.0);
    sight_json_end_array(w);
  }
  sight_json_end_array(w);
  sight_json_end_object(w);
}

static void put_bands(SightJsonWriter *w, const char *key, const gint64 *bands) {
  sight_json_key(w, key);
  sight_json_begin_array(w);
  for (guint i = 0; i < SIGHT_USAGE_BANDS; i++) {
    sight_json_put_int(w, bands[i]);
  }
  sight_json_end_array(w);
}

static void print_json(const Heat *self) {
  const SightHeatmap *heatmap = self->heatmap;
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_string(&w, "page", heatmap->page);
  sight_json_member_int(&w, "sessions", heatmap->n_sessions);
  sight_json_member_int(&w, "views", heatmap->n_views);
  sight_json_member_int(&w, "clicks", heatmap->n_clicks);
  sight_json_member_int(&w, "dead", heatmap->n_dead);
  sight_json_member_int(&w, "placed", heatmap->n_placed);
  sight_json_member_int(&w, "measured", heatmap->n_measured);
  sight_json_key(&w, "fold");
  sight_json_put_double(&w, heatmap->fold / 1000.0);
  put_bands(&w, "reached", heatmap->n_reached);
  put_bands(&w, "attention_ms", heatmap->attention_ms);
  sight_json_member_int(&w, "total", heatmap->elements->len);
  sight_json_member_int(&w, "waiting", self->filter.n_waiting);
  sight_json_key(&w, "elements");
  sight_json_begin_array(&w);
  for (guint i = 0; i < n_shown(self); i++) {
    put_element(&w, heatmap, g_ptr_array_index(heatmap->elements, i));
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void print_elements(const Heat *self) {
  const SightHeatmap *heatmap = self->heatmap;
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("CLICKS"), _("SHARE"), _("DEAD"), _("SESSIONS"), _("LABEL"), _("ELEMENT"), NULL);

  for (guint i = 0; i < n_shown(self); i++) {
    const SightHeatElement *element = g_ptr_array_index(heatmap->elements, i);
    g_autofree char *clicks = g_strdup_printf("%" G_GINT64_FORMAT, element->n_clicks);
    g_autofree char *part = g_strdup_printf("%.1f %%", 100 * share(element->n_clicks, heatmap->n_clicks));
    g_autofree char *dead = g_strdup_printf("%" G_GINT64_FORMAT, element->n_dead);
    g_autofree char *sessions = g_strdup_printf("%" G_GINT64_FORMAT, element->n_sessions);
    const char *const cells[] = {clicks, part, dead, sessions, element->label, element->selector};
    for (gsize j = 0; j < G_N_ELEMENTS(cells); j++) {
      sight_cli_table_add(table, cells[j]);
    }
  }
  sight_cli_table_print(table);
  g_print(_("%u of %u elements, %" PRId64 " clicks in %" PRId64 " sessions; of %" PRId64
            " it is known where in the element, the others count for its middle\n"),
          n_shown(self), heatmap->elements->len, heatmap->n_clicks, heatmap->n_sessions, heatmap->n_placed);
}

static void print_depth(const SightHeatmap *heatmap) {
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("DOWN TO"), _("VIEWS"), _("SHARE"), _("IN VIEW FOR"), NULL);

  if (heatmap->n_measured == 0) {
    g_print(_("How high the page was is not known of any of %" PRId64 " views.\n"), heatmap->n_views);
    return;
  }
  for (guint i = 0; i < SIGHT_USAGE_BANDS; i++) {
    g_autofree char *down = g_strdup_printf("%u %%", (i + 1) * PERCENT);
    g_autofree char *views = g_strdup_printf("%" G_GINT64_FORMAT, heatmap->n_reached[i]);
    g_autofree char *part = g_strdup_printf("%.0f %%", 100 * share(heatmap->n_reached[i], heatmap->n_measured));
    g_autofree char *time = sight_clock_text(heatmap->attention_ms[i]);
    sight_cli_table_add(table, down);
    sight_cli_table_add(table, views);
    sight_cli_table_add(table, part);
    sight_cli_table_add(table, time);
  }
  g_print("\n");
  sight_cli_table_print(table);
  g_print(_("Of %" PRId64 " of %" PRId64 " views, of which the height of the page is known; the fold is "
            "at %.0f %%\n"),
          heatmap->n_measured, heatmap->n_views, heatmap->fold / 10.0);
}

static void clear(Heat *self) {
  sight_cli_filter_clear(&self->filter);
  g_clear_pointer(&self->heatmap, sight_heatmap_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Heat, clear)

int sight_verb_heatmap(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_autofree char *most = NULL;
  g_auto(Heat) self = {.limit = 50};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text,
       N_("Only of these sessions; “sightctl help filters” tells the language"), N_("FILTER")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &most, N_("At most so many elements; 0: all"), N_("N")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, USAGE,
                       _("Tells where sessions clicked on a page, by element, and how far down it they looked. PAGE is "
                         "one that “sightctl pages” lists."),
                       &argc, &argv) ||
      !sight_cli_number("--limit", most, G_MAXINT, &self.limit)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc != 2) {
    return sight_cli_usage("heatmap", USAGE);
  }
  self.filter.text = text;
  self.page = argv[1];
  if (!sight_cli_filter_open(&self.filter, cli, &error) || !sight_cli_analyse(cli, NULL, &error) ||
      !sight_store_read(cli->store, read_heatmap, &self, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
    return SIGHT_EXIT_OK;
  }
  print_elements(&self);
  print_depth(self.heatmap);
  sight_cli_filter_tell_waiting(&self.filter);
  return SIGHT_EXIT_OK;
}
