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
  };
  for (guint i = 0; i < G_N_ELEMENTS(harmless); i++) {
    g_autoptr(GString) out = g_string_new(NULL);
    sight_clip_css(out, harmless[i], strlen(harmless[i]));
    g_assert_cmpstr(out->str, ==, harmless[i]);
  }
}

/* A variable may hold an address in a string, which only a function makes one. */
static void test_variables(void) {
  const char *css = "a{--x:'http://evil.test';background:image-set(var(--x) 1x);color:var(--y)}";
  g_autoptr(GString) out = g_string_new(NULL);
  sight_clip_css(out, css, strlen(css));
  g_assert_nonnull(strstr(out->str, "image-set(-var(--x)"));
  g_assert_nonnull(strstr(out->str, "color:var(--y)"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/clip/css/addresses", test_addresses);
  g_test_add_func("/clip/css/harmless", test_harmless);
  g_test_add_func("/clip/css/variables", test_variables);
  return g_test_run();
}
