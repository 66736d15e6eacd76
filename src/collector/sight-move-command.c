/* SPDX-License-Identifier: MIT */
/* Moving a store, from the command line. */
#include "sight-move-command.h"

#include "sight-json-writer.h"
#include "sight-move.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <unistd.h>

#define TELL_EVERY 100

typedef struct {
  char *from, *from_blobs, *to, *to_blobs;
} Options;

static void options_clear(Options *options) {
  g_free(options->from);
  g_free(options->from_blobs);
  g_free(options->to);
  g_free(options->to_blobs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void tell_progress(gint64 done, gpointer user_data) {
  if (done % TELL_EVERY == 0)
    g_printerr("\r%" PRId64 " ", done);
}

static void tell_proof(const SightMoveProof *proof) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "sessions", proof->n_sessions);
  sight_json_member_int(&w, "erased", proof->n_erased);
  sight_json_member_int(&w, "batches", proof->n_batches);
  sight_json_member_int(&w, "bytes", proof->n_bytes);
  sight_json_member_int(&w, "annotations", proof->n_annotations);
  sight_json_member_int(&w, "assets", proof->n_assets);
  sight_json_member_int(&w, "damaged", proof->n_damaged);
  sight_json_member_string(&w, "sha256", proof->sum);
  sight_json_end_object(&w);
  g_print("%s\n", out->str);
}

static int run(const Options *options) {
  g_autoptr(GError) error = NULL;
  SightMoveProof proof = {0};
  g_autoptr(SightDepot) from = sight_depot_open_existing(options->from, options->from_blobs, &error);
  g_autoptr(SightDepot) to = from != NULL ? sight_depot_open(options->to, options->to_blobs, &error) : NULL;
  if (to != NULL && sight_move(from, to, isatty(STDERR_FILENO) ? tell_progress : NULL, NULL, &proof, &error)) {
    gulong n_damaged = (gulong)proof.n_damaged;
    tell_proof(&proof);
    if (n_damaged > 0)
      g_printerr(ngettext("%lu batch was damaged in the old store and is marked so in the new one.\n",
                          "%lu batches were damaged in the old store and are marked so in the new one.\n", n_damaged),
                 n_damaged);
    g_printerr(
        _("All of it is the same in both stores. The old one takes nothing more: start the collectors with --store "
          "%s now.\n"),
        options->to);
    return 0;
  }
  g_printerr("%s\n", error->message);
  return 1;
}

int sight_move_command(int argc, char **argv) {
  g_auto(Options) options = {0};
  const GOptionEntry entries[] = {
      {"from", 0, 0, G_OPTION_ARG_FILENAME, &options.from, N_("The store that is moved"), N_("PLACE")},
      {"from-blobs", 0, 0, G_OPTION_ARG_STRING, &options.from_blobs, N_("Its object store, where it has one"),
       N_("PLACE")},
      {"to", 0, 0, G_OPTION_ARG_FILENAME, &options.to, N_("A new store, or one that a move began"), N_("PLACE")},
      {"to-blobs", 0, 0, G_OPTION_ARG_STRING, &options.to_blobs, N_("The object store of that, where it has one"),
       N_("PLACE")},
      {0}};
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) error = NULL;
  g_set_prgname("sessionsight-collector move");
  g_option_context_add_main_entries(context, entries, NULL);
  g_option_context_set_summary(context,
                               _("Moves a collector's store while it takes batches, and proves that all is there."));
  if (!g_option_context_parse(context, &argc, &argv, &error)) {
    g_printerr("%s\n", error->message);
    return 2;
  }
  if (options.from == NULL || options.to == NULL) {
    g_printerr("%s\n", _("Say what is moved and where: --from PLACE --to PLACE."));
    return 2;
  }
  return run(&options);
}
