/* SPDX-License-Identifier: MIT */
/* Names, dates and numbers as the window shows them. */
#include "sight-ui-text.h"

#include <glib/gi18n-lib.h>

#define FIRST_STRONG_ISOLATE "\u2068"
#define LEFT_TO_RIGHT_ISOLATE "\u2066"
#define POP_ISOLATE "\u2069"
#define WORD_JOINER "\u2060"

char *sight_ui_text_isolate(const char *tainted_text) {
  g_autofree char *valid = g_utf8_make_valid(tainted_text != NULL ? tainted_text : "", -1);
  return g_strconcat(FIRST_STRONG_ISOLATE, valid, POP_ISOLATE, NULL);
}

char *sight_ui_text_keep_paths(const char *text) {
  g_auto(GStrv) parts = g_strsplit(text, " /", -1);
  return g_strjoinv(" /" WORD_JOINER, parts);
}

char *sight_ui_format_time(gint64 time_ms) {
  gint64 seconds = MAX(time_ms, 0) / 1000;
  int minutes = (int)(seconds / 60 % 60), rest = (int)(seconds % 60);
  if (seconds >= 3600)
    return g_strdup_printf("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600, minutes, rest);
  return g_strdup_printf("%d:%02d", minutes, rest);
}

char *sight_ui_text_relative(gint64 time_ms) {
  gint64 seconds = (g_get_real_time() / 1000 - time_ms) / 1000;
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_local(time_ms / 1000);
  if (then == NULL)
    return g_strdup("");
  if (seconds < 60)
    return g_strdup(_("just now"));
  if (seconds < 3600)
    return g_strdup_printf(ngettext("%d min ago", "%d min ago", (gulong)(seconds / 60)), (int)(seconds / 60));
  if (seconds < 24 * 3600)
    return g_strdup_printf(ngettext("%d h ago", "%d h ago", (gulong)(seconds / 3600)), (int)(seconds / 3600));
  if (seconds < 48 * 3600)
    return g_strdup(_("yesterday"));
  if (seconds < 7 * 24 * 3600)
    return g_strdup_printf(ngettext("%d day ago", "%d days ago", (gulong)(seconds / 86400)), (int)(seconds / 86400));
  /* Translators: a date within the last year, and an older one */
  return g_date_time_format(then, seconds < 330 * 24 * 3600 ? _("%-d %b") : _("%-d %b %Y"));
}

/* Days from one to the other by the calendar. */
static int days_between(GDateTime *then, GDateTime *now) {
  GDate then_day, now_day;
  g_date_set_dmy(&then_day, (GDateDay)g_date_time_get_day_of_month(then), (GDateMonth)g_date_time_get_month(then),
                 (GDateYear)g_date_time_get_year(then));
  g_date_set_dmy(&now_day, (GDateDay)g_date_time_get_day_of_month(now), (GDateMonth)g_date_time_get_month(now),
                 (GDateYear)g_date_time_get_year(now));
  return g_date_days_between(&then_day, &now_day);
}

char *sight_ui_text_day_and_time(gint64 time_ms, gint64 now_ms) {
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_local(time_ms / 1000);
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(now_ms / 1000);
  if (then == NULL || now == NULL)
    return g_strdup("");
  int days = days_between(then, now);
  /* Translators: a day and the time of day, see g_date_time_format(): of today, of yesterday, within the last week (the
   * day of the week), within the last year, and before. */
  const char *format = days == 0                ? _("today %H:%M")
                       : days == 1              ? _("yesterday %H:%M")
                       : days > 1 && days < 7   ? _("%a %H:%M")
                       : days > 0 && days < 330 ? _("%-d %b %H:%M")
                                                : _("%-d %b %Y %H:%M");
  return g_date_time_format(then, format);
}

char *sight_ui_text_day(gint64 time_ms, gint64 now_ms) {
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_local(time_ms / 1000);
  if (then == NULL)
    return g_strdup("");
  /* Translators: a date within the last year, and an older one */
  return g_date_time_format(then, ABS(now_ms - time_ms) / 86400000 < 330 ? _("%-d %b") : _("%-d %b %Y"));
}

char *sight_ui_text_exact(gint64 time_ms) {
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_local(time_ms / 1000);
  return then != NULL ? g_date_time_format(then, "%c") : g_strdup("");
}

/* A file's name without what only says how it is packed. */
static char *file_title(const char *name) {
  static const char *const endings[] = {".zst", ".gz", ".json", ".jsonl", ".ndjson", ".zip"};
  g_autofree char *title = g_strdup(name);
  for (guint i = 0; i < G_N_ELEMENTS(endings); i++) {
    if (g_str_has_suffix(title, endings[i]) && strlen(title) > strlen(endings[i]))
      title[strlen(title) - strlen(endings[i])] = '\0';
  }
  return sight_ui_text_isolate(title);
}

char *sight_ui_text_who(const SightSession *session) {
  if (session->user != NULL && *session->user != '\0')
    return sight_ui_text_isolate(session->user);
  if (session->label != NULL && *session->label != '\0')
    return file_title(session->label);
  /* Translators: a visitor without a name, told by the first characters of the session */
  return g_strdup_printf(_("visitor %.6s"), session->session);
}

char *sight_ui_text_way(const SightSession *session) {
  if (session->entry == NULL && session->exit == NULL)
    return g_strdup(session->duration_ms == 0 ? _("Not looked through yet") : _("No page address"));
  g_autofree char *entry = sight_ui_text_isolate(session->entry);
  if (session->exit == NULL || g_strcmp0(session->entry, session->exit) == 0)
    return g_steal_pointer(&entry);
  g_autofree char *last = sight_ui_text_isolate(session->exit);
  /* An arrow is not turned round with the direction of writing, so neither are the pages beside it. */
  return g_strdup_printf(LEFT_TO_RIGHT_ISOLATE "%s → %s" POP_ISOLATE, entry, last);
}

char *sight_ui_text_number(gint64 number) {
  return g_strdup_printf("%'" G_GINT64_FORMAT, number);
}
