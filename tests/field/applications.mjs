// SPDX-License-Identifier: MIT
// The applications: each is one file in apps/, see README.md. Installs what one needs into the cache folder and starts it.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sessionsight-field');

export const names = () => readdirSync(join(here, 'apps')).filter((name) => name.endsWith('.mjs')).map((name) => name.slice(0, -4)).sort();

export async function load(name) {
  return { name, ...(await import(join(here, 'apps', `${name}.mjs`))).default };
}

function installNpm(folder, packages) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }));
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

// Debian packages that are the application are unpacked, not installed: nothing of the machine's own configuration changes.
function unpackDebian(folder, packages) {
  execFileSync('apt-get', ['download', '-q', ...packages], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) execFileSync('dpkg-deb', ['-x', join(folder, file), join(folder, 'debian')]);
}

function installSystem(packages) {
  const missing = packages.filter((name) => {
    try {
      return !execFileSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes('ok installed');
    } catch {
      return true;
    }
  });
  if (missing.length) execFileSync('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=900', 'install', '--no-install-recommends', ...missing], { stdio: ['ignore', 'ignore', 'inherit'] });
}

export function install(application) {
  const folder = join(root, application.name);
  const { npm = null, debian = [], system = [] } = application;
  const wanted = JSON.stringify({ npm, debian, system });
  const done = join(folder, `done-${Buffer.from(wanted).toString('base64url').slice(-40)}`);
  if (existsSync(done)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  installSystem(system);
  if (npm) installNpm(folder, npm);
  if (debian.length) unpackDebian(folder, debian);
  writeFileSync(done, wanted);
  return folder;
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const { port } = server.address();
  await new Promise((done) => { server.close(done); });
  return port;
}

// Starts a program that listens on the port that it is given, and waits until it answers.
async function serve(command, args, port, options, children) {
  const child = spawn(command, args, { stdio: 'ignore', detached: true, ...options });
  children.push(child);
  for (let tries = 0; tries < 300; tries++) {
    try {
      await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' });
      return `http://127.0.0.1:${port}`;
    } catch {
      if (child.exitCode !== null) break;
      await new Promise((done) => { setTimeout(done, 200); });
    }
  }
  throw new Error(`${command} does not answer`);
}

// work: an empty folder for what the application writes. Returns what startProxy takes, and stop().
export async function start(application, folder, work) {
  const children = [];
  // With what they started: PHP's server has workers that outlive it.
  const stop = () => children.filter(({ exitCode }) => exitCode === null).forEach(({ pid }) => process.kill(-pid, 'SIGTERM'));
  mkdirSync(work, { recursive: true });
  try {
    const port = await freePort();
    const started = await application.start({ folder, modules: join(folder, 'node_modules'), work, port, serve: (command, args, options) => serve(command, args, port, options, children) });
    return { ...started, stop };
  } catch (error) {
    stop();
    throw error;
  }
}
