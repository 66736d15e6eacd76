/* SPDX-License-Identifier: MIT */
/* Copying by the feed of changes, as a workstation would, and comparing. */
#include "sight-move.h"

#include "sight-envelope.h"
#include "sight-hash.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PAGE 500
/* Whoever follows a store that takes batches is never quite there: where a round takes no longer, it may be closed. */
#define NEARLY_US (2 * G_USEC_PER_SEC)
#define MAX_ROUNDS 20
#define AT_ONCE 12
#define DIGEST_BYTES 32

typedef struct {
  SightDepot *from, *to;
  gint64 from_project, to_project;
  SightMoveFunc func;
  gpointer user_data;
  gint64 n_done;
  /* Up to which arrival each session was copied by now: depots number them each in its own way. */
  GMutex lock;
  GHashTable *reached; /* session -> gint64 */
} Move;

/* A session that is being copied. */
typedef struct {
  const Move *move;
  const SightDepotSession *session;
  gint64 reached;
  GError *failure;
} Copy;

/* One batch */

static void append_piece(const char *text, gsize bytes, gpointer user_data) {
  g_string_append_len(user_data, text, (gssize)bytes);
}

/* Which pictures a batch tells of is read out of its events. */
static gboolean read_batch(const SightStoredBatch *stored, SightEnvelope *envelope, GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  sight_envelope_write(&stored->batch, stored->arrival, append_piece, text);
  return sight_envelope_parse(text->str, text->len, envelope, error);
}

static gboolean copy_asset(const Move *move, const char *hash, GError **error) {
  gboolean has = FALSE;
  g_autofree char *type = NULL;
  g_autoptr(GBytes) content = NULL;
  SightAssetResult result = SIGHT_ASSET_FAILED;
  if (!move->to->kind->has_asset(move->to, move->to_project, hash, &has, error))
    return FALSE;
  if (has)
    return TRUE;
  if (!move->from->kind->get_asset(move->from, move->from_project, hash, &type, &content, error))
    return FALSE;
  return content == NULL || move->to->kind->put_asset(move->to, move->to_project, hash, type, content, &result, error);
}

static gboolean copy_envelope(const Copy *copy, const SightEnvelope *envelope, GError **error) {
  const Move *move = copy->move;
  SightDepotPut result = SIGHT_DEPOT_STORED;
  const GPtrArray *assets = envelope->batch.assets;
  for (guint i = 0; assets != NULL && i < assets->len; i++) {
    if (!copy_asset(move, g_ptr_array_index(assets, i), error))
      return FALSE;
  }
  if (!move->to->kind->put_batch(move->to, move->to_project, &envelope->batch,
                                 copy->session->has_proof ? copy->session->proof : NULL, G_MAXINT64, &result, error))
    return FALSE;
  if (result != SIGHT_DEPOT_STORED && result != SIGHT_DEPOT_DUPLICATE)
    g_set_error(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_OTHER,
                _("session %s is not taken: it stands there already, as another one"), envelope->batch.session);
  return result == SIGHT_DEPOT_STORED || result == SIGHT_DEPOT_DUPLICATE;
}

static gboolean copy_batch(const SightStoredBatch *stored, gpointer user_data) {
  Copy *copy = user_data;
  g_auto(SightEnvelope) envelope = {0};
  if (!read_batch(stored, &envelope, &copy->failure) || !copy_envelope(copy, &envelope, &copy->failure))
    return FALSE;
  copy->reached = stored->arrival;
  return TRUE;
}

/* Sessions */

static gint64 get_reached(Move *move, const char *id) {
  g_mutex_lock(&move->lock);
  const gint64 *reached = g_hash_table_lookup(move->reached, id);
  gint64 arrival = reached != NULL ? *reached : 0;
  g_mutex_unlock(&move->lock);
  return arrival;
}

static void set_reached(Move *move, const char *id, gint64 arrival) {
  g_mutex_lock(&move->lock);
  g_hash_table_insert(move->reached, g_strdup(id), g_memdup2(&arrival, sizeof arrival));
  g_mutex_unlock(&move->lock);
}

static gboolean copy_batches(Move *move, const char *id, const SightDepotSession *session, gint64 after,
                             GError **error) {
  Copy copy = {.move = move, .session = session, .reached = after};
  if (!move->from->kind->list_batches(move->from, move->from_project, id, NULL, after, copy_batch, &copy, error))
    return FALSE;
  set_reached(move, id, copy.reached);
  if (copy.failure == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&copy.failure));
  return FALSE;
}

