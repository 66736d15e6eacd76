// SPDX-License-Identifier: MIT
// An esbuild plugin: leaves out of rrweb's record what this recorder never uses. It knows one version by its text, and stops
// the build with any other. Without it the recorder does the same and is larger.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '2.1.6';

// Declarations that are called at most to do nothing: canvas pictures from a worker, frames of other origins, hooks, fonts.
const EMPTY = ['WorkerWrapper', 'CrossOriginIframeMirror', 'BaseRRNode', 'mergeHooks', 'initFontObserver', 'needMaskingText', 'polyfill', 'classMatchesRegex', 'isNativeShadowDom',
  'patch', 'is2DCanvasBlank', 'extractOrigin', 'slimDOMDefaults', 'registerErrorHandler', 'unregisterErrorHandler', 'isSerializedStylesheet',
  'initStyleDeclarationObserver', 'getShadowHost', 'getRootShadowHost', 'shadowHostInDom'];
const METHODS = ['handleMessage', 'transformCrossOriginEvent', 'replace', 'replace', 'getStyle', 'replaceIds', 'replaceStyleIds', 'replaceIdOnNode', 'patchRootIdOnNode',
  'freeze', 'unfreeze', 'isFrozen', 'getIds', 'generateId', 'trackStylesheetInLinkElement', 'trackLinkElement'];

// Options that recorder.js never gives, or always the same. Of the plain ones (DEFINE), esbuild drops what depends on them.
const FIXED = {
  blockClass: '""', ignoreClass: '"rr-ignore"', ignoreSelector: 'null', maskTextClass: '""', maskTextSelector: 'null', maskTextFn: 'null', maskInputFn: 'null', maskInputOptions: '{}', slimDOMOptions: '{}', sampling: 'null', recordAfter: 'null', preserveWhiteSpace: 'true', needsMask: 'false', inlineImages: 'false',
  dataURLOptions: '{}', keepIframeSrcFn: '() => false', ignoreCSSAttributes: 'new Set()', userTriggeredOnInput: 'false', collectFonts: 'false',
  recordDOM: 'true', recordCrossOriginIframes: 'false', inEmittingFrame: 'true', passEmitsToParent: 'false', inlineStylesheet: 'true',
  packFn: 'null', plugins: '[]', hooks: '{}', mousemoveWait: 'undefined', checkoutEveryNms: '0', checkoutEveryNth: '0', maskAllInputs: 'false',
  iframeLoadTimeout: '0', stylesheetLoadTimeout: '0',
};

const isPlain = (value) => /^(null|true|false|0|undefined|"")$/.test(value);
export const DEFINE = Object.fromEntries(Object.entries(FIXED).filter(([, value]) => isPlain(value)));
const VALUES = Object.entries(FIXED).filter(([, value]) => !isPlain(value));

// Declarations that are made anew in files of the recorder.
const OURS = {
  'canvas.js': ['CanvasManager', 'initCanvas2DMutationObserver', 'initCanvasContextObserver', 'initCanvasWebGLMutationObserver', 'patchGLPrototype', 'serializeArg', 'variableListFor'],
  'loads.js': ['onceIframeLoaded'],
  'sheets.js': ['onceStylesheetLoaded', 'stringifyStylesheet', 'stringifyRule', 'escapeImportStatement', 'fixBrowserCompatibilityIssuesInCSS', 'fixSafariColons', 'isCSSImportRule',
    'isCSSStyleRule', 'absolutifyURLs', 'splitCssText', 'markCssSplits', 'normalizeCssString'],
  'rules.js': ['initStyleSheetObserver', 'getNestedCSSRulePositions', 'getIdAndStyleId'], 'safe.js': ['on'], 'shadow.js': ['getEventTarget'] };
