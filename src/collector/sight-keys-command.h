/* SPDX-License-Identifier: MIT */
/* `sessionsight-collector keys`: listing, making and revoking keys, and the list of origins. */
#pragma once

/* argv[0] is "keys". The exit code. */
int sight_keys_command(int argc, char **argv);
