/* SPDX-License-Identifier: MIT */
/* Style sheets of clips: no spelling of an address gets past, and what is harmless stays byte for byte. */
#include "sight-clip-private.h"

#include <string.h>

static void test_addresses(void) {
  static const char *const hostile[] = {
      "a{background:url(http://evil.test/x)}",
      "a{background:URL( 'http://evil.test/x' )}",
      "a{background:u\\72l(http://evil.test/x)}",
      "a{background:\\000075rl(//evil.test/x)}",
      "a{background:url(\\68ttp://evil.test/x)}",
      "a{background:url(/evil.test)}",
      "a{background:url(evil.test/x)}",
      "a{background:image-set('http://evil.test/x' 1x)}",
      "a{background:-webkit-image-set(url(x) 1x, \"//evil.test\" 2x)}",
      "@import 'http://evil.test/x.css';",
      "@\\69mport url(http://evil.test/x.css) screen;",
      "@IMPORT \"//evil.test\"",
      "a{--x:1;background:url(  \n\"evil.test\")",
      "a{filter:src('evil.test')}",
      "@font-face{src:url(https://evil.test/f.woff)format('woff')}",
      "a{background:url('evil.test",
      "a{background:url(evil.test",
      "a{cursor:url(javascript:evil.test),auto}",
      /* what a reader that is not exact takes for the inside of a string or an address */
      "a{b:url(\"data:,x\"/*)\"*/);background:url(//evil.test)/*\"*/}",
      "a{b:url(\"data:,\n/*)\"*/);background:url(//evil.test)/*\"*/}",
      "a{content:\"a\r;background:url(//evil.test)\"}",
      "a{content:\"a\f;background:url(//evil.test)\"}",
      "a{content:\"a\\\r\nb\";background:url(//evil.test);content:\"c\"}",
      "a{background:u\\72\r\nl(//evil.test)}",
      "a{b:url(\v\"data:);background:url(//evil.test)\"}",
      "a{b:#url(#x')');background:url(//evil.test);x:'}",
      "a{b:1url(#x')');background:url(//evil.test);x:'}",
      "a{b:u+0url(x');background:url(//evil.test);y:')}",
      "a{background:image-set(type('image/png') 'x', url('//evil.test') 1x)}",
      "a{background:cross-fade(50% 'evil.test', red)}",
      "@namespace a url(//evil.test);",
      "a{b:<!--url(x');background:url(//evil.test);y:')}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
    g_autoptr(GString) out = g_string_new(NULL);
    sight_clip_css(out, hostile[i], strlen(hostile[i]));
    if (strstr(out->str, "evil.test") != NULL)
      g_error("%s\nbecame %s", hostile[i], out->str);
  }
}

static void test_harmless(void) {
  static const char *const harmless[] = {
      "a > b::after { content: \"url(http://x.test)\"; color: red }",
      "a{background:url(#grad) , url( \"data:image/png;base64,AA==\" )}",
      "/* @import 'x'; url(x) */ a{color:rgb(1 2 3 / .5)}",
      "@media (min-width: 3px) { @supports (display:grid) { a{b:calc((1px + 2px)*3)} } }",
      "a[href=\"http://x.test\"]{color:red}",
      "@font-face{font-family:\"A\";src:url(data:font/woff2;base64,AAAA)}",
      ".curl(x){}",
      "a{content:'\\'url(x)'}",
      "@namespace svg url(http://www.w3.org/2000/svg);",
      "@font-face{unicode-range:U+0025-00FF,u+4??;src:local('A')}",
      "a{background:linear-gradient(red,var(--x)),image-set(linear-gradient(red,blue) 1x)}",
      ".\xf0\x9f\x98\x80,.\xc3\xa9t\xc3\xa9,#a\\:b{color:#fff;width:calc(1px*2)}",
      "a{background:url('data:image/svg+xml;utf8,<svg fill=\"url(#a)\"/>')}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(harmless); i++) {
    g_autoptr(GString) out = g_string_new(NULL);
    sight_clip_css(out, harmless[i], strlen(harmless[i]));
    g_assert_cmpstr(out->str, ==, harmless[i]);
  }
}