static gboolean erase_there(const Move *move, const char *id, GError **error) {
  gint64 n_erased = 0;
  return move->to->kind->erase_session(move->to, move->to_project, id, &n_erased, error);
}

static gboolean copy_session(Move *move, const SightChange *change, GError **error) {
  SightDepotSession here = {0}, there = {0};
  if (!move->from->kind->look_up(move->from, move->from_project, change->session, &here, error) ||
      !move->to->kind->look_up(move->to, move->to_project, change->session, &there, error))
    return FALSE;
  if (here.erased)
    return there.erased || erase_there(move, change->session, error);
  if (!here.exists || here.n_batches == there.n_batches)
    return TRUE;
  gint64 after = MAX(get_reached(move, change->session), there.n_batches);
  if (!copy_batches(move, change->session, &here, after, error) ||
      !move->to->kind->look_up(move->to, move->to_project, change->session, &there, error))
    return FALSE;
  /* Numbers of batches were left out here. */
  return there.n_batches >= here.n_batches || copy_batches(move, change->session, &here, 0, error);
}

typedef gboolean (*SessionFunc)(Move *move, const SightChange *change, GError **error);

/* A page of sessions, some at a time: each batch waits for a commit, which those of others share. */
typedef struct {
  Move *move;
  SessionFunc func;
  GMutex lock;
  GError *failure; /* the first */
} Page;

static void work(gpointer data, gpointer user_data) {
  Page *page = user_data;
  g_autoptr(GError) failure = NULL;
  g_mutex_lock(&page->lock);
  gboolean goes_on = page->failure == NULL;
  g_mutex_unlock(&page->lock);
  if (!goes_on)
    return;
  gboolean done = page->func(page->move, data, &failure);
  g_mutex_lock(&page->lock);
  if (!done && page->failure == NULL)
    page->failure = g_steal_pointer(&failure);
  if (done && page->move->func != NULL)
    page->move->func(++page->move->n_done, page->move->user_data);
  g_mutex_unlock(&page->lock);
}

static gboolean work_on_page(Move *move, GPtrArray *changes, SessionFunc func, guint at_once, GError **error) {
  Page page = {.move = move, .func = func};
  g_mutex_init(&page.lock);
  GThreadPool *pool = g_thread_pool_new(work, &page, (int)at_once, FALSE, NULL);
  for (guint i = 0; i < changes->len; i++)
    g_thread_pool_push(pool, g_ptr_array_index(changes, i), NULL);
  g_thread_pool_free(pool, FALSE, TRUE);
  g_mutex_clear(&page.lock);
  if (page.failure == NULL)
    return TRUE;
  g_propagate_error(error, page.failure);
  return FALSE;
}

/* Those behind *cursor, which goes on. */
static gboolean each_session(Move *move, char **cursor, SessionFunc func, guint at_once, GError **error) {
  gboolean more = TRUE;
  while (more) {
    g_autoptr(GPtrArray) changes = NULL;
    g_autofree char *next = NULL;
    gint64 revision = 0;
    if (!move->from->kind->list_changes(move->from, move->from_project, *cursor, PAGE, &changes, &next, &revision,
                                        error) ||
        !work_on_page(move, changes, func, at_once, error))
      return FALSE;
    more = changes->len == PAGE;
    g_free(*cursor);
    *cursor = g_steal_pointer(&next);
  }
  return TRUE;
}

/* Annotations */

static gboolean keep_note(const SightAnnotation *annotation, gpointer user_data) {
  g_ptr_array_add(user_data, sight_annotation_copy(annotation));
  return TRUE;
}

static GPtrArray *list_notes(SightDepot *depot, gint64 project, GError **error) {
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_annotation_free);
  g_autofree char *cursor = NULL;
  return depot->kind->list_annotations(depot, project, NULL, keep_note, list, &cursor, error) ? g_steal_pointer(&list)
                                                                                              : NULL;
}

static gboolean copy_notes(Move *move, GError **error) {
  g_autoptr(GPtrArray) list = list_notes(move->from, move->from_project, error);
  for (guint i = 0; list != NULL && i < list->len; i++) {
    SightAnnotation *annotation = g_ptr_array_index(list, i);
    gboolean changed = FALSE;
    annotation->endpoint = move->to_project;
    if (!move->to->kind->put_annotation(move->to, annotation, &changed, error))
      return FALSE;
  }
  return list != NULL;
}

/* Comparing */

