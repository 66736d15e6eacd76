/* SPDX-License-Identifier: MIT */
/* The filter of the window. Sentences are put together as text and parsed, so that there is one way to make a tree. */
#include "sight-ui-filter.h"

#include "sight-ui-saved.h"

#include <string.h>

struct _SightUiFilter {
  GObject parent_instance;
  SightFilter *tree;
  char *text;
  gint64 endpoint;
};

G_DEFINE_FINAL_TYPE(SightUiFilter, sight_ui_filter, G_TYPE_OBJECT)

static guint changed_signal;

static void finalize(GObject *object) {
  SightUiFilter *self = SIGHT_UI_FILTER(object);
  sight_filter_free(self->tree);
  g_free(self->text);
  G_OBJECT_CLASS(sight_ui_filter_parent_class)->finalize(object);
}

static void sight_ui_filter_class_init(SightUiFilterClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", SIGHT_UI_TYPE_FILTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_filter_init(SightUiFilter *self) {
  self->tree = sight_filter_parse("", NULL, NULL);
  self->text = g_strdup("");
}

SightUiFilter *sight_ui_filter_new(void) {
  return g_object_new(SIGHT_UI_TYPE_FILTER, NULL);
}

const char *sight_ui_filter_get_text(SightUiFilter *self) {
  return self->text;
}

gint64 sight_ui_filter_get_endpoint(SightUiFilter *self) {
  return self->endpoint;
}

void sight_ui_filter_set_endpoint(SightUiFilter *self, gint64 endpoint) {
  if (self->endpoint == endpoint)
    return;
  self->endpoint = endpoint;
  g_signal_emit(self, changed_signal, 0);
}

/* Parts */

guint sight_ui_filter_n_parts(SightUiFilter *self) {
  return self->tree->kind == SIGHT_FILTER_ALL ? self->tree->parts->len : 1;
}

const SightFilter *sight_ui_filter_get_part(SightUiFilter *self, guint i) {
  return self->tree->kind == SIGHT_FILTER_ALL ? self->tree->parts->pdata[i] : self->tree;
}

/* As it stands beside others: "or" binds less than what stands side by side. */
static char *text_beside(const SightFilter *part) {
  g_autofree char *text = sight_filter_print(part);

  return part->kind == SIGHT_FILTER_ANY ? g_strdup_printf("(%s)", text) : g_steal_pointer(&text);
}

typedef gboolean (*PartTest)(SightUiFilter *self, guint i, gconstpointer data);

