/* SPDX-License-Identifier: MIT */
/* sightctl tag and note: what the team says of a moment, a stretch or a whole session, and what others answer. */
#include "sight-cli.h"

#include "sight-annotation-table.h"
#include "sight-note-table.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

#define MAX_TAG_CHARS 200
#define MAX_NOTE_CHARS 20000

typedef struct {
  const char *kind; /* "tag" or "note" */
  const char *session, *text;
  char *at, *to, *colour, *edit, *remove, *reply;
  gboolean list, colours;
  char **set_colours;
  char *id; /* that was written */
  gint64 at_ms;
  GString *json;
  SightCliTable *table;
} Tagging;

static void tagging_clear(Tagging *self) {
  g_free(self->at);
  g_free(self->to);
  g_free(self->colour);
  g_free(self->edit);
  g_free(self->remove);
  g_free(self->reply);
  g_strfreev(self->set_colours);
  g_free(self->id);
  if (self->json)
    g_string_free(self->json, TRUE);
  g_clear_pointer(&self->table, sight_cli_table_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tagging, tagging_clear)

/* Times are milliseconds from the start; none lies behind the end of the session. */
static char *time_within(const char *text, const SightSession *session) {
  return g_strdup_printf("%" G_GINT64_FORMAT, MIN(g_ascii_strtoll(text, NULL, 10), session->duration_ms));
}

static gboolean has_colour(SightDb *db, const SightSession *session, const char *colour, GError **error) {
  g_auto(GStrv) colours = sight_note_table_colours(db, session->endpoint, error);

  for (guint i = 0; colours && colours[i]; i++) {
    if (g_str_has_prefix(colours[i], colour) && colours[i][strlen(colour)] == '=') {
      return TRUE;
    }
  }
  if (colours) {
    g_autofree char *known = g_strjoinv(", ", colours);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                _("“%s” is none of the colours (%s); “sightctl tag --colours” changes them."), colour, known);
  }
  return FALSE;
}

/* Whatever of moment, end and colour was given. */
static gboolean set_fields(SightDb *db, const Tagging *self, const SightSession *session, const SightNote *note,
                           gboolean moment, GError **error) {
  g_autofree char *at = self->at && moment ? time_within(self->at, session) : NULL;
  g_autofree char *to = self->to && *self->to ? time_within(self->to, session) : g_strdup(self->to);

  if (self->colour && *self->colour && !has_colour(db, session, self->colour, error)) {
    return FALSE;
  }
  return (!at || sight_note_table_set(db, note, SIGHT_NOTE_AT, at, error)) &&
         (!to || sight_note_table_set(db, note, SIGHT_NOTE_END, to, error)) &&
         (!self->colour || sight_note_table_set(db, note, SIGHT_NOTE_COLOUR, self->colour, error));
}

static gboolean add(SightDb *db, Tagging *self, const SightSession *session, GError **error) {
  gint64 at_ms = self->at                         ? MIN(g_ascii_strtoll(self->at, NULL, 10), session->duration_ms)
                 : g_str_equal(self->kind, "tag") ? 0
                                                  : -1;
  g_autoptr(SightAnnotation) annotation =
      sight_annotation_new(session->endpoint, session->session, self->kind, at_ms, self->text);

  if (!sight_annotation_table_put(db, annotation, SIGHT_ANNOTATION_MADE_HERE, NULL, error)) {
    return FALSE;
  }
  self->id = g_strdup(annotation->id);
  g_autoptr(SightNote) note = sight_note_table_get(db, session->endpoint, session->session, self->id, error);
  return note && set_fields(db, self, session, note, FALSE, error);
}

static gboolean remove_one(SightDb *db, Tagging *self, const SightSession *session, GError **error) {
  g_autoptr(GPtrArray) notes = sight_note_table_list(db, session->endpoint, session->session, error);

  for (guint i = 0; notes && i < notes->len; i++) {
    const SightNote *note = g_ptr_array_index(notes, i);
    const SightAnnotation *found = g_str_equal(note->annotation->id, self->remove) ? note->annotation : NULL;
    for (guint j = 0; !found && j < note->replies->len; j++) {
      const SightAnnotation *reply = g_ptr_array_index(note->replies, j);
      found = g_str_equal(reply->id, self->remove) ? reply : NULL;
    }
    if (found) {
      self->id = g_strdup(found->id);
      return sight_note_table_remove(db, found, error);
    }
  }
  if (notes) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("Session %s has no tag %s."), session->session,
                self->remove);
  }
  return FALSE;
}

