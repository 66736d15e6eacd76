// SPDX-License-Identifier: MIT
// What is a secret by its name or by its looks, and what plainly is none.

// cardNumber, card_number and card1 are words as well.
export const words = (text) => text.replace(/([a-z])(?=[A-Z\d])/g, '$1 ').toLowerCase().replace(/[\s_.:[\]-]+/g, ' ').trim();

// Names of what is never sent: of fields, parameters, properties, and in labels.
const ALWAYS = new RegExp('token(?!s|i| (name|type|count|limit))|secret(?!ar)|passw|pass ?(code|phrase)|pwd|\\bpw\\b|\\bpin\\b|credential|signature|\\bsig\\b|jwt|\\botp\\b|one ?time|\\bcv[cv]|\\bcsc\\b|' +
  '\\bssn\\b|social ?security|iban|[cx]srf|nonce|saml|assertion|relay ?state|bearer|authorization|sess(ion)? ?(id|key)|\\bsid\\b|mnemonic|(recovery|seed|backup) ?(phrase|words?)|security ?answer|' +
  '(api|app|access|private|client|licen[cs]e|write|auth|encryption|signing|master|service|webhook|recovery|security|verification|confirmation|backup|2fa) ?(key|code)');
// Names that secrets share with ordinary things: there the value decides.
const SOMETIMES = /\b(o?auth\w*|sso|sess(ion)?|state|ticket|invit\w*|reset|magic|confirm\w*|verif\w*|activat\w*|challenge|pass|key|code|unsubscribe)\b/;
const ORDINARY = /\b(author\w*|(post(al)?|zip|bar|country|lang\w*|currency|area|colou?r|error|status|product|item|sort|primary|foreign|cache|row|object|group|public\w*) ?(key|code))\b/;

export const isSecretLabel = (label) => ALWAYS.test(label);

const names = new Map();

export function decoded(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

// 2: always, 1: where the value looks so, 0: not.
function rank(name) {
  let known = names.get(name);
  if (known === undefined) {
    const plain = words(decoded(name));
    known = isSecretLabel(plain) ? 2 : Number(SOMETIMES.test(plain) && !ORDINARY.test(plain));
    if (names.size < 500) names.set(name, known);
  }
  return known;
}

// No word of a language: a run of consonants, or two that never meet.
const UNSPEAKABLE = /q(?!u|$)|j[^aeiouy\d]|v[bcdfghjklmnpqtvwxz]|x[bdgjknrvwxz]|[bcdfghjklmnpqrstvwxz]{5}/;

function isWord(part) {
  const humps = part.replace(/([a-z])(?=[A-Z])/g, '$1 ').split(' ');
  return humps.length * 3 <= part.length + 2 && humps.every((hump) => /^[A-Z]*[a-z]*\d{0,2}$/.test(hump) && hump.length <= 22) &&
    !UNSPEAKABLE.test(part.toLowerCase()) && (part.length < 5 || /[aeiouy]/i.test(part));
}

// Words, dates and small numbers, with anything between.
export function isWordy(text) {
  if (text.replace(/\D/g, '').length > 5 && !/^\d{4}-\d\d-\d\d\D*$/.test(text)) return false;
  return decoded(text).split(/[^\p{L}\p{N}]+/u).every((part) => /^\d*$/.test(part) || /[^\x00-\x7f]/.test(part) || isWord(part));
}

// Good enough as a secret where something beside it says that one is there.
export function isSecretive(text) {
  if (text.length < 6 || !/[a-z\d]/i.test(text)) return false;
  return !isWordy(text) || (text.length > 7 && [/[a-z]/, /[A-Z]/, /\d/, /[^a-z\d\s]/i].filter((kind) => kind.test(text)).length > 2);
}

export const isSecretName = (name) => rank(name) === 2;

export const isSecretPair = (name, value) => isSecretName(name) || /e-?mail/i.test(name) || (rank(name) === 1 && value.length > 3 && !isWordy(value));

// Random by itself: long, of one piece, and small letters, capitals and digits take turns as in no name.
export function isRandom(text) {
  if (!/^[\w+/=.~-]{16,}$/.test(text) || /^sha\d+-/.test(text) || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) || text.startsWith('/')) return false;
  const plain = text.replace(/[^a-z\d]/gi, '');
  const turns = plain.match(/\d(?!\d|$)|[a-z](?![a-z]|$)|[A-Z](?![A-Z]|$)/g)?.length ?? 0;
  return plain.length > 15 && turns > plain.length / 4;
}
