/* SPDX-License-Identifier: MIT */
/* Page rules of a project, changed as a draft whose effect is shown before it is applied. */
#include "sight-ui-pages-page.h"

#include "sight-naming.h"
#include "sight-ui-page-rule-row.h"
#include "sight-ui-project-group.h"
#include "sight-ui-rules.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

#define PREVIEW_DELAY_MS 300
#define MAX_SHOWN 40

struct _SightUiPagesPage {
  AdwPreferencesPage parent_instance;
  SightStore *store;
  SightUiJobs *jobs;
  SightUiProjectGroup *project;
  AdwPreferencesGroup *rules_group, *preview_group;
  GtkWidget *revert, *apply;
  GPtrArray *rows;   /* of SightUiPageRuleRow, borrowed, in the order of the rules */
  GPtrArray *shown;  /* of GtkWidget, borrowed: lines of the preview */
  GPtrArray *stored; /* of SightPageRule, as the store has them; NULL until they are read */
  gint64 endpoint;   /* whose rules stand there */
  guint preview_source, n_previews;
};

G_DEFINE_FINAL_TYPE(SightUiPagesPage, sight_ui_pages_page, ADW_TYPE_PREFERENCES_PAGE)

/* The rules as they stand there, the caller's; NULL where one of them is not complete. */
static GPtrArray *draft(SightUiPagesPage *self) {
  g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func((GDestroyNotify)sight_page_rule_free);
  for (guint i = 0; i < self->rows->len; i++) {
    SightPageRule *rule = sight_ui_page_rule_row_get(g_ptr_array_index(self->rows, i));
    if (rule == NULL)
      return NULL;
    g_ptr_array_add(rules, rule);
  }
  return g_steal_pointer(&rules);
}

static gboolean is_changed(SightUiPagesPage *self, const GPtrArray *rules) {
  if (rules == NULL || self->stored == NULL)
    return self->rows->len > 0;
  g_autofree char *now = sight_page_rules_id(self->stored), *then = sight_page_rules_id(rules);
  return !g_str_equal(now, then);
}

/* A preview on its way. */
typedef struct {
  SightUiPagesPage *self; /* a reference */
  guint number;
  gint64 endpoint;
  GPtrArray *rules, *changes; /* of SightPageRule, SightNamingChange */
  guint n_views;
} Preview;

static void preview_free(Preview *preview) {
  g_object_unref(preview->self);
  g_ptr_array_unref(preview->rules);
  g_clear_pointer(&preview->changes, g_ptr_array_unref);
  g_free(preview);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Preview, preview_free)

static gboolean try_rules(SightDb *db, gpointer user_data, GError **error) {
  Preview *preview = user_data;
  preview->changes = sight_naming_preview(db, preview->endpoint, preview->rules, &preview->n_views, error);
  return preview->changes != NULL;
}

static void add_line(SightUiPagesPage *self, const char *title, const char *subtitle) {
  GtkWidget *row = adw_action_row_new();
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  adw_preferences_group_add(self->preview_group, row);
  g_ptr_array_add(self->shown, row);
}

static void clear_lines(SightUiPagesPage *self) {
  for (guint i = 0; i < self->shown->len; i++)
    adw_preferences_group_remove(self->preview_group, g_ptr_array_index(self->shown, i));
  g_ptr_array_set_size(self->shown, 0);
}

static const char *effect(const SightNamingChange *change) {
  if (change->merges)
    return change->splits ? _("Merges and splits") : _("Merges");
  return change->splits ? _("Splits") : _("Renames");
}

static void show_changes(SightUiPagesPage *self, const Preview *preview) {
  clear_lines(self);
  for (guint i = 0; i < MIN(preview->changes->len, MAX_SHOWN); i++) {
    const SightNamingChange *change = g_ptr_array_index(preview->changes, i);
    g_autofree char *from = sight_ui_text_isolate(change->from), *to = sight_ui_text_isolate(change->to);
    g_autofree char *title = g_strdup_printf("%s → %s", from, to);
    /* Translators: what a rule does to a page, and how often that page was viewed: "Merges · 12 views" */
    g_autofree char *subtitle =
        g_strdup_printf(ngettext("%s · %'u view", "%s · %'u views", change->n_views), effect(change), change->n_views);
    add_line(self, title, subtitle);
  }
  if (preview->changes->len > MAX_SHOWN) {
    guint n_more = preview->changes->len - MAX_SHOWN;
    g_autofree char *more = g_strdup_printf(ngettext("and %u more page", "and %u more pages", n_more), n_more);
    add_line(self, more, NULL);
  } else if (preview->changes->len == 0) {
    add_line(self, _("No page changes"), NULL);
  }
  g_autofree char *text =
      g_strdup_printf(ngettext("Tried on the newest %'u page view. No recording is read again.",
                               "Tried on the newest %'u page views. No recording is read again.", preview->n_views),
                      preview->n_views);
  adw_preferences_group_set_description(self->preview_group, text);
}

