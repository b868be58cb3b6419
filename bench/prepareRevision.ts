import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';

export interface Revision {
  /** Short hash. */
  readonly name: string;
  readonly folder: string;
}

/** Checks a revision out below `work`, installs and builds it; what is there from an earlier time is kept. */
export function prepareRevision(
  revision: string,
  { root, work }: { readonly root: string; readonly work: string },
): Revision {
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
  const name = git('rev-parse', '--short', '--verify', `${revision}^{commit}`);
  const folder = `${work}/revisions/${name}`;
  if (!existsSync(folder)) {
    git('worktree', 'prune');
    git('worktree', 'add', '--detach', folder, name);
  }
  if (!existsSync(`${folder}/node_modules`)) {
    const lock = (of: string) => readFileSync(`${of}/package-lock.json`, 'utf8');
    // The same packages need not be installed twice.
    if (lock(folder) === lock(root)) symlinkSync(`${root}/node_modules`, `${folder}/node_modules`);
    else execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' });
  }
  if (!existsSync(`${folder}/dist/main.js`))
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: 'inherit' });
  return { name, folder };
}
