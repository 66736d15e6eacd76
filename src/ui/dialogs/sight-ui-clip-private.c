/* SPDX-License-Identifier: MIT */
#include "sight-ui-clip-private.h"

#include "sight-hash.h"

#include <glib/gi18n.h>

/* Of a kind so many texts have a row of their own. */
#define MAX_ROWS 12

struct SightUiClipPrivate {
  AdwExpanderRow *row;
  GPtrArray *findings; /* NULL: nothing is known yet */
  gboolean failed;     /* nor will be */
  GPtrArray *rows;     /* of GtkWidget, borrowed: those that stand in it */
  GHashTable *bare;    /* names of kinds, and texts, that stay as they are */
  GHashTable *seen;    /* texts that were found by now */
  GPtrArray *picked;   /* selectors */
};

static void fill(SightUiClipPrivate *self);

static void private_free(gpointer data) {
  SightUiClipPrivate *self = data;

  g_clear_pointer(&self->findings, g_ptr_array_unref);
  g_ptr_array_unref(self->rows);
  g_hash_table_unref(self->bare);
  g_hash_table_unref(self->seen);
  g_ptr_array_unref(self->picked);
  g_free(self);
}

SightUiClipPrivate *sight_ui_clip_private_new(AdwExpanderRow *row) {
  SightUiClipPrivate *self = g_new0(SightUiClipPrivate, 1);

  self->row = row;
  self->rows = g_ptr_array_new();
  self->bare = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  self->seen = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  self->picked = g_ptr_array_new_with_free_func(g_free);
  g_object_set_data_full(G_OBJECT(row), "clip-private", self, private_free);
  fill(self);
  return self;
}

static gboolean is_masked(const SightUiClipPrivate *self, const char *name) {
  return !g_hash_table_contains(self->bare, name);
}

static void tell(SightUiClipPrivate *self) {
  g_autoptr(GString) text = g_string_new(NULL);
  gboolean all = TRUE;

  for (guint i = 0; self->findings != NULL && i < self->findings->len; i++) {
    const SightAuditFinding *finding = g_ptr_array_index(self->findings, i);
    all = all && is_masked(self, sight_audit_kind_name(finding->kind));
    g_string_append_printf(text, "%s%u × %s", i > 0 ? ", " : "", finding->n_times,
                           sight_audit_kind_title(finding->kind));
  }
  if (self->failed)
    g_string_assign(text, _("This could not be looked through: all that looks private is masked"));
  else if (self->findings == NULL)
    g_string_assign(text, _("Looking …"));
  else if (self->findings->len == 0)
    g_string_assign(text, _("Nothing was found"));
  else
    g_string_append_printf(text, " — %s", all ? _("all of it masked") : _("not all of it masked"));
  adw_expander_row_set_subtitle(self->row, text->str);
}

static void toggled(GtkSwitch *toggle, GParamSpec *pspec, SightUiClipPrivate *self) {
  const char *name = g_object_get_data(G_OBJECT(toggle), "name");

  if (gtk_switch_get_active(toggle))
    g_hash_table_remove(self->bare, name);
  else
    g_hash_table_add(self->bare, g_strdup(name));
  tell(self);
}

static GtkWidget *add_row(SightUiClipPrivate *self, const char *title, const char *subtitle) {
  GtkWidget *row = adw_action_row_new();

  /* Texts of the recording are no markup. */
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 1);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  adw_expander_row_add_row(self->row, row);
  g_ptr_array_add(self->rows, row);
  return row;
}

/* `within`: the switch of its kind; NULL: it is one. */
static GtkWidget *add_switch(SightUiClipPrivate *self, const char *name, const char *title, guint n_times,
                             GtkWidget *within) {
  g_autofree char *times = g_strdup_printf(ngettext("%u time", "%u times", n_times), n_times);
  GtkWidget *row = add_row(self, title, times), *toggle = gtk_switch_new();

  gtk_widget_set_valign(toggle, GTK_ALIGN_CENTER);
  gtk_switch_set_active(GTK_SWITCH(toggle), is_masked(self, name));
  g_object_set_data_full(G_OBJECT(toggle), "name", g_strdup(name), g_free);
  g_signal_connect(toggle, "notify::active", G_CALLBACK(toggled), self);
  if (within != NULL) {
    gtk_widget_set_margin_start(row, 18);
    g_object_bind_property(within, "active", toggle, "sensitive", G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
    g_object_bind_property(within, "active", toggle, "active", G_BINDING_DEFAULT);
  }
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), toggle);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), toggle);
  return toggle;
}

static void drop_picked(GtkButton *button, SightUiClipPrivate *self) {
  const char *selector = g_object_get_data(G_OBJECT(button), "selector");

  for (guint i = 0; i < self->picked->len; i++) {
    if (g_strcmp0(g_ptr_array_index(self->picked, i), selector) == 0) {
      g_ptr_array_remove_index(self->picked, i);
      break;
    }
  }
  fill(self);
}

