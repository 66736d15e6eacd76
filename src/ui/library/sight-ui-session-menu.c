/* SPDX-License-Identifier: MIT */
/* The menu of a session. */
#include "sight-ui-session-menu.h"

#include "sight-query.h"
#include "sight-ui-context-menu.h"

#include <glib/gi18n.h>

GMenu *sight_ui_session_menu_new(gint64 row, const char *user) {
  GMenu *menu = g_menu_new();
  g_autoptr(GMenu) first = g_menu_new(), why = g_menu_new();

  sight_ui_context_menu_add(first, _("_Open"), "win.open-session", g_variant_new_int64(row));
  sight_ui_context_menu_add(first, _("Copy _Link"), "win.copy-session-link", g_variant_new_int64(row));
  sight_ui_context_menu_add(why, _("_Why Is It in the List, or Not?"), "win.why", g_variant_new_int64(row));
  if (user != NULL) {
    g_autofree char *filter = sight_query_term(SIGHT_TERM_USER, user);
    sight_ui_context_menu_add(why, _("List All _Sessions of This User"), "win.filter-set",
                              g_variant_new_string(filter));
  }
  g_menu_append_section(menu, NULL, G_MENU_MODEL(first));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(why));
  return menu;
}
