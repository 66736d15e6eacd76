// SPDX-License-Identifier: MIT
// Which element of the recorded page is at a point, and a frame around one. Only node ids leave this file: what the
// element is, the application knows itself.

const DEPTH_MAX = 50;

// The innermost element at a point of the outer frame's document, through shadow roots and frames.
function innermost(frame, x, y) {
  let root = frame.contentDocument;
  let found = null;
  for (let depth = 0; depth < DEPTH_MAX && root; depth++) {
    const element = root.elementFromPoint(x, y);
    if (!element || element === found)
      break;
    found = element;
    if (element.shadowRoot) {
      root = element.shadowRoot;
    } else if (element.tagName === 'IFRAME') {
      const box = element.getBoundingClientRect();
      x -= box.left + element.clientLeft;
      y -= box.top + element.clientTop;
      root = element.contentDocument;
    } else {
      break;
    }
  }
  return found;
}

function parentOf(node) {
  return node.parentNode ?? node.host ?? node.defaultView?.frameElement ?? null;
}

export class Pick {
  // `replayer` gives the Replayer that is on display, or null.
  constructor(replayer) {
    this.replayer = replayer;
    this.id = 0;
    this.following = false;
    this.box = document.createElement('div');
    this.box.id = 'mark';
    this.box.hidden = true;
    document.body.append(this.box);
  }

  // The id of the element at a point of the view, which is marked; 0 where there is none.
  at(x, y) {
    const replayer = this.replayer();
    let id = 0;
    if (replayer) {
      const { left, top, scale } = this.frame(replayer);
      let node = innermost(replayer.iframe, (x - left) / scale, (y - top) / scale);
      for (; node && id <= 0; node = parentOf(node))
        id = node.nodeType === 1 ? replayer.getMirror().getId(node) : 0;
    }
    this.mark(Math.max(id, 0));
    return this.id;
  }

  mark(id) {
    this.id = id;
    this.place();
    if (!this.following)
      this.follow();
  }

  // What is marked may move while the page plays.
  follow() {
    this.following = this.id !== 0;
    if (!this.following)
      return;
    this.place();
    requestAnimationFrame(() => this.follow());
  }

  // Where the outer frame lies in the view.
  frame(replayer) {
    const box = replayer.iframe.getBoundingClientRect();
    return { left: box.left, top: box.top, scale: box.width / (replayer.iframe.offsetWidth || 1) };
  }

  // To be called when the page has changed or was moved.
  place() {
    const replayer = this.replayer();
    const node = this.id > 0 ? replayer?.getMirror().getNode(this.id) : null;
    this.box.hidden = node?.nodeType !== 1 || !node.isConnected;
    if (this.box.hidden)
      return;
    const own = node.getBoundingClientRect();
    let { left, top } = own;
    let view = node.ownerDocument.defaultView;
    for (let depth = 0; depth < DEPTH_MAX && view?.frameElement && view.frameElement !== replayer.iframe; depth++) {
      const outer = view.frameElement.getBoundingClientRect();
      left += outer.left + view.frameElement.clientLeft;
      top += outer.top + view.frameElement.clientTop;
      view = view.frameElement.ownerDocument.defaultView;
    }
    const frame = this.frame(replayer);
    Object.assign(this.box.style, {
      left: `${frame.left + left * frame.scale}px`, top: `${frame.top + top * frame.scale}px`,
      width: `${own.width * frame.scale}px`, height: `${own.height * frame.scale}px`,
    });
  }
}
