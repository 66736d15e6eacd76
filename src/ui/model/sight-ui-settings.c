/* SPDX-License-Identifier: MIT */
/* Finding the settings schema and the sample recordings, installed or not. */
#include "sight-ui-settings.h"

#include "sight-config.h"

/* A program that runs from its build folder finds the compiled schema two folders up, in data. */
static char *build_data_dir(void) {
  g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
  if (program == NULL)
    return NULL;
  g_autofree char *folder = g_path_get_dirname(program);
  return g_build_filename(folder, "..", "..", "data", NULL);
}

static GSettingsSchema *find_schema(void) {
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default();
  GSettingsSchema *schema = installed != NULL ? g_settings_schema_source_lookup(installed, SIGHT_APP_ID, TRUE) : NULL;
  if (schema != NULL)
    return schema;
  g_autofree char *folder = build_data_dir();
  if (folder == NULL)
    return NULL;
  g_autoptr(GSettingsSchemaSource) source = g_settings_schema_source_new_from_directory(folder, installed, TRUE, NULL);
  return source != NULL ? g_settings_schema_source_lookup(source, SIGHT_APP_ID, FALSE) : NULL;
}

GSettings *sight_ui_settings_get(void) {
  static GSettings *settings;
  static gsize once;
  if (g_once_init_enter(&once)) {
    g_autoptr(GSettingsSchema) schema = find_schema();
    if (schema != NULL)
      settings = g_settings_new_full(schema, NULL, NULL);
    g_once_init_leave(&once, 1);
  }
  return settings;
}

char *sight_ui_samples_dir(void) {
  const char *chosen = g_getenv("SIGHT_SAMPLES_DIR");
  g_autofree char *folder = chosen != NULL ? g_strdup(chosen) : g_build_filename(SIGHT_PKGDATA_DIR, "samples", NULL);
  if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
    return NULL;
  return g_steal_pointer(&folder);
}
