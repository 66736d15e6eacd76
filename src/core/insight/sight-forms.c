/* SPDX-License-Identifier: MIT */
/* Forms out of what sessions did in them. */
#include "sight-forms.h"

#include "sight-query.h"
#include "sight-term-table.h"
#include "sight-usage-table.h"

#include <string.h>

/* Sessions are counted one after the other: each knows which one was counted last. */
typedef struct {
  gint64 n, last;
} Tally;

typedef struct {
  gint64 term;
  Tally in, filled, refilled, left;
  gint64 places, n_uses;
  GArray *times; /* of gint64 */
} Field;

typedef struct {
  gint64 term;
  Tally shown;
} Message;

typedef struct {
  gint64 form, page; /* terms */
  Tally used, sent, left;
  GArray *fields, *messages; /* of Field, of Message */
} Form;

typedef struct {
  const SightSet *sessions;
  GPtrArray *forms; /* of Form */
  gint64 form;      /* which one is read */
  guint first;      /* of `forms`, of it */
  GCancellable *cancellable;
} Count;

static void field_clear(gpointer data) {
  g_array_unref(((Field *)data)->times);
}

static void form_free(gpointer data) {
  Form *form = data;

  g_array_unref(form->fields);
  g_array_unref(form->messages);
  g_free(form);
}

static void told_field_free(gpointer data) {
  SightFormField *field = data;

  g_free(field->name);
  g_free(field->filter);
  g_free(field->refilled_filter);
  g_free(field->left_filter);
  g_free(field);
}

static void told_message_free(gpointer data) {
  SightFormMessage *message = data;

  g_free(message->text);
  g_free(message->filter);
  g_free(message);
}

static void told_form_free(gpointer data) {
  SightFormUse *form = data;

  g_free(form->form);
  g_free(form->page);
  g_free(form->filter);
  g_free(form->left_filter);
  g_ptr_array_unref(form->fields);
  g_ptr_array_unref(form->messages);
  g_free(form);
}

/* Counting */

static void tally(Tally *tally, gint64 session, gboolean counts) {
  if (!counts || tally->last == session)
    return;
  tally->n++;
  tally->last = session;
}

/* The same form on another page is another one. */
static Form *form_on(Count *self, gint64 page) {
  for (guint i = self->first; i < self->forms->len; i++) {
    if (((Form *)self->forms->pdata[i])->page == page)
      return self->forms->pdata[i];
  }
  Form *form = g_new0(Form, 1);
  form->form = self->form;
  form->page = page;
  form->fields = g_array_new(FALSE, TRUE, sizeof(Field));
  g_array_set_clear_func(form->fields, field_clear);
  form->messages = g_array_new(FALSE, TRUE, sizeof(Message));
  g_ptr_array_add(self->forms, form);
  return form;
}

static Field *field_of(Form *form, gint64 term) {
  for (guint i = 0; i < form->fields->len; i++) {
    if (g_array_index(form->fields, Field, i).term == term)
      return &g_array_index(form->fields, Field, i);
  }
  Field field = {.term = term, .times = g_array_new(FALSE, FALSE, sizeof(gint64))};
  g_array_append_val(form->fields, field);
  return &g_array_index(form->fields, Field, form->fields->len - 1);
}

static Message *message_of(Form *form, gint64 term) {
  for (guint i = 0; i < form->messages->len; i++) {
    if (g_array_index(form->messages, Message, i).term == term)
      return &g_array_index(form->messages, Message, i);
  }
  Message message = {.term = term};
  g_array_append_val(form->messages, message);
  return &g_array_index(form->messages, Message, form->messages->len - 1);
}

static int number_at(const SightUsage *usage, guint at) {
  return at < usage->n_numbers ? usage->numbers[at] : 0;
}

