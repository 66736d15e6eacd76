/* SPDX-License-Identifier: MIT */
/* Abandoned forms: begun, and left without being sent, or after sending was refused. */
#include "sight-detectors.h"
#include "sight-text.h"

#define MAX_FORMS 32
#define MAX_FIELDS 32
#define NAME_CHARS 60
/* A message of error that comes this soon after the form was sent refuses it. */
#define REFUSAL_MS 2000

typedef struct {
  char *name;
  gint64 ms;
  int refills;
  gboolean filled; /* typed or chosen in, and not empty again */
  gboolean typed;
  gboolean gone; /* the page took it away */
  int node;
} Field;

typedef struct {
  char *name;     /* by which it is known */
  char *called;   /* what a person calls it, or NULL */
  GArray *fields; /* of Field, in the order of first focus */
  char *last;     /* the field that was used last */
  gint64 begun_ms, used_ms;
  gint64 sent_ms;  /* plus 1; 0: not sent */
  gint64 asked_ms; /* plus 1; a button of it was clicked; 0: not since something was filled in */
  gboolean refused, nameless;
} Form;

typedef struct {
  GArray *forms;
  Form *current; /* where a field has the focus, or NULL */
  int field;     /* which one: index of it, or -1 where it does not count */
  int node;      /* of the field; 0: not told */
} FormState;

static void field_clear(gpointer data) {
  g_free(((Field *)data)->name);
}

static void form_free(Form *form) {
  g_free(form->name);
  g_free(form->last);
  g_free(form->called);
  g_array_unref(form->fields);
}

static void form_clear(gpointer data) {
  form_free(data);
}

static Form *find(FormState *state, const char *tainted_name, gint64 at_ms) {
  g_autofree char *name = sight_text_excerpt(tainted_name != NULL ? tainted_name : "", -1, NAME_CHARS);
  if (state->forms == NULL) {
    state->forms = g_array_sized_new(FALSE, TRUE, sizeof(Form), MAX_FORMS);
    g_array_set_clear_func(state->forms, form_clear);
  }
  for (guint i = 0; i < state->forms->len; i++) {
    Form *form = &g_array_index(state->forms, Form, i);
    if (g_str_equal(form->name, name))
      return form;
  }
  if (state->forms->len >= MAX_FORMS)
    return NULL;
  Form form = {.name = g_steal_pointer(&name),
               .fields = g_array_new(FALSE, TRUE, sizeof(Field)),
               .begun_ms = at_ms,
               .used_ms = at_ms};
  g_array_set_clear_func(form.fields, field_clear);
  g_array_append_val(state->forms, form);
  return &g_array_index(state->forms, Form, state->forms->len - 1);
}

static Field *find_field(Form *form, const char *tainted_name) {
  g_autofree char *name = sight_text_excerpt(tainted_name != NULL ? tainted_name : "", -1, NAME_CHARS);
  g_free(form->last);
  form->last = g_strdup(name);
  for (guint i = 0; i < form->fields->len; i++) {
    Field *field = &g_array_index(form->fields, Field, i);
    if (g_str_equal(field->name, name))
      return field;
  }
  if (form->fields->len >= MAX_FIELDS)
    return NULL;
  Field field = {.name = g_steal_pointer(&name)};
  g_array_append_val(form->fields, field);
  return &g_array_index(form->fields, Field, form->fields->len - 1);
}

/* "email 12.0 s, zip 3.1 s (2)": where the time went, and how often a field was filled again. */
static char *describe(const Form *form, int *refills) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < form->fields->len; i++) {
    const Field *field = &g_array_index(form->fields, Field, i);
    g_string_append_printf(out, "%s%s %.1f s", i > 0 ? ", " : "", field->name, (double)field->ms / 1000);
    if (field->refills > 0)
      g_string_append_printf(out, " (%d)", field->refills);
    *refills += field->refills;
  }
  return g_string_free(out, FALSE);
}

/* Begun is what was typed or chosen in. Of what nobody gave a name, one choice alone is a switch, and one field that
 * went away when it had done its work a widget. */
