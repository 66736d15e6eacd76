/* SPDX-License-Identifier: MIT */
/* Browser and system out of a user agent: the few that nearly everyone has, in the order in which they imitate. */
#include "sight-device.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PHONE_PX 600
#define TABLET_PX 1024

typedef struct {
  const char *token, *name;
} Known;

static const char *find(const char *agent, const Known *known) {
  for (; known->token != NULL; known++)
    if (strstr(agent, known->token) != NULL)
      return known->name;
  return NULL;
}

static const Known browsers[] = {{"Edg", "Edge"},        {"OPR/", "Opera"},      {"SamsungBrowser", "Samsung Internet"},
                                 {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},   {"HeadlessChrome", "Chrome"},
                                 {"CriOS", "Chrome"},    {"Chromium", "Chrome"}, {"Chrome", "Chrome"},
                                 {"Epiphany", "Web"},    {"Safari", "Safari"},   {NULL, NULL}};
static const Known systems[] = {{"iPhone", "iPhone"},   {"iPad", "iPad"},       {"Android", "Android"},
                                {"CrOS", "ChromeOS"},   {"Windows", "Windows"}, {"Mac OS X", "macOS"},
                                {"Macintosh", "macOS"}, {"Linux", "Linux"},     {NULL, NULL}};

void sight_device_parts(const char *tainted_agent, const char **browser, const char **system) {
  *browser = tainted_agent != NULL ? find(tainted_agent, browsers) : NULL;
  *system = tainted_agent != NULL ? find(tainted_agent, systems) : NULL;
}

const char *sight_device_class(const char *tainted_agent, int viewport_w, int viewport_h) {
  const char *agent = tainted_agent != NULL ? tainted_agent : "";
  gboolean android = strstr(agent, "Android") != NULL;
  if (strstr(agent, "iPhone") != NULL || (android && strstr(agent, "Mobile") != NULL))
    return "phone";
  if (strstr(agent, "iPad") != NULL || android)
    return "tablet";
  if (agent[0] != '\0')
    return "desktop";
  if (viewport_w <= 0)
    return NULL;
  if (viewport_w < PHONE_PX && viewport_h > 0)
    return "phone";
  return viewport_w < TABLET_PX ? "tablet" : "desktop";
}

char *sight_device_describe(const char *tainted_agent, int viewport_w, int viewport_h, gboolean *is_phone) {
  if (tainted_agent != NULL && tainted_agent[0] != '\0') {
    const char *browser, *system;
    sight_device_parts(tainted_agent, &browser, &system);
    *is_phone = strstr(tainted_agent, "iPhone") != NULL ||
                (strstr(tainted_agent, "Android") != NULL && strstr(tainted_agent, "Mobile") != NULL);
    /* TRANSLATORS: a browser on a system: "Chrome on Linux" */
    if (browser != NULL && system != NULL)
      return g_strdup_printf(_("%s on %s"), browser, system);
    if (browser != NULL || system != NULL)
      return g_strdup(browser != NULL ? browser : system);
  }
  *is_phone = viewport_w > 0 && MIN(viewport_w, viewport_h) > 0 && viewport_w < PHONE_PX;
  if (viewport_w <= 0)
    return NULL;
  if (*is_phone)
    return g_strdup(_("Phone"));
  return g_strdup(viewport_w < TABLET_PX ? _("Tablet") : _("Desktop"));
}
