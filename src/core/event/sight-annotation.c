/* SPDX-License-Identifier: MIT */
/* Annotations: their memory, and which of two versions stays. */
#include "sight-annotation.h"

#include <string.h>

/* So far a version may be ahead of the clock: versions within one millisecond count on. */
#define COUNT_MS 1000

SightAnnotation *sight_annotation_copy(const SightAnnotation *annotation) {
  SightAnnotation *copy = g_memdup2(annotation, sizeof *annotation);
  copy->id = g_strdup(annotation->id);
  copy->session = g_strdup(annotation->session);
  copy->kind = g_strdup(annotation->kind);
  copy->body = g_strdup(annotation->body);
  copy->author = g_strdup(annotation->author);
  return copy;
}

void sight_annotation_free(SightAnnotation *annotation) {
  if (annotation == NULL)
    return;
  g_free(annotation->id);
  g_free(annotation->session);
  g_free(annotation->kind);
  g_free(annotation->body);
  g_free(annotation->author);
  g_free(annotation);
}

gboolean sight_annotation_is_same(const SightAnnotation *a, const SightAnnotation *b) {
  return g_strcmp0(a->session, b->session) == 0 && g_str_equal(a->kind, b->kind) && a->at_ms == b->at_ms &&
         g_str_equal(a->body, b->body) && a->deleted == b->deleted;
}

gboolean sight_annotation_is_newer(const SightAnnotation *annotation, const SightAnnotation *there) {
  return annotation->updated_ms > there->updated_ms ||
         (annotation->updated_ms == there->updated_ms && strcmp(annotation->body, there->body) > 0);
}

/* A clock that is ahead says nothing of when: it was written after what it replaces, and about now. What stands there
 * later than that is of before this rule, or of a clock here that was ahead: whatever comes next is newer. */
gboolean sight_annotation_is_news(SightAnnotation *annotation, const SightAnnotation *there, gint64 now_ms) {
  gboolean ahead = annotation->updated_ms > now_ms;
  gboolean believed = there != NULL && there->updated_ms <= now_ms + COUNT_MS;

  if (there != NULL && ahead && sight_annotation_is_same(annotation, there))
    return FALSE;
  if (ahead)
    annotation->updated_ms = believed ? MAX(now_ms, there->updated_ms + 1) : now_ms;
  annotation->created_ms = MIN(annotation->created_ms, now_ms);
  return !believed || sight_annotation_is_newer(annotation, there);
}
