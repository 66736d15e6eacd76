// SPDX-License-Identifier: MIT
// Adminer: a database's tables as forms, by PHP, with a password and a content security policy of its own.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const row = { '[name="fields[name]"]': 'Royal fern', '[name="fields[place]"]': 'The north wall' };

export default {
  about: 'database client, PHP, policy with nonces',
  system: ['php-cli', 'php-sqlite3', 'sqlite3'],
  debian: ['adminer'],
  keep: '#logout,[name=logout],a[href^="https://"],input[value="Drop"],input[value="Drop selected"]',
  async start({ folder, work, port, serve }) {
    const database = join(work, 'ferns.db');
    execFileSync('sqlite3', [database, "CREATE TABLE ferns (id INTEGER PRIMARY KEY, name TEXT, place TEXT, height INT); INSERT INTO ferns (name, place, height) VALUES ('Royal','bog',160),('Lady','wood',70),('Hart','wall',40);"]);
    const source = join(folder, 'debian/usr/share/adminer');
    writeFileSync(join(work, 'index.php'), `<?php
$_GET += ['sqlite' => '', 'username' => '', 'db' => '${database}'];
function adminer_object() { require_once '${source}/plugins/plugin.php'; require_once '${source}/plugins/login-password-less.php'; return new AdminerPlugin([new AdminerLoginPasswordLess(password_hash('', PASSWORD_DEFAULT))]); }
chdir('${source}/adminer'); require './index.php';
`);
    return { upstream: await serve('php', ['-S', `127.0.0.1:${port}`, '-t', work], { env: { ...process.env, PHP_CLI_SERVER_WORKERS: '4' } }) };
  },
  paths: ['/'],
  tasks: {},
};
