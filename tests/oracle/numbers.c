/* SPDX-License-Identifier: MIT */
/* Reads "KIND NUMBER" lines from standard input, and prints 1 for each number that is valid, else 0. */
#include "sight-audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int kind_of(const char *name) {
  for (int kind = 0; kind < SIGHT_N_AUDIT_KINDS; kind++) {
    if (g_str_equal(sight_audit_kind_name((SightAuditKind)kind), name))
      return kind;
  }
  return -1;
}

int main(void) {
  char line[256];

  while (fgets(line, sizeof line, stdin) != NULL) {
    char *number = strchr(g_strchomp(line), ' ');
    if (number == NULL)
      return EXIT_FAILURE;
    *number++ = '\0';
    printf("%d\n", kind_of(line) >= 0 && sight_audit_is_valid((SightAuditKind)kind_of(line), number));
  }
  return EXIT_SUCCESS;
}
