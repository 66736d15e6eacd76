/* SPDX-License-Identifier: MIT */
/* SQLite's file format, as far as finding records needs it: https://www.sqlite.org/fileformat2.html */
#include "sight-page-file.h"

#include "sight-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_PAGE_BYTES 4096
#define FILE_HEADER_BYTES 100
#define LOG_HEADER_BYTES 32
#define FRAME_HEADER_BYTES 24
/* SQLite's own limit of a record. */
#define MAX_RECORD_BYTES 1000000000

enum { INTERIOR_INDEX = 2, LEAF_INDEX = 10, LEAF_TABLE = 13 };

struct SightPageFile {
  int fd, log_fd; /* log_fd: -1 where there is none */
  gsize page_bytes;
  guint32 n_pages;
  GHashTable *in_log; /* page number -> gint64 offset of its newest version in the log */
  gboolean log_damaged;
  guint8 *page; /* the one that is looked through */
  guint8 *overflow;
  GByteArray *record; /* one that is spread over several pages */
};

static guint32 be16(const guint8 *p) {
  return ((guint32)p[0] << 8) | p[1];
}

static guint32 be32(const guint8 *p) {
  return (be16(p) << 16) | be16(p + 2);
}

static gboolean read_at(int fd, gint64 offset, void *data, gsize bytes) {
  gsize done = 0;

  while (done < bytes) {
    ssize_t n = pread(fd, (char *)data + done, bytes - done, offset + (gint64)done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    done += (gsize)n;
  }
  return TRUE;
}

static gint64 bytes_of(int fd) {
  struct stat info;
  return fstat(fd, &info) == 0 ? (gint64)info.st_size : 0;
}

static gboolean is_page_size(guint32 bytes) {
  return bytes >= 512 && bytes <= 65536 && (bytes & (bytes - 1)) == 0;
}

/* The log */

typedef struct {
  guint32 a, b;
} Checksum;

static Checksum checksum(Checksum sum, const guint8 *data, gsize bytes, gboolean big_endian) {
  for (gsize i = 0; i + 8 <= bytes; i += 8) {
    guint32 first = be32(data + i), second = be32(data + i + 4);
    sum.a += (big_endian ? first : GUINT32_SWAP_LE_BE(first)) + sum.b;
    sum.b += (big_endian ? second : GUINT32_SWAP_LE_BE(second)) + sum.a;
  }
  return sum;
}

static Checksum stored_checksum(const guint8 *at) {
  return (Checksum){be32(at), be32(at + 4)};
}

static gboolean equal(Checksum a, Checksum b) {
  return a.a == b.a && a.b == b.b;
}

/* What was read of one transaction goes into the table when its commit is found. */
typedef struct {
  SightPageFile *file;
  guint8 header[LOG_HEADER_BYTES];
  gboolean header_sound, big_endian;
  Checksum before; /* as stored with the frame before */
  GArray *open;    /* of Version, not committed yet */
  gboolean bad;    /* since the last commit something did not fit */
  guint32 n_pages; /* of the database after the last commit; 0: none */
} Log;

typedef struct {
  guint32 page;
  gint64 offset;
} Version;

static void commit(Log *log, guint32 n_pages) {
  for (guint i = 0; i < log->open->len; i++) {
    const Version *version = &g_array_index(log->open, Version, i);
    gint64 *offset = g_new(gint64, 1);
    *offset = version->offset;
    g_hash_table_replace(log->file->in_log, GUINT_TO_POINTER(version->page), offset);
  }
  g_array_set_size(log->open, 0);
  log->n_pages = n_pages;
  log->file->log_damaged |= log->bad;
  log->bad = FALSE;
}

/* Each frame is checked against the checksum that the one before says it has: after a damaged one it goes on. */
static void take_frame(Log *log, const guint8 *frame, gint64 offset) {
  gsize page_bytes = log->file->page_bytes;
  guint32 page = be32(frame), committed = be32(frame + 4);
  /* The two salts, which the checksum does not cover: one of a log before has neither. SQLite would stop here. */
  gboolean first = memcmp(frame + 8, log->header + 16, 4) == 0, second = memcmp(frame + 12, log->header + 20, 4) == 0;
  gboolean of_this_log = first || second;
  Checksum sum = checksum(log->before, frame, 8, log->big_endian);

  sum = checksum(sum, frame + FRAME_HEADER_BYTES, page_bytes, log->big_endian);
  log->before = stored_checksum(frame + 16);
  log->file->log_damaged |= first != second;
  if (!of_this_log || !equal(sum, log->before) || page == 0) {
    log->bad = TRUE;
    /* The end of what was written last: where it was to be committed, it was more than begun. */
    log->file->log_damaged |= of_this_log && committed != 0;
    return;
  }
  Version version = {page, offset + FRAME_HEADER_BYTES};
  g_array_append_val(log->open, version);
  if (committed != 0)
    commit(log, committed);
}

static void read_log(SightPageFile *file) {
  Log log = {.file = file};
  gsize frame_bytes = FRAME_HEADER_BYTES + file->page_bytes;
  gint64 bytes = bytes_of(file->log_fd);

  if (bytes < LOG_HEADER_BYTES + (gint64)frame_bytes || !read_at(file->log_fd, 0, log.header, LOG_HEADER_BYTES))
    return;
  log.big_endian = (log.header[3] & 1) != 0;
  log.before = stored_checksum(log.header + 24);
  log.header_sound = equal(checksum((Checksum){0, 0}, log.header, 24, log.big_endian), log.before);
  g_autofree guint8 *frame = g_malloc(frame_bytes);
  /* SQLite would read nothing of a log whose head is damaged. */
  file->log_damaged = !log.header_sound;
  if (!log.header_sound && read_at(file->log_fd, LOG_HEADER_BYTES, frame, frame_bytes))
    memcpy(log.header + 16, frame + 8, 8);
  log.open = g_array_new(FALSE, FALSE, sizeof(Version));
  for (gint64 at = LOG_HEADER_BYTES; read_at(file->log_fd, at, frame, frame_bytes); at += (gint64)frame_bytes)
    take_frame(&log, frame, at);
  g_array_unref(log.open);
  if (log.n_pages != 0)
    file->n_pages = MAX(log.n_pages, 1);
}

/* Pages */

static gboolean read_page(SightPageFile *file, guint32 number, guint8 *data) {
  const gint64 *offset = g_hash_table_lookup(file->in_log, GUINT_TO_POINTER(number));

  if (number == 0 || number > file->n_pages)
    return FALSE;
  return offset != NULL ? read_at(file->log_fd, *offset, data, file->page_bytes)
                        : read_at(file->fd, (gint64)(number - 1) * (gint64)file->page_bytes, data, file->page_bytes);
}

/* Bytes that it takes, 0 where it does not end before `end`. */
static gsize varint(const guint8 *p, const guint8 *end, guint64 *value) {
  *value = 0;
  for (gsize i = 0; i < 9 && p + i < end; i++) {
    if (i == 8) {
      *value = (*value << 8) | p[i];
      return 9;
    }
    *value = (*value << 7) | (p[i] & 0x7f);
    if ((p[i] & 0x80) == 0)
      return i + 1;
  }
  return 0;
}

static gint64 integer_of(const guint8 *data, gsize bytes) {
  guint64 value = bytes > 0 && (data[0] & 0x80) != 0 ? G_MAXUINT64 : 0;

  for (gsize i = 0; i < bytes; i++)
    value = (value << 8) | data[i];
  return (gint64)value;
}

/* FALSE: there is no such type. */
static gboolean value_of(guint64 serial, const guint8 *data, gsize bytes_left, SightPageValue *value) {
  static const guint8 int_bytes[] = {0, 1, 2, 3, 4, 6, 8};

  *value = (SightPageValue){.type = SIGHT_PAGE_NULL, .data = data};
  if (serial == 10 || serial == 11)
    return FALSE;
  if (serial >= 12) {
    value->type = (serial & 1) != 0 ? SIGHT_PAGE_TEXT : SIGHT_PAGE_BLOB;
    if ((serial - 12) / 2 > bytes_left)
      return FALSE;
    value->bytes = (gsize)((serial - 12) / 2);
  } else if (serial == 7) {
    value->type = SIGHT_PAGE_REAL;
    value->bytes = 8;
  } else if (serial == 8 || serial == 9) {
    value->type = SIGHT_PAGE_INT;
    value->integer = (gint64)serial - 8;
  } else if (serial > 0 && serial < G_N_ELEMENTS(int_bytes)) {
    value->type = SIGHT_PAGE_INT;
    value->bytes = int_bytes[serial];
  }
  if (value->bytes > bytes_left)
    return FALSE;
  if (value->bytes > 0 && serial <= 7)
    value->integer = integer_of(data, value->bytes);
  if (serial == 7)
    memcpy(&value->real, &value->integer, sizeof value->real);
  return TRUE;
}

/* FALSE where it is not exactly a record. */
static gboolean parse_record(const guint8 *data, gsize bytes, SightPageRecord *record) {
  guint64 header_bytes = 0;
  gsize at = varint(data, data + bytes, &header_bytes);

  record->n_values = 0;
  if (at == 0 || header_bytes < at || header_bytes > bytes)
    return FALSE;
  gsize body = (gsize)header_bytes;
  while (at < header_bytes) {
    guint64 serial = 0;
    gsize step = varint(data + at, data + header_bytes, &serial);
    if (step == 0 || record->n_values == SIGHT_PAGE_MAX_VALUES ||
        !value_of(serial, data + body, bytes - body, &record->values[record->n_values]))
      return FALSE;
    at += step;
    body += record->values[record->n_values++].bytes;
  }
  return body == bytes;
}

/* How much of a record stands in the page itself. */
static gsize local_bytes(gsize usable, gboolean table, gsize bytes) {
  gsize most = table ? usable - 35 : (usable - 12) * 64 / 255 - 23;
  gsize least = (usable - 12) * 32 / 255 - 23;

  if (bytes <= most)
    return bytes;
  gsize some = least + (bytes - least) % (usable - 4);
  return some <= most ? some : least;
}

/* The rest of a record, from page to page. FALSE where the chain ends early. */
static gboolean gather(SightPageFile *file, const guint8 *local, gsize n_local, gsize bytes, guint32 next) {
  g_byte_array_set_size(file->record, 0);
  g_byte_array_append(file->record, local, (guint)n_local);
  /* Each step adds bytes: a chain that leads back to itself ends too. */
  while (file->record->len < bytes) {
    if (!read_page(file, next, file->overflow))
      return FALSE;
    g_byte_array_append(file->record, file->overflow + 4, (guint)MIN(file->page_bytes - 4, bytes - file->record->len));
    next = be32(file->overflow);
  }
  return TRUE;
}

static gboolean read_cell(SightPageFile *file, guint8 kind, const guint8 *at, SightPageRecord *record) {
  const guint8 *end = file->page + file->page_bytes;
  guint64 bytes = 0, rowid = 0;

  if (kind == INTERIOR_INDEX)
    at += 4;
  gsize step = at < end ? varint(at, end, &bytes) : 0;
  at += step;
  if (step == 0 || bytes > MAX_RECORD_BYTES || bytes > (guint64)file->n_pages * file->page_bytes)
    return FALSE;
  record->has_rowid = kind == LEAF_TABLE;
  if (record->has_rowid) {
    step = varint(at, end, &rowid);
    at += step;
    if (step == 0)
      return FALSE;
  }
  record->rowid = (gint64)rowid;
  gsize n_local = local_bytes(file->page_bytes, record->has_rowid, (gsize)bytes);
  if (n_local == bytes)
    return n_local <= (gsize)(end - at) && parse_record(at, n_local, record);
  return n_local + 4 <= (gsize)(end - at) && gather(file, at, n_local, (gsize)bytes, be32(at + n_local)) &&
         parse_record(file->record->data, file->record->len, record);
}

static gboolean each_of_page(SightPageFile *file, guint32 number, SightPageFunc func, gpointer user_data,
                             GError **error) {
  gsize head = number == 1 ? FILE_HEADER_BYTES : 0;
  guint8 kind = file->page[head];
  SightPageRecord record = {.page = number};

  if (kind != LEAF_TABLE && kind != LEAF_INDEX && kind != INTERIOR_INDEX)
    return TRUE;
  guint32 n_cells = be16(file->page + head + 3);
  gsize first = head + (kind == INTERIOR_INDEX ? 12 : 8);
  for (gsize i = 0; i < n_cells && first + 2 * i + 2 <= file->page_bytes; i++) {
    gsize at = be16(file->page + first + 2 * i);
    if (at >= first && at < file->page_bytes && read_cell(file, kind, file->page + at, &record) &&
        !func(&record, user_data, error))
      return FALSE;
  }
  return TRUE;
}

gboolean sight_page_file_each(SightPageFile *file, SightPageFunc func, gpointer user_data, GError **error) {
  for (guint32 number = 1; number <= file->n_pages; number++) {
    if (read_page(file, number, file->page) && !each_of_page(file, number, func, user_data, error))
      return FALSE;
  }
  return TRUE;
}

/* The tree of an index */

typedef struct {
  const char *name;
  guint32 root;
} Root;

/* A row of the schema: type, name, table, root, statement. */
static gboolean find_root(const SightPageRecord *tainted_record, gpointer user_data, GError **error) {
  Root *root = user_data;
  const SightPageValue *values = tainted_record->values;

  if (tainted_record->has_rowid && tainted_record->n_values == 5 && values[0].type == SIGHT_PAGE_TEXT &&
      values[1].type == SIGHT_PAGE_TEXT && values[3].type == SIGHT_PAGE_INT && values[0].bytes == strlen("index") &&
      memcmp(values[0].data, "index", values[0].bytes) == 0 && values[1].bytes == strlen(root->name) &&
      memcmp(values[1].data, root->name, values[1].bytes) == 0)
    root->root = (guint32)CLAMP(values[3].integer, 0, G_MAXINT32);
  return TRUE;
}

static void add_child(GHashTable *pages, GQueue *open, guint32 number) {
  if (g_hash_table_add(pages, GUINT_TO_POINTER(number)))
    g_queue_push_tail(open, GUINT_TO_POINTER(number));
}

GHashTable *sight_page_file_find_index(SightPageFile *file, const char *name) {
  GHashTable *pages = g_hash_table_new(NULL, NULL);
  g_auto(GQueue) open = G_QUEUE_INIT;
  Root root = {.name = name};

  sight_page_file_each(file, find_root, &root, NULL);
  if (root.root != 0)
    add_child(pages, &open, root.root);
  while (!g_queue_is_empty(&open)) {
    if (!read_page(file, GPOINTER_TO_UINT(g_queue_pop_head(&open)), file->page) || file->page[0] != INTERIOR_INDEX)
      continue;
    guint32 n_cells = be16(file->page + 3);
    add_child(pages, &open, be32(file->page + 8));
    for (gsize i = 0; i < n_cells && 12 + 2 * i + 2 <= file->page_bytes; i++) {
      gsize at = be16(file->page + 12 + 2 * i);
      if (at + 4 <= file->page_bytes)
        add_child(pages, &open, be32(file->page + at));
    }
  }
  return pages;
}

/* Opening */

SightPageFile *sight_page_file_open(const char *database_path, GError **error) {
  g_autofree char *log_path = g_strconcat(database_path, "-wal", NULL);
  guint8 head[FILE_HEADER_BYTES] = {0};
  int fd = g_open(database_path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN, _("“%s” cannot be opened: %s"), database_path,
                g_strerror(errno));
    return NULL;
  }
  SightPageFile *file = g_new0(SightPageFile, 1);
  file->fd = fd;
  file->log_fd = g_open(log_path, O_RDONLY | O_CLOEXEC, 0);
  file->page_bytes = DEFAULT_PAGE_BYTES;
  if (read_at(fd, 0, head, sizeof head) && is_page_size(be16(head + 16)))
    file->page_bytes = be16(head + 16);
  /* The size that the head tells is not believed. A last page that was cut off is none. */
  file->n_pages = (guint32)MIN(bytes_of(fd) / (gint64)file->page_bytes, G_MAXINT32);
  file->in_log = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  file->record = g_byte_array_new();
  file->page = g_malloc0(file->page_bytes);
  file->overflow = g_malloc0(file->page_bytes);
  if (file->log_fd >= 0)
    read_log(file);
  return file;
}

gboolean sight_page_file_log_is_damaged(const SightPageFile *file) {
  return file->log_damaged;
}

void sight_page_file_close(SightPageFile *file) {
  if (file == NULL)
    return;
  close(file->fd);
  if (file->log_fd >= 0)
    close(file->log_fd);
  g_hash_table_unref(file->in_log);
  g_byte_array_unref(file->record);
  g_free(file->page);
  g_free(file->overflow);
  g_free(file);
}
