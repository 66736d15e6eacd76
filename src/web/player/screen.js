// SPDX-License-Identifier: MIT
// The recorded page on display. It is built from a full snapshot, changed by a difference (src/core/dom/DIFFERENCE.md), or
// led on event by event; each on the Replayer's own mirror of nodes.
import { Replayer } from 'rrweb';
import { canvasPictures } from './canvas.js';
import { isMove } from './events.js';
import { guardMedia, guardReplayer } from './guard.js';
import { FOCUS_RINGS, FULL_SCREEN, NO_CONTROLS, NOT_KEPT, forgetFocus, forgetPointer, letMove, lookReplayer, scrollNode, standStill } from './look.js';
import { takesShadow, vouchEvent, vouchNode } from './vouch.js';

const reported = new Set();

function report(error) {
  const text = String(error && error.message || error).slice(0, 200);
  if (reported.size < 20 && !reported.has(text)) {
    reported.add(text);
    console.warn(text);
  }
}

// What cannot be done leaves the rest as it is.
function attempt(act) {
  try {
    return act();
  } catch (error) {
    report(error);
    return undefined;
  }
}

function shadowOf(element) {
  return element.shadowRoot ?? (takesShadow(element.nodeName) ? element.attachShadow({ mode: 'open' }) : element);
}

/** @type {(replayer: any) => OpenReplayer} */
const open = (replayer) => replayer;

lookReplayer(Replayer);
guardReplayer(Replayer, report);

// Mouse, interaction (focus), scroll, touch, drag, selection.
function needsLayout({ type, data }) {
  return type === 3 && [1, 2, 3, 6, 12, 14].includes(data?.source);
}

function objects(list) {
  return Array.isArray(list) ? list.filter((each) => each && typeof each === 'object') : [];
}

function hasElement(events) {
  return events.some(({ type, data }) => type === 2 && objects(data?.node?.childNodes).some((child) => child.type === 2));
}

export class Screen {
  /**
   * @param {HTMLElement} root
   * @param {(size: { width: number, height: number }) => void} resized called with the size of the recorded viewport
   */
  constructor(root, resized) {
    this.missed = 0;
    this.late = []; // events that wait for settle()
    this.hovered = []; // what the pointer is over: [element, its class as recorded, its class now]
    this.sudden = true; // scroll at once, not smoothly
    /** @type {OpenReplayer} */
    this.replayer = open(new Replayer([{ type: 0, timestamp: 0, data: {} }], {
      root,
      liveMode: true, // no list of events: they are given one by one
      useVirtualDom: false,
      mouseTail: { duration: 600, lineWidth: 2, strokeStyle: 'rgba(230, 97, 0, .6)', lineCap: 'round' },
      showWarning: false,
      triggerFocus: true,
      plugins: [canvasPictures()],
      logger: { log() {}, warn() {} },
      // The page's own scroll bars were not part of what was recorded; the caret and moving parts would make every
      // picture of one moment another one.
      insertStyleRules: ['html::-webkit-scrollbar { display: none !important; }', '* { caret-color: transparent !important; }', ...FOCUS_RINGS, ...FULL_SCREEN, NO_CONTROLS, NOT_KEPT],
    }));
    guardMedia(this.replayer);
    const miss = () => { this.missed++; };
    this.replayer.warnNodeNotFound = miss;
    this.replayer.debugNodeNotFound = miss;
    this.mirror.removeNodeFromMap = (node) => this.forget(node);
    this.replayer.applyScroll = (data) => this.scroll(data);
    this.replayer.hoverElements = (element) => this.hover(element);
    this.replayer.on('resize', resized);
  }

  get document() {
    return this.replayer.iframe.contentDocument;
  }

  get mirror() {
    return this.replayer.getMirror();
  }

  scroll({ id, x, y }) {
    if (!scrollNode(this.mirror.getNode(id), x, y, this.sudden))
      this.missed++;
  }

  // The class by which rules of `:hover` are shown goes without a trace: a list of classes that is changed is written
  // anew, without what stands in it twice.
  hover(top) {
    for (const [element, recorded, marked] of this.hovered) {
      if (element.getAttribute('class') === marked && recorded !== null)
        element.setAttribute('class', recorded);
      else if (element.getAttribute('class') === marked)
        element.removeAttribute('class');
      else if (element.classList.contains(':hover'))
        element.classList.remove(':hover');
    }
    this.hovered = [];
    for (let element = top; element; element = element.parentElement ?? element.getRootNode?.().host) {
      const recorded = element.getAttribute?.('class') ?? null;
      element.classList?.add(':hover');
      if (element.classList)
        this.hovered.push([element, recorded, element.getAttribute('class')]);
    }
  }

