import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { HeaderRules } from '../../src/config/Config.ts';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import type { Source, SourceOperation, SourceRequest, SourceResult } from '../../src/execute/Source.ts';

/** A real backend on 127.0.0.1 that a contract test can hurt. */
export interface ContractBackend {
  /** As a configuration would give it. */
  readonly url: string;
  /** Resolves when a request has arrived. */
  readonly arrived: Promise<void>;
  /** Resolves when an upstream subscription was ended by the gateway. */
  readonly unsubscribed?: Promise<void> | undefined;
  /** Stops listening and breaks every connection, as a crash does. May be called again. */
  kill(): Promise<void>;
}

/** `healthy` answers; `hanging` takes requests and never answers; `garbage` answers bytes that are not of the kind's protocol or format. */
export type BackendBehaviour = 'healthy' | 'hanging' | 'garbage';

/** One kind of source, described so that the contract can be run on it. */
export interface ContractSubject {
  start(behaviour: BackendBehaviour): Promise<ContractBackend>;
  /** Of a source with this name, url, timeout and headers. `t.after` may close what it needs. */
  createSource(t: TestContext, options: ContractSourceOptions): Promise<Source> | Source;
  /** A query that works, and its data. */
  readonly query: { readonly document: string; readonly variables: string; readonly data: Record<string, unknown> };
  /** A query for which the backend reports an error at `path`. */
  readonly failing: { readonly document: string; readonly path: readonly (string | number)[] };
  /** A query whose data has, as the value of its field `caller`, the header `x-caller` that the backend got. */
  readonly caller: { readonly document: string };
  /** A subscription whose first result has this data, and that then stays open; absent where the kind cannot push. */
  readonly subscription?: { readonly document: string; readonly data: Record<string, unknown> } | undefined;
}

export interface ContractSourceOptions {
  readonly name: string;
  readonly url: string;
  readonly timeout: number;
  readonly headers: HeaderRules;
}

/** What the executor relies on, whatever the kind. A fault shows as a rejection or as an error in the result, with the same code. */
export function sourceContract(kind: string, subject: ContractSubject): void {
  const setUp = async (t: TestContext, behaviour: BackendBehaviour, more: Partial<ContractSourceOptions> = {}) => {
    const backend = await subject.start(behaviour);
    t.after(() => backend.kill());
    const options = { name: 'things', url: backend.url, timeout: 5000, headers: { send: {}, propagate: ['x-caller'] } };
    const source = await subject.createSource(t, { ...options, ...more });
    t.after(() => source.close?.());
    return { backend, source };
  };
  const query = (more: Partial<SourceRequest> = {}) =>
    toRequest('query', subject.query.document, { variables: subject.query.variables, ...more });

  test(`${kind}: fetch gives the data.`, async (t) => {
    const { source } = await setUp(t, 'healthy');
    assert.equal(source.name, 'things');
    const result = await source.fetch(query());
    assert.deepEqual(toPlain(result), { data: subject.query.data });
  });

  test(`${kind}: an error that the backend reports comes with its path.`, async (t) => {
    const { source } = await setUp(t, 'healthy');
    const result = await source.fetch(toRequest('query', subject.failing.document));
    assert.equal(result.errors?.length, 1);
    assert.deepEqual(result.errors[0]?.path, subject.failing.path);
    assert.equal(typeof result.errors[0]?.message, 'string');
  });

  test(`${kind}: the client's headers are sent on where the rules say so.`, async (t) => {
    const { source } = await setUp(t, 'healthy');
    const context = { headers: new Headers({ 'x-caller': 'ada' }) };
    const result = await source.fetch(toRequest('query', subject.caller.document, { context }));
    assert.equal(result.data?.['caller'], 'ada');
  });

  test(`${kind}: fixed headers are sent, and the client cannot override them.`, async (t) => {
    const { source } = await setUp(t, 'healthy', {
      headers: { send: { 'X-Caller': 'gateway' }, propagate: ['x-caller'] },
    });
    const context = { headers: new Headers({ 'x-caller': 'mallory' }) };
    const result = await source.fetch(toRequest('query', subject.caller.document, { context }));
    assert.equal(result.data?.['caller'], 'gateway');
  });

  test(`${kind}: a backend that is gone is SUBGRAPH_UNREACHABLE.`, async (t) => {
    const { source, backend } = await setUp(t, 'healthy');
    await backend.kill();
    assert.deepEqual(await faultOf(source.fetch(query())), { code: 'SUBGRAPH_UNREACHABLE', subgraph: 'things' });
  });

  test(`${kind}: a backend that dies amid a call is SUBGRAPH_UNREACHABLE.`, async (t) => {
    const { source, backend } = await setUp(t, 'hanging');
    const fault = faultOf(source.fetch(query()));
    await backend.arrived;
    await backend.kill();
    assert.equal((await fault).code, 'SUBGRAPH_UNREACHABLE');
  });

  test(`${kind}: a backend that hangs is SUBGRAPH_TIMEOUT.`, async (t) => {
    const { source } = await setUp(t, 'hanging', { timeout: 50 });
    assert.deepEqual(await faultOf(source.fetch(query())), { code: 'SUBGRAPH_TIMEOUT', subgraph: 'things' });
  });

  test(`${kind}: garbage is SUBGRAPH_INVALID_RESPONSE.`, async (t) => {
    const { source } = await setUp(t, 'garbage');
    assert.deepEqual(await faultOf(source.fetch(query())), { code: 'SUBGRAPH_INVALID_RESPONSE', subgraph: 'things' });
  });

  test(`${kind}: an aborted signal ends the call long before its timeout.`, async (t) => {
    const { source, backend } = await setUp(t, 'hanging', { timeout: 60_000 });
    const controller = new AbortController();
    const settled = source.fetch(query({ signal: controller.signal })).then(
      (result) => result.errors !== undefined,
      () => true,
    );
    await backend.arrived;
    controller.abort(new Error('the client has left'));
    assert.equal(await settled, true);
  });

  test(`${kind}: close can be called twice.`, async (t) => {
    const { source } = await setUp(t, 'healthy');
    await source.fetch(query());
    await source.close?.();
    await source.close?.();
  });

  if (subject.subscription !== undefined) {
    subscriptionContract(kind, subject.subscription, setUp);
  }
}

