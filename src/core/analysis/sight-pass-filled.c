/* SPDX-License-Identifier: MIT */
/* Forms that are filled in on a page: their fields in order, the time in each, what was sent, and the messages beside
 * them. As the recorder tells it (ss:form). */
#include "sight-terms.h"
#include "sight-text.h"
#include "sight-usage.h"
#include "sight-window-pass-private.h"

#include <string.h>

#define MAX_FORMS 32
#define MAX_FIELDS 64
#define MAX_MESSAGES 20
#define NAME_CHARS 60
#define MESSAGE_CHARS 120
/* A message outside of every form is beside the one that was used this long before at most. */
#define BESIDE_MS 5000
/* A message of error that comes this soon after the form was sent refuses it. */
#define REFUSAL_MS 2000

typedef struct {
  char *name;
  int node, ms, refills;
  gint64 first_ms, last_ms;
  gboolean filled;
} Field;

typedef struct {
  char *text;
  gint64 at_ms;
} Message;

typedef struct {
  char *key;        /* by which it is told */
  char *called;     /* what a person calls it, or NULL */
  GArray *fields;   /* of Field, in the order of first focus */
  GArray *messages; /* of Message */
  gint64 first_ms, last_ms;
  gint64 sent_ms; /* plus 1; 0: not since it was refused */
  int n_sent, n_refused;
} Form;

static void field_clear(gpointer data) {
  g_free(((Field *)data)->name);
}

static void message_clear(gpointer data) {
  g_free(((Message *)data)->text);
}

static void form_free(gpointer data) {
  Form *form = data;

  g_free(form->key);
  g_free(form->called);
  g_array_unref(form->fields);
  g_array_unref(form->messages);
  g_free(form);
}

GPtrArray *sight_pass_filled_new(void) {
  return g_ptr_array_new_with_free_func(form_free);
}

static Form *find(const SightWindowPass *pass, const char *tainted_key) {
  g_autofree char *key = sight_text_excerpt(tainted_key != NULL ? tainted_key : "", -1, NAME_CHARS);

  for (guint i = 0; i < pass->filled->len; i++) {
    if (g_str_equal(((Form *)pass->filled->pdata[i])->key, key))
      return pass->filled->pdata[i];
  }
  return NULL;
}

static Form *ensure(SightWindowPass *pass, const char *tainted_key) {
  Form *form = find(pass, tainted_key);

  if (form != NULL || pass->filled->len >= MAX_FORMS)
    return form;
  form = g_new0(Form, 1);
  form->key = sight_text_excerpt(tainted_key != NULL ? tainted_key : "", -1, NAME_CHARS);
  form->fields = g_array_new(FALSE, TRUE, sizeof(Field));
  form->messages = g_array_new(FALSE, TRUE, sizeof(Message));
  g_array_set_clear_func(form->fields, field_clear);
  g_array_set_clear_func(form->messages, message_clear);
  form->first_ms = form->last_ms = pass->now_ms;
  g_ptr_array_add(pass->filled, form);
  return form;
}

/* By its name; of one without by what people call it. */
static char *name_of(const SightWindowPass *pass, const SightAct *act) {
  if (act->field != NULL && act->field[0] != '\0')
    return sight_text_excerpt(act->field, -1, NAME_CHARS);
  g_autofree char *label = sight_dom_label(pass->dom, act->node, NAME_CHARS);
  return g_strdup(label[0] != '\0' ? label : "?");
}

static Field *find_field(const SightWindowPass *pass, Form *form, const SightAct *act, gboolean make) {
  g_autofree char *name = name_of(pass, act);

  for (guint i = 0; i < form->fields->len; i++) {
    Field *field = &g_array_index(form->fields, Field, i);
    if (g_str_equal(field->name, name))
      return field;
  }
  if (!make || form->fields->len >= MAX_FIELDS)
    return NULL;
  Field field = {.name = g_steal_pointer(&name), .first_ms = pass->now_ms};
  g_array_append_val(form->fields, field);
  return &g_array_index(form->fields, Field, form->fields->len - 1);
}

void sight_pass_filled_form(SightWindowPass *pass, const SightAct *act) {
  gboolean focus = g_strcmp0(act->detail, "focus") == 0, blur = g_strcmp0(act->detail, "blur") == 0;
  gboolean sent = g_strcmp0(act->detail, "submit") == 0 || g_strcmp0(act->detail, "sent") == 0;
  Form *form = focus || sent ? ensure(pass, act->text) : blur ? find(pass, act->text) : NULL;

  if (form == NULL)
    return;
  form->last_ms = pass->now_ms;
  form->n_sent += sent;
  if (sent)
    form->sent_ms = pass->now_ms + 1;
  if (form->called == NULL && act->method != NULL)
    form->called = sight_text_excerpt(act->method, -1, NAME_CHARS);
  Field *field = focus || blur ? find_field(pass, form, act, focus) : NULL;
  if (field == NULL)
    return;
  field->node = act->node;
  field->last_ms = pass->now_ms;
  pass->filling_node = focus ? act->node : 0;
  if (blur) {
    field->ms = (int)MIN((gint64)field->ms + MAX(act->amount, 0), G_MAXINT);
    field->refills = CLAMP(act->x, field->refills, G_MAXINT16);
  }
}

void sight_pass_filled_input(SightWindowPass *pass, int node) {
  if (node <= 0 || node != pass->filling_node)
    return;
  for (guint i = 0; i < pass->filled->len; i++) {
    const Form *form = pass->filled->pdata[i];
    for (guint j = 0; j < form->fields->len; j++) {
      Field *field = &g_array_index(form->fields, Field, j);
      field->filled |= field->node == node;
    }
  }
}

