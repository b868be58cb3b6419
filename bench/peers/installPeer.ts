import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type PeerPackage, VERSIONS } from './versions.ts';

/** Installs a peer from npm into `folder`, unless these very versions are there. */
export function installPeer(name: PeerPackage, folder: string): void {
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies: VERSIONS[name] });
  // Written when all is in: what a broken installation left is not taken for one.
  const mark = `${folder}/installed.json`;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === manifest) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, manifest);
  const options = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', options, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  writeFileSync(mark, manifest);
}
