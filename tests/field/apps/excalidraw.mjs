// SPDX-License-Identifier: MIT
// Excalidraw: a drawing board on a canvas, in React.
import { join } from 'node:path';

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Board</title><style>html, body, #app { margin: 0; height: 100% }</style><script src="/react/react.production.min.js"></script>
<script src="/react-dom/react-dom.production.min.js"></script><script>window.EXCALIDRAW_ASSET_PATH = '/board/';</script><script src="/board/excalidraw.production.min.js"></script></head><body><div id="app"></div><script src="/site.js"></script></body></html>`;

const SCRIPT = "ReactDOM.createRoot(document.getElementById('app')).render(React.createElement(ExcalidrawLib.Excalidraw));";

export default {
  about: 'drawing board on a canvas, React',
  npm: { '@excalidraw/excalidraw': '0.17.6', react: '18.3.1', 'react-dom': '18.3.1' },
  start: ({ modules }) => ({
    folders: { '/board/': join(modules, '@excalidraw/excalidraw/dist'), '/react/': join(modules, 'react/umd'), '/react-dom/': join(modules, 'react-dom/umd') },
    routes: { '/': PAGE, '/site.js': SCRIPT },
  }),
  tasks: {
    async draws(visitor) {
      await visitor.click('[data-testid=toolbar-rectangle]');
      await visitor.pressAt({ x: 600, y: 400 });
      await visitor.click('[data-testid=main-menu-trigger]');
      await visitor.key('Escape');
      await visitor.click('.undo-button-container button', { times: 3 });
    },
  },
};
