// SPDX-License-Identifier: MIT
// What runs in the live page: asking its layout. Each function stands alone, since it is sent there as text, and changes nothing that can be seen.

// Where somebody could press: what looks as if it did something, and some text that does not. keep: selector of what is not to be pressed.
export function places(keep) {
  const ALIVE = 'a[href],button,input,select,textarea,label,summary,[role=button],[role=link],[role=tab],[role=checkbox],[role=switch],[role=menuitem],[role=option],' +
    '[role=radio],[role=combobox],[role=treeitem],[role=gridcell],[onclick],[tabindex]:not([tabindex="-1"]),[contenteditable=true]';
  const FIELD = 'input:not([type=checkbox],[type=radio],[type=button],[type=submit],[type=reset],[type=image],[type=file],[type=range],[type=color]),textarea,select,[contenteditable=true]';
  const found = [];
  const hitAt = (x, y) => {
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot?.elementFromPoint(x, y) && hit.shadowRoot.elementFromPoint(x, y) !== hit) hit = hit.shadowRoot.elementFromPoint(x, y);
    return hit;
  };
  const within = (el, outer) => {
    for (let at = el; at; at = at.parentNode ?? at.host) if (at === outer) return true;
    return false;
  };
  const isLeaf = (el) => [...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1);
  function look(root) {
    for (const el of root.querySelectorAll('*')) {
      if (el.shadowRoot) look(el.shadowRoot);
      const pointer = getComputedStyle(el).cursor === 'pointer' && getComputedStyle(el.parentElement ?? el).cursor !== 'pointer';
      const alive = el.matches(ALIVE) || pointer;
      if (!alive && (!isLeaf(el) || el.closest(ALIVE))) continue;
      const box = el.getBoundingClientRect();
      const [x, y] = [box.left + Math.min(box.width / 2, 200), box.top + Math.min(box.height / 2, 100)];
      if (box.width < 6 || box.height < 6 || x < 4 || y < 4 || x > innerWidth - 20 || y > innerHeight - 4) continue;
      const hit = hitAt(x, y);
      if (!hit || !within(hit, el) || (keep && hit.closest(keep))) continue;
      const link = el.closest('a[href]');
      if (link && (!/^https?:/.test(link.href) ? !/^javascript:/.test(link.href) : new URL(link.href).origin !== location.origin && link.target !== '_blank')) continue;
      found.push({ x: Math.round(x), y: Math.round(y), alive, field: el.matches(FIELD), search: el.matches('[type=search],[role=searchbox]'), what: `${el.localName} “${(el.getAttribute('aria-label') || el.textContent || el.title || el.name || '').trim().slice(0, 30)}”` });
    }
  }
  look(document);
  return found.slice(0, 400);
}

// The middle of an element that a task names; the selector may go through shadow roots by >>>.
export function place(selector) {
  let roots = [document];
  let el;
  for (const part of selector.split('>>>')) {
    const all = roots.flatMap((root) => [...root.querySelectorAll(part.trim())]);
    el = all.find((one) => one.getClientRects().length) ?? all[0];
    if (!el) return null;
    roots = all.map((one) => one.shadowRoot).filter(Boolean);
  }
  const seen = (box) => box.top >= 0 && box.top + Math.min(box.height, 200) <= innerHeight && box.left + Math.min(box.width, 300) / 2 < innerWidth;
  if (!seen(el.getBoundingClientRect())) el.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = el.getBoundingClientRect();
  return box.width ? { x: Math.round(box.left + Math.min(box.width, 300) / 2), y: Math.round(box.top + Math.min(box.height, 200) / 2) } : null;
}

