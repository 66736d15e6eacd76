/* SPDX-License-Identifier: MIT */
/* What is planted is found, wherever it stands and as the kind that it is; what is near to it is not. */
#include "sight-audit-findings.h"

#include <string.h>

/* Kind, and a text in which the private part stands between < and >. Random numbers with right check digits: none is
 * anybody's. Tokens are cut in two, so that nobody takes this file for a leak. */
typedef struct {
  SightAuditKind kind;
  const char *text;
} Planted;

static const Planted plants[] = {
    {SIGHT_AUDIT_CARD, "Paid with <4111 1111 1111 1111> today"},
    {SIGHT_AUDIT_CARD, "card=<5555555555554444>"},
    {SIGHT_AUDIT_CARD, "Card <2223-0031-2200-3222>, exp 12/29"},
    {SIGHT_AUDIT_CARD, "<378282246310005>"},
    {SIGHT_AUDIT_CARD, "amex <3782 822463 10005>."},
    {SIGHT_AUDIT_CARD, "diners <30569309025904>"},
    {SIGHT_AUDIT_CARD, "(<6011111111111117>)"},
    {SIGHT_AUDIT_CARD, "jcb: <3530111333300000>"},
    {SIGHT_AUDIT_IBAN, "Konto <DE89 3704 0044 0532 0130 00> bei"},
    {SIGHT_AUDIT_IBAN, "<GB82WEST12345698765432>"},
    {SIGHT_AUDIT_IBAN, "to <NL91ABNA0417164300>, please"},
    {SIGHT_AUDIT_IBAN, "IBAN: <FR14 2004 1010 0505 0001 3M02 606>"},
    {SIGHT_AUDIT_US_SSN, "SSN <536-90-4399>"},
    {SIGHT_AUDIT_US_SSN, "social security number: <536904399>"},
    {SIGHT_AUDIT_US_ITIN, "<912-90-3456>"},
    {SIGHT_AUDIT_GB_NINO, "NI <AB123456C>"},
    {SIGHT_AUDIT_GB_NINO, "his is <JG 12 13 16 A>."},
    {SIGHT_AUDIT_GB_NHS, "NHS number <943 476 5919>"},
    {SIGHT_AUDIT_GB_NHS, "NHS: <9434765919>"},
    {SIGHT_AUDIT_NL_BSN, "BSN <111222333>"},
    {SIGHT_AUDIT_NL_BSN, "burgerservicenummer <123456782>"},
    {SIGHT_AUDIT_BR_CPF, "CPF <390.533.447-05>"},
    {SIGHT_AUDIT_BR_CPF, "cpf: <39053344705>"},
    {SIGHT_AUDIT_PL_PESEL, "PESEL <44051401359>"},
    {SIGHT_AUDIT_PL_PESEL, "nr <02070803628>"},
    {SIGHT_AUDIT_ES_NIF, "DNI <54362315K>"},
    {SIGHT_AUDIT_ES_NIF, "NIE <X2482300W> ok"},
    {SIGHT_AUDIT_ES_NIF, "<54362315-K>"},
    {SIGHT_AUDIT_IN_AADHAAR, "Aadhaar <2341 2341 2346>"},
    {SIGHT_AUDIT_IN_AADHAAR, "aadhaar no. <234123412346>"},
    {SIGHT_AUDIT_IT_FISCALE, "CF <RCCMNL83S18D969H>"},
    {SIGHT_AUDIT_DE_IDNR, "Steuer-ID: <36574261809>"},
    {SIGHT_AUDIT_DE_IDNR, "<36 574 261 809>"},
    {SIGHT_AUDIT_FR_NIR, "NIR <295109912611193>"},
    {SIGHT_AUDIT_FR_NIR, "<2 95 10 99 126 111 93>"},
    {SIGHT_AUDIT_SE_PERSONNUMMER, "personnummer <880320-0016>"},
    {SIGHT_AUDIT_SE_PERSONNUMMER, "<19880320-0016>"},
    {SIGHT_AUDIT_CA_SIN, "SIN <123-456-782>"},
    {SIGHT_AUDIT_CA_SIN, "social insurance <123 456 782>"},
    {SIGHT_AUDIT_EMAIL, "Mail <ada.lovelace+shop@example.co.uk>."},
    {SIGHT_AUDIT_EMAIL, "<bob_9@mail-1.example.org>"},
    {SIGHT_AUDIT_EMAIL, "(<o'neil@example.ie>)"},
    {SIGHT_AUDIT_PHONE, "Call <+49 30 901820>"},
    {SIGHT_AUDIT_PHONE, "<(202) 555-0143>"},
    {SIGHT_AUDIT_PHONE, "Tel. <030 1234567>"},
    {SIGHT_AUDIT_PHONE, "phone <202.555.0143>"},
    {SIGHT_AUDIT_IP, "from <203.0.113.77> at"},
    {SIGHT_AUDIT_MAC, "adapter <00:1B:44:11:3A:B7>"},
    {SIGHT_AUDIT_LOGIN, "https://<ada:s3cr3t>@db.example.com/x"},
    {SIGHT_AUDIT_LOGIN, "postgres://<app:hunter2>@10.0.0.1/app"},
    {SIGHT_AUDIT_QUERY, "/reset?token=<9f86d081884c7d65>"},
    {SIGHT_AUDIT_QUERY, "https://a.example/cb?state=ok&access_token=<ZmFrZS10b2tlbi12YWx1ZQ>"},
    {SIGHT_AUDIT_QUERY, "/login?user=x&password=<hunter2hunter2>"},
    {SIGHT_AUDIT_QUERY, "/cb?code=<4F0AfJohXn8bQ7Zr2mW1pT6y>"},
    {SIGHT_AUDIT_AWS, "key <AKIA|Q3EGRZ7TWB5XNUYV>"},
    {SIGHT_AUDIT_GITHUB, "<ghp_|wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx>"},
    {SIGHT_AUDIT_GITHUB, "<github_pat_|11ABCDEFG0a1b2c3d4e5f6_g7h8i9j0kLmNoPqRsTuVwXyZ>"},
    {SIGHT_AUDIT_GITLAB, "<glpat-|Zy8xWv7uTs6rQp5oNm4l>"},
    {SIGHT_AUDIT_SLACK, "<xoxb-|123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx>"},
    {SIGHT_AUDIT_STRIPE, "<sk_live_|4eC39HqLyjWDarjtT1zdp7dc>"},
    {SIGHT_AUDIT_STRIPE, "<rk_test_|4eC39HqLyjWDarjtT1zdp7dc>"},
    {SIGHT_AUDIT_GOOGLE, "<AIza|SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe>"},
    {SIGHT_AUDIT_JWT,
     "<eyJ|hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P>"},
    {SIGHT_AUDIT_OPENAI, "<sk-|abcdefghijklmnopqrstT3BlbkFJuvwxyz0123456789abcd>"},
    {SIGHT_AUDIT_ANTHROPIC, "<sk-ant-|api03-Zx9Yw8Vu7Ts6Rq5Po4Nm3Lk2Ji1Hg0Fe-AA>"},
    {SIGHT_AUDIT_NPM, "<npm_|aB3dE5fG7hI9jK1lM2nO4pQ6rS8tU0vW2xY4>"},
    {SIGHT_AUDIT_PEM, "<-----BEGIN RSA PRIVATE KEY-----|\\nMIIEowIBAAKCAQEA\\n-----END RSA PRIVATE KEY----->"},
    {SIGHT_AUDIT_SECRET, "client_secret=<8Q~x7vB2kL9mN4pR6tW1yZ>"},
    {SIGHT_AUDIT_SECRET, "Authorization: Bearer <mF_9.B5f-4.1JqM_x7y2Zq>"},
};

