/* SPDX-License-Identifier: MIT */
/* What answers a press, from the events of a recording: what a person could have seen, and who pressed at all. */
#include "analysis-fixture.h"

#include <string.h>

/* A page with elements for presses; node 10 is the button of it. */
#define PAGE(body)                                                                                                     \
  FIXTURE_META                                                                                                         \
  ",{\"type\":2,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"tagName\":\"html\","             \
  "\"attributes\":{},\"id\":2,\"childNodes\":[{\"type\":2,\"tagName\":\"head\",\"attributes\":{},\"id\":4,"            \
  "\"childNodes\":[]},{\"type\":2,\"tagName\":\"body\",\"attributes\":{},\"id\":3,\"childNodes\":[" body               \
  "]}]}]},\"initialOffset\":{\"left\":0,\"top\":0}},\"timestamp\":@1}"
#define ELEMENT(tag, attributes, id, children)                                                                         \
  "{\"type\":2,\"tagName\":\"" tag "\",\"attributes\":{" attributes "},\"id\":" #id ",\"childNodes\":[" children "]}"
#define WORDS(text, id) "{\"type\":3,\"textContent\":\"" text "\",\"id\":" #id "}"
#define BUTTON(attributes) ELEMENT("button", attributes, 10, WORDS("Save", 11))
#define REST                                                                                                           \
  "," ELEMENT("p", "", 20, WORDS("Total", 21)) "," ELEMENT(                                                            \
      "div", "\"class\":\"row\"", 30,                                                                                  \
      WORDS("Row", 31)) "," ELEMENT("div", "\"hidden\":\"\"", 40,                                                      \
                                    WORDS("More", 41)) "," ELEMENT("input", "\"type\":\"file\",\"hidden\":\"\"", 50,   \
                                                                   "")

#define MOUSE(type, id, at)                                                                                            \
  ",{\"type\":3,\"data\":{\"source\":2,\"type\":" #type ",\"id\":" #id ",\"x\":50,\"y\":50},\"timestamp\":@" #at "}"
#define PRESS(id, down, up) MOUSE(1, id, down) MOUSE(0, id, up) MOUSE(2, id, up)
#define SCRIPT(id, at)                                                                                                 \
  ",{\"type\":3,\"data\":{\"source\":2,\"type\":2,\"id\":" #id ",\"x\":0,\"y\":0},\"timestamp\":@" #at "}"
#define ATTRIBUTE(id, attributes, at)                                                                                  \
  ",{\"type\":3,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[{\"id\":" #id ",\"attributes\":{" attributes       \
  "}}],\"removes\":[],\"adds\":[]},\"timestamp\":@" #at "}"
#define CLASS(id, name, at) ATTRIBUTE(id, "\"class\":\"" name "\"", at)
#define ADD(parent, node, at)                                                                                          \
  ",{\"type\":3,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[],\"removes\":[],\"adds\":[{\"parentId\":" #parent \
  ",\"nextId\":null,\"node\":" node "}]},\"timestamp\":@" #at "}"
#define REMOVE(parent, id, at)                                                                                         \
  ",{\"type\":3,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[],\"removes\":[{\"parentId\":" #parent             \
  ",\"id\":" #id "}],\"adds\":[]},\"timestamp\":@" #at "}"
#define SWAP(parent, old, node, at)                                                                                    \
  ",{\"type\":3,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[],\"removes\":[{\"parentId\":" #parent             \
  ",\"id\":" #old "}],\"adds\":[{\"parentId\":" #parent ",\"nextId\":null,\"node\":" node "}]},\"timestamp\":@" #at    \
  "}"
#define GOES(at) ",{\"type\":0,\"data\":{},\"timestamp\":@" #at "}" META_AGAIN(at)
#define META_AGAIN(at)                                                                                                 \
  ",{\"type\":4,\"data\":{\"href\":\"https://shop.example/other\",\"width\":1280,\"height\":800},\"timestamp\":@" #at  \
  "}"
#define PARSED "{\"type\":0,\"data\":{},\"timestamp\":@0},"
#define SAME_META(at)                                                                                                  \
  ",{\"type\":4,\"data\":{\"href\":\"https://shop.example/"                                                            \
  "cart?a=1\",\"width\":1280,\"height\":800},\"timestamp\":@" #at "}"
#define LOADED(at) ",{\"type\":1,\"data\":{},\"timestamp\":@" #at "}"
#define TYPED(id, words, at)                                                                                           \
  ",{\"type\":3,\"data\":{\"source\":5,\"id\":" #id ",\"text\":\"" words "\",\"isChecked\":false},\"timestamp\":@" #at \
  "}"
#define FACTS CUSTOM("ss:context", "{\"media\":{}}", 2)
/* Takes the paragraph out and puts it in again. */
#define PUT(attributes, next, at)                                                                                      \
  ",{\"type\":3,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[],\"removes\":[{\"parentId\":3,\"id\":20}],"       \
  "\"adds\":["                                                                                                         \
  "{\"parentId\":3,\"nextId\":" #next                                                                                  \
  ",\"node\":" ELEMENT("p", attributes, 20, "") "},{\"parentId\":20,\"nextId\":null,"                                  \
                                                "\"node\":" WORDS("Total", 21) "}]},\"timestamp\":@" #at "}"
#define TEXT(id, at)                                                                                                   \
  ",{\"type\":3,\"data\":{\"source\":0,\"texts\":[{\"id\":" #id ",\"value\":\"x" #at                                   \
  "\"}],\"attributes\":[],\"removes\":[],\"adds\":[]},\"timestamp\":@" #at "}"
#define POINTER(id, at)                                                                                                \
  ",{\"type\":3,\"data\":{\"source\":1,\"positions\":[{\"x\":1,\"y\":2,\"id\":" #id                                    \
  ",\"timeOffset\":-400}]},\"timestamp\":@" #at "}"
#define CUSTOM(tag, payload, at)                                                                                       \
  ",{\"type\":5,\"data\":{\"tag\":\"" tag "\",\"payload\":" payload "},\"timestamp\":@" #at "}"