  // One event, as after the fact (`sync`: no trail, no ripple) or as it happens. One that makes no sense is left out.
  cast(event, sync) {
    try {
      if (!vouchEvent(event, report))
        return;
      const leaving = event.type === 3 && event.data.source === 0 ? this.prepare(event.data) : [];
      if (event.type === 3 && event.data.source === 15)
        event.data = { ...event.data, styleIds: this.knownSheets(event.data) };
      this.replayer.getCastFn(event, sync)();
      for (const [old, { id }] of leaving)
        this.leave(old, this.mirror.getNode(id));
      if (event.type === 2)
        this.mirror.idNodeMap.forEach((node) => this.keepSheet(node));
    } catch (error) {
      report(error);
    }
  }

  // Gives a mutation the form that the Replayer needs; answers the nodes that it would leave behind.
  prepare(data) {
    const leaving = this.leaving(data.adds);
    this.makeRoom(data.adds);
    this.dropSrcdoc(data);
    data.removes = this.removable(data.removes);
    return leaving;
  }

  // A node that has gone elsewhere meanwhile stays there: one that leaves a shadow root is added outside by one event, and
  // removed inside by the next. The Replayer would leave it too, but forget it.
  removable(removes) {
    return removes.filter(({ parentId, id, isShadow }) => {
      const node = this.mirror.getNode(id);
      const parent = this.mirror.getNode(parentId);
      return !node || !parent || node.parentNode === ((isShadow && parent.shadowRoot) || parent);
    });
  }

  // In a frame stands what was recorded of it. What its `srcdoc` says would be loaded later, and take the place of that.
  dropSrcdoc({ adds, attributes }) {
    const open = adds.map((add) => add.node);
    while (open.length > 0) {
      const node = open.pop();
      if (node?.tagName === 'iframe')
        delete node.attributes?.srcdoc;
      for (const child of objects(node?.childNodes))
        open.push(child);
    }
    for (const change of attributes) {
      if (change.attributes?.srcdoc && this.mirror.getNode(change.id)?.nodeName === 'IFRAME')
        delete change.attributes.srcdoc;
    }
  }

  // A document that comes into a frame takes the place of what is there, which the mirror would keep: another document,
  // or the text for browsers that know no frames.
  makeRoom(adds) {
    for (const { parentId, node } of adds) {
      const frame = node?.type === 0 ? this.mirror.getNode(parentId) : null;
      for (const old of frame?.contentDocument ? [frame.contentDocument, ...frame.childNodes] : [])
        this.remove(old);
    }
  }

  // Nodes that are added elsewhere without having been removed. The Replayer makes another one of each that has changed
  // since it was built, and leaves it where it was.
  leaving(adds) {
    return adds.map(({ node }) => [this.mirror.getNode(node?.id), node]).filter(([old]) => old);
  }

  // What stands in it and was not added again comes along: nodes that events name, not the text of a sheet. One that was
  // removed before is not there any more.
  leave(old, now) {
    if (!now || now === old || old.nodeType === 9 || !old.isConnected)
      return;
    const left = (root) => Array.from(root?.childNodes ?? []).filter((node) => this.mirror.getNode(this.mirror.getId(node)) === node);
    if (now.nodeType === 1 && now.nodeName !== 'IFRAME') {
      now.append(...left(old));
      const hidden = left(old.shadowRoot);
      if (hidden.length > 0)
        shadowOf(now).append(...hidden);
    }
    old.remove();
  }

  // For sheets that nobody has described the Replayer would ask again later, when another moment may be on display.
  knownSheets({ styleIds, styles }) {
    const described = new Set((styles ?? []).map(({ styleId }) => styleId));
    return (styleIds ?? []).filter((id) => described.has(id) || this.replayer.styleMirror.getStyle(id) !== null);
  }

  // The text of a sheet that came as an attribute stands in a node that no event names. The Replayer takes the first text
  // that is added later for that one, and drops it; while it seeks, it shows both, and so do we.
  keepSheet(style) {
    if (style?.nodeName !== 'STYLE')
      return;
    for (const text of style.childNodes) {
      if (!this.mirror.hasNode(text))
        this.mirror.nodeMetaMap.set(text, { type: 3, textContent: '', id: -1 });
    }
  }

  // What needs to know where things are comes last: places of scrollers, focus, selection, pointer. To be called in the
  // frame that is going to be painted: the page is laid out for it in any case, and so only once.
  settle(at, turning) {
    this.missed = 0;
    for (const event of this.late)
      this.cast(event, true);
    this.late = [];
    attempt(() => this.replayer.emitter.emit('flush'));
    attempt(() => standStill(this.replayer, at, turning));
    return this.missed === 0;
  }

