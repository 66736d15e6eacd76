/* SPDX-License-Identifier: MIT */
/* At which moments a session matches, and what keeps one out. */
#include "sight-clock-text.h"
#include "sight-filter-sentence.h"
#include "sight-query-private.h"

#include <glib/gi18n-lib.h>

typedef struct {
  SightQuery *query;
  const SightSession *session;
  SightMoments *moments;
  GPtrArray *found; /* of SightQueryMoment or of SightQueryReason */
} Explain;

static void moment_free(gpointer data) {
  SightQueryMoment *moment = data;

  g_free(moment->condition);
  g_free(moment->reason);
  g_free(moment);
}

static void reason_free(gpointer data) {
  SightQueryReason *reason = data;

  g_free(reason->condition);
  g_free(reason->says);
  g_free(reason);
}

static gboolean begin(Explain *self, SightQuery *query, const SightSession *session, GDestroyNotify destroy,
                      GError **error) {
  self->query = query;
  self->session = session;
  self->moments = sight_moments_read(query, session, query->kinds, error);
  self->found = self->moments != NULL ? g_ptr_array_new_with_free_func(destroy) : NULL;
  return self->moments != NULL;
}

static void explain_clear(Explain *self) {
  sight_moments_free(self->moments);
  g_clear_pointer(&self->found, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Explain, explain_clear)

/* TRUE or FALSE in *holds; FALSE on error. */
static gboolean ask(Explain *self, const SightFilter *part, gboolean *holds, GError **error) {
  g_autoptr(SightSet) set = sight_query_part(self->query, part, self->session->row, error);

  *holds = set != NULL && sight_set_n(set) > 0;
  return set != NULL;
}

static const SightMoment *moment_at(const Explain *self, guint i) {
  return &g_array_index(self->moments->list, SightMoment, i);
}

static char *moment_reason(const SightMoment *moment) {
  g_autofree char *at = sight_clock_text(moment->start_ms);
  g_autofree char *length = sight_clock_text(moment->end_ms - moment->start_ms);

  if (moment->signal != NULL)
    return sight_signal_reason(moment->signal);
  switch (moment->kind) {
  case SIGHT_MOMENT_PAGE:
    return g_strdup_printf(_("Viewed %s"), moment->page);
  case SIGHT_MOMENT_CLICK:
    return g_strdup_printf(_("Clicked “%s”"), moment->target != NULL ? moment->target : "?");
  case SIGHT_MOMENT_TYPED_IN:
    return g_strdup_printf(_("Typed into “%s”"), moment->target != NULL ? moment->target : "?");
  case SIGHT_MOMENT_FORM:
    return g_strdup_printf(_("Sent the form “%s”"), moment->target != NULL ? moment->target : "?");
  case SIGHT_MOMENT_FILLED:
    return g_strdup_printf(_("Filled in the form “%s”"), moment->target != NULL ? moment->target : "?");
  case SIGHT_MOMENT_FIELD:
    return g_strdup_printf(_("Was in the field “%s”"), moment->target != NULL ? moment->target : "?");
  case SIGHT_MOMENT_MESSAGE:
    return g_strdup_printf(_("Beside a form: “%s”"), moment->target != NULL ? moment->target : "?");
  case SIGHT_MOMENT_EVENT:
    return g_strdup_printf(_("Event “%s”"), moment->text != NULL ? moment->text : "?");
  case SIGHT_MOMENT_SEEN:
    return g_strdup_printf(_("Saw “%s”"), moment->text);
  case SIGHT_MOMENT_IN_PAGE:
    return g_strdup_printf(_("“%s” stood in the page, hidden"), moment->text);
  case SIGHT_MOMENT_ELEMENT:
    return g_strdup_printf(_("There was %s"), moment->selector);
  case SIGHT_MOMENT_IDLE:
    return g_strdup_printf(_("Idle for %s"), length);
  case SIGHT_MOMENT_HIDDEN:
    return g_strdup_printf(_("In the background for %s"), length);
  default:
    /* TRANSLATORS: a tag's or note's text and the time in the recording where it was set */
    return g_strdup_printf(_("“%s” at %s"), moment->text, at);
  }
}

static void add_moment(Explain *self, const SightFilter *part, const SightMoment *moment) {
  SightQueryMoment *found = g_new0(SightQueryMoment, 1);

  found->condition = sight_filter_print(part);
  found->start_ms = moment->start_ms;
  found->end_ms = moment->end_ms;
  found->signal = moment->signal != NULL ? (int)moment->signal->kind : -1;
  found->severe = moment->severe;
  found->count = (int)moment->count;
  found->reason = moment_reason(moment);
  g_ptr_array_add(self->found, found);
}

/* What holds of the session as a whole. That it is one of all says nothing. */
static gboolean add_whole(Explain *self, const SightFilter *part, GError **error) {
  SightQueryMoment *found = g_new0(SightQueryMoment, 1);
  const SightField *field = part->field;

  if (field != NULL && field->sessions == sight_answer_all) {
    g_free(found);
    return TRUE;
  }
  g_ptr_array_add(self->found, found);
  found->condition = sight_filter_print(part);
  found->signal = -1;
  found->whole = TRUE;
  gboolean done = sight_query_whole(self->query, part, self->session, found, error);
  found->end_ms = found->start_ms;
  return done;
}

static void add_sequence(Explain *self, const SightFilter *sequence) {
  g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(guint));

  sight_sequence_find(self->query, sequence, self->moments, steps);
  for (guint i = 0; i < steps->len; i++)
    add_moment(self, sequence, moment_at(self, g_array_index(steps, guint, i)));
}