#define SCROLL(id, at) ",{\"type\":3,\"data\":{\"source\":3,\"id\":" #id ",\"x\":9,\"y\":0},\"timestamp\":@" #at "}"
#define END TEXT(21, 40000)
#define LINK(href) ELEMENT("a", "\"href\":\"" href "\"", 10, WORDS("Save", 11) "," ELEMENT("b", "", 12, WORDS("!", 13)))
#define ELSEWHERE LINK("https://shop.example/help")
#define KEPT(id, at) CUSTOM("ss:press", "{\"id\":" #id ",\"why\":\"kept\"}", at)
#define PREVENTED CUSTOM("ss:press", "{\"id\":10,\"x\":50,\"y\":50,\"why\":\"prevented\"}", 1080)
#define ANSWER(kind, at) CUSTOM("ss:answer", "{\"id\":10,\"kind\":\"" kind "\",\"after_ms\":9}", at)

typedef struct {
  const char *name, *events;
  guint dead, slow, rage, clicks;
} Case;

static const Case cases[] = {
    {"dead", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) END, 1, 0, 0, 1},
    {"answered", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) TEXT(21, 1100) END, 0, 0, 0, 1},
    /* The look of the button itself, while it is pressed and afterwards. */
    {"focus-look",
     PAGE(BUTTON("") REST) MOUSE(1, 10, 1000) MOUSE(5, 10, 1001) CLASS(10, "on", 1002) MOUSE(0, 10, 1080)
         MOUSE(2, 10, 1080) CLASS(10, "", 1900) END,
     1, 0, 0, 1},
    {"blur-by-next-press",
     PAGE(BUTTON("") REST) MOUSE(1, 10, 1000) CLASS(10, "on", 1002) MOUSE(0, 10, 1080) MOUSE(2, 10, 1080) MOUSE(
         1, 20, 5000) MOUSE(6, 10, 5001) CLASS(10, "", 5001) MOUSE(0, 20, 5080) MOUSE(2, 20, 5080) TEXT(21, 5090) END,
     1, 0, 0, 2},
    {"ripple",
     PAGE(BUTTON("") REST) MOUSE(1, 10, 1000) ADD(10, ELEMENT("span", "\"class\":\"x\"", 90, ""), 1010)
         MOUSE(0, 10, 1080) MOUSE(2, 10, 1080) REMOVE(10, 90, 1600) END,
     1, 0, 0, 1},
    {"hover-class", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) CLASS(10, "is-hovered", 1500) END, 1, 0, 0, 1},
    /* But what stays of the click is an answer: a heart that is filled now, an item that was opened, words. */
    {"own-class-stays", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) CLASS(10, "liked", 1090) END, 0, 0, 0, 1},
    {"own-state",
     PAGE(BUTTON("") REST) MOUSE(1, 10, 1000) ATTRIBUTE(10, "\"aria-expanded\":\"true\"", 1010) MOUSE(0, 10, 1080)
         MOUSE(2, 10, 1080) END,
     0, 0, 0, 1},
    {"toggled-back",
     PAGE(BUTTON("\"class\":\"open\"") REST) PRESS(10, 1000, 1080) CLASS(10, "", 1090) PRESS(10, 9000, 9080)
         CLASS(10, "open", 9090) END,
     0, 0, 0, 2},
    {"own-words", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) TEXT(11, 5200) END, 0, 1, 0, 1},
    {"press-opens",
     PAGE(BUTTON("") REST) MOUSE(1, 10, 1000) ATTRIBUTE(40, "\"hidden\":null", 1010) MOUSE(0, 10, 1080)
         MOUSE(2, 10, 1080) END,
     0, 0, 0, 1},
    /* What nobody sees. */
    {"counting-pixel",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080)
         ADD(3, ELEMENT("img", "\"width\":\"1\",\"height\":\"1\"", 90, ""), 1090)
             ADD(4, ELEMENT("script", "\"src\":\"/a.js\"", 91, ""), 1095) END,
     1, 0, 0, 1},
    {"hidden-text", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) TEXT(41, 1090) END, 1, 0, 0, 1},
    /* The page draws itself anew, and nothing is different; but where it moves, it is. */
    {"put-back", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) PUT("", 30, 1090) END, 1, 0, 0, 1},
    {"put-elsewhere", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) PUT("", 40, 1090) END, 0, 0, 0, 1},
    {"put-back-other", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) PUT("\"class\":\"on\"", 30, 1090) END, 0, 0, 0, 1},
    {"same-words-anew", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) SWAP(30, 31, WORDS("Row", 90), 1090) END, 1, 0, 0,
     1},
    {"other-words-anew", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) SWAP(30, 31, WORDS("Rows", 90), 1090) END, 0, 0, 0,
     1},
    /* A box that a label leaves as it is has answered nothing. */
    {"label-of-chosen",
     PAGE(BUTTON("") REST "," ELEMENT("label", "\"for\":\"one\"", 80, WORDS("One", 81)) "," ELEMENT(
         "input", "\"id\":\"one\",\"type\":\"radio\"", 82, "")) PRESS(80, 1000, 1080) MOUSE(5, 82, 1081)
         MOUSE(2, 82, 1082) END,
     1, 0, 0, 1},
    {"label-of-field",
     PAGE(BUTTON("") REST "," ELEMENT("label", "\"for\":\"one\"", 80, WORDS("One", 81)) "," ELEMENT(
         "input", "\"id\":\"one\"", 82, "")) PRESS(80, 1000, 1080) MOUSE(5, 82, 1081) MOUSE(2, 82, 1082) END,
     0, 0, 0, 1},
    {"label-of-slider",
     PAGE(BUTTON("") REST "," ELEMENT("label", "\"for\":\"one\"", 80, WORDS("One", 81)) "," ELEMENT(
         "input", "\"id\":\"one\",\"type\":\"range\"", 82, "")) PRESS(80, 1000, 1080) MOUSE(5, 82, 1081)
         MOUSE(2, 82, 1082) END,
     0, 0, 0, 1},
    {"closes-around-it",
     PAGE(ELEMENT("dialog", "\"open\":\"\"", 60, BUTTON("")) REST) PRESS(10, 1000, 1080)
         ATTRIBUTE(60, "\"open\":null", 1090) END,
     0, 0, 0, 1},
    /* The label of a field leads into it, however often; that of a box does not. */
    {"label-again",
     PAGE(BUTTON("") REST
          "," ELEMENT("div", "", 79, ELEMENT("label", "", 80, WORDS("Plan", 81)) "," ELEMENT("input", "", 82, "")))
         PRESS(80, 1000, 1080) PRESS(80, 1400, 1480) PRESS(80, 1800, 1880) PRESS(80, 2200, 2280) END,
     1, 0, 0, 4},
    {"label-of-box-again",
     PAGE(BUTTON("") REST "," ELEMENT(
         "div", "", 79, ELEMENT("label", "", 80, WORDS("Plan", 81)) "," ELEMENT("input", "\"type\":\"radio\"", 82, "")))
         PRESS(80, 1000, 1080) PRESS(80, 1400, 1480) PRESS(80, 1800, 1880) PRESS(80, 2200, 2280) END,
     1, 0, 1, 4},
    /* A live region: what can be seen of it the recorder tells. */
    {"region-unseen",
     PAGE(BUTTON("") REST "," ELEMENT("p", "\"role\":\"status\"", 60, WORDS("", 61))) FACTS PRESS(10, 1000, 1080)
         TEXT(61, 1090) CUSTOM(
             "ss:notice", "{\"id\":60,\"kind\":\"status\",\"what\":\"shown\",\"in_view\":0,\"top_px\":400}", 1200) END,
     1, 0, 0, 1},
    {"region-seen",
     PAGE(BUTTON("") REST "," ELEMENT("p", "\"role\":\"status\"", 60, WORDS("", 61))) FACTS PRESS(10, 1000,
                                                                                                  1080) TEXT(61, 1090)
         CUSTOM("ss:notice", "{\"id\":60,\"kind\":\"status\",\"what\":\"shown\",\"in_view\":1,\"top_px\":0}", 1200) END,
     0, 0, 0, 1},
    {"region-untold",
     PAGE(BUTTON("") REST "," ELEMENT("p", "\"role\":\"status\"", 60, WORDS("", 61))) PRESS(10, 1000, 1080)
         TEXT(61, 1090) END,
     0, 0, 0, 1},
    {"table-tells",
     PAGE(BUTTON("") REST "," ELEMENT("table", "\"role\":\"region\",\"aria-live\":\"polite\"", 60, ""))
         FACTS CUSTOM("ss:notice", "{\"id\":60,\"kind\":\"status\",\"what\":\"shown\",\"in_view\":0,\"top_px\":400}",
                      900) PRESS(10, 1000, 1080) TEXT(21, 1100) END,
     0, 0, 0, 1},
    /* A message that comes as a whole and goes by itself; but the one that is pressed is sent away. */
    {"region-comes",
     PAGE(BUTTON("") REST) FACTS PRESS(10, 1000, 1080)
         ADD(3, ELEMENT("div", "\"role\":\"alert\"", 60, WORDS("Saved", 61)), 4000) END,
     1, 0, 0, 1},
    {"region-goes",
     PAGE(BUTTON("") REST "," ELEMENT("div", "\"role\":\"alert\"", 60, WORDS("Saved", 61))) FACTS PRESS(10, 1000, 1080)
         REMOVE(3, 60, 4000) END,
     1, 0, 0, 1},
    {"region-sent-away",
     PAGE(BUTTON("") REST "," ELEMENT("div", "\"role\":\"alert\"", 60, ELEMENT("button", "", 61, "")))
         FACTS PRESS(61, 1000, 1080) REMOVE(3, 60, 1090) END,
     0, 0, 0, 1},
    {"region-comes-untold",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080)
         ADD(3, ELEMENT("div", "\"role\":\"alert\"", 60, WORDS("Saved", 61)), 1090) END,
     0, 0, 0, 1},
    /* The ring of the focus is taken away and given back; a border is none. */
    {"outline",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) ATTRIBUTE(30, "\"style\":\"outline-style: none\"", 1090)
         ATTRIBUTE(30, "\"style\":\"\"", 5000) END,
     1, 0, 0, 1},
    /* What a hand may do is changed while one is there. */
    {"nothing-to-select",
     PAGE(BUTTON("") REST) MOUSE(1, 10, 1000) ATTRIBUTE(3, "\"style\":\"user-select: none;\"", 1001) MOUSE(0, 10, 1080)
         MOUSE(2, 10, 1080) ATTRIBUTE(3, "\"style\":\"\"", 1081) END,
     1, 0, 0, 1},
    {"nothing-to-select-and-dim",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) ATTRIBUTE(3, "\"style\":\"user-select: none; opacity: 0.5\"", 1090)
         END,
     0, 0, 0, 1},
    /* Properties that a page made up for itself: with words nothing is seen of them, with measures and colours it may.
     */
    {"own-property",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) ATTRIBUTE(30, "\"style\":\"--pointer: none\"", 1090) END, 1, 0, 0, 1},
    {"own-measure", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) ATTRIBUTE(30, "\"style\":\"--done: 40%\"", 1090) END, 0,
     0, 0, 1},
    {"border",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080)
         ATTRIBUTE(30, "\"style\":\"outline: none; border: 1px solid red\"", 1090) END,
     0, 0, 0, 1},
    /* The focus goes back to where it was before the press. */
    {"focus-back",
     PAGE(BUTTON("") REST "," ELEMENT("input", "\"id\":\"u\"", 70, "")) MOUSE(5, 70, 500) MOUSE(1, 10, 1000)
         MOUSE(6, 70, 1000) MOUSE(5, 10, 1001) MOUSE(0, 10, 1080) MOUSE(2, 10, 1080) MOUSE(6, 10, 1081)
             MOUSE(5, 70, 1082) END,
     1, 0, 0, 1},
    {"focus-anew",
     PAGE(BUTTON("") REST "," ELEMENT("input", "\"id\":\"u\"", 70, "")) MOUSE(5, 70, 300) MOUSE(6, 70, 500)
         MOUSE(1, 10, 1000) MOUSE(5, 10, 1001) MOUSE(0, 10, 1080) MOUSE(2, 10, 1080) MOUSE(6, 10, 1081)
             MOUSE(5, 70, 1082) END,
     0, 0, 0, 1},
    /* A key moved the focus, long after. */
    {"focus-late",
     PAGE(BUTTON("") REST "," ELEMENT("input", "\"id\":\"u\"", 70, "")) PRESS(10, 1000, 1080) MOUSE(5, 70, 5000) END, 1,
     0, 0, 1},
    {"focus-late-with",
     PAGE(BUTTON("") REST "," ELEMENT("input", "\"id\":\"u\"", 70, "")) PRESS(10, 1000, 1080) MOUSE(5, 70, 5000)
         TEXT(21, 5002) END,
     0, 0, 0, 1},
    {"focus-at-once",
     PAGE(BUTTON("") REST "," ELEMENT("input", "\"id\":\"u\"", 70, "")) PRESS(10, 1000, 1080) MOUSE(5, 70, 1500) END, 0,
     0, 0, 1},
    /* The page goes at last: from a button that may lead there, and from words that do not. */
    {"left-words", PAGE(BUTTON("") REST) PRESS(20, 1000, 1080) GOES(5000), 1, 0, 0, 1},
    /* What comes late beside words is chance; but not where something listens, or where nobody tells whether it does.
     */
    {"words-late", PAGE(BUTTON("") REST) FACTS PRESS(20, 1000, 1080) TEXT(31, 6000) END, 1, 0, 0, 1},
    {"words-late-heard",
     PAGE(BUTTON("") REST) FACTS PRESS(20, 1000, 1080)
         CUSTOM("ss:click", "{\"id\":20,\"interactive\":true,\"trusted\":true}", 1080) TEXT(31, 6000) END,
     0, 1, 0, 1},
    {"words-late-untold", PAGE(BUTTON("") REST) PRESS(20, 1000, 1080) TEXT(31, 6000) END, 0, 0, 0, 1},
    {"left-button", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) GOES(5000), 0, 1, 0, 1},
    {"left-disabled", PAGE(BUTTON("\"disabled\":\"\"") REST) MOUSE(1, 10, 1000) MOUSE(0, 10, 1080) GOES(5000), 1, 0, 0,
     1},
    /* Fields are emptied by the form. */
    {"form-reset",
     PAGE(BUTTON("") REST "," ELEMENT("input", "\"id\":\"u\"", 70, "")) MOUSE(5, 70, 500) TYPED(70, "moss", 600)
         PRESS(10, 1000, 1080) CUSTOM("ss:form", "{\"form\":\"a\",\"what\":\"reset\"}", 1081) END,
     0, 0, 0, 1},
    /* But they were empty already. */
    {"form-reset-again",
     PAGE(BUTTON("") REST "," ELEMENT("input", "\"id\":\"u\"", 70, "")) MOUSE(5, 70, 100) TYPED(70, "moss", 200)
         CUSTOM("ss:form", "{\"form\":\"a\",\"what\":\"reset\"}", 300) PRESS(10, 1000, 1080)
             CUSTOM("ss:form", "{\"form\":\"a\",\"what\":\"reset\"}", 1081) END,
     1, 0, 0, 1},
    /* A page that takes long to load is loaded at last; one that is told again is no other. */
    {"loaded-at-last", PARSED PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) LOADED(1500) END, 1, 0, 0, 1},
    {"told-again", PARSED PAGE(BUTTON("") REST) LOADED(500) PRESS(10, 1000, 1080) SAME_META(1100) END, 1, 0, 0, 1},
    {"loaded-anew", PARSED PAGE(BUTTON("") REST) LOADED(500) PRESS(10, 1000, 1080) LOADED(1100) SAME_META(1101) END, 0,
     0, 0, 1},
    /* "#" as recorders write it out leads nowhere; what leads elsewhere may have been a file. */
    {"own-place",
     PAGE(ELEMENT("a", "\"href\":\"https://shop.example/cart?a=1#\"", 10, WORDS("Save", 11)) REST) PRESS(10, 1000, 1080)
         END,
     1, 0, 0, 1},
    {"other-place",
     PAGE(ELEMENT("a", "\"href\":\"https://shop.example/cart?a=12\"", 10, WORDS("Save", 11)) REST) PRESS(10, 1000, 1080)
         END,
     0, 0, 0, 1},
    /* The page kept the browser from following it, and did nothing instead. */
    {"kept-link", PAGE(ELSEWHERE REST) PRESS(10, 1000, 1080) KEPT(10, 1081) END, 1, 0, 0, 1},
    {"kept-word-of-link", PAGE(ELSEWHERE REST) PRESS(12, 1000, 1080) KEPT(12, 1081) END, 1, 0, 0, 1},
    {"kept-busy", PAGE(ELSEWHERE REST) PRESS(10, 1000, 1080) KEPT(10, 2080) END, 1, 0, 0, 1},
    {"kept-mail", PAGE(LINK("mailto:a@shop.example") REST) PRESS(10, 1000, 1080) KEPT(10, 1081) END, 1, 0, 0, 1},
    {"link-without-click", PAGE(ELSEWHERE REST) FACTS MOUSE(7, 10, 1000) MOUSE(9, 10, 1080) PREVENTED END, 1, 0, 0, 1},
    {"kept-slow", PAGE(ELSEWHERE REST) PRESS(10, 1000, 1080) KEPT(10, 1081) TEXT(21, 5200) END, 0, 1, 0, 1},
    {"kept-answered", PAGE(ELSEWHERE REST) PRESS(10, 1000, 1080) KEPT(10, 1081) TEXT(21, 1100) END, 0, 0, 0, 1},
    {"kept-answered-before", PAGE(ELSEWHERE REST) PRESS(10, 1000, 1080) TEXT(21, 1081) KEPT(10, 1082) END, 0, 0, 0, 1},
    {"kept-another-page",
     PAGE(ELSEWHERE REST) PRESS(10, 1000, 1080) KEPT(10, 1081)
         CUSTOM("ss:route", "{\"href\":\"https://shop.example/help\",\"kind\":\"push\"}", 1300) END,
     0, 0, 0, 1},
    {"kept-new-tab", PAGE(ELSEWHERE REST) PRESS(10, 1000, 1080) ANSWER("new-tab", 1080) KEPT(10, 1081) END, 0, 0, 0, 1},
    {"kept-download", PAGE(ELSEWHERE REST) PRESS(10, 1000, 1080) KEPT(10, 1081) ANSWER("download", 1300) END, 0, 0, 0,
     1},
    {"kept-another-link", PAGE(ELSEWHERE REST) FACTS PRESS(10, 1000, 1080) KEPT(20, 1081) END, 0, 0, 0, 1},
    /* Of what is left to the browser nobody knows what came. */
    {"link-with-facts", PAGE(ELSEWHERE REST) FACTS PRESS(10, 1000, 1080) END, 0, 0, 0, 1},
    {"link-goes", PAGE(ELSEWHERE REST) FACTS PRESS(10, 1000, 1080) GOES(5000), 0, 0, 0, 1},
    {"mail", PAGE(LINK("mailto:a@shop.example") REST) FACTS PRESS(10, 1000, 1080) END, 0, 0, 0, 1},
    {"hides-nothing",
     PAGE(BUTTON("") REST "," ELEMENT("div", "\"class\":\"popup\"", 60, "")) PRESS(10, 1000, 1080)
         ATTRIBUTE(60, "\"style\":\"display: none;\"", 1090) END,
     1, 0, 0, 1},
    /* Held for long, and answered before it was let go. */
    {"held", PAGE(BUTTON("") REST) MOUSE(1, 10, 1000) TEXT(21, 1060) MOUSE(0, 10, 1900) MOUSE(2, 10, 1900) END, 0, 0, 0,
     1},
    /* What is said of a control while the pointer is over it goes as the pointer does. */
    {"tooltip", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) CLASS(30, "row tooltip--visible", 5000) END, 1, 0, 0, 1},
    {"hidden-comes-up", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) ATTRIBUTE(40, "\"hidden\":null", 1090) END, 0, 0, 0,
     1},
    {"for-readers",
     PAGE(BUTTON("") REST "," ELEMENT("p", "\"class\":\"sr-only\"", 60, WORDS("", 61))) PRESS(10, 1000, 1080)
         TEXT(61, 1090) END,
     1, 0, 0, 1},
    /* What is copied from stands far outside for that time; what is moved by less may be seen. */
    {"outside",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080)
         ADD(3, ELEMENT("textarea", "\"style\":\"position: absolute; left: -9999px\"", 60, ""), 1090)
             REMOVE(3, 60, 1095) END,
     1, 0, 0, 1},
    {"text-outside",
     PAGE(BUTTON("") REST "," ELEMENT("p", "\"style\":\"position:fixed;top:-99999px\"", 60, WORDS("", 61)))
         PRESS(10, 1000, 1080) TEXT(61, 1090) END,
     1, 0, 0, 1},
    {"moved-aside",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080)
         ADD(3, ELEMENT("div", "\"style\":\"position: absolute; left: -1200px\"", 60, WORDS("Tile", 61)), 1090) END,
     0, 0, 0, 1},
    {"unknown-node", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) TEXT(999, 1090) END, 0, 0, 0, 1},
    /* The pointer comes over a row; of its way is told later. */
    {"hover",
     PAGE(BUTTON("") REST) POINTER(10, 900) PRESS(10, 1000, 1080) CLASS(30, "row over", 4000) POINTER(31, 4390) END, 1,
     0, 0, 1},
    {"not-hover",
     PAGE(BUTTON("") REST) POINTER(10, 900) PRESS(10, 1000, 1080) POINTER(21, 3400) CLASS(30, "row over", 4000) END, 0,
     1, 0, 1},
    /* It was said of the button while the pointer was there; but not where the pointer stays. */
    {"leaves-with-it",
     PAGE(BUTTON("") REST) POINTER(10, 900) PRESS(10, 1000, 1080) TEXT(31, 4000) POINTER(21, 4390) END, 1, 0, 0, 1},
    {"leaves-later", PAGE(BUTTON("") REST) POINTER(10, 900) PRESS(10, 1000, 1080) TEXT(31, 4000) POINTER(21, 5390) END,
     0, 1, 0, 1},
    /* A script scrolls the page, smoothly; a hand, and what scrolls within the page, is another matter. */
    {"script-leads",
     PAGE(BUTTON("") REST) CUSTOM("ss:scroll", "{\"id\":1,\"by\":\"script\"}", 100) PRESS(10, 1000, 1080)
         SCROLL(1, 1700) END,
     0, 0, 0, 1},
    {"hand-scrolls", PAGE(BUTTON("") REST) FACTS PRESS(10, 1000, 1080) SCROLL(1, 1700) END, 1, 0, 0, 1},
    {"somebody-scrolls", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) SCROLL(1, 1700) END, 0, 0, 0, 1},
    {"somebody-scrolls-late", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) SCROLL(1, 2200) END, 1, 0, 0, 1},
    {"script-scrolls-within",
     PAGE(BUTTON("") REST) CUSTOM("ss:scroll", "{\"id\":30,\"by\":\"script\"}", 100) PRESS(10, 1000, 1080)
         SCROLL(30, 1700) END,
     1, 0, 0, 1},
    /* The field that lost the focus scrolls back: the change is the click's own. */
    {"field-scrolls-back",
     PAGE(BUTTON("") REST "," ELEMENT("input", "\"id\":\"u\"", 70, "")) MOUSE(1, 10, 1000) SCROLL(70, 1005)
         MOUSE(0, 10, 1080) MOUSE(2, 10, 1080) TEXT(21, 1081) END,
     0, 0, 0, 1},
    /* Who pressed. */
    {"by-script", PAGE(BUTTON("") REST) SCRIPT(10, 1000) SCRIPT(10, 1400) SCRIPT(10, 1800) SCRIPT(10, 2200) END, 0, 0,
     0, 0},
    {"after-a-press", PAGE(BUTTON("") REST) PRESS(20, 500, 580) SCRIPT(10, 600) END, 1, 0, 0, 1},
    {"not-trusted",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080)
         CUSTOM("ss:click", "{\"id\":10,\"interactive\":true,\"trusted\":false}", 1080) END,
     0, 0, 0, 0},
    {"trusted-keys",
     PAGE(BUTTON("") REST) SCRIPT(10, 1000)
         CUSTOM("ss:click", "{\"id\":10,\"interactive\":true,\"trusted\":true}", 1001) END,
     1, 0, 0, 1},
    {"keys", PAGE(BUTTON("") REST) MOUSE(5, 10, 900) SCRIPT(10, 1000) END, 1, 0, 0, 1},
    {"clicks-alone", PAGE(BUTTON("") REST) MOUSE(2, 10, 1000) END, 1, 0, 0, 1},
    {"file-chooser", PAGE(BUTTON("") REST) PRESS(10, 1000, 1080) SCRIPT(50, 1082) END, 0, 0, 0, 1},
    /* Disabled controls. */
    {"disabled",
     PAGE(BUTTON("\"disabled\":\"\"") REST) MOUSE(1, 10, 1000) MOUSE(0, 10, 1080) MOUSE(1, 10, 1300) MOUSE(0, 10, 1380)
         MOUSE(1, 10, 1600) MOUSE(0, 10, 1680) END,
     1, 0, 1, 3},
    {"disabled-told",
     PAGE(BUTTON("\"disabled\":\"\"") REST) CUSTOM("ss:press", "{\"id\":10,\"x\":5,\"y\":5,\"why\":\"disabled\"}", 1000)
         CUSTOM("ss:press", "{\"id\":10,\"x\":5,\"y\":5,\"why\":\"disabled\"}", 1300)
             CUSTOM("ss:press", "{\"id\":10,\"x\":5,\"y\":5,\"why\":\"disabled\"}", 1600) END,
     1, 0, 1, 3},
    {"told-twice",
     PAGE(BUTTON("\"disabled\":\"\"") REST) MOUSE(1, 10, 1000) MOUSE(0, 10, 1080)
         CUSTOM("ss:press", "{\"id\":10,\"x\":5,\"y\":5,\"why\":\"disabled\"}", 1081) END,
     1, 0, 0, 1},
    /* A busy page takes its time to pass the click on; the second field is pressed by hand. */
    {"label-passes-on",
     PAGE(BUTTON("") REST "," ELEMENT("label", "\"for\":\"tick\"", 80, WORDS("Tick", 81)) "," ELEMENT(
         "input", "\"id\":\"tick\",\"type\":\"checkbox\"", 82, "")) PRESS(80, 1000, 1080) MOUSE(2, 82, 1400)
         CUSTOM("ss:click", "{\"id\":82,\"interactive\":true,\"trusted\":true}", 1400) TEXT(21, 1401)
             PRESS(82, 2000, 2080) TEXT(21, 2100) END,
     0, 0, 0, 2},
    {"dragged", PAGE(BUTTON("") REST) CUSTOM("ss:press", "{\"id\":10,\"x\":5,\"y\":5,\"why\":\"dragged\"}", 1000) END,
     0, 0, 0, 0},
    /* What the recorder tells. */
    {"copied",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080)
         CUSTOM("ss:answer", "{\"id\":10,\"kind\":\"copy\",\"after_ms\":3}", 1083) END,
     0, 0, 0, 1},
    {"glance",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080)
         CUSTOM("ss:answer", "{\"id\":10,\"kind\":\"glance\",\"after_ms\":2510}", 3600) END,
     0, 0, 0, 1},
    {"late-glance",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080)
         CUSTOM("ss:answer", "{\"id\":10,\"kind\":\"glance\",\"after_ms\":7000}", 8100) END,
     0, 1, 0, 1},
    {"answer-of-another",
     PAGE(BUTTON("") REST) PRESS(10, 1000, 1080)
         CUSTOM("ss:answer", "{\"id\":30,\"kind\":\"glance\",\"after_ms\":400}", 1500) END,
     1, 0, 0, 1},
};

