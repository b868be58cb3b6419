import type { LoggedOperation } from '../../plugins/useAccessLog.ts';

export interface Access {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly address: string | undefined;
  readonly path: string | undefined;
  readonly userAgent: string | undefined;
  readonly protocol?: 'websocket' | undefined;
  readonly method?: string | undefined;
  readonly status?: number | undefined;
  readonly isAborted?: boolean | undefined;
  /** Milliseconds. */
  readonly duration: number;
  readonly operations: readonly LoggedOperation[];
}

/** JSON, put together by hand: with its way into a buffer 0.45 µs a line, where `JSON.stringify` takes 0.7. */
export function formatLine(access: Access): string {
  const { time, address, path, userAgent, protocol, method, status, isAborted, duration, operations } = access;
  let line = `{"time":"${timeText(time)}"`;
  if (address !== undefined) line += `,"address":${quoted(address)}`;
  if (path !== undefined) line += `,"path":${quoted(path)}`;
  if (userAgent !== undefined) line += `,"user_agent":${quoted(userAgent)}`;
  if (protocol !== undefined) line += `,"protocol":"${protocol}"`;
  if (method !== undefined) line += `,"method":${quoted(method)}`;
  if (status !== undefined) line += `,"status":${status}`;
  if (isAborted === true) line += ',"aborted":true';
  line += `,"duration_ms":${Math.round(duration * 1_000) / 1_000}`;
  if (operations.length > 0) line += `,"operations":[${operations.map(operationText).join(',')}]`;
  return `${line}}\n`;
}

function operationText({ kind, name, context }: LoggedOperation): string {
  const caller = context.caller?.id;
  const members: string[] = [];
  if (kind !== undefined) members.push(`"kind":"${kind}"`);
  if (name !== undefined) members.push(`"name":${quoted(name)}`);
  if (caller !== undefined) members.push(`"caller":${quoted(caller)}`);
  return `{${members.join(',')}}`;
}

let lastTime = Number.NaN;
let lastText = '';

function timeText(time: number): string {
  if (time !== lastTime) lastText = new Date(time).toISOString();
  lastTime = time;
  return lastText;
}

/** Clients, paths and callers come again and again. */
const recent = new Map<string, string>();
const RECENT_MAX = 500;
const RECENT_LENGTH = 200;

function quoted(text: string): string {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const made = JSON.stringify(text);
  if (text.length > RECENT_LENGTH) return made;
  if (recent.size >= RECENT_MAX) recent.clear();
  recent.set(text, made);
  return made;
}
