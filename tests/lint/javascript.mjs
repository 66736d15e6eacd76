// SPDX-License-Identifier: MIT
// The JavaScript: types as JSDoc and src/web/types.d.ts say them (tsc --checkJs), and what ESLint finds. Both are shown to find something.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { equal, ok, run, test } from '../web/recorder/tap.mjs';

const root = resolve(process.env.SIGHT_SOURCE_ROOT ?? '.');
const web = join(root, 'src/web');
const npm = resolve(process.env.SIGHT_BUILD_ROOT ?? 'build', 'src/web/npm');
const require = createRequire(join(npm, 'x.js'));
const folder = mkdtempSync(join(tmpdir(), 'sight-lint-'));

function sum(found) {
  for (const each of found) console.log(`# ${each}`);
  equal(found.length, 0, 'findings');
}

test('types', () => {
  const ts = require('typescript');
  const planted = join(folder, 'planted.js');
  writeFileSync(planted, `import { hooks } from ${JSON.stringify(join(web, 'recorder/hooks.js'))};\nhooks.tell('words', document, {});\nsight.show(1);\n`);
  const { config } = ts.readConfigFile(join(web, 'tsconfig.json'), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, web, { paths: { '*': [join(npm, 'node_modules/*')] } });
  ok(fileNames.length > 40, `only ${fileNames.length} files`);
  const found = ts.getPreEmitDiagnostics(ts.createProgram([...fileNames, planted], options)).map(({ file, start, messageText }) => {
    const { line } = file ? ts.getLineAndCharacterOfPosition(file, start) : { line: 0 };
    return `${file ? relative(root, file.fileName) : ''}:${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  const inPlanted = found.filter((each) => each.includes('planted.js'));
  equal(inPlanted.length, 2, `planted mistakes found: ${inPlanted}`);
  sum(found.filter((each) => !each.includes('planted.js')));
});

test('ESLint', async () => {
  const { ESLint } = require('eslint');
  // Beside the packages that it imports.
  copyFileSync(join(web, 'eslint.config.mjs'), join(npm, 'eslint.config.mjs'));
  const eslint = new ESLint({ cwd: root, overrideConfigFile: join(npm, 'eslint.config.mjs') });
  const [planted] = await eslint.lintText('let a = globalThis == 1;\n', { filePath: 'src/web/planted.js' });
  equal(planted.messages.map(({ ruleId }) => ruleId).sort(), ['eqeqeq', 'no-unused-vars', 'prefer-const'], 'planted mistakes found');
  const results = await eslint.lintFiles(['src/**/*.{js,mjs}', 'tests/**/*.{js,mjs}']);
  ok(results.length > 80, `only ${results.length} files`);
  sum(results.flatMap(({ filePath, messages }) => messages.map(({ line, ruleId, message }) => `${relative(root, filePath)}:${line}: ${message} (${ruleId})`)));
});

run({ after: async () => rmSync(folder, { recursive: true, force: true }) });
