/* SPDX-License-Identifier: MIT */
/* Telling pictures, fonts and sheets by their first bytes, and how large a picture says it is. */
#define _GNU_SOURCE /* memmem */
#include "sight-asset-type.h"

#include <string.h>

typedef struct {
  const guint8 *data;
  gsize bytes;
} Content;

/* Numbers that the content holds; 0 beyond its end. */
static guint32 little(Content c, gsize at, guint n) {
  guint32 number = 0;
  for (guint i = n; at + n <= c.bytes && i > 0; i--)
    number = number << 8 | c.data[at + i - 1];
  return number;
}

static guint32 big(Content c, gsize at, guint n) {
  guint32 number = 0;
  for (guint i = 0; at + n <= c.bytes && i < n; i++)
    number = number << 8 | c.data[at + i];
  return number;
}

static gboolean has(Content c, gsize at, const char *bytes, gsize n) {
  return at + n <= c.bytes && memcmp(c.data + at, bytes, n) == 0;
}
#define HAS(c, at, bytes) has(c, at, bytes, sizeof bytes - 1)

/* 0 where one of them is; no product of what 32 bits hold is too large. */
static gint64 area(guint32 width, guint32 height) {
  return (gint64)MIN(width, G_MAXINT32) * MIN(height, G_MAXINT32);
}

static gint64 png_at(Content c, gsize at) {
  return HAS(c, at + 12, "IHDR") ? area(big(c, at + 16, 4), big(c, at + 20, 4)) : 0;
}

static gint64 png_area(Content c) {
  return png_at(c, 0);
}

static gint64 gif_area(Content c) {
  return area(little(c, 6, 2), little(c, 8, 2));
}

/* A negative height stands for another order of its lines. */
static gint64 bmp_area(Content c) {
  guint32 height = little(c, 22, 4);
  if (little(c, 14, 4) == 12)
    return area(little(c, 18, 2), little(c, 20, 2));
  return area(little(c, 18, 4), height > G_MAXINT32 ? -height : height);
}

/* The frame's head comes after any number of other parts, each of which says how long it is. */
static gint64 jpeg_area(Content c) {
  gsize at = 2;
  while (at + 9 <= c.bytes && c.data[at] == 0xff) {
    guint8 mark = c.data[at + 1];
    if (mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc)
      return area(big(c, at + 5, 2), big(c, at + 7, 2));
    at += mark == 0xff ? 1 : 2 + big(c, at + 2, 2);
  }
  return 0;
}

