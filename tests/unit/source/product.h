/* SPDX-License-Identifier: MIT */
/* Products with recordings, for the tests of sources: what they hold is the same, how they answer is each one's own. */
#pragma once

#include "sync-fixture.h"

#define MAX_FAULTY 4

/* Each event has a number of its own. */
typedef struct {
  int window;
  gint64 time_ms;
  int n;
} ProductEvent;

typedef struct {
  char *id;
  gint64 started_ms;
  GArray *events; /* of ProductEvent, in the order of time */
  gboolean deleted;
} ProductRecording;

typedef enum {
  FAULT_NONE,
  FAULT_CUT,
  FAULT_SLOW,
  FAULT_429,
  FAULT_502,
  FAULT_EXPIRED,
  FAULT_DELETED,
  FAULT_CHANGED,
  FAULT_DUPLICATE,
  FAULT_DISORDER,
  FAULT_HUGE,
  N_FAULTS
} Fault;

typedef struct Product Product;
typedef struct {
  const char *kind;
  const char *address; /* behind the server's */
  gboolean has_windows;
  /* The body of the answer to a path, with its status; extra headers may be appended. */
  GString *(*answer)(Product *product, const char *path, GString *headers, const char **status);
} ProductKind;

struct Product {
  const ProductKind *kind;
  GPtrArray *recordings; /* of ProductRecording */
  GRand *rand;
  Server *server;
  char *url;
  const char *asked; /* the body of the request that is answered */
  const char *user;  /* whom each recording is of; NULL: nobody */
  gboolean has_errors;
  gboolean has_no_details; /* of errors */
  gboolean has_events;     /* may be asked for what was captured */
  Fault fault;
  int n_faulty;  /* answers that still go wrong */
  int n_good;    /* that go well before them */
  int n_answers; /* so far */
  int n_lost;    /* parts of answers that are left out without a word */
  int next_n;
};

Product *product_new(const ProductKind *kind, guint32 seed, int n_recordings);
void product_free(Product *product);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Product, product_free)
/* Appends events behind the last one of a recording. */
void product_grow(Product *product, ProductRecording *recording, int n_events);
ProductRecording *product_find(const Product *product, const char *id);
/* The event as JSON, with its time as the product writes it. */
void product_append_event(const ProductEvent *event, GString *out);
/* The indices 0 … n - 1 in which an answer goes through its parts: with faults out of order, or some of them twice. */
GArray *product_order(Product *product, guint n);
/* The value of a parameter of a path, unescaped; the caller's, or NULL. */
char *product_parameter(const char *path, const char *name);
char *product_time(gint64 time_ms);
/* For arrays of texts. */
int product_by_text(gconstpointer a, gconstpointer b);
/* What a cache should hold: a line for each window of each recording with the numbers of its events in order. */
char *product_wanted(const Product *product);

extern const ProductKind product_posthog;
extern const ProductKind product_sentry;
extern const ProductKind product_umami;
extern const ProductKind product_clickstack;
