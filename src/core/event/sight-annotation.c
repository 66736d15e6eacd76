/* SPDX-License-Identifier: MIT */
/* The memory of an annotation. */
#include "sight-annotation.h"

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
