/* SPDX-License-Identifier: MIT */
/* Placeholder until the module's first source file lands. */
extern int sight_analysis_placeholder;
int sight_analysis_placeholder;
