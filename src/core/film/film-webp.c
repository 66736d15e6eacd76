/* SPDX-License-Identifier: MIT */
/* Animated WebP, by libwebp: pictures that play where a picture may stand. */
#include "sight-film-private.h"

#include <glib/gi18n-lib.h>
#include <webp/encode.h>
#include <webp/mux.h>

/* Text stays readable, and a film of 15 seconds has some hundred kilobytes. */
#define QUALITY 72
/* A picture that stands by itself, so that one can start there, after so many. */
#define KEY_MIN 40
#define KEY_MAX 80

typedef struct {
  WebPAnimEncoder *encoder;
  WebPConfig config;
  int width, height;
} Webp;

static gboolean fail(Webp *webp, GError **error) {
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The pictures cannot be written as WebP: %s"),
              WebPAnimEncoderGetError(webp->encoder));
  return FALSE;
}

static gpointer open_webp(int width, int height, GCancellable *cancellable, GError **error) {
  WebPAnimEncoderOptions options;
  Webp *webp = g_new0(Webp, 1);

  WebPAnimEncoderOptionsInit(&options);
  options.kmin = KEY_MIN;
  options.kmax = KEY_MAX;
  WebPConfigInit(&webp->config);
  webp->config.quality = QUALITY;
  webp->config.method = 1;
  webp->config.thread_level = 1;
  webp->width = width;
  webp->height = height;
  webp->encoder = WebPAnimEncoderNew(width, height, &options);
  return webp;
}

static gboolean add(gpointer film, GBytes *pixels, gint64 from_ms, gint64 to_ms, GError **error) {
  g_autoptr(GBytes) owned = pixels;
  Webp *webp = film;
  WebPPicture picture;

  if (to_ms > SIGHT_FILM_WEBP_MAX_MS) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                _("An animated WebP is for %d seconds at most: choose a shorter range, a higher speed or WebM"),
                SIGHT_FILM_WEBP_MAX_MS / 1000);
    return FALSE;
  }
  WebPPictureInit(&picture);
  picture.width = webp->width;
  picture.height = webp->height;
  picture.use_argb = 1;
  gboolean done = WebPPictureImportBGRX(&picture, g_bytes_get_data(owned, NULL), webp->width * 4) &&
                  WebPAnimEncoderAdd(webp->encoder, &picture, (int)from_ms, &webp->config);
  WebPPictureFree(&picture);
  return done || fail(webp, error);
}

static GBytes *finish(gpointer film, gint64 end_ms, GError **error) {
  Webp *webp = film;
  WebPData data;

  WebPDataInit(&data);
  if (!WebPAnimEncoderAdd(webp->encoder, NULL, (int)end_ms, NULL) || !WebPAnimEncoderAssemble(webp->encoder, &data)) {
    fail(webp, error);
    return NULL;
  }
  GBytes *bytes = g_bytes_new(data.bytes, data.size);
  WebPDataClear(&data);
  return bytes;
}

static void close_webp(gpointer film) {
  Webp *webp = film;

  WebPAnimEncoderDelete(webp->encoder);
  g_free(webp);
}

const SightFilmKind sight_film_webp = {"webp", open_webp, add, finish, close_webp};
