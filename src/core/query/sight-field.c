/* SPDX-License-Identifier: MIT */
/* The rows of the table of fields. */
#include "sight-field.h"

#include "sight-kept-table.h"
#include "sight-query-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Names further away than this are no slips of the finger. */
#define NEAR 2
#define MAX_NAME 32

#define ON_PAGE SIGHT_PART_PAGE
#define PRESS (ON_PAGE | SIGHT_PART_TARGET | SIGHT_PART_COUNT | SIGHT_PART_SEVERE | SIGHT_PART_LENGTH)
#define MESSAGE (ON_PAGE | SIGHT_PART_TEXT | SIGHT_PART_COUNT)
#define STRETCH (ON_PAGE | SIGHT_PART_LENGTH)
#define EVERYTHING (PRESS | MESSAGE | STRETCH | SIGHT_PART_STATUS | SIGHT_PART_URL | SIGHT_PART_TARGET)

#define OF_SESSION(name_, takes_, flags_, title_, said_, denied_, ...)                                                 \
  {                                                                                                                    \
    .name = (name_), .place = SIGHT_KEY_OF_SESSION, .takes = SIGHT_TAKES_##takes_, .flags = (flags_),                  \
    .title = (title_), .said = (said_), .denied = (denied_), __VA_ARGS__                                               \
  }
#define OF_MOMENT(name_, takes_, value_, parts_, title_, said_, moments_, ...)                                         \
  {                                                                                                                    \
    .name = (name_), .place = SIGHT_KEY_OF_MOMENT, .takes = SIGHT_TAKES_##takes_, .title = (title_), .said = (said_),  \
    .parts = (parts_), .value = (value_), .moments = (moments_), __VA_ARGS__                                           \
  }
#define INSIDE(name_, takes_, flags_, part_, title_, said_, denied_)                                                   \
  {                                                                                                                    \
    .name = (name_), .place = SIGHT_KEY_INSIDE, .takes = SIGHT_TAKES_##takes_, .flags = (flags_), .title = (title_),   \
    .said = (said_), .denied = (denied_), .parts = (part_)                                                             \
  }

#define NUMBER(number_) .sessions = sight_answer_number, .number = SIGHT_NUMBER_##number_
#define TERM(term_) .sessions = sight_answer_term, .term = SIGHT_TERM_##term_
#define STATE(state_) .sessions = sight_answer_state, .state = SIGHT_STATE_##state_
#define OF(kind_) SIGHT_MOMENT_BIT(SIGHT_SIGNAL_##kind_)
#define MOMENT(kind_) SIGHT_MOMENT_BIT(SIGHT_MOMENT_##kind_)

static const char *const devices[] = {"desktop", "tablet", "phone", NULL};

