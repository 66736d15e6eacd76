/* SPDX-License-Identifier: MIT */
/* One row of the session list. */
#include "sight-ui-session-item.h"

struct _SightUiSessionItem {
  GObject parent_instance;
  gint64 row;
  SightSession *session;
  SightLibraryReason reason;
};

G_DEFINE_FINAL_TYPE(SightUiSessionItem, sight_ui_session_item, G_TYPE_OBJECT)

static guint changed_signal;

static void sight_ui_session_item_finalize(GObject *object) {
  SightUiSessionItem *self = SIGHT_UI_SESSION_ITEM(object);
  g_clear_pointer(&self->session, sight_session_free);
  sight_library_reason_clear(&self->reason);
  G_OBJECT_CLASS(sight_ui_session_item_parent_class)->finalize(object);
}

static void sight_ui_session_item_class_init(SightUiSessionItemClass *class) {
  G_OBJECT_CLASS(class)->finalize = sight_ui_session_item_finalize;
  changed_signal =
      g_signal_new("changed", SIGHT_UI_TYPE_SESSION_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_session_item_init(SightUiSessionItem *self) {
  self->reason.signal = -1;
}

SightUiSessionItem *sight_ui_session_item_new(gint64 row) {
  SightUiSessionItem *self = g_object_new(SIGHT_UI_TYPE_SESSION_ITEM, NULL);
  self->row = row;
  return self;
}

const SightSession *sight_ui_session_item_get_session(SightUiSessionItem *self) {
  return self->session;
}

const SightLibraryReason *sight_ui_session_item_get_reason(SightUiSessionItem *self) {
  return &self->reason;
}

void sight_ui_session_item_take(SightUiSessionItem *self, SightSession *session, SightLibraryReason *reason) {
  g_clear_pointer(&self->session, sight_session_free);
  sight_library_reason_clear(&self->reason);
  self->session = session;
  self->reason = *reason;
  *reason = (SightLibraryReason){.signal = -1};
  g_signal_emit(self, changed_signal, 0);
}
