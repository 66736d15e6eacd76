// SPDX-License-Identifier: MIT
// Canvases as pictures: a canvas paints nothing in a frame without scripts, so an image stands in its place. What the
// recorded page drew is drawn again on a canvas of ours, outside the frame, with calls from a fixed list.

const METHODS = new Set(['arc', 'arcTo', 'beginPath', 'bezierCurveTo', 'clearRect', 'clip', 'closePath', 'ellipse', 'fill',
  'fillRect', 'fillText', 'lineTo', 'moveTo', 'quadraticCurveTo', 'rect', 'resetTransform', 'restore', 'rotate', 'roundRect',
  'save', 'scale', 'setLineDash', 'setTransform', 'stroke', 'strokeRect', 'strokeText', 'transform', 'translate', 'drawImage']);
const SETTERS = new Set(['direction', 'fillStyle', 'filter', 'font', 'globalAlpha', 'globalCompositeOperation',
  'imageSmoothingEnabled', 'lineCap', 'lineDashOffset', 'lineJoin', 'lineWidth', 'miterLimit', 'shadowBlur', 'shadowColor',
  'shadowOffsetX', 'shadowOffsetY', 'strokeStyle', 'textAlign', 'textBaseline']);
const SIDE_MAX = 4096;
const PIXELS_MOST = 64 * 1024 * 1024; // of all that are drawn on
// A picture without any has a frame.
const NOTHING = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

function side(value, fallback) {
  const number = Number.parseInt(value, 10);
  return number > 0 ? Math.min(number, SIDE_MAX) : fallback;
}

async function bitmap(argument) {
  const data = argument?.args?.[0]?.data?.[0]?.base64;
  if (argument?.rr_type !== 'ImageBitmap' || typeof data !== 'string')
    return null;
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return createImageBitmap(new Blob([bytes]));
}

async function picture(argument) {
  if (typeof argument?.src === 'string' && argument.src.startsWith('data:')) {
    const image = new Image();
    image.src = argument.src;
    await image.decode();
    return image;
  }
  return bitmap(argument);
}

class Drawing {
  constructor(element, width, height) {
    this.element = element;
    this.canvas = document.createElement('canvas');
    this.canvas.width = width;
    this.canvas.height = height;
    this.context = this.canvas.getContext('2d');
    this.queue = Promise.resolve();
    this.dirty = false;
    this.gone = false;
  }

  run(commands) {
    this.queue = this.queue.then(async () => {
      for (const command of commands) {
        try {
          await this.apply(Object(command));
        } catch { /* a call that the recorded page could not make either */ }
      }
      this.publish();
    });
  }

  async apply({ property, args, setter }) {
    if (!Array.isArray(args))
      return;
    if (setter) {
      if (SETTERS.has(property) && ['string', 'number', 'boolean'].includes(typeof args[0]))
        this.context[property] = args[0];
      return;
    }
    if (!METHODS.has(property))
      return;
    if (property === 'drawImage') {
      const source = await picture(args[0]);
      if (source)
        this.context.drawImage.apply(this.context, [source, ...args.slice(1).map(Number)]);
      return;
    }
    this.context[property](...args);
  }

  publish() {
    if (this.dirty)
      return;
    this.dirty = true;
    requestAnimationFrame(() => {
      this.dirty = false;
      if (!this.gone)
        this.element.src = this.canvas.toDataURL();
    });
  }
}

// A plugin of the Replayer.
export function canvasPictures() {
  const drawings = new Map();
  let room = PIXELS_MOST;

  function begin(id, element) {
    const width = side(element.getAttribute('width'), 300);
    const height = side(element.getAttribute('height'), 150);
    end(id);
    for (const [other, { element: shown }] of width * height > room ? drawings : [])
      if (!shown.isConnected)
        end(other);
    if (width * height > room)
      return null;
    room -= width * height;
    const drawing = new Drawing(element, width, height);
    drawings.set(id, drawing);
    return drawing;
  }

  function end(id) {
    const drawing = drawings.get(id);
    if (!drawing)
      return;
    room += drawing.canvas.width * drawing.canvas.height;
    drawing.gone = drawings.delete(id);
  }

  function onBuild(node, { id, replayer }) {
    if (node.nodeName !== 'CANVAS' || !node.parentNode)
      return;
    const image = node.ownerDocument.createElement('img');
    for (const { name, value } of node.attributes) {
      if (name === 'src' || name === 'srcset')
        continue;
      try { image.setAttribute(name, value); } catch { /* a name that only a parser makes */ }
    }
    image.width = side(node.getAttribute('width'), 300);
    image.height = side(node.getAttribute('height'), 150);
    const data = node.getAttribute('rr_dataURL') ?? replayer.getMirror().getMeta(node)?.attributes?.rr_dataURL;
    image.src = typeof data === 'string' && data.startsWith('data:image/') ? data : NOTHING;
    node.replaceWith(image);
    replayer.getMirror().replace(id, image);
    end(id);
  }

  // A canvas that gets a size is empty.
  function onChange(change, mirror) {
    const { id, attributes } = Object(change);
    if (!Object.keys(Object(attributes)).some((name) => name === 'width' || name === 'height'))
      return;
    const element = mirror.getNode(id);
    end(id);
    if (element?.nodeName === 'IMG' && mirror.getMeta(element)?.tagName === 'canvas')
      element.setAttribute('src', NOTHING);
  }

  function handler(event, isSync, { replayer }) {
    if (event.type === 2)
      for (const id of drawings.keys())
        end(id);
    if (event.type === 3 && event.data.source === 0 && Array.isArray(event.data.attributes))
      for (const change of event.data.attributes)
        onChange(change, replayer.getMirror());
    if (event.type !== 3 || event.data.source !== 9 || event.data.type !== 0)
      return;
    const element = replayer.getMirror().getNode(event.data.id);
    if (!element || element.nodeName !== 'IMG')
      return;
    const known = drawings.get(event.data.id);
    const drawing = known?.element === element ? known : begin(event.data.id, element);
    drawing?.run(Array.isArray(event.data.commands) ? event.data.commands : [event.data]);
  }

  return { onBuild, handler };
}
