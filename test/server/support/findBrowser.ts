import { existsSync } from 'node:fs';
import { env } from 'node:process';

/** Path of a Chromium: the variable `CHROMIUM`, or where Debian installs it. */
export function findBrowser(): string | undefined {
  return [env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
    (path) => path !== undefined && existsSync(path),
  );
}
