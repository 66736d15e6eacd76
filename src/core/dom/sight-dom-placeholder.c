/* SPDX-License-Identifier: MIT */
/* Placeholder until the module's first source file lands. */
extern int sight_dom_placeholder;
int sight_dom_placeholder;
