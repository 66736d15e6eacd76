// SPDX-License-Identifier: MIT
// Recognises fields that hold secrets: passwords, also once they are shown, cards, codes, numbers spread over several boxes.

const SECRET = /passw|pass ?phrase|pass ?code|pwd|one ?time|otp\b|\bpin\b|secret|token|cvv|cvc|\bcsc\b|security ?code|\bssn\b|social ?security|iban/;
const CARD = /\bcards?\b|card ?(no|nr|num|holder|name|code|exp|type)|\bcc ?(n|no|num|name|exp|type|month|year)|\bpan\b|(credit|debit|bank|pay) ?card|karte|num(e|é)ro.{0,8}carte|tarjeta|expir/;
const NAME = /(^|[^a-z])(full|first|last|given|family|middle|sur|nick)?.?name([^a-z]|$)/i;

// cardNumber, card_number and card1 are words as well.
const words = (text) => text.replace(/([a-z])(?=[A-Z\d])/g, '$1 ').toLowerCase().replace(/[\s_.:[\]-]+/g, ' ');

// All that tells people what to write: its own names, its labels, and of a field inside of a component those of the component.
function labelOf(el) {
  const root = el.getRootNode();
  const { host } = root;
  const by = (el.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => id && root.getElementById?.(id)?.textContent);
  const labels = Array.from(el.labels ?? [], (label) => label.textContent);
  const own = [el, host].flatMap((of) => ['name', 'id', 'aria-label', 'placeholder', 'title', 'label'].map((name) => of?.getAttribute(name)));
  return words([...own, ...by, ...labels].map((text) => (text ?? '').slice(0, 200)).join(' '));
}

// One number in several boxes: each alone is too short to be noticed.
function isBox(el) {
  if (!(el.maxLength > 0 && el.maxLength < 6)) return false;
  const around = el.closest('form,fieldset,[role="group"]') ?? el.parentElement?.parentElement ?? el.parentElement;
  return around?.querySelectorAll(`input[maxlength="${el.maxLength}"]`).length > 2;
}

export function isNameField(el) {
  return /\b(name|given-name|family-name|additional-name|nickname)\b/.test(el.getAttribute('autocomplete') ?? '') ||
    NAME.test(`${el.name ?? ''} ${el.id ?? ''}`);
}

export function createFields({ isKnown }) {
  const passwords = new WeakSet();
  // A page that shows a password often puts another field in the place of the first: called the same, or holding the same.
  const called = new Set();
  const homes = new WeakMap();

  function isPasswordAgain(el, names) {
    if (names.some((name) => called.has(name)) || isKnown(el.value)) return true;
    const before = names.length === 0 && homes.get(el.parentNode);
    return Boolean(before && !before.isConnected);
  }

  function isPassword(el) {
    if (passwords.has(el)) return true;
    const names = ['name', 'id'].filter((key) => el[key]).map((key) => `${key} ${el[key]}`);
    if (el.type === 'password' || el.hasAttribute('data-rr-is-password')) {
      for (const name of names) called.add(name);
    } else if (el.localName !== 'input' || !isPasswordAgain(el, names)) return false;
    passwords.add(el);
    if (el.parentNode) homes.set(el.parentNode, el);
    return true;
  }

  function isSecret(el) {
    if (isPassword(el) || el.type === 'hidden') return true;
    if (/\bcc-|password|one-time-code/i.test(el.getAttribute('autocomplete') ?? '')) return true;
    const label = labelOf(el);
    return SECRET.test(label) || CARD.test(label) || isBox(el);
  }

  return { isPassword, isSecret };
}
