/* SPDX-License-Identifier: MIT */
/* The filter language: what is read is printed and read again as the same, and what is wrong is said with its place. */
#include "sight-filter-sentence.h"

#include <math.h>
#include <string.h>

#define N_RANDOM 3000

static SightFilter *parse(const char *text) {
  g_autoptr(GError) error = NULL;
  SightFilter *filter = sight_filter_parse(text, NULL, &error);

  if (error != NULL)
    g_test_message("%s: %s", text, error->message);
  g_assert_no_error(error);
  return filter;
}

/* The text as it is printed; where it is another than `text` that is read as the same. */
static void check_print(const char *text, const char *wanted) {
  g_autoptr(SightFilter) filter = parse(text);
  g_autofree char *printed = sight_filter_print(filter);

  g_assert_cmpstr(printed, ==, wanted);
  g_autoptr(SightFilter) again = parse(printed);
  g_assert_true(sight_filter_equal(filter, again));
}

static void test_print(void) {
  static const char *const same[] = {
      "",
      "page:/checkout rage -converted release:2.4 seen:\"card declined\" length:>2m",
      "rage[page:/checkout target:\"Pay now\"]",
      "request[status:5xx url:*/pay]",
      "request:*/pay[status:404]",
      "page:/cart then within 5m not page:/pay then rage",
      "-(page:/cart then error) dead",
      "(rage or dead) -(error or console)",
      "rage or dead -error or (console or noise) slow",
      "device:phone,tablet",
      "started:7d",
      "started:14d..7d",
      "started:2026-05-26",
      "started:>2026-05-26T14:00",
      "started:..2026-05",
      "trait.plan:pro",
      "variant.\"new checkout\":B*",
      "event:\"order placed\"[property.total:5]",
      "ada /checkout \"rage\" \"card declined\"",
      "click:\"Pay \"*",
      "friction:>2.5",
      "length:90s..2m",
      "length:1500ms",
      "page:\"/a(b)\"",
      "text:\"say \\\"hi\\\" \\\\\"",
      "-rage[page:/a -target:Pay]",
      "\"a, b\"",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
    /* "text" is a key inside of brackets only. */
    g_autofree char *text =
        g_str_has_prefix(same[i], "text") ? g_strdup_printf("error[%s]", same[i]) : g_strdup(same[i]);
    check_print(text, text);
  }
  check_print("  RAGE\tOR  Dead\n", "rage or dead");
  check_print("rage and error", "rage error");
  check_print("not rage (((dead)))", "-rage dead");
  check_print("length:120 length:1:48 length:1:02:03 length:1h30m", "length:2m length:108s length:3723s length:90m");
  check_print("length:>=2m length:<=90", "length:2m.. length:..90s");
  check_print("event[plan=pro \"order id\"=5]", "event[property.plan:pro property.\"order id\":5]");
  check_print("page:/\"a b\"*", "page:\"/a b\"*");
  check_print("12:30 pay.now a@b.c", "\"12:30\" \"pay.now\" \"a@b.c\"");
  check_print("request[status:500..599]", "request[status:5xx]");
}