const IMPORTS = `import { createDocuments, onceIframeLoaded } from './loads.js';
import { CanvasManager } from './canvas.js';
import { lookForHoles, telling, tooMany } from './hooks.js';
import * as dom from './dom.js';
import { watchRules as initStyleSheetObserver } from './rules.js';
import { on as safeOn, patch as safePatch, patchSetter, safe as callbackWrapper } from './safe.js';
import { rootOf, targetOf as getEventTarget, watchShadows } from './shadow.js';
import { absolute, absolutifyURLs, adoptAgain, adoptedBy, mediaOf, onceStylesheetLoaded, stringifyRule, textOfConstructed, textOfSheet, watchAdopted } from './sheets.js';
const on = (type, fn, target = document) => safeOn(target, type, fn);
`.replace(/'\.\/(.*)'/g, (_, file) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url))));

// What is asked of a live node: by dom.js, since a form's fields or a document's named elements may cover it.
const LIVE = '(?<![\\w$.])(n|n2|el|element|node|target|m\\.target|parent|parentNode2|host2|parentEl)';
const DOCUMENT = '(?<![\\w$.])(doc|document|iframeEl\\.contentDocument|o\\.doc|this\\.unattachedDoc)';
const ASKED = {
  [LIVE]: ['matches', 'closest', 'getAttribute', 'hasAttribute', 'setAttribute', 'getBoundingClientRect', 'nodeType', 'nodeName', 'tagName', 'attributes',
    'classList', 'childNodes', 'ownerDocument', 'scrollLeft', 'scrollTop', 'style', 'compatMode', 'defaultView'],
  [DOCUMENT]: ['createElement', 'querySelectorAll', 'getSelection', 'defaultView', 'documentElement', 'body', 'readyState', 'scrollingElement', 'implementation',
    'adoptedStyleSheets'],
};
const CALLED = /^(matches|closest|.*Attribute|getBoundingClientRect|createElement|querySelectorAll|getSelection)$/;
const NODE_TYPES = { ELEMENT_NODE: 1, TEXT_NODE: 3, CDATA_SECTION_NODE: 4, COMMENT_NODE: 8, DOCUMENT_NODE: 9, DOCUMENT_TYPE_NODE: 10, DOCUMENT_FRAGMENT_NODE: 11 };