/* The sentence without those parts. */
static char *without_those(SightUiFilter *self, PartTest test, gconstpointer data) {
  g_autoptr(GString) out = g_string_new(NULL);

  for (guint i = 0; i < sight_ui_filter_n_parts(self); i++) {
    if (test(self, i, data))
      continue;
    g_autofree char *text = text_beside(sight_ui_filter_get_part(self, i));
    g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", text);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean is_number(SightUiFilter *self, guint i, gconstpointer data) {
  return i == *(const guint *)data;
}

char *sight_ui_filter_without(SightUiFilter *self, guint i) {
  return without_those(self, is_number, &i);
}

char *sight_ui_filter_before(SightUiFilter *self) {
  guint none = G_MAXUINT;
  g_autofree char *sentence = without_those(self, is_number, &none);

  return *sentence != '\0' ? g_strconcat(sentence, " ", NULL) : g_strdup("");
}

/* In its place. */
char *sight_ui_filter_negated(SightUiFilter *self, guint i) {
  g_autoptr(GString) out = g_string_new(NULL);

  for (guint k = 0; k < sight_ui_filter_n_parts(self); k++) {
    const SightFilter *part = sight_ui_filter_get_part(self, k);
    gboolean refused = k == i && part->kind == SIGHT_FILTER_NOT;
    g_autofree char *text = text_beside(refused ? part->parts->pdata[0] : part);
    g_string_append_printf(out, "%s%s%s", out->len > 0 ? " " : "", k == i && !refused ? "-" : "", text);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The key that a part asks for or refuses; NULL: it is made of several. */
static const SightField *field_of(const SightFilter *part, gboolean *refused) {
  *refused = part->kind == SIGHT_FILTER_NOT;
  if (*refused)
    part = part->parts->pdata[0];
  return part->kind == SIGHT_FILTER_KEY ? part->field : NULL;
}

/* "all" says nothing beside others, and alone it is the sentence of every session. */
static gboolean says_nothing(SightUiFilter *self, guint i, gconstpointer data) {
  gboolean refused = FALSE;
  const SightField *field = field_of(sight_ui_filter_get_part(self, i), &refused);

  return field != NULL && !refused && g_str_equal(field->name, "all");
}

/* Changing */

gboolean sight_ui_filter_set(SightUiFilter *self, const char *text, gsize *at, GError **error) {
  g_autoptr(SightFilter) tree = sight_filter_parse(text, at, error);

  if (tree == NULL)
    return FALSE;
  g_autoptr(SightFilter) old = g_steal_pointer(&self->tree);
  self->tree = g_steal_pointer(&tree);
  g_autofree char *said = without_those(self, says_nothing, NULL);
  sight_filter_free(self->tree);
  self->tree = sight_filter_parse(said, NULL, NULL);
  if (sight_filter_equal(old, self->tree))
    return TRUE;
  g_free(self->text);
  self->text = sight_filter_print(self->tree);
  g_signal_emit(self, changed_signal, 0);
  return TRUE;
}

static gboolean stands_there(SightUiFilter *self, const SightFilter *part, guint *place) {
  for (guint i = 0; i < sight_ui_filter_n_parts(self); i++) {
    if (!sight_filter_equal(sight_ui_filter_get_part(self, i), part))
      continue;
    *place = i;
    return TRUE;
  }
  return FALSE;
}

gboolean sight_ui_filter_add(SightUiFilter *self, const char *text, gsize *at, GError **error) {
  g_autoptr(SightFilter) part = sight_filter_parse(text, at, error);
  guint place = 0;

  if (part == NULL)
    return FALSE;
  if (stands_there(self, part, &place))
    return TRUE;
  g_autofree char *before = sight_ui_filter_before(self);
  g_autofree char *more = text_beside(part);
  g_autofree char *whole = g_strconcat(before, more, NULL);
  return sight_ui_filter_set(self, whole, NULL, error);
}

gboolean sight_ui_filter_remove(SightUiFilter *self, const char *text) {
  g_autoptr(SightFilter) part = sight_filter_parse(text, NULL, NULL);
  guint place = 0;

  if (part == NULL || !stands_there(self, part, &place))
    return FALSE;
  g_autofree char *rest = sight_ui_filter_without(self, place);
  return sight_ui_filter_set(self, rest, NULL, NULL);
}

/* Rows of the sidebar */

static const SightField *field_named(const char *key) {
  return sight_field_find(key, strlen(key), FALSE);
}

static gboolean wants(SightUiFilter *self, guint i, gconstpointer data) {
  gboolean refused = FALSE;
  const SightField *field = field_of(sight_ui_filter_get_part(self, i), &refused);

  return field != NULL && !refused && sight_ui_saved_same(field, data);
}

gboolean sight_ui_filter_has(SightUiFilter *self, const char *key) {
  const SightField *field = field_named(key);

  for (guint i = 0; field != NULL && i < sight_ui_filter_n_parts(self); i++) {
    if (wants(self, i, field))
      return TRUE;
  }
  return *key == '\0' && *self->text == '\0';
}

static gboolean is_of_group(SightUiFilter *self, guint i, gconstpointer data) {
  gboolean refused = FALSE;
  const SightField *field = field_of(sight_ui_filter_get_part(self, i), &refused);
  SightUiSavedGroup group = sight_ui_saved_group(data);

  if (field == NULL)
    return FALSE;
  return group == SIGHT_UI_SAVED_NONE ? sight_ui_saved_same(field, data) : sight_ui_saved_group(field) == group;
}

char *sight_ui_filter_base(SightUiFilter *self, const char *key) {
  const SightField *field = field_named(key);

  return field != NULL ? without_those(self, is_of_group, field) : g_strdup("");
}

void sight_ui_filter_toggle(SightUiFilter *self, const char *key, gboolean beside) {
  const SightField *field = field_named(key);
  g_autofree char *text = NULL;

  if (field != NULL && sight_ui_filter_has(self, key)) {
    text = without_those(self, wants, field);
  } else if (field != NULL) {
    g_autofree char *base = beside ? g_strdup(self->text) : sight_ui_filter_base(self, key);
    gboolean grouped = beside && self->tree->kind == SIGHT_FILTER_ANY;
    text = g_strdup_printf(grouped ? "(%s) %s" : "%s %s", base, key);
  }
  sight_ui_filter_set(self, text != NULL ? text : "", NULL, NULL);
}