static gboolean write_one(SightDb *db, Tagging *self, const SightSession *session, GError **error) {
  if (self->remove) {
    return remove_one(db, self, session, error);
  }
  const char *of = self->edit ? self->edit : self->reply;
  if (!of) {
    return add(db, self, session, error);
  }
  g_autoptr(SightNote) note = sight_note_table_get(db, session->endpoint, session->session, of, error);
  if (!note) {
    return FALSE;
  }
  if (self->reply) {
    g_autoptr(SightAnnotation) reply = sight_note_table_reply(db, note, self->text, error);
    self->id = reply ? g_strdup(reply->id) : NULL;
    return reply != NULL;
  }
  self->id = g_strdup(of);
  return (!self->text || sight_note_table_set(db, note, SIGHT_NOTE_TEXT, self->text, error)) &&
         set_fields(db, self, session, note, TRUE, error);
}

static gboolean write_tag(SightDb *db, gpointer user_data, GError **error) {
  Tagging *self = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, self->session, error);

  g_clear_pointer(&self->id, g_free);
  self->at_ms = -1;
  if (!session || !write_one(db, self, session, error)) {
    return FALSE;
  }
  g_autoptr(SightNote) note = sight_note_table_get(db, session->endpoint, session->session, self->id, NULL);
  self->at_ms = note ? note->annotation->at_ms : -1;
  return TRUE;
}

static void put_reply(SightJsonWriter *w, const SightAnnotation *reply) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "id", reply->id);
  sight_json_member_string(w, "author", reply->author);
  sight_json_member_int(w, "at", reply->created_ms);
  sight_json_member_string(w, "text", reply->body);
  sight_json_end_object(w);
}

static void put_note(SightJsonWriter *w, const SightNote *note) {
  const SightAnnotation *annotation = note->annotation;

  sight_json_begin_object(w);
  sight_json_member_string(w, "id", annotation->id);
  sight_json_member_string(w, "kind", annotation->kind);
  sight_json_member_string(w, "session", annotation->session);
  sight_json_member_int(w, "at_ms", annotation->at_ms);
  sight_json_member_int(w, "to_ms", note->end_ms);
  sight_json_member_string(w, "colour", note->colour);
  sight_json_member_string(w, "author", annotation->author);
  sight_json_member_string(w, "text", annotation->body);
  sight_json_key(w, "replies");
  sight_json_begin_array(w);
  for (guint i = 0; i < note->replies->len; i++) {
    put_reply(w, g_ptr_array_index(note->replies, i));
  }
  sight_json_end_array(w);
  sight_json_end_object(w);
}

static void add_row(SightCliTable *table, const SightNote *note) {
  const SightAnnotation *annotation = note->annotation;
  g_autofree char *at = g_strdup_printf("%" G_GINT64_FORMAT, annotation->at_ms);
  g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, note->end_ms);
  const char *const cells[] = {annotation->id,
                               annotation->kind,
                               annotation->at_ms >= 0 ? at : "",
                               note->end_ms >= 0 ? to : "",
                               note->colour ? note->colour : "",
                               annotation->author,
                               annotation->body};

  for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
    sight_cli_table_add(table, cells[i]);
  }
  for (guint i = 0; i < note->replies->len; i++) {
    const SightAnnotation *reply = g_ptr_array_index(note->replies, i);
    const char *const answer[] = {reply->id, "reply", "", "", "", reply->author, reply->body};
    for (gsize j = 0; j < G_N_ELEMENTS(answer); j++) {
      sight_cli_table_add(table, answer[j]);
    }
  }
}

static gboolean read_notes(SightDb *db, gpointer user_data, GError **error) {
  Tagging *self = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, self->session, error);
  g_autoptr(GPtrArray) notes = session ? sight_note_table_list(db, session->endpoint, session->session, error) : NULL;
  SightJsonWriter w = {.out = self->json = g_string_new(NULL)};

  if (!notes) {
    return FALSE;
  }
  self->table = sight_cli_table_new(_("ID"), _("KIND"), _("FROM"), _("TO"), _("COLOUR"), _("WHO"), _("TEXT"), NULL);
  sight_json_begin_array(&w);
  for (guint i = 0; i < notes->len; i++) {
    put_note(&w, g_ptr_array_index(notes, i));
    add_row(self->table, g_ptr_array_index(notes, i));
  }
  sight_json_end_array(&w);
  return TRUE;
}

static gboolean colours(SightDb *db, gpointer user_data, GError **error) {
  Tagging *self = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, self->session, error);

  if (!session || (self->set_colours && !sight_note_table_set_colours(db, session->endpoint,
                                                                      (const char *const *)self->set_colours, error))) {
    return FALSE;
  }
  g_auto(GStrv) known = sight_note_table_colours(db, session->endpoint, error);
  SightJsonWriter w = {.out = self->json = g_string_new(NULL)};
  sight_json_begin_array(&w);
  self->table = sight_cli_table_new(_("COLOUR"), NULL);
  for (guint i = 0; known && known[i]; i++) {
    sight_json_put_string(&w, known[i]);
    sight_cli_table_add(self->table, known[i]);
  }
  sight_json_end_array(&w);
  return known != NULL;
}

