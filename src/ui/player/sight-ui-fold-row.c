/* SPDX-License-Identifier: MIT */
/* SightUiFoldRow: children side by side, as many as there is room for. */
#include "sight-ui-fold-row.h"

#define SPACING 3
#define N_FOLDS 6

struct _SightUiFoldRow {
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE(SightUiFoldRow, sight_ui_fold_row, GTK_TYPE_WIDGET)

/* 0: always there. */
static int fold_of(GtkWidget *child) {
  for (int fold = 1; fold <= N_FOLDS; fold++) {
    char class[] = "fold-0";
    class[sizeof class - 2] = (char)('0' + fold);
    if (gtk_widget_has_css_class(child, class))
      return fold;
  }
  return 0;
}

static int width_of(GtkWidget *child, gboolean natural) {
  int minimum_width, natural_width;
  gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum_width, &natural_width, NULL, NULL);
  return natural ? natural_width : minimum_width;
}

/* Of all children up to a fold, with what stands between them. */
static int width_up_to(GtkWidget *row, int fold, gboolean natural) {
  int width = 0;
  for (GtkWidget *child = gtk_widget_get_first_child(row); child; child = gtk_widget_get_next_sibling(child))
    if (gtk_widget_should_layout(child) && fold_of(child) <= fold)
      width += width_of(child, natural) + SPACING;
  return MAX(width - SPACING, 0);
}

static GtkSizeRequestMode sight_ui_fold_row_get_request_mode(GtkWidget *widget) {
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void sight_ui_fold_row_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                                      int *natural, int *minimum_baseline, int *natural_baseline) {
  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = width_up_to(widget, 0, FALSE);
    *natural = width_up_to(widget, N_FOLDS, TRUE);
    return;
  }
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    int child_minimum, child_natural;
    gtk_widget_measure(child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
    *minimum = MAX(*minimum, child_minimum);
    *natural = MAX(*natural, child_natural);
  }
}

static void sight_ui_fold_row_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  int fold = N_FOLDS;
  while (fold > 0 && width_up_to(widget, fold, TRUE) > width)
    fold--;
  int used = width_up_to(widget, fold, TRUE), x = 0;
  gboolean rtl = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    gboolean shown = fold_of(child) <= fold;
    gtk_widget_set_child_visible(child, shown);
    if (!shown || !gtk_widget_should_layout(child))
      continue;
    int child_width = width_of(child, TRUE);
    /* Too narrow for those that always stay: the first give way, down to their minimum. */
    if (used > width) {
      int less = MIN(used - width, child_width - width_of(child, FALSE));
      child_width -= less;
      used -= less;
    }
    if (gtk_widget_get_hexpand(child) && used < width) {
      child_width += width - used;
      used = width;
    }
    int left = rtl ? width - x - child_width : x;
    gtk_widget_size_allocate(child, &(GtkAllocation){left, 0, child_width, height}, baseline);
    x += child_width + SPACING;
  }
}

static void sight_ui_fold_row_dispose(GObject *object) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))))
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(sight_ui_fold_row_parent_class)->dispose(object);
}

static void sight_ui_fold_row_class_init(SightUiFoldRowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = sight_ui_fold_row_dispose;
  widget_class->get_request_mode = sight_ui_fold_row_get_request_mode;
  widget_class->measure = sight_ui_fold_row_measure;
  widget_class->size_allocate = sight_ui_fold_row_size_allocate;
}

static void sight_ui_fold_row_init(SightUiFoldRow *self) {
}