static void test_case(AnalysisFixture *f, gconstpointer data) {
  const Case *it = data;
  g_autoptr(SightAnalysis) analysis = analysis_of_events(f, it->events);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_DEAD), ==, it->dead);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_UNSEEN), ==, 0);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_SLOW), ==, it->slow);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_RAGE), ==, it->rage);
  g_assert_cmpint(analysis->session->n_clicks, ==, (int)it->clicks);
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_CLICK), ==, it->clicks);
}

#define DEEP 90

/* Elements in one another, from 100 on, as one mutation adds them. */
static void append_deep(GString *events) {
  for (int i = 0; i < DEEP; i++)
    g_string_append_printf(events,
                           "%s{\"parentId\":%d,\"nextId\":null,\"node\":{\"type\":2,\"tagName\":\"div\","
                           "\"attributes\":{},\"id\":%d,\"childNodes\":[]}}",
                           i > 0 ? "," : "", i > 0 ? 99 + i : 3, 100 + i);
}

/* However much it is, what is put in again as it was is no answer, and is read once. */
static void test_put_back_deep(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GString) events = g_string_new(PAGE(BUTTON("")));
  for (int again = 0; again < 2; again++) {
    g_string_append(events, again ? PRESS(10, 1000, 1080) : "");
    g_string_append_printf(events,
                           ",{\"type\":3,\"timestamp\":@%d,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[],"
                           "\"removes\":[%s],\"adds\":[",
                           again ? 1090 : 500, again ? "{\"parentId\":3,\"id\":100}" : "");
    append_deep(events);
    g_string_append(events, "]}}");
  }
  g_string_append(events, TEXT(11, 40000));
  g_autoptr(SightAnalysis) analysis = analysis_of_events(f, events->str);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_DEAD), ==, 1);
}

