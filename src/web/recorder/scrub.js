// SPDX-License-Identifier: MIT
// Takes secrets out of text and URLs: what a parameter's name gives away, mail addresses, tokens, card numbers.

const SECRET_NAME = new RegExp(
  'token|secret|passw|passc|pwd|e-?mail|sess|auth|credential|signature|jwt|otp|cvc|cvv|ssn|iban|(^|[^a-z])(pass|pin|key|code|sid|sig)([^a-z]|$)|' +
  '(api|access|private|public|client|license|user|write|read)_?(key|code|id)$|[a-z](Key|Code|Pin|Sid)$|(key|code)$', 'i');
const SECRET_CAMEL = /[a-z](Key|Code|Pin|Sid)\b/;
const EMAIL = /[\w.!#$&'*+/=?^`{|}~-]+(?:@|%40|\\u0040)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+/gi;
const JWT = /\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/g;
// name=value after ?, &, #, ; or their percent-encoded forms, also twice encoded
const PARAMETER = /([?&#;]|%(?:25)*(?:3f|26|23|3b))([\w.~[\]-]{1,64}|(?:%(?!(?:25)*3d)[0-9a-f]{2}|[\w.~[\]-]){1,96}?)(=|%(?:25)*3d)((?:(?!%(?:25)*(?:26|23))[^&#\s"'<>\\)])*)/gi;
const USERINFO = /(\b[a-z][\w+.-]*:\/\/)[^/?#\s"'@]*@/gi;
// name: value and name=value in running text, JSON and printed objects
const PAIR = /((?:["'\\]|\b)([\w-]*(?:token|secret|passw(?:or)?d|passphrase|passcode|pwd|api[_-]?key|access[_-]?key|private[_-]?key|authorization|session(?:[_-]?id)?|csrf|jwt|otp|cvc|cvv|ssn|iban)[\w-]*)(?:\\*["'])?\s*[:=]\s*)(\\*"[^"\\]*\\*"?|\\*'[^'\\]*\\*'?|[^\s,;&"'}\])]+)/gi;
const CARD = /\d(?:[ -]?\d){12,18}/g;

function decoded(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export function isSecretName(name) {
  const plain = decoded(name);
  return SECRET_NAME.test(plain) || SECRET_CAMEL.test(plain);
}

// Digits from the sixth on: whether a number is a card's shows only at its last digit, too late.
export function maskDigits(text) {
  let seen = 0;
  return text.replace(/\d/g, (digit) => (++seen > 5 ? '*' : digit));
}

export function maskAll(text) {
  return text.replace(/\S/g, '*');
}

function cleanParameters(text) {
  if (!/[=]|%(?:25)*3d/i.test(text)) return text;
  return text.replace(PARAMETER, (all, mark, name, equals) => (isSecretName(name) ? `${mark}${name}${equals}*` : all));
}

export function cleanUrl(url) {
  if (typeof url !== 'string' || url.length < 4 || /^(data|blob):/i.test(url)) return url;
  if (/^\s*javascript:/i.test(url)) return '#';
  return cleanParameters(url)
    .replace(USERINFO, '$1')
    .replace(EMAIL, '*')
    .replace(JWT, '*')
    .replace(CARD, maskDigits);
}

export const maskEmails = (text) => (/@|%40|u0040/.test(text) ? text.replace(EMAIL, '*') : text);

// For what a program says: console arguments, messages, stacks.
export function scrub(text) {
  return maskEmails(cleanParameters(text))
    .replace(PAIR, '$1*')
    .replace(USERINFO, '$1')
    .replace(BEARER, '$1 *')
    .replace(JWT, '*')
    .replace(CARD, maskDigits);
}
