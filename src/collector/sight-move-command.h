/* SPDX-License-Identifier: MIT */
/* `sessionsight-collector move`: a store into another one. */
#pragma once

/* argv[0] is "move". Gives the exit status. */
int sight_move_command(int argc, char **argv);
