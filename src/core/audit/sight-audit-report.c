/* SPDX-License-Identifier: MIT */
/* Collecting what is found. */
#include "sight-audit-report.h"

#include "sight-batch-table.h"
#include "sight-event-reader.h"
#include "sight-hash.h"
#include "sight-session-table.h"

#include <glib/gi18n-lib.h>

struct SightAuditReport {
  GPtrArray *entries;
  GHashTable *by_key;   /* borrows from entries */
  SightAuditPass *pass; /* of the window that is being read */
  char *window;
  const SightSession *session;
  GCancellable *cancellable;
  const GPtrArray *rules;
};

static void entry_free(gpointer data) {
  SightAuditEntry *entry = data;

  g_free(entry->selector);
  g_free(entry->sample);
  g_free(entry->advice);
  g_free(entry->session);
  g_array_unref(entry->rows);
  g_free(entry);
}

SightAuditReport *sight_audit_report_new(void) {
  SightAuditReport *report = g_new0(SightAuditReport, 1);

  report->entries = g_ptr_array_new_with_free_func(entry_free);
  report->by_key = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  return report;
}

void sight_audit_report_free(SightAuditReport *report) {
  if (report == NULL)
    return;
  sight_audit_pass_free(report->pass);
  g_free(report->window);
  g_hash_table_unref(report->by_key);
  g_ptr_array_unref(report->entries);
  g_free(report);
}

void sight_audit_report_set_rules(SightAuditReport *report, const GPtrArray *selectors) {
  report->rules = selectors;
}

static char *sample_of(const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  glong n = g_utf8_strlen(valid, -1);
  gunichar first = g_utf8_get_char(valid), last = g_utf8_get_char(g_utf8_offset_to_pointer(valid, MAX(n - 1, 0)));
  g_autoptr(GString) ends = g_string_new(NULL);

  if (n > 3) {
    g_string_append_unichar(ends, first);
    g_string_append(ends, "…");
    g_string_append_unichar(ends, last);
  } else {
    g_string_append(ends, "…");
  }
  /* TRANSLATORS: "a…m (19 characters)" */
  return g_strdup_printf(ngettext("%s (%ld character)", "%s (%ld characters)", (gulong)n), ends->str, n);
}

static SightAuditEntry *entry_of(SightAuditReport *report, const SightAuditFound *found) {
  g_autofree char *key =
      g_strdup_printf("%d %d %s", found->kind, found->place, found->selector != NULL ? found->selector : "");
  SightAuditEntry *entry = g_hash_table_lookup(report->by_key, key);

  if (entry != NULL)
    return entry;
  entry = g_new0(SightAuditEntry, 1);
  entry->kind = found->kind;
  entry->place = found->place;
  entry->selector = g_strdup(found->selector);
  entry->sample = sample_of(found->text);
  entry->advice = sight_audit_advice(found->place, found->selector);
  entry->rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  entry->session = g_strdup(report->session->session);
  entry->at_ms = MAX(found->time_ms - report->session->started_ms, 0);
  g_ptr_array_add(report->entries, entry);
  g_hash_table_insert(report->by_key, g_steal_pointer(&key), entry);
  return entry;
}

static void note(const SightAuditFound *found, gpointer data) {
  SightAuditReport *report = data;
  SightAuditEntry *entry = entry_of(report, found);

  entry->n_times++;
  entry->n_ruled += found->ruled ? 1 : 0;
  if (entry->rows->len == 0 || g_array_index(entry->rows, gint64, entry->rows->len - 1) != report->session->row)
    g_array_append_val(entry->rows, report->session->row);
}

static gboolean look_at_event(const SightEvent *event, const char *tainted_window, gpointer data, GError **error) {
  SightAuditReport *report = data;

  sight_audit_pass_event(report->pass, event);
  return !g_cancellable_set_error_if_cancelled(report->cancellable, error);
}

static gboolean look_at_batch(const SightStoredBatch *stored, gpointer data, GError **error) {
  SightAuditReport *report = data;
  g_auto(SightReaderReport) read = {0};

  if (g_strcmp0(report->window, stored->batch.window) != 0) {
    g_clear_pointer(&report->pass, sight_audit_pass_free);
    g_free(report->window);
    report->window = g_strdup(stored->batch.window);
    report->pass = sight_audit_pass_new(note, report);
    sight_audit_pass_set_rules(report->pass, report->rules, FALSE);
  }
  if (stored->batch.n_events == 0)
    return TRUE;
  return sight_event_read_bytes(stored->batch.events, stored->batch.events_bytes, &sight_reader_default_limits,
                                look_at_event, report, &read, error);
}

gboolean sight_audit_report_session(SightAuditReport *report, SightDb *db, gint64 row, GCancellable *cancellable,
                                    GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);

  if (session == NULL)
    return FALSE;
  report->session = session;
  report->cancellable = cancellable;
  g_clear_pointer(&report->window, g_free);
  gboolean done = sight_batch_table_each_in_sequence(db, row, NULL, look_at_batch, report, NULL, error);
  g_clear_pointer(&report->pass, sight_audit_pass_free);
  report->session = NULL;
  return done;
}

static int most_first(gconstpointer a, gconstpointer b) {
  const SightAuditEntry *x = *(SightAuditEntry *const *)a, *y = *(SightAuditEntry *const *)b;

  if (x->rows->len != y->rows->len)
    return x->rows->len > y->rows->len ? -1 : 1;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  if (x->place != y->place)
    return x->place < y->place ? -1 : 1;
  return g_strcmp0(x->selector, y->selector);
}

const GPtrArray *sight_audit_report_entries(SightAuditReport *report) {
  g_ptr_array_sort(report->entries, most_first);
  return report->entries;
}
