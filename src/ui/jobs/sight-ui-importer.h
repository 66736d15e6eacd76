/* SPDX-License-Identifier: MIT */
/* SightUiImporter: takes files and folders of files into the store, one call after the other. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* What became of the files of one call. */
typedef struct {
  guint n_files, n_done, n_duplicates;
  guint n_failed, n_incomplete;
  gboolean stopped;  /* somebody cancelled it: what was done by then stays */
  gint64 first_row;  /* of the first session that was read; 0: none */
  GString *problems; /* one line per file that could not be read or lost something; empty: none */
} SightUiImport;

#define SIGHT_UI_TYPE_IMPORTER (sight_ui_importer_get_type())
/* Main thread only. Signals: "changed": progress; "imported" (SightUiImport pointer, borrowed): a call is through. */
G_DECLARE_FINAL_TYPE(SightUiImporter, sight_ui_importer, SIGHT_UI, IMPORTER, GObject)

SightUiImporter *sight_ui_importer_new(SightStore *store);
void sight_ui_importer_add(SightUiImporter *self, GListModel *files);
/* Files done and to do; FALSE where there are none. */
gboolean sight_ui_importer_get_progress(SightUiImporter *self, guint *n_done, guint *n_total);
/* The call under way and those that wait. */
void sight_ui_importer_cancel(SightUiImporter *self);

G_END_DECLS
