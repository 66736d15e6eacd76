// SPDX-License-Identifier: MIT
// What the trackers' own clients send for what we send: each is asked to file the same issue, to look for it, to put a file to it and
// to read it back. What differs between two clients and means the same is told in alike().
import { isDeepStrictEqual } from 'node:util';
import { LABEL, TEAM, USER } from './services.mjs';
import { TOKEN } from './workstation.mjs';

export const clients = {
  async gitlab(load, base) {
    const { Gitlab } = await load('@gitbeaker/rest');
    const { Issues, IssueNotes, Projects, ProjectMarkdownUploads, Users } = new Gitlab({ host: base, token: TOKEN });
    const project = 'g/sub/p';
    return (issue, file) => [
      () => Users.all({ username: USER.login }),
      () => Issues.all({ projectId: project, scope: 'all', orderBy: 'created_at', sort: 'desc', perPage: 100, maxPages: 1 }),
      () => Issues.create(project, issue.title, { description: issue.body, labels: LABEL.name, assigneeIds: [USER.id] }),
      () => (Projects.uploadForReference ?? ProjectMarkdownUploads?.create)?.call(Projects, project, { content: new Blob([file.octets], { type: file.type }), filename: file.name }),
      () => IssueNotes.create(project, 1, `![${file.name}](/uploads/1/x)`),
      () => Issues.show(1, { projectId: project }),
    ];
  },

  async gitea(load, base) {
    const { giteaApi } = await load('gitea-js');
    const { repos } = giteaApi(`${base}/gitea`, { token: TOKEN });
    return (issue, file) => [
      () => repos.issueListLabels('o', 'r', { limit: 50 }),
      () => repos.issueListIssues('o', 'r', { state: 'all', type: 'issues', limit: 50 }),
      () => repos.issueCreateIssue('o', 'r', { title: issue.title, body: issue.body, labels: [LABEL.id], assignees: [USER.login] }),
      () => repos.issueCreateIssueAttachment('o', 'r', 1, { attachment: new File([file.octets], file.name, { type: file.type }) }, { name: file.name }),
      () => repos.issueGetIssue('o', 'r', 1),
    ];
  },

  async jira(load, base) {
    const { Version3Client } = await load('jira.js');
    const [email, apiToken] = TOKEN.split(':');
    const client = new Version3Client({ host: `${base}/jira`, authentication: { basic: { email, apiToken } } });
    return (issue, file) => [
      () => client.userSearch.findAssignableUsers({ project: 'SHOP', query: USER.name }),
      () => client.issueSearch.searchForIssuesUsingJqlEnhancedSearch({ jql: 'project = "SHOP" ORDER BY created DESC', fields: ['description'], maxResults: 100 }),
      () => client.issues.createIssue({ fields: { project: { key: 'SHOP' }, issuetype: { name: 'Bug' }, summary: issue.title, labels: [LABEL.name], assignee: { accountId: 'a-5' },
        description: { type: 'doc', version: 1, content: [{ type: 'codeBlock', attrs: { language: 'markdown' }, content: [{ type: 'text', text: issue.text }] }] } } }),
      () => client.issueAttachments.addAttachment({ issueIdOrKey: 'SHOP-1', attachment: { filename: file.name, file: file.octets, mimeType: file.type } }),
      () => client.issues.getIssue({ issueIdOrKey: 'SHOP-1', fields: ['status', 'labels', 'assignee'] }),
    ];
  },

  async 'jira-dc'(load, base) {
    const { Version2Client } = await load('jira.js');
    const client = new Version2Client({ host: `${base}/jira-dc`, authentication: { oauth2: { accessToken: TOKEN } } });
    return (issue, file) => [
      () => client.issueSearch.searchForIssuesUsingJql({ jql: 'project = "SHOP" ORDER BY created DESC', fields: ['description'], maxResults: 100 }),
      () => client.issues.createIssue({ fields: { project: { key: 'SHOP' }, issuetype: { name: 'Bug' }, summary: issue.title, labels: [LABEL.name], assignee: { name: USER.login },
        description: issue.body } }),
      () => client.issueAttachments.addAttachment({ issueIdOrKey: 'SHOP-1', attachment: { filename: file.name, file: file.octets, mimeType: file.type } }),
      () => client.issues.getIssue({ issueIdOrKey: 'SHOP-1', fields: ['status', 'labels', 'assignee'] }),
    ];
  },

  async linear(load, base) {
    const { LinearClient } = await load('@linear/sdk');
    const client = new LinearClient({ apiKey: TOKEN, apiUrl: `${base}/linear/graphql` });
    return (issue, file) => [
      () => client.teams({ filter: { key: { eq: TEAM.key } } }),
      () => client.issueLabels({ filter: { name: { eqIgnoreCase: LABEL.name }, or: [{ team: { null: true } }, { team: { key: { eq: TEAM.key } } }] } }),
      () => client.users({ filter: { or: ['displayName', 'name', 'email'].map((key) => ({ [key]: { eqIgnoreCase: USER.name } })) } }),
      () => client.issues({ filter: { team: { id: { eq: TEAM.id } }, description: { contains: issue.mark } }, first: 10, includeArchived: true }),
      () => client.createIssue({ teamId: TEAM.id, title: issue.title, description: issue.body, labelIds: ['l-7'], assigneeId: 'u-5' }),
      () => client.fileUpload(file.type, file.name, file.octets.length),
      () => client.createComment({ issueId: 'SHOP-1', body: `![${file.name}](https://uploads.linear.app/${file.name})` }),
      () => client.issue('SHOP-1'),
    ];
  },

  async youtrack(load, base) {
    const { Youtrack } = await load('youtrack-rest-client');
    const client = new Youtrack({ baseUrl: `${base}/youtrack`, token: TOKEN });
    return (issue) => [
      () => client.issues.search('project: {SHOP} sort by: created desc', { $top: 100 }),
      () => client.issues.create({ project: { id: '0-0' }, summary: issue.title, description: issue.body, tags: [{ id: '6-7' }],
        customFields: [{ name: 'Assignee', $type: 'SingleUserIssueCustomField', value: { login: USER.login } }] }),
      () => client.issues.byId('SHOP-1'),
    ];
  },

  async azure(load, base) {
    const { WebApi, getPersonalAccessTokenHandler } = await load('azure-devops-node-api');
    const { Readable } = await import('node:stream');
    const api = await new WebApi(`${base}/azure/org`, getPersonalAccessTokenHandler(TOKEN)).getWorkItemTrackingApi();
    const query = "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND [System.WorkItemType] = 'Bug' ORDER BY [System.CreatedDate] DESC";
    const set = (path, value) => ({ op: 'add', path: `/fields/${path}`, value });
    return (issue, file) => [
      () => api.queryByWiql({ query }, { project: 'shop' }, undefined, 100),
      () => api.getWorkItems([1], ['Microsoft.VSTS.TCM.ReproSteps'], undefined, undefined, undefined, 'shop'),
      () => api.createWorkItem({}, [set('System.Title', issue.title), set('Microsoft.VSTS.TCM.ReproSteps', issue.body), set('System.Tags', LABEL.name), set('System.AssignedTo', USER.email)],
        'shop', 'Bug'),
      () => api.createAttachment({}, Readable.from([file.octets]), file.name, undefined, 'shop'),
      () => api.updateWorkItem({}, [{ op: 'add', path: '/relations/-', value: { rel: 'AttachedFile', url: 'https://azure.example/attachments/1' } }], 1, 'shop'),
      () => api.getWorkItem(1, ['System.State', 'System.Tags', 'System.AssignedTo'], undefined, undefined, 'shop'),
    ];
  },
};

