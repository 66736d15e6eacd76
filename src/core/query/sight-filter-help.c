/* SPDX-License-Identifier: MIT */
/* The grammar, the keys and the contract as text. */
#include "sight-filter-help.h"

#include "sight-filter-value.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Each has tests in tests/unit/query. */
static const char *const contract[] = {
    N_("A condition holds within the recording's own span; a moment outside of it counts for nothing."),
    N_("What is wanted is joined by and and or; a refusal only ever removes sessions. Among alternatives one that only "
       "refuses removes from the others."),
    N_("Every number is exact, and says of how many; nothing is cut silently."),
    N_("The same text gives the same answer in the window, in sightctl, in a link and through an agent."),
    N_("Every session that is found says which condition matched and where, and is played from there."),
    N_("Of every other one, sightctl why-not says which condition kept it out, and how near it came."),
    N_("“seen” is what could be seen, as far as the recording tells; “in-page” also finds what was hidden."),
    N_("A visit over several tabs, windows and days is one session, in the order in which it was lived."),
};

static const char *const grammar[] = {
    "filter   = all { \"or\" all }              all = part { part }",
    "part     = [ \"-\" | \"not\" ] ( key | key \":\" value | \"(\" filter \")\" | sequence | word | \"quoted words\" "
    ")",
    "value    = word | \"quoted\" | number with unit | a..b | >a | <a | a,b | 7d",
    "moment   = key [ \":\" value ] [ \"[\" conditions on the same moment \"]\" ]",
    "sequence = moment \"then\" [ \"within\" 5m ] [ \"not\" ] moment { \"then\" … }",
};

static const char *const examples[] = {
    "page:/checkout rage -converted release:2.4 length:>2m",
    "rage[page:/checkout target:\"Pay now\"] or error[count:>3]",
    "page:/cart then within 5m not page:/thanks then request[status:5xx]",
};

static const struct {
  SightKeyPlace place;
  const char *title;
} places[] = {
    {SIGHT_KEY_OF_SESSION, N_("Keys of the session")},
    {SIGHT_KEY_OF_MOMENT, N_("Keys of moments, which take conditions in brackets")},
    {SIGHT_KEY_INSIDE, N_("In the brackets")},
};

const char *sight_filter_contract(guint n) {
  return n < G_N_ELEMENTS(contract) ? _(contract[n]) : NULL;
}

/* What a key is told as: "trait.NAME". */
static char *key_of(const SightField *field) {
  return g_strconcat(field->name, field->flags & SIGHT_HAS_NAME ? ".NAME" : "", NULL);
}

static char *takes_of(const SightField *field) {
  if (field->choices != NULL)
    return g_strjoinv(", ", (char **)field->choices);
  return g_strdup(field->takes == SIGHT_TAKES_NOTHING ? "" : sight_filter_value_wants(field));
}

static void append_lines(GString *out, const char *const *lines, gsize n) {
  for (gsize i = 0; i < n; i++)
    g_string_append_printf(out, "  %s\n", lines[i]);
}

static void append_keys(GString *out, SightKeyPlace place) {
  gsize n;
  const SightField *fields = sight_fields(&n);

  for (gsize i = 0; i < n; i++) {
    if (fields[i].place != place)
      continue;
    g_autofree char *key = key_of(&fields[i]);
    g_autofree char *takes = takes_of(&fields[i]);
    g_string_append_printf(out, "  %-14s %s%s%s\n", key, sight_field_title(&fields[i]), takes[0] != '\0' ? ": " : "",
                           takes);
  }
}

char *sight_filter_help(void) {
  g_autoptr(GString) out = g_string_new(NULL);

  g_string_append_printf(out, "%s\n\n",
                         _("A filter picks sessions, and in each the moments that made it match. Conditions side by "
                           "side hold together; a word without a key is looked for in users, pages, errors, texts and "
                           "tags."));
  append_lines(out, grammar, G_N_ELEMENTS(grammar));
  g_string_append_printf(out, "\n%s\n", _("For example:"));
  append_lines(out, examples, G_N_ELEMENTS(examples));
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
    g_string_append_printf(out, "\n%s:\n", _(places[i].title));
    append_keys(out, places[i].place);
  }
  g_string_append_printf(out, "\n%s\n", _("What holds for every filter:"));
  for (guint i = 0; sight_filter_contract(i) != NULL; i++)
    g_string_append_printf(out, "  %u. %s\n", i + 1, sight_filter_contract(i));
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Text as a manual page has it: what troff would take for its own is told apart. */
static void append_roff(GString *out, const char *text) {
  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '\\')
      g_string_append(out, "\\e");
    else if (*p == '-')
      g_string_append(out, "\\-");
    else if ((*p == '.' || *p == '\'') && (p == text || p[-1] == '\n'))
      g_string_append_printf(out, "\\&%c", *p);
    else
      g_string_append_c(out, *p);
  }
}

static void append_roff_lines(GString *out, const char *const *lines, gsize n) {
  g_string_append(out, ".PP\n.nf\n");
  for (gsize i = 0; i < n; i++) {
    append_roff(out, lines[i]);
    g_string_append_c(out, '\n');
  }
  g_string_append(out, ".fi\n");
}

static void append_roff_keys(GString *out, SightKeyPlace place) {
  gsize n;
  const SightField *fields = sight_fields(&n);

  for (gsize i = 0; i < n; i++) {
    if (fields[i].place != place)
      continue;
    g_autofree char *key = key_of(&fields[i]);
    g_autofree char *takes = takes_of(&fields[i]);
    g_string_append(out, ".TP\n.B ");
    append_roff(out, key);
    g_string_append_c(out, '\n');
    append_roff(out, fields[i].title);
    if (takes[0] != '\0') {
      g_string_append(out, ": ");
      append_roff(out, takes);
    }
    g_string_append_c(out, '\n');
  }
}

char *sight_filter_manual(void) {
  g_autoptr(GString) out = g_string_new(".TH SESSIONSIGHT-FILTERS 7 \"\" \"SessionSight\" \"Miscellaneous\"\n"
                                        ".SH NAME\nsessionsight\\-filters \\- how sessions are looked for\n"
                                        ".SH SYNOPSIS\n.B sightctl sessions \\-\\-filter\n.I FILTER\n.SH GRAMMAR\n");

  append_roff_lines(out, grammar, G_N_ELEMENTS(grammar));
  g_string_append(out, ".SH EXAMPLES\n");
  append_roff_lines(out, examples, G_N_ELEMENTS(examples));
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
    g_autofree char *title = g_ascii_strup(places[i].title, -1);
    g_string_append_printf(out, ".SH \"%s\"\n", title);
    append_roff_keys(out, places[i].place);
  }
  g_string_append(out, ".SH \"WHAT HOLDS FOR EVERY FILTER\"\n");
  for (guint i = 0; i < G_N_ELEMENTS(contract); i++) {
    g_string_append_printf(out, ".IP %u. 4\n", i + 1);
    append_roff(out, contract[i]);
    g_string_append_c(out, '\n');
  }
  g_string_append(out, ".SH \"SEE ALSO\"\n.BR sightctl (1),\n.BR sessionsight (1)\n");
  return g_string_free(g_steal_pointer(&out), FALSE);
}