const OTHERWISE = {
  mutationObserverCtor: 'function mutationObserverCtor() { return [dom.Observer, () => {}]; }',
  getWindowHeight: 'function getWindowHeight() { return innerHeight; }',
  getWindowWidth: 'function getWindowWidth() { return innerWidth; }',
  getWindowScroll: 'function getWindowScroll(win) { return { left: win.pageXOffset, top: win.pageYOffset }; }',
  // The selector has the class as well.
  _isBlockedElement: 'function _isBlockedElement(element, blockClass, blockSelector) { return dom.matches(element, blockSelector); }',
  isBlocked: `function isBlocked(node, blockClass, blockSelector, checkAncestors) {
    const el = closestElementOfNode(node);
    return Boolean(el && (checkAncestors ? dom.closest : dom.matches)(el, blockSelector));
  }`,
  // The gate masks what is in fields.
  maskInputValue: 'function maskInputValue({ value }) { return value || ""; }',
  hookSetter: 'function hookSetter(target, key, d) { return patchSetter(target, key, telling((_, self) => setTimeout(() => d.set.call(self), 0))); }',
  initCustomElementObserver: `function initCustomElementObserver({ doc, customElementCb }) {
    return safePatch(dom.defaultView(doc)?.customElements, 'define', telling((target, self, [name]) => customElementCb({ define: { name } })));
  }`,
  getHref: 'function getHref(doc, customHref = "") { return absolute(customHref, dom.baseURI(doc)); }',
  getAbsoluteSrcsetString: `function getAbsoluteSrcsetString(doc, attributeValue) {
    return attributeValue.replace(/((?:[^\\s,]\\S*)?[^\\s,])(\\s[^,]*)?(,|$)/g, (_, url, size = '', end) => absoluteToDoc(doc, url) + size + end);
  }`,
  // Touches as such, what a pen or a finger clicks with what it was.
  initMouseInteractionObserver: `function initMouseInteractionObserver({ mouseInteractionCb, doc, mirror: mirror2 }) {
    let latest = null;
    const handlers = Object.entries({ pointerup: 0, pointerdown: 1, click: 2, contextmenu: 3, dblclick: 4, focus: 5, blur: 6, touchcancel: 10 }).map(([name, kind]) => on(name, (event) => {
      const { clientX: x, clientY: y } = event.changedTouches?.[0] ?? event;
      let type = kind;
      let pointerType = event.changedTouches ? 2 : { mouse: 0, pen: 1, touch: 2 }[event.pointerType] ?? null;
      if (pointerType !== null) latest = pointerType;
      else if (type === 2) {
        pointerType = latest;
        latest = null;
      }
      if (pointerType === 2 && type < 2) type = 9 - 2 * type;
      mouseInteractionCb({ type, id: mirror2.getId(getEventTarget(event)), x, y, ...(pointerType !== null && type < 7 && (type > 1 || pointerType) && { pointerType }) });
    }, doc));
    return () => handlers.forEach((h) => h());
  }`,
  initObservers: `function initObservers(o) {
    const win = dom.defaultView(o.doc);
    if (!win) return;
    const mutations = () => {
      const [observer] = initMutationObserver(o, o.doc);
      return () => observer.disconnect();
    };
    // One that finds its natives frozen does not keep the others from being there.
    const handlers = [mutations, initMoveObserver, initMouseInteractionObserver, initScrollObserver, initViewportResizeObserver, initInputObserver, initMediaInteractionObserver,
      initStyleSheetObserver, () => initAdoptedStyleSheetObserver(o, o.doc), initSelectionObserver, initCustomElementObserver].map((init) => callbackWrapper(init)(o, { win }));
    return callbackWrapper(() => {
      mutationBuffers.forEach((b) => b.reset());
      handlers.forEach((h) => h?.());
    });
  }`,
  // The first of several scrollers at once, and all that scrolled since: rrweb keeps only one of them.
  initScrollObserver: `function initScrollObserver({ scrollCb, doc, mirror: mirror2 }) {
    const due = new Set();
    let timer;
    // Of a frame that is gone it fails, and is not to try for ever.
    const tell = () => {
      timer = due.size && setTimeout(tell, 100);
      const targets = [...due];
      due.clear();
      for (const target of targets) {
        const { left: x, top: y } = target === doc ? getWindowScroll(dom.defaultView(doc)) : { left: target.scrollLeft, top: target.scrollTop };
        scrollCb({ id: mirror2.getId(target), x, y });
      }
    };
    const off = on("scroll", (event) => {
      due.add(getEventTarget(event));
      if (!timer) tell();
    }, doc);
    return () => {
      clearTimeout(timer);
      off();
    };
  }`,
  initAdoptedStyleSheetObserver: `function initAdoptedStyleSheetObserver({ mirror: mirror2, stylesheetManager }, host2) {
    return watchAdopted(host2, (sheets, sure) => {
      const id = mirror2.getId(dom.host(host2) ?? host2);
      const known = id > 0 && (sure || Array.from(dom.childNodes(host2)).some((node) => mirror2.getId(node) > 0));
      if (known) stylesheetManager.adoptStyleSheets(sheets, id);
      return known;
    });
  }`,
  // What is asked of every node is asked of what was just made of it, where that knows.
  isShadowRoot: 'function isShadowRoot(n) { return Boolean(dom.host(n)); }',
  isSVGElement: 'function isSVGElement(el) { return dom.isSvg(el); }',
  getValidTagName: 'function getValidTagName(element) { const name = dom.tagName(element).toLowerCase(); return tagNameRegex.test(name) ? "div" : name; }',
  isSerializedIframe: 'function isSerializedIframe(n, mirror2) { return mirror2.getMeta(n).tagName === "iframe"; }',
  inDom: 'function inDom(n) { return dom.isConnected(n); }',
  hasShadowRoot: 'function hasShadowRoot(n) { return Boolean(rootOf(n)); }',
  // Comments, and what only the head of a page needs.
  slimDOMExcluded: `function slimDOMExcluded({ type, tagName, attributes }) {
    if (tagName === 'link') return /icon/.test(attributes.rel);
    return type === 5 || tagName === 'meta' && Boolean(attributes['http-equiv'] || attributes.property ||
      attributes.name && !/^(viewport|color-scheme|theme-color)$/i.test(attributes.name));
  }`,
};

