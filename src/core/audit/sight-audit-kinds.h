/* SPDX-License-Identifier: MIT */
/* What counts as private: one row for each kind. KIND (id, name, title) */
#pragma once

#define SIGHT_AUDIT_KINDS(KIND)                                                                                        \
  KIND(CARD, "card", N_("Card number"))                                                                                \
  KIND(IBAN, "iban", N_("Bank account (IBAN)"))                                                                        \
  KIND(US_SSN, "us-ssn", N_("Social security number (US)"))                                                            \
  KIND(US_ITIN, "us-itin", N_("Taxpayer number (US)"))                                                                 \
  KIND(GB_NINO, "gb-nino", N_("National insurance number (UK)"))                                                       \
  KIND(GB_NHS, "gb-nhs", N_("NHS number (UK)"))                                                                        \
  KIND(NL_BSN, "nl-bsn", N_("Citizen service number (Netherlands)"))                                                   \
  KIND(BR_CPF, "br-cpf", N_("CPF (Brazil)"))                                                                           \
  KIND(PL_PESEL, "pl-pesel", N_("PESEL (Poland)"))                                                                     \
  KIND(ES_NIF, "es-nif", N_("NIF (Spain)"))                                                                            \
  KIND(IN_AADHAAR, "in-aadhaar", N_("Aadhaar (India)"))                                                                \
  KIND(IT_FISCALE, "it-fiscale", N_("Codice fiscale (Italy)"))                                                         \
  KIND(DE_IDNR, "de-idnr", N_("Tax identification number (Germany)"))                                                  \
  KIND(FR_NIR, "fr-nir", N_("Social security number (France)"))                                                        \
  KIND(SE_PERSONNUMMER, "se-personnummer", N_("Personnummer (Sweden)"))                                                \
  KIND(CA_SIN, "ca-sin", N_("Social insurance number (Canada)"))                                                       \
  KIND(EMAIL, "email", N_("E-mail address"))                                                                           \
  KIND(PHONE, "phone", N_("Telephone number"))                                                                         \
  KIND(IP, "ip", N_("IP address"))                                                                                     \
  KIND(MAC, "mac", N_("Hardware address"))                                                                             \
  KIND(LOGIN, "login", N_("Address with a user and a password"))                                                       \
  KIND(QUERY, "query-secret", N_("Secret in an address"))                                                              \
  KIND(AWS, "aws-key", N_("AWS key"))                                                                                  \
  KIND(GITHUB, "github-token", N_("GitHub token"))                                                                     \
  KIND(GITLAB, "gitlab-token", N_("GitLab token"))                                                                     \
  KIND(SLACK, "slack-token", N_("Slack token"))                                                                        \
  KIND(STRIPE, "stripe-key", N_("Stripe key"))                                                                         \
  KIND(GOOGLE, "google-key", N_("Google key"))                                                                         \
  KIND(JWT, "jwt", N_("JSON web token"))                                                                               \
  KIND(OPENAI, "openai-key", N_("OpenAI key"))                                                                         \
  KIND(ANTHROPIC, "anthropic-key", N_("Anthropic key"))                                                                \
  KIND(NPM, "npm-token", N_("npm token"))                                                                              \
  KIND(PEM, "private-key", N_("Private key"))                                                                          \
  KIND(SECRET, "secret", N_("Secret"))                                                                                 \
  KIND(NAME, "name", N_("Typed name"))                                                                                 \
  KIND(ADDRESS, "address", N_("Typed postal address"))                                                                 \
  KIND(BIRTH, "birth", N_("Typed date of birth"))                                                                      \
  KIND(HEALTH, "health", N_("Typed health data"))                                                                      \
  KIND(MONEY, "money", N_("Typed income or account data"))                                                             \
  KIND(PASSWORD, "password", N_("Typed password or code"))
