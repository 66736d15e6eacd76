/* SPDX-License-Identifier: MIT */
/* The keys, and the window that tells of them. */
#include "sight-ui-key-table.h"

#include <glib/gi18n.h>

#define HELP_ROWS "14"

static const char *const groups[SIGHT_UI_N_KEY_GROUPS] = {
    [SIGHT_UI_KEYS_WATCH] = N_("Watch"),
    [SIGHT_UI_KEYS_RANGE] = N_("In and out"),
    [SIGHT_UI_KEYS_PAGE] = N_("The recorded page"),
    [SIGHT_UI_KEYS_SESSIONS] = N_("Go through sessions"),
    [SIGHT_UI_KEYS_WINDOW] = N_("Window"),
};

#define ROW(group_, place_, title_, ...)                                                                               \
  {                                                                                                                    \
    SIGHT_UI_KEYS_##group_, SIGHT_UI_KEY_##place_, (title_), {                                                         \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }

static const SightUiKeyRow rows[] = {
    ROW(WATCH, WATCHING, N_("Play or pause"), {"space", "player.play-pause"}),
    ROW(WATCH, WATCHING, N_("5 seconds back, ahead"), {"Left", "player.back-5"}, {"Right", "player.forward-5"}),
    ROW(WATCH, WATCHING, N_("1 second back, ahead"), {"<Shift>Left", "player.back-1"},
        {"<Shift>Right", "player.forward-1"}),
    ROW(WATCH, WATCHING, N_("1 millisecond back, ahead"), {"<Alt>Left", "player.back-frame"},
        {"<Alt>Right", "player.forward-frame"}),
    ROW(WATCH, WATCHING, N_("Previous, next change of the page"), {"comma", "player.previous-change"},
        {"period", "player.next-change"}),
    ROW(WATCH, WATCHING, N_("Previous, next page"), {"Page_Up", "player.previous-page"},
        {"Page_Down", "player.next-page"}),
    ROW(WATCH, WATCHING, N_("Previous, next tab"), {"<Control>Page_Up", "player.previous-tab"},
        {"<Control>Page_Down", "player.next-tab"}),
    ROW(WATCH, WATCHING, N_("To the start, the end"), {"Home", "player.home"}, {"End", "player.end"}),
    ROW(WATCH, ELSEWHERE, N_("To a tenth of the session"), {"0...9", NULL}),
    ROW(WATCH, WATCHING, N_("Go to a time"), {"<Control>l", "win.go-to"}),
    ROW(WATCH, WATCHING, N_("Slower, faster"), {"bracketleft", "player.slower"}, {"bracketright", "player.faster"}),
    ROW(WATCH, WATCHING, N_("Skip idle stretches, or not"), {"s", "player.skip-idle"}),

    ROW(RANGE, WATCHING, N_("Set the in point, the out point"), {"i", "player.set-in"}, {"o", "player.set-out"}),
    ROW(RANGE, WATCHING, N_("Around this moment"), {"a", "player.range-around"}),
    ROW(RANGE, WATCHING, N_("Clear both"), {"x", "player.clear-range"}),
    ROW(RANGE, WATCHING, N_("Loop, or not"), {"l", "player.loop"}),
    ROW(RANGE, WATCHING, N_("Save a clip"), {"c", "win.clip"}),

    ROW(PAGE, WATCHING, N_("Pick an element"), {"e", "player.pick"}),
    ROW(PAGE, WATCHING, N_("Heatmap of this page"), {"h", "win.heatmap"}),
    ROW(PAGE, WATCHING, N_("Larger, smaller"), {"<Control>plus", "player.zoom-in"},
        {"<Control>minus", "player.zoom-out"}),
    ROW(PAGE, WATCHING, NULL, {"<Control>equal", "player.zoom-in"}, {"<Control>KP_Add", "player.zoom-in"},
        {"<Control><Shift>plus", "player.zoom-in"}, {"<Control>KP_Subtract", "player.zoom-out"}),
    ROW(PAGE, WATCHING, N_("Fit, actual size"), {"<Control>0", "player.zoom-fit"},
        {"<Control>1", "player.zoom-actual"}),
    ROW(PAGE, WATCHING, NULL, {"<Control>KP_0", "player.zoom-fit"}),
    ROW(PAGE, WATCHING, N_("Move where it is larger"), {"<Control>Left", "player.pan-left"},
        {"<Control>Right", "player.pan-right"}, {"<Control>Up", "player.pan-up"}, {"<Control>Down", "player.pan-down"}),

    ROW(SESSIONS, WATCHING, N_("Next, previous moment, in whichever session"), {"j", "win.next-moment"},
        {"k", "win.previous-moment"}),
    ROW(SESSIONS, WATCHING, N_("Next, previous signal of this session"), {"<Shift>j", "player.next-signal"},
        {"<Shift>k", "player.previous-signal"}),
    ROW(SESSIONS, WATCHING, N_("Next, previous session"), {"n", "win.next-session"}, {"p", "win.previous-session"}),
    ROW(SESSIONS, WATCHING, N_("Play the moments of the filter one after the other"), {"r", "win.reel"}),
    ROW(SESSIONS, WATCHING, N_("Mark as seen, or not"), {"m", "win.mark-seen"}),
    ROW(SESSIONS, WATCHING, N_("Put aside to watch, or not"), {"q", "win.to-watch"}),
    ROW(SESSIONS, WATCHING, N_("Who this was, and their other sessions"), {"<Control>i", "win.session-info"}),
    ROW(SESSIONS, WATCHING, N_("Play the sessions of this user one after the other"), {"<Shift>r", "win.play-person"}),
    ROW(SESSIONS, WATCHING, N_("Copy a link to this moment"), {"<Control><Shift>c", "win.copy-link"}),
    ROW(SESSIONS, WATCHING, N_("Compare with the others"), {"v", "win.compare"}),
    ROW(SESSIONS, WATCHING, N_("Compare before and after, or variants"), {"b", "win.verify"}),
    ROW(SESSIONS, WATCHING, N_("Side by side with the session watched before"), {"<Shift>v", "win.beside"}),
    ROW(SESSIONS, WATCHING, N_("File an issue"), {"f", "win.issue"}),
    ROW(SESSIONS, WATCHING, N_("State of the problem"), {"g", "win.problem-state"}),
    ROW(SESSIONS, WATCHING, N_("The problem is the same as another"), {"equal", "win.problem-same"}),
    ROW(SESSIONS, WATCHING, N_("Tag this moment"), {"t", "win.tag"}),
    ROW(SESSIONS, ELSEWHERE, N_("Change, answer, remove the tag in the inspector"), {"F2", NULL}, {"F4", NULL},
        {"Delete", NULL}),
    ROW(SESSIONS, WATCHING, N_("Undo what was done to a tag or a problem"), {"<Control>z", "win.undo"}),

    ROW(WINDOW, EVERYWHERE, N_("Add a condition"), {"<Control>f", "win.search"}),
    ROW(WINDOW, EVERYWHERE, N_("Save the filter"), {"<Control>s", "win.filter-save"}),
    ROW(WINDOW, EVERYWHERE, N_("Clear the filter"), {"<Control>BackSpace", "win.filter-clear"}),
    ROW(WINDOW, EVERYWHERE, N_("Problems, sessions, explore"), {"<Alt>1", "win.page::problems"},
        {"<Alt>2", "win.page::sessions"}, {"<Alt>3", "win.page::explore"}),
    ROW(WINDOW, WATCHING, N_("Previous, next table of Explore"), {"<Control>Page_Up", "win.previous-table"},
        {"<Control>Page_Down", "win.next-table"}),
    ROW(WINDOW, EVERYWHERE, N_("Open recordings"), {"<Control>o", "win.open"}),
    ROW(WINDOW, EVERYWHERE, N_("Sync now"), {"<Control>r", "win.sync"}, {"F5", "win.sync"}),
    ROW(WINDOW, ELSEWHERE, N_("Next, previous pane"), {"F6", NULL}, {"<Shift>F6", NULL}),
    ROW(WINDOW, EVERYWHERE, N_("Sidebar, inspector"), {"F8", "win.sidebar"}, {"F9", "win.inspector"}),
    ROW(WINDOW, EVERYWHERE, N_("The page and its timeline alone"), {"F11", "win.fullscreen"}),
    ROW(WINDOW, WATCHING, NULL, {"Escape", "win.dismiss"}),
    ROW(WINDOW, EVERYWHERE, N_("Preferences"), {"<Control>comma", "win.preferences"}),
    ROW(WINDOW, EVERYWHERE, N_("Help"), {"F1", "app.help"}),
    ROW(WINDOW, EVERYWHERE, N_("Keyboard shortcuts"), {"<Control>question", "win.show-help-overlay"}),
    ROW(WINDOW, EVERYWHERE, NULL, {"<Control>slash", "win.show-help-overlay"}),
    ROW(WINDOW, EVERYWHERE, N_("Close the window, quit"), {"<Control>w", "window.close"}, {"<Control>q", "app.quit"}),
};

const SightUiKeyRow *sight_ui_key_table(guint *n) {
  *n = G_N_ELEMENTS(rows);
  return rows;
}

static void write_row(GString *ui, const SightUiKeyRow *row) {
  g_autoptr(GString) keys = g_string_new(NULL);
  for (guint i = 0; i < SIGHT_UI_KEYS_OF_ROW && row->keys[i].key != NULL; i++)
    g_string_append_printf(keys, "%s%s", i > 0 ? " " : "", row->keys[i].key);
  g_autofree char *text = g_markup_printf_escaped("<child><object class='GtkShortcutsShortcut'>"
                                                  "<property name='title'>%s</property>"
                                                  "<property name='accelerator'>%s</property></object></child>",
                                                  _(row->title), keys->str);
  g_string_append(ui, text);
}

/* Its parts can be given to it by a builder alone. */
GtkWidget *sight_ui_key_table_make_window(void) {
  g_autoptr(GString) ui = g_string_new("<interface><object class='GtkShortcutsWindow' id='window'>"
                                       "<property name='modal'>True</property><child>"
                                       "<object class='GtkShortcutsSection'><property name='section-name'>main"
                                       "</property><property name='max-height'>" HELP_ROWS "</property>");
  for (int group = 0; group < SIGHT_UI_N_KEY_GROUPS; group++) {
    g_autofree char *head = g_markup_printf_escaped(
        "<child><object class='GtkShortcutsGroup'><property name='title'>%s</property>", _(groups[group]));
    g_string_append(ui, head);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
      if ((int)rows[i].group == group && rows[i].title != NULL)
        write_row(ui, &rows[i]);
    }
    g_string_append(ui, "</object></child>");
  }
  g_string_append(ui, "</object></child></object></interface>");
  g_autoptr(GtkBuilder) builder = gtk_builder_new_from_string(ui->str, -1);
  return g_object_ref(GTK_WIDGET(gtk_builder_get_object(builder, "window")));
}