// Names of objects that are never sent, kept or the browser's: they may be shortened.
const OWN = 'mirror|styleMirror|getId|getNode|hasNode|getMeta|getIds|addedSet|movedSet|droppedSet|movedMap|mapRemoves|attributeMap|removesSubTreeCache|' +
  'idNodeMap|nodeMetaMap|rafStamps|latestId|invokeId|pendingCanvasMutations|restoreHandlers|frozen|unfreeze|resetObservers|removeNodeFromMap|' +
  'processMutations?|styleIDMap|idStyleMap|nodeMap|unattachedDoc|trackLinkElement|trackedLinkElements|adoptStyleSheets|addShadowRoot|shadowDoms|' +
  'observeAttachShadow|patchAttachShadow|flushPendingCanvasMutations|flushPendingCanvasMutationFor|startRAFTimestamping|' +
  'startPendingCanvasMutationFlusher|initCanvasMutationObserver|initCanvasFPSObserver|attachLinkElement|attachIframe|addIframe|' +
  'crossOriginIframe(Style)?Mirror|crossOriginIframeMap|trackStylesheetInLinkElement|loadListener|addLoadListener|generateId|getMirror|' +
  'genTextAreaValueMutation|genAdds|locked|lock|unlock|inOtherBuffer|preserveWhiteSpace|eventProcessor|nodeMirror|needBlock|recordCanvas|isCheckout|styleDiff|' +
  '_unchangedStyles|takeFullSnapshot|sampling|mousemoveCallback|getStyleId|head(Whitespace|Favicon|TitleMutations|Meta[A-Z]\\w+)|' +
  'isBlocked|rememberBlock|rememberNumber|remember|outlives|fieldValue|textOf|sheetText|expectBlocks|blocksItself|hidesChoice|isKnown|isPassword|' +
  'lookOf|described|onSplit|onSecret|onRoute|onRoom|onResize|onMaskChange|onMedia|nextSeq|custom|privacy|notices|again|keepNow|mayBlock|' +
  'endpoint|changed|stale|edited|filled|clicked|moved|points|forget|sends|shows|looked|stirs|snapshot|tell|told|sees|says|holds|refresh|typed|renew|' +
  'reserve|adopt|isSecret|look|lookSoon|since|started|shown|seen|make|parts|leave|element|attribute|control|descent|news|onStop|leaving|watch|reset|active|online|route|pass|back|over|before|touched|times|due|full|empty|which|up';

// Names that rrweb uses inside only: they may be shortened. In quotes they stand nowhere, but where `init` is mended below.
export const INTERNAL = new RegExp(`^(${['mutation', 'mousemove', 'mouseInteraction', 'scroll', 'viewportResize', 'input', 'mediaInteraction', 'styleSheetRule',
  'styleDeclaration', 'canvasMutation', 'font', 'selection', 'customElement', 'adoptedStyleSheet'].map((name) => `${name}Cb`).join('|')}|blockClass|blockSelector|` +
  'maskInputOptions|slimDOMOptions|slimDOM|stylesheetManager|shadowDomManager|iframeManager|canvasManager|processedNodeManager|' +
  `${OWN}|` + 'skipChild|onSerialize|onIframeLoad|onStylesheetLoad|bypassOptions|wrappedEmit|errorHandler|recordAfter|cssCaptured|newlyAddedElement)$');

