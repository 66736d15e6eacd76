// SPDX-License-Identifier: MIT
// Takes secrets out of text and URLs: what a name gives away, mail addresses, tokens, card numbers.
import { isSecretName, isSecretPair, isSecretive, isWordy } from './secrets.js';

const EMAIL = /[\w.!#$&'*+/=?^`{|}~-]{0,80}[\w!#$&'*+^`{|}~-](?:@|%(?:25)*40|\\u0040)(?:[a-z0-9-]{1,63}\.)+(?!(?:png|jpe?g|gif|svg|webp|avif|css|m?js|html?)\b)[a-z]{2,24}\b/gi;
// JWT, and keys whose makers begin them so that they can be told: AWS, Google, GitHub, GitLab, Slack, Stripe, OpenAI, npm and others.
const TOKENS = new RegExp('\\b(?:eyJ[\\w-]{6,1000}\\.[\\w-]+(?:\\.[\\w-]*)?|A(?:3T[A-Z\\d]|KIA|SIA|BIA|CCA)[A-Z\\d]{16}|AIza[\\w-]{30,}|' +
  '(?:gh[pousr]|github_pat|npm|hf|shp(?:at|ca|pa|ss)|lin_api|do[opr]_v1|whsec|[sr]k_(?:test|live|prod))_(?=[a-z_]{0,20}[A-Z\\d])\\w{10,}|' +
  '(?:sk|pypi|xox[a-z]|xapp|GOCSPX|gl(?:pat|dt|rt|cbt|ptt|soat))-(?=[\\w-]{0,30}\\d)[\\w-]{16,}|(?:SG|ya29|hv[bs])\\.[\\w.-]{20,})|(?:hooks\\.slack\\.com|discord(?:app)?\\.com/api/webhooks)/[\\w/-]+', 'g');
const TOKEN_STARTS = /[\w-]{16}|eyJ|SG\.|\.com\//;
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----(?:(?!-----END)[^])*/g;
const BEARER = /\b((?:Bearer|Basic|Token)\s+)([\w.~+/=-]{6,})/gi;
// The name of a parameter, after ?, &, # or ; and before =, each also percent-encoded, however often.
const PARAMETER = /(?:[?&#;]|%(?:25)*(?:3f|26|23|3b))((?:%(?!(?:25)*3d)[0-9a-f]{2}|[\w.~[\]-]){1,96}?)(=|%((?:25)*)3d)/gi;
// Parts of a path after one that speaks of an invitation, a new password and the like.
const SLASH = '(?:/|%(?:25)*2f)';
const GATES = new RegExp(`(${SLASH}(?:[a-z\\d]{1,20}[-_]){0,3}(?:reset|invit|confirm|verif|activat|magic|unsubscri|share|token|o?auth|sso|callback|accept|passw|recover|unlock|otp|secret)[a-z]{0,14}` +
  `(?:[-_][a-z\\d]{1,20}){0,3})((?:${SLASH}[^\\s/?#&%"'<>\\\\);,]+){1,3})`, 'gi');
const FILE = /\.(m?js|css|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|map|json|x?html?|php|aspx?|jsp|xml|mp4|webm|pdf|txt)$/i;
const USERINFO = /(\b[a-z][\w+.-]{0,20}:\/\/)[^/?#\s"'@]{0,400}@/gi;
const ADDRESS = /\b[a-z][\w+.-]{0,20}:\/\/[^\s"'<>()]+/gi;
// name: value and name=value in running text, JSON and printed objects
const NAME = /(?:["'\\]|\b)([a-z][\w-]{1,40}(?: key| code| phrase)?)(?:\\*["'])?\s{0,9}[:=]\s{0,9}/gi;
const VALUE = /\\*"[^"\\]*\\*"?|\\*'[^'\\]*\\*'?|[^\s,;&"'}\])]+/y;
const GAP = '(?:[ \\u00a0\\u2009\\u202f\\u2010-\\u2013+-]|%20)?';
const NUMBER = new RegExp(`\\d(?:${GAP}\\d){11,}`, 'g');
const GROUPS = new RegExp(`\\d{13,19}|(?:\\d{4}${GAP}){3}\\d{4}(?:${GAP}\\d{3})?|\\d{4}${GAP}\\d{6}${GAP}\\d{4,5}`, 'g');
// Who gives out cards with these first digits and this many.
const ISSUED = /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)\d{11,14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12,15}|(?:6011|64[4-9]|65|62|5018|50[23]\d|5[6-9]|6[0137])\d{12,17}|(?:5018|50[23]\d|6304|67\d\d)\d{8,11})$/;

// A digest or a UUID: digits in it that would do for a card's are none.
const DIGEST = /^(?:[\da-f]{32,}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

// Digits from the sixth on: whether a number is a card's shows only at its last digit, too late.
export function maskDigits(text, before = 0) {
  let seen = before;
  return text.replace(/\p{N}/gu, (digit) => (++seen > 5 ? '*' : digit));
}

// The same for one number, which may stand in an address.
export function maskNumber(number) {
  return number.split('%20').reduce((out, part) => [...out, maskDigits(part, out.join('').replace(/[^\d*]/g, '').length)], []).join('%20');
}

export function maskAll(text) {
  return text.replace(/\S/g, '*');
}

// The check digit of a card's number, and that of an article's, which also has 13.
function isCard(number) {
  const digits = number.replace(/%20|\D/g, '');
  if (!ISSUED.test(digits)) return false;
  let sum = 0;
  let article = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
    article += i % 2 ? digit * 3 : digit;
  }
  return sum % 10 === 0 && (digits.length !== 13 || article % 10 !== 0);
}

export function maskCards(text) {
  return text.replace(NUMBER, (run, at, all) => {
    // What follows a decimal point is none.
    if (/\d\.$/.test(all.slice(Math.max(0, at - 2), at)) || /^\.\d/.test(all.slice(at + run.length, at + run.length + 2))) return run;
    const word = /[\da-f-]*$/i.exec(all.slice(Math.max(0, at - 128), at)) + run + /^[\da-f-]*/i.exec(all.slice(at + run.length, at + run.length + 128));
    if (DIGEST.test(word) && /[a-f]/i.test(word)) return run;
    if (isCard(run)) return maskNumber(run);
    let out = run;
    GROUPS.lastIndex = 0;
    for (let found = GROUPS.exec(run); found; found = GROUPS.exec(run)) {
      if (isCard(found[0])) out = out.slice(0, found.index) + maskNumber(found[0]) + out.slice(GROUPS.lastIndex);
      else GROUPS.lastIndex = found.index + found[0].match(/^\d+/)[0].length;
    }
    return out;
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
    const from = PARAMETER.lastIndex;
    // Its beginning is enough to tell.
    const value = text.slice(from, from + 100);
    if (!isSecretPair(found[1], value.slice(0, endOfValue(value, 0, found[3])))) continue;
    out += `${text.slice(done, from)}*`;
    done = endOfValue(text, from, found[3]);
    PARAMETER.lastIndex = done;
  }
  return out + text.slice(done);
}

function isKeyOf(gate, part) {
  if (FILE.test(part)) return false;
  if (/^\d+$/.test(part)) return part.length > 5 && /verif|confirm|activat|otp|magic/i.test(gate);
  return part.length > 5 && !isWordy(part);
}

const cleanPaths = (text) => text.replace(GATES, (_, gate, rest) => gate + rest.replace(/(\/|%(?:25)*2f)([^/%]+)/gi, (both, slash, part) => (isKeyOf(gate, part) ? `${slash}*` : both)));

// What follows the name of a secret. Programs mean what they say; people also write about passwords.
function cleanNamed(text, always) {
  const clean = text.replace(BEARER, (all, begin, value) => (isSecretive(value) ? `${begin}*` : all)).replace(PEM, '*');
  let out = '';
  let done = 0;
  NAME.lastIndex = 0;
  for (let found = NAME.exec(clean); found; found = NAME.exec(clean)) {
    if (!isSecretName(found[1])) continue;
    VALUE.lastIndex = NAME.lastIndex;
    const value = VALUE.exec(clean)?.[0];
    if (!value || !(always || isSecretive(value))) continue;
    out += `${clean.slice(done, NAME.lastIndex)}*`;
    done = VALUE.lastIndex;
    NAME.lastIndex = done;
  }
  return out + clean.slice(done);
}

const cleanTokens = (text) => (TOKEN_STARTS.test(text) ? text.replace(TOKENS, '*') : text);

// Pages say the same again and again.
function cached(clean) {
  const kept = new Map();
  return (text) => {
    if (text.length > 300) return clean(text);
    let done = kept.get(text);
    if (done === undefined) {
      done = clean(text);
      if (kept.size > 2000) kept.clear();
      kept.set(text, done);
    }
    return done;
  };
}

export const cleanUrl = cached((url) => {
  if (url.length < 4 || !/[=@%:/]|eyJ|\d[ -]?\d{4}/.test(url) || /^(data|blob):/i.test(url)) return url;
  if (/^\s*javascript:/i.test(url)) return '#';
  let clean = cleanTokens(cleanPaths(cleanParameters(url)));
  if (/@|%(?:25)*40/i.test(clean)) clean = maskEmails(clean).replace(USERINFO, '$1');
  return /\d{4}/.test(clean) ? maskCards(clean) : clean;
});

// Addresses in what is none itself: text, what is typed, style sheets.
export function cleanAddresses(text) {
  if (!/[=@%/]|eyJ/.test(text)) return text;
  return cleanPaths(cleanParameters(text)).replace(ADDRESS, cleanUrl);
}

// What people read or type: also keys that their looks or the words before them give away.
export const cleanText = cached((text) => {
  let clean = cleanTokens(cleanAddresses(text));
  if (/[:=]|earer\s|asic\s|oken\s|-----/i.test(clean)) clean = cleanNamed(clean, false);
  return /\d{4}/.test(clean) ? maskCards(clean) : clean;
});

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
  return maskCards(cleanTokens(cleanNamed(maskEmails(cleanPaths(cleanParameters(text))), true).replace(USERINFO, '$1')));
}