typedef struct {
  SightDepot *depot;
  gint64 project, n_batches, n_bytes, n_assets, n_damaged;
  guint8 sum[DIGEST_BYTES]; /* of each batch, by exclusive or: in whatever order */
  GError *failure;
} Side;

static void add_text(GChecksum *checksum, const char *text) {
  g_checksum_update(checksum, (const guchar *)text, (gssize)strlen(text) + 1);
}

static void add_digest(guint8 sum[DIGEST_BYTES], GChecksum *checksum) {
  guint8 digest[DIGEST_BYTES];
  gsize bytes = sizeof digest;
  g_checksum_get_digest(checksum, digest, &bytes);
  for (gsize i = 0; i < DIGEST_BYTES; i++)
    sum[i] ^= digest[i];
}

static gboolean sum_asset(Side *side, const char *hash) {
  g_autofree char *type = NULL;
  g_autoptr(GBytes) content = NULL;
  if (!side->depot->kind->get_asset(side->depot, side->project, hash, &type, &content, &side->failure))
    return FALSE;
  if (content == NULL)
    return TRUE;
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  add_text(checksum, type);
  g_checksum_update(checksum, g_bytes_get_data(content, NULL), (gssize)g_bytes_get_size(content));
  add_digest(side->sum, checksum);
  side->n_assets++;
  return TRUE;
}

static gboolean sum_batch(const SightStoredBatch *stored, gpointer user_data) {
  Side *side = user_data;
  const SightBatch *batch = &stored->batch;
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autofree char *numbers = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %u",
                                             batch->seq, batch->sent_at_ms, batch->received_at_ms, batch->n_events);
  g_auto(SightEnvelope) envelope = {0};
  add_text(checksum, batch->session);
  add_text(checksum, batch->window);
  add_text(checksum, numbers);
  g_checksum_update(checksum, (const guchar *)batch->events, (gssize)batch->events_bytes);
  add_digest(side->sum, checksum);
  side->n_batches++;
  side->n_bytes += (gint64)batch->events_bytes;
  side->n_damaged += batch->is_lost ? 1 : 0;
  if (!read_batch(stored, &envelope, &side->failure))
    return FALSE;
  const GPtrArray *assets = envelope.batch.assets;
  for (guint i = 0; assets != NULL && i < assets->len; i++) {
    if (!sum_asset(side, g_ptr_array_index(assets, i)))
      return FALSE;
  }
  return TRUE;
}

static gboolean sum_session(Side *side, const char *id, GError **error) {
  if (!side->depot->kind->list_batches(side->depot, side->project, id, NULL, 0, sum_batch, side, error))
    return FALSE;
  if (side->failure == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&side->failure));
  return FALSE;
}

typedef struct {
  Move move; /* first */
  SightMoveProof *proof;
  GChecksum *all;
} Comparison;

static gboolean differ(const char *what, const char *id, GError **error) {
  g_set_error(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_OTHER, _("%s %s is not the same in both stores"), what, id);
  return FALSE;
}

static gboolean compare_session(Move *move, const SightChange *change, GError **error) {
  Comparison *comparison = (Comparison *)move;
  SightDepotSession here = {0}, there = {0};
  Side a = {.depot = move->from, .project = move->from_project};
  Side b = {.depot = move->to, .project = move->to_project};
  if (!move->from->kind->look_up(move->from, move->from_project, change->session, &here, error) ||
      !move->to->kind->look_up(move->to, move->to_project, change->session, &there, error))
    return FALSE;
  add_text(comparison->all, change->session);
  if (change->erased) {
    comparison->proof->n_erased++;
    return there.erased && !there.exists ? TRUE : differ("session", change->session, error);
  }
  if (there.erased || !there.exists)
    return differ("session", change->session, error);
  if (!sum_session(&a, change->session, error) || !sum_session(&b, change->session, error))
    return FALSE;
  if (a.n_batches != b.n_batches || a.n_batches != here.n_batches || a.n_assets != b.n_assets ||
      a.n_damaged != b.n_damaged || memcmp(a.sum, b.sum, sizeof a.sum) != 0)
    return differ("session", change->session, error);
  g_checksum_update(comparison->all, a.sum, sizeof a.sum);
  comparison->proof->n_sessions++;
  comparison->proof->n_batches += a.n_batches;
  comparison->proof->n_bytes += a.n_bytes;
  comparison->proof->n_assets += a.n_assets;
  comparison->proof->n_damaged += a.n_damaged;
  return TRUE;
}

