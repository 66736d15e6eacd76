/* SPDX-License-Identifier: MIT */
/* sightctl heatmap: where sessions clicked on a page, how far down it they looked, and where the pointer was. */
#include "sight-cli-filter.h"

#include "sight-clock-text.h"
#include "sight-heatmap.h"
#include "sight-movement.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define USAGE "PAGE [--filter FILTER] [--limit N] [--movement] [--latest N]"
#define PERCENT (100 / SIGHT_USAGE_BANDS)

typedef struct {
  SightCliFilter filter;
  const char *page;
  gint64 limit;
  SightHeatmap *heatmap;

  gint64 latest;
  GArray *rows; /* of the sessions whose movement is read; NULL: of none */
  SightMovement *movement;
} Heat;

static gboolean read_heatmap(SightDb *db, gpointer user_data, GError **error) {
  Heat *self = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;

  self->heatmap = set ? sight_heatmap_make(db, set, self->page, NULL, error) : NULL;
  return self->heatmap != NULL;
}

static guint n_shown(const Heat *self, const GPtrArray *elements) {
  return self->limit > 0 ? MIN((guint)self->limit, elements->len) : elements->len;
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

static void put_movement(SightJsonWriter *w, const Heat *self) {
  const SightMovement *movement = self->movement;

  sight_json_begin_object(w);
  sight_json_member_int(w, "sessions", movement->n_sessions);
  sight_json_member_int(w, "missing", movement->n_missing);
  sight_json_member_int(w, "views", movement->n_views);
  sight_json_member_int(w, "ms", movement->ms);
  sight_json_member_int(w, "total", movement->elements->len);
  sight_json_key(w, "elements");
  sight_json_begin_array(w);
  for (guint i = 0; i < n_shown(self, movement->elements); i++) {
    const SightMovedElement *element = g_ptr_array_index(movement->elements, i);
    sight_json_begin_object(w);
    sight_json_member_string(w, "selector", element->selector);
    sight_json_member_string(w, "label", element->label);
    sight_json_member_int(w, "ms", element->ms);
    sight_json_key(w, "share");
    sight_json_put_double(w, share(element->ms, movement->ms));
    sight_json_member_int(w, "sessions", element->n_sessions);
    sight_json_member_string(w, "session", element->session);
    sight_json_member_int(w, "at_ms", element->at_ms);
    sight_json_end_object(w);
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
  for (guint i = 0; i < n_shown(self, heatmap->elements); i++) {
    put_element(&w, heatmap, g_ptr_array_index(heatmap->elements, i));
  }
  sight_json_end_array(&w);
  if (self->movement) {
    sight_json_key(&w, "movement");
    put_movement(&w, self);
  }
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void print_elements(const Heat *self) {
  const SightHeatmap *heatmap = self->heatmap;
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("CLICKS"), _("SHARE"), _("DEAD"), _("SESSIONS"), _("LABEL"), _("ELEMENT"), NULL);

  for (guint i = 0; i < n_shown(self, heatmap->elements); i++) {
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
          n_shown(self, heatmap->elements), heatmap->elements->len, heatmap->n_clicks, heatmap->n_sessions,
          heatmap->n_placed);
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

static void print_movement(const Heat *self) {
  const SightMovement *movement = self->movement;
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("PER VIEW"), _("SHARE"), _("SESSIONS"), _("LONGEST IN"),
                                                       _("AT"), _("LABEL"), _("ELEMENT"), NULL);

  for (guint i = 0; i < n_shown(self, movement->elements); i++) {
    const SightMovedElement *element = g_ptr_array_index(movement->elements, i);
    g_autofree char *per_view =
        g_strdup_printf("%.2f s", (double)element->ms / 1000 / (double)MAX(movement->n_views, 1));
    g_autofree char *part = g_strdup_printf("%.1f %%", 100 * share(element->ms, movement->ms));
    g_autofree char *sessions = g_strdup_printf("%" G_GINT64_FORMAT, element->n_sessions);
    g_autofree char *at = sight_clock_text(element->at_ms);
    const char *const cells[] = {per_view, part, sessions, element->session, at, element->label, element->selector};
    for (gsize j = 0; j < G_N_ELEMENTS(cells); j++) {
      sight_cli_table_add(table, cells[j]);
    }
  }
  g_print("\n");
  sight_cli_table_print(table);
  g_print(_("The pointer over %u of %u elements, in %" PRId64 " views; movement in the latest %u of %" PRId64
            " sessions\n"),
          n_shown(self, movement->elements), movement->elements->len, movement->n_views, self->rows->len,
          self->heatmap->n_sessions);
  if (movement->n_missing > 0) {
    g_print(ngettext("The recording of %u of them is not here.\n", "The recordings of %u of them are not here.\n",
                     movement->n_missing),
            movement->n_missing);
  }
}

static gboolean find_newest(SightDb *db, gpointer user_data, GError **error) {
  Heat *self = user_data;

  self->rows = sight_heatmap_newest(db, self->filter.text, 0, self->page, (guint)self->latest, error);
  return self->rows != NULL;
}

static void tell_progress(guint n_done, guint n_total, gpointer user_data) {
  sight_cli_progress(_("Looked through %u of %u sessions"), n_done, n_total);
}

static gboolean read_movement(SightStore *store, Heat *self, GError **error) {
  if (!sight_store_read(store, find_newest, self, error)) {
    return FALSE;
  }
  self->movement = sight_movement_read(store, self->page, self->rows, tell_progress, NULL, NULL, error);
  sight_cli_progress(NULL);
  return self->movement != NULL;
}

static void clear(Heat *self) {
  sight_cli_filter_clear(&self->filter);
  g_clear_pointer(&self->rows, g_array_unref);
  g_clear_pointer(&self->movement, sight_movement_free);
  g_clear_pointer(&self->heatmap, sight_heatmap_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Heat, clear)

int sight_verb_heatmap(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_autofree char *most = NULL;
  g_autofree char *newest = NULL;
  gboolean movement = FALSE;
  g_auto(Heat) self = {.limit = 50, .latest = SIGHT_MOVEMENT_SESSIONS};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text,
       N_("Only of these sessions; “sightctl help filters” tells the language"), N_("FILTER")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &most, N_("At most so many elements; 0: all"), N_("N")},
      {"movement", 0, 0, G_OPTION_ARG_NONE, &movement,
       N_("Also how long the pointer was over each element, which is read from the recordings"), NULL},
      {"latest", 0, 0, G_OPTION_ARG_STRING, &newest, N_("That of the latest N sessions; 0: all"), N_("N")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(
          cli, entries, USAGE,
          _("Tells where sessions clicked on a page, by element, how far down it they looked, and where the "
            "pointer was. PAGE is one that “sightctl pages” lists."),
          &argc, &argv) ||
      !sight_cli_number("--limit", most, G_MAXINT, &self.limit) ||
      !sight_cli_number("--latest", newest, G_MAXINT, &self.latest)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc != 2) {
    return sight_cli_usage("heatmap", USAGE);
  }
  self.filter.text = text;
  self.page = argv[1];
  if (!sight_cli_filter_open(&self.filter, cli, &error) || !sight_cli_analyse(cli, NULL, &error) ||
      !sight_store_read(cli->store, read_heatmap, &self, &error) ||
      (movement && !read_movement(cli->store, &self, &error))) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
    return SIGHT_EXIT_OK;
  }
  print_elements(&self);
  print_depth(self.heatmap);
  if (self.movement) {
    print_movement(&self);
  }
  sight_cli_filter_tell_waiting(&self.filter);
  return SIGHT_EXIT_OK;
}
