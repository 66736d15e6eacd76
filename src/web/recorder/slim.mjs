// SPDX-License-Identifier: MIT
// An esbuild plugin: leaves out of rrweb's record what this recorder never uses. It knows one version by its text, and stops
// the build with any other. Without it the recorder does the same and is larger.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '2.1.6';

// Declarations that are called at most to do nothing: canvas pictures from a worker, frames of other origins, hooks, fonts.
const EMPTY = ['WorkerWrapper', 'CrossOriginIframeMirror', 'BaseRRNode', 'mergeHooks', 'initFontObserver', 'needMaskingText', 'polyfill'];
const METHODS = ['initCanvasFPSObserver', 'handleMessage', 'transformCrossOriginEvent', 'replace', 'replace', 'getStyle', 'replaceIds', 'replaceStyleIds', 'replaceIdOnNode', 'patchRootIdOnNode'];

// Options that recorder.js never gives, or always the same: as constants, esbuild drops what depends on them.
const FIXED = {
  maskTextClass: '""', maskTextSelector: 'null', maskTextFn: 'null', maskInputFn: 'null', needsMask: 'false', inlineImages: 'false',
  dataURLOptions: '{}', keepIframeSrcFn: '() => false', ignoreCSSAttributes: 'new Set()', userTriggeredOnInput: 'false', collectFonts: 'false',
  recordDOM: 'true', recordCrossOriginIframes: 'false', inEmittingFrame: 'true', passEmitsToParent: 'false', inlineStylesheet: 'true',
  packFn: 'null', plugins: '[]', hooks: '{}', mousemoveWait: 'undefined', checkoutEveryNms: '0', checkoutEveryNth: '0', maskAllInputs: 'false',
  iframeLoadTimeout: '0', stylesheetLoadTimeout: '0',
};

// Declarations that are made anew in files of the recorder.
const OURS = { 'loads.js': ['onceIframeLoaded', 'onceStylesheetLoaded'] };
const IMPORTS = { 'loads.js': ['onceIframeLoaded', 'onceStylesheetLoaded', 'sheetTold', 'createDocuments'], 'hooks.js': ['tooMany', 'lookForHoles'] };

const OTHERWISE = {
  slimDOMDefaults: 'function slimDOMDefaults() { return {}; }',
  // Comments, and what only the head of a page needs.
  slimDOMExcluded: `function slimDOMExcluded({ type, tagName, attributes }) {
    if (tagName === 'link') return /icon/.test(attributes.rel);
    return type === 5 || tagName === 'meta' && Boolean(attributes['http-equiv'] || attributes.property ||
      attributes.name && !/^(viewport|color-scheme|theme-color)$/i.test(attributes.name));
  }`,
};

// Names that rrweb uses inside only: they may be shortened. In quotes they stand nowhere, but where `init` is mended below.
export const INTERNAL = new RegExp(`^(${['mutation', 'mousemove', 'mouseInteraction', 'scroll', 'viewportResize', 'input', 'mediaInteraction', 'styleSheetRule',
  'styleDeclaration', 'canvasMutation', 'font', 'selection', 'customElement', 'adoptedStyleSheet'].map((name) => `${name}Cb`).join('|')}|blockClass|blockSelector|` +
  'maskInputOptions|slimDOMOptions|slimDOM|stylesheetManager|shadowDomManager|iframeManager|canvasManager|processedNodeManager|ignoreClass|ignoreSelector|' +
  'skipChild|onSerialize|onIframeLoad|onStylesheetLoad|bypassOptions|wrappedEmit|errorHandler|recordAfter|cssCaptured|newlyAddedElement)$');

export function slim(source) {
  let text = source;
  const edit = (pattern, by) => {
    if ((typeof pattern === 'string' ? text.indexOf(pattern) : text.search(pattern)) < 0) throw new Error(`@rrweb/record ${VERSION} has no ${pattern}`);
    text = text.replace(pattern, by);
  };
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
  // A linked sheet is its element's, also in a shadow root, and is listened for whether it is there already or not.
  edit(/^    const stylesheet = Array\.from\(doc\.styleSheets\)[^]*?^    if \(cssText\) \{$/m,
    '    const cssText = n.sheet && stringifyStylesheet(n.sheet);\n    if (cssText) {\n      sheetTold(n);');
  edit(/(serializedNode\.tagName === "link") && typeof serializedNode\.attributes\.rel === "string" && \(.*\)\) \{$/m, '$1) {');
  edit('handlers.push(observe(iframeEl.contentDocument));', 'observeFrame(iframeEl.contentDocument);');
  edit(/^    iframeManager\.addLoadListener\(/m, '    const observeFrame = createDocuments((doc) => { const stop = observe(doc); handlers.push(stop); return stop; });\n$&');
  edit(/^ +mutations\.forEach\(this\.processMutation\);$/m, '      if (tooMany(mutations, this.mirror)) return;\n$&');
  edit(/^ +this\.addedSet\.add\(n2\);\n {6}\}$/m, '$&\n      const touched = [...this.addedSet, ...this.movedSet];');
  edit(/^ +const payload = \{\n +texts: this\.texts/m, '      if (touched.length) lookForHoles(touched, this.mirror);\n$&');
  // As enums of TypeScript they become numbers; the one whose names are asked for stays.
  edit(/^var (?!MouseInteractions)(\w+) = \/\* @__PURE__ \*\/ \(\(\w+\) => \{\n([^]*?)\n  return \w+;\n\}\)\(\w+ \|\| \{\}\);$/gm,
    (_, name, body) => `const enum ${name} {${body.replace(/^.*\["(\w+)"\] = (\d+)\].*$/gm, '"$1" = $2,')}}`);
  // The options themselves: where they are handed on, kept or asked for.
  const names = Object.keys(FIXED).join('|');
  edit(new RegExp(`\\b(?:this|options|o)\\.(${names})\\b`, 'g'), '$1');
  edit(new RegExp(`^ +(?:(${names}) = \\1;|let \\{ needsMask \\} = options;|__publicField\\(this, "\\w+"\\);)$`, 'gm'), '');
  edit(new RegExp(`^ +"?(${names})"?( = [^;\\n]+?|: \\w+)?,?$`, 'gm'), '');
  edit(/\{ needsMask, maskTextFn, /, '{ ');
  const imports = Object.entries(IMPORTS).map(([file, of]) => `import { ${of.join(', ')} } from ${JSON.stringify(fileURLToPath(new URL(file, import.meta.url)))};`);
  return `${imports.join('\n')}\n${Object.entries(FIXED).map(([name, value]) => `const ${name} = ${value};`).join('\n')}\n${text}`;
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
