// SPDX-License-Identifier: MIT
// Types for the JavaScript of this folder, which `tsc --checkJs` checks by them (tests/lint/javascript.mjs): the commands and data of
// PROTOCOL.md and src/core/dom/DIFFERENCE.md, the hooks of the recorder, and what TypeScript's and rrweb's own types leave out.
import type { Replayer } from 'rrweb';

declare global {
  // An event of rrweb, as it was recorded: anything may be in it.
  type RecordedEvent = { type: number, timestamp?: number, data: any };

  // What is to be put into the page: a node of the mirror, or a new one.
  type Insert = { parentId: number, nextId: number | null, id?: number, node?: any, isShadow?: boolean };
  type Difference = {
    detaches: number[], removes: number[], renames: [number, number][], inserts: Insert[],
    frames: RecordedEvent[], texts: { id: number, value: string }[], attributes: { id: number, attributes: object }[], events: RecordedEvent[],
  };
  // sight://player/step/REEL and sight://player/shown/REEL.
  type Step = { at: number, media: Record<string, string>, clicked: boolean, rebuild?: RecordedEvent[], difference?: Difference };
  type Shown = { addresses: Record<string, string>, contents: Record<string, string> };
  // What sight.whole() answers: sizes in px of the page; null: nothing that can be seen.
  type Whole = { width: number, height: number, viewport: number, boxes: ([number, number, number, number] | null)[] };
  type Area = { x: number, y: number, width: number, height: number };

  // The commands.
  var sight: {
    show(url: string): Promise<boolean>,
    play(url: string, at: number, until: number, speed: number): Promise<boolean>,
    feed(url: string, until: number): Promise<boolean>,
    halt(): Promise<number | null>,
    settle(): Promise<Area>,
    clear(): Promise<true>,
    whole(selectors: string[]): Promise<Whole>,
    zoom(scale: number, x: number, y: number): Promise<true>,
    pick(x: number, y: number): Promise<number>,
    mark(id: number): Promise<true>,
  };
  // The only message is `ready`.
  var webkit: { messageHandlers: { sight: { postMessage(text: 'ready'): void } } } | undefined;

  // Parts of rrweb that its types keep private. A node may be of any kind.
  type OpenMirror = Omit<ReturnType<Replayer['getMirror']>, 'getNode'> &
    { getNode(id: number): any, idNodeMap: Map<number, any>, nodeMetaMap: WeakMap<Node, object> };
  type OpenReplayer = Omit<Replayer, 'getMirror' | 'on'> & {
    getMirror(): OpenMirror, on(type: string, handler: (event: any) => void): void, mouse: HTMLElement, mediaManager: any,
    styleMirror: { getStyle(id: number): CSSStyleSheet | null }, emitter: { emit(type: string): void },
    moveAndHover(x: number, y: number, id: number, isSync: boolean, data: any): void,
    warnNodeNotFound(): void, debugNodeNotFound(): void, applyScroll(data: any): void, hoverElements(element: Element): void,
    getCastFn(event: RecordedEvent, sync: boolean): () => void, applyIncremental(event: RecordedEvent, sync: boolean): void,
  };

  // The options of SessionSight.start().
  type Mask = { text?: boolean, inputs?: boolean, emails?: boolean, names?: boolean, numbers?: boolean, selector?: string };
  type Options = {
    url: string, key: string, release?: string, variants?: Record<string, string>, consent?: string | boolean, sample?: number,
    mask?: Mask, block?: string, allow?: string, assets?: string, canvas?: boolean, console?: string[], respectDoNotTrack?: boolean,
  };
  type Told = { attributes?: Record<string, any>, value?: string };
  type Hooks = {
    snapshot(): void,
    changed(node: Node): void,
    watch(doc: Document): (() => void)[],
    stirs(): void,
    sends(...bodies: any[]): void,
    shows(value: string, inText?: boolean): void,
    tell(kind: 'attributes' | 'texts', node: Node, change: Told): void,
  };

  // What browsers have and TypeScript's library does not.
  interface Document { readonly prerendering?: boolean }
  interface Navigator { readonly globalPrivacyControl?: boolean }
  var navigation: EventTarget | undefined;
}
