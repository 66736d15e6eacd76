/* SPDX-License-Identifier: MIT */
/* Picking on a worker. */
#include "sight-ui-picker.h"

typedef struct {
  SightUiReel *reel;
  guint window;
  gint64 at_ms;
  int node;
} Question;

static void question_free(gpointer data) {
  Question *question = data;
  sight_ui_reel_unref(question->reel);
  g_free(question);
}

static void answer(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Question *question = data;
  GError *error = NULL;
  SightUiElement *element =
      sight_ui_element_read(question->reel, question->window, question->at_ms, question->node, cancellable, &error);
  if (element)
    g_task_return_pointer(task, element, (GDestroyNotify)sight_ui_element_free);
  else
    g_task_return_error(task, error);
}

void sight_ui_picker_read_async(SightUiReel *reel, guint window, gint64 at_ms, int node, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  Question *question = g_new(Question, 1);
  *question = (Question){sight_ui_reel_ref(reel), window, at_ms, node};
  g_task_set_task_data(task, question, question_free);
  g_task_run_in_thread(task, answer);
}

SightUiElement *sight_ui_picker_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}
