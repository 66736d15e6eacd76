/* SPDX-License-Identifier: MIT */
/* A row for each value: a bar with a tick where the others are, and both shares as numbers. */
#include "sight-ui-problem-shares.h"

#include "sight-field.h"
#include "sight-ui-compat.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* Of a key that has many values. */
#define MAX_ROWS 5
#define BAR_HEIGHT 8
#define BAR_WIDTH 48
#define TICK 2
#define FILL_ALPHA 0.4f
#define TRACK_ALPHA 0.1f

/* A bar */

#define SIGHT_UI_TYPE_SHARE_BAR (sight_ui_share_bar_get_type())
G_DECLARE_FINAL_TYPE(SightUiShareBar, sight_ui_share_bar, SIGHT_UI, SHARE_BAR, GtkWidget)

struct _SightUiShareBar {
  GtkWidget parent_instance;
  float these, those; /* 0 to 1 */
  gboolean more;
};

G_DEFINE_FINAL_TYPE(SightUiShareBar, sight_ui_share_bar, GTK_TYPE_WIDGET)

static void add_part(GtkWidget *widget, GtkSnapshot *to, float from, float width, GdkRGBA color) {
  float height = (float)gtk_widget_get_height(widget), whole = (float)gtk_widget_get_width(widget);
  float top = MAX((height - BAR_HEIGHT) / 2, 0);
  /* It begins where reading does. */
  float left = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL ? whole - from - width : from;

  gtk_snapshot_append_color(to, &color, &GRAPHENE_RECT_INIT(left, top, width, MIN(BAR_HEIGHT, height)));
}

static void snapshot_bar(GtkWidget *widget, GtkSnapshot *to) {
  SightUiShareBar *self = SIGHT_UI_SHARE_BAR(widget);
  float width = (float)gtk_widget_get_width(widget);
  GdkRGBA ink = sight_ui_compat_ink(widget), track = ink, fill = ink;

  track.alpha = TRACK_ALPHA;
  if (self->more)
    sight_ui_compat_colour(widget, "accent_color", &fill);
  else
    fill.alpha = FILL_ALPHA;
  add_part(widget, to, 0, width, track);
  add_part(widget, to, 0, width * self->these, fill);
  if (self->those >= 0)
    add_part(widget, to, MIN(width * self->those, width - TICK), TICK, ink);
}

static void measure_bar(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? BAR_HEIGHT : BAR_WIDTH;
}

