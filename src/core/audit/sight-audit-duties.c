/* SPDX-License-Identifier: MIT */
#include "sight-audit-duties.h"

#include "sight-endpoint-table.h"
#include "sight-log-table.h"
#include "sight-session-table.h"

#include <glib/gi18n-lib.h>

/* Longer than this is not short; the authority names no number, this is half a year. */
#define KEEP_MAX_DAYS 183
#define DAY_MS (24 * G_GINT64_CONSTANT(3600000))

typedef struct {
  gint64 n_sessions, n_named; /* with a user */
  gint64 oldest_ms;
  gint64 n_secrets, n_private; /* times */
  gint64 n_lines, n_faults;    /* of the log */
  guint n_foreign;             /* endpoints of other products */
} Facts;

const char *sight_duty_name(SightDuty duty) {
#define NAME(id, name, title) name,
  static const char *const names[] = {SIGHT_AUDIT_DUTIES(NAME)};
#undef NAME
  return names[duty];
}

const char *sight_duty_title(SightDuty duty) {
#define TITLE(id, name, title) title,
  static const char *const titles[] = {SIGHT_AUDIT_DUTIES(TITLE)};
#undef TITLE
  return _(titles[duty]);
}

const char *sight_duty_state_name(SightDutyState state) {
  static const char *const names[] = {"met", "not met", "yours"};
  return names[state];
}

const char *sight_duty_state_title(SightDutyState state) {
  static const char *const titles[] = {N_("Met"), N_("Not met"), N_("Yours to decide")};
  return _(titles[state]);
}

static void answer_free(gpointer data) {
  SightDutyAnswer *answer = data;

  g_free(answer->why);
  g_free(answer);
}

/* Takes `why`. */
static void add(GPtrArray *answers, SightDuty duty, SightDutyState state, char *why) {
  SightDutyAnswer *answer = g_new0(SightDutyAnswer, 1);

  answer->duty = duty;
  answer->state = state;
  answer->why = why;
  g_ptr_array_add(answers, answer);
}

static gboolean read_sessions(SightDb *db, const GArray *rows, Facts *facts, GError **error) {
  facts->n_sessions = rows->len;
  facts->oldest_ms = G_MAXINT64;
  for (guint i = 0; i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    if (session == NULL)
      return FALSE;
    facts->n_named += session->user != NULL;
    if (session->started_ms > 0)
      facts->oldest_ms = MIN(facts->oldest_ms, session->started_ms);
  }
  return TRUE;
}

static gboolean read_endpoints(SightDb *db, Facts *facts, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    g_autoptr(SightLogCheck) check = sight_log_table_check(db, endpoint->row, error);
    if (check == NULL)
      return FALSE;
    facts->n_lines += check->n_lines;
    facts->n_faults += check->faults->len;
    facts->n_foreign += !g_str_equal(endpoint->kind, "files") && !g_str_equal(endpoint->kind, "collector");
  }
  return endpoints != NULL;
}

static void read_report(SightAuditReport *report, Facts *facts) {
  const GPtrArray *entries = sight_audit_report_entries(report);

  for (guint i = 0; i < entries->len; i++) {
    const SightAuditEntry *entry = g_ptr_array_index(entries, i);
    gboolean secret = entry->kind == SIGHT_AUDIT_CARD || entry->kind == SIGHT_AUDIT_IBAN ||
                      entry->kind == SIGHT_AUDIT_PASSWORD || entry->kind == SIGHT_AUDIT_LOGIN;
    *(secret ? &facts->n_secrets : &facts->n_private) += entry->n_times;
  }
}

/* Where nothing was looked at, nothing is known. */
static SightDutyState state_of(gint64 n_against, gint64 n_seen) {
  return n_against > 0 ? SIGHT_DUTY_NOT_MET : n_seen > 0 ? SIGHT_DUTY_MET : SIGHT_DUTY_YOURS;
}

