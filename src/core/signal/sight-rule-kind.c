/* SPDX-License-Identifier: MIT */
/* The names of settings begin with that of their kind. */
#include "sight-rule-kind.h"

#include "sight-ruleset.h"
#include "sight-signal.h"

#include <string.h>

/* "error-click-wait" is of error clicks, not of errors. */
static gboolean is_of(const char *name, const char *kind) {
  if (!g_str_has_prefix(name, kind))
    return FALSE;
  for (int other = 0; other < SIGHT_N_SIGNALS; other++) {
    const char *longer = sight_signal_kind_name((SightSignalKind)other);
    if (strlen(longer) > strlen(kind) && g_str_has_prefix(name, longer))
      return FALSE;
  }
  return TRUE;
}

int sight_rule_setting_of(const char *kind) {
  for (int i = 0; sight_rule_settings[i].name != NULL; i++) {
    if (is_of(sight_rule_settings[i].name, kind))
      return i;
  }
  return -1;
}
