import { networkOf } from '../../lib/networkOf.ts';
import type { Asked } from './Limits.ts';

/** Whose counter a request is charged to. */
export type Key = (asked: Asked) => string;

export interface KeyPorts {
  readonly planOf: (asked: Asked) => string | null;
  readonly expression: (source: string) => Key;
}

/** What is no expression. */
export const KEY_WORDS: ReadonlySet<string> = new Set(['all', 'caller', 'address', 'plan', 'operation']);

/** One key for all words together: two requests share a counter where they are equal in each. */
export function createKey(words: readonly string[], ports: KeyPorts): Key {
  const parts = words.map((word) => keyOf(word, ports));
  const [only, second] = parts;
  if (only !== undefined && second === undefined) return only;
  return (asked) => JSON.stringify(parts.map((part) => part(asked)));
}

function keyOf(word: string, { planOf, expression }: KeyPorts): Key {
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
      return expression(word);
  }
}

function addressOf(asked: Asked): string {
  asked.network ??= `a ${networkOf(asked.clientAddress?.() ?? '')}`;
  return asked.network;
}