static void tried_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Preview) preview = user_data;
  SightUiPagesPage *self = preview->self;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (preview->number != self->n_previews || self->store == NULL)
    return;
  if (ok) {
    show_changes(self, preview);
  } else {
    clear_lines(self);
    adw_preferences_group_set_description(self->preview_group, error->message);
  }
}

static gboolean start_preview(gpointer user_data) {
  SightUiPagesPage *self = user_data;
  self->preview_source = 0;
  g_autoptr(GPtrArray) rules = draft(self);
  if (rules == NULL)
    return G_SOURCE_REMOVE;
  Preview *preview = g_new0(Preview, 1);
  preview->self = g_object_ref(self);
  preview->number = ++self->n_previews;
  preview->endpoint = self->endpoint;
  preview->rules = g_steal_pointer(&rules);
  sight_store_read_async(self->store, try_rules, preview, NULL, NULL, tried_cb, preview);
  return G_SOURCE_REMOVE;
}

static void draft_changed(SightUiPagesPage *self) {
  g_autoptr(GPtrArray) rules = draft(self);
  gboolean changed = is_changed(self, rules);
  gtk_widget_set_visible(GTK_WIDGET(self->preview_group), changed);
  gtk_widget_set_sensitive(self->apply, changed && rules != NULL);
  g_clear_handle_id(&self->preview_source, g_source_remove);
  if (changed && rules != NULL)
    self->preview_source = g_timeout_add(PREVIEW_DELAY_MS, start_preview, self);
}

static void row_moved(SightUiPagesPage *self, int direction, SightUiPageRuleRow *row);
static void row_removed(SightUiPagesPage *self, SightUiPageRuleRow *row);

