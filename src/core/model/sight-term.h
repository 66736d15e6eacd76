/* SPDX-License-Identifier: MIT */
/* Terms: what sessions are found by. A term is a field and a value ("page", "/checkout"), and is stored once, however
 * many sessions have it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* FIELD (id, name, bound, words)
 * The place of a row is its number, which caches hold: new rows go to the end. bound: how many values one session may
 * have. words: whether its values are texts of which words are found. */
#define SIGHT_TERM_FIELDS(FIELD)                                                                                       \
  /* every session that is in the index; value "" */                                                                   \
  FIELD(INDEXED, "indexed", 1, FALSE)                                                                                  \
  FIELD(ENDPOINT, "endpoint", 1, FALSE) /* its row */                                                                  \
  FIELD(PAGE, "page", 1000, TRUE)       /* a view of it; template */                                                   \
  FIELD(ENTRY, "entry", 1, FALSE)                                                                                      \
  FIELD(EXIT, "exit", 1, FALSE)                                                                                        \
  FIELD(USER, "user", 64, TRUE)                                                                                        \
  FIELD(TRAIT, "trait", 200, TRUE)  /* NAME=VALUE */                                                                   \
  FIELD(DEVICE, "device", 1, FALSE) /* desktop, tablet, phone */                                                       \
  FIELD(BROWSER, "browser", 1, FALSE)                                                                                  \
  FIELD(OS, "os", 1, FALSE)                                                                                            \
  FIELD(LANGUAGE, "language", 1, FALSE)                                                                                \
  FIELD(SCREEN, "screen", 1, FALSE) /* 1920x1080 */                                                                    \
  FIELD(REFERRER, "referrer", 20, FALSE)                                                                               \
  FIELD(RELEASE, "release", 20, FALSE)                                                                                 \
  FIELD(VARIANT, "variant", 100, FALSE)  /* NAME=VALUE */                                                              \
  FIELD(SIGNAL, "signal", 64, FALSE)     /* the name of its kind; its moments carry TARGET, TEXT, STATUS, URL */       \
  FIELD(PROBLEM, "problem", 1000, FALSE) /* kind, page and target or message: what signals are about */                \
  FIELD(CLICK, "click", 1000, TRUE)      /* text of what was clicked */                                                \
  FIELD(CLICKED, "clicked", 1000, FALSE) /* its selector */                                                            \
  FIELD(TYPED, "typed-in", 500, TRUE)    /* label of the field */                                                      \
  FIELD(FORM, "form", 200, TRUE)         /* that was sent */                                                           \
  FIELD(EVENT, "event", 500, TRUE)                                                                                     \
  FIELD(SEEN, "seen", 2000, TRUE)        /* stood on the page */                                                       \
  FIELD(IN_PAGE, "in-page", 2000, TRUE)  /* stood in it, hidden */                                                     \
  FIELD(ELEMENT, "element", 2000, FALSE) /* compound signature */                                                      \
  FIELD(IDLE, "idle", 1, FALSE)                                                                                        \
  FIELD(HIDDEN, "hidden", 1, FALSE) /* the tab in the background */                                                    \
  /* What stands in brackets. */                                                                                       \
  FIELD(TARGET, "target", 1000, TRUE)                                                                                  \
  FIELD(TEXT, "text", 1000, TRUE)                                                                                      \
  FIELD(STATUS, "status", 200, FALSE)                                                                                  \
  FIELD(URL, "url", 1000, FALSE)                                                                                       \
  FIELD(PROPERTY, "property", 1000, TRUE) /* NAME=VALUE */                                                             \
  /* One bit of one of the numbers of a session: "length 7" */                                                         \
  FIELD(BIT, "bit", 1000, FALSE)                                                                                       \
  FIELD(FILLED, "form-begun", 200, TRUE) /* a form that was filled in or sent; its name */                             \
  FIELD(FORM_FIELD, "field", 500, TRUE)  /* of such a form; its moments carry FILLED */                                \
  FIELD(MESSAGE, "message", 200, TRUE)   /* that was shown beside such a form; likewise */                             \
  /* What the store keeps itself (sight-kept-table.h). */                                                              \
  FIELD(STATE, "state", 10, FALSE)                                                                                     \
  FIELD(TAG, "tag", 1000, TRUE)                                                                                        \
  FIELD(NOTE, "note", 1000, TRUE)                                                                                      \
  /* Name of a field of which a session has more than found room. */                                                   \
  FIELD(LEFT_OUT, "left-out", 64, FALSE)

#define SIGHT_TERM_ID(id, ...) SIGHT_TERM_##id,
typedef enum { SIGHT_TERM_FIELDS(SIGHT_TERM_ID) SIGHT_N_TERM_FIELDS } SightTermField;

typedef struct {
  const char *name;
  guint bound;
  gboolean words;
} SightTermFieldInfo;
const SightTermFieldInfo *sight_term_field_info(SightTermField field);

/* A store numbers the terms of each field from its own beginning on. */
#define SIGHT_TERM_FIELD_SHIFT 32
static inline SightTermField sight_term_field_of(gint64 term) {
  return (SightTermField)(term >> SIGHT_TERM_FIELD_SHIFT);
}

/* Numbers of a session, kept bit by bit as terms, so that a comparison is algebra over sets. NUMBER (id, name) */
#define SIGHT_TERM_NUMBERS(NUMBER)                                                                                     \
  NUMBER(STARTED, "started")   /* s, wall clock */                                                                     \
  NUMBER(LENGTH, "length")     /* ms */                                                                                \
  NUMBER(ACTIVE, "active")     /* ms in use */                                                                         \
  NUMBER(FRICTION, "friction") /* in hundredths */                                                                     \
  NUMBER(PAGES, "pages")                                                                                               \
  NUMBER(CLICKS, "clicks")                                                                                             \
  NUMBER(SIGNALS, "signals")                                                                                           \
  NUMBER(WIDTH, "width") /* px */

#define SIGHT_NUMBER_ID(id, ...) SIGHT_NUMBER_##id,
typedef enum { SIGHT_TERM_NUMBERS(SIGHT_NUMBER_ID) SIGHT_N_NUMBERS } SightNumber;
/* Greater values count as the greatest, negative ones as 0. */
#define SIGHT_NUMBER_BITS 40
#define SIGHT_NUMBER_MAX ((G_GINT64_CONSTANT(1) << SIGHT_NUMBER_BITS) - 1)
/* The value of the BIT term; the caller's. */
char *sight_number_bit(SightNumber number, guint bit);

G_END_DECLS
