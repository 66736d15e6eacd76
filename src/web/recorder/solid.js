// SPDX-License-Identifier: MIT
// A solid block in place of an element: takes the same room on the page and says nothing of what was there.
const REPLACED = /^(img|video|audio|canvas|iframe|svg|object|embed|input|select|textarea|progress|meter)$/;
const KEPT = ['position', 'top', 'right', 'bottom', 'left', 'float', 'clear', 'margin-top', 'margin-right', 'margin-bottom', 'margin-left',
  'flex', 'align-self', 'justify-self', 'order', 'grid-area', 'border-radius', 'z-index', 'transform'];

let pen = null;

function fontOf(style) {
  pen ??= document.createElement('canvas').getContext('2d');
  pen.font = style.font;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = pen.measureText('x');
  return { height: ascent + descent, descent };
}

// An empty block stands on the line with its lower edge; the text that was there stood with its baseline.
function seat(style, height) {
  const font = fontOf(style);
  const px = (name) => parseFloat(style.getPropertyValue(name)) || 0;
  const leading = ((parseFloat(style.lineHeight) || font.height) - font.height) / 2;
  if (style.display !== 'inline') {
    const below = px('padding-bottom') + px('border-bottom-width') + leading + font.descent + px('margin-bottom');
    return [`vertical-align:${-below}px`];
  }
  const top = leading - px('padding-top') - px('border-top-width');
  const bottom = leading - px('padding-bottom') - px('border-bottom-width');
  return [`margin-top:${top}px`, `margin-bottom:${bottom}px`, `vertical-align:${-(font.descent + leading)}px`, `height:${height}px`];
}

export function solid(el) {
  const box = el.getBoundingClientRect();
  // Rectangles are those after transforms, which come on top once more.
  const scaled = el.offsetWidth && Math.abs(box.width - el.offsetWidth) > 1;
  const width = `${scaled ? el.offsetWidth : box.width}px`;
  const height = `${scaled ? el.offsetHeight : box.height}px`;
  const style = el.ownerDocument.defaultView?.getComputedStyle(el);
  const css = ['box-sizing:border-box', `width:${width}`, `height:${height}`, `min-width:${width}`, `min-height:${height}`, `max-width:${width}`,
    'padding:0', 'border:0', 'background:#3d3846', 'color:transparent', 'overflow:hidden'];
  if (style) {
    for (const name of KEPT) {
      const value = style.getPropertyValue(name);
      if (value && value !== 'none' && value !== 'auto') css.push(`${name}:${value}`);
    }
    css.push(`display:${style.display === 'inline' ? 'inline-block' : style.display}`, `vertical-align:${style.verticalAlign}`);
    const onLine = style.display.startsWith('inline') && style.verticalAlign === 'baseline' && !REPLACED.test(el.localName);
    if (onLine && (style.display === 'inline' || (style.overflowY === 'visible' && el.textContent.trim()))) {
      css.push(...seat(style, scaled ? el.offsetHeight : box.height));
    }
  }
  return { style: css.join(';'), rr_width: width, rr_height: height };
}
