/* SPDX-License-Identifier: MIT */
#include "sight-audit-findings.h"

#include "sight-event-reader.h"
#include "sight-hash.h"

#include <string.h>

#define MAX_TEXTS 200

typedef struct {
  GPtrArray *findings;
  SightAuditFinding *by_kind[SIGHT_N_AUDIT_KINDS]; /* borrowed */
  GHashTable *by_text[SIGHT_N_AUDIT_KINDS];        /* -> SightAuditText, borrowed */
  SightAuditPass *pass;
  GCancellable *cancellable;
} Finding;

static void text_free(gpointer data) {
  SightAuditText *text = data;

  g_free(text->text);
  g_free(text);
}

static void finding_free(gpointer data) {
  SightAuditFinding *finding = data;

  g_ptr_array_unref(finding->texts);
  g_free(finding);
}

static void note_text(Finding *self, SightAuditKind kind, const char *text) {
  SightAuditFinding *finding = self->by_kind[kind];

  if (finding == NULL) {
    finding = self->by_kind[kind] = g_new0(SightAuditFinding, 1);
    finding->kind = kind;
    finding->texts = g_ptr_array_new_with_free_func(text_free);
    self->by_text[kind] = g_hash_table_new(sight_hash_text, g_str_equal);
    g_ptr_array_add(self->findings, finding);
  }
  finding->n_times++;
  SightAuditText *known = g_hash_table_lookup(self->by_text[kind], text);
  if (known == NULL && finding->texts->len < MAX_TEXTS) {
    known = g_new0(SightAuditText, 1);
    known->text = g_strdup(text);
    g_ptr_array_add(finding->texts, known);
    g_hash_table_insert(self->by_text[kind], known->text, known);
  }
  if (known != NULL)
    known->n_times++;
}

static void note(const SightAuditFound *found, gpointer data) {
  if (found->kind < SIGHT_N_AUDIT_KINDS)
    note_text(data, found->kind, found->text);
}

static gboolean look_at(const SightEvent *event, const char *tainted_window, gpointer data, GError **error) {
  Finding *self = data;

  sight_audit_pass_event(self->pass, event);
  return !g_cancellable_set_error_if_cancelled(self->cancellable, error);
}

static void look_at_text(Finding *self, const char *text) {
  g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));

  sight_audit_text(text, strlen(text), NULL, hits);
  for (guint i = 0; i < hits->len; i++) {
    SightAuditHit hit = g_array_index(hits, SightAuditHit, i);
    g_autofree char *found = g_strndup(text + hit.start, hit.end - hit.start);
    note_text(self, hit.kind, found);
  }
}

static int by_kind(gconstpointer a, gconstpointer b) {
  const SightAuditFinding *one = *(gpointer *)a, *other = *(gpointer *)b;

  return (one->kind > other->kind) - (one->kind < other->kind);
}

GPtrArray *sight_audit_findings(const char *events, gsize bytes, const char *const *texts, GCancellable *cancellable,
                                GError **error) {
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(finding_free);
  Finding self = {.findings = findings, .cancellable = cancellable};
  g_autoptr(SightAuditPass) pass = sight_audit_pass_new(note, &self);
  const SightReaderLimits limits = {.max_bytes = G_MAXUINT64, .max_event_bytes = G_MAXINT32, .max_events = G_MAXUINT64};

  self.pass = pass;
  gboolean done = events == NULL || sight_event_read_bytes(events, bytes, &limits, look_at, &self, NULL, error);
  for (guint i = 0; done && texts != NULL && texts[i] != NULL; i++)
    look_at_text(&self, texts[i]);
  for (int kind = 0; kind < SIGHT_N_AUDIT_KINDS; kind++)
    g_clear_pointer(&self.by_text[kind], g_hash_table_unref);
  g_ptr_array_sort(findings, by_kind);
  return done ? g_steal_pointer(&findings) : NULL;
}
