/* SPDX-License-Identifier: MIT */
/* What options name to be masked. */
#include "sight-cli-redaction.h"

#include <glib/gi18n-lib.h>

static gboolean add_kind(SightRedaction *redaction, const char *name) {
  for (int kind = 0; kind < SIGHT_N_AUDIT_KINDS; kind++) {
    if (g_str_equal(sight_audit_kind_name((SightAuditKind)kind), name)) {
      sight_redaction_add_kind(redaction, (SightAuditKind)kind);
      return TRUE;
    }
  }
  return FALSE;
}

SightRedaction *sight_cli_redaction(const char *const *masks, gboolean all_kinds, GError **error) {
  g_autoptr(SightRedaction) redaction = sight_redaction_new();

  if (all_kinds)
    sight_redaction_add_all_kinds(redaction);
  for (guint i = 0; masks != NULL && masks[i] != NULL; i++) {
    if (add_kind(redaction, masks[i]) || sight_redaction_add_text(redaction, masks[i]))
      continue;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("“%s” is too short to be masked"), masks[i]);
    return NULL;
  }
  return g_steal_pointer(&redaction);
}
