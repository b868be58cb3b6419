import type { IncomingHttpHeaders } from 'node:http';
import type { HeaderReader } from '../execute/Source.ts';

/** Node's headers behind the reader that sources and plugins know. */
export function nodeHeaders(headers: IncomingHttpHeaders): HeaderReader {
  return {
    get(name) {
      const value = headers[name.toLowerCase()];
      if (value === undefined) return null;
      return Array.isArray(value) ? value.join(', ') : value;
    },
  };
}
