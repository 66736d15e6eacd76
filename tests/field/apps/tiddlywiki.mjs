// SPDX-License-Identifier: MIT
// TiddlyWiki: a wiki that is one document and draws itself anew with each change.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export default {
  about: 'wiki in one document',
  npm: { tiddlywiki: '5.3.6' },
  keep: 'a[href^=http]',
  start({ modules, work }) {
    const wiki = join(modules, 'tiddlywiki');
    execFileSync('node', [join(wiki, 'tiddlywiki.js'), join(wiki, 'editions/full'), '--output', work, '--render', '$:/core/save/all', 'wiki.html', 'text/plain'], { stdio: 'ignore', env: { ...process.env, TIDDLYWIKI_PLUGIN_PATH: '' } });
    return { folders: { '/': work } };
  },
  paths: ['/wiki.html'],
  tasks: {
    async writes(visitor) {
      await visitor.click('button[aria-label="new tiddler"]');
      await visitor.form('a page', { 'input.tc-titlebar, .tc-titlebar input': 'A page about ferns' }, { send: (one) => one.click('button[aria-label^="ok"], button[title^="Confirm"]') });
      await visitor.click('button[aria-label="more"]');
      await visitor.key('Escape');
    },
  },
};
