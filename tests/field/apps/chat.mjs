// SPDX-License-Identifier: MIT
// Deep Chat: a chat in one component, whose messages come by requests.
import { join } from 'node:path';

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ask the gardener</title><script type="module" src="/chat/deepChat.bundle.js"></script>
<style>body { font: 15px sans-serif; margin: 20px } deep-chat { display: block } .row { margin: 12px 0 }</style></head><body><h1>Ask the gardener</h1>
<deep-chat connect='{"url":"/say"}' history='[{"role":"ai","text":"What do your ferns look like?"},{"role":"user","text":"Brown at the edges."}]' style="width: 620px; height: 380px"></deep-chat>
<form id="call" class="row" action="/called"><label>Your name <input name="who"></label> <label>When <input name="time"></label> <button>Call me back</button> <button type="button" id="mute">Mute</button></form></body></html>`;

const call = { '#call [name=who]': 'Grace of the hills', '#call [name=time]': 'In the evening' };

export default {
  about: 'chat in a shadow root',
  npm: { 'deep-chat': '2.4.2' },
  start: ({ modules }) => ({
    folders: { '/chat/': join(modules, 'deep-chat/dist') }, delays: [[/^\/say/, 700]],
    routes: { '/': PAGE, '/say': () => ({ type: 'application/json', body: JSON.stringify({ text: 'Give them more shade.' }) }), '/called': '<!DOCTYPE html><html><head><title>Thanks</title></head><body><h1>We call you</h1><a href="/">Back</a></body></html>' },
  }),
  tasks: {
    sends: (visitor) => visitor.form('a call', call, { send: (one) => one.click('#call button') }),
    leaves: (visitor) => visitor.form('a call', call, { leave: (one) => one.goto('/called') }),
    async talks(visitor) {
      await visitor.type('deep-chat >>> #text-input', 'How much water do they want?');
      await visitor.key('Enter');
      await visitor.wait(1800);
      await visitor.click('#mute', { times: 3 });
      await visitor.click('#mute', { patient: true });
    },
  },
};