static void count_field(Form *form, gint64 session, const SightUsage *usage) {
  Field *field = field_of(form, usage->terms[0]);
  gint64 time_ms = number_at(usage, SIGHT_FIELD_TIME);

  tally(&field->in, session, TRUE);
  tally(&field->filled, session, number_at(usage, SIGHT_FIELD_FILLED) > 0);
  tally(&field->refilled, session, number_at(usage, SIGHT_FIELD_REFILLS) > 0);
  tally(&field->left, session, usage->severe);
  field->places += number_at(usage, SIGHT_FIELD_PLACE);
  field->n_uses++;
  g_array_append_val(field->times, time_ms);
}

static gboolean take(gint64 session, const guint8 *data, gsize bytes, gpointer user_data) {
  Count *self = user_data;
  SightUsage usage;

  while (sight_set_contains(self->sessions, session) && sight_usage_unpack(&data, &bytes, &usage)) {
    gint64 last = usage.terms[usage.n_terms - 1];
    Form *form = form_on(self, sight_term_field_of(last) == SIGHT_TERM_PAGE ? last : 0);
    if (usage.field == SIGHT_TERM_FILLED) {
      tally(&form->used, session, TRUE);
      tally(&form->sent, session, number_at(&usage, SIGHT_FILLED_SENT) > 0);
      tally(&form->left, session, number_at(&usage, SIGHT_FILLED_SENT) == 0);
    } else if (usage.field == SIGHT_TERM_FORM_FIELD) {
      count_field(form, session, &usage);
    } else if (usage.field == SIGHT_TERM_MESSAGE) {
      tally(&message_of(form, usage.terms[0])->shown, session, TRUE);
    }
  }
  return !g_cancellable_is_cancelled(self->cancellable);
}

/* Telling */

typedef struct {
  SightDb *db;
  SightFormUse *told;
  GError **error;
} Tell;

/* key:VALUE[text:FORM page:PAGE condition] */
static char *filter_of(const SightFormUse *form, SightTermField field, const char *value, const char *condition) {
  g_autofree char *key = sight_query_term(field, value);
  g_autofree char *at = form->page != NULL ? sight_query_term(SIGHT_TERM_PAGE, form->page) : g_strdup("");
  g_autofree char *name = field != SIGHT_TERM_FILLED ? sight_query_inside("text", form->form) : g_strdup("");
  g_autoptr(GString) inside = g_string_new(name);
  const char *const parts[] = {at, condition};

  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    if (parts[i][0] != '\0')
      g_string_append_printf(inside, "%s%s", inside->len > 0 ? " " : "", parts[i]);
  }
  return inside->len > 0 ? g_strdup_printf("%s[%s]", key, inside->str) : g_steal_pointer(&key);
}