// The fields of a GraphQL request with what they are asked for; which members of the answer are wanted is everybody's own.
function asked(graphql, { query, variables }) {
  const [{ selectionSet }] = graphql.parse(query).definitions;
  return selectionSet.selections.map(({ name, arguments: args }) => [name.value, Object.fromEntries(args
    .map((each) => [each.name.value, graphql.valueFromASTUntyped(each.value, variables)]).filter(([, value]) => value !== undefined && value !== null))]);
}

// Whether ours says the same as theirs. A client may ask for more pages, members and versions of an answer than we read.
export function alike(ours, theirs, graphql) {
  const octets = ({ form, octets: bytes }) => (form ? Object.entries(form).map(([name, file]) => [name, file.name, file.type, file.octets.toString('hex')]) : bytes?.toString('hex'));
  const body = (request) => (request.body?.query?.includes('{') ? asked(graphql, request.body) : request.body);
  const free = ['fields', 'api-version', '$top'];
  const same = [
    [ours.method, theirs.method], [decodeURIComponent(ours.path), decodeURIComponent(theirs.path)], [body(ours), body(theirs)], [octets(ours), octets(theirs)],
    [Object.entries(ours.query).filter(([name, value]) => theirs.query[name] !== value && !free.includes(name)), []],
    ['private-token' in ours.headers, 'private-token' in theirs.headers], ['authorization' in ours.headers, 'authorization' in theirs.headers],
    [ours.headers['x-atlassian-token'], theirs.headers['x-atlassian-token']],
  ];
  return same.every(([a, b]) => isDeepStrictEqual(a, b));
}
