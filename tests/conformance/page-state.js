// SPDX-License-Identifier: MIT
// Runs in the page: everything about a replayed document that two replays are compared by, as plain data.
globalThis.pageState = (root) => {
  const ownClasses = /(^|\s)(rrweb-paused|:hover)(?=\s|$)/g;
  const attributes = (el) => {
    const out = {};
    for (const { name, value } of el.attributes) {
      // what rrweb itself puts on elements, and handlers, which never run
      if (/^on|^_on|^rr_/.test(name)) continue;
      if (name === 'class') {
        const cleaned = value.replace(ownClasses, ' ').trim().replace(/\s+/g, ' ');
        if (cleaned) out.class = cleaned;
      } else if (name === 'autocomplete' && /^(input|textarea)$/i.test(el.tagName)) continue;
      else if (name === 'style') {
        out.style = el.style.cssText;
        if (!out.style) delete out.style;
      }
      else out[name] = value;
    }
    return out;
  };
  const rules = (sheet) => {
    try { return Array.from(sheet.cssRules, (r) => r.cssText); } catch { return 'unreadable'; }
  };
  const sheets = (owner) => ({
    // not those that rrweb itself puts in
    own: Array.from(owner.styleSheets ?? []).filter((s) => s.ownerNode).map(rules).filter((r) => !String(r[0]).startsWith('.rr-block {')),
    adopted: Array.from(owner.adoptedStyleSheets ?? [], rules),
  });
  // a frame of which nothing was recorded: when it seeks, rrweb takes even html, head and body out
  const isBlank = (doc) => /^(<html><head><\/head><body><\/body><\/html>)?$/.test(doc.documentElement?.outerHTML ?? '');
  const node = (n) => {
    switch (n.nodeType) {
      case 3: return ['text', n.data];
      case 4: return ['cdata', n.data];
      case 8: return ['comment', n.data];
      case 10: return ['doctype', n.name, n.publicId, n.systemId];
      case 9: return ['document', sheets(n), [n.defaultView?.scrollX ?? 0, n.defaultView?.scrollY ?? 0].map(Math.round), children(n)];
      case 1: break;
      default: return ['other', n.nodeType];
    }
    const extra = {};
    if ('value' in n && /^(INPUT|TEXTAREA|SELECT|OPTION)$/.test(n.tagName)) extra.value = n.value;
    if (n.tagName === 'INPUT') extra.checked = n.checked; // on others rrweb sets it too, where it says nothing
    if ('selected' in n) extra.selected = n.selected;
    if (n.scrollTop || n.scrollLeft) extra.scroll = [Math.round(n.scrollLeft), Math.round(n.scrollTop)];
    if (n.tagName === 'DIALOG') extra.modal = n.matches(':modal');
    // not whether it is muted or plays: when it seeks, rrweb forgets the one and starts what is paused, where the player was added
    if (/^(AUDIO|VIDEO)$/.test(n.tagName)) extra.media = [n.loop, n.volume, n.playbackRate];
    if (n.shadowRoot) extra.shadow = [sheets(n.shadowRoot), children(n.shadowRoot)];
    if (n.tagName === 'IFRAME' && n.contentDocument && !isBlank(n.contentDocument)) extra.frame = node(n.contentDocument);
    return [n.namespaceURI === 'http://www.w3.org/1999/xhtml' ? n.tagName.toLowerCase() : n.tagName, attributes(n), extra, children(n)];
  };
  const isOwn = (n) => n.nodeName === 'STYLE' && !n.firstChild && n.sheet?.cssRules[0]?.selectorText === '.rr-block';
  const children = (n) => Array.from(n.childNodes).filter((c) => !isOwn(c)).map(node);
  return node(root);
};
// Where two states first differ, as a path and both values; null where they are equal.
globalThis.firstDifference = (a, b, path = '') => {
  if (a === b) return null;
  const short = (v) => (JSON.stringify(v) ?? 'nothing').slice(0, 300);
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return `${path}: ${short(a)} / ${short(b)}`;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const d = firstDifference(a[i], b[i], `${path}/${i}`);
      if (d) return `${a.length} or ${b.length} at ${path}; ${d}`;
    }
    return `${path}: ${a.length} or ${b.length} of ${short(a.at(-1))} / ${short(b.at(-1))}`;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const step = typeof a[0] === 'string' && Array.isArray(a) && key !== '0' ? `${a[0]}.${key}` : key;
    const d = firstDifference(a[key], b[key], `${path}/${step}`);
    if (d) return d;
  }
  return null;
};
