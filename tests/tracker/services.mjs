// SPDX-License-Identifier: MIT
// Trackers on this machine: each keeps what is filed and answers in the form of its own. Whether a request is right is not theirs to
// say: every one is kept, and judged by what the tracker publishes (descriptions.mjs, clients.mjs).
import http from 'node:http';

export const USER = { id: 5, login: 'ada', name: 'Ada Lovelace', email: 'ada@example.org' };
export const LABEL = { id: 7, name: 'bug' };
export const TEAM = { id: '9cfb482a-81e3-4154-b5b9-2c805e70a02d', key: 'SHOP' };

const json = (status, body, headers = {}) => ({ status, body, headers });

class Service {
  constructor(kind, errors) {
    Object.assign(this, { kind, errors, issues: [], requests: [], fault: null });
  }

  forget() {
    Object.assign(this, { issues: [], requests: [], fault: null });
  }

  // What the token may not set is dropped in silence, as they all do.
  file({ title, body, labels = [], assignees = [] }) {
    const dropped = this.fault === 'drop';
    const issue = { number: this.issues.length + 1, title, body, labels: dropped ? [] : labels, assignees: dropped ? [] : assignees, files: [], closed: false };
    this.issues.unshift(issue);
    return issue;
  }

  issue(ref) {
    return this.issues.find(({ number }) => number === Number(String(ref).replace(/^\D+-/, '')));
  }
}

const matches = (text, pattern) => new RegExp(`^${pattern.replace(/[.$^]/g, '\\$&').replace(/:\w+/g, '([^/]+)')}$`).exec(text);

// [method, path, whether something is filed by it, what answers]
function route(service, prefix, routes) {
  service.prefix = prefix;
  service.answer = (request) => {
    for (const [method, path, files, handler] of routes) {
      const found = request.method === method && matches(request.path, prefix + path);
      if (!found) continue;
      if (service.fault === 'token') return json(...service.errors.token);
      if (service.fault === 'limit') return json(...service.errors.limit);
      if (service.fault === 'field' && files) return json(...service.errors.field);
      const answer = handler(request, ...found.slice(1).map(decodeURIComponent));
      if (service.fault === 'unread' && files) return { status: 200, headers: {}, text: '<html>' };
      return service.fault === 'lost' && files ? null : answer ?? json(404, {});
    }
    return json(404, { message: 'no such route' });
  };
  return service;
}

export function github(openApi) {
  const shown = (issue) => ({ ...openApi.example('issue'), number: issue.number, title: issue.title, body: issue.body, html_url: `https://github.example/o/r/issues/${issue.number}`,
    state: issue.closed ? 'closed' : 'open', labels: issue.labels.map((name) => ({ ...openApi.example('issue').labels[0], name })),
    assignees: issue.assignees.map((login) => ({ ...openApi.example('issue').assignees[0], login })) });
  const service = new Service('github', {
    token: [401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' }],
    field: [422, { message: 'Validation Failed', documentation_url: 'https://docs.github.com/rest', errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }] }],
    limit: [403, { message: 'You have exceeded a secondary rate limit' }, { 'Retry-After': '60' }],
  });
  return route(service, '/github/api/v3/repos/o/r', [
    ['GET', '/issues', false, () => json(200, service.issues.map(shown))],
    ['POST', '/issues', true, ({ body }) => json(201, shown(service.file(body)))],
    ['GET', '/issues/:n', false, (_, n) => service.issue(n) && json(200, shown(service.issue(n)))],
  ]);
}

