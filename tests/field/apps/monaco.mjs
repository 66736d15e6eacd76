// SPDX-License-Identifier: MIT
// Monaco: a code editor with lines, menus and suggestions of its own.
import { join } from 'node:path';

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Code</title><style>body { font: 15px sans-serif; margin: 8px } #code { height: 520px; border: 1px solid #bbb }</style><script src="/vs/loader.js"></script></head>
<body><form id="file"><label>File <input name="file"></label> <label>Why <input name="why"></label> <button>Commit</button> <button type="button" id="format">Format</button> <button type="button" id="share">Share</button></form><div id="code"></div><script src="/site.js"></script></body></html>`;

const SCRIPT = `require.config({ paths: { vs: location.origin + '/vs' } });
require(['vs/editor/editor.main'], () => { const editor = monaco.editor.create(document.getElementById('code'), { language: 'javascript', value: Array.from({ length: 60 }, (_, i) => 'function fern' + i + '(spores) {\\n  return spores * ' + i + ';\\n}').join('\\n') });
document.getElementById('format').onclick = () => editor.setValue('// formatted\\n' + editor.getValue());
document.getElementById('file').onsubmit = (event) => { event.preventDefault(); fetch('/commit?' + new URLSearchParams(new FormData(event.target))); event.target.reset(); }; });`;

const commit = { '#file [name=file]': 'ferns/royal.js', '#file [name=why]': 'Spores count twice' };

export default {
  about: 'code editor',
  npm: { 'monaco-editor': '0.52.2' },
  start: ({ modules }) => ({ folders: { '/vs/': join(modules, 'monaco-editor/min/vs') }, routes: { '/': PAGE, '/site.js': SCRIPT, '/commit': () => ({ type: 'application/json', body: '{}' }) } }),
  tasks: {
    sends: (visitor) => visitor.form('a commit', commit, { send: (one) => one.click('#file button') }),
    leaves: (visitor) => visitor.form('a commit', commit, { leave: (one) => one.goto('/?elsewhere') }),
    async edits(visitor) {
      await visitor.click('.view-line');
      await visitor.driver.type('const moss = 1');
      await visitor.click('#format');
      await visitor.click('#share', { times: 3 });
      await visitor.click('#share', { patient: true });
    },
  },
};