typedef struct {
  const SightDom *dom;
  const char *id;
  int found;
} Search;

static void look(int id, gpointer data) {
  Search *search = data;

  if (search->found == 0 && g_strcmp0(sight_dom_attribute(search->dom, id, "id"), search->id) == 0)
    search->found = id;
}

/* What says why a field is wrong; 0: nothing does. */
static int description_of(SightWindowPass *pass, int field) {
  const char *ids = sight_dom_attribute(pass->dom, field, "aria-errormessage");

  if (ids == NULL)
    ids = sight_dom_attribute(pass->dom, field, "aria-describedby");
  if (ids == NULL || !sight_effort_allows(&pass->effort))
    return 0;
  g_autofree char *id = g_strndup(ids, strcspn(ids, " "));
  Search search = {.dom = pass->dom, .id = id};
  sight_effort_spend(&pass->effort, SIGHT_EFFORT_NODE * (gint64)sight_dom_n_nodes(pass->dom));
  sight_dom_each_below(pass->dom, sight_dom_root(pass->dom), look, &search);
  return search.found;
}

/* The form that a message is in, else the one that was used last. */
static Form *beside(const SightWindowPass *pass, int node) {
  g_autofree char *key = sight_pass_form_key(pass, node);
  Form *form = key[0] != '\0' ? find(pass, key) : NULL, *latest = NULL;

  for (guint i = 0; i < pass->filled->len; i++) {
    Form *other = pass->filled->pdata[i];
    if (pass->now_ms - other->last_ms <= BESIDE_MS && (latest == NULL || other->last_ms > latest->last_ms))
      latest = other;
  }
  return form != NULL ? form : latest;
}

/* As the detector of abandoned forms sees it: every form that was just sent is refused. */
static void refuse(SightWindowPass *pass) {
  for (guint i = 0; i < pass->filled->len; i++) {
    Form *form = pass->filled->pdata[i];
    if (form->sent_ms == 0 || pass->now_ms - (form->sent_ms - 1) > REFUSAL_MS)
      continue;
    form->sent_ms = 0;
    form->n_refused++;
  }
}

void sight_pass_filled_notice(SightWindowPass *pass, const SightAct *act) {
  gboolean shown = g_strcmp0(act->detail, "shown") == 0, invalid = g_strcmp0(act->text, "invalid") == 0;
  Form *form = shown ? beside(pass, act->node) : NULL;

  if (shown && (invalid || g_strcmp0(act->text, "alert") == 0))
    refuse(pass);
  if (form == NULL || g_strcmp0(act->text, "busy") == 0 || form->messages->len >= MAX_MESSAGES)
    return;
  int node = invalid ? description_of(pass, act->node) : act->node;
  g_autofree char *text = node > 0 ? sight_dom_label(pass->dom, node, MESSAGE_CHARS) : g_strdup("");
  if (text[0] == '\0')
    return;
  Message message = {g_steal_pointer(&text), pass->now_ms};
  g_array_append_val(form->messages, message);
}

/* A form that goes by its node is another one in each session. */
static const char *told_name(const Form *form) {
  gboolean nameless = strspn(form->key, "0123456789") == strlen(form->key);

  return !nameless ? form->key : form->called != NULL ? form->called : "?";
}

/* The field that was used last, where the form was not sent; else NULL. */
static const Field *left_at(const Form *form) {
  const Field *last = NULL;

  for (guint i = 0; form->n_sent == form->n_refused && i < form->fields->len; i++) {
    const Field *field = &g_array_index(form->fields, Field, i);
    if (last == NULL || field->last_ms >= last->last_ms)
      last = field;
  }
  return last;
}

static void tell_fields(SightWindowPass *pass, const Form *form) {
  const Field *left = left_at(form);

  for (guint i = 0; i < form->fields->len; i++) {
    const Field *field = &g_array_index(form->fields, Field, i);
    const int numbers[] = {field->ms, field->refills, field->filled != FALSE, (int)i};
    if (!sight_terms_add_moment(pass->findings, pass->index, SIGHT_TERM_FORM_FIELD, field->name, field->first_ms,
                                field->last_ms))
      return;
    sight_terms_also(pass->findings, SIGHT_TERM_FILLED, told_name(form));
    sight_terms_measure(pass->findings, numbers, G_N_ELEMENTS(numbers));
    if (field == left)
      sight_terms_is_severe(pass->findings);
  }
}

static void tell(SightWindowPass *pass, const Form *form) {
  gboolean begun = FALSE;

  for (guint i = 0; i < form->fields->len; i++)
    begun |= g_array_index(form->fields, Field, i).filled;
  const int numbers[] = {form->n_sent - form->n_refused};
  if ((!begun && form->n_sent == 0) || !sight_terms_add_moment(pass->findings, pass->index, SIGHT_TERM_FILLED,
                                                               told_name(form), form->first_ms, form->last_ms))
    return;
  sight_terms_also(pass->findings, SIGHT_TERM_TARGET, form->called);
  sight_terms_measure(pass->findings, numbers, G_N_ELEMENTS(numbers));
  tell_fields(pass, form);
  for (guint i = 0; i < form->messages->len; i++) {
    const Message *message = &g_array_index(form->messages, Message, i);
    if (sight_terms_add_moment(pass->findings, pass->index, SIGHT_TERM_MESSAGE, message->text, message->at_ms,
                               message->at_ms))
      sight_terms_also(pass->findings, SIGHT_TERM_FILLED, told_name(form));
  }
}

void sight_pass_filled_end(SightWindowPass *pass) {
  for (guint i = 0; i < pass->filled->len; i++)
    tell(pass, pass->filled->pdata[i]);
  g_ptr_array_set_size(pass->filled, 0);
  pass->filling_node = 0;
}