/* Where it is not known what answered outside of the page, a finding weighs half. */
static void test_weight(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) alone = analysis_of_events(f, PAGE(BUTTON("")) PRESS(10, 1000, 1080) POINTER(3, 40000));
  g_assert_cmpfloat_with_epsilon(alone->session->friction, 1, 1e-9);
  analysis_put(f, "session-2", "w1", 0,
               PAGE(BUTTON("")) CUSTOM("ss:context", "{\"media\":{}}", 5) PRESS(10, 1000, 1080) POINTER(3, 40000));
  g_autoptr(SightAnalysis) told = analysis_of(f, "session-2");
  g_assert_cmpfloat_with_epsilon(told->session->friction, 2, 1e-9);
}

#define INPUT(id, text, at)                                                                                            \
  ",{\"type\":3,\"data\":{\"source\":5,\"id\":" #id ",\"text\":\"" text "\",\"isChecked\":false},\"timestamp\":@" #at  \
  "}"
#define FORM(what, form, id, at)                                                                                       \
  CUSTOM("ss:form", "{\"form\":\"" form "\",\"what\":\"" what "\",\"field\":{\"id\":" #id ",\"name\":\"f" #id "\"}}",  \
         at)

/* What the page sets where nobody is at work was not typed. */
static void test_set_by_page(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis =
      analysis_of_events(f, PAGE(ELEMENT("input", "", 70, "") "," ELEMENT("input", "", 71, "")) PRESS(70, 1000, 1080)
                                MOUSE(5, 70, 1001) INPUT(70, "a", 1500) INPUT(71, "set", 5000) INPUT(70, "ab", 5100)
                                    MOUSE(6, 70, 9000) INPUT(71, "set again", 9100) END);
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_INPUT), ==, 1);
}

