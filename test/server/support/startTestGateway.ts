import { buildSchema, type ExecutionResult, execute, type GraphQLSchema, subscribe } from 'graphql';
import * as v from 'valibot';
import { limitsSchema } from '../../../src/config/schema/limitsSchema.ts';
import { GatewayError } from '../../../src/errors/GatewayError.ts';
import type { GatewayPlugin } from '../../../src/plugins/GatewayPlugin.ts';
import type { ServedSnapshot } from '../../../src/plugins/ServedSnapshot.ts';
import { type AssembleOptions, assembleGateway } from '../../../src/server/assembleGateway.ts';
import type { Gateway } from '../../../src/server/Gateway.ts';
import type { SnapshotStore } from '../../../src/server/SnapshotStore.ts';

export const schema = buildSchema(`
  type Query { hello: String! echo(text: String!, n: Int): String secret: String known: String throws: String self: Query slow: String }
  type Mutation { bump: Int! }
  type Subscription { ticks(to: Int!): Int forever: Int dies: Int }
`);

/** What the test can see and steer of the resolvers. */
export interface Probe {
  readonly ended: Promise<void>;
  readonly slowStarted: Promise<void>;
  readonly releaseSlow: () => void;
  bumps: number;
  /** Operations that came as far as the graph. */
  executions: number;
}

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly url: string;
  readonly origin: string;
  readonly probe: Probe;
  readonly logged: unknown[];
  readonly snapshot: ServedSnapshot & { readonly users: number };
  setCurrent(snapshot: ServedSnapshot | undefined): void;
}

export interface TestGatewayOptions {
  readonly config?: Partial<AssembleOptions['config']>;
  readonly fastLane?: boolean;
  readonly plugins?: readonly GatewayPlugin[];
  readonly examples?: AssembleOptions['examples'];
  readonly frontDoor?: AssembleOptions['frontDoor'];
  readonly tls?: AssembleOptions['tls'];
}

export const testConfig: AssembleOptions['config'] = {
  host: '127.0.0.1',
  port: 0,
  path: '/graphql',
  cors: false,
  csrf: { required_headers: ['x-weft-csrf'] },
  limits: v.parse(limitsSchema, { max_request_body_size: 100_000 }),
  graphiql: false,
  introspection: true,
  expose_plan: false,
  trusted_hops: 0,
  batching: false,
  traffic_shaping: {
    router: { timeout: 60_000 },
    all: { timeout: 30_000, connections: 64, deduplicate_query: true, reuse_entities: true },
  },
  shutdown_timeout: 5_000,
};

/** A listening gateway over a plain schema, in place of composition, registry and planner. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const logged: unknown[] = [];
  const { probe, root } = createRoot();
  const snapshot = counted(createSnapshot(schema, root), probe);
  const store: { current: ServedSnapshot | undefined } & SnapshotStore = {
    current: snapshot,
    status: () => ({ ready: true, subgraphs: [{ name: 'accounts', state: 'serving' }] }),
    reload: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const gateway = assembleGateway({
    config: { ...testConfig, ...options.config },
    store,
    log: { info() {}, warn() {}, error: (_message, cause) => logged.push(cause) },
    plugins: options.plugins,
    examples: options.examples,
    frontDoor: options.frontDoor,
    tls: options.tls,
    fastLane: options.fastLane,
  });
  const { url } = await gateway.listen();
  return {
    gateway,
    url,
    origin: new URL(url).origin,
    probe,
    logged,
    snapshot,
    setCurrent(next) {
      store.current = next;
    },
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

function counted<T extends ServedSnapshot>(snapshot: T, probe: Probe): T {
  const { execute, subscribe } = snapshot;
  const count = <Args extends unknown[], Result>(run: (...args: Args) => Result) =>
    function (this: unknown, ...args: Args): Result {
      probe.executions += 1;
      return run.apply(this, args);
    };
  return Object.assign(snapshot, {
    execute: count(execute),
    subscribe: count(subscribe),
  });
}

export function createSnapshot(graph: GraphQLSchema, root: object): ServedSnapshot & { readonly users: number } {
  let users = 0;
  return {
    schema: graph,
    execute: async ({ document, operationName, variables, context }) =>
      (await execute({
        schema: graph,
        document,
        rootValue: root,
        contextValue: context,
        ...(operationName == null ? {} : { operationName }),
        ...(variables == null ? {} : { variableValues: variables }),
      })) as ExecutionResult,
    plan() {},
    recall: () => undefined,
    executeInParts(operation) {
      return this.execute(operation);
    },
    subscribe: async ({ document, variables }) =>
      (await subscribe({
        schema: graph,
        document,
        rootValue: root,
        ...(variables == null ? {} : { variableValues: variables }),
      })) as never,
    retain() {
      users += 1;
    },
    release() {
      users -= 1;
    },
    get users() {
      return users;
    },
  };
}

function createRoot(): { probe: Probe; root: object } {
  const ended = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<void>();
  const probe: Probe = {
    ended: ended.promise,
    slowStarted: started.promise,
    releaseSlow: () => slow.resolve(),
    bumps: 0,
    executions: 0,
  };
  const root = {
    hello: 'world',
    echo: ({ text, n }: { text: string; n?: number }) => `${text}${n ?? ''}`,
    secret() {
      throw new Error('password 1234');
    },
    known() {
      throw new GatewayError('SUBGRAPH_TIMEOUT', 'The subgraph "reviews" did not answer in time.', {
        subgraph: 'reviews',
      });
    },
    self: () => root,
    async slow() {
      started.resolve();
      await slow.promise;
      return 'done';
    },
    bump: () => ++probe.bumps,
    async *ticks({ to }: { to: number }) {
      for (let n = 1; n <= to; n += 1) yield { ticks: n };
    },
    forever: () => forever(ended.resolve),
    async *dies() {
      yield { dies: 1 };
      throw new GatewayError('SUBGRAPH_UNREACHABLE', 'The connection broke.', { subgraph: 'reviews' });
    },
  };
  return { probe, root };
}

/** One event, then silence until the consumer leaves. */
function forever(ended: () => void): AsyncGenerator<{ forever: number }, void, void> {
  const over = Promise.withResolvers<IteratorResult<{ forever: number }, void>>();
  let first = true;
  const end = () => {
    over.resolve({ done: true, value: undefined });
    ended();
    return over.promise;
  };
  return {
    next() {
      if (!first) return over.promise;
      first = false;
      return Promise.resolve({ done: false, value: { forever: 1 } });
    },
    return: end,
    throw: end,
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await end();
    },
  };
}