// What is under the point, and what could tell that it was pressed: its control's box, and what that says.
export function control({ x, y, again }) {
  const FIELD = 'input:not([type=checkbox],[type=radio],[type=button],[type=submit],[type=reset],[type=image],[type=file]),textarea,select,option,video,audio,[contenteditable]:not([contenteditable=false])';
  const CONTROL = 'a,button,input,select,textarea,label,summary,[role=button],[role=link],[role=tab],[role=checkbox],[role=switch],[role=menuitem],[role=option],[role=radio],[role=combobox],[role=treeitem],[onclick],[tabindex]';
  const memory = globalThis[Symbol.for('sight-field')] ??= { ids: new WeakMap(), next: 1 };
  const up = (el, selector) => {
    for (let at = el; at; at = at.parentNode ?? at.host) if (at.matches?.(selector)) return at;
    return null;
  };
  const pressable = (el) => {
    let top = null;
    for (let at = el; at && getComputedStyle(at).cursor === 'pointer'; at = at.parentElement) top = at;
    return top;
  };
  // Where the page drew it anew, what stands in its place is asked.
  const before = again ? memory.own?.deref() : null;
  const anew = again && !before?.isConnected;
  let hit = again && !anew ? before : document.elementFromPoint(...(anew ? memory.at ?? [0, 0] : [x, y]));
  while ((!again || anew) && hit?.shadowRoot?.elementFromPoint(x, y) && hit.shadowRoot.elementFromPoint(x, y) !== hit) hit = hit.shadowRoot.elementFromPoint(x, y);
  if (!hit) return null;
  const own = again && !anew ? hit : up(hit, CONTROL) ?? pressable(hit) ?? hit;
  memory.own = new WeakRef(own);
  if (!again) memory.at = [x, y];
  if (!memory.ids.has(own)) memory.ids.set(own, memory.next++);
  // Chosen or open, by the words that classes have for it.
  const states = (el) => [...el.classList].filter((name) => /(^|-)(selected|current|checked|open|expanded|collapsed)$/.test(name)).sort();
  const says = (el) => {
    const style = [getComputedStyle(el, '::before').content, getComputedStyle(el, '::after').content];
    return [el.localName, ...states(el), el.checked, el.indeterminate, el.open, el.type === 'checkbox' ? '' : el.value, ...['aria-pressed', 'aria-expanded', 'aria-selected', 'aria-checked', 'aria-valuenow', 'aria-current', 'aria-label', 'title', 'd', 'src', 'href'].map((name) => el.getAttribute(name)), ...style].join('|');
  };
  const parts = [own, ...own.querySelectorAll('*'), ...(own.shadowRoot?.querySelectorAll('*') ?? [])];
  const labelled = own.localName === 'label' ? own.control ?? own.parentNode.querySelector?.(FIELD) : null;
  const box = own.getBoundingClientRect();
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  // What has the focus shows it, or the label around it does, which as a line of text is lower than its field.
  const shows = active && active !== document.body ? [active, active.closest('label') ?? active].map((el) => el.getBoundingClientRect()) : [];
  const most = (pick, side) => pick(...shows.map((one) => one[side]));
  const focus = shows.length ? [most(Math.min, 'left'), most(Math.min, 'top'), most(Math.max, 'right'), most(Math.max, 'bottom')] : null;
  return {
    id: memory.ids.get(own), name: own.localName, label: (own.getAttribute('aria-label') || own.textContent || own.title || own.id || own.getRootNode().host?.localName || own.getAttribute('class') || '').trim().replace(/\s+/g, ' ').slice(0, 40),
    field: Boolean(up(hit, FIELD) || labelled?.matches(FIELD)), drawn: hit.localName === 'canvas', alive: own !== hit || own.matches(CONTROL), disabled: own.matches(':disabled,[aria-disabled=true]'),
    says: parts.length < 60 ? parts.map(says).join('\n') + own.textContent : '',
    box: [box.left, box.top, box.right, box.bottom], focus,
    selected: String(getSelection() ?? '').trim().length, connected: own.isConnected,
    anew, chooses: Boolean(hit.closest('label,[role=option],[role=checkbox],[role=radio],[role=switch]') || hit.matches('input,select,option')),
  };
}

