// SPDX-License-Identifier: MIT
// Node-RED: a flow editor that draws with SVG, and talks to its server by a web socket.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export default {
  about: 'flow editor on SVG, web socket',
  npm: { 'node-red': '4.0.9' },
  keep: 'a[href^=http]',
  async start({ modules, work, port, serve }) {
    writeFileSync(join(work, 'settings.js'), "module.exports = { uiHost: '127.0.0.1', telemetry: { enabled: false }, editorTheme: { tours: false }, logging: { console: { level: 'off' } } };\n");
    writeFileSync(join(work, 'flows.json'), JSON.stringify([{ id: 'f1', type: 'tab', label: 'Greenhouse' }, { id: 'n1', type: 'inject', z: 'f1', name: 'each morning', x: 160, y: 120, wires: [['n2']], props: [], repeat: '', once: false },
      { id: 'n2', type: 'function', z: 'f1', name: 'how dry', func: 'return msg;', x: 360, y: 120, wires: [['n3']] }, { id: 'n3', type: 'debug', z: 'f1', name: 'water', x: 560, y: 120, active: true, wires: [] }]));
    return { upstream: await serve('node', [join(modules, 'node-red/red.js'), '--userDir', work, '--port', String(port), '--settings', join(work, 'settings.js'), join(work, 'flows.json')], { cwd: work }) };
  },
  tasks: {
    async looksAround(visitor) {
      await visitor.click('#red-ui-tab-debug-link-button, #red-ui-tab-debug');
      await visitor.click('#red-ui-header-button-sidemenu');
      await visitor.key('Escape');
      await visitor.click('.red-ui-flow-node-group, .node, #red-ui-workspace-chart g.red-ui-flow-node');
    },
  },
};