static gboolean is_begun(const Form *form) {
  guint n_filled = 0, n_typed = 0;
  for (guint i = 0; i < form->fields->len; i++) {
    const Field *field = &g_array_index(form->fields, Field, i);
    n_filled += field->filled != FALSE;
    n_typed += field->filled && field->typed && !field->gone;
  }
  return n_filled >= (form->nameless ? 2 : 1) || n_typed > 0;
}

static void leave(FormState *state, const Form *form, gint64 at_ms, const SightScene *scene) {
  if (!is_begun(form) || (form->sent_ms > 0 && !form->refused))
    return;
  int refills = 0;
  SightSignal *signal = sight_scene_report(scene, SIGHT_SIGNAL_FORM, form->begun_ms, at_ms, NULL);
  const char *called = form->called;
  if (called == NULL)
    called = form->nameless || form->name[0] == '\0' ? scene->page : form->name;
  signal->target = g_strdup(called);
  signal->message = describe(form, &refills);
  signal->count = (int)form->fields->len;
  signal->magnitude = refills;
  g_free(signal->fingerprint);
  signal->fingerprint = g_strdup_printf("form %s %s %s", scene->page, form->name, form->last != NULL ? form->last : "");
}

static void forget(FormState *state, guint i) {
  state->current = NULL;
  g_array_remove_index(state->forms, i);
}

static Field *field_of_node(FormState *state, int node) {
  for (guint i = 0; node > 0 && state->forms != NULL && i < state->forms->len; i++) {
    GArray *fields = g_array_index(state->forms, Form, i).fields;
    for (guint j = 0; j < fields->len; j++)
      if (g_array_index(fields, Field, j).node == node)
        return &g_array_index(fields, Field, j);
  }
  return NULL;
}

static void form_event(FormState *state, const SightAct *act, const SightScene *scene) {
  if (g_strcmp0(act->detail, "gone") == 0) {
    Field *field = field_of_node(state, act->node);
    if (field != NULL)
      field->gone = TRUE;
    return;
  }
  Form *form = find(state, act->text, act->at_ms);
  if (form == NULL || act->detail == NULL)
    return;
  form->used_ms = act->at_ms;
  form->nameless = act->empty;
  if (g_str_equal(act->detail, "focus")) {
    if (form->called == NULL && act->method != NULL)
      form->called = sight_text_excerpt(act->method, -1, NAME_CHARS);
    Field *field = find_field(form, act->field);
    if (field != NULL) {
      field->node = act->node;
      field->gone = FALSE;
    }
    state->current = form;
    state->node = act->node;
    state->field = act->look || field == NULL ? -1 : (int)(field - (Field *)(void *)form->fields->data);
  } else if (g_str_equal(act->detail, "blur")) {
    Field *field = find_field(form, act->field);
    state->current = NULL;
    if (field != NULL) {
      field->ms += MAX(act->amount, 0);
      field->refills = CLAMP(act->x, field->refills, G_MAXINT16);
    }
  } else if (g_str_equal(act->detail, "submit") || g_str_equal(act->detail, "sent")) {
    form->sent_ms = act->at_ms + 1;
    form->refused = FALSE;
  } else if (g_str_equal(act->detail, "reset")) {
    form->sent_ms = form->asked_ms = 0;
    for (guint i = 0; i < form->fields->len; i++)
      g_array_index(form->fields, Field, i).filled = FALSE;
  } else if (g_str_equal(act->detail, "leave")) {
    leave(state, form, act->at_ms, scene);
    forget(state, (guint)(form - &g_array_index(state->forms, Form, 0)));
  }
}

static void notice(FormState *state, const SightAct *act) {
  gboolean complains = g_strcmp0(act->text, "invalid") == 0 || g_strcmp0(act->text, "alert") == 0;
  if (!complains || g_strcmp0(act->detail, "shown") != 0 || state->forms == NULL)
    return;
  for (guint i = 0; i < state->forms->len; i++) {
    Form *form = &g_array_index(state->forms, Form, i);
    if (form->sent_ms > 0 && act->at_ms - (form->sent_ms - 1) <= REFUSAL_MS)
      form->refused = TRUE;
  }
}