/* What is part of a name for some browsers alone is written so that it is for all, and what follows stays apart. */
static void test_doubtful_names(void) {
  static const char *const names[][2] = {
      {".a\xc3\x97 .b{c:d}", ".a\\d7  .b{c:d}"},
      {".a\xc3\x97\n(x){c:d}", ".a\\d7 \n(x){c:d}"},
      {".\xc3\x97"
       "1{c:d}",
       ".\\d7 1{c:d}"},
      {"a{b:\\\xc3\x97url(c)}", "a{b:\\d7 url(c)}"}, /* not "\\\\d7 url(c)" */
      {"a{b:\\c\f\xc3\x97 (c)}", "a{b:\\c\f\\d7  (c)}"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(GString) once = g_string_new(NULL), twice = g_string_new(NULL);
    sight_clip_css(once, names[i][0], strlen(names[i][0]));
    g_assert_cmpstr(once->str, ==, names[i][1]);
    sight_clip_css(twice, once->str, once->len);
    g_assert_cmpstr(twice->str, ==, once->str);
  }
}

/* A variable may hold an address in a string, which only a function makes one. */
static void test_variables(void) {
  const char *css = "a{--x:'http://evil.test';background:image-set(var(--x) 1x);color:var(--y)}";
  g_autoptr(GString) out = g_string_new(NULL);
  sight_clip_css(out, css, strlen(css));
  g_assert_nonnull(strstr(out->str, "image-set(x-var(--x)"));
  g_assert_nonnull(strstr(out->str, "color:var(--y)"));
}

/* What a sheet takes from the page itself is there in a clip, too; a part of another file is not. */
static void test_parts_of_the_page(void) {
  static const char *const parts[][2] = {
      {"a{fill:url(https://shop.test/a?b=1#grad)}", "a{fill:url(\"#grad\")}"},
      {"a{clip-path:url( \"https://shop.test/#c-1\" )}", "a{clip-path:url( \"#c-1\" )}"},
      {"a{mask:url(https://shop.test/s.svg?v=2#part)}", "a{mask:url(\"data:,\")}"},
      {"a{mask:url(https://shop.test/#a\\\"b)}", "a{mask:url(\"data:,\")}"},
      {"a{mask:url(x.html#a)}", "a{mask:url(\"data:,\")}"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autoptr(GString) out = g_string_new(NULL);
    sight_clip_css(out, parts[i][0], strlen(parts[i][0]));
    g_assert_cmpstr(out->str, ==, parts[i][1]);
  }
}

/* A browser reads the texts of a style element as one. */
static void test_texts(void) {
  static const char *const texts[][2] = {
      {"a{background:u", "rl(//evil.test)}"},
      {"a{background:u\\72 ", "l(//evil.test)}"},
      {"a{background:url", "(//evil.test)}"},
      {"a{background:url(", "//evil.test)}"},
      {"a{background:url(#\\", ");background:url(//evil.test)}"},
      {"a{content:'", "';background:url(//evil.test);content:'"},
      {"a{content:'\\", "';background:url(//evil.test);content:'"},
      {"a{b:c} /* ", "*/a{background:url(//evil.test)}/*"},
      {"a{background:image-set(", "'//evil.test' 1x)}"},
      {"a{background:image-set((", "'//evil.test' 1x)}"},
      {"a{b:u@import x;rl(//evil.test)}", ""},
      {"a{b:\xc3\x97url(//evil.test)}", ""},
      {"@imp", "ort '//evil.test';"},
      {"@", "import '//evil.test';"},
      {"a{b:#", "url(#x')');background:url(//evil.test);x:'"},
      {"/", "*'*/a{background:url(//evil.test)}/*'*/"},
      {"a{b:c\\", "75rl(//evil.test)}"},
      {"a{b:u/* rr_split */rl(//evil.test)", "}"},
      {"a{b:u", "* rr_split */'*/a{background:url(//evil.test)}/*'"},
      {"a{b:u/* rr_split ", "*/rl(//evil.test)}"},
      {"@import;* rr_split */i{content:'*/a{background:url(//evil.test)}/*'}", ""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GString) together = g_string_new(NULL), again = g_string_new(NULL), css = g_string_new(NULL);
    sight_clip_sheet(together, texts[i][0], strlen(texts[i][0]));
    sight_clip_sheet(together, texts[i][1], strlen(texts[i][1]));
    for (const char *at = together->str; *at != 0;) { /* as rrweb takes the marks out */
      gboolean mark = g_str_has_prefix(at, "/* rr_split */");
      g_string_append_len(css, at, mark ? 0 : 1);
      at += mark ? strlen("/* rr_split */") : 1;
    }
    sight_clip_css(again, css->str, css->len);
    if (!g_string_equal(again, css))
      g_error("%s, %s\nbecame %s\nwhich is read as %s", texts[i][0], texts[i][1], css->str, again->str);
  }
  g_autoptr(GString) whole = g_string_new(NULL);
  const char *harmless = "a{b:c}\n/* rr_split */d{e:'f'}\n";
  sight_clip_sheet(whole, harmless, strlen(harmless));
  g_assert_cmpstr(whole->str, ==, harmless);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/clip/css/addresses", test_addresses);
  g_test_add_func("/clip/css/harmless", test_harmless);
  g_test_add_func("/clip/css/doubtful-names", test_doubtful_names);
  g_test_add_func("/clip/css/variables", test_variables);
  g_test_add_func("/clip/css/parts-of-the-page", test_parts_of_the_page);
  g_test_add_func("/clip/css/texts", test_texts);
  return g_test_run();
}