static int by_number(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

static gboolean tell_field(const Tell *tell, const Field *field) {
  SightFormField *told = g_new0(SightFormField, 1);

  g_ptr_array_add(tell->told->fields, told);
  told->name = sight_term_table_value(tell->db, field->term, tell->error);
  if (told->name == NULL)
    return FALSE;
  told->filter = filter_of(tell->told, SIGHT_TERM_FORM_FIELD, told->name, "");
  told->refilled_filter = filter_of(tell->told, SIGHT_TERM_FORM_FIELD, told->name, "count:>0");
  told->left_filter = filter_of(tell->told, SIGHT_TERM_FORM_FIELD, told->name, "severe");
  told->n_sessions = field->in.n;
  told->n_filled = field->filled.n;
  told->n_refilled = field->refilled.n;
  told->n_left = field->left.n;
  g_array_sort(field->times, by_number);
  told->median_ms = g_array_index(field->times, gint64, (field->times->len - 1) / 2);
  return TRUE;
}

static gboolean tell_message(const Tell *tell, const Message *message) {
  SightFormMessage *told = g_new0(SightFormMessage, 1);

  g_ptr_array_add(tell->told->messages, told);
  told->text = sight_term_table_value(tell->db, message->term, tell->error);
  if (told->text == NULL)
    return FALSE;
  told->filter = filter_of(tell->told, SIGHT_TERM_MESSAGE, told->text, "");
  told->n_sessions = message->shown.n;
  return TRUE;
}

static int by_place(gconstpointer a, gconstpointer b) {
  const Field *x = a, *y = b;
  double x_place = (double)x->places / (double)x->n_uses, y_place = (double)y->places / (double)y->n_uses;

  return x_place != y_place ? (x_place > y_place) - (x_place < y_place) : (x->term > y->term) - (x->term < y->term);
}

static int by_shown(gconstpointer a, gconstpointer b) {
  const Message *x = a, *y = b;

  return x->shown.n != y->shown.n ? (x->shown.n < y->shown.n) - (x->shown.n > y->shown.n)
                                  : (x->term > y->term) - (x->term < y->term);
}

static gboolean tell_form(SightDb *db, const Form *form, SightFormUse *told, GError **error) {
  Tell tell = {db, told, error};

  told->fields = g_ptr_array_new_with_free_func(told_field_free);
  told->messages = g_ptr_array_new_with_free_func(told_message_free);
  told->form = sight_term_table_value(db, form->form, error);
  told->page = form->page != 0 ? sight_term_table_value(db, form->page, error) : NULL;
  if (told->form == NULL || (form->page != 0 && told->page == NULL))
    return FALSE;
  told->filter = filter_of(told, SIGHT_TERM_FILLED, told->form, "");
  told->left_filter = filter_of(told, SIGHT_TERM_FILLED, told->form, "count:0");
  told->n_sessions = form->used.n;
  told->n_sent = form->sent.n;
  told->n_left = form->left.n;
  g_array_sort(form->fields, by_place);
  g_array_sort(form->messages, by_shown);
  for (guint i = 0; i < form->fields->len; i++) {
    if (!tell_field(&tell, &g_array_index(form->fields, Field, i)))
      return FALSE;
  }
  for (guint i = 0; i < form->messages->len; i++) {
    if (!tell_message(&tell, &g_array_index(form->messages, Message, i)))
      return FALSE;
  }
  return TRUE;
}

static gboolean take_term(gint64 term, const char *value, gint64 n, gpointer data) {
  g_array_append_val((GArray *)data, term);
  return TRUE;
}

static int most_first(gconstpointer a, gconstpointer b) {
  const SightFormUse *x = *(SightFormUse *const *)a, *y = *(SightFormUse *const *)b;

  if (x->n_sessions != y->n_sessions)
    return x->n_sessions > y->n_sessions ? -1 : 1;
  int order = strcmp(x->form, y->form);
  return order != 0 ? order : g_strcmp0(x->page, y->page);
}

GPtrArray *sight_forms_list(SightDb *db, const SightSet *sessions, GCancellable *cancellable, GError **error) {
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(told_form_free);
  g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func(form_free);
  g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  Count self = {.sessions = sessions, .forms = forms, .cancellable = cancellable};

  if (!sight_term_table_each(db, SIGHT_TERM_FILLED, take_term, terms, error))
    return NULL;
  for (guint i = 0; i < terms->len; i++) {
    self.form = g_array_index(terms, gint64, i);
    self.first = forms->len;
    if (!sight_usage_table_each(db, self.form, take, &self, error) ||
        g_cancellable_set_error_if_cancelled(cancellable, error))
      return NULL;
  }
  for (guint i = 0; i < forms->len; i++) {
    SightFormUse *told = g_new0(SightFormUse, 1);
    g_ptr_array_add(list, told);
    if (!tell_form(db, forms->pdata[i], told, error))
      return NULL;
  }
  g_ptr_array_sort(list, most_first);
  return g_steal_pointer(&list);
}

const SightFormField *sight_form_drop(const SightFormUse *form) {
  const SightFormField *most = NULL;

  for (guint i = 0; i < form->fields->len; i++) {
    const SightFormField *field = form->fields->pdata[i];
    if (field->n_left > (most != NULL ? most->n_left : 0))
      most = field;
  }
  return most;
}
