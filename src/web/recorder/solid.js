// SPDX-License-Identifier: MIT
// A solid block in place of an element: takes the same room on the page and says nothing of what was there.
import * as dom from './dom.js';
const COLOR = '#3d3846';
const FIELDS = /^(button|input|select|textarea|progress|meter)$/;
const ON_ITS_EDGE = /^(checkbox|radio|range|color|textarea)$/;
const KEPT = ['position', 'top', 'right', 'bottom', 'left', 'float', 'clear', 'margin-left', 'margin-right', 'flex', 'align-self', 'justify-self',
  'order', 'grid-area', 'border-radius', 'z-index', 'transform', 'transform-origin', 'rotate', 'scale', 'translate', 'visibility', 'opacity', 'column-span'];

let pen = null;

const styleOf = (el) => dom.defaultView(dom.ownerDocument(el)).getComputedStyle(el);
const px = (style, name) => parseFloat(style.getPropertyValue(name)) || 0;

function rangeOver(node) {
  const range = dom.createRange(dom.ownerDocument(node));
  range.selectNodeContents(node);
  return range;
}

function fontOf(style) {
  pen ??= dom.createElement(document, 'canvas').getContext('2d');
  pen.font = style.font;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = pen.measureText('x');
  return { height: ascent + descent, descent };
}

// The child at the upper or lower edge of a block, if it is a block as well.
function childAt(el, side) {
  for (const node of side === 'top' ? dom.childNodes(el) : Array.from(dom.childNodes(el)).reverse()) {
    if (dom.nodeType(node) === 3 && node.data.trim()) return null;
    const style = dom.nodeType(node) === 1 && styleOf(node);
    if (!style || style.display === 'none' || style.float !== 'none' || /absolute|fixed/.test(style.position)) continue;
    return style.display.startsWith('inline') || style.display === 'contents' ? null : node;
  }
  return null;
}

// The margins of children reach out of a block where they are at its very edge: then they count for it.
function margin(el, box, side) {
  const name = `margin-${side}`;
  const margins = [px(styleOf(el), name)];
  for (let child = childAt(el, side); child; child = childAt(child, side)) {
    if (Math.abs(dom.getBoundingClientRect(child)[side] - box[side]) > 0.1) break;
    margins.push(px(styleOf(child), name));
  }
  return Math.max(0, ...margins) + Math.min(0, ...margins);
}

// How far below the baseline the lower edge is. Undefined: there is no baseline but this edge.
function depth(el, style, box) {
  if (ON_ITS_EDGE.test(dom.localName(el) === 'form' ? '' : el.type)) return 0;
  if (FIELDS.test(dom.localName(el)) && dom.localName(el) !== 'button') {
    const font = fontOf(style);
    const [above, below] = ['top', 'bottom'].map((side) => px(style, `padding-${side}`) + px(style, `border-${side}-width`));
    return below + (box.height - above - below - font.height) / 2 + font.descent;
  }
  const first = /flex|grid|table/.test(style.display);
  if (!first && style.overflowY !== 'visible') return undefined;
  const texts = dom.createTreeWalker(dom.ownerDocument(el), el, NodeFilter.SHOW_TEXT);
  let found = null;
  while (!(first && found) && texts.nextNode()) if (texts.currentNode.data.trim()) found = texts.currentNode;
  const lines = found ? rangeOver(found).getClientRects() : [];
  const line = lines[first ? 0 : lines.length - 1];
  return line && box.bottom - line.bottom + fontOf(styleOf(dom.parentElement(found))).descent;
}

// How far above the baseline of the line its own baseline is. Undefined: it is not placed by baselines.
function raise(el, { verticalAlign }) {
  const size = () => px(styleOf(dom.parentElement(el)), 'font-size');
  if (verticalAlign === 'super') return Math.floor(size() / 3 + 1);
  if (verticalAlign === 'sub') return -Math.floor(size() / 5 + 1);
  return verticalAlign === 'baseline' ? 0 : verticalAlign.endsWith('px') ? parseFloat(verticalAlign) : undefined;
}

