/* SPDX-License-Identifier: MIT */
/* A policy as JSON and as JavaScript. */
#include "sight-policy.h"

#include "sight-json.h"

#include <string.h>

static void page_free(gpointer data) {
  SightPolicyPage *page = data;
  g_free(page->path);
  g_free(page);
}

SightPolicy *sight_policy_new(void) {
  SightPolicy *policy = g_new0(SightPolicy, 1);
  policy->sample = 1;
  policy->pages = g_ptr_array_new_with_free_func(page_free);
  return policy;
}

void sight_policy_free(SightPolicy *policy) {
  if (policy == NULL)
    return;
  g_ptr_array_unref(policy->pages);
  g_free(policy);
}

gboolean sight_policy_add_page(SightPolicy *policy, const char *path, double share) {
  if (path[0] != '/' || !(share >= 0 && share <= 1))
    return FALSE;
  SightPolicyPage *page = g_new0(SightPolicyPage, 1);
  page->path = g_strdup(path);
  page->share = share;
  g_ptr_array_add(policy->pages, page);
  return TRUE;
}

static void write_pages(SightJsonWriter *w, const SightPolicy *policy) {
  sight_json_begin_array(w);
  for (guint i = 0; i < policy->pages->len; i++) {
    const SightPolicyPage *page = g_ptr_array_index(policy->pages, i);
    sight_json_begin_array(w);
    sight_json_put_string(w, page->path);
    sight_json_put_double(w, page->share);
    sight_json_end_array(w);
  }
  sight_json_end_array(w);
}

char *sight_policy_write(const SightPolicy *policy) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "keep_days", policy->keep_days);
  sight_json_member_int(&w, "keep_errored_days", policy->keep_errored_days);
  sight_json_member_int(&w, "max_bytes", policy->max_bytes);
  sight_json_member_int(&w, "max_sessions", policy->max_sessions);
  sight_json_member_bool(&w, "closed", policy->closed);
  sight_json_key(&w, "sample");
  sight_json_put_double(&w, policy->sample);
  sight_json_key(&w, "pages");
  write_pages(&w, policy);
  sight_json_end_object(&w);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gint64 number_of(SightJson root, const char *name, gint64 most) {
  return CLAMP(sight_json_int(sight_json_get(root, name), 0), 0, most);
}

SightPolicy *sight_policy_read(const char *json, GError **error) {
  g_autoptr(SightPolicy) policy = sight_policy_new();
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  SightJson root = {0};
  if (*json == '\0')
    return g_steal_pointer(&policy);
  if (!sight_json_parser_parse(parser, json, strlen(json), &root, error))
    return NULL;
  policy->keep_days = number_of(root, "keep_days", SIGHT_POLICY_MAX_DAYS);
  policy->keep_errored_days = number_of(root, "keep_errored_days", SIGHT_POLICY_MAX_DAYS);
  policy->max_bytes = number_of(root, "max_bytes", G_MAXINT64);
  policy->max_sessions = number_of(root, "max_sessions", G_MAXINT64);
  policy->closed = sight_json_bool(sight_json_get(root, "closed"), FALSE);
  policy->sample = CLAMP(sight_json_double(sight_json_get(root, "sample"), 1), 0, 1);
  SightJsonIter pages = sight_json_iter(sight_json_get(root, "pages"));
  while (sight_json_next(&pages)) {
    SightJsonIter parts = sight_json_iter(pages.value);
    const char *path = sight_json_next(&parts) ? sight_json_string(parts.value, NULL) : NULL;
    if (path != NULL && sight_json_next(&parts))
      sight_policy_add_page(policy, path, sight_json_double(parts.value, 1));
  }
  return g_steal_pointer(&policy);
}

char *sight_policy_script(const SightPolicy *policy) {
  if (policy->sample >= 1 && policy->pages->len == 0)
    return NULL;
  g_autoptr(GString) out = g_string_new("(t=>{if(t){let s=");
  SightJsonWriter w = {.out = out};
  sight_json_put_double(&w, policy->sample);
  g_string_append(out, ";for(let[p,r]of");
  w.need_comma = FALSE;
  write_pages(&w, policy);
  g_string_append(out, ")if(location.pathname.startsWith(p))s=r;"
                       "t.dataset.sample=Math.min(t.dataset.sample??1,s)}})(document.currentScript);\n");
  return g_string_free(g_steal_pointer(&out), FALSE);
}
