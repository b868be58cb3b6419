import { execFileSync } from 'node:child_process';

/** The revision that is checked out in a folder, and whether it was changed since. */
export function revisionOf(folder: string): string {
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--', 'src', 'package-lock.json') !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ', changed' : ''}`;
}