  /** @param {RecordedEvent[]} events */
  build(events) {
    const { mouse } = this.replayer;
    if (this.document) { // these outlive what is built in it
      this.document.adoptedStyleSheets = [];
      this.document.fonts?.clear();
    }
    mouse.classList.remove('placed', 'active', 'touch-active');
    this.hovered = [];
    this.late = events.filter(needsLayout);
    for (const event of events)
      if (!needsLayout(event))
        this.cast(event, true);
    if (hasElement(events) && !this.document?.documentElement)
      throw new Error(`the page could not be drawn: ${[...reported].pop() ?? 'nothing of it is there'}`);
  }

  /**
   * @param {Difference} operations
   * @returns {boolean} whether all of it was there
   */
  change(operations) {
    const { mirror } = this;
    this.missed = 0;
    for (const id of operations.detaches)
      attempt(() => this.node(id)?.parentNode?.removeChild(this.node(id)));
    for (const id of operations.removes)
      attempt(() => this.remove(this.node(id)));
    this.rename(operations.renames);
    for (const insert of operations.inserts)
      attempt(() => this.insert(insert));
    for (const event of operations.frames)
      this.cast(event, true);
    const changes = { source: 0, texts: operations.texts, attributes: operations.attributes };
    if (vouchEvent({ type: 3, data: changes }, report))
      this.mutate(changes);
    if (!operations.events.some(isMove)) { // nobody knows where the pointer was
      this.hover(null);
      forgetPointer(this.replayer);
      this.replayer.mouse.classList.remove('placed');
    }
    forgetFocus(this.replayer);
    this.late = operations.events.filter(needsLayout);
    for (const event of operations.events)
      if (!needsLayout(event))
        this.cast(event, true);
    return this.missed === 0 && mirror === this.mirror;
  }

  node(id) {
    const node = this.mirror.getNode(id);
    if (!node)
      this.missed++;
    return node;
  }

  remove(node) {
    if (!node)
      return;
    this.forget(node);
    if (node.nodeType !== 9)
      node.parentNode?.removeChild(node);
    else
      node.adoptedStyleSheets = []; // they outlive what is built in it
  }

  // Documents of frames too, which the mirror itself would keep, and take for those of the next frame of that number.
  forget(top) {
    const open = [top];
    while (open.length > 0) {
      const node = open.pop();
      const id = this.mirror.getId(node);
      if (this.mirror.getNode(id) === node)
        this.mirror.idNodeMap.delete(id);
      for (const child of node.childNodes)
        open.push(child);
      if (node.shadowRoot)
        open.push(node.shadowRoot);
      if (node.contentDocument)
        open.push(node.contentDocument);
    }
  }

  // All at once: what one gives up another may take.
  rename(pairs) {
    const { mirror } = this;
    const nodes = pairs.map(([old]) => this.node(old));
    for (const [old] of pairs)
      mirror.idNodeMap.delete(old);
    nodes.forEach((node, i) => {
      if (!node)
        return;
      mirror.getMeta(node).id = pairs[i][1];
      mirror.idNodeMap.set(pairs[i][1], node);
    });
  }

  /** @param {Insert} insert */
  insert({ parentId, nextId, id, node, isShadow }) {
    if (node) {
      if (!vouchNode(node, report))
        return;
      this.mutate({ adds: [{ parentId, nextId, node }] });
      this.insertBelow(node);
      return;
    }
    let parent = this.node(parentId);
    const child = this.node(id);
    const next = nextId === null ? null : this.node(nextId);
    if (!parent || !child)
      return;
    if (isShadow)
      parent = shadowOf(parent);
    parent.insertBefore(child, next?.parentNode === parent ? next : null);
  }

  // The Replayer adds nodes without those below them.
  insertBelow(top) {
    const open = [top];
    while (open.length > 0) {
      const node = open.pop();
      const children = node.childNodes ?? [];
      if (node.tagName === 'style' && children.length === 0)
        this.keepSheet(this.mirror.getNode(node.id));
      if (children.length > 0)
        this.mutate({ adds: children.map((child) => ({ parentId: node.id, nextId: null, node: child })) });
      for (const child of children)
        open.push(child);
    }
  }

  /** @param {{ adds?: object[], texts?: object[], attributes?: object[] }} part */
  mutate(part) {
    const data = { source: 0, removes: [], adds: [], texts: [], attributes: [], ...part };
    if (data.adds.length + data.texts.length + data.attributes.length > 0)
      this.replayer.applyIncremental({ type: 3, timestamp: 0, data }, true);
  }

  // After a seek the pointer shows a click that has just been, as it would had one watched it.
  holdClick(held) {
    this.replayer.mouse.classList.toggle('held', held);
  }

  setMoving(moving) {
    for (const html of this.document?.getElementsByTagName('html') ?? [])
      html.classList.toggle('rrweb-paused', !moving);
    attempt(() => letMove(this.replayer, moving));
  }

  destroy() {
    try { this.replayer.destroy(); } catch { /* half built: its elements go all the same */ }
  }
}
