/* SPDX-License-Identifier: MIT */
/* How a page lay in the viewport while it was viewed: how far down it came into view, and for how long each part. */
#include "sight-terms.h"
#include "sight-usage.h"
#include "sight-window-pass-private.h"

/* What was in view for less nobody has seen; so the place of the page before does not count on one that begins. */
#define GLANCE_MS 100
/* More places than this nobody scrolls to on one page. */
#define MAX_STRETCHES 5000
#define SHARE 1000
#define MAX_PX (1 << 24)

/* The page stood like this for a while; 0: not known. */
typedef struct {
  gint64 ms;
  int top, viewport, height;
} Stretch;

GArray *sight_pass_stretches_new(void) {
  return g_array_new(FALSE, FALSE, sizeof(Stretch));
}

/* Until now it lay as it does. */
static void note(SightWindowPass *pass) {
  Stretch now = {.ms = pass->hidden ? 0 : MAX(pass->now_ms - pass->stretch_ms, 0),
                 .top = pass->top_px,
                 .viewport = pass->viewport_h,
                 .height = pass->page_px};
  Stretch *last = pass->stretches->len > 0 ? &g_array_index(pass->stretches, Stretch, pass->stretches->len - 1) : NULL;

  pass->stretch_ms = pass->now_ms;
  if (last != NULL && last->top == now.top && last->viewport == now.viewport && last->height == now.height)
    last->ms += now.ms;
  else if (pass->stretches->len < MAX_STRETCHES)
    g_array_append_val(pass->stretches, now);
}

/* The document itself, or what stands for it: the scroll of html and body is told of either. */
static gboolean is_document(const SightWindowPass *pass, int node) {
  const char *tag = sight_dom_tag(pass->dom, node);
  gboolean stands_for_it = g_strcmp0(tag, "html") == 0 || g_strcmp0(tag, "body") == 0;

  return node == sight_dom_root(pass->dom) ||
         (stands_for_it &&
          (sight_dom_parent(pass->dom, node) == sight_dom_root(pass->dom) ||
           sight_dom_parent(pass->dom, sight_dom_parent(pass->dom, node)) == sight_dom_root(pass->dom)));
}

gboolean sight_pass_view_scrolled(SightWindowPass *pass, int node, int top_px) {
  if (!is_document(pass, node))
    return FALSE;
  note(pass);
  pass->top_px = CLAMP(top_px, 0, MAX_PX);
  return TRUE;
}

void sight_pass_view_resized(SightWindowPass *pass, int viewport_px) {
  note(pass);
  pass->viewport_h = CLAMP(viewport_px, 0, G_MAXINT16);
}

void sight_pass_view_is_high(SightWindowPass *pass, int height_px) {
  note(pass);
  pass->page_px = CLAMP(height_px, 0, MAX_PX);
}

void sight_pass_view_hidden(SightWindowPass *pass, gboolean hidden) {
  note(pass);
  pass->hidden = hidden;
}

/* The first height that is told holds from the beginning. */
static int first_height(const GArray *stretches) {
  for (guint i = 0; i < stretches->len; i++) {
    if (g_array_index(stretches, Stretch, i).height > 0)
      return g_array_index(stretches, Stretch, i).height;
  }
  return 0;
}

/* Whether the middle of a band was in view. */
static gboolean shows(const Stretch *stretch, int height, int band) {
  gint64 middle = (gint64)(2 * band + 1) * height, scale = 2 * SIGHT_USAGE_BANDS;

  return stretch->top * scale <= middle && middle < ((gint64)stretch->top + stretch->viewport) * scale;
}

static void measure(const GArray *stretches, int *numbers) {
  int first = first_height(stretches), height = 0;

  for (guint i = 0; i < stretches->len; i++) {
    const Stretch *stretch = &g_array_index(stretches, Stretch, i);
    gint64 reached = (gint64)stretch->top + stretch->viewport;
    height = stretch->height > 0 ? stretch->height : height > 0 ? height : first;
    for (int band = 0; height > 0 && band < SIGHT_USAGE_BANDS; band++) {
      if (shows(stretch, height, band))
        numbers[SIGHT_VIEW_BANDS + band] = (int)MIN(numbers[SIGHT_VIEW_BANDS + band] + stretch->ms, G_MAXINT);
    }
    if (stretch->ms < GLANCE_MS || stretch->viewport == 0)
      continue;
    numbers[SIGHT_VIEW_VIEWPORT] = stretch->viewport;
    numbers[SIGHT_VIEW_REACHED] = (int)MAX(numbers[SIGHT_VIEW_REACHED], reached);
    if (height > 0)
      numbers[SIGHT_VIEW_DEPTH] = (int)MAX(numbers[SIGHT_VIEW_DEPTH], MIN(reached * SHARE / height, SHARE));
  }
  numbers[SIGHT_VIEW_HEIGHT] = height;
}

void sight_pass_view_end(SightWindowPass *pass) {
  int numbers[SIGHT_VIEW_BANDS + SIGHT_USAGE_BANDS] = {0, 0, 0, -1};
  guint n = G_N_ELEMENTS(numbers);

  note(pass);
  if (pass->view != NULL) {
    measure(pass->stretches, numbers);
    while (n > SIGHT_VIEW_BANDS && numbers[n - 1] == 0)
      n--;
    sight_terms_measure_view(pass->findings, pass->view, numbers, n);
  }
  g_array_set_size(pass->stretches, 0);
}
