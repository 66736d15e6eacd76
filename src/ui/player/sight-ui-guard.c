/* SPDX-License-Identifier: MIT */
/* The locks around untrusted recordings; each of them is there for when another one fails. */
#include "sight-ui-guard.h"

#include "sight-player-resources.h"

#include <glib/gi18n-lib.h>

#define RESOURCES "/io/github/sessionsight/SessionSight/player/"
#define FILTER_ID "sessionsight-block-all-1"
/* Nobody listens there, and it is never asked to resolve a name. */
#define DEAD_PROXY "http://127.0.0.1:1"

static const char policy[] = "default-src 'none'; connect-src sight:; img-src data: blob:; font-src data: blob:; "
                             "media-src data: blob:; style-src 'unsafe-inline' data: blob:; base-uri 'none'; "
                             "form-action 'none'; frame-ancestors 'none'";

static const char filter[] =
    "[{\"trigger\":{\"url-filter\":\".*\"},\"action\":{\"type\":\"block\"}},"
    "{\"trigger\":{\"url-filter\":\"^sight:\"},\"action\":{\"type\":\"ignore-previous-rules\"}},"
    "{\"trigger\":{\"url-filter\":\"^data:\"},\"action\":{\"type\":\"ignore-previous-rules\"}},"
    "{\"trigger\":{\"url-filter\":\"^blob:\"},\"action\":{\"type\":\"ignore-previous-rules\"}},"
    "{\"trigger\":{\"url-filter\":\"^about:\"},\"action\":{\"type\":\"ignore-previous-rules\"}}]";

typedef struct {
  SightUiGuardServe serve;
  gpointer user_data;
} Server;

static GQuark server_quark(void) {
  return g_quark_from_static_string("sight-ui-guard-server");
}

static gboolean has_gpu(void) {
  g_autoptr(GDir) dir = g_dir_open("/dev/dri", 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    if (g_str_has_prefix(name, "renderD"))
      return TRUE;
  }
  return FALSE;
}

void sight_ui_guard_prepare(void) {
  if (!has_gpu())
    g_setenv("GSK_RENDERER", "cairo", FALSE);
  /* Each seek leaves the nodes that it took off the page. Garbage collections that spare what is old never come to
   * them: a minute of scrubbing took a gigabyte, of which ten megabytes were in use, and looking at those takes no
   * time. */
  g_setenv("JSC_useGenerationalGC", "0", FALSE);
}