// Messages meant for the visitor, and what turns or says that it is busy: in the viewport or not.
export function glimpse() {
  const MESSAGE = '[role=alert],[role=alertdialog],[role=status],[aria-live=polite],[aria-live=assertive],.error,.errors,.errorbox,.error-message,.invalid-feedback';
  const hitAt = (x, y) => {
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot?.elementFromPoint(x, y) && hit.shadowRoot.elementFromPoint(x, y) !== hit) hit = hit.shadowRoot.elementFromPoint(x, y);
    return hit;
  };
  const within = (el, outer) => {
    for (let at = el; at; at = at.parentNode ?? at.host) if (at === outer) return true;
    return false;
  };
  const shows = (el) => el.checkVisibility?.({ opacityProperty: true, visibilityProperty: true, checkOpacity: true, checkVisibilityCSS: true }) ?? true;
  function visible(el) {
    if (!shows(el)) return false;
    const box = el.getBoundingClientRect();
    const [left, top, right, bottom] = [Math.max(box.left, 0), Math.max(box.top, 0), Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
    if (right - left < 4 || bottom - top < 4) return false;
    return [0.15, 0.5, 0.85].some((share) => {
      const hit = hitAt(left + (right - left) * share, (top + bottom) / 2);
      return hit && (within(hit, el) || (within(el, hit) && getComputedStyle(el).pointerEvents === 'none'));
    });
  }
  function laidOut(el) {
    if (!shows(el)) return false;
    const box = el.getBoundingClientRect();
    if (box.width < 5 || box.height < 5 || box.right + scrollX <= 0 || box.bottom + scrollY <= 0 || /inset\(50%|rect\(/.test(getComputedStyle(el).clipPath + getComputedStyle(el).clip)) return false;
    for (let at = el.parentElement; at && at !== document.body; at = at.parentElement) {
      const outer = at.getBoundingClientRect();
      if (getComputedStyle(at).overflow !== 'visible' && (outer.width < 5 || outer.height < 5)) return false;
    }
    return true;
  }
  const messages = [];
  // Those of a component are its own root's.
  const animations = [];
  let busy = '';
  let busySince = Infinity;
  function look(root) {
    animations.push(...root.getAnimations());
    for (const el of root.querySelectorAll(MESSAGE)) {
      const slotted = [...el.querySelectorAll('slot')].flatMap((slot) => slot.assignedNodes()).map((node) => node.textContent).join(' ');
      const text = (el.textContent + slotted).trim().replace(/\s+/g, ' ').slice(0, 80);
      // What grows by itself, as tables and logs do, is content.
      if (text && !el.matches('table,tbody,[role=log],[role=timer]') && !el.querySelector('table')) messages.push({ text, visible: visible(el), laidOut: laidOut(el) });
    }
    for (const el of root.querySelectorAll('[aria-busy=true],progress:not([value]),[role=progressbar]:not([aria-valuenow])')) if (visible(el)) busy ||= el.localName;
    for (const el of root.querySelectorAll('*')) if (el.shadowRoot) look(el.shadowRoot);
  }
  look(document);
  for (const animation of animations) {
    const el = animation.effect?.target;
    if (!el || animation.playState !== 'running' || animation.effect.getComputedTiming().iterations !== Infinity || !visible(el)) continue;
    busy ||= `${el.localName}.${el.getAttribute('class') ?? ''}`;
    // One that came, went and came again between two looks begins anew.
    busySince = Math.min(busySince, Date.now() - animation.currentTime);
  }
  const films = [...document.querySelectorAll('video')].filter((film) => !film.paused).map((film) => film.getBoundingClientRect()).map(({ left, top, right, bottom }) => [left, top, right, bottom]);
  return { now: Date.now(), messages, films, busy, busySince: busySince < Infinity ? busySince : 0, url: location.href, height: document.documentElement.scrollHeight, at: [scrollX, scrollY], elements: document.getElementsByTagName('*').length };
}

// Forms that can be filled now: each { fields: [{ x, y, search }], button: { x, y } or null }, of what stands in the viewport. keep: see places().
export function forms(keep) {
  const FIELD = 'input:not([type]),input[type=text],input[type=email],input[type=tel],input[type=search],textarea';
  const SEARCH = /search|filter|query|^[qs]$/i;
  const middle = (el) => {
    const box = el.getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width / 2, 60), box.top + Math.min(box.height / 2, 40)];
    const hit = box.width > 20 && box.height > 8 && document.elementFromPoint(x, y);
    return hit && (hit === el || el.contains(hit)) && !(keep && hit.closest(keep)) ? { x: Math.round(x), y: Math.round(y) } : null;
  };
  return [...document.forms].map((form) => {
    const fields = [...form.elements].filter((el) => el.matches(FIELD) && !el.readOnly && !el.disabled).map((el) => {
      const at = middle(el);
      const search = el.type === 'search' || [el.name, el.id, el.placeholder, el.title, el.getAttribute('aria-label'), form.getAttribute('role'), form.id, form.className].some((text) => SEARCH.test(text ?? ''));
      return at && { ...at, search };
    }).filter(Boolean);
    const button = [...form.elements].find((el) => el.matches('button:not([type=button],[type=reset]),input[type=submit]') && !el.disabled && middle(el));
    return { fields: fields.slice(0, 3), button: button ? middle(button) : null };
  }).filter(({ fields }) => fields.length);
}

