// SPDX-License-Identifier: MIT
// Quill: rich text in an editable element, with toolbars whose icons are drawings.
import { join } from 'node:path';

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Letters</title><link rel="stylesheet" href="/quill/quill.snow.css"><script src="/quill/quill.js"></script>
<style>body { font: 15px sans-serif; margin: 20px } #editor { height: 260px } .row { margin: 12px 0 }</style></head><body><h1>A letter</h1><form id="letter" class="row"><label>To <input name="to"></label> <label>About <input name="about"></label>
<button id="send">Send</button> <button type="button" id="keep">Keep as a draft</button></form><div id="editor"><p>Dear Ada,</p><p>the ferns are <strong>well</strong>.</p><ul><li>moss</li><li>lichen</li></ul></div><p id="said" class="row"></p><script src="/site.js"></script></body></html>`;

const SCRIPT = `new Quill('#editor', { theme: 'snow', modules: { toolbar: [[{ header: [1, 2, false] }], ['bold', 'italic', 'underline', 'link'], [{ list: 'ordered' }, { list: 'bullet' }], [{ color: [] }], ['clean']] } });
document.getElementById('letter').onsubmit = (event) => { event.preventDefault(); fetch('/letters', { method: 'POST', body: JSON.stringify(Object.fromEntries(new FormData(event.target))) }).then(() => { document.getElementById('said').textContent = 'Sent.'; }); };`;

const letter = { '#letter [name=to]': 'Grace of the hills', '#letter [name=about]': 'Spores in the post' };

export default {
  about: 'rich text editor',
  npm: { quill: '2.0.3' },
  start: ({ modules }) => ({ folders: { '/quill/': join(modules, 'quill/dist') }, routes: { '/': PAGE, '/site.js': SCRIPT, '/letters': () => ({ type: 'application/json', body: '{}' }) } }),
  tasks: {
    sends: (visitor) => visitor.form('a letter', letter, { send: (one) => one.click('#send') }),
    leaves: (visitor) => visitor.form('a letter', letter, { leave: (one) => one.goto('/?elsewhere') }),
    async writes(visitor) {
      await visitor.type('.ql-editor', 'And the moss is green. ');
      await visitor.click('.ql-bold');
      await visitor.click('.ql-header .ql-picker-label');
      await visitor.click('#keep', { times: 3 });
      await visitor.click('#keep', { patient: true });
    },
  },
};
