/* SPDX-License-Identifier: MIT */
/* Placeholder until the module's first source file lands. */
extern int sight_sync_placeholder;
int sight_sync_placeholder;
