// SPDX-License-Identifier: MIT
// Shoelace: a library of components whose fields and buttons are in shadow roots.
import { join } from 'node:path';

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Settings</title><link rel="stylesheet" href="/sl/themes/light.css">
<script type="module" src="/sl/shoelace-autoloader.js"></script>
<style>body { font: 16px sans-serif; margin: 24px; max-width: 900px } sl-card { margin: 12px 0; width: 100% } form > * { margin: 10px 0 } .far { margin-top: 1100px }</style></head><body>
<h1>Garden settings</h1>
<sl-tab-group><sl-tab slot="nav" panel="one">General</sl-tab><sl-tab slot="nav" panel="two">Members</sl-tab><sl-tab slot="nav" panel="three" disabled>Billing</sl-tab>
<sl-tab-panel name="one"><sl-switch>Water at night</sl-switch> <sl-checkbox>Send a summary</sl-checkbox> <sl-rating></sl-rating> <sl-range label="Litres" value="20"></sl-range></sl-tab-panel>
<sl-tab-panel name="two"><sl-tree><sl-tree-item>Gardeners<sl-tree-item>Ada</sl-tree-item><sl-tree-item>Grace</sl-tree-item></sl-tree-item><sl-tree-item>Visitors</sl-tree-item></sl-tree></sl-tab-panel></sl-tab-group>
<sl-details summary="What is kept">Only what you see on this page is kept, for as long as you are a member.</sl-details>
<sl-card><form id="person" action="/thanks"><sl-input name="name" label="Name" required></sl-input><sl-input name="town" label="Town"></sl-input><sl-select name="plan" label="Plan"><sl-option value="s">Small</sl-option>
<sl-option value="l">Large</sl-option></sl-select><sl-textarea name="wish" label="A wish"></sl-textarea><sl-button type="submit" variant="primary" id="save">Save</sl-button> <sl-button id="idle">Preview</sl-button> <sl-button disabled>Publish</sl-button></form></sl-card>
<sl-button id="ask">Open the dialog</sl-button> <sl-dropdown><sl-button slot="trigger" caret>More</sl-button><sl-menu><sl-menu-item>Rename</sl-menu-item><sl-menu-item type="checkbox">Pinned</sl-menu-item></sl-menu></sl-dropdown>
<sl-copy-button value="fern-42"></sl-copy-button> <sl-button id="count">Waterings: 0</sl-button> <sl-button id="busy">Refresh</sl-button> <sl-button id="late">Check the pump</sl-button> <sl-button id="far">Water the last bed</sl-button>
<sl-dialog label="Really?"><p>The beds will be watered.</p><sl-button slot="footer" variant="primary">Yes</sl-button></sl-dialog><p id="pump"></p>
<sl-alert open closable>Frost is expected tonight.</sl-alert><div class="far"></div><p id="last" role="status"></p>
<script src="/site.js"></script></body></html>`;

const SCRIPT = `const at = (id) => document.getElementById(id);
let n = 0;
at('ask').onclick = () => document.querySelector('sl-dialog').show();
document.querySelector('sl-dialog sl-button').onclick = () => document.querySelector('sl-dialog').hide();
at('count').onclick = () => { at('count').textContent = 'Waterings: ' + ++n; };
at('busy').onclick = () => { at('busy').loading = true; setTimeout(() => { at('busy').loading = false; }, 6500); };
at('late').onclick = () => setTimeout(() => { at('pump').textContent = 'The pump runs, ' + Date.now() % 1000 + ' turns.'; }, 4000);
at('far').onclick = () => { at('last').textContent = 'The last bed has no tap (' + ++n + ').'; };
at('idle').onclick = () => {};
at('save').closest('form').onsubmit = (event) => { event.preventDefault(); fetch('/save', { method: 'POST', body: new FormData(event.target) }).then(() => { location.href = '/thanks'; }); };`;

const person = { '#person sl-input[name=name] >>> input': 'Ada of the ferns', '#person sl-textarea >>> textarea': 'More shade for the moss' };

export default {
  about: 'components with shadow roots',
  npm: { '@shoelace-style/shoelace': '2.20.1' },
  start: ({ modules }) => ({
    folders: { '/sl/': join(modules, '@shoelace-style/shoelace/cdn') },
    routes: { '/': PAGE, '/site.js': SCRIPT, '/save': () => ({ type: 'application/json', body: '{}' }), '/thanks': '<!DOCTYPE html><html><head><title>Thanks</title></head><body><h1>Saved</h1><a href="/">Back to the settings</a></body></html>' },
  }),
  tasks: {
    sends: (visitor) => visitor.form('a person', person, { send: (one) => one.click('#save') }),
    leaves: (visitor) => visitor.form('a person', person, { leave: (one) => one.goto('/thanks') }),
    async presses(visitor) {
      await visitor.click('#late', { patient: true });
      await visitor.click('#busy');
      await visitor.wait(6000);
      await visitor.click('#count', { times: 4 });
      await visitor.click('#idle', { times: 4 });
      await visitor.click('#far');
      await visitor.click('#idle');
      await visitor.click('#count');
      await visitor.click('#late', { patient: true });
    },
  },
};
