// SPDX-License-Identifier: MIT
// The one place that every event passes before it is kept: takes out what may not leave the page.
import { animationsOf } from './animations.js';
import * as dom from './dom.js';
import { hooks } from './hooks.js';
import { on } from './safe.js';
import { cleanDeep } from './scrub.js';
import { rootOf } from './shadow.js';
import { adoptedBy, mediaOf } from './sheets.js';
import { solid } from './solid.js';
import { stateOf } from './states.js';

// rrweb's sources that hold parts of style sheets: rules, fonts, declarations, adopted sheets.
const STYLES = new Set([8, 10, 13, 15]);
// Where elements name what they show.
const SHOWN = /^(img (src|srcset)|input src|source srcset|video poster|(image|use) (xlink:)?href)$/;
const FIELDS = /^(input|textarea)$/;

export function createGate({ privacy, mirror, notices, onMaskChange, onResize, onSecret }) {
  let blocks = new WeakMap();
  // The constructed sheets that the collector was told of: what only a masked element adopted is none of them.
  const sheets = new Set();
  const watched = new WeakSet();
  // rrweb says nothing about attributes of what it blocks.
  const masks = new dom.Observer(() => {
    privacy.expectBlocks();
    onMaskChange();
  });

  function watch(root) {
    if (!root || watched.has(root)) return;
    watched.add(root);
    masks.observe(root, { subtree: true, attributes: true, attributeFilter: ['data-ss-mask', 'data-ss-block'] });
  }

  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const drawn = dom.isConnected(target) && blocks.get(target);
      const style = drawn && solid(target).attributes.style;
      if (!drawn || style === drawn) continue;
      blocks.set(target, style);
      onResize(mirror.getId(target), style);
    }
  });

  function block(el) {
    const drawn = solid(el);
    blocks.set(el, drawn.attributes.style);
    sizes.observe(el);
    privacy.rememberBlock(el);
    return drawn;
  }

  function attributes(el, all) {
    for (const name of Object.keys(all)) {
      const value = privacy.attribute(el, name, all[name]);
      if (value === undefined) delete all[name];
      else all[name] = value;
      const inText = name === '_cssText' || name === 'style';
      if (typeof value === 'string' && (inText || (/^(src|poster|xl|href)/.test(name) && SHOWN.test(`${dom.localName(el)} ${name}`)))) hooks.shows(inText ? value : value.replace(/(\.svg)#\S+/, '$1'), inText);
    }
  }

  // rrweb does not go into blocked elements, and what is in one is left out before: an element's own attributes decide.
  function serialized(node, parentEl) {
    const live = mirror.getNode(node.id);
    if (node.type === 0) watch(live);
    if (node.isShadowHost) watch(rootOf(live));
    if (node.type === 3) {
      const parent = parentEl ?? dom.parentElement(live);
      node.textContent = privacy.textOf(live, parent, node.textContent);
      if (dom.localName(parent) === 'style') hooks.shows(node.textContent, true);
      return;
    }
    if (node.type === 2) {
      // Of what rrweb blocks it says the size alone.
      if (live && node.attributes.rr_width && privacy.blocksItself(live)) {
        const { tag, attributes: drawn } = block(live);
        Object.assign(node, { tagName: tag, attributes: drawn, childNodes: [] });
        return;
      }
      if (live && FIELDS.test(node.tagName)) privacy.sees(live);
      notices.element(live, node.attributes, node.tagName);
      const is = live && stateOf(live, node.tagName, node.attributes);
      if (is) node.attributes['ss-is'] = is;
      const moves = animationsOf(live);
      if (moves) node.attributes['ss-animations'] = moves;
      attributes(live, node.attributes);
    }
    for (const child of node.childNodes ?? []) serialized(child, node.type === 2 ? live : null);
  }

  // What is in a masked element rrweb does not know.
  const hides = (id) => {
    const node = mirror.getNode(id);
    return !node || (privacy.mayBlock && privacy.isBlocked(node));
  };

  function mutation(data) {
    const hidden = new Map();
    const blocked = (id) => {
      if (!hidden.has(id)) hidden.set(id, hides(id));
      return hidden.get(id);
    };
    data.adds = data.adds.filter((add) => {
      if (blocked(add.parentId)) return false;
      const parent = mirror.getNode(add.parentId);
      if (add.node.isShadow) watch(rootOf(parent));
      serialized(add.node, parent);
      hooks.changed(mirror.getNode(add.node.id));
      return true;
    });
    data.texts = data.texts.filter((text) => !blocked(text.id));
    for (const text of data.texts) {
      const node = mirror.getNode(text.id);
      text.value = privacy.textOf(node, dom.parentElement(node), text.value);
    }
    data.attributes = data.attributes.filter((change) => !blocked(change.id));
    for (const change of data.attributes) {
      const el = mirror.getNode(change.id);
      if (FIELDS.test(dom.localName(el))) privacy.sees(el);
      if ('disabled' in change.attributes || 'media' in change.attributes) {
        if (/^(link|style)$/.test(dom.localName(el))) change.attributes.media = mediaOf(el);
      }
      notices.element(el, change.attributes);
      hooks.changed(el);
      attributes(el, change.attributes);
    }
    notices.changed();
    return data.adds.length || data.removes.length || data.texts.length || data.attributes.length ? data : null;
  }

  // Texts and pictures stand first: fillText(text, x, y), drawImage(image, x, y).
  function cleanDrawn({ commands }) {
    for (const { property, args } of commands) {
      if (/Text$/.test(property)) args[0] = privacy.text(`${args[0]}`);
      if (args[0]?.src) args[0].src = privacy.url(args[0].src);
    }
  }

  function incremental(data) {
    if (data.source === 0) return mutation(data);
    if (data.source === 4) return data;
    // Where the pointer is says what it presses.
    if (data.positions) {
      data.positions = data.positions.filter(({ id }) => !hides(id));
      return data.positions.length ? data : null;
    }
    const { id } = data;
    if (id && hides(id)) return null;
    const node = mirror.getNode(id);
    if (data.source === 15) {
      const adopted = adoptedBy(rootOf(node) ?? node);
      data.styles ??= [];
      for (const { styleId } of data.styles) sheets.add(styleId);
      data.styleIds.forEach((styleId, i) => {
        // Where a masked element adopted it first, its rules were not sent.
        if (!sheets.has(styleId)) data.styles.push({ styleId, rules: Array.from(adopted[i].cssRules, ({ cssText: rule }, index) => ({ rule, index })) });
        sheets.add(styleId);
      });
    } else if (data.styleId && !sheets.has(data.styleId)) return null;
    if (data.source === 5 && node) {
      if (FIELDS.test(dom.localName(node))) privacy.sees(node);
      if (typeof data.text === 'string') data.text = privacy.fieldValue(node, data.text);
      if (data.isChecked && privacy.hidesChoice(node)) data.isChecked = false;
    }
    if (data.source === 9) cleanDrawn(data);
    return STYLES.has(data.source) ? cleanDeep(data, (text) => {
      const clean = privacy.sheetText(text);
      hooks.shows(clean, true);
      return clean;
    }) : data;
  }

  function passed(event) {
    if (event.type === 4) event.data.href = privacy.url(event.data.href);
    if (event.type === 2) {
      blocks = new WeakMap();
      sheets.clear();
      sizes.disconnect();
      serialized(event.data.node, null);
    }
    if (event.type !== 3) return event;
    const data = incremental(event.data);
    return data && { ...event, data };
  }

  const untyped = on(document, 'input', (event) => {
    const el = event.composedPath()[0];
    // What a script only says was typed may have been shown before.
    if (event.isTrusted && FIELDS.test(dom.localName(el))) privacy.typed(el);
  });

  return {
    stop() {
      untyped();
      masks.disconnect();
      sizes.disconnect();
    },
    // The event as it may be sent, or null.
    pass(event) {
      privacy.refresh();
      const kept = passed(event);
      if (!privacy.news) return kept;
      onSecret();
      return kept && JSON.parse(privacy.again(JSON.stringify(kept)));
    },
  };
}
