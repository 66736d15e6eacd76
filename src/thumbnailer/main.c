/* SPDX-License-Identifier: MIT */
/* The command line of sessionsight-thumbnailer. */
#include "sight-config.h"
#include "sight-file.h"
#include "sight-terminal.h"
#include "sight-thumbnail.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdlib.h>

#define DEFAULT_PX 256

static gboolean make(const char *input, const char *output, int size_px, GError **error) {
  g_autoptr(GFile) file = g_file_new_for_commandline_arg(input);
  g_autoptr(SightThumbnail) thumbnail = sight_thumbnail_read(file, error);

  if (thumbnail == NULL)
    return FALSE;
  g_autoptr(GBytes) png = sight_thumbnail_draw(thumbnail, size_px);
  return sight_file_write(output, g_bytes_get_data(png, NULL), g_bytes_get_size(png), error);
}

int main(int argc, char **argv) {
  int size_px = DEFAULT_PX;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
      {"size", 0, 0, G_OPTION_ARG_INT, &size_px, N_("Width and height at most"), N_("PX")},
      {"version", 0, 0, G_OPTION_ARG_NONE, &version, N_("Tell the version, and exit"), NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  sight_terminal_guard();
  setlocale(LC_ALL, "");
  bindtextdomain(SIGHT_GETTEXT_PACKAGE, SIGHT_LOCALE_DIR);
  bind_textdomain_codeset(SIGHT_GETTEXT_PACKAGE, "UTF-8");
  textdomain(SIGHT_GETTEXT_PACKAGE);
  g_autoptr(GOptionContext) context = g_option_context_new(_("CLIP FILE.png"));
  g_option_context_set_summary(context, _("Draws the thumbnail of a clip or a recording, for file managers."));
  g_option_context_add_main_entries(context, entries, SIGHT_GETTEXT_PACKAGE);
  if (!g_option_context_parse(context, &argc, &argv, &error)) {
    g_printerr("%s\n", error->message);
    return EXIT_FAILURE;
  }
  if (version) {
    g_print("sessionsight-thumbnailer %s\n", SIGHT_VERSION);
    return EXIT_SUCCESS;
  }
  if (argc != 3) {
    g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
    g_printerr("%s", help);
    return EXIT_FAILURE;
  }
  if (!make(argv[1], argv[2], size_px, &error)) {
    g_printerr("%s\n", error->message);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
