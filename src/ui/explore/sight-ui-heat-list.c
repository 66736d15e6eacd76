/* SPDX-License-Identifier: MIT */
/* Rows of elements, or of bands of the page's height. */
#include "sight-ui-heat-list.h"

#include "sight-ui-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Of a page with very many elements the list has the first ones; it says of how many. */
#define MAX_ROWS 200

static void add_row(GtkListBox *list, const char *title, const char *subtitle, const char *number, int place) {
  GtkWidget *row = adw_action_row_new(), *label = gtk_label_new(number);
  g_autofree char *says = g_strdup_printf("%s: %s", title, number);

  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 2);
  adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 1);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  gtk_widget_set_tooltip_text(row, subtitle != NULL ? subtitle : title);
  gtk_widget_add_css_class(label, "numeric");
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), label);
  gtk_accessible_reset_relation(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, says, -1);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), place >= 0);
  g_object_set_data(G_OBJECT(row), "place", GINT_TO_POINTER(place));
  gtk_list_box_append(list, row);
}

int sight_ui_heat_list_place(GtkListBoxRow *row) {
  return GPOINTER_TO_INT(g_object_get_data(G_OBJECT(row), "place"));
}

static void list_clicks(GtkListBox *list, const SightHeatmap *map, SightUiHeatKind kind) {
  gint64 n_all = MAX(kind == SIGHT_UI_HEAT_DEAD ? map->n_dead : map->n_clicks, 1);
  guint n_rows = 0;

  for (guint i = 0; i < map->elements->len && n_rows < MAX_ROWS; i++) {
    const SightHeatElement *element = map->elements->pdata[i];
    gint64 n = sight_ui_heat_clicks(element, kind);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT " · %.1f %%", n, 100.0 * (double)n / (double)n_all);
    if (n == 0)
      continue;
    n_rows++;
    add_row(list, element->label[0] != '\0' ? element->label : element->selector, element->selector, number, (int)i);
  }
}

static void list_movement(GtkListBox *list, const SightMovement *movement) {
  for (guint i = 0; i < MIN(movement->elements->len, MAX_ROWS); i++) {
    const SightMovedElement *element = movement->elements->pdata[i];
    g_autofree char *time = sight_ui_heat_per_view(movement, element);
    g_autofree char *number =
        g_strdup_printf("%s · %.1f %%", time, 100.0 * (double)element->ms / (double)MAX(movement->ms, 1));
    add_row(list, element->label[0] != '\0' ? element->label : element->selector, element->selector, number, (int)i);
  }
}

static void list_bands(GtkListBox *list, const SightHeatmap *map, SightUiHeatKind kind) {
  for (int i = 0; map->n_measured > 0 && i < SIGHT_USAGE_BANDS; i++) {
    g_autofree char *title = g_strdup_printf(_("From %d to %d %% of the height"), i * 100 / SIGHT_USAGE_BANDS,
                                             (i + 1) * 100 / SIGHT_USAGE_BANDS);
    g_autofree char *time = sight_ui_format_time(map->attention_ms[i] / map->n_measured);
    g_autofree char *number =
        kind == SIGHT_UI_HEAT_ATTENTION
            ? g_strdup(time)
            : g_strdup_printf("%.1f %%", 100.0 * (double)map->n_reached[i] / (double)map->n_measured);
    add_row(list, title, NULL, number, -1);
  }
}

void sight_ui_heat_list_fill(GtkListBox *list, const SightUiHeat *heat, const SightMovement *movement,
                             SightUiHeatKind kind) {
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index(list, 0)) != NULL)
    gtk_list_box_remove(list, GTK_WIDGET(row));
  if (kind == SIGHT_UI_HEAT_CLICKS || kind == SIGHT_UI_HEAT_DEAD)
    list_clicks(list, heat->heatmap, kind);
  else if (kind != SIGHT_UI_HEAT_MOVEMENT)
    list_bands(list, heat->heatmap, kind);
  else if (movement != NULL)
    list_movement(list, movement);
}

static void say_clicks(GString *text, const SightHeatmap *map, SightUiHeatKind kind) {
  gint64 n = kind == SIGHT_UI_HEAT_DEAD ? map->n_dead : map->n_clicks, n_middle = map->n_clicks - map->n_placed;
  g_autofree char *of =
      g_strdup_printf(ngettext("%d session", "%d sessions", (gulong)map->n_sessions), (int)map->n_sessions);

  /* TRANSLATORS: clicks, and how many sessions they are of: "12 clicks of 3 sessions" */
  g_string_append_printf(text, ngettext("%d click of %s", "%d clicks of %s", (gulong)n), (int)n, of);
  if (kind == SIGHT_UI_HEAT_CLICKS && n_middle > 0)
    g_string_append_printf(text,
                           ngettext("; of %d of them the place in the element is not known: it counts for its middle",
                                    "; of %d of them the place in the element is not known: they count for its middle",
                                    (gulong)n_middle),
                           (int)n_middle);
}

static void say_movement(GString *text, const SightHeatmap *map, const SightMovement *movement) {
  if (movement == NULL) {
    g_string_append(text, _("Movement is read from the recordings…"));
    return;
  }
  guint n = movement->n_sessions + movement->n_missing;
  if (n >= map->n_sessions)
    g_string_append_printf(text,
                           ngettext("Time of the pointer for each view, in %u session",
                                    "Time of the pointer for each view, in %u sessions", n),
                           n);
  else
    g_string_append_printf(text,
                           ngettext("Time of the pointer for each view, in the latest %u of %u session",
                                    "Time of the pointer for each view, in the latest %u of %u sessions",
                                    (gulong)map->n_sessions),
                           n, (guint)map->n_sessions);
  if (movement->n_missing > 0)
    g_string_append_printf(text,
                           ngettext("; the recording of %u of them is not here",
                                    "; the recordings of %u of them are not here", movement->n_missing),
                           movement->n_missing);
}

static void say_bands(GString *text, const SightHeatmap *map, SightUiHeatKind kind) {
  gulong n = (gulong)map->n_measured;

  if (n == 0)
    g_string_append(text, _("Of none of these views the height of the page is known: their recorders did not tell."));
  else
    g_string_append_printf(
        text,
        kind == SIGHT_UI_HEAT_DEPTH
            ? ngettext("Share of %d view that came so far down", "Share of %d views that came so far down", n)
            : ngettext("Time in view, of %d view", "Time in view, on average of %d views", n),
        (int)n);
}

char *sight_ui_heat_list_say(const SightUiHeat *heat, const SightMovement *movement, SightUiHeatKind kind) {
  g_autoptr(GString) text = g_string_new(NULL);

  if (kind == SIGHT_UI_HEAT_CLICKS || kind == SIGHT_UI_HEAT_DEAD)
    say_clicks(text, heat->heatmap, kind);
  else if (kind == SIGHT_UI_HEAT_MOVEMENT)
    say_movement(text, heat->heatmap, movement);
  else
    say_bands(text, heat->heatmap, kind);
  if (heat->who != NULL)
    g_string_append_printf(text, _(" · the page as %s saw it"), heat->who);
  return g_string_free(g_steal_pointer(&text), FALSE);
}
