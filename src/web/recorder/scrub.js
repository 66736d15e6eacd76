// SPDX-License-Identifier: MIT
// Takes secrets out of text and URLs: what a parameter's name gives away, mail addresses, tokens, card numbers.

const SECRET_NAME = new RegExp(
  'token|secret|passw|passc|pwd|e-?mail|sess|auth|credential|signature|jwt|otp|cvc|cvv|ssn|iban|(^|[^a-z])(pass|pin|key|code|sid|sig)([^a-z]|$)|' +
  '(api|access|private|public|client|license|user|write|read)_?(key|code|id)$|[a-z](Key|Code|Pin|Sid)$|(key|code)$', 'i');
const SECRET_CAMEL = /[a-z](Key|Code|Pin|Sid)\b/;
const EMAIL = /[\w.!#$&'*+/=?^`{|}~-]*[\w!#$&'*+^`{|}~-](?:@|%(?:25)*40|\\u0040)(?:[a-z0-9-]+\.)+(?!(?:png|jpe?g|gif|svg|webp|avif|css|m?js|html?)\b)[a-z]{2,24}\b/gi;
const JWT = /\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/g;
// The name of a parameter, after ?, &, # or ; and before =, each also percent-encoded, however often.
const PARAMETER = /(?:[?&#;]|%(?:25)*(?:3f|26|23|3b))((?:%(?!(?:25)*3d)[0-9a-f]{2}|[\w.~[\]-]){1,96}?)(=|%((?:25)*)3d)/gi;
const USERINFO = /(\b[a-z][\w+.-]*:\/\/)[^/?#\s"'@]*@/gi;
const ADDRESS = /\b[a-z][\w+.-]*:\/\/[^\s"'<>()]+/gi;
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

const names = new Map();

export function isSecretName(name) {
  let secret = names.get(name);
  if (secret === undefined) {
    const plain = decoded(name);
    secret = SECRET_NAME.test(plain) || SECRET_CAMEL.test(plain);
    if (names.size < 500) names.set(name, secret);
  }
  return secret;
}

// Digits from the sixth on: whether a number is a card's shows only at its last digit, too late.
export function maskDigits(text, before = 0) {
  let seen = before;
  return text.replace(/\p{N}/gu, (digit) => (++seen > 5 ? '*' : digit));
}

export function maskAll(text) {
  return text.replace(/\S/g, '*');
}

// Thirteen digits are a time stamp as well: only what could be a card's number counts.
function maskCards(text) {
  return text.replace(CARD, (number) => {
    const digits = number.replace(/\D/g, '');
    let sum = 0;
    for (let i = 0; i < digits.length; i++) {
      const digit = Number(digits[digits.length - 1 - i]) * (i % 2 ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 === 0 && /^[2-6]/.test(digits) ? maskDigits(number) : number;
  });
}

// A value ends at the next separator that is encoded as often as its own equals sign.
function endOfValue(text, from, encoded) {
  const end = new RegExp(encoded === undefined ? '[&#\\s"\'<>\\\\)]' : `[&#\\s"'<>\\\\)]|%${encoded}(?:26|23)`, 'gi');
  end.lastIndex = from;
  return end.exec(text)?.index ?? text.length;
}

export function cleanParameters(text) {
  if (!/=|%(?:25)*3d/i.test(text)) return text;
  let out = '';
  let done = 0;
  PARAMETER.lastIndex = 0;
  for (let found = PARAMETER.exec(text); found; found = PARAMETER.exec(text)) {
    if (!isSecretName(found[1])) continue;
    out += `${text.slice(done, PARAMETER.lastIndex)}*`;
    done = endOfValue(text, PARAMETER.lastIndex, found[3]);
    PARAMETER.lastIndex = done;
  }
  return out + text.slice(done);
}

export function cleanUrl(url) {
  if (url.length < 4 || !/[=@%:]|eyJ|\d[ -]?\d{4}/.test(url) || /^(data|blob):/i.test(url)) return url;
  if (/^\s*javascript:/i.test(url)) return '#';
  let clean = cleanParameters(url);
  if (/@|%(?:25)*40/i.test(clean)) clean = maskEmails(clean).replace(USERINFO, '$1');
  if (clean.includes('eyJ')) clean = clean.replace(JWT, '*');
  return /\d{4}/.test(clean) ? maskCards(clean) : clean;
}

// Addresses in what is none itself: text, what is typed, style sheets.
export function cleanAddresses(text) {
  if (!/[=@%]|eyJ/.test(text)) return text;
  return cleanParameters(text).replace(ADDRESS, cleanUrl);
}

// Every string in plain data.
export function cleanDeep(value, clean) {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleanDeep(item, clean));
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), cleanDeep(item, clean)]));
}

export const maskEmails = (text) => (/@|%(?:25)*40|u0040/i.test(text) ? text.replace(EMAIL, '*') : text);

// For what a program says: console arguments, messages, stacks.
export function scrub(text) {
  return maskCards(maskEmails(cleanParameters(text)).replace(BEARER, '$1 *').replace(PAIR, '$1*').replace(USERINFO, '$1').replace(JWT, '*'));
}
