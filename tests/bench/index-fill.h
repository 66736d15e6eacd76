/* SPDX-License-Identifier: MIT */
/* Fills a store with made-up sessions, a million in minutes: everything that the index holds, with planted problems. */
#pragma once

#include "sight-store.h"

#define FILL_ENDPOINTS 5
#define FILL_PROBLEMS 40
/* In the store's folder. */
#define FILL_PLAIN "plain.sqlite3"

/* Equal seeds and numbers give equal stores. Writes what is true of it to labels.json in the store's folder. */
void index_fill(SightStore *store, gint64 n_sessions, guint32 seed);