static void sight_ui_share_bar_class_init(SightUiShareBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  widget_class->snapshot = snapshot_bar;
  widget_class->measure = measure_bar;
  gtk_widget_class_set_css_name(widget_class, "share-bar");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void sight_ui_share_bar_init(SightUiShareBar *self) {
}

/* All of them */

struct _SightUiProblemShares {
  GtkWidget parent_instance;
  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE(SightUiProblemShares, sight_ui_problem_shares, GTK_TYPE_WIDGET)

static guint narrow_signal;

static double part_of(gint64 n, gint64 all) {
  return all > 0 ? (double)n / (double)all : 0;
}

static GtkWidget *make_label(const char *text, const char *style, float xalign) {
  GtkWidget *label = gtk_label_new(text);

  gtk_label_set_xalign(GTK_LABEL(label), xalign);
  gtk_widget_add_css_class(label, "numeric");
  if (style != NULL)
    gtk_widget_add_css_class(label, style);
  return label;
}

static void pressed(GtkButton *button, SightUiProblemShares *self) {
  g_signal_emit(self, narrow_signal, 0, g_object_get_data(G_OBJECT(button), "filter"));
}

static void name_for_assistance(GtkWidget *button, const SightProblemShare *share, const char *these, const char *those,
                                gboolean more) {
  g_autofree char *shares = those != NULL
                                /* TRANSLATORS: "86.0 % of those who met it, 41.3 % of the others" */
                                ? g_strdup_printf(_("%s of those who met it, %s of the others"), these, those)
                                : g_strdup_printf(_("%s of those who met it"), these);
  g_autofree char *name =
      g_strdup_printf("%s: %s%s%s", share->value, shares, more ? ", " : "", more ? _("more often than by chance") : "");

  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text(button, name);
}

static GtkWidget *make_value(SightUiProblemShares *self, const SightProblemShare *share) {
  GtkWidget *button = gtk_button_new(), *label = gtk_label_new(share->value);

  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_button_set_child(GTK_BUTTON(button), label);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "explore-cell");
  g_object_set_data_full(G_OBJECT(button), "filter", g_strdup(share->filter), g_free);
  g_signal_connect_object(button, "clicked", G_CALLBACK(pressed), self, 0);
  return button;
}

static void add_share(SightUiProblemShares *self, GtkGrid *grid, int row, const SightProblemWhere *where,
                      const SightProblemShare *share) {
  GtkWidget *value = make_value(self, share);
  SightUiShareBar *bar = g_object_new(SIGHT_UI_TYPE_SHARE_BAR, NULL);
  double of_these = part_of(share->n_these, where->n_these), of_those = part_of(share->n_those, where->n_those);
  g_autofree char *these = g_strdup_printf("%.1f %%", 100 * of_these);
  g_autofree char *those = where->n_those > 0 ? g_strdup_printf("%.1f %%", 100 * of_those) : NULL;

  bar->these = (float)of_these;
  bar->those = where->n_those > 0 ? (float)of_those : -1;
  bar->more = sight_problem_share_is_more(where, share);
  gtk_widget_set_hexpand(GTK_WIDGET(bar), TRUE);
  name_for_assistance(value, share, these, those, bar->more);
  gtk_grid_attach(grid, value, 0, row, 1, 1);
  gtk_grid_attach(grid, GTK_WIDGET(bar), 1, row, 1, 1);
  gtk_grid_attach(grid, make_label(these, bar->more ? "heading" : NULL, 1), 2, row, 1, 1);
  if (those != NULL)
    gtk_grid_attach(grid, make_label(those, "dim-label", 1), 3, row, 1, 1);
}

static char *title_of(SightTermField field) {
  const char *name = sight_term_field_info(field)->name;
  const SightField *key = sight_field_find(name, strlen(name), FALSE);

  return g_strdup(key != NULL ? sight_field_title(key) : name);
}

static void add_heading(GtkGrid *grid, int row, SightTermField field, gboolean columns) {
  g_autofree char *title = title_of(field);

  gtk_grid_attach(grid, make_label(title, "group-heading", 0), 0, row, 1, 1);
  if (!columns)
    return;
  /* TRANSLATORS: over the shares of those who met a problem, and of the others */
  gtk_grid_attach(grid, make_label(_("Met it"), "group-heading", 1), 2, row, 1, 1);
  gtk_grid_attach(grid, make_label(_("Others"), "group-heading", 1), 3, row, 1, 1);
}

static void add_rest(GtkGrid *grid, int row, guint n) {
  g_autofree char *text = g_strdup_printf(ngettext("and %u other", "and %u others", n), n);

  gtk_grid_attach(grid, make_label(text, "dim-label", 0), 0, row, 4, 1);
}

/* What stands out, in a sentence. */
static char *summary_of(const SightProblemWhere *where) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *others = sight_ui_text_number(where->n_those);

  for (guint i = 0; i < where->shares->len; i++) {
    const SightProblemShare *share = where->shares->pdata[i];
    g_autofree char *value = sight_ui_text_isolate(share->value);
    if (sight_problem_share_is_more(where, share))
      g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", value);
  }
  if (where->n_those == 0)
    return g_strdup(_("Everybody who had the opportunity met it: there is nobody to compare them with"));
  if (text->len == 0)
    return g_strdup_printf(ngettext("Nothing stands out against the %s other who had the opportunity",
                                    "Nothing stands out against the %s others who had the opportunity",
                                    (gulong)where->n_those),
                           others);
  /* TRANSLATORS: followed by names of devices, browsers, releases */
  return g_strdup_printf(_("More often than by chance: %s"), text->str);
}

static GtkWidget *make_grid(SightUiProblemShares *self, const SightProblemWhere *where) {
  GtkGrid *grid = GTK_GRID(gtk_grid_new());
  int row = 0;

  gtk_grid_set_column_spacing(grid, 12);
  for (guint i = 0, of_field = 0; i < where->shares->len; i++) {
    const SightProblemShare *share = where->shares->pdata[i], *before = i > 0 ? where->shares->pdata[i - 1] : NULL;
    gboolean first = before == NULL || before->field != share->field;
    gboolean last =
        i + 1 == where->shares->len || ((const SightProblemShare *)where->shares->pdata[i + 1])->field != share->field;
    of_field = first ? 1 : of_field + 1;
    if (first)
      add_heading(grid, row++, share->field, i == 0);
    if (of_field <= MAX_ROWS)
      add_share(self, grid, row++, where, share);
    if (last && of_field > MAX_ROWS)
      add_rest(grid, row++, of_field - MAX_ROWS);
  }
  return GTK_WIDGET(grid);
}

void sight_ui_problem_shares_set(SightUiProblemShares *self, const SightProblemWhere *where) {
  GtkWidget *child = NULL;

  while ((child = gtk_widget_get_first_child(self->box)) != NULL)
    gtk_box_remove(GTK_BOX(self->box), child);
  if (where == NULL)
    return;
  g_autofree char *summary = summary_of(where);
  GtkWidget *label = make_label(summary, NULL, 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_box_append(GTK_BOX(self->box), label);
  gtk_box_append(GTK_BOX(self->box), make_grid(self, where));
}

static void dispose(GObject *object) {
  g_clear_pointer(&SIGHT_UI_PROBLEM_SHARES(object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS(sight_ui_problem_shares_parent_class)->dispose(object);
}

static void sight_ui_problem_shares_class_init(SightUiProblemSharesClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  narrow_signal = g_signal_new("narrow", SIGHT_UI_TYPE_PROBLEM_SHARES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "problem-shares");
}

static void sight_ui_problem_shares_init(SightUiProblemShares *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *sight_ui_problem_shares_new(void) {
  return g_object_new(SIGHT_UI_TYPE_PROBLEM_SHARES, NULL);
}