static GInputStream *open_page(gint64 *bytes) {
  g_autoptr(GBytes) page = g_resources_lookup_data(RESOURCES "player.html", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_return_val_if_fail(page, NULL);
  *bytes = (gint64)g_bytes_get_size(page);
  return g_memory_input_stream_new_from_bytes(page);
}

static void on_request(WebKitURISchemeRequest *request, gpointer user_data) {
  const char *uri = webkit_uri_scheme_request_get_uri(request);
  WebKitWebView *view = webkit_uri_scheme_request_get_web_view(request);
  const Server *server = view ? g_object_get_qdata(G_OBJECT(view), server_quark()) : NULL;
  g_autoptr(GInputStream) stream = NULL;
  gint64 bytes = -1;
  gboolean is_page = g_strcmp0(uri, SIGHT_UI_GUARD_PAGE) == 0;
  if (is_page)
    stream = open_page(&bytes);
  else if (server && g_str_has_prefix(uri, SIGHT_UI_GUARD_PAGE))
    stream = server->serve(uri + strlen(SIGHT_UI_GUARD_PAGE), &bytes, server->user_data);
  if (!stream) {
    g_autoptr(GError) error = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no such resource");
    webkit_uri_scheme_request_finish_error(request, error);
    return;
  }
  g_autoptr(WebKitURISchemeResponse) response = webkit_uri_scheme_response_new(stream, bytes);
  SoupMessageHeaders *headers = soup_message_headers_new(SOUP_MESSAGE_HEADERS_RESPONSE);
  soup_message_headers_append(headers, "Content-Security-Policy", policy);
  soup_message_headers_append(headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_append(headers, "X-DNS-Prefetch-Control", "off");
  soup_message_headers_append(headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_append(headers, "Cache-Control", "no-store");
  webkit_uri_scheme_response_set_http_headers(response, headers);
  webkit_uri_scheme_response_set_content_type(response, is_page ? "text/html" : "application/json");
  webkit_uri_scheme_response_set_status(response, 200, NULL);
  webkit_uri_scheme_request_finish_with_response(request, response);
}

static void on_download(WebKitNetworkSession *session, WebKitDownload *download, gpointer user_data) {
  webkit_download_cancel(download);
}

/* Both live as long as the process: every view of it shares them. */
static WebKitWebContext *shared_context(void) {
  static WebKitWebContext *context;
  if (context)
    return context;
  g_resources_register(sight_player_get_resource());
  context = webkit_web_context_new();
  webkit_web_context_set_cache_model(context, WEBKIT_CACHE_MODEL_DOCUMENT_VIEWER);
  webkit_web_context_set_spell_checking_enabled(context, FALSE);
  WebKitSecurityManager *security = webkit_web_context_get_security_manager(context);
  webkit_security_manager_register_uri_scheme_as_secure(security, SIGHT_UI_GUARD_SCHEME);
  webkit_security_manager_register_uri_scheme_as_cors_enabled(security, SIGHT_UI_GUARD_SCHEME);
  webkit_web_context_register_uri_scheme(context, SIGHT_UI_GUARD_SCHEME, on_request, NULL, NULL);
  return context;
}

static WebKitNetworkSession *shared_session(void) {
  static WebKitNetworkSession *session;
  if (session)
    return session;
  session = webkit_network_session_new_ephemeral();
  WebKitNetworkProxySettings *proxy = webkit_network_proxy_settings_new(DEAD_PROXY, NULL);
  webkit_network_session_set_proxy_settings(session, WEBKIT_NETWORK_PROXY_MODE_CUSTOM, proxy);
  webkit_network_proxy_settings_free(proxy);
  webkit_network_session_set_persistent_credential_storage_enabled(session, FALSE);
  webkit_cookie_manager_set_accept_policy(webkit_network_session_get_cookie_manager(session),
                                          WEBKIT_COOKIE_POLICY_ACCEPT_NEVER);
  g_signal_connect(session, "download-started", G_CALLBACK(on_download), NULL);
  return session;
}

/* Only our page, in the main frame, by its own address. Frames of a recording are filled by the page, never loaded. */
static gboolean on_decide_policy(WebKitWebView *view, WebKitPolicyDecision *decision, WebKitPolicyDecisionType type,
                                 gpointer user_data) {
  const char *uri = NULL;
  switch (type) {
  case WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION:
    uri = webkit_uri_request_get_uri(webkit_navigation_action_get_request(
        webkit_navigation_policy_decision_get_navigation_action(WEBKIT_NAVIGATION_POLICY_DECISION(decision))));
    break;
  case WEBKIT_POLICY_DECISION_TYPE_RESPONSE:
    uri = webkit_uri_request_get_uri(
        webkit_response_policy_decision_get_request(WEBKIT_RESPONSE_POLICY_DECISION(decision)));
    break;
  case WEBKIT_POLICY_DECISION_TYPE_NEW_WINDOW_ACTION:
    break;
  }
  if (g_strcmp0(uri, SIGHT_UI_GUARD_PAGE) == 0)
    webkit_policy_decision_use(decision);
  else
    webkit_policy_decision_ignore(decision);
  return TRUE;
}

static GtkWidget *on_create(WebKitWebView *view, WebKitNavigationAction *action, gpointer user_data) {
  return NULL;
}

static gboolean on_permission(WebKitWebView *view, WebKitPermissionRequest *request, gpointer user_data) {
  webkit_permission_request_deny(request);
  return TRUE;
}

static gboolean on_permission_state(WebKitWebView *view, WebKitPermissionStateQuery *query, gpointer user_data) {
  webkit_permission_state_query_finish(query, WEBKIT_PERMISSION_STATE_DENIED);
  return TRUE;
}

static gboolean on_authenticate(WebKitWebView *view, WebKitAuthenticationRequest *request, gpointer user_data) {
  webkit_authentication_request_cancel(request);
  return TRUE;
}

static gboolean on_file_chooser(WebKitWebView *view, WebKitFileChooserRequest *request, gpointer user_data) {
  webkit_file_chooser_request_cancel(request);
  return TRUE;
}

/* Stops what would follow: a menu, a dialog, printing, full screen, a notification. */
static gboolean on_refused(void) {
  return TRUE;
}

static WebKitSettings *new_settings(void) {
  return g_object_new(
      WEBKIT_TYPE_SETTINGS, "enable-javascript-markup", FALSE, "javascript-can-open-windows-automatically", FALSE,
      "javascript-can-access-clipboard", FALSE, "allow-modal-dialogs", FALSE, "allow-file-access-from-file-urls", FALSE,
      "allow-universal-access-from-file-urls", FALSE, "allow-top-navigation-to-data-urls", FALSE,
      "enable-developer-extras", FALSE, "enable-html5-database", FALSE, "enable-html5-local-storage", FALSE,
      "enable-page-cache", FALSE, "enable-back-forward-navigation-gestures", FALSE, "enable-webrtc", FALSE,
      "enable-media-stream", FALSE, "enable-mediasource", FALSE, "enable-encrypted-media", FALSE, "enable-webgl", FALSE,
      "enable-tabs-to-links", FALSE, "media-playback-requires-user-gesture", TRUE, "hardware-acceleration-policy",
      has_gpu() ? WEBKIT_HARDWARE_ACCELERATION_POLICY_ALWAYS : WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER, NULL);
}

/* The page's code comes in as a user script, so that the page itself may be forbidden every script. */
static void add_user_content(WebKitUserContentManager *manager) {
  g_autoptr(GBytes) script = g_resources_lookup_data(RESOURCES "player.js", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr(GBytes) style = g_resources_lookup_data(RESOURCES "player.css", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_return_if_fail(script && style);
  static const char *const here[] = {SIGHT_UI_GUARD_PAGE "*", NULL};
  WebKitUserScript *user_script =
      webkit_user_script_new_for_world(g_bytes_get_data(script, NULL), WEBKIT_USER_CONTENT_INJECT_TOP_FRAME,
                                       WEBKIT_USER_SCRIPT_INJECT_AT_DOCUMENT_END, SIGHT_UI_GUARD_WORLD, here, NULL);
  webkit_user_content_manager_add_script(manager, user_script);
  webkit_user_script_unref(user_script);
  WebKitUserStyleSheet *user_style = webkit_user_style_sheet_new(
      g_bytes_get_data(style, NULL), WEBKIT_USER_CONTENT_INJECT_TOP_FRAME, WEBKIT_USER_STYLE_LEVEL_AUTHOR, here, NULL);
  webkit_user_content_manager_add_style_sheet(manager, user_style);
  webkit_user_style_sheet_unref(user_style);
}

static void refuse_everything(WebKitWebView *view) {
  static const char *const refused[] = {
      "context-menu",     "print", "script-dialog", "show-notification", "enter-fullscreen", "show-option-menu",
      "run-color-chooser"};
  for (guint i = 0; i < G_N_ELEMENTS(refused); i++)
    g_signal_connect(view, refused[i], G_CALLBACK(on_refused), NULL);
  g_signal_connect(view, "decide-policy", G_CALLBACK(on_decide_policy), NULL);
  g_signal_connect(view, "create", G_CALLBACK(on_create), NULL);
  g_signal_connect(view, "permission-request", G_CALLBACK(on_permission), NULL);
  g_signal_connect(view, "query-permission-state", G_CALLBACK(on_permission_state), NULL);
  g_signal_connect(view, "authenticate", G_CALLBACK(on_authenticate), NULL);
  g_signal_connect(view, "run-file-chooser", G_CALLBACK(on_file_chooser), NULL);
}

WebKitWebView *sight_ui_guard_new_view(SightUiGuardServe serve, gpointer user_data) {
  WebKitWebContext *context = shared_context();
  g_autoptr(WebKitUserContentManager) manager = webkit_user_content_manager_new();
  g_autoptr(WebKitSettings) settings = new_settings();
  add_user_content(manager);
  WebKitWebView *view = g_object_new(WEBKIT_TYPE_WEB_VIEW, "web-context", context, "network-session", shared_session(),
                                     "user-content-manager", manager, "settings", settings, NULL);
  Server *server = g_new(Server, 1);
  *server = (Server){serve, user_data};
  g_object_set_qdata_full(G_OBJECT(view), server_quark(), server, g_free);
  refuse_everything(view);
  /* The recording takes no input: no click, no key, no drop reaches it. */
  gtk_widget_set_can_target(GTK_WIDGET(view), FALSE);
  gtk_widget_set_focusable(GTK_WIDGET(view), FALSE);
  gtk_widget_set_can_focus(GTK_WIDGET(view), FALSE);
  webkit_web_view_set_background_color(view, &(GdkRGBA){0, 0, 0, 0});
  return view;
}

void sight_ui_guard_close_view(WebKitWebView *view) {
  g_object_set_qdata(G_OBJECT(view), server_quark(), NULL);
}

static void take_filter(GTask *task, WebKitUserContentFilter *found) {
  WebKitWebView *view = g_task_get_source_object(task);
  WebKitUserContentManager *manager = webkit_web_view_get_user_content_manager(view);
  webkit_user_content_manager_remove_all_filters(manager);
  webkit_user_content_manager_add_filter(manager, found);
  webkit_web_view_load_uri(view, SIGHT_UI_GUARD_PAGE);
  g_task_return_boolean(task, TRUE);
}

static void on_filter_saved(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  WebKitUserContentFilter *saved =
      webkit_user_content_filter_store_save_finish(WEBKIT_USER_CONTENT_FILTER_STORE(source), result, &error);
  if (!saved) {
    g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED,
                            _("The filter that keeps recordings off the network could not be set up (%s). "
                              "Nothing is shown without it."),
                            error->message);
    return;
  }
  if (!g_task_return_error_if_cancelled(task))
    take_filter(task, saved);
  webkit_user_content_filter_unref(saved);
}

static void on_filter_loaded(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  WebKitUserContentFilterStore *store = WEBKIT_USER_CONTENT_FILTER_STORE(source);
  /* Not found means that it is the first time here: it is made then. */
  WebKitUserContentFilter *loaded = webkit_user_content_filter_store_load_finish(store, result, NULL);
  if (!loaded) {
    g_autoptr(GBytes) rules = g_bytes_new_static(filter, strlen(filter));
    webkit_user_content_filter_store_save(store, FILTER_ID, rules, g_task_get_cancellable(task), on_filter_saved,
                                          g_object_ref(task));
    return;
  }
  if (!g_task_return_error_if_cancelled(task))
    take_filter(task, loaded);
  webkit_user_content_filter_unref(loaded);
}

void sight_ui_guard_load_async(WebKitWebView *view, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(view, cancellable, callback, user_data);
  g_task_set_source_tag(task, sight_ui_guard_load_async);
  g_autofree char *path = g_build_filename(g_get_user_cache_dir(), "sessionsight", "web-filter", NULL);
  g_autoptr(WebKitUserContentFilterStore) store = webkit_user_content_filter_store_new(path);
  webkit_user_content_filter_store_load(store, FILTER_ID, cancellable, on_filter_loaded, g_object_ref(task));
}

gboolean sight_ui_guard_load_finish(WebKitWebView *view, GAsyncResult *result, GError **error) {
  g_return_val_if_fail(g_task_is_valid(result, view), FALSE);
  return g_task_propagate_boolean(G_TASK(result), error);
}