static const SightField fields[] = {
    OF_SESSION("all", NOTHING, 0, N_("All sessions"), N_("of any kind"), N_("of no kind"),
               .sessions = sight_answer_all),
    OF_SESSION("started", TIME, SIGHT_NEEDS_VALUE, N_("Started"), N_("started %s"), N_("not started %s"),
               NUMBER(STARTED)),
    OF_SESSION("length", DURATION, SIGHT_NEEDS_VALUE, N_("Length"), N_("length %s"), N_("length not %s"),
               NUMBER(LENGTH)),
    OF_SESSION("active", DURATION, SIGHT_NEEDS_VALUE, N_("Time in use"), N_("in use for %s"), N_("not in use for %s"),
               NUMBER(ACTIVE)),
    OF_SESSION("friction", NUMBER, SIGHT_NEEDS_VALUE, N_("Friction"), N_("friction %s"), N_("friction not %s"),
               NUMBER(FRICTION)),
    OF_SESSION("entry", NAME, 0, N_("Entry page"), N_("entered at %s"), N_("not entered at %s"), TERM(ENTRY)),
    OF_SESSION("exit", NAME, 0, N_("Exit page"), N_("left at %s"), N_("not left at %s"), TERM(EXIT)),
    OF_SESSION("pages", NUMBER, SIGHT_NEEDS_VALUE, N_("Pages viewed"), N_("pages viewed: %s"),
               N_("pages viewed: not %s"), NUMBER(PAGES)),
    OF_SESSION("clicks", NUMBER, SIGHT_NEEDS_VALUE, N_("Clicks"), N_("clicks: %s"), N_("clicks: not %s"),
               NUMBER(CLICKS)),
    OF_SESSION("signals", NUMBER, SIGHT_NEEDS_VALUE, N_("Signals"), N_("signals: %s"), N_("signals: not %s"),
               NUMBER(SIGNALS)),
    OF_SESSION("user", NAME, 0, N_("User"), N_("user %s"), N_("user not %s"), TERM(USER)),
    OF_SESSION("new-user", NOTHING, 0, N_("New users"), N_("of a new user"), N_("not of a new user"), STATE(NEW)),
    OF_SESSION("trait", NAME, SIGHT_HAS_NAME, N_("Property of the user"), N_("whose user has %s"),
               N_("whose user has not %s"), TERM(TRAIT)),
    OF_SESSION("session", NAME, SIGHT_NEEDS_VALUE, N_("Session"), N_("with the id %s"), N_("not with the id %s"),
               .sessions = sight_answer_session),
    OF_SESSION("sample", NUMBER, SIGHT_NEEDS_VALUE, N_("Sample, in percent of all"), N_("of a sample of %s percent"),
               N_("not of a sample of %s percent"), .sessions = sight_answer_sample),
    OF_SESSION("endpoint", NAME, SIGHT_NEEDS_VALUE, N_("Endpoint"), N_("from %s"), N_("not from %s"),
               .sessions = sight_answer_endpoint),
    {.name = "device",
     .place = SIGHT_KEY_OF_SESSION,
     .takes = SIGHT_TAKES_NAME,
     .title = N_("Device"),
     .said = N_("on %s"),
     .denied = N_("not on %s"),
     .choices = devices,
     TERM(DEVICE)},
    OF_SESSION("browser", NAME, 0, N_("Browser"), N_("browser %s"), N_("browser not %s"), TERM(BROWSER)),
    OF_SESSION("os", NAME, 0, N_("Operating system"), N_("system %s"), N_("system not %s"), TERM(OS)),
    OF_SESSION("language", NAME, 0, N_("Language"), N_("language %s"), N_("language not %s"), TERM(LANGUAGE)),
    OF_SESSION("width", NUMBER, SIGHT_NEEDS_VALUE, N_("Width of the page"), N_("width %s px"), N_("width not %s px"),
               NUMBER(WIDTH)),
    OF_SESSION("screen", NAME, 0, N_("Screen"), N_("screen %s"), N_("screen not %s"), TERM(SCREEN)),
    OF_SESSION("referrer", NAME, 0, N_("Referrer"), N_("coming from %s"), N_("not coming from %s"), TERM(REFERRER)),
    OF_SESSION("release", NAME, 0, N_("Release"), N_("release %s"), N_("release not %s"), TERM(RELEASE)),
    OF_SESSION("variant", NAME, SIGHT_HAS_NAME, N_("Variant"), N_("variant %s"), N_("variant not %s"), TERM(VARIANT)),
    OF_SESSION("churned", NOTHING, 0, N_("Churned"), N_("that churned"), N_("that did not churn"),
               .sessions = sight_answer_churned),
    OF_SESSION("converted", NOTHING, 0, N_("Converted"), N_("with a key action"), N_("without a key action"),
               .sessions = sight_answer_converted),
    OF_SESSION("high-exit", NOTHING, 0, N_("High exit"), N_("left on a page that many leave"),
               N_("not left on a page that many leave"), .sessions = sight_answer_high_exit),
    OF_SESSION("watched", NOTHING, 0, N_("Watched"), N_("already watched"), N_("not watched yet"), STATE(WATCHED)),
    OF_SESSION("to-watch", NOTHING, 0, N_("To watch"), N_("to watch"), N_("not to watch"), STATE(TO_WATCH)),
    OF_SESSION("unread", NOTHING, 0, N_("New from teammates"), N_("with news from teammates"),
               N_("without news from teammates"), STATE(UNREAD)),

    OF_MOMENT("signal", WORDS, "text", EVERYTHING, N_("Any signal"), N_("signals"), SIGHT_MOMENT_SIGNALS),
    OF_MOMENT("error", WORDS, "text", MESSAGE, N_("Exceptions"), N_("exceptions"), OF(ERROR)),
    OF_MOMENT("errored", WORDS, "text", MESSAGE, N_("Errored"), N_("exceptions"), OF(ERROR)),
    OF_MOMENT("rage", WORDS, "target", PRESS, N_("Rage clicks"), N_("rage clicks"), OF(RAGE)),
    OF_MOMENT("dead", WORDS, "target", PRESS, N_("Dead clicks"), N_("dead clicks"), OF(DEAD)),
    OF_MOMENT("slow", WORDS, "target", PRESS, N_("Slow clicks"), N_("slow clicks"), OF(SLOW)),
    OF_MOMENT("error-click", WORDS, "target", PRESS | MESSAGE, N_("Error clicks"), N_("error clicks"), OF(ERROR_CLICK)),
    OF_MOMENT("console", WORDS, "text", MESSAGE, N_("Console errors"), N_("console errors"), OF(CONSOLE)),
    OF_MOMENT("request", NAME, "url", MESSAGE | SIGHT_PART_STATUS | SIGHT_PART_URL, N_("Failed requests"),
              N_("failed requests"), OF(REQUEST)),
    OF_MOMENT("scroll", NAME, "page", STRETCH | SIGHT_PART_COUNT, N_("Excessive scrolling"), N_("excessive scrolling"),
              OF(SCROLL)),
    OF_MOMENT("thrash", NAME, "page", STRETCH | SIGHT_PART_COUNT, N_("Thrashed cursor"), N_("a thrashed cursor"),
              OF(THRASH)),
    OF_MOMENT("quick-back", NAME, "page", STRETCH | SIGHT_PART_TEXT, N_("Quick backs"), N_("quick backs"),
              OF(QUICK_BACK)),
    OF_MOMENT("form-left", WORDS, "target", ON_PAGE | SIGHT_PART_TARGET | SIGHT_PART_TEXT | SIGHT_PART_LENGTH,
              N_("Abandoned forms"), N_("abandoned forms"), OF(FORM)),
    OF_MOMENT("unseen", NAME, "page", STRETCH | SIGHT_PART_TARGET, N_("Unseen messages"), N_("unseen messages"),
              OF(UNSEEN)),
    OF_MOMENT("waiting", NAME, "page", STRETCH | SIGHT_PART_TARGET, N_("Waiting"), N_("waiting for the page"),
              OF(WAITING)),
    OF_MOMENT("noise", WORDS, "text", MESSAGE, N_("Noise"), N_("noise"), OF(NOISE)),
    OF_MOMENT("problem", NAME, "problem", EVERYTHING, N_("Problem"), N_("the problem"), SIGHT_MOMENT_SIGNALS,
              .term = SIGHT_TERM_PROBLEM),
    OF_MOMENT("page", NAME, "page", STRETCH | SIGHT_PART_URL, N_("Page"), N_("a view"), MOMENT(PAGE),
              .term = SIGHT_TERM_PAGE),
    OF_MOMENT("click", WORDS, "target", ON_PAGE | SIGHT_PART_TARGET, N_("Click"), N_("clicks"), MOMENT(CLICK),
              .term = SIGHT_TERM_CLICK),
    OF_MOMENT("typed-in", WORDS, "target", STRETCH | SIGHT_PART_TARGET, N_("Typed in"), N_("input"), MOMENT(TYPED_IN),
              .term = SIGHT_TERM_TYPED),
    OF_MOMENT("form", WORDS, "target", ON_PAGE | SIGHT_PART_TARGET, N_("Form sent"), N_("a form sent"), MOMENT(FORM),
              .term = SIGHT_TERM_FORM),
    OF_MOMENT("form-begun", NAME, "target", STRETCH | SIGHT_PART_TARGET | SIGHT_PART_COUNT,
              N_("Form filled in or sent"), N_("a form begun"), MOMENT(FILLED), .term = SIGHT_TERM_FILLED),
    OF_MOMENT("field", NAME, "target",
              STRETCH | SIGHT_PART_TARGET | SIGHT_PART_TEXT | SIGHT_PART_COUNT | SIGHT_PART_SEVERE,
              N_("Field of such a form; its text is the form, its count how often it was filled again; severe where "
                 "the form was left there"),
              N_("the field"), MOMENT(FIELD), .term = SIGHT_TERM_FORM_FIELD),
    OF_MOMENT("message", WORDS, "target", ON_PAGE | SIGHT_PART_TARGET | SIGHT_PART_TEXT,
              N_("Message beside such a form; its text is the form"), N_("the message"), MOMENT(MESSAGE),
              .term = SIGHT_TERM_MESSAGE),
    OF_MOMENT("event", NAME, "text", ON_PAGE | SIGHT_PART_TEXT | SIGHT_PART_PROPERTY, N_("Event"), N_("the event"),
              MOMENT(EVENT), .term = SIGHT_TERM_EVENT),
    OF_MOMENT("tag", WORDS, "text", SIGHT_PART_TEXT, N_("Tag"), N_("tags"), MOMENT(TAG), .term = SIGHT_TERM_TAG),
    OF_MOMENT("tagged", WORDS, "text", SIGHT_PART_TEXT, N_("Tagged"), N_("tags"), MOMENT(TAG), .term = SIGHT_TERM_TAG),
    OF_MOMENT("note", WORDS, "text", SIGHT_PART_TEXT, N_("Note"), N_("notes"), MOMENT(NOTE), .term = SIGHT_TERM_NOTE),
    OF_MOMENT("seen", WORDS, "text", STRETCH | SIGHT_PART_TEXT, N_("Text seen"), N_("the text seen"), MOMENT(SEEN),
              .term = SIGHT_TERM_SEEN),
    OF_MOMENT("in-page", WORDS, "text", STRETCH | SIGHT_PART_TEXT, N_("Text in the page, seen or not"),
              N_("the text in the page"), MOMENT(IN_PAGE) | MOMENT(SEEN), .term = SIGHT_TERM_IN_PAGE),
    OF_MOMENT("element", SELECTOR, "selector", STRETCH | SIGHT_PART_TARGET, N_("Element"), N_("the element"),
              MOMENT(ELEMENT), .term = SIGHT_TERM_ELEMENT),
    OF_MOMENT("idle", NOTHING, NULL, STRETCH, N_("Idle"), N_("idle stretches"), MOMENT(IDLE), .term = SIGHT_TERM_IDLE),
    OF_MOMENT("hidden", NOTHING, NULL, STRETCH, N_("Tab in the background"), N_("the tab in the background"),
              MOMENT(HIDDEN), .term = SIGHT_TERM_HIDDEN),

    INSIDE("page", NAME, 0, SIGHT_PART_PAGE, N_("Page"), N_("at %s"), N_("not at %s")),
    INSIDE("target", WORDS, 0, SIGHT_PART_TARGET, N_("What was pressed or filled in"), N_("on %s"), N_("not on %s")),
    INSIDE("selector", NAME, 0, SIGHT_PART_TARGET, N_("CSS selector of the target"), N_("on the element %s"),
           N_("not on the element %s")),
    INSIDE("text", WORDS, 0, SIGHT_PART_TEXT, N_("What it says"), N_("saying %s"), N_("not saying %s")),
    INSIDE("count", NUMBER, SIGHT_NEEDS_VALUE, SIGHT_PART_COUNT, N_("How many times"), N_("%s times"),
           N_("not %s times")),
    INSIDE("length", DURATION, SIGHT_NEEDS_VALUE, SIGHT_PART_LENGTH, N_("For how long"), N_("for %s"),
           N_("not for %s")),
    INSIDE("severe", NOTHING, 0, SIGHT_PART_SEVERE, N_("Severe"), N_("severe"), N_("not severe")),
    INSIDE("status", STATUS, SIGHT_NEEDS_VALUE, SIGHT_PART_STATUS, N_("HTTP status"), N_("with status %s"),
           N_("not with status %s")),
    INSIDE("url", NAME, 0, SIGHT_PART_URL, N_("Address"), N_("to %s"), N_("not to %s")),
    INSIDE("method", NAME, 0, SIGHT_PART_URL, N_("Method of the request"), N_("by %s"), N_("not by %s")),
    INSIDE("property", NAME, SIGHT_HAS_NAME, SIGHT_PART_PROPERTY, N_("Property of the event"), N_("with %s"),
           N_("not with %s")),
};

