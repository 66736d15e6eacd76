/* SPDX-License-Identifier: MIT */
/* To which addresses a secret may be sent. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* https, or plain http that does not leave this machine or its own network: loopback, addresses of private networks,
 * and names that only such a network can have (one word; .local, .internal, .home.arpa, .localhost). Never one with a
 * user in it, whose host is easily taken for another. By what is written: nothing is looked up. */
gboolean sight_web_address_takes_secrets(const char *tainted_url);

G_END_DECLS
