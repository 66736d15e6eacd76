/* SPDX-License-Identifier: MIT */
/* The memory of an annotation. */
#include "sight-annotation.h"

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