static void tell(SightCli *cli, const Tagging *self) {
  if (self->table && cli->json) {
    sight_cli_print_json(self->json);
  } else if (self->table) {
    sight_cli_table_print(self->table);
  } else if (cli->json) {
    g_autoptr(GString) out = g_string_new(NULL);
    SightJsonWriter w = {.out = out};
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "id", self->id);
    sight_json_member_int(&w, "at_ms", self->at_ms);
    sight_json_member_bool(&w, "deleted", self->remove != NULL);
    sight_json_end_object(&w);
    sight_cli_print_json(out);
  } else {
    g_print("%s\n", self->id);
  }
}

/* Whether what was given belongs together: one thing to do, and a text where one is needed. */
static gboolean is_usable(const Tagging *self, int argc) {
  int n = (self->edit != NULL) + (self->remove != NULL) + (self->reply != NULL) + self->list +
          (self->colours || self->set_colours);
  gboolean fields = self->at || self->to || self->colour;
  gboolean wants = n == 0 || self->reply, may = wants || self->edit;

  return n <= 1 && (argc == 3 ? may : argc == 2 && !wants) && (argc == 3 || !self->edit || fields) &&
         (n == 0 || self->edit || !fields);
}

static int run(SightCli *cli, int argc, char **argv, const char *kind, guint max_chars) {
  g_auto(Tagging) self = {.kind = kind};
  const char *usage = "SESSION [--at MS] [--to MS] [--colour NAME] TEXT|--list|--edit ID [TEXT]|--reply ID TEXT|"
                      "--remove ID|--colours|--set-colour NAME=#RRGGBB";
  const GOptionEntry entries[] = {
      {"at", 0, 0, G_OPTION_ARG_STRING, &self.at, N_("The moment, in ms from the start of the session"), N_("MS")},
      {"to", 0, 0, G_OPTION_ARG_STRING, &self.to, N_("Up to this moment; an empty text ends at none"), N_("MS")},
      {"colour", 0, 0, G_OPTION_ARG_STRING, &self.colour, N_("One of the colours; an empty text takes it away"),
       N_("NAME")},
      {"list", 0, 0, G_OPTION_ARG_NONE, &self.list, N_("List the tags and notes of the session"), NULL},
      {"edit", 0, 0, G_OPTION_ARG_STRING, &self.edit, N_("Change what is given of this one"), N_("ID")},
      {"reply", 0, 0, G_OPTION_ARG_STRING, &self.reply, N_("Answer this one"), N_("ID")},
      {"remove", 0, 0, G_OPTION_ARG_STRING, &self.remove, N_("Take this one, or this answer, away"), N_("ID")},
      {"colours", 0, 0, G_OPTION_ARG_NONE, &self.colours, N_("List the colours of the session's project"), NULL},
      {"set-colour", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.set_colours, N_("Make these the colours of the project"),
       N_("NAME=#RRGGBB")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("SESSION [TEXT]"),
                       _("Says something to the team of a moment, a stretch or a whole session."), &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  gint64 ms = 0;
  if (!sight_cli_number("--at", self.at, SIGHT_TEXT_MAX_MS, &ms) ||
      (self.to && *self.to && !sight_cli_number("--to", self.to, SIGHT_TEXT_MAX_MS, &ms))) {
    return SIGHT_EXIT_USAGE;
  }
  g_autofree char *text = argc == 3 ? sight_text_excerpt(argv[2], -1, max_chars) : NULL;
  if (!is_usable(&self, argc) || (text && !*text)) {
    return sight_cli_usage(kind, usage);
  }
  self.session = argv[1];
  self.text = text;
  gboolean sets = !self.list && (!self.colours || self.set_colours);
  SightStoreFunc func = self.list ? read_notes : self.colours || self.set_colours ? colours : write_tag;
  gboolean done =
      sight_cli_open(cli, &error) && (sets ? sight_store_write(cli->store, SIGHT_WRITE_DURABLE, func, &self, &error)
                                           : sight_store_read(cli->store, func, &self, &error));
  if (!done) {
    return sight_cli_fail(cli, error);
  }
  tell(cli, &self);
  return SIGHT_EXIT_OK;
}

int sight_verb_tag(SightCli *cli, int argc, char **argv) {
  return run(cli, argc, argv, "tag", MAX_TAG_CHARS);
}

int sight_verb_note(SightCli *cli, int argc, char **argv) {
  return run(cli, argc, argv, "note", MAX_NOTE_CHARS);
}