export function gitlab() {
  const shown = (issue) => ({ id: 100 + issue.number, iid: issue.number, project_id: 3, title: issue.title, description: issue.body, state: issue.closed ? 'closed' : 'opened',
    labels: issue.labels, assignees: issue.assignees.map((id) => ({ id, username: USER.login, name: USER.name })), web_url: `https://gitlab.example/g/sub/p/-/issues/${issue.number}` });
  const service = new Service('gitlab', {
    token: [401, { message: '401 Unauthorized' }],
    field: [400, { message: { title: ["can't be blank"] } }],
    limit: [429, { message: { error: 'This endpoint has been requested too many times. Try again later.' } }, { 'Retry-After': '60' }],
  });
  const project = '/projects/g%2Fsub%2Fp';
  const uploads = [];
  return route(service, '/api/v4', [
    ['GET', '/users', false, ({ query }) => json(200, query.username === USER.login ? [{ id: USER.id, username: USER.login, name: USER.name }] : [])],
    ['GET', `${project}/issues`, false, () => json(200, service.issues.map(shown))],
    ['POST', `${project}/issues`, true, ({ body }) => json(201, shown(service.file({ title: body.title, body: body.description, labels: body.labels?.split(','), assignees: body.assignee_ids })))],
    ['GET', `${project}/issues/:n`, false, (_, n) => json(200, shown(service.issue(n)))],
    ['POST', `${project}/uploads`, false, ({ form }) => {
      uploads.push(form.file);
      return json(201, { id: 5, alt: 'x', url: `/uploads/${uploads.length}/x`, full_path: '/-/x', markdown: `![${form.file.name}](/uploads/${uploads.length}/x)` });
    }],
    ['POST', `${project}/issues/:n/notes`, false, ({ body }, n) => {
      service.issue(n).files.push(uploads[Number(/uploads\/(\d+)/.exec(body.body)[1]) - 1]);
      service.issue(n).notes = [...service.issue(n).notes ?? [], { id: 1, body: body.body }];
      return json(201, { id: 1, body: body.body });
    }],
    ['GET', `${project}/issues/:n/notes`, false, (_, n) => json(200, service.issue(n).notes ?? [])],
  ]);
}

export function gitea() {
  const shown = (issue) => ({ id: 100 + issue.number, number: issue.number, title: issue.title, body: issue.body, html_url: `https://gitea.example/o/r/issues/${issue.number}`,
    state: issue.closed ? 'closed' : 'open', labels: issue.labels.map(() => ({ id: LABEL.id, name: LABEL.name, color: 'ee0701' })), assignees: issue.assignees.map((login) => ({ id: 2, login })),
    assets: issue.files.map(({ name }) => ({ id: 1, name })) });
  const service = new Service('gitea', {
    token: [401, { message: 'user does not exist', url: 'https://gitea.example/api/swagger' }],
    field: [422, { message: '[Title]: Required', url: 'https://gitea.example/api/swagger' }],
    limit: [429, { message: 'too many requests' }],
  });
  return route(service, '/gitea/api/v1/repos/o/r', [
    ['GET', '/labels', false, () => json(200, [{ id: 6, name: 'other', description: LABEL.name }, LABEL])],
    ['GET', '/issues', false, () => json(200, service.issues.map(shown))],
    ['POST', '/issues', true, ({ body }) => json(201, shown(service.file(body)))],
    ['GET', '/issues/:n', false, (_, n) => (service.fault === 'back' ? json(500, {}) : json(200, shown(service.issue(n))))],
    ['POST', '/issues/:n/assets', false, ({ form }, n) => {
      service.issue(n).files.push(form.attachment);
      return json(201, { id: 1, name: form.attachment.name, browser_download_url: 'https://gitea.example/attachments/1' });
    }],
  ]);
}