static void add_picked(SightUiClipPrivate *self, const char *selector) {
  GtkWidget *row = add_row(self, selector, _("Element of the page"));
  GtkWidget *button = gtk_button_new_from_icon_name("edit-delete-symbolic");

  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, _("Do not mask it"));
  g_object_set_data_full(G_OBJECT(button), "selector", g_strdup(selector), g_free);
  g_signal_connect(button, "clicked", G_CALLBACK(drop_picked), self);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
}

/* Not all texts are known of a kind of which there are very many. */
static gboolean is_whole(const SightAuditFinding *finding) {
  guint n_times = 0;

  for (guint i = 0; i < finding->texts->len; i++)
    n_times += ((const SightAuditText *)g_ptr_array_index(finding->texts, i))->n_times;
  return n_times == finding->n_times;
}

static void add_rows(SightUiClipPrivate *self, const SightAuditFinding *finding) {
  GtkWidget *kind = add_switch(self, sight_audit_kind_name(finding->kind), sight_audit_kind_title(finding->kind),
                               finding->n_times, NULL);

  gtk_widget_set_sensitive(kind, is_whole(finding));
  for (guint i = 0; i < MIN(finding->texts->len, MAX_ROWS); i++) {
    const SightAuditText *text = g_ptr_array_index(finding->texts, i);
    add_switch(self, text->text, text->text, text->n_times, kind);
  }
  if (finding->texts->len > MAX_ROWS) {
    guint n_more = finding->texts->len - MAX_ROWS;
    g_autofree char *more = g_strdup_printf(ngettext("%u more text", "%u more texts", n_more), n_more);
    gtk_widget_set_margin_start(add_row(self, more, _("Always masked: not shown here")), 18);
  }
}

static void fill(SightUiClipPrivate *self) {
  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove(self->row, g_ptr_array_index(self->rows, i));
  g_ptr_array_set_size(self->rows, 0);
  for (guint i = 0; i < self->picked->len; i++)
    add_picked(self, g_ptr_array_index(self->picked, i));
  for (guint i = 0; self->findings != NULL && i < self->findings->len; i++)
    add_rows(self, g_ptr_array_index(self->findings, i));
  gtk_widget_set_sensitive(GTK_WIDGET(self->row), self->rows->len > 0);
  tell(self);
}

/* Who switched a kind off had its texts before their eyes: with one that is new it is masked again. */
static void forget(SightUiClipPrivate *self, const SightAuditFinding *finding) {
  gboolean same = is_whole(finding);

  for (guint i = 0; i < finding->texts->len; i++) {
    const SightAuditText *text = g_ptr_array_index(finding->texts, i);
    if (g_hash_table_add(self->seen, g_strdup(text->text)))
      same = FALSE;
  }
  if (same)
    return;
  g_hash_table_remove(self->bare, sight_audit_kind_name(finding->kind));
  for (guint i = 0; i < finding->texts->len; i++)
    g_hash_table_remove(self->bare, ((const SightAuditText *)g_ptr_array_index(finding->texts, i))->text);
}

void sight_ui_clip_private_set(SightUiClipPrivate *self, GPtrArray *findings) {
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    forget(self, g_ptr_array_index(findings, i));
  g_clear_pointer(&self->findings, g_ptr_array_unref);
  self->findings = findings != NULL ? g_ptr_array_ref(findings) : NULL;
  self->failed = FALSE;
  fill(self);
}

void sight_ui_clip_private_set_failed(SightUiClipPrivate *self) {
  self->failed = TRUE;
  tell(self);
}

gboolean sight_ui_clip_private_add_selector(SightUiClipPrivate *self, const char *selector) {
  if (g_ptr_array_find_with_equal_func(self->picked, selector, g_str_equal, NULL))
    return FALSE;
  g_ptr_array_add(self->picked, g_strdup(selector));
  fill(self);
  return TRUE;
}

/* A kind that is masked is looked for again, in whatever form; of one that is not, the texts are masked that are on,
 * and those that nobody was shown. */
static void add_finding(const SightUiClipPrivate *self, const SightAuditFinding *finding, SightRedaction *redaction) {
  if (is_masked(self, sight_audit_kind_name(finding->kind))) {
    sight_redaction_add_kind(redaction, finding->kind);
    return;
  }
  for (guint i = 0; i < finding->texts->len; i++) {
    const SightAuditText *text = g_ptr_array_index(finding->texts, i);
    if (i >= MAX_ROWS || is_masked(self, text->text))
      sight_redaction_add_text(redaction, text->text);
  }
}

SightRedaction *sight_ui_clip_private_redaction(SightUiClipPrivate *self, GError **error) {
  g_autoptr(SightRedaction) redaction = sight_redaction_new();

  /* What nobody has looked at yet is masked. */
  if (self->findings == NULL)
    sight_redaction_add_all_kinds(redaction);
  for (guint i = 0; self->findings != NULL && i < self->findings->len; i++)
    add_finding(self, g_ptr_array_index(self->findings, i), redaction);
  for (guint i = 0; i < self->picked->len; i++) {
    if (!sight_redaction_add_selector(redaction, g_ptr_array_index(self->picked, i), error))
      return NULL;
  }
  return g_steal_pointer(&redaction);
}
