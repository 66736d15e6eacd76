// SPDX-License-Identifier: MIT
// Bundles the three scripts: bundle.mjs SOURCE_DIR NODE_MODULES OUTPUT_DIR.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { DEFINE, INTERNAL, slimRecord } from './recorder/slim.mjs';

const [src, modules, out] = process.argv.slice(2);
const { build } = createRequire(resolve(modules, 'x.js'))('esbuild');

const bundle = (from, to, target, more = {}) => build({
  entryPoints: [join(src, from)], outfile: join(out, to), target, nodePaths: [resolve(modules)], loader: { '.css': 'text' },
  bundle: true, minify: true, format: 'iife', legalComments: 'none', charset: 'utf8', logLevel: 'warning', ...more,
});

try {
  await bundle('player/player.js', 'player.js', ['safari16']);
  await bundle('recorder/script.js', 'recorder.js', ['chrome94', 'firefox93', 'safari15.4'],
    { plugins: [slimRecord], inject: [join(src, 'recorder/natives.js')], mangleProps: INTERNAL, define: DEFINE, drop: ['console'] });
  await bundle('clip/clip.js', 'clip.js', ['chrome111', 'firefox113', 'safari16']);
} catch {
  process.exit(1);
}
