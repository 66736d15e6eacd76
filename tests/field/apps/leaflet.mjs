// SPDX-License-Identifier: MIT
// Leaflet: a map of tiles that are drawn here, with markers and popups.
import { join } from 'node:path';

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Gardens</title><link rel="stylesheet" href="/map/leaflet.css"><script src="/map/leaflet.js"></script>
<style>html, body { margin: 0; font: 15px sans-serif } #map { height: 520px } form { padding: 10px }</style></head><body><form id="add"><label>New garden <input name="garden"></label> <label>Keeper <input name="keeper"></label> <button>Add</button>
<button type="button" id="share">Share</button></form><div id="map"></div><script src="/site.js"></script></body></html>`;

const SCRIPT = `const map = L.map('map').setView([52.5, 13.4], 12);
L.tileLayer('/tile/{z}/{x}/{y}.svg', { maxZoom: 18, attribution: 'Drawn here' }).addTo(map);
L.control.scale().addTo(map);
for (const [i, at] of [[52.52, 13.38], [52.48, 13.44], [52.5, 13.33]].entries()) L.marker(at).addTo(map).bindPopup('Garden ' + (i + 1) + '<br><a href="#garden-' + i + '">Open</a>');
L.polygon([[52.51, 13.36], [52.49, 13.41], [52.53, 13.43]]).addTo(map).bindTooltip('Park');
document.getElementById('add').onsubmit = (event) => { event.preventDefault(); fetch('/gardens', { method: 'POST', body: new URLSearchParams(new FormData(event.target)) }).then(() => { L.marker(map.getCenter()).addTo(map).bindPopup(event.target.garden.value).openPopup(); event.target.reset(); }); };`;

function tile({ pathname }) {
  const [z, x, y] = pathname.slice(6).split(/[/.]/).map(Number);
  const hue = (x * 37 + y * 91 + z * 13) % 360;
  return { type: 'image/svg+xml', body: `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="hsl(${hue},30%,88%)"/><path d="M0 ${hue % 256}L256 ${(hue * 3) % 256}" stroke="#789" stroke-width="6"/><text x="20" y="60">${z}/${x}/${y}</text></svg>` };
}

const garden = { '#add [name=garden]': 'Fern corner', '#add [name=keeper]': 'Ada of the moss' };

export default {
  about: 'map of picture tiles',
  npm: { leaflet: '1.9.4' },
  keep: '.leaflet-control-attribution a',
  start: ({ modules }) => ({
    folders: { '/map/': join(modules, 'leaflet/dist') },
    routes: new Proxy({ '/': PAGE, '/site.js': SCRIPT, '/gardens': () => ({ type: 'application/json', body: '{}' }) }, { get: (routes, path) => (String(path).startsWith('/tile/') ? tile : routes[path]) }),
  }),
  tasks: {
    sends: (visitor) => visitor.form('a garden', garden, { send: (one) => one.click('#add button') }),
    leaves: (visitor) => visitor.form('a garden', garden, { leave: (one) => one.goto('/?elsewhere') }),
    async zooms(visitor) {
      await visitor.click('.leaflet-control-zoom-in', { times: 4 });
      await visitor.click('#share', { times: 4 });
      await visitor.click('#share', { patient: true });
      await visitor.click('.leaflet-control-zoom-out', { times: 3 });
    },
  },
};
