// SPDX-License-Identifier: MIT
// video.js: a film with controls made of elements, fonts of icons, and time that goes on.
import { join } from 'node:path';

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Film</title><link rel="stylesheet" href="/film/video-js.css"><script src="/film/video.min.js"></script><style>body { font: 15px sans-serif; margin: 20px }</style></head>
<body><h1>How ferns unroll</h1><video id="film" class="video-js" controls muted loop width="640" height="360"><source src="/clip/vp8.webm" type="video/webm"></video><form id="say"><p><label>Your name <input name="name"></label> <label>Comment <textarea name="text"></textarea></label>
<button>Post</button> <button type="button" id="like">Like <span>0</span></button> <button type="button" id="report">Report</button></p></form><ul id="said"></ul><script src="/site.js"></script></body></html>`;

const SCRIPT = `videojs('film', { playbackRates: [0.5, 1, 2] });
let likes = 0;
document.getElementById('like').onclick = (event) => { event.currentTarget.querySelector('span').textContent = ++likes; };
document.getElementById('say').onsubmit = (event) => { event.preventDefault(); const said = new FormData(event.target); fetch('/say', { method: 'POST', body: said }).then(() => { const li = document.createElement('li'); li.textContent = said.get('name') + ': ' + said.get('text'); document.getElementById('said').append(li); event.target.reset(); }); };`;

const comment = { '#say [name=name]': 'Ada of the valley', '#say [name=text]': 'They unroll so slowly' };

export default {
  about: 'film player',
  npm: { 'video.js': '8.22.0', '@videojs/vhs-utils': '4.1.1' },
  start: ({ modules }) => ({
    folders: { '/film/': join(modules, 'video.js/dist'), '/clip/': join(modules, '@videojs/vhs-utils/test/fixtures/formats/webm') },
    routes: { '/': PAGE, '/site.js': SCRIPT, '/say': () => ({ type: 'application/json', body: '{}' }) },
  }),
  tasks: {
    sends: (visitor) => visitor.form('a comment', comment, { send: (one) => one.click('#say button') }),
    leaves: (visitor) => visitor.form('a comment', comment, { leave: (one) => one.goto('/?elsewhere') }),
    async plays(visitor) {
      await visitor.click('.vjs-big-play-button');
      await visitor.click('#like', { times: 4 });
      await visitor.click('#report', { times: 4 });
      await visitor.click('#report', { patient: true });
      await visitor.click('.vjs-mute-control');
    },
  },
};
