/* SPDX-License-Identifier: MIT */
/* The routes under /v1: one table, one file for each group of them. */
#pragma once

#include "sight-call.h"

G_BEGIN_DECLS

/* On a worker thread: fills status and answer of the call. */
typedef void (*SightRouteFunc)(SightCall *call);

typedef enum {
  SIGHT_ROUTE_OPEN,  /* no key */
  SIGHT_ROUTE_RATED, /* no key, but work: so many a second from one address */
  SIGHT_ROUTE_WRITE, /* a write key in the query, from pages of the allowed origins */
  SIGHT_ROUTE_TOKEN, /* a token in the Authorization header */
} SightRouteAccess;

struct SightRoute {
  const char *method;
  const char *path; /* "*" stands for one segment */
  SightRouteAccess access;
  guint scopes;   /* SightScopes: one of them is needed */
  gsize max_body; /* 0: takes no body */
  SightRouteFunc func;
  gboolean of_any_type; /* the body is no JSON, and the route looks at its type */
  const char *cursor;   /* the parameter of the query that is one; NULL: none */
  gboolean may_be_open; /* where the options say so, no token is needed */
};

/* The route; NULL where there is none, and then *allow (the caller's) lists the methods of that path, or is NULL where
 * there is no such path. HEAD counts as GET where the path has none of its own. `argument` is the
 * caller's. */
const SightRoute *sight_route_find(const char *method, const char *tainted_path, char **argument, char **allow);

/* The methods that pages may use at the path, for CORS preflights, the caller's; NULL: none. */
char *sight_route_methods_for_pages(const char *tainted_path);

/* The whole table; static. */
const SightRoute *sight_route_list(gsize *n);

void sight_route_post_batch(SightCall *call);
void sight_route_list_batches(SightCall *call);
void sight_route_list_changes(SightCall *call);
void sight_route_list_annotations(SightCall *call);
void sight_route_put_annotation(SightCall *call);
void sight_route_erase_session(SightCall *call);
void sight_route_erase_user(SightCall *call);
void sight_route_list_digests(SightCall *call);
void sight_route_put_digest(SightCall *call);
void sight_route_has_asset(SightCall *call);
void sight_route_put_asset(SightCall *call);
void sight_route_get_asset(SightCall *call);
void sight_route_project(SightCall *call);
void sight_route_health(SightCall *call);
void sight_route_recorder(SightCall *call);
void sight_route_metrics(SightCall *call);

G_END_DECLS