typedef struct {
  GPtrArray *found; /* of char: "kind place text" */
} Fixture;

static void note(const SightAuditFound *found, gpointer data) {
  Fixture *f = data;

  g_ptr_array_add(f->found, g_strdup_printf("%s %s %s", sight_audit_kind_name(found->kind),
                                            sight_audit_place_name(found->place), found->text));
}

/* The events, each of them JSON, looked through by one pass. */
static void look(Fixture *f, const char *const *events, guint n) {
  g_autoptr(SightAuditPass) pass = sight_audit_pass_new(note, f);
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  g_autoptr(GError) error = NULL;

  g_ptr_array_set_size(f->found, 0);
  for (guint i = 0; i < n; i++) {
    SightEvent event = {0};
    sight_event_parser_parse(parser, events[i], strlen(events[i]), &event, &error);
    g_assert_no_error(error);
    sight_audit_pass_event(pass, &event);
  }
}

static const char *const page =
    "{\"type\":2,\"timestamp\":1,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,"
    "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"title\",\"attributes\":{"
    "},"
    "\"childNodes\":[{\"type\":3,\"id\":4,\"textContent\":\"Shop\"}]},{\"type\":2,\"id\":5,\"tagName\":\"p\","
    "\"attributes\":"
    "{\"id\":\"said\"},\"childNodes\":[{\"type\":3,\"id\":6,\"textContent\":\"x\"}]},{\"type\":2,\"id\":7,\"tagName\":"
    "\"textarea\",\"attributes\":{\"name\":\"remark\"},\"childNodes\":[]},{\"type\":2,\"id\":8,\"tagName\":\"input\","
    "\"attributes\":{\"id\":\"f\",\"%s\":\"%s\"},\"childNodes\":[]},{\"type\":2,\"id\":9,\"tagName\":\"label\","
    "\"attributes\":{\"for\":\"f\"},\"childNodes\":[{\"type\":3,\"id\":10,\"textContent\":\"%s\"}]}]}]},"
    "\"initialOffset\":"
    "{\"left\":0,\"top\":0}}}";