/* A radio button that goes out as another one goes on, and a field that nobody knows, are nobody's choice. */
#define CHOSEN(id, checked, at)                                                                                        \
  ",{\"type\":3,\"data\":{\"source\":5,\"id\":" #id ",\"text\":\"on\",\"isChecked\":" #checked "},\"timestamp\":@" #at \
  "}"
static void test_set_by_browser(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analysis_of_events(
      f, PAGE(ELEMENT("input", "\"type\":\"radio\"", 70, "") "," ELEMENT("input", "\"type\":\"radio\"", 71, ""))
             PRESS(70, 1000, 1080) CHOSEN(70, true, 1081) CHOSEN(71, false, 1081) CHOSEN(-1, false, 1082) END);
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_INPUT), ==, 1);
}

/* The fields of a form's components stand in shadow roots, where the browser knows of no form. */
#define COMPONENT(id, inner)                                                                                           \
  "{\"type\":2,\"tagName\":\"x-field\",\"attributes\":{},\"id\":" #id ",\"isShadowHost\":true,\"childNodes\":["        \
  "{\"type\":2,\"tagName\":\"input\",\"attributes\":{},\"id\":" #inner ",\"isShadow\":true,\"childNodes\":[]}]}"
#define SHADOW_FORM                                                                                                    \
  PAGE(ELEMENT("h2", "", 60, WORDS("Settings", 61)) "," ELEMENT("form", "\"id\":\"f\"", 62, COMPONENT(63, 64)))        \
  PRESS(64, 1000, 1080) MOUSE(5, 64, 1001) FORM("focus", "", 64, 1002) INPUT(64, "a", 2000)

