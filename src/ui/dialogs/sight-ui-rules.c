/* SPDX-License-Identifier: MIT */
/* The rules of a project between store and dialogs. */
#include "sight-ui-rules.h"

#include "sight-analysis.h"
#include "sight-annotation-table.h"
#include "sight-ui-problem-dialog.h"

#include <glib/gi18n.h>

typedef struct {
  gint64 endpoint;
  SightRuleset *rules; /* read */
  SightUiRulesFunc func;
  GObject *receiver; /* a reference */
} Load;

static gboolean read_rules(SightDb *db, gpointer user_data, GError **error) {
  Load *load = user_data;
  load->rules = sight_analysis_rules(db, load->endpoint, error);
  return load->rules != NULL;
}

static void loaded_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autofree Load *load = user_data;
  g_autoptr(GObject) receiver = load->receiver;
  g_autoptr(GError) error = NULL;
  sight_store_read_finish(SIGHT_STORE(source), result, &error);
  load->func(load->rules, load->endpoint, error, receiver);
}

void sight_ui_rules_load(SightStore *store, gint64 endpoint, SightUiRulesFunc func, GObject *user_data) {
  Load *load = g_new0(Load, 1);
  load->endpoint = endpoint;
  load->func = func;
  load->receiver = g_object_ref(user_data);
  sight_store_read_async(store, read_rules, load, NULL, NULL, loaded_cb, load);
}

typedef struct {
  gint64 endpoint;
  char *json;            /* all of them; NULL: add what is below to what the project has */
  GPtrArray *page_rules; /* NULL: the key action */
  char *name, *value;
  SightKeyActionKind kind;
} Save;

static void save_free(gpointer data) {
  Save *save = data;
  g_free(save->json);
  g_clear_pointer(&save->page_rules, g_ptr_array_unref);
  g_free(save->name);
  g_free(save->value);
  g_free(save);
}

static gboolean write_rules(SightDb *db, gpointer user_data, GError **error) {
  Save *save = user_data;
  if (save->json == NULL) {
    g_autoptr(SightRuleset) rules = sight_analysis_rules(db, save->endpoint, error);
    if (rules == NULL)
      return FALSE;
    if (save->page_rules != NULL) {
      g_ptr_array_unref(rules->page_rules);
      rules->page_rules = g_ptr_array_ref(save->page_rules);
    } else {
      sight_ruleset_add_key_action(rules, save->name, save->kind, save->value);
    }
    save->json = sight_ruleset_to_json(rules);
  }
  return sight_annotation_table_put_settings(db, save->endpoint, save->json, error);
}

static void saved_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GError) error = NULL;
  if (sight_store_write_finish(SIGHT_STORE(source), result, &error))
    return;
  GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(g_application_get_default()));
  gtk_window_present(GTK_WINDOW(sight_ui_problem_dialog_new(
      window, _("The Rules Could Not Be Kept"),
      _("They hold as they were before. Make room on the disk and try again."), error->message)));
}

void sight_ui_rules_save(SightStore *store, gint64 endpoint, const SightRuleset *rules) {
  Save *save = g_new0(Save, 1);
  save->endpoint = endpoint;
  save->json = sight_ruleset_to_json(rules);
  sight_store_write_async(store, SIGHT_WRITE_DURABLE, write_rules, save, save_free, NULL, saved_cb, NULL);
}

void sight_ui_rules_save_pages(SightStore *store, gint64 endpoint, GPtrArray *page_rules) {
  Save *save = g_new0(Save, 1);
  save->endpoint = endpoint;
  save->page_rules = g_ptr_array_ref(page_rules);
  sight_store_write_async(store, SIGHT_WRITE_DURABLE, write_rules, save, save_free, NULL, saved_cb, NULL);
}

void sight_ui_rules_add_key_action(SightStore *store, gint64 endpoint, const char *name, SightKeyActionKind kind,
                                   const char *value) {
  Save *save = g_new0(Save, 1);
  save->endpoint = endpoint;
  save->kind = kind;
  save->value = g_strdup(value);
  save->name = g_strdup(name != NULL && *name != '\0' ? name : value);
  sight_store_write_async(store, SIGHT_WRITE_DURABLE, write_rules, save, save_free, NULL, saved_cb, NULL);
}

const char *sight_ui_key_action_title(SightKeyActionKind kind) {
  switch (kind) {
  case SIGHT_KEY_ACTION_PAGE:
    return _("Page visited");
  case SIGHT_KEY_ACTION_CLICK:
    return _("Element clicked");
  case SIGHT_KEY_ACTION_SUBMIT:
    return _("Form submitted");
  case SIGHT_KEY_ACTION_EVENT:
    return _("Event sent by the page");
  }
  return "";
}
