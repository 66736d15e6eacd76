// SPDX-License-Identifier: MIT
// DokuWiki: pages made by PHP on a server, with files for a database.
import { cpSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const edit = { '#wiki__text': 'Ferns like the shade of the wall. ', '#edit__summary': 'More about ferns' };

export default {
  about: 'wiki, PHP on a server',
  system: ['php-cli', 'php-xml', 'php-mbstring', 'php-geshi', 'php-phpseclib', 'php-random-compat', 'libphp-simplepie'],
  debian: ['dokuwiki'],
  keep: 'a[href^="http"]:not([href^="http://127"]),.insitu-footnote,a[href*="do=admin"]',
  async start({ folder, work, port, serve }) {
    const root = join(work, 'wiki');
    cpSync(join(folder, 'debian/usr/share/dokuwiki'), root, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
    cpSync(join(folder, 'debian/var/lib/dokuwiki/lib'), join(root, 'lib'), { recursive: true, dereference: true });
    cpSync(join(folder, 'debian/var/lib/dokuwiki/data'), join(root, 'data'), { recursive: true });
    mkdirSync(join(root, 'conf'));
    cpSync(join(folder, 'debian/etc/dokuwiki'), join(root, 'conf'), { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
    rmSync(join(root, 'inc/preload.php'), { force: true });
    writeFileSync(join(root, 'inc/preload.php'), "<?php\ndefine('DOKU_MAIN_CONF', __DIR__ . '/../conf/');\ndefine('DOKU_CONF', __DIR__ . '/../conf/');\n");
    writeFileSync(join(root, 'conf/local.php'), "<?php\n$conf['title'] = 'Ferns';\n$conf['useacl'] = 0;\n$conf['savedir'] = './data';\n$conf['updatecheck'] = 0;\n");
    writeFileSync(join(root, 'data/pages/start.txt'), '====== Ferns ======\n\nFerns like **shade**. See [[playground:moss]] and [[lichen]].\n\n  * royal fern\n  * lady fern\n\n^ Plant ^ Height ^\n| Royal | 160 |\n| Lady | 70 |\n\n===== Care =====\n\nWater them.\n');
    return { upstream: await serve('php', ['-S', `127.0.0.1:${port}`, '-t', root], { env: { ...process.env, PHP_CLI_SERVER_WORKERS: '4' } }) };
  },
  paths: ['/doku.php', '/doku.php?id=start', '/doku.php?id=start&do=recent', '/doku.php?id=wiki:syntax'],
  tasks: {
    async edits(visitor) {
      await visitor.goto('/doku.php?id=lichen&do=edit');
      await visitor.form('a page', edit, { send: (one) => one.click('#edbtn__save') });
    },
    async leaves(visitor) {
      await visitor.goto('/doku.php?id=moss&do=edit');
      await visitor.form('a page', edit, { leave: (one) => one.goto('/doku.php?id=start') });
    },
    async searches(visitor) {
      await visitor.type('#qsearch__in', 'fern');
      await visitor.key('Enter');
      await visitor.wait(1500);
    },
  },
};