// An empty block stands on the line with its lower edge; what was there stood with its baseline.
function seat(el, style, box) {
  const up = raise(el, style);
  if (up === undefined) return {};
  if (style.display !== 'inline' || FIELDS.test(dom.localName(el))) {
    const down = depth(el, style, box);
    return down === undefined ? {} : { 'vertical-align': `${up - down - px(style, 'margin-bottom')}px` };
  }
  if (/^(img|video|audio|canvas|iframe|svg|object|embed)$/.test(dom.localName(el))) return {};
  const font = fontOf(style);
  const leading = ((parseFloat(style.lineHeight) || font.height) - font.height) / 2;
  const [top, bottom] = ['top', 'bottom'].map((side) => leading - px(style, `padding-${side}`) - px(style, `border-${side}-width`));
  return { 'margin-top': `${top}px`, 'margin-bottom': `${bottom}px`, 'vertical-align': `${up - font.descent - leading}px` };
}

// The baseline of an item says where it is, but an empty block has another one.
function place(el, style, box) {
  const parent = dom.parentElement(el);
  const around = parent && styleOf(parent);
  if (!around || !/flex|grid/.test(around.display) || !/baseline/.test(style.alignSelf === 'auto' ? around.alignItems : style.alignSelf)) return {};
  const top = box.top - dom.getBoundingClientRect(parent).top - px(around, 'padding-top') - px(around, 'border-top-width');
  return { 'align-self': 'flex-start', 'margin-top': `${top}px` };
}

// In a drawing there are no boxes, but rectangles.
function rectangle(el) {
  const { transform, transformOrigin } = styleOf(el);
  try {
    const { x, y, width, height } = el.getBBox();
    return { tag: 'rect', attributes: { x, y, width, height, fill: COLOR, style: `transform:${transform};transform-origin:${transformOrigin}` } };
  } catch {
    return { tag: 'rect', attributes: {} };
  }
}

// { tag, attributes } to send in place of the element's own.
export function solid(el) {
  if (dom.ownerSvg(el)) return rectangle(el);
  const style = styleOf(el);
  const contents = style.display === 'contents';
  const box = contents ? rangeOver(el).getBoundingClientRect() : dom.getBoundingClientRect(el);
  // Rectangles are those after transforms, which come on top once more.
  const scaled = dom.offsetWidth(el) && Math.abs(box.width - dom.offsetWidth(el)) > 1;
  const width = `${scaled ? dom.offsetWidth(el) : box.width}px`;
  const height = `${scaled ? el.offsetHeight : box.height}px`;
  const css = { 'box-sizing': 'border-box', padding: '0', border: '0', background: COLOR, color: 'transparent', 'list-style': 'none', 'break-inside': 'avoid',
    overflow: style.overflowY === 'visible' ? 'visible' : 'hidden' };
  for (const side of ['min-', '', 'max-']) Object.assign(css, { [`${side}width`]: width, [`${side}height`]: height });
  for (const name of KEPT) css[name] = style.getPropertyValue(name);
  for (const side of ['top', 'bottom']) css[`margin-${side}`] = `${margin(el, box, side)}px`;
  css.display = contents ? 'block' : style.display === 'inline' ? 'inline-block' : style.display;
  css['vertical-align'] = style.verticalAlign;
  // Neighbours share their borders.
  if (style.borderCollapse === 'collapse' && /table/.test(style.display)) {
    for (const name of ['border-width', 'border-style']) css[name] = style.getPropertyValue(name);
    css['border-color'] = COLOR;
  }
  if (style.display.startsWith('inline')) Object.assign(css, seat(el, style, box));
  Object.assign(css, place(el, style, box));
  const attributes = { style: Object.entries(css).map(([name, value]) => `${name}:${value}`).join(';'), rr_width: width, rr_height: height };
  for (const name of ['colspan', 'rowspan']) if (dom.hasAttribute(el, name)) attributes[name] = parseInt(dom.getAttribute(el, name), 10) || 1;
  return { tag: FIELDS.test(dom.localName(el)) ? 'span' : dom.localName(el), attributes };
}
