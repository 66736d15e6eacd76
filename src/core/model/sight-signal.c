/* SPDX-License-Identifier: MIT */
/* Names, titles and reasons of signals. */
#include "sight-signal.h"

#include "sight-text.h"

#include <glib/gi18n-lib.h>

#define TARGET_CHARS 60
#define MESSAGE_CHARS 200

void sight_signal_free(SightSignal *signal) {
  if (signal == NULL)
    return;
  g_free(signal->window);
  g_free(signal->page);
  g_free(signal->selector);
  g_free(signal->target);
  g_free(signal->message);
  g_free(signal->fingerprint);
  g_free(signal);
}

/* A label that a page gave, fit to stand in a sentence; NULL where it says nothing. */
static char *quotable(const char *tainted_label, guint chars) {
  g_autofree char *label = sight_text_excerpt(tainted_label, -1, chars);
  return label[0] != '\0' ? g_steal_pointer(&label) : NULL;
}

static char *rage_reason(const SightSignal *signal, const char *target, const char *message) {
  double seconds = (double)MAX(signal->end_ms - signal->start_ms, 0) / 1000;
  if (target == NULL)
    return g_strdup_printf(
        ngettext("%d click in %.1f s on one spot", "%d clicks in %.1f s on one spot", (gulong)MAX(signal->count, 0)),
        signal->count, seconds);
  return g_strdup_printf(
      ngettext("%d click in %.1f s on “%s”", "%d clicks in %.1f s on “%s”", (gulong)MAX(signal->count, 0)),
      signal->count, seconds, target);
}

static char *dead_reason(const SightSignal *signal, const char *target, const char *message) {
  if (target == NULL)
    return g_strdup_printf(ngettext("%d click, nothing on the page changed", "%d clicks, nothing on the page changed",
                                    (gulong)MAX(signal->count, 0)),
                           signal->count);
  return g_strdup_printf(ngettext("%d click on “%s”, nothing on the page changed",
                                  "%d clicks on “%s”, nothing on the page changed", (gulong)MAX(signal->count, 0)),
                         signal->count, target);
}

static char *scroll_reason(const SightSignal *signal, const char *target, const char *message) {
  double seconds = (double)MAX(signal->end_ms - signal->start_ms, 0) / 1000;
  return g_strdup_printf(ngettext("Scrolled back %d time in %.1f s, %d px in all",
                                  "Scrolled back and forth %d times in %.1f s, %d px in all",
                                  (gulong)MAX(signal->count, 0)),
                         signal->count, seconds, signal->magnitude);
}

static char *with_count(const SightSignal *signal, char *sentence) {
  if (signal->count <= 1)
    return sentence;
  g_autofree char *once = sentence;
  return g_strdup_printf(ngettext("%s (%d time)", "%s (%d times)", (gulong)signal->count), once, signal->count);
}

static char *error_reason(const SightSignal *signal, const char *target, const char *message) {
  return with_count(signal, g_strdup(message != NULL ? message : _("An exception without a message")));
}

static char *console_reason(const SightSignal *signal, const char *target, const char *message) {
  return with_count(signal, g_strdup_printf(_("Console error: %s"), message != NULL ? message : _("no message")));
}

static char *noise_reason(const SightSignal *signal, const char *target, const char *message) {
  return with_count(signal, g_strdup_printf(_("Noise: %s"), message != NULL ? message : _("no message")));
}

static char *request_reason(const SightSignal *signal, const char *target, const char *message) {
  const char *what = message != NULL ? message : _("no address");
  return with_count(
      signal,
      g_strdup_printf(signal->magnitude == 0 ? _("Request without an answer: %s") : _("Failed request: %s"), what));
}

static double seconds_of(const SightSignal *signal) {
  return (double)MAX(signal->end_ms - signal->start_ms, 0) / 1000;
}

static char *slow_reason(const SightSignal *signal, const char *target, const char *message) {
  return g_strdup_printf(_("Click on “%s” answered after %.1f s"), target != NULL ? target : _("something"),
                         seconds_of(signal));
}

