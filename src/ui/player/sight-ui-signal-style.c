/* SPDX-License-Identifier: MIT */
/* How signals look: the same in list, timeline and inspector. */
#include "sight-ui-player.h"

#include "sight-ui-compat.h"

#include <adwaita.h>

const char *sight_ui_signal_icon_name(SightSignalKind kind) {
  const SightSignalInfo *info = sight_signal_info((int)kind);
  g_return_val_if_fail(info != NULL, "dialog-question-symbolic");
  return info->icon;
}

static const char *color_of(const SightSignalInfo *info, gboolean dark) {
  return dark ? info->dark : info->light;
}

void sight_ui_signal_color(SightSignalKind kind, gboolean dark, GdkRGBA *color) {
  const SightSignalInfo *info = sight_signal_info((int)kind);
  g_return_if_fail(info != NULL);
  gdk_rgba_parse(color, color_of(info, dark));
}

static void load_style(GtkCssProvider *provider) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  g_autoptr(GString) css = g_string_new(NULL);
  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++) {
    const SightSignalInfo *info = sight_signal_info(kind);
    g_string_append_printf(css, ".%1$s > image, image.%1$s, .%1$s > .reason, .moment.%1$s .title { color: %2$s; }\n",
                           info->name, color_of(info, dark));
  }
  sight_ui_compat_load_css(provider, css->str);
}

void sight_ui_signal_style_install(GdkDisplay *display) {
  GtkCssProvider *provider = gtk_css_provider_new();
  load_style(provider);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(load_style), provider,
                          G_CONNECT_SWAPPED);
  gtk_style_context_add_provider_for_display(display, GTK_STYLE_PROVIDER(provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref(provider);
}

void sight_ui_icon_draw(GtkWidget *widget, GtkSnapshot *snapshot, const char *name, const GdkRGBA *color, float x,
                        float y, float size) {
  GtkIconTheme *theme = gtk_icon_theme_get_for_display(gtk_widget_get_display(widget));
  g_autoptr(GtkIconPaintable) icon =
      gtk_icon_theme_lookup_icon(theme, name, NULL, (int)size, gtk_widget_get_scale_factor(widget),
                                 gtk_widget_get_direction(widget), GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  const GdkRGBA colors[] = {*color, *color, *color, *color};
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT(x - size / 2, y - size / 2));
  gtk_symbolic_paintable_snapshot_symbolic(GTK_SYMBOLIC_PAINTABLE(icon), snapshot, size, size, colors,
                                           G_N_ELEMENTS(colors));
  gtk_snapshot_restore(snapshot);
}

void sight_ui_signal_draw(GtkWidget *widget, GtkSnapshot *snapshot, SightSignalKind kind, const GdkRGBA *color, float x,
                          float y, float size) {
  sight_ui_icon_draw(widget, snapshot, sight_ui_signal_icon_name(kind), color, x, y, size);
}
