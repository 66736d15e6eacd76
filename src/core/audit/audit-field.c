/* SPDX-License-Identifier: MIT */
/* What a field asks for, by its label, its name and its autocomplete tokens (HTML, "autofill"). Free text is never
 * guessed at: a name is known to be one where a field asked for it. */
#include "sight-audit.h"

#include <string.h>

/* Words as they begin in labels, in small letters, separated by blanks; _ stands for any separator, or none. */
static const struct {
  SightAuditKind kind;
  const char *words;
} asks[] = {
    {SIGHT_AUDIT_PASSWORD, "password passwort contraseña mot_de_passe one_time_code otp current_password new_password "
                           "security_answer pin_code cvc cvv cc_csc security_code"},
    {SIGHT_AUDIT_CARD, "cc_number card_number kartennummer numéro_de_carte cc_exp"},
    {SIGHT_AUDIT_BIRTH, "bday birth dob geburt naissance nacimiento nascita geboorte"},
    {SIGHT_AUDIT_EMAIL, "email e_mail"},
    {SIGHT_AUDIT_PHONE, "tel phone telephone mobile_number telefon téléphone teléfono handynummer"},
    {SIGHT_AUDIT_ADDRESS, "street address_line street_address postal zip postcode plz address addr anschrift adresse "
                          "straße strasse dirección indirizzo city town ort wohnort"},
    {SIGHT_AUDIT_NAME, "name given_name family_name first_name last_name full_name surname vorname nachname nom prénom "
                       "nombre apellido cognome cc_name forename"},
    {SIGHT_AUDIT_HEALTH,
     "diagnosis symptom allerg medication medical health disease illness blood_type insurance_number "
     "diagnose krankheit krankenkasse medikament maladie salud pregnan disability"},
    {SIGHT_AUDIT_MONEY, "salary income wage tax_id account_number routing sort_code iban bic gehalt einkommen lohn "
                        "kontonummer bankleitzahl steuer revenu salaire sueldo net_worth"},
};

/* A name that is nobody's. */
static const char *const impersonal =
    "username user_name file_name filename company_name product_name project_name host_name hostname domain_name "
    "nickname display_name app_name tag_name item_name team_name ip_address mac_address web_address address_bar "
    "repository_name branch_name page_name column_name table_name database_name city_break";

/* Behind the word if it stands there, or NULL; separators of the label count as one. */
static const char *matches(const char *label, const char *word, gsize length) {
  for (gsize i = 0; i < length; i++) {
    if (word[i] == '_') {
      while (*label == ' ' || *label == '-' || *label == '_' || *label == '.')
        label++;
    } else if (*label++ != word[i]) {
      return NULL;
    }
  }
  return label;
}

static gboolean is_letter(char c) {
  return g_ascii_isalpha(c) || ((guchar)c & 0x80) != 0;
}

static gboolean says(const char *label, const char *words) {
  for (const char *word = words; *word != '\0';) {
    gsize length = strcspn(word, " ");
    for (const char *at = label; *at != '\0'; at++) {
      const char *end = at == label || !is_letter(at[-1]) ? matches(at, word, length) : NULL;
      /* Short words are whole ones: "tel" is no "telescope". */
      if (end != NULL && (length > 5 || !is_letter(*end)))
        return TRUE;
    }
    word += length + strspn(word + length, " ");
  }
  return FALSE;
}

int sight_audit_field(const char *tainted_label) {
  g_autofree char *valid = g_utf8_make_valid(tainted_label, -1);
  g_autofree char *label = g_utf8_strdown(valid, -1);
  gboolean anybody = says(label, impersonal);

  for (gsize i = 0; i < G_N_ELEMENTS(asks); i++) {
    gboolean weak = asks[i].kind == SIGHT_AUDIT_NAME || asks[i].kind == SIGHT_AUDIT_ADDRESS;
    if (!(weak && anybody) && says(label, asks[i].words))
      return (int)asks[i].kind;
  }
  return -1;
}