type SetUp = (t: TestContext, behaviour: BackendBehaviour) => Promise<{ backend: ContractBackend; source: Source }>;

function subscriptionContract(
  kind: string,
  subscription: NonNullable<ContractSubject['subscription']>,
  setUp: SetUp,
): void {
  const begin = async (t: TestContext, signal?: AbortSignal) => {
    const { backend, source } = await setUp(t, 'healthy');
    assert.ok(source.subscribe !== undefined);
    const events = source
      .subscribe(toRequest('subscription', subscription.document, { signal }))
      [Symbol.asyncIterator]();
    const first = await events.next();
    assert.equal(first.done, false);
    assert.deepEqual(toPlain(first.value), { data: subscription.data });
    return { backend, source, events };
  };

  test(`${kind}: return() ends a subscription at the backend, even while the next event is awaited.`, async (t) => {
    const { backend, events } = await begin(t);
    const next = events.next();
    await events.return?.();
    assert.equal((await next).done, true);
    await backend.unsubscribed;
  });

  test(`${kind}: the signal ends a subscription at the backend.`, async (t) => {
    const controller = new AbortController();
    const { backend, events } = await begin(t, controller.signal);
    const next = events.next();
    controller.abort(new Error('the client has left'));
    await next.catch(() => undefined);
    await backend.unsubscribed;
  });

  test(`${kind}: a backend that dies ends a subscription with SUBGRAPH_UNREACHABLE.`, async (t) => {
    const { backend, events } = await begin(t);
    const fault = faultOf(events.next());
    await backend.kill();
    assert.deepEqual(await fault, { code: 'SUBGRAPH_UNREACHABLE', subgraph: 'things' });
    assert.equal((await events.next()).done, true);
  });

  test(`${kind}: subscribing at a backend that is gone fails with SUBGRAPH_UNREACHABLE.`, async (t) => {
    const { backend, source } = await setUp(t, 'healthy');
    await backend.kill();
    const events = source.subscribe?.(toRequest('subscription', subscription.document))[Symbol.asyncIterator]();
    assert.ok(events !== undefined);
    assert.equal((await faultOf(events.next())).code, 'SUBGRAPH_UNREACHABLE');
  });

  test(`${kind}: close ends open subscriptions.`, async (t) => {
    const { backend, source, events } = await begin(t);
    const next = events.next().catch(() => ({ done: true }));
    await source.close?.();
    assert.equal((await next).done, true);
    await backend.unsubscribed;
  });
}

export function toRequest(
  kind: SourceOperation['kind'],
  document: string,
  more: Partial<SourceRequest> = {},
): SourceRequest {
  return { operation: { kind, document }, variables: '{}', context: { headers: new Headers() }, ...more };
}

/** The extensions `code` and `subgraph` of what went wrong. */
async function faultOf(
  promise: Promise<SourceResult | IteratorResult<SourceResult>>,
): Promise<{ code: unknown; subgraph: unknown }> {
  const outcome = await promise.catch((error: unknown) => {
    assert.ok(error instanceof GatewayError, `expected a GatewayError, got ${String(error)}`);
    return { errors: [{ extensions: error.extensions }] };
  });
  const errors = 'errors' in outcome ? outcome.errors : undefined;
  const extensions: Readonly<Record<string, unknown>> = errors?.[0]?.extensions ?? {};
  return { code: extensions['code'], subgraph: extensions['subgraph'] };
}

/** Results of graphql-js have objects without a prototype. */
function toPlain(result: SourceResult): unknown {
  return JSON.parse(JSON.stringify(result));
}