typedef struct {
  SightAuditPlace place;
  const char *event; /* with %s */
} Where;

static const Where places[] = {
    {SIGHT_AUDIT_PLACE_TEXT,
     "{\"type\":3,\"timestamp\":2,\"data\":{\"source\":0,\"texts\":[{\"id\":6,\"value\":\"%s\"}],"
     "\"attributes\":[],\"removes\":[],\"adds\":[]}}"},
    {SIGHT_AUDIT_PLACE_ATTRIBUTE,
     "{\"type\":3,\"timestamp\":2,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[{\"id\":5,"
     "\"attributes\":{\"title\":\"%s\"}}],\"removes\":[],\"adds\":[]}}"},
    {SIGHT_AUDIT_PLACE_TITLE,
     "{\"type\":3,\"timestamp\":2,\"data\":{\"source\":0,\"texts\":[{\"id\":4,\"value\":\"%s\"}],"
     "\"attributes\":[],\"removes\":[],\"adds\":[]}}"},
    {SIGHT_AUDIT_PLACE_INPUT,
     "{\"type\":3,\"timestamp\":2,\"data\":{\"source\":5,\"id\":7,\"text\":\"%s\",\"isChecked\":false}}"},
    {SIGHT_AUDIT_PLACE_CONSOLE,
     "{\"type\":6,\"timestamp\":2,\"data\":{\"plugin\":\"rrweb/console@1\",\"payload\":{\"level\":"
     "\"log\",\"payload\":[\"\\\"%s\\\"\"]}}}"},
    {SIGHT_AUDIT_PLACE_NETWORK,
     "{\"type\":5,\"timestamp\":2,\"data\":{\"tag\":\"ss:request\",\"payload\":{\"url\":\"%s\"}}}"},
    {SIGHT_AUDIT_PLACE_EVENT,
     "{\"type\":5,\"timestamp\":2,\"data\":{\"tag\":\"ordered\",\"payload\":{\"deep\":[{\"note\":\"%s\"}]}}}"},
    {SIGHT_AUDIT_PLACE_ADDRESS, "{\"type\":4,\"timestamp\":2,\"data\":{\"href\":\"%s\",\"width\":1,\"height\":1}}"},
};

/* The text without its marks, and the part between them. */
static char *plain(const char *marked, char **part) {
  g_auto(GStrv) halves = g_strsplit(marked, "|", -1);
  g_autofree char *joined = g_strjoinv("", halves);
  char *open = strchr(joined, '<'), *close = strrchr(joined, '>');
  g_autofree char *inner = g_strndup(open + 1, (gsize)(close - open - 1));

  *part = g_strcompress(inner);
  *open = '\0';
  return g_strconcat(joined, inner, close + 1, NULL);
}

static gboolean holds(const Fixture *f, const char *wanted) {
  return g_ptr_array_find_with_equal_func(f->found, wanted, g_str_equal, NULL);
}

