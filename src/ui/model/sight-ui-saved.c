/* SPDX-License-Identifier: MIT */
/* The table of built-in filters; the kinds of signals add a row each. */
#include "sight-ui-saved.h"

#include "sight-signal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct {
  SightUiSavedGroup group;
  const char *title, *icon, *filter;
} fixed[] = {
    {SIGHT_UI_SAVED_TO_WATCH, N_("To watch"), "sight-to-watch-symbolic", "to-watch"},
    {SIGHT_UI_SAVED_TO_WATCH, N_("From the team"), "sight-note-symbolic", "unread"},
    {SIGHT_UI_SAVED_ALL, N_("All sessions"), "sight-sessions-symbolic", ""},
    {SIGHT_UI_SAVED_COHORT, N_("Churned"), "sight-churned-symbolic", "churned"},
    {SIGHT_UI_SAVED_COHORT, N_("High exit"), "sight-high-exit-symbolic", "high-exit"},
    {SIGHT_UI_SAVED_TAG, N_("Tagged"), "sight-tagged-symbolic", "tag"},
};
#define N_SAVED (G_N_ELEMENTS(fixed) + SIGHT_N_SIGNALS)

/* What visitors are held up by comes first; what they do not notice last. */
static int gravest_first(gconstpointer a, gconstpointer b) {
  const SightUiSaved *x = a, *y = b;

  return sight_signal_info(y->signal)->gravity - sight_signal_info(x->signal)->gravity;
}

static void fill(SightUiSaved *saved) {
  SightUiSaved *row = saved;

  for (guint i = 0; i < G_N_ELEMENTS(fixed); i++) {
    if (fixed[i].group == SIGHT_UI_SAVED_TAG)
      row += SIGHT_N_SIGNALS;
    *row++ = (SightUiSaved){fixed[i].group, _(fixed[i].title), fixed[i].icon, fixed[i].filter, -1};
  }
  row = saved;
  while (row->title != NULL)
    row++;
  SightUiSaved *first = row;
  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++) {
    const SightSignalInfo *info = sight_signal_info(kind);
    /* Of forms the key is for those that were sent. */
    const char *key = kind == SIGHT_SIGNAL_FORM ? "form-left" : info->name;
    *row++ =
        (SightUiSaved){SIGHT_UI_SAVED_SIGNAL, sight_signal_kind_title((SightSignalKind)kind), info->icon, key, kind};
  }
  qsort(first, SIGHT_N_SIGNALS, sizeof *first, gravest_first);
}

const SightUiSaved *sight_ui_saved(guint *n) {
  static SightUiSaved saved[N_SAVED];

  if (saved[0].title == NULL)
    fill(saved);
  *n = N_SAVED;
  return saved;
}

gboolean sight_ui_saved_same(const SightField *a, const SightField *b) {
  return a == b || (a->moments != 0 && a->moments == b->moments && a->term == b->term);
}

SightUiSavedGroup sight_ui_saved_group(const SightField *field) {
  guint n = 0;
  const SightUiSaved *saved = sight_ui_saved(&n);

  for (guint i = 0; i < n; i++) {
    const SightField *key = sight_field_find(saved[i].filter, strlen(saved[i].filter), FALSE);
    if (key != NULL && sight_ui_saved_same(key, field))
      return saved[i].group;
  }
  return SIGHT_UI_SAVED_NONE;
}