/* Words that are found in no moment are in what is known of the session. */
static gboolean add_leaf(Explain *self, const SightFilter *part, GError **error) {
  guint n = self->found->len;

  if (part->kind == SIGHT_FILTER_KEY && part->field->place == SIGHT_KEY_OF_SESSION)
    return add_whole(self, part, error);
  if (part->kind == SIGHT_FILTER_SEQUENCE) {
    add_sequence(self, part);
    return TRUE;
  }
  for (guint i = 0; i < self->moments->list->len; i++) {
    const SightMoment *moment = moment_at(self, i);
    if (part->kind == SIGHT_FILTER_WORDS ? sight_moment_says(self->query, part->text, moment)
                                         : sight_moment_is(self->query, part, moment))
      add_moment(self, part, moment);
  }
  return self->found->len > n || add_whole(self, part, error);
}

static gboolean add_matching(Explain *self, const SightFilter *filter, GError **error) {
  gboolean holds = FALSE;

  if (filter->kind == SIGHT_FILTER_NOT)
    return TRUE;
  if (filter->kind != SIGHT_FILTER_ALL && filter->kind != SIGHT_FILTER_ANY)
    return add_leaf(self, filter, error);
  for (guint i = 0; i < filter->parts->len; i++) {
    const SightFilter *part = filter->parts->pdata[i];
    if (filter->kind == SIGHT_FILTER_ANY && !ask(self, part, &holds, error))
      return FALSE;
    if ((filter->kind == SIGHT_FILTER_ALL || holds) && !add_matching(self, part, error))
      return FALSE;
  }
  return TRUE;
}

static int in_time(gconstpointer a, gconstpointer b) {
  const SightQueryMoment *x = *(SightQueryMoment *const *)a, *y = *(SightQueryMoment *const *)b;

  if (x->start_ms != y->start_ms)
    return x->start_ms < y->start_ms ? -1 : 1;
  return 0;
}

GPtrArray *sight_query_moments(SightQuery *query, const SightSession *session, GError **error) {
  g_auto(Explain) self = {0};

  if (!begin(&self, query, session, moment_free, error) || !add_matching(&self, query->filter, error))
    return NULL;
  g_ptr_array_sort(self.found, in_time);
  return g_steal_pointer(&self.found);
}

/* Why not */

static void add_reason(Explain *self, const SightFilter *part, char *says) {
  SightQueryReason *reason = g_new0(SightQueryReason, 1);

  reason->condition = sight_filter_print(part);
  reason->says = says;
  g_ptr_array_add(self->found, reason);
}

static char *why_not_whole(Explain *self, const SightFilter *key) {
  g_autofree char *has = sight_answer_has(self->query, key, self->session);
  g_autofree char *wanted = sight_filter_values_phrase(key);

  if (key->field->takes == SIGHT_TAKES_NOTHING) {
    g_autofree char *phrase = sight_filter_phrase(key);
    return g_strdup_printf(_("wanted one %s"), phrase);
  }
  /* TRANSLATORS: a key, what a session has there, and what the filter wants: "length 1:48, wanted > 2:00" */
  return g_strdup_printf(_("%s %s, wanted %s"), key->field->name, has != NULL ? has : _("unknown"), wanted);
}

