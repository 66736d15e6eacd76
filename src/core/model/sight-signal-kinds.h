/* SPDX-License-Identifier: MIT */
/* The one table of kinds of signal: everything that is said of a kind, one row each. What needs to know all kinds is
 * made from it, so a new kind is a row here, its detector in core/signal and its icon in data/icons; a lint test
 * counts. */
#pragma once

/* KIND (id, name, title, weight, gravity, about, icon, light, dark, reason)
 * The place of a row is the number of its kind, which caches hold: new rows go to the end.
 * weight: in the friction score. gravity: of two kinds the higher one is told first: what keeps a visitor from going
 * on, what hinders, and last what visitors do not notice. about: what it is about, SIGHT_ABOUT_*. light, dark: its
 * colour; it keeps a contrast of 4.5:1 with a row, selected or not. reason: the function in sight-signal.c that says
 * it. */
#define SIGHT_SIGNAL_KINDS(KIND)                                                                                       \
  /* JavaScript exception or unhandled rejection */                                                                    \
  KIND(ERROR, "error", N_("Exceptions"), 5, 14, PAGE, "sight-error-symbolic", "#c01c28", "#ff7b76", error_reason)      \
  KIND(RAGE, "rage", N_("Rage clicks"), 4, 12, ACT, "sight-rage-symbolic", "#b03e00", "#ffa348", rage_reason)          \
  /* its weight is by its magnitude: this is the whole */                                                              \
  KIND(DEAD, "dead", N_("Dead clicks"), 2, 11, ACT, "sight-dead-symbolic", "#813d9c", "#dc8add", dead_reason)          \
  KIND(SCROLL, "scroll", N_("Excessive scrolling"), 1, 3, ACT, "sight-scroll-symbolic", "#1a5fb4", "#78aeed",          \
       scroll_reason)                                                                                                  \
  /* console.error */                                                                                                  \
  KIND(CONSOLE, "console", N_("Console errors"), 0, 2, PAGE, "sight-console-symbolic", "#a51d2d", "#f5a3a0",           \
       console_reason)                                                                                                 \
  /* failed request */                                                                                                 \
  KIND(REQUEST, "request", N_("Failed requests"), 0, 5, PAGE, "sight-request-symbolic", "#865e3c", "#cdab8f",          \
       request_reason)                                                                                                 \
  /* a click that was answered late */                                                                                 \
  KIND(SLOW, "slow", N_("Slow clicks"), 0, 8, ACT, "sight-slow-symbolic", "#7f5f00", "#f8e45c", slow_reason)           \
  /* a click that an error followed at once */                                                                         \
  KIND(ERROR_CLICK, "error-click", N_("Error clicks"), 0, 13, ACT, "sight-click-symbolic", "#c01c28", "#ff7b76",       \
       error_click_reason)                                                                                             \
  KIND(THRASH, "thrash", N_("Thrashed cursor"), 1, 4, ACT, "sight-thrash-symbolic", "#00695c", "#5bc8af",              \
       thrash_reason)                                                                                                  \
  /* to a page and straight back */                                                                                    \
  KIND(QUICK_BACK, "quick-back", N_("Quick backs"), 2, 6, ACT, "sight-quick-back-symbolic", "#526a7f", "#a3b8cc",      \
       quick_back_reason)                                                                                              \
  /* a form that was begun and left */                                                                                 \
  KIND(FORM, "form", N_("Abandoned forms"), 0, 10, ACT, "sight-form-symbolic", "#7a4a1d", "#e0a96d", form_reason)      \
  /* a message that nobody saw */                                                                                      \
  KIND(UNSEEN, "unseen", N_("Unseen messages"), 0, 9, ACT, "sight-unseen-symbolic", "#26753a", "#8ff0a4",              \
       unseen_reason)                                                                                                  \
  /* for the page */                                                                                                   \
  KIND(WAITING, "waiting", N_("Waiting"), 0, 7, ACT, "sight-waiting-symbolic", "#5e5c64", "#c0bfbc", waiting_reason)   \
  /* reported like an error, but none of the page's */                                                                 \
  KIND(NOISE, "noise", N_("Noise"), 0, 1, PAGE, "sight-noise-symbolic", "#646369", "#a8a7a4", noise_reason)
