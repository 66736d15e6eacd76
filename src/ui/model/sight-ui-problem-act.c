/* SPDX-License-Identifier: MIT */
/* Acts on problems, each with its opposite: what was said before. */
#include "sight-ui-problem-act.h"

#include <glib/gi18n.h>

void sight_ui_problem_act_free(SightUiProblemAct *act) {
  if (act == NULL)
    return;
  g_free(act->problem);
  g_free(act->filter);
  sight_problem_mark_free(act->mark);
  g_free(act->words);
  g_free(act);
}

/* Takes the mark and the words. */
static SightUiProblemAct *act_new(gint64 endpoint, const char *problem, SightProblemMark *mark, guint said,
                                  char *words) {
  SightUiProblemAct *act = g_new0(SightUiProblemAct, 1);

  act->endpoint = endpoint;
  act->problem = g_strdup(problem);
  act->mark = mark;
  act->said = said;
  act->words = words;
  return act;
}

/* Replaces one of the texts; FALSE: it says the same. */
static gboolean replace(char **text, const char *by) {
  if (g_strcmp0(*text != NULL ? *text : "", by) == 0)
    return FALSE;
  g_free(*text);
  *text = *by != '\0' ? g_strdup(by) : NULL;
  return TRUE;
}

SightUiProblemAct *sight_ui_problem_act_state(const SightProblem *problem, SightProblemState state, const char *text,
                                              const char *title) {
  SightProblemMark *mark = sight_problem_mark_copy(problem->mark);
  /* TRANSLATORS: name of a state */
  SightUiProblemAct *act =
      act_new(problem->endpoint, problem->id, mark, 0, g_strdup_printf(_("The problem is in “%s” now"), title));

  act->filter = g_strdup(problem->filter);
  /* Also one that is listed as another than was said: it came back, or grew. */
  if (mark->state != state || problem->state != state)
    act->said |= SIGHT_PROBLEM_SAYS_STATE;
  mark->state = state;
  mark->since_ms = 0;
  if (text != NULL && state == SIGHT_PROBLEM_FILED && replace(&mark->issue, text)) {
    act->said |= SIGHT_PROBLEM_SAYS_ISSUE;
    /* It is of the issue before. */
    g_clear_pointer(&mark->tracker, g_free);
  }
  if (text != NULL && state == SIGHT_PROBLEM_FIXED && replace(&mark->release, text))
    act->said |= SIGHT_PROBLEM_SAYS_RELEASE;
  return act;
}

SightUiProblemAct *sight_ui_problem_act_merge(const SightProblem *part, const SightProblem *whole) {
  SightProblemMark *mark = g_new0(SightProblemMark, 1);

  mark->same_as = g_strdup(whole->id);
  return act_new(part->endpoint, part->id, mark, SIGHT_PROBLEM_SAYS_SAME,
                 g_strdup_printf(_("Counted with “%s” now"), whole->title));
}

SightUiProblemAct *sight_ui_problem_act_split(const SightProblem *whole, const SightProblemPart *part) {
  return act_new(whole->endpoint, part->id, g_new0(SightProblemMark, 1), SIGHT_PROBLEM_SAYS_SAME,
                 g_strdup_printf(_("“%s” is one of its own again"), part->title));
}

SightUiProblemAct *sight_ui_problem_act_run(SightDb *db, const SightUiProblemAct *act, GError **error) {
  g_autoptr(GHashTable) marks = sight_problem_marks_read(db, act->endpoint, error);
  const SightProblemMark *before = marks != NULL ? g_hash_table_lookup(marks, act->problem) : NULL;
  g_autoptr(SightProblemMark) said = sight_problem_mark_copy(act->mark);

  if (marks == NULL)
    return NULL;
  if (act->filter != NULL)
    said->n_users = sight_problem_mark_users(db, act->endpoint, act->filter, error);
  if (said->n_users < 0 || !sight_problem_mark_write(db, act->endpoint, act->problem, said, act->said, error))
    return NULL;
  return act_new(act->endpoint, act->problem,
                 before != NULL ? sight_problem_mark_copy(before) : g_new0(SightProblemMark, 1), act->said,
                 g_strdup(_("Undone")));
}
