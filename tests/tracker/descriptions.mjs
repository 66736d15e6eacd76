// SPDX-License-Identifier: MIT
// What trackers publish of themselves, as something that can be asked whether a request is right: an OpenAPI description, a GraphQL
// schema out of the types of a client, types themselves. Each answers with findings, none where all is well.
import { readFileSync } from 'node:fs';

const typeOf = (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value);

export class OpenApi {
  constructor(file) {
    this.root = JSON.parse(readFileSync(file, 'utf8'));
    this.paths = Object.entries(this.root.paths).map(([path, item]) => [new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`), path, item]);
  }

  resolve(node) {
    if (!node?.$ref) return node;
    return this.resolve(node.$ref.slice(2).split('/').reduce((at, key) => at[key.replace(/~1/g, '/').replace(/~0/g, '~')], this.root));
  }

  // `strict`: a member that nobody described is a finding, since a server would drop it in silence.
  conforms(described, value, at, strict) {
    const schema = this.resolve(described);
    const type = typeOf(value);
    if (value === null && (schema.nullable || [schema.type].flat().includes('null'))) return [];
    for (const all of schema.allOf ?? []) {
      const found = this.conforms(all, value, at, false);
      if (found.length > 0) return found;
    }
    const some = schema.oneOf ?? schema.anyOf;
    if (some) return some.some((one) => this.conforms(one, value, at, strict).length === 0) ? [] : [`${at}: none of the forms that it may have`];
    if (schema.enum && !schema.enum.includes(value)) return [`${at}: ${JSON.stringify(value)} is none of ${schema.enum}`];
    const types = [schema.type ?? (schema.properties ? 'object' : type)].flat();
    if (!types.includes(type) && !(type === 'integer' && types.includes('number'))) return [`${at}: ${type}, not ${types}`];
    if (type === 'array') return value.flatMap((each, i) => this.conforms(schema.items ?? {}, each, `${at}[${i}]`, strict));
    if (type !== 'object') return [];
    const lacks = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${at} lacks ${name}`);
    return lacks.concat(Object.entries(value).flatMap(([name, member]) => {
      const property = schema.properties?.[name];
      if (property) return this.conforms(property, member, `${at}.${name}`, strict);
      return strict && schema.properties && schema.additionalProperties !== true ? [`${at}.${name} is not described`] : [];
    }));
  }

  operation(method, path) {
    const found = this.paths.find(([pattern, , item]) => pattern.test(path) && item[method.toLowerCase()]);
    return found ? found[2][method.toLowerCase()] : null;
  }

  request({ method, path, query, body }) {
    const operation = this.operation(method, path);
    if (!operation) return [`${method} ${path} is not described`];
    const parameters = (operation.parameters ?? []).map((each) => this.resolve(each)).filter((each) => each.in === 'query');
    const findings = Object.entries(query).flatMap(([name, value]) => {
      const schema = this.resolve(parameters.find((each) => each.name === name)?.schema);
      if (!schema) return [`?${name} is not described`];
      return this.conforms(schema, schema.type === 'integer' ? Number(value) : value, `?${name}`, true);
    });
    const content = operation.requestBody && this.resolve(operation.requestBody).content;
    if (!content) return findings.concat(body === undefined ? [] : ['no body is described']);
    return findings.concat(this.conforms(content['application/json'].schema, body, 'body', true));
  }

  answer(method, path, status, value) {
    const described = this.resolve(this.operation(method, path)?.responses[status]);
    return described ? this.conforms(described.content['application/json'].schema, value, `answer ${status}`, false) : [`an answer of ${status} is not described`];
  }

  example(name) {
    return structuredClone(this.root.components.examples[name].value);
  }
}

// The types of a client that was made from a schema say all of it that a request can be checked by: names, arguments, what may be
// left out. What they do not say is which of them are interfaces; nobody here asks by those.
export function schemaOf(ts, file) {
  const source = ts.createSourceFile('types.ts', readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false);
  const types = new Map(source.statements.filter((each) => each.name).map((each) => [each.name.text, each]));
  const written = new Map();
  const scalars = new Set();

  const literals = (node) => (ts.isTypeLiteralNode(node) ? [node] : ts.isIntersectionTypeNode(node) ? node.types.flatMap(literals) : []);
  const members = (name) => {
    const node = types.get(name)?.type;
    return node ? literals(node).flatMap((each) => each.members).filter((each) => each.name.text !== '__typename') : [];
  };

  const type = (node, input) => {
    if (ts.isTypeReferenceNode(node) && ['Maybe', 'InputMaybe'].includes(node.typeName.text)) return type(node.typeArguments[0], input).replace(/!$/, '');
    if (ts.isTypeReferenceNode(node) && node.typeName.text === 'Array') return `[${type(node.typeArguments[0], input)}]!`;
    if (ts.isIndexedAccessTypeNode(node)) {
      const scalar = node.indexType.literal.text;
      if (!['ID', 'String', 'Boolean', 'Int', 'Float'].includes(scalar)) scalars.add(scalar);
      return `${scalar}!`;
    }
    return `${write(node.typeName.text, input)}!`;
  };
  const argumentsOf = (parent, field) => {
    const args = members(`${parent}${field[0].toUpperCase()}${field.slice(1)}Args`);
    return args.length > 0 ? `(${args.map((each) => `${each.name.text}: ${type(each.type, true)}`).join(', ')})` : '';
  };
  const write = (name, input) => {
    if (written.has(name)) return name;
    written.set(name, '');
    const node = types.get(name);
    if (ts.isEnumDeclaration(node)) written.set(name, `enum ${name} { ${node.members.map((each) => each.initializer.text).join(' ')} }`);
    else if (ts.isUnionTypeNode(node.type)) written.set(name, `union ${name} = ${node.type.types.map((each) => write(each.typeName.text, false)).join(' | ')}`);
    else {
      const fields = members(name).map((each) => `${each.name.text}${input ? '' : argumentsOf(name, each.name.text)}: ${type(each.type, input)}`);
      written.set(name, `${input ? 'input' : 'type'} ${name} { ${fields.join('\n')} }`);
    }
    return name;
  };
  write('Query', false);
  write('Mutation', false);
  return [...written.values(), ...[...scalars].map((each) => `scalar ${each}`)].join('\n');
}

// Whether values are of a package's types: each is [module, type, value]. Names that a type does not have are findings, too.
export function typed(ts, folder, values) {
  const file = `${folder}/values.ts`;
  const text = values.map(([module, type, value], i) => `import type { ${type} as T${i} } from '${module}';\nconst v${i}: T${i} = ${JSON.stringify(value)};\nvoid v${i};\n`).join('');
  const options = { noEmit: true, strict: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...more) => (name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true) : getSourceFile.call(host, name, ...more));
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((each) => ts.flattenDiagnosticMessageText(each.messageText, ' '));
}