/* The nearest: moments of the same kind that are not as wanted. */
static char *why_not_moment(Explain *self, const SightFilter *key) {
  const SightMoment *nearest = NULL;
  guint n = 0;

  for (guint i = 0; i < self->moments->list->len; i++) {
    if ((key->field->moments & SIGHT_MOMENT_BIT(moment_at(self, i)->kind)) == 0)
      continue;
    nearest = nearest != NULL ? nearest : moment_at(self, i);
    n++;
  }
  if (nearest == NULL)
    return g_strdup_printf(_("no %s"), _(key->field->said));
  g_autofree char *wanted = sight_filter_moment_phrase(key);
  g_autofree char *reason = moment_reason(nearest);
  g_autofree char *at = sight_clock_text(nearest->start_ms);
  return g_strdup_printf(
      ngettext("%s: %u, but not as wanted (%s); at %s: %s", "%s: %u, but none as wanted (%s); the first at %s: %s", n),
      sight_field_title(key->field), n, wanted, at, reason);
}

/* How far it came. */
static char *why_not_sequence(Explain *self, const SightFilter *sequence) {
  SightFilter part = *sequence;
  g_autoptr(GPtrArray) steps = g_ptr_array_new();
  guint n = 0;

  part.parts = steps;
  for (; n < sequence->parts->len; n++) {
    g_ptr_array_add(steps, sequence->parts->pdata[n]);
    if (!sight_sequence_find(self->query, &part, self->moments, NULL))
      break;
  }
  g_autofree char *missing = sight_filter_moment_phrase(sequence->parts->pdata[MIN(n, sequence->parts->len - 1)]);
  if (n == 0)
    return g_strdup_printf(_("it is without %s"), missing);
  const SightFilter *step = sequence->parts->pdata[MIN(n, sequence->parts->len - 1)];
  return g_strdup_printf(step->absent
                             ? ngettext("%u step happened, but then also %s", "%u steps happened, but then also %s", n)
                             : ngettext("%u step happened, but then not %s", "%u steps happened, but then not %s", n),
                         n, missing);
}

static gboolean add_refused(Explain *self, const SightFilter *refusal, GError **error) {
  const SightFilter *refused = refusal->parts->pdata[0];
  guint n = self->moments->list->len, i = 0;

  if (refused->kind == SIGHT_FILTER_KEY && refused->field->place == SIGHT_KEY_OF_MOMENT) {
    while (i < n && !sight_moment_is(self->query, refused, moment_at(self, i)))
      i++;
    if (i < n) {
      g_autofree char *reason = moment_reason(moment_at(self, i));
      g_autofree char *at = sight_clock_text(moment_at(self, i)->start_ms);
      add_reason(self, refusal, g_strdup_printf(_("refused, and there at %s: %s"), at, reason));
      return TRUE;
    }
  }
  g_autofree char *phrase = sight_filter_phrase(refused);
  add_reason(self, refusal, g_strdup_printf(_("refused, and it is one %s"), phrase));
  return TRUE;
}

static gboolean add_missing(Explain *self, const SightFilter *filter, GError **error) {
  gboolean holds = FALSE;

  if (!ask(self, filter, &holds, error))
    return FALSE;
  if (holds)
    return TRUE;
  switch (filter->kind) {
  case SIGHT_FILTER_NOT:
    return add_refused(self, filter, error);
  case SIGHT_FILTER_ALL:
  case SIGHT_FILTER_ANY:
    for (guint i = 0; i < filter->parts->len; i++) {
      if (!add_missing(self, filter->parts->pdata[i], error))
        return FALSE;
    }
    return TRUE;
  case SIGHT_FILTER_WORDS:
    add_reason(self, filter, g_strdup_printf(_("“%s” stands nowhere in it"), filter->text));
    return TRUE;
  case SIGHT_FILTER_SEQUENCE:
    add_reason(self, filter, why_not_sequence(self, filter));
    return TRUE;
  case SIGHT_FILTER_KEY:
    add_reason(self, filter,
               filter->field->place == SIGHT_KEY_OF_MOMENT ? why_not_moment(self, filter)
                                                           : why_not_whole(self, filter));
    return TRUE;
  }
  return TRUE;
}

GPtrArray *sight_query_why_not(SightQuery *query, const SightSession *session, GError **error) {
  g_auto(Explain) self = {0};

  if (!begin(&self, query, session, reason_free, error) || !add_missing(&self, query->filter, error))
    return NULL;
  return g_steal_pointer(&self.found);
}