const SightField *sight_fields(gsize *n) {
  *n = G_N_ELEMENTS(fields);
  return fields;
}

const char *sight_field_title(const SightField *field) {
  return _(field->title);
}

static gboolean is_of(const SightField *field, gboolean inside) {
  return (field->place == SIGHT_KEY_INSIDE) == (inside != FALSE);
}

const SightField *sight_field_find(const char *tainted_name, gsize bytes, gboolean inside) {
  char first = bytes > 0 ? g_ascii_tolower(tainted_name[0]) : '\0';

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
    const char *name = fields[i].name;
    if (name[0] == first && is_of(&fields[i], inside) && g_ascii_strncasecmp(name, tainted_name, bytes) == 0 &&
        name[bytes] == '\0')
      return &fields[i];
  }
  return NULL;
}

/* Letters added, left out, exchanged, or swapped with the next one (Damerau and Levenshtein, adjacent swaps only). */
static guint distance(const char *a, gsize n, const char *b, gsize m) {
  guint rows[3][MAX_NAME + 1];

  for (guint j = 0; j <= m; j++)
    rows[0][j] = j;
  for (guint i = 1; i <= n; i++) {
    guint *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
    now[0] = i;
    for (guint j = 1; j <= m; j++) {
      char x = g_ascii_tolower(a[i - 1]);
      now[j] = MIN(MIN(last[j], now[j - 1]) + 1, last[j - 1] + (x != b[j - 1]));
      if (i > 1 && j > 1 && x == b[j - 2] && g_ascii_tolower(a[i - 2]) == b[j - 1])
        now[j] = MIN(now[j], before[j - 2] + 1);
    }
  }
  return rows[n % 3][m];
}

const SightField *sight_field_nearest(const char *tainted_name, gsize bytes, gboolean inside) {
  const SightField *nearest = NULL;
  guint least = NEAR + 1;

  for (gsize i = 0; i < G_N_ELEMENTS(fields) && bytes <= MAX_NAME; i++) {
    if (!is_of(&fields[i], inside))
      continue;
    guint far = distance(tainted_name, bytes, fields[i].name, strlen(fields[i].name));
    /* Of a short word nearly every letter would be another. */
    if (far < least && far * 2 < strlen(fields[i].name)) {
      nearest = &fields[i];
      least = far;
    }
  }
  return nearest;
}
