/* SPDX-License-Identifier: MIT */
/* A table for people, safe to print on a terminal. */
#include "sight-cli.h"

#include "sight-text.h"

#include <stdarg.h>

#define MAX_CELL_CHARS 72

SightCliTable *sight_cli_table_new(const char *first, ...) {
  SightCliTable *table = g_new0(SightCliTable, 1);
  va_list titles;

  table->cells = g_ptr_array_new_with_free_func(g_free);
  va_start(titles, first);
  for (const char *title = first; title; title = va_arg(titles, const char *)) {
    sight_cli_table_add(table, title);
    table->n_columns++;
  }
  va_end(titles);
  return table;
}

void sight_cli_table_add(SightCliTable *table, const char *tainted_cell) {
  g_ptr_array_add(table->cells, sight_text_excerpt(tainted_cell ? tainted_cell : "", -1, MAX_CELL_CHARS));
}

/* In columns of a terminal. */
static glong width_of(const char *cell) {
  glong width = 0;

  for (const char *at = cell; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
  }
  return width;
}

void sight_cli_table_print(const SightCliTable *table) {
  g_autofree glong *widths = g_new0(glong, table->n_columns);

  for (guint i = 0; i < table->cells->len; i++) {
    glong width = width_of(g_ptr_array_index(table->cells, i));
    widths[i % table->n_columns] = MAX(widths[i % table->n_columns], width);
  }
  for (guint i = 0; i < table->cells->len; i++) {
    const char *cell = g_ptr_array_index(table->cells, i);
    guint column = i % table->n_columns;
    if (column + 1 == table->n_columns) {
      g_print("%s\n", cell);
      continue;
    }
    g_print("%s%*s", cell, (int)(widths[column] - width_of(cell) + 2), "");
  }
}

void sight_cli_table_free(SightCliTable *table) {
  g_ptr_array_unref(table->cells);
  g_free(table);
}
