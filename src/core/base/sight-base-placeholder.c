/* SPDX-License-Identifier: MIT */
/* Placeholder until the module's first source file lands. */
extern int sight_base_placeholder;
int sight_base_placeholder;
