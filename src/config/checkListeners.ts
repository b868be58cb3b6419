import { isRecord } from '../lib/isRecord.ts';
import type { PathIssue } from './toIssues.ts';

interface Listener {
  readonly path: readonly string[];
  readonly host: string;
  readonly port: number;
}

const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Servers of the gateway that would listen at one port. Reads a value that may be malformed elsewhere. */
export function checkListeners(input: Readonly<Record<string, unknown>>): PathIssue[] {
  const known: Listener[] = [];
  const issues: PathIssue[] = [];
  for (const listener of listenersOf(input)) {
    const other = known.find((one) => isSame(one, listener));
    if (other !== undefined) {
      const message = `Expected a port of its own; ${listener.port} is also that of "${other.path.join('.')}".`;
      issues.push({ path: listener.path, at: 'value', message });
    }
    known.push(listener);
  }
  return issues;
}

function listenersOf(input: Readonly<Record<string, unknown>>): readonly Listener[] {
  const { host = '127.0.0.1', port = 4000 } = input;
  const prometheus = within(input, ['telemetry', 'exporters', 'metrics', 'prometheus']);
  const cache = within(input, ['response_cache']);
  const invalidation = within(cache, ['invalidation']);
  const isInvalidated = cache['enabled'] !== false && invalidation['shared_key'] !== undefined;
  return [
    { path: ['port'], host: String(host), port: Number(port) },
    ...(prometheus['enabled'] === true
      ? [at(['telemetry', 'exporters', 'metrics', 'prometheus', 'listen'], prometheus['listen'] ?? '127.0.0.1:9090')]
      : []),
    ...(isInvalidated
      ? [at(['response_cache', 'invalidation', 'listen'], invalidation['listen'] ?? '127.0.0.1:4009')]
      : []),
  ];
}

function within(
  section: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const [name, ...rest] = names;
  const inner = name === undefined ? section : section[name];
  if (!isRecord(inner)) return {};
  return rest.length === 0 ? inner : within(inner, rest);
}

function at(path: readonly string[], address: unknown): Listener {
  const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(String(address)) ?? [];
  return { path, host, port: Number(port) };
}

/** 0 takes any free one. */
function isSame(one: Listener, other: Listener): boolean {
  if (one.port !== other.port || one.port === 0) return false;
  return one.host === other.host || EVERYWHERE.has(one.host) || EVERYWHERE.has(other.host);
}
