/* SPDX-License-Identifier: MIT */
/* Placeholder until the module's first source file lands. */
extern int sight_insight_placeholder;
int sight_insight_placeholder;
