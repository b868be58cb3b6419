import { formatPath } from '../../lib/formatPath.ts';
import type { Detector } from './createDetector.ts';
import { TOO_MUCH } from './Finding.ts';

export interface FoundValue {
  readonly rule: string;
  readonly variable: string;
  readonly place: string;
}

export interface SearchOptions {
  readonly detector: Detector;
  /** Characters that are looked through; those of plain texts count for nothing. */
  readonly maxCharacters: number;
}

/** Characters of a place, whose names a client may have chosen. */
const LONGEST_PLACE = 200;

/**
 * Texts at every depth, and names that are none of GraphQL's. Gives `found` one after the other, until it says that this was enough. How deep
 * variables nest is bounded before.
 */
export function searchVariables(
  variables: Readonly<Record<string, unknown>>,
  { detector, maxCharacters }: SearchOptions,
  found: (value: FoundValue) => boolean,
): void {
  const path: (string | number)[] = [];
  let left = maxCharacters;
  const tell = (rule: string): boolean => {
    const place = formatPath(['variables', ...path]).slice(0, LONGEST_PLACE);
    return found({ rule, variable: String(path[0] ?? ''), place });
  };
  const look = (text: string): boolean => {
    if (detector.isPlain(text)) return false;
    // Where this one may be as long as it is, the others are looked through all the same.
    if (text.length > left) return tell(TOO_MUCH);
    left -= text.length;
    return detector.find(text).some(tell);
  };
  /** Whether that was enough. */
  const walk = (value: unknown): boolean => {
    if (typeof value === 'string') return look(value);
    if (typeof value !== 'object' || value === null) return false;
    if (Array.isArray(value)) return value.some((item, index) => below(index, item));
    for (const name in value) {
      if (!/^\w*$/.test(name) && look(name)) return true;
      if (below(name, (value as Readonly<Record<string, unknown>>)[name])) return true;
    }
    return false;
  };
  const below = (key: string | number, value: unknown): boolean => {
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return false;
    path.push(key);
    const isEnough = walk(value);
    path.pop();
    return isEnough;
  };
  walk(variables);
}
