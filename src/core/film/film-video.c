/* SPDX-License-Identifier: MIT */
/* Video, by GStreamer: appsrc, an encoder, a muxer, and a stream in memory that it may seek in. */
#include "sight-film-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <gst/app/gstappsrc.h>

/* So many pictures wait for the encoder; then who adds one waits. */
#define MAX_WAITING 4
#define WAIT (5 * GST_MSECOND)
/* An encoder that takes nothing for so long has hung. */
#define PATIENCE_US (2 * 60 * G_USEC_PER_SEC)

typedef struct {
  const char *mux;
  const char *package; /* that has the encoders, in Debian */
  /* In the order in which they are tried: element and options. */
  struct {
    const char *element, *options;
  } encoders[3];
} Video;

static const Video webm = {
    "webmmux",
    "gstreamer1.0-plugins-good",
    {{"vp9enc", "deadline=1 cpu-used=8 row-mt=true threads=4 tile-columns=2 end-usage=cq cq-level=24 "
                "target-bitrate=3000000 keyframe-max-dist=128 lag-in-frames=0"}}};
static const Video mp4 = {
    "mp4mux faststart=true",
    "gstreamer1.0-plugins-ugly",
    {{"x264enc", "speed-preset=veryfast pass=quant quantizer=23 key-int-max=128 tune=zerolatency"},
     {"openh264enc", "bitrate=3000000 gop-size=128 complexity=low"}}};

typedef struct {
  GstElement *pipeline, *source;
  GOutputStream *out;
  GCancellable *cancellable; /* borrowed */
  guint64 most;              /* bytes that wait for the encoder */
  gboolean ended;
} Made;

static gboolean start_library(GError **error) {
  return gst_init_check(NULL, NULL, error);
}

static gboolean has_element(const char *name) {
  g_autoptr(GstElementFactory) factory = gst_element_factory_find(name);

  return factory != NULL;
}

/* Which of the encoders is there; -1: none. */
static int encoder_of(const Video *video) {
  g_auto(GStrv) mux = g_strsplit(video->mux, " ", 2);

  if (!has_element("appsrc") || !has_element("videoconvert") || !has_element("giostreamsink") || !has_element(mux[0]))
    return -1;
  for (guint i = 0; i < G_N_ELEMENTS(video->encoders) && video->encoders[i].element != NULL; i++) {
    if (has_element(video->encoders[i].element))
      return (int)i;
  }
  return -1;
}

static void set_source(Made *made, int width, int height) {
  g_autoptr(GstCaps) caps =
      gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "BGRx", "width", G_TYPE_INT, width, "height",
                          G_TYPE_INT, height, "framerate", GST_TYPE_FRACTION, 0, 1, NULL);

  made->most = (guint64)MAX_WAITING * (guint64)width * (guint64)height * 4;
  g_object_set(made->source, "caps", caps, "format", GST_FORMAT_TIME, "max-bytes", (guint64)0, NULL);
}

static void close_video(gpointer film) {
  Made *made = film;

  gst_element_set_state(made->pipeline, GST_STATE_NULL);
  g_clear_object(&made->source);
  g_clear_object(&made->pipeline);
  g_clear_object(&made->out);
  g_free(made);
}

static gpointer open_video(const Video *video, int width, int height, GCancellable *cancellable, GError **error) {
  int encoder = start_library(error) ? encoder_of(video) : -2;

  if (encoder < 0) {
    if (encoder == -1)
      g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                  _("This machine has no encoder for such a video: install %s (so it is called in Debian)"),
                  video->package);
    return NULL;
  }
  g_autofree char *text =
      g_strdup_printf("appsrc name=pictures ! videoconvert n-threads=2 ! "
                      "video/x-raw,format=I420 ! %s %s ! %s ! giostreamsink name=file sync=false",
                      video->encoders[encoder].element, video->encoders[encoder].options, video->mux);
  GstElement *pipeline = gst_parse_launch(text, error);
  if (pipeline == NULL)
    return NULL;
  Made *made = g_new0(Made, 1);
  g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(pipeline), "file");
  made->cancellable = cancellable;
  made->pipeline = gst_object_ref_sink(pipeline);
  made->source = gst_bin_get_by_name(GST_BIN(pipeline), "pictures");
  made->out = g_memory_output_stream_new_resizable();
  g_object_set(sink, "stream", made->out, NULL);
  set_source(made, width, height);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  return made;
}

/* Until the end, for so long at most. FALSE with error where something went wrong. */
static gboolean wait_for(Made *made, GstClockTime timeout, GError **error) {
  g_autoptr(GstBus) bus = gst_element_get_bus(made->pipeline);
  g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(bus, timeout, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  g_autoptr(GError) failed = NULL;

  made->ended |= message != NULL && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
  if (message == NULL || made->ended)
    return TRUE;
  gst_message_parse_error(message, &failed, NULL);
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The video cannot be written: %s"), failed->message);
  return FALSE;
}

static gboolean may_wait(const Made *made, gint64 since_us, GError **error) {
  if (g_cancellable_set_error_if_cancelled(made->cancellable, error))
    return FALSE;
  if (g_get_monotonic_time() - since_us <= PATIENCE_US)
    return TRUE;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("The video cannot be written: %s"), g_strerror(ETIMEDOUT));
  return FALSE;
}

static gboolean add(gpointer film, GBytes *pixels, gint64 from_ms, gint64 to_ms, GError **error) {
  g_autoptr(GBytes) owned = pixels;
  Made *made = film;
  gint64 since_us = g_get_monotonic_time();

  /* A source that waits by itself would wait for ever for an encoder that has failed. */
  do {
    if (!wait_for(made, gst_app_src_get_current_level_bytes(GST_APP_SRC(made->source)) > made->most ? WAIT : 0,
                  error) ||
        !may_wait(made, since_us, error))
      return FALSE;
  } while (gst_app_src_get_current_level_bytes(GST_APP_SRC(made->source)) > made->most);
  GstBuffer *buffer = gst_buffer_new_wrapped_bytes(owned);
  GST_BUFFER_PTS(buffer) = (GstClockTime)from_ms * GST_MSECOND;
  GST_BUFFER_DURATION(buffer) = (GstClockTime)(to_ms - from_ms) * GST_MSECOND;
  if (gst_app_src_push_buffer(GST_APP_SRC(made->source), buffer) == GST_FLOW_OK)
    return TRUE;
  if (wait_for(made, GST_SECOND, error))
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The video cannot be written: %s"), "appsrc");
  return FALSE;
}

static GBytes *finish(gpointer film, gint64 end_ms, GError **error) {
  Made *made = film;
  gint64 since_us = g_get_monotonic_time();

  gst_app_src_end_of_stream(GST_APP_SRC(made->source));
  while (!made->ended) {
    if (!wait_for(made, WAIT, error) || !may_wait(made, since_us, error))
      return NULL;
  }
  gst_element_set_state(made->pipeline, GST_STATE_NULL);
  g_output_stream_close(made->out, NULL, NULL); /* in memory: what stands there is whole */
  return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(made->out));
}

static gpointer open_webm(int width, int height, GCancellable *cancellable, GError **error) {
  return open_video(&webm, width, height, cancellable, error);
}

static gpointer open_mp4(int width, int height, GCancellable *cancellable, GError **error) {
  return open_video(&mp4, width, height, cancellable, error);
}

const SightFilmKind sight_film_webm = {"webm", open_webm, add, finish, close_video};
const SightFilmKind sight_film_mp4 = {"mp4", open_mp4, add, finish, close_video};