static void test_planted(void) {
  Fixture f = {g_ptr_array_new_with_free_func(g_free)};
  g_autofree char *empty = g_strdup_printf(page, "name", "f", "");
  gboolean kinds[SIGHT_N_AUDIT_KINDS] = {FALSE};
  guint n = 0, n_found = 0, n_kinds = 0;

  for (gsize i = 0; i < G_N_ELEMENTS(plants); i++) {
    g_autofree char *part = NULL, *text = plain(plants[i].text, &part);
    for (gsize j = 0; j < G_N_ELEMENTS(places); j++) {
      gboolean address = places[j].place == SIGHT_AUDIT_PLACE_ADDRESS;
      /* In an address it stands as addresses write it. */
      g_autofree char *raw = g_strcompress(text), *coded = g_uri_escape_string(raw, NULL, FALSE);
      g_autofree char *href = g_strconcat("https://shop.example/find?q=", coded, NULL);
      char **halves = g_strsplit(places[j].event, "%s", 2);
      g_autofree char *event = g_strconcat(halves[0], address ? href : text, halves[1], NULL);
      g_autofree char *wanted = g_strdup_printf("%s %s %s", sight_audit_kind_name(plants[i].kind),
                                                sight_audit_place_name(places[j].place), part);
      const char *events[] = {empty, event};
      look(&f, events, 2);
      n++;
      n_found += holds(&f, wanted);
      if (!holds(&f, wanted))
        g_test_message("not found: %s; found %s", wanted, f.found->len > 0 ? (char *)f.found->pdata[0] : "nothing");
      g_strfreev(halves);
    }
    n_kinds += !kinds[plants[i].kind];
    kinds[plants[i].kind] = TRUE;
  }
  g_test_message("%u of %u planted of %u kinds are found", n_found, n, n_kinds);
  g_assert_cmpuint(n_kinds, >=, 25);
  g_assert_cmpuint(n_found * 100, >=, n * 98);
  g_ptr_array_unref(f.found);
}

static void check_field(Fixture *f, const char *attribute, const char *value, const char *label, const char *typed,
                        const char *wanted) {
  g_autofree char *with = g_strdup_printf(page, attribute, value, label);
  g_autofree char *event = g_strdup_printf(
      "{\"type\":3,\"timestamp\":2,\"data\":{\"source\":5,\"id\":8,\"text\":\"%s\",\"isChecked\":false}}", typed);
  const char *events[] = {with, event};

  look(f, events, 2);
  g_autofree char *line = wanted != NULL ? g_strdup_printf("%s input %s", wanted, typed) : NULL;
  if (line == NULL)
    g_assert_cmpuint(f->found->len, ==, 0);
  else if (!holds(f, line))
    g_error("%s is not found", line);
}

static void test_fields(void) {
  Fixture f = {g_ptr_array_new_with_free_func(g_free)};

  check_field(&f, "autocomplete", "given-name", "", "Ada", "name");
  check_field(&f, "name", "x1", "Nachname", "Lovelace", "name");
  check_field(&f, "name", "lastName", "", "Lovelace", "name");
  check_field(&f, "autocomplete", "street-address", "", "12 High Street", "address");
  check_field(&f, "placeholder", "Postcode", "", "SW1A 1AA", "address");
  check_field(&f, "name", "dob", "", "1815-12-10", "birth");
  check_field(&f, "name", "f", "Date of birth", "10 Dec 1815", "birth");
  check_field(&f, "name", "f", "Known allergies", "penicillin", "health");
  check_field(&f, "name", "f", "Yearly income", "52,000", "money");
  check_field(&f, "type", "password", "", "hunter2", "password");
  check_field(&f, "name", "f", "Tax number (SIN)", "123456782", "ca-sin");
  check_field(&f, "name", "f", "Search", "boots", NULL);
  check_field(&f, "name", "username", "", "ada77", NULL);
  check_field(&f, "name", "f", "File name", "report", NULL);
  check_field(&f, "autocomplete", "given-name", "", "***", NULL);
  check_field(&f, "name", "telescope", "", "big one", NULL);
  g_ptr_array_unref(f.found);
}

