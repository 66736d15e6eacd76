// SPDX-License-Identifier: MIT
// sightctl issue against local trackers: what it sends is right by what each tracker publishes of itself, and is what the tracker's own
// client sends; what is told of refusals has the tracker's words; nothing is filed twice and nothing lost.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { equal, ok, run, test } from '../web/recorder/tap.mjs';
import { alike, clients } from './clients.mjs';
import { OpenApi, schemaOf, typed } from './descriptions.mjs';
import { azure, gitea, github, gitlab, jira, LABEL, linear, start, USER, youtrack } from './services.mjs';
import { FILE, open, said } from './workstation.mjs';

const here = join(dirname(fileURLToPath(import.meta.url)), 'npm');
const built = resolve(process.env.SIGHT_BUILD_ROOT ?? 'build-tests');
const npm = join(built, 'tests/tracker');
const folder = mkdtempSync(join(tmpdir(), 'sight-tracker-'));
const OPEN_API = 'node_modules/@octokit/openapi/generated/api.github.com.json';

// Of one description there are dozens of versions, half a gigabyte: the one that is read stays.
function install() {
  const wanted = readFileSync(join(here, 'package-lock.json'), 'utf8');
  if (existsSync(join(npm, 'done')) && readFileSync(join(npm, 'done'), 'utf8') === wanted) return;
  mkdirSync(npm, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(here, name), join(npm, name));
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: npm, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const name of readdirSync(dirname(join(npm, OPEN_API)))) {
    if (name !== 'api.github.com.json') rmSync(join(dirname(join(npm, OPEN_API)), name));
  }
  writeFileSync(join(npm, 'done'), wanted);
}