function asked(source) {
  let text = source.replace(/\b(?:\w+|m\.target)\.([A-Z_]+_NODE)\b/g, (all, type) => NODE_TYPES[type] ?? all);
  text = text.replace(/\bindex\.shadowRoot\b/g, 'rootOf').replace(/\bindex\.(?=[a-zA-Z]+\()/g, 'dom.');
  text = text.replace(/value instanceof Array\b/g, 'Array.isArray(value)');
  for (const [of, names] of Object.entries(ASKED)) {
    for (const name of names) {
      const to = of === DOCUMENT && name === 'querySelectorAll' ? 'queryDocumentAll' : name;
      text = CALLED.test(name) ? text.replace(new RegExp(`${of}\\.${name}\\((\\))?`, 'g'), (_, node, end) => `dom.${to}(${node}${end ?? ', '}`)
        : text.replace(new RegExp(`${of}\\.${name}\\b(?! =[^=])`, 'g'), `dom.${name}($1)`);
    }
  }
  return text;
}

export function slim(source) {
  let text = source;
  const edit = (pattern, by) => {
    if ((typeof pattern === 'string' ? text.indexOf(pattern) : text.search(pattern)) < 0) throw new Error(`@rrweb/record ${VERSION} has no ${pattern}`);
    text = text.replace(pattern, by);
  };
  let serialize = '';
  const declaration = (name) => new RegExp(`^(function|class) ${name}\\b[^]*?^}$`, 'm');
  for (const name of EMPTY) edit(declaration(name), (_, kind) => `${kind} ${name}${kind === 'class' ? '' : '()'} {}`);
  for (const name of METHODS) edit(new RegExp(`^  ${name}\\([^)]*\\) \\{[^]*?^  }$`, 'm'), '');
  for (const name of Object.values(OURS).flat()) edit(declaration(name), '');
  for (const [name, by] of Object.entries(OTHERWISE)) edit(declaration(name), by);
  edit(/^const jsContent = .*\n.*$/m, '');
  edit(/^record\.(addCustomEvent|freezePage) = [^]*?^};$/gm, '');
  edit(/^  init\(options\) \{\n    \[[^]*?^  }$/m, '  init(options) { Object.assign(this, options); }');
  edit(/^const DEPARTED_MIRROR[^]*?(?=^function throttle)/m, '');
  edit(/^  let passEmitsToParent[^]*?(?=^  if \(mousemoveWait)/m, '');
  edit(/^  const inEmittingFrame .*$/m, '');
  edit(/^  if \(!needsMask\) \{[^]*?^  }$/m, '');
  edit(/^ +plugins: \(\(_a2 = plugins[^]*?\|\| \[\]$/m, '');
  edit(/^  if \(tagName === "link" && inlineStylesheet\) \{[^]*?(?=^  if \(\["input", "textarea", "select"\])/m, `  if (/^(link|style)$/.test(tagName)) {
    const cssText = textOfSheet(n);
    if (cssText) {
      if (tagName === 'link') delete attributes.rel, delete attributes.href;
      attributes._cssText = cssText;
    }
    const media = mediaOf(n);
    if (media) attributes.media = media;
  }
`);
  edit(/serializedNode\.tagName === "link" && typeof serializedNode\.attributes\.rel === "string" && \(.*\)\) \{$/m, '/^(link|style)$/.test(serializedNode.tagName)) {');
  edit('parentTag === "STYLE" && addedIds.has(parentId)', '$& && this.mirror.getMeta(parentNode2).attributes._cssText');
  edit(/if \(document\.adoptedStyleSheets && document\.adoptedStyleSheets\.length > 0\)\n +stylesheetManager\.adoptStyleSheets\(\n +document\.adoptedStyleSheets,/,
    'if (adoptedBy(document).length > 0)\n      stylesheetManager.adoptStyleSheets(adoptedBy(document),');
  // A shadow host that moves comes without them.
  edit(/if \(this\.shadowDoms\.has\(shadowRoot2\)\) return;/, 'const known = this.shadowDoms.has(shadowRoot2);');
  edit(/( +this\.shadowDoms\.add\(shadowRoot2\);[^]*?) +setTimeout\(\(\) => \{\n[^]*?( +this\.restoreHandlers\.push\(\n +initAdoptedStyleSheetObserver[^]*?\);)\n +\}, 0\);/,
    'if (!known) {\n$1$2}\nadoptAgain(shadowRoot2);');
  // That there are none any more is told, too.
  edit(/^ +if \(sheets\.length === 0\) return;$/m, '');
  edit(/if \(styles\.length > 0\) adoptedStyleSheetData\.styles = styles;\n +this\.adoptedStyleSheetCb\(adoptedStyleSheetData\);/, `$&
    for (const { styleId } of styles) {
      const text = textOfConstructed(this.styleMirror.idStyleMap.get(styleId));
      if (text) wrappedEmit({ type: 3, data: { source: 8, styleId, replaceSync: text } });
    }`);
  edit('handlers.push(observe(iframeEl.contentDocument));', 'observeFrame(iframeEl.contentDocument);');
  edit(/^    iframeManager\.addLoadListener\(/m, '    const observeFrame = createDocuments((doc) => { const stop = observe(doc); handlers.push(stop); return stop; });\n$&');
  edit(/^ +mutations\.forEach\(this\.processMutation\);$/m, '      if (tooMany(mutations, this.mirror)) return;\n$&');
  edit(/^ +this\.addedSet\.add\(n2\);\n {6}\}$/m, '$&\n      const touched = [...this.addedSet, ...this.movedSet];');
  edit(/^ +const sn = (serializeNodeWithId\(n, \{[^]*?\n {8}\}\));$/m, (_, call) => {
    serialize = `const serialize = (n, cssCaptured) => ${call};\n`;
    return '        const sn = serialize(n, cssCaptured);';
  });
  edit(/^ +while \(this\.addedSet\.size\) \{$/m, () => `${serialize}$&`.replace('$&', '      while (this.addedSet.size) {'));
  edit(/^ +const payload = \{\n +texts: this\.texts/m, `      if (touched.length) {
        lookForHoles(touched, this.mirror, (node, parentId, nextId) => {
          const sn = serialize(node, false);
          if (sn) adds.push({ parentId, nextId, node: sn });
        });
      }\n$&`);
  edit(/^const index = \{[^]*?^\};$/m, '');
  edit(/^try \{\n  if \(Array\.from\([^]*?^\}$/m, '');
  edit(/\bisNativeShadowDom\(\w+(?:\.target)?\) && | && isNativeShadowDom\(\w+(?:\.target)?\)/g, '');
  edit(/^ +if \(!isNativeShadowDom\(.*\)\) return;$/m, '');
  edit('if (customElements.get(tagName))', "if (tagName.includes('-') && customElements.get(tagName))");
  edit('const len = n.attributes.length;', 'const all = n.attributes;\n  const len = all.length;');
  edit('const attr = n.attributes[i];', 'const attr = all[i];');
  edit('if (isElement(n) && (shadowRootEl = ', 'if (serializedNode.isShadowHost && (shadowRootEl = ');
  edit('const parent = index.parentNode(n);\n  if (parent && isShadowRoot(parent)', 'if (newlyAddedElement && isShadowRoot(index.parentNode(n))');
  edit(/^ +const slimDOMOptions = slimDOMDefaults\(.*\);$/gm, '');
  edit('slimDOM: slimDOMOptions,', '');
  edit('slimDOM = false,', '');
  edit('let { preserveWhiteSpace = true } = options;', '');
  edit(/^ +if \(slimDOMOptions\.headWhitespace[^]*?^ {4}\}$/m, '');
  edit(/^  if \(n\.tagName === "TITLE" && slimDOMOptions[^]*?^  \}$/m, '');
  edit(/toDataURL\(\s+dataURLOptions\.type,\s+dataURLOptions\.quality\s+\)/g, 'toDataURL()');
  edit(/needMaskingText\([^)]*\) && value \? .* : value,/, 'value,');
  edit('getInputType(target) || ""', 'target.type');
  edit(/^  const propertyDescriptor = [^]*?^  \);$/m, '');
  edit('if (propertyDescriptor && propertyDescriptor.set) {', '{');
  edit(/^  if \(!recording\) \{[^]*?^  \}$/m, '');
  edit(/(const handlers = )\[\n +on\("play"[^]*?\n  \];/, '$1["play", "pause", "seeked", "volumechange", "ratechange"].map((type, i) => on(type, handler(i), doc));');
  edit('typeof DragEvent !== "undefined" && ', '');
  edit(/^ +recording = (true|false);$/gm, '');
  edit(/^ +const msg = String\(error\)\.toLowerCase\(\);\n[^]*?^ {10}\}$/m, '');
  // What the recorder asks for is what rrweb does anyway.
  edit(/^  if \(sampling\.\w+ === false\) \{[^]*?^  \}$/gm, '');
  edit(/typeof sampling\.\w+ === "number" \? sampling\.\w+ : /g, '');
  edit(/sampling\.(scroll|media) \|\| /g, '');
  edit('sampling.input === "last" ? ["change"] : ', '');
  edit('sampling: sampling.canvas,', '');
  edit(/^  if \(mousemoveWait !== [^]*?^  \}$/m, '');
  edit('if (recordAfter === "DOMContentLoaded") init();', 'init();');
  edit('if (recordAfter === "load") init();', '');
  edit(/^ +recordAfter = options\.recordAfter.*$/m, '');
  edit(/^ +type: getInputType\(\w+\),$/gm, '');
  edit(/^ +const type = getInputType\(target\);$/m, '');
  edit(/^( +tagName: target\.tagName,)\n +type,$/m, '$1');
  edit(/^ +\} else if \(maskInputOptions\[tagName[^]*?^ {4}\}$/m, '    }');
  edit('n.selected && !maskInputOptions["select"]', 'n.selected');
  edit(/const maskInputOptions = maskAllInputs === true \? [^]*?;$/gm, '');
  edit('maskAllInputs: maskInputOptions,', '');
  edit(/if \(n\.__context === "2d"\) \{[^]*?\} else if \(!\("__context" in n\)\)/, 'if ((n.__context ?? "2d") === "2d")');
  edit(/^const canvasVarMap = .*$/m, '');
  edit(/^const saveWebGLVar = [^]*?^};$/m, '');
  edit(/^const serializeArgs = [^]*?^};$/m, '');
  edit(/^const isInstanceOfWebGLObject = [^]*?^};$/m, '');
  edit(/^var chars = [^]*?^for \(.*\) \{[^]*?^}$/m, '');
  edit(/^var encode = [^]*?^};$/m, '');
  // Each change by its source.
  edit(/\((\w)\) => (\{\n +)?wrappedEmit\(\{\n +type: EventType\.IncrementalSnapshot,\n +data: \{\n +source: (IncrementalSource\.\w+),\n +\.\.\.\1\n +\}\n +\}\)(?:;\n +\}(?=[;,]))?/g, 'toldOf($3)');
  edit(/^  const wrappedMutationEmit = /m, '  const toldOf = (source) => (data) => wrappedEmit({ type: 3, data: { source, ...data } });\n$&');
  edit(/^ +(?:if \(!previous && options\.leading === false\) \{\n.*\n +\}|fontCb: [^]*?^ {10}\}\),)$/gm, '');
  edit('options.leading === false ? 0 : ', '');
  edit('new CanvasManager({', 'new CanvasManager({ isBlocked,');
  edit(/^ +this\.canvasManager\.(un)?(lock|freeze)\(\);$/gm, '');
  edit(/^ +this\.trackLinkElement\(linkEl\);$/m, '');
  edit(/^ +if \(isSerializedStylesheet\([^]*?^ +\}$/gm, '');
  edit(/^ +(?:__publicField\(this, "|this\.)trackedLinkElements.*$/gm, '');
  edit('this.mirror.getId(getShadowHost(n))', 'this.mirror.getId(index.host(parentNode2))');
  edit(/^ +if \(parentId === -1 && [^]*?^ +\}$/m, '');
  edit(/^let errorHandler;$/m, '');
  edit(/^const callbackWrapper = [^]*?^};$/m, '');
  edit(/^  patchAttachShadow\([^)]*\) \{[^]*?^  }$/m, `  patchAttachShadow(element, doc) {
    watchShadows(element.prototype, (host) => {
      if (inDom(host)) this.addShadowRoot(rootOf(host), doc);
    });
  }`);
  edit(/\(p\) => hookSetter\(/, '(p) => callbackWrapper(hookSetter)(');
  edit(/handlers\.forEach\(\(h\) => h\(\)\);/g, 'handlers.forEach((h) => h?.());');
  // As enums of TypeScript they become numbers.
  edit(/^var (\w+) = \/\* @__PURE__ \*\/ \(\(\w+\) => \{\n([^]*?)\n  return \w+;\n\}\)\(\w+ \|\| \{\}\);$/gm,
    (_, name, body) => `const enum ${name} {${body.replace(/^.*\["(\w+)"\] = (\d+)\].*$/gm, '"$1" = $2,')}}`);
  // The options themselves: where they are handed on, kept or asked for.
  const names = Object.keys(FIXED).join('|');
  edit(new RegExp(`\\b(?:this|options|o)\\.(${names})\\b`, 'g'), '$1');
  edit(new RegExp(`^ +(?:(${names}) = \\1;|let \\{ needsMask \\} = options;|__publicField\\(this, "\\w+"\\);)$`, 'gm'), '');
  edit(new RegExp(`^ +"?(${names})"?( = [^;\\n]+?|: \\w+)?,?$`, 'gm'), '');
  edit(/\{ needsMask, maskTextFn, /, '{ ');
  // Nobody plugs in, freezes or records frames of other origins.
  edit(/^( *)for \(const plugin of plugins(?: \|\| \[\])?\) \{\n[^]*?^\1\}$/gm, '');
  edit(/^if \(!.*test\(Date\.now\(\)\.toString\(\)\)\) \{\n[^]*?^\}$/m, '');
  edit(/^  let lastFullSnapshotEvent;\n[^]*?^  \};$/m, '');
  edit(/^    if \(e\.type === EventType\.FullSnapshot\) \{\n[^]*?^    \}$/m, '');
  edit(/^    if \(inEmittingFrame\) \{\n[^]*?^    \}$/m, '    emit(e, isCheckout);');
  edit(/this\.frozen \|\| /g, '');
  edit(/^ +__publicField\(this, "(?:frozen|crossOriginIframe\w+)", .*$/gm, '');
  edit(/^ +if \(iframeEl\.contentWindow\)\n +this\.crossOriginIframeMap\.set\(.*\);$/m, '');
  edit(/^ +this\.crossOriginIframeStyleMirror = [^]*?^ {4}\);$/m, '');
  edit(/^ +if \(\(\(_a2 = mutationBuffers\[0\]\)[^]*?^ {4}\}$/m, '');
  // A field that is set is one that is not quoted, and can be shortened.
  edit(/__publicField\(this, "(\w+)", /g, '(this.$1 = ');
  return `${IMPORTS}${VALUES.map(([name, value]) => `const ${name} = ${value};`).join('\n')}\n${asked(text)}`;
}

export const slimRecord = {
  name: 'slim-record',
  setup(build) {
    build.onLoad({ filter: /@rrweb[\\/]record[\\/]dist[\\/]record\.js$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(join(path, '../../package.json'), 'utf8'));
      if (version !== VERSION) throw new Error(`slim.mjs knows @rrweb/record ${VERSION}, not ${version}`);
      return { contents: slim(readFileSync(path, 'utf8')), loader: 'ts' };
    });
  },
};
