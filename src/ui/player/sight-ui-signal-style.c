/* SPDX-License-Identifier: MIT */
/* How signals look: the same in list, timeline and inspector. */
#include "sight-ui-player.h"

/* Light and dark variants keep a contrast of 4.5:1 with a row, selected or not. */
static const struct {
  const char *icon, *light, *dark;
} styles[] = {
    [SIGHT_SIGNAL_ERROR] = {"sight-error-symbolic", "#c01c28", "#ff7b76"},
    [SIGHT_SIGNAL_RAGE] = {"sight-rage-symbolic", "#b03e00", "#ffa348"},
    [SIGHT_SIGNAL_DEAD] = {"sight-dead-symbolic", "#813d9c", "#dc8add"},
    [SIGHT_SIGNAL_SCROLL] = {"sight-scroll-symbolic", "#1a5fb4", "#78aeed"},
    [SIGHT_SIGNAL_CONSOLE] = {"sight-console-symbolic", "#a51d2d", "#f5a3a0"},
    [SIGHT_SIGNAL_REQUEST] = {"sight-request-symbolic", "#865e3c", "#cdab8f"},
    [SIGHT_SIGNAL_SLOW] = {"sight-slow-symbolic", "#7f5f00", "#f8e45c"},
    [SIGHT_SIGNAL_ERROR_CLICK] = {"sight-click-symbolic", "#c01c28", "#ff7b76"},
    [SIGHT_SIGNAL_THRASH] = {"sight-thrash-symbolic", "#00695c", "#5bc8af"},
    [SIGHT_SIGNAL_QUICK_BACK] = {"sight-quick-back-symbolic", "#526a7f", "#a3b8cc"},
    [SIGHT_SIGNAL_FORM] = {"sight-form-symbolic", "#7a4a1d", "#e0a96d"},
    [SIGHT_SIGNAL_UNSEEN] = {"sight-unseen-symbolic", "#26753a", "#8ff0a4"},
    [SIGHT_SIGNAL_WAITING] = {"sight-waiting-symbolic", "#5e5c64", "#c0bfbc"},
    [SIGHT_SIGNAL_NOISE] = {"sight-noise-symbolic", "#646369", "#a8a7a4"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(styles) == SIGHT_N_SIGNALS);

const char *sight_ui_signal_icon_name(SightSignalKind kind) {
  g_return_val_if_fail((guint)kind < SIGHT_N_SIGNALS, "dialog-question-symbolic");
  return styles[kind].icon;
}

void sight_ui_signal_color(SightSignalKind kind, gboolean dark, GdkRGBA *color) {
  g_return_if_fail((guint)kind < SIGHT_N_SIGNALS);
  gdk_rgba_parse(color, dark ? styles[kind].dark : styles[kind].light);
}

void sight_ui_signal_draw(GtkWidget *widget, GtkSnapshot *snapshot, SightSignalKind kind, const GdkRGBA *color, float x,
                          float y, float size) {
  GtkIconTheme *theme = gtk_icon_theme_get_for_display(gtk_widget_get_display(widget));
  g_autoptr(GtkIconPaintable) icon = gtk_icon_theme_lookup_icon(
      theme, sight_ui_signal_icon_name(kind), NULL, (int)size, gtk_widget_get_scale_factor(widget),
      gtk_widget_get_direction(widget), GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  const GdkRGBA colors[] = {*color, *color, *color, *color};
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT(x - size / 2, y - size / 2));
  gtk_symbolic_paintable_snapshot_symbolic(GTK_SYMBOLIC_PAINTABLE(icon), snapshot, size, size, colors,
                                           G_N_ELEMENTS(colors));
  gtk_snapshot_restore(snapshot);
}