/* Numbers, words and codes that are nobody's. */
static void test_near_misses(void) {
  static const char *const texts[] = {
      "un jour tel que 2026-05-26",
      "call us until 31.12.2026",
      "4111 1111 1111 1112",
      "1700000000000",
      "550e8400-e29b-41d4-a716-446655440000",
      "Order 20260526-000123",
      "v1.2.3.4 and Chrome/120.0.0.0",
      "127.0.0.1 or 192.168.1.20",
      "icon@2x.png",
      "@media (min-width: 600px)",
      "user@host",
      "pkg@1.2.3",
      "$1,234,567.89",
      "2026-05-26 14:00:00",
      "12:34:56",
      "SKU 1234-5678-90",
      "ISBN 978-3-16-148410-0",
      "943 476 5918",
      "111222333",
      "036574261809",
      "https://shop.example:8443/p/8123?ref=mail",
      "/find?code=SUMMER10",
      "/find?q=password+manager",
      "sk-learn and sk_live_",
      "eyJust a word",
      "Your secret: smile more often",
      "token=abc",
      "The bearer of this letter has 16 reasons",
      "DE00 3704 0044 0532 0130 00",
      "AB123456E",
      "12345678A",
      "1 2 3 4 5 6 7 8 9 10 11 12 13 14",
      "0.31 0.62 0.13 0.94 12.5 1280 720",
      "#336699 rgb(12, 34, 56)",
      "00:1B:44:11:3A",
      "{\"width\":1280,\"height\":720,\"id\":123456}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));
    sight_audit_text(texts[i], strlen(texts[i]), NULL, hits);
    if (hits->len > 0)
      g_error("%s: %s", texts[i], sight_audit_kind_name(g_array_index(hits, SightAuditHit, 0).kind));
  }
}

/* Random bytes, made of what the finders look for: nothing is read outside of the text, and hits are in order. */
static void test_random(void) {
  static const char *const pieces[] = {"4111", " ",           "-",       ".",   "@",   "://",  "?token=", "AKIA",
                                       "eyJ",  "-----BEGIN ", "+49",     "(20", ")",   "DE89", "sk-",     ":",
                                       "=",    "\xc3",        "a",       "9",   "%40", "\"",   "AB",      "12 34",
                                       "x.co", "_",           "secret=", "\n",  "0",   "/"};

  for (int round = 0; round < 3000; round++) {
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));
    for (int i = g_test_rand_int_range(0, 30); i > 0; i--)
      g_string_append(text, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
    /* Exactly so many bytes, so that reading behind them is seen. */
    g_autofree char *exact = g_memdup2(text->str, text->len);
    sight_audit_text(exact, text->len, NULL, hits);
    for (guint i = 0; i < hits->len; i++) {
      SightAuditHit hit = g_array_index(hits, SightAuditHit, i);
      g_assert_cmpuint(hit.start, <, hit.end);
      g_assert_cmpuint(hit.end, <=, text->len);
      if (i > 0)
        g_assert_cmpuint(g_array_index(hits, SightAuditHit, i - 1).end, <=, hit.start);
    }
  }
}

/* What somebody is shown before a clip is given away: each text once, how often it stands there, by kind. */
static void test_findings(void) {
  static const char events[] =
      "[{\"type\":4,\"timestamp\":1,\"data\":{\"href\":\"https://a.example/?m=ada%40mail.example\"}},"
      "{\"type\":2,\"timestamp\":2,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,"
      "\"tagName\":\"p\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":3,\"textContent\":"
      "\"ada@mail.example, bob@mail.example and 4111 1111 1111 1111\"}]}]}}}]";
  static const char *const said[] = {"write to ada@mail.example", NULL};
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) findings = sight_audit_findings(events, strlen(events), said, NULL, &error);

  g_assert_no_error(error);
  g_assert_cmpuint(findings->len, ==, 2);
  const SightAuditFinding *card = findings->pdata[0], *mail = findings->pdata[1];
  g_assert_cmpint(card->kind, ==, SIGHT_AUDIT_CARD);
  g_assert_cmpuint(card->n_times, ==, 1);
  g_assert_cmpint(mail->kind, ==, SIGHT_AUDIT_EMAIL);
  g_assert_cmpuint(mail->n_times, ==, 4);
  g_assert_cmpuint(mail->texts->len, ==, 2);
  const SightAuditText *ada = mail->texts->pdata[0];
  g_assert_cmpstr(ada->text, ==, "ada@mail.example");
  g_assert_cmpuint(ada->n_times, ==, 3);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/audit/planted", test_planted);
  g_test_add_func("/audit/fields", test_fields);
  g_test_add_func("/audit/near-misses", test_near_misses);
  g_test_add_func("/audit/random", test_random);
  g_test_add_func("/audit/findings", test_findings);
  return g_test_run();
}