export function jira(kind, version) {
  const shown = (issue) => ({ id: String(100 + issue.number), key: `SHOP-${issue.number}`, fields: { description: issue.body, labels: issue.labels,
    status: { name: 'In prison', statusCategory: { key: issue.closed ? 'done' : 'new' } },
    assignee: issue.assignees.length > 0 ? { accountId: 'a-5', name: USER.login, displayName: USER.name } : null,
    attachment: issue.files.map(({ name }) => ({ id: '1', filename: name })) } });
  const service = new Service(kind, {
    token: [401, { errorMessages: ['You are not authenticated.'], errors: {} }],
    field: [400, { errorMessages: [], errors: { customfield_10001: 'Team is required.' } }],
    limit: [429, { errorMessages: ['Rate limit exceeded.'] }, { 'Retry-After': '60' }],
  });
  const file = ({ fields }) => service.file({ title: fields.summary, body: fields.description, labels: fields.labels, assignees: fields.assignee ? [fields.assignee] : [] });
  return route(service, `/${kind}/rest/api/${version}`, [
    ['GET', '/user/assignable/search', false, ({ query }) => json(200, query.query === USER.name ? [{ accountId: 'a-5', displayName: USER.name, active: true }] : [])],
    ['GET', version === 3 ? '/search/jql' : '/search', false, () => json(200, { issues: service.issues.map(shown) })],
    ['POST', '/issue', true, ({ body }) => json(201, { id: '101', key: shown(file(body)).key, self: 'https://jira.example/x' })],
    ['GET', '/issue/:k', false, (_, k) => json(200, shown(service.issue(k)))],
    ['POST', '/issue/:k/attachments', false, ({ form, headers }, k) => {
      if (headers['x-atlassian-token'] !== 'no-check') return json(403, { errorMessages: ['XSRF check failed'] });
      service.issue(k).files.push(form.file);
      return json(200, [{ id: '1', filename: form.file.name }]);
    }],
  ]);
}

// Its answers are made by the published schema as well: what that does not know cannot be asked.
export function linear(graphql, schema) {
  const service = new Service('linear', {
    token: [401, { errors: [{ message: 'Authentication required, not authenticated', extensions: { code: 'AUTHENTICATION_ERROR' } }] }],
    field: [200, { errors: [{ message: 'Argument Validation Error', extensions: { code: 'INVALID_INPUT', userPresentableMessage: 'title must be shorter than 255' } }] }],
    limit: [400, { errors: [{ message: 'Rate limit exceeded', extensions: { code: 'RATELIMITED' } }] }],
  });
  const shown = (issue) => issue && { url: `https://linear.app/shop/issue/SHOP-${issue.number}/${encodeURIComponent(issue.title)}`, description: issue.body,
    state: { type: issue.closed ? 'completed' : 'unstarted' }, labels: { nodes: issue.labels.map(() => ({ id: 'l-7', name: LABEL.name })) },
    assignee: issue.assignees.length > 0 ? { id: 'u-5', name: USER.name, displayName: USER.login, email: USER.email } : null,
    comments: { nodes: issue.comments ?? [] } };
  const uploads = new Map();
  const root = {
    teams: ({ filter }) => ({ nodes: filter.key.eq === TEAM.key ? [TEAM] : [] }),
    issueLabels: ({ filter }) => ({ nodes: filter.name.eqIgnoreCase === LABEL.name ? [{ id: 'l-7', name: LABEL.name }] : [] }),
    users: ({ filter }) => ({ nodes: filter.or.some(({ name }) => name?.eqIgnoreCase === USER.name) ? [{ id: 'u-5', name: USER.name, displayName: USER.login, email: USER.email }] : [] }),
    issues: ({ filter }) => ({ nodes: service.issues.filter(({ body }) => body.includes(filter.description.contains)).map(shown) }),
    issue: ({ id }) => shown(service.issue(id)),
    issueCreate: ({ input }) => ({ success: true, issue: shown(service.file({ title: input.title, body: input.description, labels: input.labelIds, assignees: input.assigneeId ? [input.assigneeId] : [] })) }),
    fileUpload: ({ filename, contentType, size }, { base }) => ({ success: true, uploadFile: { uploadUrl: `${base}/linear/put/${filename}`, assetUrl: `https://uploads.linear.app/${filename}`,
      filename, contentType, size, headers: [{ key: 'x-goog-content-length-range', value: `${size},${size}` }] } }),
    commentCreate: ({ input }) => {
      const issue = service.issue(input.issueId);
      issue.files.push(uploads.get(/\(https:\/\/uploads\.linear\.app\/(.*)\)/.exec(input.body)[1]));
      issue.comments = [...issue.comments ?? [], { body: input.body }];
      return { success: true };
    },
  };
  return route(service, '/linear/', [
    ['POST', 'graphql', true, ({ body, base }) => {
      const document = graphql.parse(body.query);
      const errors = graphql.validate(schema, document);
      if (errors.length > 0) return json(400, { errors: errors.map(({ message }) => ({ message })) });
      return json(200, graphql.executeSync({ schema, document, rootValue: root, variableValues: body.variables, contextValue: { base } }));
    }],
    ['PUT', 'put/:name', false, ({ octets, headers }, name) => {
      if (headers['x-goog-content-length-range'] !== `${octets.length},${octets.length}` || headers.authorization || !headers['cache-control']) return json(403, {});
      uploads.set(name, { name, type: headers['content-type'], octets });
      return { status: 200, headers: {}, text: '<xml/>' };
    }],
  ]);
}