static void add_row(SightUiPagesPage *self, const SightPageRule *rule) {
  GtkWidget *row = sight_ui_page_rule_row_new(rule);
  g_signal_connect_object(row, "changed", G_CALLBACK(draft_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(row, "move", G_CALLBACK(row_moved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(row, "remove", G_CALLBACK(row_removed), self, G_CONNECT_SWAPPED);
  g_ptr_array_add(self->rows, row);
  adw_preferences_group_add(self->rules_group, row);
  adw_expander_row_set_expanded(ADW_EXPANDER_ROW(row), rule == NULL);
}

static void row_moved(SightUiPagesPage *self, int direction, SightUiPageRuleRow *row) {
  guint index = 0;
  if (!g_ptr_array_find(self->rows, row, &index))
    return;
  if ((direction < 0 && index == 0) || (direction > 0 && index + 1 == self->rows->len))
    return;
  g_ptr_array_remove_index(self->rows, index);
  g_ptr_array_insert(self->rows, (int)index + direction, row);
  /* A group only adds at its end. */
  for (guint i = 0; i < self->rows->len; i++) {
    g_autoptr(GtkWidget) moved = g_object_ref(g_ptr_array_index(self->rows, i));
    adw_preferences_group_remove(self->rules_group, moved);
    adw_preferences_group_add(self->rules_group, moved);
  }
  draft_changed(self);
}

static void row_removed(SightUiPagesPage *self, SightUiPageRuleRow *row) {
  if (g_ptr_array_remove(self->rows, row))
    adw_preferences_group_remove(self->rules_group, GTK_WIDGET(row));
  draft_changed(self);
}

static void show_stored(SightUiPagesPage *self) {
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove(self->rules_group, g_ptr_array_index(self->rows, i));
  g_ptr_array_set_size(self->rows, 0);
  for (guint i = 0; self->stored != NULL && i < self->stored->len; i++)
    add_row(self, g_ptr_array_index(self->stored, i));
  draft_changed(self);
}

static void rules_loaded(SightRuleset *rules, gint64 endpoint, const GError *error, gpointer user_data) {
  SightUiPagesPage *self = user_data;
  g_autoptr(SightRuleset) read = rules;
  /* Another project may be chosen by now. */
  if (read == NULL || self->store == NULL || endpoint != sight_ui_project_group_get_endpoint(self->project))
    return;
  g_autoptr(GPtrArray) drafted = draft(self);
  gboolean drafting = endpoint == self->endpoint && is_changed(self, drafted);
  g_clear_pointer(&self->stored, g_ptr_array_unref);
  self->stored = g_ptr_array_ref(read->page_rules);
  self->endpoint = endpoint;
  /* What is being changed here stays; where it has become what is stored, there is nothing to apply any more. */
  if (drafting)
    draft_changed(self);
  else
    show_stored(self);
}

static void load(SightUiPagesPage *self) {
  sight_ui_rules_load(self->store, sight_ui_project_group_get_endpoint(self->project), rules_loaded, G_OBJECT(self));
}

static void add(SightUiPagesPage *self) {
  add_row(self, NULL);
  draft_changed(self);
}

static void apply(SightUiPagesPage *self) {
  g_autoptr(GPtrArray) rules = draft(self);
  if (rules != NULL)
    sight_ui_rules_save_pages(self->store, self->endpoint, rules);
}

static void dispose(GObject *object) {
  SightUiPagesPage *self = SIGHT_UI_PAGES_PAGE(object);
  g_clear_handle_id(&self->preview_source, g_source_remove);
  g_clear_object(&self->store);
  g_clear_object(&self->jobs);
  G_OBJECT_CLASS(sight_ui_pages_page_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiPagesPage *self = SIGHT_UI_PAGES_PAGE(object);
  g_ptr_array_unref(self->rows);
  g_ptr_array_unref(self->shown);
  g_clear_pointer(&self->stored, g_ptr_array_unref);
  G_OBJECT_CLASS(sight_ui_pages_page_parent_class)->finalize(object);
}

static void sight_ui_pages_page_class_init(SightUiPagesPageClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static GtkWidget *new_button(SightUiPagesPage *self, const char *label, GCallback callback) {
  GtkWidget *button = gtk_button_new_with_mnemonic(label);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  g_signal_connect_object(button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *make_built_in_group(void) {
  GtkWidget *group = adw_preferences_group_new();
  g_autofree char *parameters = g_strjoinv(", ", (char **)sight_page_parameters());
  const struct {
    const char *title, *subtitle;
  } rules[] = {
      {_("Numbers, hashes and ids of every make are “:id”"), "/order/ORD-2026-00017 → /order/:id"},
      {_("Words, years and status pages stay"), "/blog/2026, /error/404"},
      {_("Parameters that decide what is shown are part of the page"), parameters},
      {_("A route behind “#” is part of the page"), "/app#/settings"},
  };
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("Built In"));
  adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(group),
                                        _("These hold where no rule of the project does."));
  for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
    GtkWidget *row = adw_action_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), rules[i].title);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), rules[i].subtitle);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  }
  return group;
}

static void sight_ui_pages_page_init(SightUiPagesPage *self) {
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE(self);
  adw_preferences_page_set_title(page, _("Pages"));
  adw_preferences_page_set_icon_name(page, "sight-page-symbolic");
  self->rows = g_ptr_array_new();
  self->shown = g_ptr_array_new();
  self->project = sight_ui_project_group_new();
  self->rules_group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  adw_preferences_group_set_title(self->rules_group, _("Rules of the Project"));
  adw_preferences_group_set_description(
      self->rules_group,
      _("Which addresses are the same page. “*” stands for anything; the first rule that fits wins."));
  GtkWidget *more = new_button(self, _("_Add"), G_CALLBACK(add));
  gtk_widget_add_css_class(more, "flat");
  adw_preferences_group_set_header_suffix(self->rules_group, more);
  self->preview_group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  adw_preferences_group_set_title(self->preview_group, _("What Would Change"));
  GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->revert = new_button(self, _("_Revert"), G_CALLBACK(show_stored));
  self->apply = new_button(self, _("A_pply"), G_CALLBACK(apply));
  gtk_widget_add_css_class(self->apply, "suggested-action");
  gtk_box_append(GTK_BOX(buttons), self->revert);
  gtk_box_append(GTK_BOX(buttons), self->apply);
  adw_preferences_group_set_header_suffix(self->preview_group, buttons);
  gtk_widget_set_visible(GTK_WIDGET(self->preview_group), FALSE);
  adw_preferences_page_add(page, ADW_PREFERENCES_GROUP(self->project));
  adw_preferences_page_add(page, self->rules_group);
  adw_preferences_page_add(page, self->preview_group);
  adw_preferences_page_add(page, ADW_PREFERENCES_GROUP(make_built_in_group()));
}

GtkWidget *sight_ui_pages_page_new(SightStore *store, SightUiJobs *jobs) {
  SightUiPagesPage *self = g_object_new(SIGHT_UI_TYPE_PAGES_PAGE, NULL);
  self->store = g_object_ref(store);
  self->jobs = g_object_ref(jobs);
  sight_ui_project_group_fill(self->project, jobs);
  g_signal_connect_object(self->project, "chosen", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(store, "changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  load(self);
  return GTK_WIDGET(self);
}
