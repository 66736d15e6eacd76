/* SPDX-License-Identifier: MIT */
/* A real collector as a process of its own on loopback, and asking it over real HTTP. */
#pragma once

#include <gio/gio.h>

typedef struct {
  GSubprocess *process;
  char *folder; /* a folder of its own */
  char *store;  /* --store: in the folder, or in a database where the test is given one */
  char *url, *write_key, *token;
  guint16 port;
} Collector;

/* Starts one in a new folder, with options besides (NULL-terminated; NULL: none). */
Collector *collector_start(const char *const *options);
/* The same where it may open no more than so many files. */
Collector *collector_start_confined(guint files);
/* The same where no file may get larger than that: as on a full disk. */
Collector *collector_start_on_small_disk(gsize bytes);
/* The same with a library whose functions stand before those of the system. */
Collector *collector_start_preloaded(const char *library);
/* Stops it with SIGTERM and insists on a clean end. */
void collector_stop(Collector *collector);
/* The same, and starts it again on the same store. */
void collector_restart(Collector *collector, const char *const *options);
void collector_kill(Collector *collector);
/* Insists on a clean end; removes the folder. */
void collector_free(Collector *collector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Collector, collector_free)

/* Runs `sessionsight-collector keys …` on its store. What it prints, without the line's end; NULL where it fails. */
char *collector_keys(const Collector *collector, const char *const *arguments);
/* Resident memory in KiB. */
gint64 collector_memory(const Collector *collector);
/* The most that it ever was, or since that was forgotten. */
gint64 collector_most_memory(const Collector *collector);
void collector_forget_most_memory(const Collector *collector);

typedef struct {
  guint status; /* 0: no answer */
  char *body;
  gsize bytes;
  GHashTable *headers; /* lower-case name -> value */
} Answer;
void answer_free(Answer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)

/* What is asked; plain data with everything optional but method and path. */
typedef struct {
  const char *method, *path;
  const char *body;
  gsize bytes; /* 0: strlen(body) */
  const char *type, *encoding, *origin, *token, *header, *value;
} Asking;
/* Any thread. Content-Encoding of the answer is left as it is. */
Answer *ask(const Collector *collector, Asking asking);
/* Posts with the right key and type. */
Answer *post(const Collector *collector, const char *body);
/* A member of the answer's JSON: "error.field". NULL where it is no string. Caller's. */
char *answer_string(const Answer *answer, const char *path);
gint64 answer_int(const Answer *answer, const char *path);

/* Bytes as they are, over one connection: sends them all (ignoring that the other end may close), and reads to the end.
 * The caller's. */
char *speak_raw(const Collector *collector, const void *data, gsize bytes);

/* An envelope with one Meta event, and `padding` bytes of text in it. */
char *batch_json(const char *session, const char *window, int seq, gsize padding);

char *make_folder(const char *template);
void remove_folder(const char *folder);