static char *error_click_reason(const SightSignal *signal, const char *target, const char *message) {
  return with_count(signal, g_strdup_printf(_("Click on “%s”, then: %s"), target != NULL ? target : _("something"),
                                            message != NULL ? message : _("no message")));
}

static char *thrash_reason(const SightSignal *signal, const char *target, const char *message) {
  return g_strdup_printf(_("The pointer was thrown about for %.1f s, with %d turns"), seconds_of(signal),
                         signal->count);
}

static char *quick_back_reason(const SightSignal *signal, const char *target, const char *message) {
  return g_strdup_printf(_("Back from %s after %.1f s"), message != NULL ? message : _("a page"), seconds_of(signal));
}

static char *waiting_reason(const SightSignal *signal, const char *target, const char *message) {
  return g_strdup_printf(_("Waited %.1f s for the page"), seconds_of(signal));
}

static char *form_reason(const SightSignal *signal, const char *target, const char *message) {
  g_autofree char *form = g_strdup_printf(_("Form “%s” was left without sending it"), target != NULL ? target : "?");
  return message != NULL ? g_strdup_printf("%s: %s", form, message) : g_steal_pointer(&form);
}

static char *unseen_reason(const SightSignal *signal, const char *target, const char *message) {
  if (signal->magnitude > 0)
    return g_strdup_printf(_("A message %d px below the visible part of the page was not seen"), signal->magnitude);
  if (signal->magnitude < 0)
    return g_strdup_printf(_("A message %d px above the visible part of the page was not seen"),
                           signal->magnitude > -G_MAXINT ? -signal->magnitude : G_MAXINT);
  return g_strdup(_("A message outside of the visible part of the page was not seen"));
}

#define INFO(id, name, title, weight, gravity, about, icon, light, dark, reason)                                       \
  {name, title, weight, gravity, SIGHT_ABOUT_##about, icon, light, dark, reason},
static const SightSignalInfo kinds[SIGHT_N_SIGNALS] = {SIGHT_SIGNAL_KINDS(INFO)};

const SightSignalInfo *sight_signal_info(int kind) {
  return kind >= 0 && kind < SIGHT_N_SIGNALS ? &kinds[kind] : NULL;
}

const char *sight_signal_kind_name(SightSignalKind kind) {
  const SightSignalInfo *info = sight_signal_info((int)kind);
  return info != NULL ? info->name : "unknown";
}

int sight_signal_kind_from_name(const char *name) {
  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++)
    if (g_strcmp0(kinds[kind].name, name) == 0)
      return kind;
  return -1;
}

const char *sight_signal_kind_title(SightSignalKind kind) {
  const SightSignalInfo *info = sight_signal_info((int)kind);
  return info != NULL ? _(info->title) : _("Unknown");
}

char *sight_signal_reason(const SightSignal *signal) {
  const SightSignalInfo *info = sight_signal_info((int)signal->kind);
  g_autofree char *target = quotable(signal->target, TARGET_CHARS);
  g_autofree char *message = quotable(signal->message, MESSAGE_CHARS);
  return info != NULL ? info->reason(signal, target, message) : g_strdup(_("Unknown"));
}

static gboolean overlap(const SightSignal *a, const SightSignal *b) {
  return a->start_ms <= b->end_ms && b->start_ms <= a->end_ms && g_strcmp0(a->selector, b->selector) == 0 &&
         g_strcmp0(a->page, b->page) == 0 && g_strcmp0(a->window, b->window) == 0;
}

const char *sight_signal_problem(const SightSignal *signal, const GPtrArray *signals) {
  for (guint i = 0; signal->kind == SIGHT_SIGNAL_DEAD && i < signals->len; i++) {
    const SightSignal *other = signals->pdata[i];
    if (other->kind == SIGHT_SIGNAL_RAGE && overlap(other, signal))
      return other->fingerprint;
  }
  return signal->fingerprint;
}
