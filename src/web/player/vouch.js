// SPDX-License-Identifier: MIT
// Vouches for what a recording hands on to the document: names and values at which it would throw, which would cost all
// that is built with them. An odd element stands in as another, an odd attribute or flag goes, and the rest is drawn.

const STAND_IN = { html: 'ss-odd', svg: 'g' };
const NAME_MAX = 256;
const DEPTH_MAX = 1000; // deeper a view may not lay out what it is given
const SIDE_MAX = 8192; // of the recorded viewport
const SVG = 'http://www.w3.org/2000/svg';
// What may have a shadow root, besides custom elements.
const HOSTS = new Set(['article', 'aside', 'blockquote', 'body', 'div', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header',
  'main', 'nav', 'p', 'section', 'span']);
const RESERVED = new Set(['annotation-xml', 'color-profile', 'font-face', 'font-face-src', 'font-face-uri', 'font-face-format',
  'font-face-name', 'missing-glyph']);

function isObject(value) {
  return value !== null && typeof value === 'object';
}

function list(value) {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function text(value) {
  return typeof value === 'string' ? value : '';
}

// Whether the document takes a name: asked once for each.
function taker(make) {
  const known = new Map();
  return (name) => {
    if (typeof name !== 'string' || name === '' || name.length > NAME_MAX || name in {}) // the Replayer looks it up in one
      return false;
    if (!known.has(name)) {
      if (known.size > 5000)
        known.clear();
      try {
        make(name);
        known.set(name, true);
      } catch {
        known.set(name, false);
      }
    }
    return known.get(name);
  };
}

const takesElement = taker((name) => document.createElement(name));
const takesSvg = taker((name) => document.createElementNS(SVG, name));
const takesDoctype = taker((name) => document.implementation.createDocumentType(name, '', ''));
const bench = document.createElement('i');
const takesAttribute = taker((name) => {
  bench.setAttribute(name, '');
  bench.removeAttribute(name);
});

function isCustom(name) {
  return /^[a-z][a-z0-9._]*(-[a-z0-9._]*)+$/.test(name) && !RESERVED.has(name);
}

export function takesShadow(name) {
  return HOSTS.has(text(name).toLowerCase()) || isCustom(text(name).toLowerCase());
}

function number(value, least, most) {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : undefined;
}

function side(value) {
  return number(Math.round(typeof value === 'string' ? Number(value) : number(value, 0, SIDE_MAX)), 1, SIDE_MAX) ?? 1;
}

// Of media the Replayer sets these at once.
function vouchMedia(attributes, isMedia) {
  const bounded = { rr_mediaVolume: [0, 1], rr_mediaPlaybackRate: [0.0625, 16], rr_mediaCurrentTime: [0, 1e9] };
  for (const [name, [least, most]] of Object.entries(bounded))
    if (name in attributes)
      attributes[name] = number(attributes[name], least, most) ?? null;
  if (!isMedia)
    delete attributes.rr_mediaState;
}

// Named elements cover the members of their document, and fields those of their form, by name or id: also for us and for the Replayer.
const form = document.createElement('form');
const COVERS_DOCUMENT = new Set(['embed', 'form', 'iframe', 'img', 'object']);

// Ids that a page may well give, and ask for in its sheets, are one word.
function covers(name, value, tag) {
  if (/[A-Z]/.test(value) && (value in form || value in document))
    return true;
  return (name === 'name' ? !tag || COVERS_DOCUMENT.has(tag) : tag === 'object') && value in document;
}

// `tag`: undefined where it is a change.
export function vouchAttributes(attributes, tag) {
  for (const [name, value] of Object.entries(attributes)) {
    if (!takesAttribute(name) || value === undefined || (tag && isObject(value)))
      delete attributes[name];
    else if (typeof value === 'string' && /^(?:name|id)$/i.test(name) && covers(name.toLowerCase(), value, tag))
      attributes[name] = `ss-${value}`;
  }
}

function vouchElement(node, told) {
  const takes = node.isSVG ? takesSvg : takesElement;
  if (text(node.tagName) === '')
    node.tagName = 'div';
  if (!takes(node.tagName)) {
    told(`an element has no name that a page may have: ${text(node.tagName).slice(0, 60)}`);
    node.tagName = node.isSVG ? STAND_IN.svg : STAND_IN.html;
  }
  const tag = node.tagName.toLowerCase();
  node.attributes = isObject(node.attributes) && !Array.isArray(node.attributes) ? node.attributes : {};
  vouchAttributes(node.attributes, tag);
  vouchMedia(node.attributes, tag === 'audio' || tag === 'video');
  if (node.isCustom && !isCustom(node.tagName))
    delete node.isCustom;
  if (node.isShadowHost && (node.isSVG || !takesShadow(tag)))
    delete node.isShadowHost;
}

// One node, without those in it; false: it can stand nowhere.
function vouchOne(node, told) {
  switch (node.type) {
    case 0:
      if (!Array.isArray(node.childNodes) || node.childNodes.length === 0)
        delete node.compatMode;
      break;
    case 1:
      node.name = takesDoctype(node.name) ? node.name : 'html';
      node.publicId = text(node.publicId);
      node.systemId = text(node.systemId);
      break;
    case 2:
      vouchElement(node, told);
      break;
    case 4: // a page that is no XML has none
      node.type = 3;
      node.textContent = text(node.textContent);
      break;
    case 3:
    case 5:
      node.textContent = text(node.textContent);
      break;
    default:
      return false;
  }
  return true;
}

// A document takes one element, one doctype before it, and comments.
function ofDocument(children) {
  const has = new Set();
  return children.filter(({ type }) => {
    const again = has.has(type) || (type === 1 && has.has(2));
    has.add(type);
    return type === 5 || ((type === 1 || type === 2) && !again);
  });
}

function childrenOf(node, told) {
  let children = list(node.childNodes).filter((child) => vouchOne(child, told));
  if (node.type === 0)
    children = ofDocument(children);
  else
    children = children.filter(({ type }) => type !== 0 && type !== 1);
  return children;
}

// The node with all that stands in it, changed in place. `told` is called with what was wrong. False: it can stand nowhere.
export function vouchNode(top, told) {
  if (!isObject(top) || !vouchOne(top, told))
    return false;
  let level = [top];
  for (let depth = 0; level.length > 0; depth++) {
    const next = [];
    for (const node of level) {
      if (node.type !== 0 && node.type !== 2)
        continue;
      node.childNodes = childrenOf(node, told);
      if (depth >= DEPTH_MAX && node.childNodes.length > 0) {
        told('the page is nested too deeply: what is deeper is left out');
        node.childNodes = [];
      }
      for (const child of node.childNodes)
        next.push(child);
    }
    level = next;
  }
  return true;
}

// An event, changed in place. False: it is to be left out.
export function vouchEvent(event, told) {
  if (!isObject(event))
    return false;
  if (!isObject(event.data))
    return event.type < 2; // the others are all in what they say
  const { type, data } = event;
  if (type === 2)
    return isObject(data.node) && data.node.type === 0 && vouchNode(data.node, told);
  if (type === 3 && data.source === 0) {
    for (const key of ['adds', 'removes', 'texts', 'attributes'])
      data[key] = list(data[key]);
    data.adds = data.adds.filter(({ node }) => vouchNode(node, told));
    data.attributes = data.attributes.filter(({ attributes }) => isObject(attributes));
    for (const { attributes } of data.attributes)
      vouchAttributes(attributes);
  }
  if (type === 3 && [1, 6, 12].includes(data.source))
    data.positions = list(data.positions);
  if (type === 4 || (type === 3 && data.source === 4))
    Object.assign(data, { width: side(data.width), height: side(data.height) });
  return true;
}
