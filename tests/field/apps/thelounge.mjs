// SPDX-License-Identifier: MIT
// The Lounge: a chat in Vue over a web socket, with a small chat server of our own behind it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

// As much of IRC as the client needs to be let in and to talk.
function startChat() {
  const server = createServer((socket) => {
    let nick = 'ada';
    const say = (line) => socket.write(`:chat.local ${line}\r\n`);
    const answers = {
      NICK: (rest) => { nick = rest; },
      USER: () => ['001', '002', '003', '004'].forEach((code) => say(`${code} ${nick} :Welcome`)),
      PING: (rest) => say(`PONG chat.local ${rest}`),
      JOIN: (rest) => { socket.write(`:${nick}!u@local JOIN ${rest}\r\n`); say(`353 ${nick} = ${rest} :${nick} grace`); say(`366 ${nick} ${rest} :End`); },
    };
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        const [verb, ...rest] = line.split(' ');
        answers[verb]?.(rest.join(' '));
      }
    });
  });
  return new Promise((done) => { server.listen(0, '127.0.0.1', () => done(server)); });
}

export default {
  about: 'chat in Vue, web socket, its own policy',
  npm: { thelounge: '4.5.2' },
  keep: 'a[href^=http]',
  async start({ modules, work, port, serve }) {
    const chat = await startChat();
    chat.unref();
    mkdirSync(work, { recursive: true });
    writeFileSync(join(work, 'config.js'), `module.exports = { public: true, host: '127.0.0.1', port: ${port}, reverseProxy: true, lockNetwork: false, prefetch: false,
      defaults: { name: 'Garden', host: '127.0.0.1', port: ${chat.address().port}, tls: false, rejectUnauthorized: false, nick: 'ada%%', username: 'ada', realname: 'Ada', join: '#ferns' } };\n`);
    return { upstream: await serve('node', [join(modules, 'thelounge/index.js'), 'start'], { env: { ...process.env, THELOUNGE_HOME: work } }) };
  },
  tasks: {
    async talks(visitor) {
      await visitor.click('#connect button[type=submit]');
      await visitor.wait(2500);
      await visitor.form('a message', { '#input': 'The ferns are well today' }, { send: (one) => one.key('Enter') });
      await visitor.click('button.menu, .header .menu');
    },
    leaves: (visitor) => visitor.form('a connection', { '#connect\\:nick': 'grace of the moss' }, { leave: (one) => one.goto('/?elsewhere') }),
  },
};