// Puts a message into the page as applications do: where it can be read, or where nobody sees it. What is seen goes away again.
export function putMessage({ text, how }) {
  const el = document.createElement('div');
  el.setAttribute('role', how === 'polite' ? 'status' : 'alert');
  el.style.cssText = { toast: 'position:fixed;right:20px;top:20px', polite: 'position:fixed;left:20px;bottom:20px', below: 'position:absolute;left:20px', above: 'position:absolute;left:20px;top:10px',
    reader: 'position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0)', off: 'position:absolute;left:-9999px;top:0', clear: 'position:fixed;right:20px;top:20px;opacity:0' }[how];
  if (how === 'below') el.style.top = `${scrollY + innerHeight + 500}px`;
  Object.assign(el.style, { background: '#fde', color: '#300', font: '14px sans-serif', zIndex: '2147483646', ...(how === 'reader' ? {} : { padding: '8px' }) });
  document.body.append(el);
  setTimeout(() => { el.textContent = text; }, 30);
  if (how === 'toast' || how === 'polite') setTimeout(() => el.remove(), 9000);
}

// Puts a control into the page that answers late, at once, or not at all, as applications have them. Returns where to press it.
export function putControl({ how, label, ms }) {
  const el = document.createElement(how.startsWith('link') ? 'a' : how.startsWith('own') ? 'div' : 'button');
  if (el.localName === 'a') el.href = '#';
  if (el.localName === 'button') el.type = 'button';
  if (el.localName === 'div') Object.assign(el, { tabIndex: 0 }).setAttribute('role', 'button');
  el.textContent = label;
  el.style.cssText = 'position:fixed;left:40%;bottom:60px;padding:8px 14px;font:14px sans-serif;background:#e8eef8;color:#123;border:1px solid #678;cursor:pointer;z-index:2147483645';
  const said = document.createElement('div');
  said.style.cssText = 'position:fixed;left:40%;bottom:120px;padding:8px 14px;font:14px sans-serif;background:#fff;color:#123;border:1px solid #678;z-index:2147483645';
  if (how.endsWith('shown')) {
    said.style.visibility = 'hidden';
    document.body.append(said);
  }
  let times = 0;
  const answer = () => {
    times++;
    said.textContent = `${label}: done, ${times}${how.endsWith('often') ? ` of ${times + 7}` : ''}`;
    if (how.endsWith('shown')) said.style.visibility = 'visible';
    else document.body.append(said);
  };
  el.addEventListener('click', (event) => {
    event.preventDefault();
    if (!how.endsWith('never')) setTimeout(answer, ms);
  });
  document.body.append(el);
  setTimeout(() => [el, said].forEach((one) => one.remove()), 20000);
  const box = el.getBoundingClientRect();
  const [x, y] = [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)];
  return el.contains(document.elementFromPoint(x, y)) ? { x, y } : null;
}