static void test_form_in_shadow(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) sent = analysis_of_events(
      f, SHADOW_FORM CUSTOM("ss:form", "{\"form\":\"f\",\"what\":\"submit\"}", 4000) TEXT(61, 4010) END);
  g_assert_cmpuint(analysis_count(sent, SIGHT_SIGNAL_FORM), ==, 0);
  analysis_put(f, "session-2", "w1", 0, SHADOW_FORM END);
  g_autoptr(SightAnalysis) left = analysis_of(f, "session-2");
  g_assert_cmpuint(analysis_count(left, SIGHT_SIGNAL_FORM), ==, 1);
  g_assert_cmpstr(((SightSignal *)left->signals->pdata[0])->target, ==, "Settings");
  /* A request carried what was filled in: nobody left anything, and nobody sent a form by hand. */
  analysis_put(f, "session-3", "w1", 0, SHADOW_FORM CUSTOM("ss:form", "{\"form\":\"f\",\"what\":\"sent\"}", 4000) END);
  g_autoptr(SightAnalysis) carried = analysis_of(f, "session-3");
  g_assert_cmpuint(analysis_count(carried, SIGHT_SIGNAL_FORM), ==, 0);
  g_assert_cmpuint(analysis_count_story(carried, SIGHT_STORY_FORM), ==, 0);
}

