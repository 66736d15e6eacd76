/* SPDX-License-Identifier: MIT */
/* SightUiTagPopover: T, type, Enter: a word, and a colour, for the moment on display; also to change one, or to answer
 * it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_TAG_POPOVER (sight_ui_tag_popover_get_type())
/* Signals: "entered" (string text, string name of the colour, "" for none): the analyst pressed Enter on some text;
 * "colours": another set of colours is wanted. */
G_DECLARE_FINAL_TYPE(SightUiTagPopover, sight_ui_tag_popover, SIGHT_UI, TAG_POPOVER, GtkPopover)

/* What it asks for. Borrowed. */
typedef struct {
  const char *title, *hint, *button; /* translated; the button with its mnemonic */
  const char *text;                  /* that is to be changed; NULL: none */
  const char *const *colours;        /* "name=#rrggbb" to choose from; NULL: it has no colour */
  const char *colour;                /* the name of the one that is chosen, also one that is not there; NULL: none */
} SightUiTagQuestion;

GtkWidget *sight_ui_tag_popover_new(void);
void sight_ui_tag_popover_open(SightUiTagPopover *self, const SightUiTagQuestion *question);
/* Other colours to choose from, where it has any; the one that is chosen stays. */
void sight_ui_tag_popover_set_colours(SightUiTagPopover *self, const char *const *colours);
/* As it was before another set of colours was wanted, with what was typed. */
void sight_ui_tag_popover_resume(SightUiTagPopover *self);

G_END_DECLS
