/** Preloaded (`--import`) into a process whose modules are to be known: at its end it writes their URLs, in the order of loading, to `NOTE_IMPORTS`. */
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const urls: string[] = [];

registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) urls.push(url);
    return next(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env['NOTE_IMPORTS'] ?? '', JSON.stringify(urls)));