static const struct {
  const char *text;
  gsize at;
  const char *says;
} wrong[] = {
    {"rage releese:2.4", 5, "At character 6: releese: no such key; did you mean release?"},
    {"rag[page:/a]", 0, "did you mean rage?"},
    {"devise:phone", 0, "did you mean device?"},
    {"https://shop.example", 0, "put it in quotes"},
    {"length", 6, "length: expected a colon and a time with its unit"},
    {"length:", 7, "length: expected a time with its unit such as >90s"},
    {"length: >2m", 7, "after the colon"},
    {"length:>2x", 7, "instead of “>2x”"},
    {"length:5m..2m", 7, "instead of"},
    {"length:..", 7, "instead of"},
    {"started:>7d", 8, "7d (the last seven days)"},
    {"started:2026-13", 8, "instead of “2026-13”"},
    {"pages:many", 6, "a number such as"},
    {"pages:9999999999999999999999999", 6, "a number such as"},
    {"device:fone", 7, "device: expected one of desktop, tablet, phone"},
    {"element:\"a + b\"", 8, "element: expected a CSS selector"},
    {"element:\"form > div\"", 8, "or a class instead of “form > div”"},
    {"element:\"form > div.card\"", 8, "or a class instead of"},
    {"element:\"form > a, form > *\"", 8, "or a class instead of"},
    {"element:\"span[data-state=open]\"", 8, "or a class instead of"},
    {"element:\"form > .x-8f3a9c1b2d\"", 8, "or a class instead of"},
    {"-element:\"form > :not(button)\"", 9, "or a class instead of"},
    {"churned:yes", 8, "churned: takes no value"},
    {"trait:pro", 5, "trait.NAME:VALUE"},
    {"page:\"/a", 5, "closing \""},
    {"page:/a(b)", 7, "stands in quotes"},
    {"(rage", 5, "expected ) for the ( at character 1"},
    {"rage)", 4, "no bracket that this one closes"},
    {"rage[page:/a", 12, "expected ] for the [ at character 5"},
    {"rage[status:500]", 5, "status: rage has none of this"},
    {"rage[pag:/a]", 5, "did you mean page?"},
    {"rage[release:2]", 5, "release: no such key in brackets"},
    {"status:500", 0, "request[status:…]"},
    {"release[page:/a]", 7, "is no moment"},
    {"rage[plan=pro]", 5, "rage: has no properties"},
    {"rage or", 7, "expected a condition"},
    {"or rage", 0, "expected a condition before “or”"},
    {"rage or or dead", 8, "expected a condition before “or”"},
    {"rage then", 9, "expected a moment after “then”"},
    {"then rage", 0, "before “then”"},
    {"release:2 then rage", 0, "expected a moment before “then”"},
    {"rage then release:2", 10, "expected a moment, as in"},
    {"rage then within soon dead", 17, "within: expected a time"},
    {"rage then within", 16, "within: expected a time"},
    {"--rage", 0, "a refusal within a refusal"},
    {"-(rage -dead)", 7, "a refusal within a refusal"},
    {"()", 1, "expected a condition"},
    {"rage[]", 5, "expected a condition"},
    {"rage -", 5, "expected a letter or a digit"},
    {"\"…\"", 0, "expected a letter or a digit"},
    {"page:\"\"", 5, "expected a name"},
    {"rage \x02", 5, "control character"},
    {"rage \xff", 5, "UTF-8"},
};

static void test_wrong(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;
    gsize at = G_MAXSIZE;
    g_autoptr(SightFilter) filter = sight_filter_parse(wrong[i].text, &at, &error);
    g_autofree char *text = g_strescape(wrong[i].text, NULL);
    g_test_message("%s: %s", text, error != NULL ? error->message : "taken");
    g_assert_null(filter);
    g_assert_error(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX);
    g_assert_nonnull(strstr(error->message, wrong[i].says));
    g_assert_cmpuint(at, ==, wrong[i].at);
  }
}

static void test_bounds(void) {
  g_autoptr(GString) deep = g_string_new(NULL);
  g_autoptr(GString) deepest = g_string_new(NULL);

  for (int i = 0; i < SIGHT_FILTER_MAX_DEPTH; i++)
    g_string_append(deep, "(rage or (dead ");
  g_autoptr(GError) error = NULL;
  g_assert_null(sight_filter_parse(deep->str, NULL, &error));
  g_assert_nonnull(strstr(error->message, "brackets within each other"));
  for (int i = 0; i < SIGHT_FILTER_MAX_DEPTH; i++)
    g_string_append(deepest, "(");
  g_string_append(deepest, "rage");
  for (int i = 0; i < SIGHT_FILTER_MAX_DEPTH; i++)
    g_string_append(deepest, ")");
  check_print(deepest->str, "rage");
  g_autofree char *longest = g_strnfill(SIGHT_FILTER_MAX_BYTES + 1, 'a');
  g_autoptr(GError) too_long = NULL;
  g_assert_null(sight_filter_parse(longest, NULL, &too_long));
  g_assert_nonnull(strstr(too_long->message, "at most"));
}

static void test_refuses(void) {
  static const struct {
    const char *text;
    gboolean only;
  } cases[] = {{"-rage", TRUE},  {"-rage -dead", TRUE}, {"-rage or (-dead -slow)", TRUE}, {"rage -dead", FALSE},
               {"", FALSE},      {"all", FALSE},        {"-rage or dead", FALSE},         {"-(rage or dead)", TRUE},
               {"(-rage)", TRUE}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(SightFilter) filter = parse(cases[i].text);
    g_assert_cmpint(sight_filter_only_refuses(filter), ==, cases[i].only);
  }
}

