/* SPDX-License-Identifier: MIT */
/* SightUiVerifyResults: both sides of a comparison, their difference, its steps, and what else is different. */
#pragma once

#include "sight-compare.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_VERIFY_RESULTS (sight_ui_verify_results_get_type())
/* Signals: "watch" (string): a filter of a session and the moment in it that is wanted; "beside" (two strings): the ids
 * of a session of each side are wanted side by side; "narrow" (string): a filter that is to join the sentence. */
G_DECLARE_FINAL_TYPE(SightUiVerifyResults, sight_ui_verify_results, SIGHT_UI, VERIFY_RESULTS, GtkWidget)

GtkWidget *sight_ui_verify_results_new(void);
/* NULL: nothing. `steps`: the texts of its steps (of char). */
void sight_ui_verify_results_show(SightUiVerifyResults *self, const SightComparison *comparison,
                                  const GPtrArray *steps);

G_END_DECLS
