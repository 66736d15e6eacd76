/* SPDX-License-Identifier: MIT */
/* `sessionsight-collector policy`: what a project keeps, takes and records. */
#pragma once

/* argv[0] is "policy". Gives the exit status. */
int sight_policy_command(int argc, char **argv);