// Shows that something is waited for, as applications do, for so long: at once, or where asked is set once the button that it brings is pressed, whose
// place is returned. Where how says so, where nobody sees it.
export function putBusy({ how, ms, asked, label }) {
  const el = document.createElement(how === 'progress' ? 'progress' : 'div');
  const places = { below: `position:absolute;left:20px;top:${scrollY + innerHeight + 500}px`, off: 'position:absolute;left:-9999px;top:0', gone: 'position:fixed;left:60%;bottom:160px;visibility:hidden' };
  el.style.cssText = `${places[how] ?? 'position:fixed;left:60%;bottom:160px'};min-width:30px;min-height:30px;z-index:2147483645`;
  if (how === 'region') el.setAttribute('aria-busy', 'true');
  if (how === 'bar') el.setAttribute('role', 'progressbar');
  if (how === 'region' || how === 'bar') Object.assign(el.style, { background: '#ccd', padding: '10px 40px' });
  if (!['region', 'bar', 'progress'].includes(how)) {
    el.className = how === 'skeleton' ? 'card skeleton' : 'app-spinner';
    el.style.border = '4px dotted #246';
    el.animate(how === 'skeleton' ? { opacity: [0.4, 1, 0.4] } : { rotate: ['0deg', '360deg'] }, { duration: 900, iterations: Infinity });
  }
  const begin = () => {
    document.body.append(el);
    setTimeout(() => el.remove(), ms);
  };
  if (!asked) return begin();
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', textContent: label }).style.cssText = 'position:fixed;left:40%;bottom:60px;padding:8px 14px;font:14px sans-serif;z-index:2147483645';
  button.addEventListener('click', () => setTimeout(begin, 60), { once: true });
  document.body.append(button);
  setTimeout(() => button.remove(), 20000);
  const box = button.getBoundingClientRect();
  const [x, y] = [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)];
  return button.contains(document.elementFromPoint(x, y)) ? { x, y } : null;
}

// Boxes of what the recorder does not record as long as nobody asks for it, where it is what one sees: canvases and films, and frames of other sites; and the
// browser's own scroll bar. Each [left, top, right, bottom].
export function unrecorded() {
  const STEP = 10;
  const isOther = (el) => {
    try {
      return el.localName === 'iframe' && !el.contentDocument;
    } catch {
      return true;
    }
  };
  const hitAt = (x, y) => {
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot?.elementFromPoint(x, y) && hit.shadowRoot.elementFromPoint(x, y) !== hit) hit = hit.shadowRoot.elementFromPoint(x, y);
    return hit;
  };
  const shinesThrough = (x, y) => {
    const stack = document.elementsFromPoint(x, y);
    const film = stack.findIndex((el) => el.localName === 'video');
    return film >= 0 && !stack.slice(0, film).some((el) => getComputedStyle(el).backgroundColor.startsWith('rgb('));
  };
  const boxes = [getComputedStyle(document.documentElement).direction === 'rtl' ? [0, 0, 14, innerHeight] : [innerWidth - 14, 0, innerWidth, innerHeight]];
  for (let y = 0; y < innerHeight; y += STEP) {
    let from = -1;
    for (let x = 0; x <= innerWidth; x += STEP) {
      const hit = x < innerWidth && hitAt(x + STEP / 2, y + STEP / 2);
      const masked = hit && (/^(?:canvas|video)$/.test(hit.localName) || isOther(hit) || hit.parentElement?.querySelector(':scope > video') || shinesThrough(x + STEP / 2, y + STEP / 2));
      if (masked && from < 0) from = x;
      if (!masked && from >= 0) {
        // Its edge lies up to half a step from a middle that was hit.
        boxes.push([from - STEP / 2, y - STEP / 2, x + STEP / 2, y + 1.5 * STEP]);
        from = -1;
      }
    }
  }
  return boxes;
}
