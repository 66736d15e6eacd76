/* SPDX-License-Identifier: MIT */
/* What may be kept, by what it says it is and by what it is. */
#include "sight-asset-type.h"

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
#define SIZE(w, h) "\0\0" w "\0\0" h
#define GIF "GIF89a\x10\0\x10\0\x80\0\0"
#define SVG "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
#define ICO(offset) "\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0\x28\0\0\0" offset "\0\0\0"
#define WEBP "RIFF\x10\0\0\0WEBP"

typedef struct {
  const char *name, *type, *content;
  gsize bytes;
  const char *kept;
} Case;
#define CONTENT(text) text, sizeof text - 1

static const Case cases[] = {
    {"png", "image/png", CONTENT(PNG SIZE("\1\0", "\1\0") "\x08\6\0\0\0"), "image/png"},
    {"png-parameters", "Image/PNG ; q=1", CONTENT(PNG SIZE("\1\0", "\1\0") "\x08"), "image/png"},
    {"png-as-jpeg", "image/jpeg", CONTENT(PNG SIZE("\1\0", "\1\0") "\x08"), "image/png"},
    {"png-bomb", "image/png", CONTENT(PNG SIZE("\xff\xff", "\xff\xff") "\x08\6\0\0\0"), NULL},
    {"png-beyond", "image/png", CONTENT(PNG "\xff\xff\xff\xff\xff\xff\xff\xff\x08"), NULL},
    {"png-empty", "image/png", CONTENT(PNG SIZE("\0\0", "\1\0") "\x08"), NULL},
    {"png-cut", "image/png", CONTENT(PNG), NULL},
    {"gif", "image/gif", CONTENT(GIF), "image/gif"},
    {"gif-bomb", "image/gif", CONTENT("GIF89a\xff\xff\xff\xff"), NULL},
    {"jpeg", "image/jpg", CONTENT("\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x0b\x08\0\x10\0\x10"), "image/jpeg"},
    {"jpeg-filled", "image/jpeg", CONTENT("\xff\xd8\xff\xff\xff\xc2\0\x0b\x08\0\x10\0\x10"), "image/jpeg"},
    {"jpeg-bomb", "image/jpeg", CONTENT("\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff"), NULL},
    {"jpeg-endless", "image/jpeg", CONTENT("\xff\xd8\xff\xe0\0\0\xff\xe0\0\0\xff\xe0\0\0\xff\xe0\0\0"), NULL},
    {"webp", "image/webp", CONTENT(WEBP "VP8 \x10\0\0\0\0\0\0\x9d\1\x2a\x10\0\x10\0"), "image/webp"},
    {"webp-lossless", "image/webp", CONTENT(WEBP "VP8L\x10\0\0\0\x2f\x0f\xc0\3\0"), "image/webp"},
    {"webp-bomb", "image/webp", CONTENT(WEBP "VP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff"), NULL},
    {"avif", "image/avif",
     CONTENT("\0\0\0\x10"
             "ftypavif....\0\0\0\x14ispe\0\0\0\0\0\0\0\x10\0\0\0\x10"),
     "image/avif"},
    {"avif-sizeless", "image/avif",
     CONTENT("\0\0\0\x10"
             "ftypavif...."),
     NULL},
    {"avif-bomb", "image/avif",
     CONTENT("\0\0\0\x10"
             "ftypavif....\0\0\0\x14ispe\0\0\0\0\0\0\xff\xff\0\0\xff\xff"),
     NULL},
    {"bmp", "image/bmp", CONTENT("BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\x10\0\0\0\xf0\xff\xff\xff\1\0"), "image/bmp"},
    {"words-as-bmp", "image/bmp", CONTENT("BMI is a number that doctors like."), NULL},
    {"ico", "image/vnd.microsoft.icon", CONTENT(ICO("\x16") "\x28\0\0\0\x10\0\0\0\x20\0\0\0"), "image/x-icon"},
    {"ico-png-bomb", "image/x-icon", CONTENT(ICO("\x16") PNG SIZE("\xff\xff", "\xff\xff")), NULL},
    {"ico-outside", "image/x-icon", CONTENT(ICO("\xff") "\x28\0\0\0\x10\0\0\0\x20\0\0\0"), NULL},
    {"svg", "image/svg+xml", CONTENT(SVG), "image/svg+xml"},
    {"svg-heads", "image/svg+xml", CONTENT("\xef\xbb\xbf<?xml version='1.0'?><!-- <html> -->\n" SVG), "image/svg+xml"},
    {"html-as-svg", "image/svg+xml", CONTENT("<!doctype html><html>" SVG), NULL},
    {"svg-packed", "image/svg+xml", CONTENT("\x1f\x8b\x08\0<svg"), NULL},
    {"html-as-png", "image/png", CONTENT("<html><script>alert(1)</script>"), NULL},
    {"svg-as-png", "image/png", CONTENT(SVG), NULL},
    {"html", "text/html", CONTENT("<html>"), NULL},
    {"script", "text/javascript", CONTENT("alert(1)"), NULL},
    {"png-as-anything", "application/octet-stream", CONTENT(PNG SIZE("\1\0", "\1\0")), NULL},
    {"nothing", "image/png", CONTENT(""), NULL},
    {"no-type", "", CONTENT(GIF), NULL},
    {"woff2", "font/woff2", CONTENT("wOF2...."), "font/woff2"},
    {"woff-of-old", "application/font-woff", CONTENT("wOFF...."), "font/woff"},
    {"ttf", "application/x-font-ttf", CONTENT("\0\1\0\0...."), "font/ttf"},
    {"otf-as-ttf", "font/ttf", CONTENT("OTTO...."), "font/otf"},
    {"html-as-font", "font/woff2", CONTENT("<html>"), NULL},
    {"css", "text/css; charset=utf-8", CONTENT("a { color: red }"), "text/css"},
    {"css-with-nul", "text/css", CONTENT("a { color: \0 }"), NULL},
    {"css-latin1", "text/css", CONTENT("a::after { content: '\xe9' }"), NULL},
};

static void test_case(gconstpointer data) {
  const Case *c = data;
  /* Exactly as large as it is: reading beyond is seen. */
  g_autofree char *content = g_memdup2(c->content, c->bytes);
  g_assert_cmpstr(sight_asset_type(c->type, content, c->bytes), ==, c->kept);
}

/* Heads that are cut or changed anywhere: none reads beyond, none is larger than the limit. */
static void test_random(void) {
  for (int i = 0; i < 20000; i++) {
    const Case *c = &cases[g_test_rand_int_range(0, G_N_ELEMENTS(cases))];
    gsize bytes = (gsize)g_test_rand_int_range(0, (gint32)c->bytes + 1);
    g_autofree char *content = g_memdup2(c->content, bytes);
    for (int n = g_test_rand_int_range(0, 4); n > 0 && bytes > 0; n--)
      content[g_test_rand_int_range(0, (gint32)bytes)] = (char)g_test_rand_int_range(0, 256);
    const char *type = sight_asset_type(c->type, content, bytes);
    g_assert_true(type == NULL || bytes > 0);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/asset-type/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/asset-type/random", test_random);
  return g_test_run();
}
