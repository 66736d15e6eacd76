/* SPDX-License-Identifier: MIT */
/* Placeholder until the module's first source file lands. */
extern int sight_wire_placeholder;
int sight_wire_placeholder;