/* What was sent and emptied begins anew when it is filled in again. */
#define SENT_AND_EMPTIED                                                                                               \
  PAGE(ELEMENT("form", "\"id\":\"f\"", 62, ELEMENT("input", "", 64, "")))                                              \
  PRESS(64, 1000, 1080)                                                                                                \
  MOUSE(5, 64, 1001)                                                                                                   \
  FORM("focus", "f", 64, 1002)                                                                                         \
  INPUT(64, "a", 2000)                                                                                                 \
  CUSTOM("ss:form", "{\"form\":\"f\",\"what\":\"submit\"}", 4000)                                                      \
  CUSTOM("ss:form", "{\"form\":\"f\",\"what\":\"reset\"}", 4010)

static void test_form_again(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) sent = analysis_of_events(f, SENT_AND_EMPTIED POINTER(3, 40000));
  g_assert_cmpuint(analysis_count(sent, SIGHT_SIGNAL_FORM), ==, 0);
  analysis_put(f, "session-2", "w1", 0, SENT_AND_EMPTIED INPUT(64, "b", 9000) POINTER(3, 40000));
  g_autoptr(SightAnalysis) left = analysis_of(f, "session-2");
  g_assert_cmpuint(analysis_count(left, SIGHT_SIGNAL_FORM), ==, 1);
}