static int compare_ids(gconstpointer a, gconstpointer b) {
  return strcmp((*(const SightAnnotation *const *)a)->id, (*(const SightAnnotation *const *)b)->id);
}

static gboolean compare_notes(Comparison *comparison, GError **error) {
  const Move *move = &comparison->move;
  g_autoptr(GPtrArray) here = list_notes(move->from, move->from_project, error);
  g_autoptr(GPtrArray) there = here != NULL ? list_notes(move->to, move->to_project, error) : NULL;
  if (there == NULL)
    return FALSE;
  g_ptr_array_sort(here, compare_ids);
  g_ptr_array_sort(there, compare_ids);
  for (guint i = 0; i < here->len; i++) {
    const SightAnnotation *a = g_ptr_array_index(here, i);
    const SightAnnotation *b = i < there->len ? g_ptr_array_index(there, i) : NULL;
    if (b == NULL || !g_str_equal(a->id, b->id) || !sight_annotation_is_same(a, b) || a->updated_ms != b->updated_ms)
      return differ("annotation", a->id, error);
    add_text(comparison->all, a->id);
    add_text(comparison->all, a->body);
  }
  comparison->proof->n_annotations = here->len;
  return here->len == there->len || differ("annotation", "…", error);
}

static gboolean compare(const Move *move, SightMoveProof *proof, GError **error) {
  g_autoptr(GChecksum) all = g_checksum_new(G_CHECKSUM_SHA256);
  Comparison comparison = {.move = *move, .proof = proof, .all = all};
  g_autofree char *cursor = NULL;
  *proof = (SightMoveProof){0};
  if (!each_session(&comparison.move, &cursor, compare_session, 1, error) || !compare_notes(&comparison, error))
    return FALSE;
  g_strlcpy(proof->sum, g_checksum_get_string(all), sizeof proof->sum);
  return TRUE;
}

/* The whole */

static gboolean begin(Move *move, GError **error) {
  g_auto(SightDepotKeys) keys = {0};
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;
  g_autoptr(GPtrArray) list = move->from->kind->list_keys(move->from, error);
  g_auto(GStrv) origins = list != NULL ? move->from->kind->list_origins(move->from, error) : NULL;
  /* It is there: its keys and origins are. */
  if (origins == NULL || !move->from->kind->ensure(move->from, "", NULL, &keys, error))
    return FALSE;
  move->from_project = keys.project;
  return move->from->kind->get_project(move->from, move->from_project, &name, &id, error) &&
         move->to->kind->adopt(move->to, name, id, list, origins, &move->to_project, error);
}

static gboolean set_closed(SightDepot *depot, gboolean closed, SightPolicy *policy, GError **error) {
  policy->closed = closed;
  return depot->kind->set_policy(depot, policy, error);
}

static gboolean follow(Move *move, char **cursor, GError **error) {
  gint64 took_us = NEARLY_US;
  for (int round = 0; round < MAX_ROUNDS && took_us >= NEARLY_US; round++) {
    gint64 begun_us = g_get_monotonic_time();
    if (!each_session(move, cursor, copy_session, AT_ONCE, error))
      return FALSE;
    took_us = g_get_monotonic_time() - begun_us;
  }
  return TRUE;
}

static gboolean move_all(Move *move, SightMoveProof *proof, GError **error) {
  g_autofree char *cursor = NULL;
  g_autoptr(SightPolicy) policy = move->from->kind->get_policy(move->from, error);
  if (policy == NULL || !begin(move, error) || !follow(move, &cursor, error) ||
      !set_closed(move->from, TRUE, policy, error))
    return FALSE;
  g_auto(SightDepotKeys) keys = {0};
  /* To write means to wait for whoever wrote before it was closed. */
  return move->from->kind->ensure(move->from, "", NULL, &keys, error) &&
         each_session(move, &cursor, copy_session, AT_ONCE, error) && copy_notes(move, error) &&
         compare(move, proof, error) && set_closed(move->to, FALSE, policy, error);
}

gboolean sight_move(SightDepot *from, SightDepot *to, SightMoveFunc func, gpointer user_data, SightMoveProof *proof,
                    GError **error) {
  Move move = {.from = from, .to = to, .func = func, .user_data = user_data};
  g_mutex_init(&move.lock);
  move.reached = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  gboolean done = move_all(&move, proof, error);
  g_hash_table_unref(move.reached);
  g_mutex_clear(&move.lock);
  return done;
}
