import { networkOf } from '../../lib/networkOf.ts';
import type { Asked } from './Limits.ts';

/** Whose counter a request is charged to. */
export type Key = (asked: Asked) => string;

export interface KeyPorts {
  readonly planOf: (asked: Asked) => string | null;
  readonly expression: (source: string) => Key;
  /** Whether it is of a field: then a name alone is that of an argument. */
  readonly isOfField?: boolean | undefined;
}

const WORDS: ReadonlySet<string> = new Set(['all', 'caller', 'address', 'plan', 'operation']);
const NAME = /^[_A-Za-z]\w*$/;

/** Whether a key has to be compiled. */
export function isExpression(key: string, isOfField: boolean): boolean {
  return !WORDS.has(key) && !(isOfField && NAME.test(key));
}

/** One key for all words together: two requests share a counter where they are equal in each. */
export function createKey(words: readonly string[], ports: KeyPorts): Key {
  const parts = words.map((word) => keyOf(word, ports));
  const [only, second] = parts;
  if (only !== undefined && second === undefined) return only;
  return (asked) => JSON.stringify(parts.map((part) => part(asked)));
}

function keyOf(word: string, { planOf, expression, isOfField = false }: KeyPorts): Key {
  switch (word) {
    case 'all':
      return () => '';
    case 'caller':
      // A caller's key may look like an address.
      return (asked) => (asked.caller === undefined ? addressOf(asked) : `c ${asked.caller.key}`);
    case 'address':
      return addressOf;
    case 'plan':
      return (asked) => planOf(asked) ?? '';
    case 'operation':
      return (asked) => asked.operation?.name ?? '';
    default:
      return isExpression(word, isOfField) ? expression(word) : (asked) => textOf(asked.args?.[word]);
  }
}

function addressOf(asked: Asked): string {
  asked.network ??= `a ${networkOf(asked.clientAddress?.() ?? '')}`;
  return asked.network;
}

/** The same for an id that is written as a number. */
function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return value === undefined || value === null ? '' : String(value);
}