static gint64 webp_area(Content c) {
  guint32 bits = little(c, 21, 4);
  if (HAS(c, 12, "VP8X"))
    return area(little(c, 24, 3) + 1, little(c, 27, 3) + 1);
  if (HAS(c, 12, "VP8L"))
    return area((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
  return HAS(c, 12, "VP8 ") ? area(little(c, 26, 2) & 0x3fff, little(c, 28, 2) & 0x3fff) : 0;
}

/* The largest of the sizes of its parts. */
static gint64 avif_area(Content c) {
  gint64 most = 0;
  const guint8 *found = c.data;
  while ((found = memmem(found, (gsize)(c.data + c.bytes - found), "ispe", 4)) != NULL) {
    gsize at = (gsize)(found - c.data);
    most = MAX(most, area(big(c, at + 8, 4), big(c, at + 12, 4)));
    found += 4;
  }
  return most;
}

#define PNG "\x89PNG\r\n\x1a\n"

/* Of several pictures, each of which may be a PNG. The height of others counts their mask, too. */
static gint64 ico_area(Content c) {
  gint64 most = 0;
  guint n = little(c, 4, 2);
  for (guint i = 0; i < n; i++) {
    gsize at = little(c, 6 + (gsize)16 * i + 12, 4);
    gint64 one = HAS(c, at, PNG) ? png_at(c, at) : area(little(c, at + 4, 4), little(c, at + 8, 4));
    if (at == 0 || one == 0)
      return 0;
    most = MAX(most, one);
  }
  return most;
}

/* What a file of that kind begins with, from that byte on. */
typedef struct {
  gsize at;
  const char *begin;
  gsize n;
  const char *type;
  gint64 (*area)(Content c);
} Form;
#define BEGINS(at, begin) at, begin, sizeof begin - 1

static const Form pictures[] = {
    {BEGINS(0, PNG), "image/png", png_area},           {BEGINS(0, "\xff\xd8\xff"), "image/jpeg", jpeg_area},
    {BEGINS(0, "GIF87a"), "image/gif", gif_area},      {BEGINS(0, "GIF89a"), "image/gif", gif_area},
    {BEGINS(8, "WEBP"), "image/webp", webp_area},      {BEGINS(4, "ftypavif"), "image/avif", avif_area},
    {BEGINS(4, "ftypavis"), "image/avif", avif_area},  {BEGINS(0, "BM"), "image/bmp", bmp_area},
    {BEGINS(0, "\0\0\1\0"), "image/x-icon", ico_area},
};

static const Form fonts[] = {
    {BEGINS(0, "wOF2"), "font/woff2", NULL},   {BEGINS(0, "wOFF"), "font/woff", NULL},
    {BEGINS(0, "OTTO"), "font/otf", NULL},     {BEGINS(0, "true"), "font/ttf", NULL},
    {BEGINS(0, "\0\1\0\0"), "font/ttf", NULL},
};

static const Form *form_of(Content c, const Form *forms, guint n) {
  for (guint i = 0; i < n; i++) {
    if (has(c, forms[i].at, forms[i].begin, forms[i].n))
      return &forms[i];
  }
  return NULL;
}

static const char *picture_type(Content c) {
  const Form *form = form_of(c, pictures, G_N_ELEMENTS(pictures));
  gint64 pixels = form != NULL ? form->area(c) : 0;
  return pixels > 0 && pixels <= SIGHT_ASSET_MAX_PIXELS ? form->type : NULL;
}

static const char *font_type(Content c) {
  const Form *form = form_of(c, fonts, G_N_ELEMENTS(fonts));
  return form != NULL ? form->type : NULL;
}

/* Without NULs. */
static gboolean is_text(Content c) {
  return g_utf8_validate_len((const char *)c.data, c.bytes, NULL);
}

/* A document of which SVG is the root: nothing but a declaration, comments and a document type stand before it. */
static gboolean is_svg(Content c) {
  g_autofree char *text = is_text(c) ? g_strndup((const char *)c.data, c.bytes) : NULL;
  const char *at = text != NULL ? strchr(text, '<') : NULL;
  while (at != NULL && (at[1] == '?' || at[1] == '!')) {
    gboolean comment = g_str_has_prefix(at, "<!--");
    const char *end = strstr(at, comment ? "-->" : at[1] == '?' ? "?>" : ">");
    at = end != NULL ? strchr(end, '<') : NULL;
  }
  return at != NULL && (g_str_has_prefix(at, "<svg") || g_str_has_prefix(at, "<svg:svg"));
}

typedef enum { PICTURE, SVG, FONT, SHEET } Kind;

/* What content may be declared as. */
static const struct {
  const char *type;
  Kind kind;
} types[] = {
    {"image/png", PICTURE},
    {"image/apng", PICTURE},
    {"image/jpeg", PICTURE},
    {"image/jpg", PICTURE},
    {"image/gif", PICTURE},
    {"image/webp", PICTURE},
    {"image/avif", PICTURE},
    {"image/bmp", PICTURE},
    {"image/x-icon", PICTURE},
    {"image/vnd.microsoft.icon", PICTURE},
    {"image/svg+xml", SVG},
    {"font/woff2", FONT},
    {"font/woff", FONT},
    {"font/ttf", FONT},
    {"font/otf", FONT},
    {"font/sfnt", FONT},
    {"application/font-woff", FONT},
    {"application/font-woff2", FONT},
    {"application/font-sfnt", FONT},
    {"application/x-font-woff", FONT},
    {"application/x-font-ttf", FONT},
    {"application/x-font-otf", FONT},
    {"application/vnd.ms-opentype", FONT},
    {"text/css", SHEET},
};

static const char *type_of(Kind kind, Content c) {
  switch (kind) {
  case PICTURE:
    return picture_type(c);
  case SVG:
    return is_svg(c) ? "image/svg+xml" : NULL;
  case FONT:
    return font_type(c);
  case SHEET:
    return is_text(c) ? "text/css" : NULL;
  }
  return NULL;
}

const char *sight_asset_type(const char *tainted_type, const void *tainted_content, gsize bytes) {
  Content content = {tainted_content, bytes};
  g_autofree char *plain = g_strstrip(g_strndup(tainted_type, strcspn(tainted_type, ";")));
  for (guint i = 0; bytes > 0 && i < G_N_ELEMENTS(types); i++) {
    if (g_ascii_strcasecmp(plain, types[i].type) == 0)
      return type_of(types[i].kind, content);
  }
  return NULL;
}
