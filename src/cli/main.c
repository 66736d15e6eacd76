/* SPDX-License-Identifier: MIT */
/* sightctl: the core of SessionSight from a terminal. */
#include "sight-cli.h"
#include "sight-config.h"
#include "sight-recording.h"
#include "sight-slice.h"
#include "sight-terminal.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>

static const SightVerb verbs[] = {
    {"import", "FILE…", N_("Take recordings from files into the cache"), sight_verb_import},
    {"sync", "[ENDPOINT…]", N_("Pull what changed at the endpoints, push tags"), sight_verb_sync},
    {"analyse", "[--worker]", N_("Analyse what waits, for this cache or for others"), sight_verb_analyse},
    {"sessions", "", N_("List sessions"), sight_verb_sessions},
    {"moments", "--filter FILTER", N_("List the moments at which sessions match"), sight_verb_moments},
    {"person", "USER", N_("List the sessions of a user on one line of time"), sight_verb_person},
    {"problems", "", N_("List what signals are about, the worst first"), sight_verb_problems},
    {"contrast", "--filter FILTER", N_("Tell what is different about sessions"), sight_verb_contrast},
    {"flow", "STEPS", N_("Tell how many come through the steps of a sequence"), sight_verb_flow},
    {"compare", "--problem ID --release R", N_("Tell whether a problem is gone"), sight_verb_compare},
    {"forms", "", N_("Tell who began each form, and where it was left"), sight_verb_forms},
    {"variants", "", N_("Tell who had which variant, and whether the sizes are right"), sight_verb_variants},
    {"heatmap", "PAGE", N_("Tell where a page was clicked, and how far down it was looked at"), sight_verb_heatmap},
    {"why-not", "SESSION --filter FILTER", N_("Tell what keeps a session out of a filter"), sight_verb_why_not},
    {"show", "SESSION", N_("Tell what happened in a session"), sight_verb_show},
    {"snapshot", "SESSION|--file F --at MS", N_("Print the page at one moment"), sight_verb_snapshot},
    {"diff", "SESSION|--file F --from MS --to MS", N_("Print what turns one page into another"), sight_verb_diff},
    {"clip", "SESSION|--file F --from MS --to MS -o FILE", N_("Write a range as a file to share"), sight_verb_clip},
    {"issue", "SESSION@MS|--problem ID --to WHERE", N_("Draft an issue from a moment, and file it"), sight_verb_issue},
    {"audit", "", N_("Tell what of the recordings looks private"), sight_verb_audit},
    {"report", "-o FILE -- VERB", N_("Write what a verb tells as a file for a meeting"), sight_verb_report},
    {"redact", "SESSION|--filter FILTER --mask WHAT", N_("Mask what is private in what is stored"), sight_verb_redact},
    {"tag", "SESSION LABEL", N_("Tag a moment, change a tag, answer one"), sight_verb_tag},
    {"note", "SESSION TEXT", N_("Write a note on a session or a moment"), sight_verb_note},
    {"log", "[verify]", N_("Tell who watched, shared and erased, and that nothing is missing"), sight_verb_log},
    {"mcp", "", N_("Serve what the verbs tell to agents"), sight_verb_mcp},
    {"endpoints", "[list|kinds|add URL|check|remove ENDPOINT]", N_("Where sessions come from"), sight_verb_endpoints},
    {"settings", "[list|set NAME VALUE|reset NAME]", N_("The thresholds by which sessions are judged"),
     sight_verb_settings},
    {"key-actions", "[list|add NAME|remove NAME]", N_("What counts as reaching a goal"), sight_verb_key_actions},
    {"pages", "[rules …]", N_("The pages, and which addresses are one page"), sight_verb_pages},
    {"forget", "SESSION|--user ID", N_("Erase recordings"), sight_verb_forget},
    {"damage", "[accept]", N_("What was lost when the cache was damaged"), sight_verb_damage},
    {"complete", "TEXT", N_("Tell what may stand in the text of a filter"), sight_verb_complete},
    {"help", "filters", N_("How to look for sessions and moments"), sight_verb_help},
    {"post", "FILE… --url URL --key KEY", N_("Post recorded batches to a collector, as a page would"), sight_verb_post},
};

static void print_help(void) {
  g_print("%s\n\n", _("Usage: sightctl VERB [OPTION…] [ARGUMENT…]"));
  for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
    g_print("  %-12s %s\n", verbs[i].name, _(verbs[i].summary));
  }
  g_print("\n%s\n%s\n", _("Every verb takes --json and --cache DIR; sightctl VERB --help tells the rest."),
          _("Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 endpoint out of reach, 5 token refused."));
}

/* What was printed has arrived: a full disk behind stdout is a failure. */
static int end(int code) {
  if (fflush(stdout) == 0 && !ferror(stdout)) {
    return code;
  }
  g_printerr(_("sightctl: the output could not be written\n"));
  return code == SIGHT_EXIT_OK ? SIGHT_EXIT_FAILED : code;
}

int main(int argc, char **argv) {
  SightCli cli = {0};

  sight_terminal_guard();
  setlocale(LC_ALL, "");
  bindtextdomain(SIGHT_GETTEXT_PACKAGE, SIGHT_LOCALE_DIR);
  bind_textdomain_codeset(SIGHT_GETTEXT_PACKAGE, "UTF-8");
  g_set_prgname("sightctl");
  sight_recording_set_fetch(sight_slice_fetch);
  if (argc < 2) {
    print_help();
    return SIGHT_EXIT_USAGE;
  }
  if (g_str_equal(argv[1], "--help") || g_str_equal(argv[1], "-h") || (argc == 2 && g_str_equal(argv[1], "help"))) {
    print_help();
    return SIGHT_EXIT_OK;
  }
  if (g_str_equal(argv[1], "--version")) {
    g_print("sightctl %s\n", SIGHT_VERSION);
    return SIGHT_EXIT_OK;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
    if (g_str_equal(argv[1], verbs[i].name)) {
      int code = verbs[i].run(&cli, argc - 1, argv + 1);
      if (cli.store) {
        sight_store_close(cli.store);
        g_clear_object(&cli.store);
      }
      g_free(cli.cache);
      return end(code);
    }
  }
  g_printerr(_("sightctl: there is no verb “%s”; sightctl --help lists them\n"), argv[1]);
  return SIGHT_EXIT_USAGE;
}
