import type { SourceContext } from './execute/Source.ts';

export interface OperationCosts {
  readonly estimated: number;
  readonly actual?: number | undefined;
  /** By name, of those that were asked for it so far. */
  readonly subgraphs?: ReadonlyMap<string, SubgraphCost> | undefined;
}

/** Sums over the calls of one subgraph that are over. */
export interface SubgraphCost {
  readonly estimated: number;
  readonly actual: number;
  readonly calls: number;
}

/** What every plugin and the executor see as `contextValue`. One object a request. */
export interface GatewayContext extends SourceContext {
  /** Aborted when the client has left. */
  readonly signal?: AbortSignal | undefined;
  /** The client's connection parameters, where the request came over WebSocket. */
  readonly connectionParams?: Readonly<Record<string, unknown>> | undefined;
  /** Path and query of the request, where it came over HTTP; of the upgrade, where over WebSocket. */
  readonly target?: string | undefined;
  /** The address that the request came from, as far as proxies may be trusted to tell it; absent where there is no connection. */
  readonly clientAddress?: (() => string | undefined) | undefined;
  /** Set by plugins: which labels of progressive overrides (`@override(from:, label:)`) are active for this request. */
  readonly overrideLabels?: Readonly<Record<string, boolean>> | undefined;
  /** What the operation costs, where a plugin counts that: estimated before it runs, actual once it has. */
  readonly cost?: OperationCosts | undefined;
  /** True where this client may read the plan in `extensions.plan`. */
  readonly exposePlan?: boolean | undefined;
}
