/* SPDX-License-Identifier: MIT */
/* One row of the list of problems. */
#include "sight-ui-problem-item.h"

struct _SightUiProblemItem {
  GObject parent_instance;
  GPtrArray *problems;
  const SightProblem *problem;
  SightUiProblemSpan span;
};

G_DEFINE_FINAL_TYPE(SightUiProblemItem, sight_ui_problem_item, G_TYPE_OBJECT)

static void finalize(GObject *object) {
  g_ptr_array_unref(SIGHT_UI_PROBLEM_ITEM(object)->problems);
  G_OBJECT_CLASS(sight_ui_problem_item_parent_class)->finalize(object);
}

static void sight_ui_problem_item_class_init(SightUiProblemItemClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void sight_ui_problem_item_init(SightUiProblemItem *self) {
}

SightUiProblemItem *sight_ui_problem_item_new(GPtrArray *problems, const SightProblem *problem,
                                              const SightUiProblemSpan *span) {
  SightUiProblemItem *self = g_object_new(SIGHT_UI_TYPE_PROBLEM_ITEM, NULL);
  self->problems = g_ptr_array_ref(problems);
  self->problem = problem;
  self->span = *span;
  return self;
}

const SightProblem *sight_ui_problem_item_get(SightUiProblemItem *self) {
  return self->problem;
}

const SightUiProblemSpan *sight_ui_problem_item_get_span(SightUiProblemItem *self) {
  return &self->span;
}