static void test_sentence(void) {
  static const char *const cases[][2] = {
      {"", "All sessions"},
      {"rage[page:/checkout target:\"Pay now\"] -converted release:2.4",
       "Sessions with rage clicks at /checkout on “Pay now”, without a key action, release 2.4"},
      {"rage:\"Pay now\"[page:/checkout]", "Sessions with rage clicks on “Pay now” at /checkout"},
      {"length:>2m started:7d", "Sessions length > 2:00, started in the last 7 days"},
      {"started:1d", "Sessions started in the last 1 day"},
      {"device:phone,tablet or churned", "Sessions on phone or tablet or that churned"},
      {"-seen:card", "Sessions without the text seen “card”"},
      {"page:/cart then within 5m not page:/pay",
       "Sessions with a view at /cart then within 5:00 without a view at /pay"},
      {"variant.color:red -(rage or dead)",
       "Sessions variant color = red, but not (with rage clicks or with dead clicks)"},
      {"checkout", "Sessions mentioning “checkout”"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(SightFilter) filter = parse(cases[i][0]);
    g_autofree char *sentence = sight_filter_sentence(filter);
    g_assert_cmpstr(sentence, ==, cases[i][1]);
  }
}

/* Random trees of the shape that the parser makes. */

static const SightField *random_field(SightKeyPlace place, guint parts) {
  gsize n;
  const SightField *fields = sight_fields(&n);

  for (;;) {
    const SightField *field = &fields[g_test_rand_int_range(0, (gint32)n)];
    if (field->place == place && (parts == 0 || (field->parts & parts) != 0))
      return field;
  }
}

static char *random_text(gboolean stars) {
  static const char *const pieces[] = {"a",  "Pay now", "/checkout", "\"", "\\", "é",   "日本", "-", ":",
                                       "..", ">",       "or",        " ",  "(",  "]",   "=",    ",", "rage",
                                       "%",  "5xx",     "7d",        "*",  "\t", "“x”", "not"};
  GString *text = g_string_new("x");

  for (int n = g_test_rand_int_range(0, 4); n > 0; n--)
    g_string_append(text, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
  if (stars && g_test_rand_int_range(0, 3) == 0)
    g_string_insert_c(text, g_test_rand_int_range(0, (gint32)text->len + 1) == 0 ? 0 : -1, SIGHT_FILTER_ANY_RUN);
  if (g_test_rand_int_range(0, 3) == 0)
    g_string_erase(text, 0, 1);
  if (text->len == 0 || (!stars && g_str_equal(text->str, " ")))
    g_string_assign(text, "or");
  return g_string_free(text, FALSE);
}

static double random_number(const SightField *field) {
  if (field->takes == SIGHT_TAKES_DURATION)
    return g_test_rand_int_range(0, 4) * (g_test_rand_bit() ? 60000.0 : 1500.0);
  return g_test_rand_int_range(0, 1000000) / (field->takes == SIGHT_TAKES_NUMBER && g_test_rand_bit() ? 8.0 : 1.0);
}

static const char *random_time(gboolean ago) {
  static const char *const times[] = {"7d", "36h", "2026-05-26", "2026-05", "today", "2024-02-29T23:59", "yesterday"};
  return times[g_test_rand_int_range(ago ? 0 : 2, G_N_ELEMENTS(times))];
}

static SightFilterValue *random_value(const SightField *field) {
  SightFilterValue *value = sight_filter_value_new((SightRelation)g_test_rand_int_range(0, 4));
  gboolean open = g_test_rand_int_range(0, 4) == 0;

  if (field->takes == SIGHT_TAKES_SELECTOR) {
    value->relation = SIGHT_RELATION_IS;
    value->text = g_strdup(g_test_rand_bit() ? "button#pay.primary" : "input[type=\"email\"][required]");
    return value;
  }
  if (field->takes == SIGHT_TAKES_NAME || field->takes == SIGHT_TAKES_WORDS) {
    value->relation = SIGHT_RELATION_IS;
    value->text = field->choices != NULL ? g_strdup(field->choices[g_test_rand_int_range(0, 3)]) : NULL;
    if (value->text == NULL) {
      g_autofree char *text = random_text(TRUE);
      value->text = field->takes == SIGHT_TAKES_WORDS ? g_strconcat("w", text, NULL) : g_steal_pointer(&text);
    }
    return value;
  }
  if (field->takes == SIGHT_TAKES_TIME) {
    gboolean compares = value->relation == SIGHT_RELATION_MORE || value->relation == SIGHT_RELATION_LESS;
    value->text = g_strdup(random_time(!compares));
    value->to_text = value->relation == SIGHT_RELATION_RANGE ? g_strdup(random_time(TRUE)) : NULL;
    if (open && value->to_text != NULL)
      g_clear_pointer(&value->text, g_free);
    return value;
  }
  value->from = random_number(field);
  if (value->relation == SIGHT_RELATION_RANGE) {
    value->to = open ? NAN : value->from + random_number(field);
    if (!open && g_test_rand_int_range(0, 4) == 0)
      value->from = NAN;
  }
  return value;
}

static SightFilter *random_tree(int depth, const SightField *within, gboolean refusing);

static SightFilter *random_key(SightKeyPlace place, const SightField *within, int depth) {
  SightFilter *key = sight_filter_new(SIGHT_FILTER_KEY);

  key->field = random_field(place, within != NULL ? within->parts : 0);
  if (key->field->flags & SIGHT_HAS_NAME)
    key->name = random_text(FALSE);
  if (key->field->takes != SIGHT_TAKES_NOTHING) {
    int n = g_test_rand_int_range(key->field->flags & SIGHT_NEEDS_VALUE ? 1 : 0, 4);
    for (int i = 0; i < n; i++)
      g_ptr_array_add(key->values, random_value(key->field));
  }
  if (place == SIGHT_KEY_OF_MOMENT && depth > 0 && g_test_rand_bit())
    key->inside = random_tree(depth - 1, key->field, FALSE);
  return key;
}

static SightFilter *random_sequence(int depth) {
  SightFilter *sequence = sight_filter_new(SIGHT_FILTER_SEQUENCE);

  for (int i = g_test_rand_int_range(2, 5); i > 0; i--) {
    SightFilter *step = random_key(SIGHT_KEY_OF_MOMENT, NULL, depth);
    if (sequence->parts->len > 0) {
      step->absent = g_test_rand_bit();
      step->within_ms = g_test_rand_int_range(0, 3) * 30000;
    }
    g_ptr_array_add(sequence->parts, step);
  }
  return sequence;
}

static SightFilter *random_leaf(int depth, const SightField *within) {
  switch (g_test_rand_int_range(0, 4)) {
  case 0: {
    SightFilter *words = sight_filter_new(SIGHT_FILTER_WORDS);
    g_autofree char *text = random_text(FALSE);
    words->text = g_strconcat(text, "y", NULL);
    return words;
  }
  case 1:
    return within != NULL ? random_key(SIGHT_KEY_INSIDE, within, 0) : random_sequence(depth);
  case 2:
    return random_key(within != NULL ? SIGHT_KEY_INSIDE : SIGHT_KEY_OF_SESSION, within, 0);
  default:
    return random_key(within != NULL ? SIGHT_KEY_INSIDE : SIGHT_KEY_OF_MOMENT, within, depth);
  }
}

static SightFilter *random_tree(int depth, const SightField *within, gboolean refusing) {
  int choice = g_test_rand_int_range(0, 4);

  if (depth == 0 || choice == 0)
    return random_leaf(depth, within);
  if (choice == 1 && !refusing) {
    SightFilter *refusal = sight_filter_new(SIGHT_FILTER_NOT);
    g_ptr_array_add(refusal->parts, random_tree(depth - 1, within, TRUE));
    return refusal;
  }
  SightFilter *group = sight_filter_new(choice == 2 ? SIGHT_FILTER_ALL : SIGHT_FILTER_ANY);
  for (int n = g_test_rand_int_range(2, 4); n > 0; n--)
    g_ptr_array_add(group->parts, random_tree(depth - 1, within, refusing));
  return group;
}

static void test_random(void) {
  for (int i = 0; i < N_RANDOM; i++) {
    g_autoptr(SightFilter) filter = random_tree(4, NULL, FALSE);
    g_autofree char *printed = sight_filter_print(filter);
    g_autoptr(GError) error = NULL;
    g_autoptr(SightFilter) again = sight_filter_parse(printed, NULL, &error);
    if (again == NULL || !sight_filter_equal(filter, again)) {
      g_autofree char *other = again != NULL ? sight_filter_print(again) : g_strdup(error->message);
      g_error("%s\nis read as\n%s", printed, other);
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/query/filter/print", test_print);
  g_test_add_func("/query/filter/wrong", test_wrong);
  g_test_add_func("/query/filter/bounds", test_bounds);
  g_test_add_func("/query/filter/refuses", test_refuses);
  g_test_add_func("/query/filter/sentence", test_sentence);
  g_test_add_func("/query/filter/random", test_random);
  return g_test_run();
}
