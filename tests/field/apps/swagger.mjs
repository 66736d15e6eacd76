// SPDX-License-Identifier: MIT
// Swagger UI: an API console in React, under a content security policy of its own that allows nothing but this origin.
import { join } from 'node:path';

const parameter = (name, place, required = true) => ({ name, in: place, required, schema: { type: 'string' } });
const operation = (summary, parameters = [], more = {}) => ({ summary, parameters, responses: { 200: { description: 'Found' }, 404: { description: 'Unknown' } }, ...more });
const spec = {
  openapi: '3.0.0', info: { title: 'Ferns', version: '1', description: 'Ferns of the world, their spores and where they grow.' },
  tags: [{ name: 'ferns', description: 'What grows' }, { name: 'places', description: 'Where it grows' }],
  paths: {
    '/ferns/{kind}': { get: operation('A fern', [parameter('kind', 'path')], { tags: ['ferns'] }) },
    '/ferns': {
      get: operation('All ferns', [parameter('moist', 'query', false)], { tags: ['ferns'] }),
      post: operation('A new fern', [], { tags: ['ferns'], requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Fern' } } } } }),
    },
    '/slow/{kind}': { get: operation('A fern that takes its time', [parameter('kind', 'path')], { tags: ['ferns'] }) },
    '/places/{name}': { get: operation('A place', [parameter('name', 'path')], { tags: ['places'] }), delete: operation('No place', [parameter('name', 'path')], { tags: ['places'] }) },
  },
  components: { schemas: { Fern: { type: 'object', properties: { name: { type: 'string' }, height: { type: 'integer' } } } } },
};

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ferns</title><link rel="stylesheet" href="/ui/swagger-ui.css"></head>
<body><div id="swagger-ui"></div><script src="/ui/swagger-ui-bundle.js"></script><script src="/begin.js"></script></body></html>`;

const fern = (url) => ({ type: 'application/json', body: JSON.stringify({ name: url.pathname.split('/').pop(), height: 160 }) });
const open = async (visitor, id) => {
  await visitor.goto('/');
  await visitor.click(`#operations-${id} .opblock-summary`);
  await visitor.click(`#operations-${id} .try-out__btn`);
};

export default {
  about: 'API console, React, strict policy',
  npm: { 'swagger-ui-dist': '5.17.14' },
  keep: 'a[href^=http]',
  start: ({ modules }) => ({
    folders: { '/ui/': join(modules, 'swagger-ui-dist') },
    routes: {
      '/': PAGE, '/begin.js': "window.ui = SwaggerUIBundle({ url: '/spec.json', dom_id: '#swagger-ui', deepLinking: true });",
      '/spec.json': JSON.stringify(spec), '/ferns/royal': fern, '/slow/royal': fern, '/ferns': fern, '/places/wood': fern,
    },
    headers: { 'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'" },
    delays: [[/^\/slow\//, 4200]],
  }),
  tasks: {
    async sends(visitor) {
      await open(visitor, 'ferns-get_ferns__kind_');
      await visitor.form('a fern', { '#operations-ferns-get_ferns__kind_ .parameters input': 'royal' }, { send: (one) => one.click('#operations-ferns-get_ferns__kind_ .execute') });
    },
    async leaves(visitor) {
      await open(visitor, 'places-get_places__name_');
      await visitor.form('a place', { '#operations-places-get_places__name_ .parameters input': 'wood' }, { leave: (one) => one.goto('/?other') });
    },
    async waits(visitor) {
      await open(visitor, 'ferns-get_slow__kind_');
      await visitor.form('a slow fern', { '#operations-ferns-get_slow__kind_ .parameters input': 'royal' }, { send: (one) => one.click('#operations-ferns-get_slow__kind_ .execute', { patient: true }) });
    },
    async isRefused(visitor) {
      await open(visitor, 'places-get_places__name_');
      await visitor.click('#operations-places-get_places__name_ .execute');
      await visitor.click('#operations-places-get_places__name_ .execute');
    },
  },
};
