// SPDX-License-Identifier: MIT
// Adminer: a database's tables as forms, by PHP, with a password and a content security policy of its own.
import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const row = { '[name="fields[name]"]': 'Royal fern', '[name="fields[place]"]': 'The north wall' };

export default {
  about: 'database client, PHP, policy with nonces',
  system: ['php-cli', 'php-sqlite3', 'sqlite3'],
  debian: ['adminer'],
  keep: '#logout,[name=logout],a[href^="https://"],input[value="Drop"],input[value="Drop selected"]',
  async start({ folder, work, port, serve }) {
    const root = join(work, 'adminer');
    const database = join(work, 'ferns.db');
    cpSync(join(folder, 'debian/usr/share/adminer'), root, { recursive: true });
    execFileSync('sqlite3', [database, "CREATE TABLE ferns (id INTEGER PRIMARY KEY, name TEXT, place TEXT, height INT); INSERT INTO ferns (name, place, height) VALUES ('Royal','bog',160),('Lady','wood',70),('Hart','wall',40);"]);
    writeFileSync(join(root, 'adminer/ferns.php'), `<?php
$_GET += ['sqlite' => '', 'username' => '', 'db' => '${database}'];
function adminer_object() {
  class Ferns extends Adminer { function login($login, $password) { return true; } }
  return new Ferns();
}
require './index.php';
`);
    return { upstream: await serve('php', ['-S', `127.0.0.1:${port}`, '-t', root], { env: { ...process.env, PHP_CLI_SERVER_WORKERS: '4' } }) };
  },
  paths: ['/adminer/ferns.php'],
  begin: (visitor) => visitor.click('input[type=submit][value=Login]'),
  tasks: {
    async adds(visitor) {
      await visitor.goto('/adminer/ferns.php?edit=ferns');
      await visitor.form('a row', row, { send: (one) => one.click('input[type=submit][value=Save]') });
    },
    async leaves(visitor) {
      await visitor.goto('/adminer/ferns.php?edit=ferns');
      await visitor.form('a row', row, { leave: (one) => one.goto('/adminer/ferns.php?select=ferns') });
    },
  },
};