export function youtrack() {
  const shown = (issue) => ({ id: `2-${issue.number}`, idReadable: `SHOP-${issue.number}`, description: issue.body, resolved: issue.closed ? 1700000000000 : null,
    tags: issue.labels.map(() => ({ id: '6-7', name: LABEL.name })), attachments: issue.files.map(({ name }) => ({ id: '8-1', name })),
    customFields: [{ name: 'Priority', value: { name: 'Normal' } }, { name: 'Assignee', value: issue.assignees.length > 0 ? { login: USER.login, name: USER.name } : null }] });
  const service = new Service('youtrack', {
    token: [401, { error: 'Unauthorized', error_description: 'Authentication failed' }],
    field: [400, { error: 'Bad Request', error_description: 'State is required', error_field: 'State' }],
    limit: [429, { error: 'Too Many Requests', error_description: 'slow down' }],
  });
  return route(service, '/youtrack/api', [
    ['GET', '/admin/projects', false, () => json(200, [{ id: '0-1', shortName: 'SHOPPING' }, { id: '0-0', shortName: 'SHOP' }])],
    ['GET', '/tags', false, () => json(200, [{ id: '6-7', name: LABEL.name }])],
    ['GET', '/issues', false, () => json(200, service.issues.map(shown))],
    ['POST', '/issues', true, ({ body }) => body.project.id === '0-0' && json(200, shown(service.file({ title: body.summary, body: body.description, labels: body.tags, assignees: body.customFields })))],
    ['GET', '/issues/:k', false, (_, k) => json(200, shown(service.issue(k)))],
    ['POST', '/issues/:k/attachments', false, ({ form }, k) => {
      service.issue(k).files.push(form.file);
      return json(200, [{ id: '8-1', name: form.file.name }]);
    }],
  ]);
}

// Its client asks where things are before it asks for anything else.
const LOCATIONS = [
  ['e81700f7-3be2-46de-8624-2eb35882fcaa', 'Location', 'ResourceAreas', '_apis/{resource}/{areaId}'],
  ['62d3d110-0047-428c-ad3c-4fe872c91c74', 'wit', 'workItems', '{project}/_apis/{area}/{resource}/${type}'],
  ['72c7ddf8-2cdc-4f60-90cd-ab71c14a399b', 'wit', 'workItems', '{project}/_apis/{area}/{resource}/{id}'],
  ['1a9c53f7-f243-4447-b110-35ef023636e4', 'wit', 'wiql', '{project}/{team}/_apis/{area}/{resource}/{id}'],
  ['e07b5fa4-1499-494d-a496-64b860fd64ff', 'wit', 'attachments', '{project}/_apis/{area}/{resource}/{id}'],
].map(([id, area, resourceName, routeTemplate]) => ({ id, area, resourceName, routeTemplate, resourceVersion: 3, minVersion: '1.0', maxVersion: '7.2', releasedVersion: '7.1' }));

