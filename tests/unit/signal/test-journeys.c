/* SPDX-License-Identifier: MIT */
/* Quick backs and abandoned forms. */
#include "watch-fixture.h"

#include <string.h>

static void page(WatchFixture *f, gint64 at_ms, const char *path, gboolean loaded) {
  SightAct act = {.kind = SIGHT_ACT_PAGE, .at_ms = at_ms, .text = path, .empty = loaded};
  sight_watch_act(f->watch, &act);
  sight_watch_set_page(f->watch, path, 800);
}

static guint backs(const WatchFixture *f) {
  return watch_count(f, SIGHT_SIGNAL_QUICK_BACK);
}

static void test_quick_back(WatchFixture *f, gconstpointer data) {
  page(f, 0, "/list", FALSE);
  page(f, 10000, "/item", FALSE);
  page(f, 14000, "/list", FALSE);
  watch_end(f, 60000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_QUICK_BACK);
  g_assert_cmpint(signal->start_ms, ==, 10000);
  g_assert_cmpint(signal->end_ms, ==, 14000);
  g_assert_cmpstr(signal->page, ==, "/item");
}

static void test_slow_back(WatchFixture *f, gconstpointer data) {
  page(f, 0, "/list", FALSE);
  page(f, 10000, "/item", FALSE);
  page(f, 15000, "/list", FALSE);
  watch_end(f, 60000);
  g_assert_cmpuint(backs(f), ==, 0);
}

static void test_not_back(WatchFixture *f, gconstpointer data) {
  page(f, 0, "/list", FALSE);
  page(f, 10000, "/item", FALSE);
  page(f, 12000, "/help", FALSE);
  page(f, 13000, "/list", FALSE);
  watch_end(f, 60000);
  g_assert_cmpuint(backs(f), ==, 0);
}

static void test_used(WatchFixture *f, gconstpointer data) {
  page(f, 0, "/list", FALSE);
  page(f, 10000, "/login", FALSE);
  watch_act(f, SIGHT_ACT_INPUT, 11000, 30);
  page(f, 13000, "/list", FALSE);
  watch_end(f, 60000);
  g_assert_cmpuint(backs(f), ==, 0);
}

static void test_redirection(WatchFixture *f, gconstpointer data) {
  page(f, 0, "/list", FALSE);
  page(f, 10000, "/session", FALSE);
  page(f, 10200, "/list", FALSE);
  watch_end(f, 60000);
  g_assert_cmpuint(backs(f), ==, 0);
}

static void test_reload(WatchFixture *f, gconstpointer data) {
  page(f, 0, "/list", TRUE);
  page(f, 1000, "/list", TRUE);
  page(f, 2000, "/list", TRUE);
  watch_end(f, 60000);
  g_assert_cmpuint(backs(f), ==, 0);
}

static void form(WatchFixture *f, gint64 at_ms, const char *what, const char *field, int ms, int refills) {
  SightAct act = {.kind = SIGHT_ACT_FORM,
                  .at_ms = at_ms,
                  .text = "address",
                  .detail = what,
                  .field = field,
                  .amount = ms,
                  .x = refills};
  sight_watch_act(f->watch, &act);
}

static void fill(WatchFixture *f, gint64 at_ms, const char *field) {
  form(f, at_ms, "focus", field, 0, 0);
  watch_act(f, SIGHT_ACT_INPUT, at_ms + 500, 30);
  form(f, at_ms + 2000, "blur", field, 2000, field[0] == 'z');
}

static void complain(WatchFixture *f, gint64 at_ms) {
  SightAct act = {.kind = SIGHT_ACT_NOTICE, .at_ms = at_ms, .node = 99, .text = "invalid", .detail = "shown"};
  sight_watch_act(f->watch, &act);
}

static guint abandoned(const WatchFixture *f) {
  return watch_count(f, SIGHT_SIGNAL_FORM);
}

static void test_abandoned(WatchFixture *f, gconstpointer data) {
  fill(f, 1000, "email");
  fill(f, 5000, "zip");
  form(f, 20000, "leave", "zip", 0, 0);
  watch_end(f, 60000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_FORM);
  g_assert_cmpstr(signal->target, ==, "address");
  g_assert_cmpint(signal->count, ==, 2);
  g_assert_cmpint(signal->magnitude, ==, 1);
  g_assert_cmpint(signal->start_ms, ==, 1000);
  g_assert_cmpint(signal->end_ms, ==, 20000);
  g_assert_nonnull(strstr(signal->message, "email 2.0 s"));
  g_assert_nonnull(strstr(signal->message, "zip 2.0 s (1)"));
}

