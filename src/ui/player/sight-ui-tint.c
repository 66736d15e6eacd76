/* SPDX-License-Identifier: MIT */
/* Style classes for colours that are known at run time only. */
#include "sight-ui-tint.h"

#include "sight-hash.h"
#include "sight-ui-compat.h"

#include <string.h>

/* A team has 24; others come with other projects. */
#define MAX_TINTS 500
/* What is mixed in of the colour of text: less is lost on a dark ground, or on a light one. */
#define TEXT_SHARE 0.3

static gboolean is_colour(const char *text) {
  return text != NULL && strlen(text) == 7 && text[0] == '#' && strspn(text + 1, "0123456789abcdefABCDEF") == 6;
}

const char *sight_ui_tint_class(const char *tainted_colour) {
  static GHashTable *classes; /* by colour */
  static GtkCssProvider *provider;
  static GString *css;

  if (!is_colour(tainted_colour))
    return NULL;
  if (classes == NULL) {
    classes = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
    provider = gtk_css_provider_new();
    css = g_string_new(NULL);
    gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(provider),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  }
  const char *known = g_hash_table_lookup(classes, tainted_colour);
  if (known != NULL || g_hash_table_size(classes) >= MAX_TINTS)
    return known;
  char *name = g_strconcat("tint-", tainted_colour + 1, NULL);
  /* As text: printf() writes numbers as the language does, with a comma for one. */
  g_string_append_printf(css, "image.%s { color: mix(%s, @window_fg_color, " G_STRINGIFY(TEXT_SHARE) "); }\n", name,
                         tainted_colour);
  sight_ui_compat_load_css(provider, css->str);
  g_hash_table_insert(classes, g_strdup(tainted_colour), name);
  return name;
}

/* As mix() of a style does it: what shines through counts less. */
static float mixed(float colour, float text, const GdkRGBA *whole, float alpha) {
  return (colour * (1 - (float)TEXT_SHARE) + text * whole->alpha * (float)TEXT_SHARE) / alpha;
}

gboolean sight_ui_tint(const char *tainted_colour, const GdkRGBA *text, GdkRGBA *colour) {
  if (!is_colour(tainted_colour) || !gdk_rgba_parse(colour, tainted_colour))
    return FALSE;
  float alpha = 1 - (float)TEXT_SHARE + text->alpha * (float)TEXT_SHARE;
  *colour = (GdkRGBA){mixed(colour->red, text->red, text, alpha), mixed(colour->green, text->green, text, alpha),
                      mixed(colour->blue, text->blue, text, alpha), alpha};
  return TRUE;
}
