export type JsonType = 'application/json' | 'application/graphql-response+json';
/**
 * `subscription` is Apollo's multipart subscription protocol, `mixed` the plain one of incremental delivery, `deferred` the same in the format
 * of 2022 (`deferSpec=20220824`).
 */
export type StreamType = 'sse' | 'subscription' | 'mixed' | 'deferred';

export interface Negotiated {
  readonly json?: JsonType | undefined;
  readonly stream?: StreamType | undefined;
}

interface Range {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

const JSON_TYPES: readonly JsonType[] = ['application/json', 'application/graphql-response+json'];

/**
 * Reads an `Accept` header: the best JSON type, and the best stream type, with their q-values; of equals the first one named.
 * A wildcard (or no header) means `application/json`, as the GraphQL-over-HTTP draft has it, and no stream: a client that reads one says so.
 */
export function negotiate(accept: string | null): Negotiated {
  if (accept === null || accept.trim() === '') return ANYTHING;
  const known = recent.get(accept);
  if (known !== undefined) return known;
  const ranges = accept.split(',').map(readRange);
  const negotiated = { json: bestJson(ranges), stream: bestStream(ranges) };
  if (recent.size >= RECENT_MAX) recent.clear();
  recent.set(accept, negotiated);
  return negotiated;
}

const ANYTHING: Negotiated = { json: 'application/json' };
/** Clients send few different headers; reading one costs more than a small answer. */
const recent = new Map<string, Negotiated>();
const RECENT_MAX = 100;

function readRange(text: string): Range {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const at = part.indexOf('=');
    if (at > 0)
      parameters.set(
        part.slice(0, at).trim().toLowerCase(),
        part
          .slice(at + 1)
          .trim()
          .replaceAll('"', '')
          .toLowerCase(),
      );
  }
  const quality = Number(parameters.get('q') ?? '1');
  const charset = parameters.get('charset') ?? 'utf-8';
  const readable = charset === 'utf-8' || charset === 'utf8';
  return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) || !readable ? 0 : quality };
}

function bestJson(ranges: readonly Range[]): JsonType | undefined {
  let best: { type: JsonType; quality: number; at: number } | undefined;
  for (const type of JSON_TYPES) {
    // The most specific range decides, so that `application/json;q=0, */*` is a refusal of JSON.
    const at = [type, 'application/*', '*/*']
      .map((name) => ranges.findIndex((range) => range.type === name))
      .find((index) => index !== -1);
    const range = at === undefined ? undefined : ranges[at];
    if (at === undefined || range === undefined || range.quality <= 0) continue;
    if (best === undefined || range.quality > best.quality || (range.quality === best.quality && at < best.at)) {
      best = { type, quality: range.quality, at };
    }
  }
  return best?.type;
}

function bestStream(ranges: readonly Range[]): StreamType | undefined {
  let best: { type: StreamType; quality: number } | undefined;
  for (const range of ranges) {
    const type = streamType(range);
    if (type !== undefined && range.quality > (best?.quality ?? 0)) best = { type, quality: range.quality };
  }
  return best?.type;
}

function streamType(range: Range): StreamType | undefined {
  if (range.type === 'text/event-stream') return 'sse';
  if (range.type !== 'multipart/mixed') return undefined;
  if (range.parameters.has('subscriptionspec')) return 'subscription';
  return range.parameters.has('deferspec') ? 'deferred' : 'mixed';
}