install();
const require = createRequire(join(npm, 'x.js'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href).then((module) => ({ ...module.default, ...module }));
const ts = createRequire(join(built, 'src/web/npm/x.js'))('typescript');
const graphql = require('graphql');
const openApi = new OpenApi(join(npm, OPEN_API));
const types = dirname(require.resolve('@linear/sdk'));
const schema = graphql.buildSchema(schemaOf(ts, join(types, readdirSync(types).find((name) => /^index-.*\.d\.mts$/.test(name)))), { assumeValidSDL: true });

const services = [github(openApi), gitlab(), gitea(), jira('jira', 3), jira('jira-dc', 2), linear(graphql, schema), youtrack(), azure()];
const TARGETS = { github: 'o/r', gitlab: 'g/sub/p', gitea: 'o/r', jira: 'SHOP', 'jira-dc': 'SHOP', linear: 'SHOP', youtrack: 'SHOP', azure: 'org/shop' };
// As each tracker shows who somebody is.
const WHO = { github: USER.login, gitlab: USER.login, gitea: USER.login, jira: USER.name, 'jira-dc': USER.login, linear: USER.name, youtrack: USER.login, azure: USER.email };
const SAYS = { github: 'field: title', gitlab: "title: can't be blank", gitea: '[Title]: Required', jira: 'customfield_10001: Team is required.', 'jira-dc': 'customfield_10001: Team is required.',
  linear: 'title must be shorter', youtrack: 'error_field: State', azure: 'Area Path' };
const server = await start(services);
const { call, moment } = await open(folder);

// GitLab is not below a path.
const target = ({ kind }) => `${kind}:${server.base}${kind === 'gitlab' ? '' : `/${kind}`}/${TARGETS[kind]}`;
const issue = (service, ...more) => call('issue', moment, '--to', target(service), ...more);

for (const service of services) {
  const { kind } = service;
  const files = kind === 'github' ? [] : ['--attach', join(folder, FILE.name)];
  let sent = [];

  test(`${kind}: filed with label, assignee and file, found again, read back`, async () => {
    const first = await issue(service, '--label', LABEL.name, '--assignee', WHO[kind], ...files);
    said(first, 0);
    equal(first.stderr, '', 'something was dropped');
    equal(service.issues.length, 1, 'issues');
    const [filed] = service.issues;
    ok(filed.title.includes('/pay') && JSON.stringify(filed.body).includes(moment), `filed ${JSON.stringify(filed)}`);
    equal([filed.labels.length, filed.assignees.length], [1, 1], 'labels and assignees');
    equal(filed.files.map(({ name, octets }) => [name, octets.toString('hex')]), files.length > 0 ? [[FILE.name, FILE.octets.toString('hex')]] : [], 'files');
    for (const [closed, state] of [[false, 'open'], [true, 'closed']]) {
      filed.closed = closed;
      equal((await call('issue', '--state', first.stdout, '--to', target(service))).stdout, state, 'state');
    }
    sent = service.requests.filter(({ path }) => !path.includes('/put/'));
    const second = await issue(service);
    said(second, 0, 'filed before');
    equal([service.issues.length, second.stdout.split('/').pop()], [1, first.stdout.split('/').pop()], 'filed twice');
    said(await issue(service, '--again'), 0);
    equal(service.issues.length, 2, '--again');
  });

  if (clients[kind]) {
    test(`${kind}: its own client says the same`, async () => {
      const requests = await clients[kind](load, server.base);
      const filed = service.issues.at(-1);
      const text = filed.body.content?.[0].content[0].text;
      if (kind === 'azure') sent.push(...service.requests.filter(({ path, query }) => path.endsWith('/workitems') && query.ids));
      service.requests = [];
      // What comes back is ours to read, not the client's: it may want more of an answer than there is.
      for (const request of requests({ ...filed, text, mark: `SessionSight: \`${moment}\`` }, FILE)) await Promise.resolve(request()).catch(() => {});
      // YouTrack's client knows neither projects by name nor tags nor files.
      const alone = kind === 'youtrack' ? /projects|\/tags|attachments/ : /^$/;
      const different = sent.filter((ours) => !alone.test(ours.path) && !service.requests.some((theirs) => alike(ours, theirs, graphql)));
      const tell = ({ method, path, query, body, form }) => JSON.stringify({ method, path, query, body, form: form && Object.keys(form) });
      equal(different.map(tell).join('\n'), '', `theirs: ${service.requests.map(tell).join('\n')}\nonly ours`);
      ok(sent.length >= 5, `${sent.length} requests`);
    });
  }

  test(`${kind}: what it drops is told`, async () => {
    service.forget();
    service.fault = 'drop';
    said(await issue(service, '--label', LABEL.name, '--assignee', WHO[kind]), 0, `did not take: ${LABEL.name}, ${WHO[kind]}`);
    service.forget();
    if (['gitea', 'linear', 'youtrack'].includes(kind)) said(await issue(service, '--label', 'nowhere'), 0, 'did not take: nowhere');
  });

  test(`${kind}: refusals in its own words, and nothing filed`, async () => {
    service.forget();
    for (const [fault, code, ...words] of [['token', 5, JSON.stringify(service.errors.token[1]).split('"').find((word) => word.includes(' '))], ['field', 1, SAYS[kind]],
      ['limit', 4, ...(service.errors.limit[2] ? ['Retry-After: 60'] : [])]]) {
      service.fault = fault;
      said(await issue(service), code, ...words);
      equal(service.issues.length, 0, `filed in spite of ${fault}`);
    }
  });

  test(`${kind}: an answer that is lost is found again`, async () => {
    service.forget();
    service.fault = 'lost';
    const lost = kind === 'linear' ? await lostByLinear(service) : await issue(service, ...files);
    said(lost, 1, 'trying again finds');
    equal(service.issues.length, 1, 'it was filed');
    service.fault = null;
    const again = await issue(service, ...files);
    said(again, 0, 'filed before');
    equal([service.issues.length, service.issues[0].files.length], [1, files.length / 2], 'issues and files after trying again');
    if (files.length === 0) return;
    said(await issue(service, ...files), 0, 'filed before');
    equal(service.issues[0].files.length, 1, 'files after trying once more');
  });
}

// Everything goes the same way there: of the requests only the one that files loses its answer.
async function lostByLinear(service) {
  service.fault = null;
  const { answer } = service;
  service.answer = (request) => {
    const given = answer(request);
    return request.body?.query.includes('issueCreate') ? null : given;
  };
  const lost = await issue(service);
  service.answer = answer;
  return lost;
}

test('an answer that cannot be read is as good as none, and labels that are not read back are not said to be dropped', async () => {
  const service = services[2];
  service.forget();
  service.fault = 'unread';
  said(await issue(service), 1, 'trying again finds');
  equal(service.issues.length, 1, 'it was filed');
  service.fault = 'back';
  const filed = await issue(service, '--again', '--label', LABEL.name, '--label', 'unknown', '--assignee', 'unknown');
  said(filed, 0, 'could not be read back', 'did not take: unknown\n');
  equal(service.issues[0].assignees, ['unknown'], 'who has the name of a label');
});

test('what was filed is in the log once', async () => {
  const service = services[2];
  service.forget();
  const log = async () => (await call('log')).stdout.split('\n').filter((line) => line.includes('filed')).length;
  said(await issue(service), 0);
  const before = await log();
  ok(before > 0, 'it is in the log');
  said(await issue(service), 0, 'filed before');
  equal(await log(), before, 'entries');
});

test('offline: nothing was filed, and it is said', async () => {
  said(await call('issue', moment, '--to', 'gitea:http://127.0.0.1:1/o/r'), 4);
});

test('a moment and a problem at the same moment are two issues', async () => {
  const service = services[2];
  const { problem } = JSON.parse((await call('problems', '--json')).stdout).problems[0];
  const at = JSON.parse((await call('issue', '--problem', problem, '--json')).stdout).moment;
  service.forget();
  for (const words of [[at], ['--problem', problem], [at], ['--problem', problem]]) said(await call('issue', ...words, '--to', target(service)), 0);
  equal(service.issues.map(({ body }) => body.includes(`, \`problem:${problem}\``)), [true, false], 'of a problem');
});

test('GitHub: files are refused before anything is filed', async () => {
  services[0].forget();
  said(await issue(services[0], '--attach', join(folder, FILE.name)), 2, 'own page');
  equal(services[0].requests.length, 0, 'requests');
});

test('GitHub: requests, answers and refusals are as OpenAPI describes them', async () => {
  const [service] = services;
  service.forget();
  said(await issue(service, '--label', LABEL.name, '--assignee', USER.login), 0);
  const { stdout } = await issue(service);
  said(await call('issue', '--state', stdout, '--to', target(service)), 0);
  const path = (request) => request.path.replace('/github/api/v3', '');
  equal(service.requests.flatMap((request) => openApi.request({ ...request, path: path(request) })), [], 'requests');
  ok(service.requests.length >= 4, `${service.requests.length} requests`);
  ok(service.requests.every(({ headers }) => headers['x-github-api-version'] === '2022-11-28' && headers.accept === 'application/vnd.github+json'), 'headers');
  const answers = service.requests.flatMap((request) => {
    const { status, body } = service.answer(request);
    return openApi.answer(request.method, path(request), status, body);
  });
  equal(answers, [], 'answers');
  equal(openApi.answer('POST', '/repos/o/r/issues', 422, service.errors.field[1]), [], 'the refusal');
  const wrong = { method: 'POST', path: '/repos/o/r/issues', query: {}, body: { name: 'x', labels: 'bug' } };
  equal(openApi.request(wrong).length, 3, `mistakes found: ${openApi.request(wrong)}`);
});

test('bodies are of the types that clients publish', () => {
  const body = (kind) => services.find((each) => each.kind === kind).requests.find(({ method, path }) => method === 'POST' && /issues$/.test(path)).body;
  const camel = (object) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()), value]));
  const { title, ...options } = camel(body('gitlab'));
  const values = [['gitea-js', 'CreateIssueOption', body('gitea')], ['@gitbeaker/rest', 'CreateIssueOptions', options], ['youtrack-rest-client', 'NewIssue', body('youtrack')]];
  equal(typed(ts, npm, values), [], 'findings');
  equal(typed(ts, npm, [['gitea-js', 'CreateIssueOption', { title: 'x', label: [1] }]]).length, 1, 'a mistake is found');
  ok(title.includes('/pay'), title);
});

test('Linear: a field that its schema does not have is found', () => {
  equal(graphql.validate(schema, graphql.parse('query A($id: Int!) { issue(id: $id) { nowhere } }')).length, 2, 'mistakes');
});

test('Jira: text of a recording cannot end the block that it stands in', async () => {
  const service = services.find(({ kind }) => kind === 'jira-dc');
  service.forget();
  said(await issue(service), 0);
  const { body } = service.issues[0];
  ok(body.startsWith('{noformat}\n') && body.endsWith('\n{noformat}') && body.split('{noformat}').length === 3, body);
});

await run({ after: async () => { server.close(); rmSync(folder, { recursive: true }); } });
process.exit(process.exitCode);