static void test_session_ends(WatchFixture *f, gconstpointer data) {
  fill(f, 1000, "email");
  watch_end(f, 9000);
  g_assert_cmpuint(abandoned(f), ==, 1);
}

static void test_new_document(WatchFixture *f, gconstpointer data) {
  fill(f, 1000, "email");
  page(f, 9000, "/other", TRUE);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 1);
}

static void test_sent(WatchFixture *f, gconstpointer data) {
  fill(f, 1000, "email");
  form(f, 5000, "submit", "email", 0, 0);
  page(f, 5500, "/thanks", FALSE);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

/* Sending was refused, and the user gave up. */
static void test_refused(WatchFixture *f, gconstpointer data) {
  fill(f, 1000, "email");
  form(f, 5000, "submit", "email", 0, 0);
  complain(f, 5200);
  page(f, 9000, "/", FALSE);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 1);
}

/* Refused first, then mended. */
static void test_mended(WatchFixture *f, gconstpointer data) {
  fill(f, 1000, "email");
  form(f, 5000, "submit", "email", 0, 0);
  complain(f, 5200);
  fill(f, 6000, "email");
  form(f, 9000, "submit", "email", 0, 0);
  page(f, 9500, "/thanks", FALSE);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

/* A glance at the search field of a page. */
static void test_glance(WatchFixture *f, gconstpointer data) {
  form(f, 1000, "focus", "q", 0, 0);
  form(f, 2000, "blur", "q", 1000, 0);
  form(f, 3000, "leave", "q", 0, 0);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

/* The quantity of a cart: one field, and a form without a name. */
static void test_widget(WatchFixture *f, gconstpointer data) {
  SightAct act = {
      .kind = SIGHT_ACT_FORM, .at_ms = 1000, .text = "487", .detail = "focus", .field = "qty", .empty = TRUE};
  sight_watch_act(f->watch, &act);
  watch_act(f, SIGHT_ACT_INPUT, 1500, 30);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

/* A form that stays while the route changes is not left. */
static void test_route(WatchFixture *f, gconstpointer data) {
  fill(f, 1000, "q");
  page(f, 5000, "/found", FALSE);
  form(f, 6000, "submit", "q", 0, 0);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

static void test_many_forms(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 1000; i++) {
    g_autofree char *name = g_strdup_printf("form-%d", i);
    SightAct act = {.kind = SIGHT_ACT_FORM, .at_ms = 1000 + i, .text = name, .detail = "focus", .field = name};
    sight_watch_act(f->watch, &act);
    watch_act(f, SIGHT_ACT_INPUT, 1000 + i, 30);
  }
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), >, 0);
  g_assert_cmpuint(abandoned(f), <=, 32);
}

static void focus(WatchFixture *f, gint64 at_ms, const char *key, const char *field, gboolean search) {
  SightAct act = {.kind = SIGHT_ACT_FORM,
                  .at_ms = at_ms,
                  .text = key,
                  .method = "Your order",
                  .detail = "focus",
                  .field = field,
                  .look = search,
                  .empty = key[0] == '\0'};
  sight_watch_act(f->watch, &act);
}

static void press(WatchFixture *f, gint64 at_ms, const char *key, const char *label) {
  g_autoptr(SightTarget) target = watch_target(80, SIGHT_TARGET_INTERACTIVE, label);
  SightAct act = {.kind = SIGHT_ACT_CLICK, .at_ms = at_ms, .node = 80, .target = target, .text = key};
  sight_watch_act(f->watch, &act);
}

/* The focus alone begins nothing, however many fields it goes through. */
static void test_only_focus(WatchFixture *f, gconstpointer data) {
  focus(f, 1000, "order", "email", FALSE);
  focus(f, 2000, "order", "zip", FALSE);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

static void test_called(WatchFixture *f, gconstpointer data) {
  focus(f, 1000, "f17", "email", FALSE);
  watch_act(f, SIGHT_ACT_INPUT, 1500, 30);
  watch_end(f, 60000);
  g_assert_cmpstr(watch_only(f, SIGHT_SIGNAL_FORM)->target, ==, "Your order");
}

static void test_search(WatchFixture *f, gconstpointer data) {
  focus(f, 1000, "order", "q", TRUE);
  watch_act(f, SIGHT_ACT_INPUT, 1500, 30);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

static void fill_both(WatchFixture *f, const char *key) {
  focus(f, 1000, key, "from", FALSE);
  watch_act(f, SIGHT_ACT_INPUT, 1500, 30);
  focus(f, 2000, key, "to", FALSE);
  watch_act(f, SIGHT_ACT_INPUT, 2500, 31);
}

/* Fields without a form: what was asked for with the button beside them came. */
static void test_no_form(WatchFixture *f, gconstpointer data) {
  fill_both(f, "");
  press(f, 4000, "", "Show");
  watch_change(f, 4010, 77);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

static void test_no_form_left(WatchFixture *f, gconstpointer data) {
  fill_both(f, "");
  press(f, 4000, "", "Cancel");
  watch_change(f, 4010, 77);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 1);
}

/* A form without a submit event: its button leads to the next page. */
static void test_leads_on(WatchFixture *f, gconstpointer data) {
  fill_both(f, "order");
  press(f, 4000, "order", "Send");
  page(f, 5000, "/thanks", TRUE);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

/* A link elsewhere on the page leads away from it. */
static void test_led_away(WatchFixture *f, gconstpointer data) {
  fill_both(f, "order");
  press(f, 4000, "", "Home");
  page(f, 5000, "/", TRUE);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 1);
}

static void typed(WatchFixture *f, gint64 at_ms, int node, gboolean text, gboolean empty) {
  SightAct act = {.kind = SIGHT_ACT_INPUT, .at_ms = at_ms, .node = node, .look = text, .empty = empty};
  sight_watch_act(f->watch, &act);
}

static void focus_node(WatchFixture *f, gint64 at_ms, int node) {
  SightAct act = {.kind = SIGHT_ACT_FORM,
                  .at_ms = at_ms,
                  .node = node,
                  .text = "",
                  .detail = "focus",
                  .field = "note",
                  .empty = TRUE};
  sight_watch_act(f->watch, &act);
}

/* One field without a form, and what was typed stands in it still. */
static void test_one_field(WatchFixture *f, gconstpointer data) {
  focus_node(f, 1000, 30);
  typed(f, 1500, 30, TRUE, FALSE);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 1);
}

/* The page took it, or the person took it back. */
static void test_emptied(WatchFixture *f, gconstpointer data) {
  focus_node(f, 1000, 30);
  typed(f, 1500, 30, TRUE, FALSE);
  typed(f, 3000, 30, TRUE, TRUE);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

/* The editor of a cell goes when it has done its work. */
static void test_field_gone(WatchFixture *f, gconstpointer data) {
  SightAct gone = {.kind = SIGHT_ACT_FORM, .at_ms = 2500, .node = 30, .detail = "gone"};
  focus_node(f, 1000, 30);
  typed(f, 1500, 30, TRUE, FALSE);
  sight_watch_act(f->watch, &gone);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

/* A list of languages. */
static void test_one_choice(WatchFixture *f, gconstpointer data) {
  focus_node(f, 1000, 30);
  typed(f, 1500, 30, FALSE, FALSE);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

static void test_reset(WatchFixture *f, gconstpointer data) {
  fill(f, 1000, "email");
  form(f, 9000, "reset", NULL, 0, 0);
  watch_end(f, 60000);
  g_assert_cmpuint(abandoned(f), ==, 0);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  watch_test("/quick-back/found", test_quick_back);
  watch_test("/quick-back/slow", test_slow_back);
  watch_test("/quick-back/elsewhere", test_not_back);
  watch_test("/quick-back/used", test_used);
  watch_test("/quick-back/redirection", test_redirection);
  watch_test("/quick-back/reload", test_reload);
  watch_test("/form/abandoned", test_abandoned);
  watch_test("/form/session-ends", test_session_ends);
  watch_test("/form/new-document", test_new_document);
  watch_test("/form/sent", test_sent);
  watch_test("/form/refused", test_refused);
  watch_test("/form/mended", test_mended);
  watch_test("/form/glance", test_glance);
  watch_test("/form/widget", test_widget);
  watch_test("/form/route", test_route);
  watch_test("/form/many", test_many_forms);
  watch_test("/form/only-focus", test_only_focus);
  watch_test("/form/called", test_called);
  watch_test("/form/search", test_search);
  watch_test("/form/no-form", test_no_form);
  watch_test("/form/no-form-left", test_no_form_left);
  watch_test("/form/leads-on", test_leads_on);
  watch_test("/form/led-away", test_led_away);
  watch_test("/form/one-field", test_one_field);
  watch_test("/form/emptied", test_emptied);
  watch_test("/form/field-gone", test_field_gone);
  watch_test("/form/one-choice", test_one_choice);
  watch_test("/form/reset", test_reset);
  return g_test_run();
}