static void add_masking(GPtrArray *answers, const Facts *facts) {
  gulong n = (gulong)facts->n_sessions;

  add(answers, SIGHT_DUTY_SECRETS, state_of(facts->n_secrets, facts->n_sessions),
      facts->n_secrets == 0
          ? g_strdup_printf(ngettext("None was found in %d session", "None was found in %d sessions", n), (int)n)
          : g_strdup_printf(ngettext("%d times they stand in %d session", "%d times they stand in %d sessions", n),
                            (int)facts->n_secrets, (int)n));
  add(answers, SIGHT_DUTY_MASKING, state_of(facts->n_private, facts->n_sessions),
      facts->n_private == 0
          ? g_strdup_printf(ngettext("Nothing was found in %d session", "Nothing was found in %d sessions", n), (int)n)
          : g_strdup_printf(ngettext("%d times something looks private in %d session",
                                     "%d times something looks private in %d sessions", n),
                            (int)facts->n_private, (int)n));
}

static void add_persons(GPtrArray *answers, const Facts *facts, gint64 now_ms) {
  gint64 days = facts->oldest_ms < now_ms ? (now_ms - facts->oldest_ms) / DAY_MS : 0;

  add(answers, SIGHT_DUTY_IDENTIFIERS, facts->n_named == 0 && facts->n_sessions > 0 ? SIGHT_DUTY_MET : SIGHT_DUTY_YOURS,
      g_strdup_printf(_("%d of %d sessions name their user"), (int)facts->n_named, (int)facts->n_sessions));
  add(answers, SIGHT_DUTY_KEEPING, state_of(days > KEEP_MAX_DAYS, facts->n_sessions),
      g_strdup_printf(ngettext("The oldest recording here is %d day old; what collectors keep is set there",
                               "The oldest recording here is %d days old; what collectors keep is set there",
                               (gulong)days),
                      (int)days));
}

static GPtrArray *answers_of(const Facts *facts, gint64 now_ms) {
  GPtrArray *answers = g_ptr_array_new_with_free_func(answer_free);

  add(answers, SIGHT_DUTY_CONSENT, SIGHT_DUTY_YOURS,
      g_strdup(_("Start the recorder once the visitor has agreed: its option “consent”")));
  add(answers, SIGHT_DUTY_PURPOSE, SIGHT_DUTY_YOURS, g_strdup(_("Write them down before the recorder is put in")));
  add(answers, SIGHT_DUTY_SAMPLING, SIGHT_DUTY_YOURS,
      g_strdup(_("The recorder’s option “sample” says how many visits are recorded")));
  add(answers, SIGHT_DUTY_ACCESS, SIGHT_DUTY_YOURS, g_strdup(_("Tokens of the collector: one for each workstation")));
  add(answers, SIGHT_DUTY_TRACE, state_of(facts->n_faults, facts->n_lines),
      facts->n_faults == 0
          ? g_strdup_printf(ngettext("%d line of the log, each in its place", "%d lines of the log, each in its place",
                                     (gulong)facts->n_lines),
                            (int)facts->n_lines)
          : g_strdup_printf(ngettext("%d fault in the log: “sightctl log verify” tells it",
                                     "%d faults in the log: “sightctl log verify” tells them", (gulong)facts->n_faults),
                            (int)facts->n_faults));
  add_masking(answers, facts);
  add_persons(answers, facts, now_ms);
  add(answers, SIGHT_DUTY_RETARGETING, SIGHT_DUTY_YOURS, g_strdup(_("Nothing here can; what is exported could be")));
  add(answers, SIGHT_DUTY_PROVIDER, facts->n_foreign == 0 ? SIGHT_DUTY_MET : SIGHT_DUTY_YOURS,
      facts->n_foreign == 0
          ? g_strdup(_("Recordings come from collectors of your own and from files"))
          : g_strdup_printf(ngettext("%u endpoint is of another product: see its contract",
                                     "%u endpoints are of other products: see their contracts", facts->n_foreign),
                            facts->n_foreign));
  return answers;
}

GPtrArray *sight_audit_duties(SightDb *db, const GArray *rows, SightAuditReport *report, gint64 now_ms,
                              GError **error) {
  Facts facts = {0};

  if (!read_sessions(db, rows, &facts, error) || !read_endpoints(db, &facts, error))
    return NULL;
  read_report(report, &facts);
  return answers_of(&facts, now_ms);
}
