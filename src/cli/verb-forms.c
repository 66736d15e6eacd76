/* SPDX-License-Identifier: MIT */
/* sightctl forms: who began each form, field by field, and where it was left. */
#include "sight-cli-filter.h"

#include "sight-clock-text.h"
#include "sight-forms.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

typedef struct {
  SightCliFilter filter;
  GPtrArray *forms; /* of SightFormUse */
} Forms;

static gboolean read_forms(SightDb *db, gpointer user_data, GError **error) {
  Forms *self = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;

  self->forms = set ? sight_forms_list(db, set, NULL, error) : NULL;
  return self->forms != NULL;
}

static void put_field(SightJsonWriter *w, const SightFormField *field) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "field", field->name);
  sight_json_member_int(w, "sessions", field->n_sessions);
  sight_json_member_int(w, "filled", field->n_filled);
  sight_json_member_int(w, "refilled", field->n_refilled);
  sight_json_member_int(w, "left", field->n_left);
  sight_json_member_int(w, "median_ms", field->median_ms);
  sight_json_member_string(w, "filter", field->filter);
  sight_json_member_string(w, "refilled_filter", field->refilled_filter);
  sight_json_member_string(w, "left_filter", field->left_filter);
  sight_json_end_object(w);
}

static void put_message(SightJsonWriter *w, const SightFormMessage *message) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "message", message->text);
  sight_json_member_int(w, "sessions", message->n_sessions);
  sight_json_member_string(w, "filter", message->filter);
  sight_json_end_object(w);
}

static void put_form(SightJsonWriter *w, const SightFormUse *form) {
  const SightFormField *drop = sight_form_drop(form);

  sight_json_begin_object(w);
  sight_json_member_string(w, "form", form->form);
  sight_json_member_string(w, "page", form->page);
  sight_json_member_int(w, "sessions", form->n_sessions);
  sight_json_member_int(w, "sent", form->n_sent);
  sight_json_member_int(w, "left", form->n_left);
  sight_json_member_string(w, "drop_off", drop ? drop->name : NULL);
  sight_json_member_string(w, "filter", form->filter);
  sight_json_member_string(w, "left_filter", form->left_filter);
  sight_json_key(w, "fields");
  sight_json_begin_array(w);
  for (guint i = 0; i < form->fields->len; i++) {
    put_field(w, g_ptr_array_index(form->fields, i));
  }
  sight_json_end_array(w);
  sight_json_key(w, "messages");
  sight_json_begin_array(w);
  for (guint i = 0; i < form->messages->len; i++) {
    put_message(w, g_ptr_array_index(form->messages, i));
  }
  sight_json_end_array(w);
  sight_json_end_object(w);
}

static void print_json(const Forms *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "waiting", self->filter.n_waiting);
  sight_json_key(&w, "forms");
  sight_json_begin_array(&w);
  for (guint i = 0; i < self->forms->len; i++) {
    put_form(&w, g_ptr_array_index(self->forms, i));
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void print_form(const SightFormUse *form) {
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("SESSIONS"), _("FILLED"), _("REFILLED"), _("LEFT"), _("MEDIAN TIME"), _("FIELD"), NULL);

  g_print(_("%s at %s: %" PRId64 " began, %" PRId64 " sent, %" PRId64 " left\n"), form->form,
          form->page ? form->page : "?", form->n_sessions, form->n_sent, form->n_left);
  for (guint i = 0; i < form->fields->len; i++) {
    const SightFormField *field = g_ptr_array_index(form->fields, i);
    g_autofree char *in = g_strdup_printf("%" G_GINT64_FORMAT, field->n_sessions);
    g_autofree char *filled = g_strdup_printf("%" G_GINT64_FORMAT, field->n_filled);
    g_autofree char *refilled = g_strdup_printf("%" G_GINT64_FORMAT, field->n_refilled);
    g_autofree char *left = g_strdup_printf("%" G_GINT64_FORMAT, field->n_left);
    g_autofree char *time = g_strdup_printf("%.1f s", (double)field->median_ms / 1000);
    const char *const cells[] = {in, filled, refilled, left, time, field->name};
    for (gsize j = 0; j < G_N_ELEMENTS(cells); j++) {
      sight_cli_table_add(table, cells[j]);
    }
  }
  sight_cli_table_print(table);
  for (guint i = 0; i < form->messages->len; i++) {
    const SightFormMessage *message = g_ptr_array_index(form->messages, i);
    g_print(ngettext("%lu session was shown “%s”\n", "%lu sessions were shown “%s”\n", (gulong)message->n_sessions),
            (gulong)message->n_sessions, message->text);
  }
  g_print("\n");
}

static void clear(Forms *self) {
  sight_cli_filter_clear(&self->filter);
  g_clear_pointer(&self->forms, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Forms, clear)

int sight_verb_forms(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_auto(Forms) self = {0};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text,
       N_("Only of these sessions; “sightctl help filters” tells the language"), N_("FILTER")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, NULL,
                       _("Lists the forms that sessions began, with their fields in order: who was in each, filled it, "
                         "filled it again, and left the form there; and the messages that were shown beside them."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 1) {
    return sight_cli_usage("forms", "[--filter FILTER]");
  }
  self.filter.text = text;
  if (!sight_cli_filter_open(&self.filter, cli, &error) || !sight_cli_analyse(cli, NULL, &error) ||
      !sight_store_read(cli->store, read_forms, &self, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
    return SIGHT_EXIT_OK;
  }
  for (guint i = 0; i < self.forms->len; i++) {
    print_form(g_ptr_array_index(self.forms, i));
  }
  sight_cli_filter_tell_waiting(&self.filter);
  return SIGHT_EXIT_OK;
}