export function azure() {
  const shown = (issue) => ({ id: issue.number, rev: 1, fields: { 'System.State': issue.closed ? 'Closed' : 'New', 'Microsoft.VSTS.TCM.ReproSteps': issue.body,
    ...(issue.labels.length > 0 ? { 'System.Tags': `${issue.labels.join('; ')}; other` } : {}),
    ...(issue.assignees.length > 0 ? { 'System.AssignedTo': { displayName: USER.name, uniqueName: USER.email } } : {}) },
  relations: issue.files.map(({ name }) => ({ rel: 'AttachedFile', url: 'https://azure.example/x', attributes: { name } })),
  _links: { html: { href: `https://azure.example/org/shop/_workitems/edit/${issue.number}` } } });
  const service = new Service('azure', {
    token: [401, { message: 'TF400813: The user is not authorized to access this resource.' }],
    field: [400, { $id: '1', message: 'TF401320: Rule Error for field Area Path. Error code: Required.', typeKey: 'RuleValidationException' }],
    limit: [429, { message: 'TF400733: Request was blocked due to exceeding usage of resource' }, { 'Retry-After': '60' }],
  });
  const value = (patch, name) => patch.find(({ path }) => path === `/fields/${name}`)?.value;
  const uploads = [];
  return route(service, '/azure/org', [
    ['OPTIONS', '/_apis/:area', false, () => json(200, { count: LOCATIONS.length, value: LOCATIONS })],
    ['GET', '/_apis/ResourceAreas', false, () => json(200, { count: 0, value: [] })],
    ['POST', '/shop/_apis/wit/wiql', false, () => json(200, { queryType: 'flat', workItems: service.issues.map(({ number }) => ({ id: number, url: 'https://azure.example/x' })) })],
    ['GET', '/shop/_apis/wit/workitems', false, ({ query }) => json(200, { value: query.ids.split(',').map((id) => shown(service.issue(id))) })],
    ['POST', '/shop/_apis/wit/workitems/$Bug', true, ({ body }) => json(200, shown(service.file({ title: value(body, 'System.Title'), body: value(body, 'Microsoft.VSTS.TCM.ReproSteps'),
      labels: value(body, 'System.Tags')?.split('; '), assignees: value(body, 'System.AssignedTo') ? [value(body, 'System.AssignedTo')] : [] })))],
    ['GET', '/shop/_apis/wit/workitems/:n', false, (_, n) => json(200, shown(service.issue(n)))],
    ['POST', '/shop/_apis/wit/attachments', false, ({ query, octets, headers }) => {
      uploads.push({ name: query.fileName, type: headers['content-type'], octets });
      return json(201, { id: '1', url: `https://azure.example/attachments/${uploads.length}` });
    }],
    ['PATCH', '/shop/_apis/wit/workitems/:n', false, ({ body }, n) => {
      service.issue(n).files.push(uploads[Number(body[0].value.url.split('/').pop()) - 1]);
      return json(200, shown(service.issue(n)));
    }],
  ]);
}

async function read(incoming, base) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const octets = Buffer.concat(chunks);
  const { pathname, searchParams } = new URL(incoming.url, base);
  const type = incoming.headers['content-type'] ?? '';
  const request = { method: incoming.method, path: pathname.replace(/%24/g, '$').replace(/\/workItems\b/, '/workitems'), query: Object.fromEntries(searchParams), headers: incoming.headers, base };
  if (type.startsWith('multipart/')) {
    request.form = {};
    for (const [name, file] of await new Response(octets, { headers: { 'content-type': type } }).formData()) {
      request.form[name] = { name: file.name, type: file.type, octets: Buffer.from(await file.arrayBuffer()) };
    }
  } else if (type.includes('json')) request.body = JSON.parse(octets);
  else if (octets.length > 0) request.octets = octets;
  return request;
}

export async function start(services) {
  const server = http.createServer(async (incoming, response) => {
    const request = await read(incoming, `http://${incoming.headers.host}`);
    const service = services.find(({ prefix }) => request.path.startsWith(prefix));
    service?.requests.push(request);
    const answer = service ? service.answer(request) : json(404, {});
    if (!answer) return response.destroy();
    response.writeHead(answer.status, { 'Content-Type': 'application/json', ...answer.headers });
    return response.end(answer.text ?? JSON.stringify(answer.body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