static void test_search_form(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analysis_of_events(
      f, PAGE(ELEMENT("form", "\"id\":\"top\"", 62, ELEMENT("input", "\"placeholder\":\"Suchen: Suche\"", 64, "")))
             PRESS(64, 1000, 1080) MOUSE(5, 64, 1001) FORM("focus", "top", 64, 1002) INPUT(64, "a", 2000) END);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_FORM), ==, 0);
}

#define BUSY(at) CUSTOM("ss:notice", "{\"id\":63,\"kind\":\"busy\",\"what\":\"shown\",\"in_view\":1,\"top_px\":0}", at)

/* A class of the layout that is called a skeleton, and one that stands for what is missing. */
static void test_skeleton(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) layout = analysis_of_events(
      f, PAGE(ELEMENT("div", "\"class\":\"interface-skeleton\"", 63, WORDS("Post", 64))) BUSY(1000) END);
  g_assert_cmpuint(analysis_count(layout, SIGHT_SIGNAL_WAITING), ==, 0);
  analysis_put(f, "session-2", "w1", 0,
               PAGE(ELEMENT("div", "\"class\":\"card-skeleton\"", 63, ELEMENT("div", "", 64, ""))) BUSY(1000) END);
  g_autoptr(SightAnalysis) missing = analysis_of(f, "session-2");
  g_assert_cmpuint(analysis_count(missing, SIGHT_SIGNAL_WAITING), ==, 1);
}

#define GONE(at) CUSTOM("ss:notice", "{\"id\":63,\"kind\":\"busy\",\"what\":\"gone\",\"in_view\":1,\"top_px\":0}", at)
#define LONG_WORDS                                                                                                     \
  WORDS("Royal fern, heath, sedge, yarrow, tansy, sorrel, burdock, mallow, vetch, campion, bryony and teasel, all of " \
        "which grow where it is moist and where nobody treads on them in spring",                                      \
        64)
#define ARRIVES(at) ADD(63, LONG_WORDS, at)

static const struct {
  const char *name, *events;
  guint waitings;
} waits[] = {
    {"spinner", PAGE(ELEMENT("div", "\"class\":\"app-spinner\"", 63, WORDS("Loading", 64))) BUSY(1000) END, 1},
    {"spinner-ends", PAGE(ELEMENT("div", "\"class\":\"app-spinner\"", 63, "")) BUSY(1000) GONE(3000) END, 0},
    /* What was missing comes where it was missing. */
    {"skeleton-becomes-text",
     PAGE(ELEMENT("div", "\"class\":\"card skeleton\"", 63, "")) BUSY(1000) CLASS(63, "card", 2000)
         ADD(63, WORDS("Royal fern, a metre high, where it is moist and quiet", 64), 2001) GONE(2100) END,
     0},
    {"container-is-filled", PAGE(ELEMENT("div", "\"class\":\"loader-container\"", 63, "")) BUSY(1000) ARRIVES(3000) END,
     0},
    {"container-is-filled-late",
     PAGE(ELEMENT("div", "\"class\":\"loader-container\"", 63, "")) BUSY(1000) ARRIVES(7000) END, 1},
    {"says-more",
     PAGE(ELEMENT("div", "\"class\":\"loader\"", 63, "")) BUSY(1000)
         ADD(63, WORDS("This takes longer than it should, please wait a moment", 64), 3000) END,
     1},
    /* Called so for another reason. */
    {"number", PAGE(ELEMENT("a", "\"class\":\"ui-spinner-button ui-spinner-up\"", 63, "")) BUSY(1000) END, 0},
    {"chooses-a-file", PAGE(ELEMENT("button", "\"class\":\"image-loader\"", 63, WORDS("Choose", 64))) BUSY(1000) END,
     0},
    {"button-loads",
     PAGE(ELEMENT("button", "\"class\":\"button button--loading\"", 63, WORDS("Send", 64))) BUSY(1000) END, 1},
    {"fetched-late", PAGE(ELEMENT("img", "\"class\":\"lazy-loading\"", 63, "")) BUSY(1000) END, 0},
    {"shines", PAGE(ELEMENT("span", "\"class\":\"text-shimmer\"", 63, WORDS("Upgrade", 64))) BUSY(1000) END, 0},
};

static void test_waits(AnalysisFixture *f, gconstpointer data) {
  for (guint i = 0; i < G_N_ELEMENTS(waits); i++) {
    analysis_put(f, waits[i].name, "w1", 0, waits[i].events);
    g_autoptr(SightAnalysis) analysis = analysis_of(f, waits[i].name);
    g_test_message("%s", waits[i].name);
    g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_WAITING), ==, waits[i].waitings);
  }
}

/* Nobody scrolls where a script does. */
static void test_script_scrolls(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GString) events = g_string_new(PAGE(BUTTON("")) CUSTOM("ss:scroll", "{\"id\":1,\"by\":\"script\"}", 900));
  for (int i = 0; i < 20; i++)
    g_string_append_printf(
        events, POINTER(3, 950) ",{\"type\":3,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":%d},\"timestamp\":@%d}",
        i % 2 * 500, 1000 + i * 1000);
  g_autoptr(SightAnalysis) analysis = analysis_of_events(f, events->str);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_SCROLL), ==, 0);
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_SCROLL), ==, 0);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strdup_printf("/answers/%s", cases[i].name);
    g_test_add(path, AnalysisFixture, &cases[i], analysis_set_up, test_case, analysis_tear_down);
  }
  analysis_test("/answers/put-back-deep", test_put_back_deep);
  analysis_test("/answers/weight", test_weight);
  analysis_test("/answers/set-by-page", test_set_by_page);
  analysis_test("/answers/set-by-browser", test_set_by_browser);
  analysis_test("/answers/form-in-shadow", test_form_in_shadow);
  analysis_test("/answers/form-again", test_form_again);
  analysis_test("/answers/search-form", test_search_form);
  analysis_test("/answers/skeleton", test_skeleton);
  analysis_test("/answers/waits", test_waits);
  analysis_test("/answers/script-scrolls", test_script_scrolls);
  return g_test_run();
}