static void fill(FormState *state, const SightAct *act) {
  Form *form = state->current;
  Field *emptied = act->empty ? field_of_node(state, act->node) : NULL;
  if (emptied != NULL)
    emptied->filled = FALSE;
  if (act->empty || form == NULL || state->field < 0 || (state->node > 0 && act->node != state->node))
    return;
  Field *field = &g_array_index(form->fields, Field, state->field);
  field->filled = TRUE;
  field->typed |= act->look;
  form->asked_ms = 0;
}

/* Whether this is the button by which one goes away without sending. */
static gboolean is_cancel(const SightTarget *target) {
  static const char *const words[] = {"cancel", "close",     "back",   "dismiss",   "discard", "reset",
                                      "clear",  "abbrechen", "zurück", "schließen", "annuler", "fermer",
                                      "retour", "cancelar",  "cerrar", "annulla",   "chiudi",  "取消",
                                      "×",      "✕",         "x",      NULL};
  g_autofree char *lower = g_utf8_strdown(target->label, -1);
  return g_strv_contains(words, g_strstrip(lower));
}

/* A button of what was filled in: what follows may be that it was sent. */
static void ask(FormState *state, const SightAct *act) {
  const guint fields = SIGHT_TARGET_TEXT_FIELD | SIGHT_TARGET_CHOICE;
  gboolean button = (act->target->traits & fields) == 0 && (act->target->traits & SIGHT_TARGET_INTERACTIVE) != 0;
  for (guint i = 0; button && state->forms != NULL && i < state->forms->len; i++) {
    Form *form = &g_array_index(state->forms, Form, i);
    if (g_strcmp0(form->name, act->text) == 0 && !is_cancel(act->target))
      form->asked_ms = act->at_ms + 1;
  }
}

/* Fields without a form are sent where the button beside them is answered; a form where its button leads elsewhere. */
static void went(FormState *state, const SightAct *act, const SightScene *scene) {
  for (guint i = 0; state->forms != NULL && i < state->forms->len; i++) {
    Form *form = &g_array_index(state->forms, Form, i);
    gint64 after_ms = act->at_ms - (form->asked_ms - 1);
    gboolean page = act->kind == SIGHT_ACT_PAGE;
    if (form->asked_ms > 0 && form->sent_ms == 0 && (page || form->name[0] == '\0') &&
        after_ms <= (page ? scene->rules->slow_wait_ms : scene->rules->dead_wait_ms))
      form->sent_ms = act->at_ms + 1;
  }
}

/* A new document takes every form with it; a route of the same document only those that were refused: for the others
 * the recorder tells whether they went. */
static void page(FormState *state, gboolean all, gint64 at_ms, const SightScene *scene) {
  for (guint i = state->forms != NULL ? state->forms->len : 0; i > 0; i--) {
    const Form *form = &g_array_index(state->forms, Form, i - 1);
    if (!all && !form->refused && form->sent_ms == 0)
      continue;
    leave(state, form, at_ms, scene);
    forget(state, i - 1);
  }
}

static void form_act(gpointer data, const SightAct *act, const SightScene *scene) {
  FormState *state = data;
  if (act->kind == SIGHT_ACT_FORM)
    form_event(state, act, scene);
  if (act->kind == SIGHT_ACT_INPUT)
    fill(state, act);
  if (act->kind == SIGHT_ACT_CLICK)
    ask(state, act);
  if (act->kind == SIGHT_ACT_CHANGE || act->kind == SIGHT_ACT_ANSWER || act->kind == SIGHT_ACT_PAGE)
    went(state, act, scene);
  if (act->kind == SIGHT_ACT_NOTICE)
    notice(state, act);
  if (act->kind == SIGHT_ACT_PAGE)
    page(state, act->empty, act->at_ms, scene);
}

static void form_finish(gpointer data, gint64 end_ms, const SightScene *scene) {
  page(data, TRUE, end_ms, scene);
}

static void form_state_clear(gpointer data) {
  FormState *state = data;
  g_clear_pointer(&state->forms, g_array_unref);
}

const SightDetector sight_detector_form = {"form", sizeof(FormState), form_act, form_finish, form_state_clear};
