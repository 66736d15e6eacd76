/* SPDX-License-Identifier: MIT */
/* What is not private is not said to be: texts as pages have them, in which nobody's data stands. */
#include "sight-audit.h"

#include <glib.h>
#include <string.h>

/* So many bytes at least are looked through. */
#define MIN_BYTES (1024 * 1024)
/* As many as /audit/planted plants. */
#define PLANTED 300
/* Of all that is found at most so many hundredths may be false. */
#define FALSE_SHARE 5

/* Prose in six languages with its numbers; hashes, versions and addresses of packages; pages, scripts and sheets of a
 * shop; protocols with their examples; drawings that are numbers alone. */
static const char *const folders[] = {"po",
                                      "src/web",
                                      "src/web/player",
                                      "src/web/recorder",
                                      "src/collector",
                                      "src/core/dom",
                                      "tests/demo-shop/site",
                                      "tests/fixtures/scenes",
                                      "data/man",
                                      "data/icons/actions",
                                      "data/icons/app"};
static const char *const endings[] = {".po", ".json", ".md", ".js", ".css", ".html", ".svg", ".1", NULL};

/* What stands there as an example of it. */
static const char *const examples[] = {"@example.", "ada@", "you@"};

typedef struct {
  gsize bytes;
  guint n_files, n_false;
} Look;

static gboolean is_example(const char *text, gsize bytes) {
  for (gsize i = 0; i < G_N_ELEMENTS(examples); i++) {
    if (g_strstr_len(text, (gssize)bytes, examples[i]) != NULL)
      return TRUE;
  }
  return FALSE;
}

static void look_at(Look *look, const char *path) {
  g_autofree char *text = NULL;
  g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));
  gsize bytes = 0;

  g_assert_true(g_file_get_contents(path, &text, &bytes, NULL));
  sight_audit_text(text, bytes, NULL, hits);
  look->bytes += bytes;
  look->n_files++;
  for (guint i = 0; i < hits->len; i++) {
    const SightAuditHit *hit = &g_array_index(hits, SightAuditHit, i);
    if (is_example(text + hit->start, hit->end - hit->start))
      continue;
    look->n_false++;
    g_test_message("%s: %s “%.*s”", path, sight_audit_kind_name(hit->kind), (int)MIN(hit->end - hit->start, 80),
                   text + hit->start);
  }
}

static gboolean is_text(const char *name) {
  for (gsize i = 0; endings[i] != NULL; i++) {
    if (g_str_has_suffix(name, endings[i]))
      return TRUE;
  }
  return FALSE;
}

static void test_ordinary(void) {
  const char *root = g_getenv("SIGHT_SOURCE_ROOT");
  Look look = {0};

  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *folder = g_build_filename(root, folders[i], NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL; name = g_dir_read_name(dir)) {
      g_autofree char *path = g_build_filename(folder, name, NULL);
      if (is_text(name))
        look_at(&look, path);
    }
  }
  g_test_message("%u false in %" G_GSIZE_FORMAT " bytes of %u files", look.n_false, look.bytes, look.n_files);
  g_assert_cmpuint(look.bytes, >=, MIN_BYTES);
  g_assert_cmpuint(look.n_false * 100, <=, FALSE_SHARE * (look.n_false + PLANTED));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/audit/ordinary", test_ordinary);
  return g_test_run();
}
