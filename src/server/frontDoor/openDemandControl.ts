/**
 * What: counts what operations and calls of subgraphs cost. Where: opened once a gateway, where the configuration has `demand_control`.
 * A caller sees what is too much refused: whole operations, or the parts of one subgraph.
 */
import { getOperationAST, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { DemandControlConfig, SubgraphDemandConfig } from '../../config/Config.ts';
import type { Source, SourceOperation } from '../../execute/Source.ts';
import { compileCost, type OperationCost } from '../../plugins/demand/compileCost.ts';
import { createTotals, type DemandTotals, totalsOf } from '../../plugins/demand/DemandTotals.ts';
import type { Pricing } from '../../plugins/demand/Pricing.ts';
import { subgraphPricing } from '../../plugins/demand/subgraphPricing.ts';
import { useDemandControl } from '../../plugins/demand/useDemandControl.ts';
import type { GatewayPlugin } from '../../plugins/GatewayPlugin.ts';
import { pinnedSnapshot } from '../../plugins/useSnapshot.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import { costSource } from './costSource.ts';
import { decideBy } from './decideBy.ts';

export interface DemandControl {
  readonly plugin: GatewayPlugin;
  /** The source of a subgraph with its calls counted. */
  readonly costSource: (source: Source, supergraph: Supergraph) => Source;
  readonly totals: DemandTotals;
}

export async function openDemandControl({ expose, subgraph, ...config }: DemandControlConfig): Promise<DemandControl> {
  const costsOf = (context: object) => pinnedSnapshot(context).costs;
  const totals = createTotals();
  const named = new Map<string, SubgraphDemandConfig>(Object.entries(subgraph.subgraphs));
  return {
    plugin: useDemandControl({ ...config, mayRead: await decideBy(expose), costsOf, totals: totals.operations }),
    costSource(source, supergraph) {
      const { max = subgraph.all.max, list_size: listSize = subgraph.all.list_size } = named.get(source.name) ?? {};
      return costSource(source, {
        costOf: createCallCosts(() => subgraphPricing(source.name, supergraph), listSize ?? config.list_size),
        max,
        isEnforced: config.mode === 'enforce',
        totals: totalsOf(totals, source.name),
      });
    },
    totals,
  };
}

/** Compiled once: by identity for operations of a plan, by text for those whose aliases are made per request. */
function createCallCosts(open: () => Pricing, listSize: number): (operation: SourceOperation) => OperationCost {
  const byIdentity = new WeakMap<SourceOperation, OperationCost>();
  const byText = new LRUCache<string, OperationCost>({ max: 256 });
  let pricing: Pricing | undefined;
  return (operation) => {
    const known = byIdentity.get(operation);
    if (known !== undefined) return known;
    pricing ??= open();
    const cost = byText.get(operation.document) ?? compile(operation.document, { pricing, listSize });
    byIdentity.set(operation, cost);
    byText.set(operation.document, cost);
    return cost;
  };
}

function compile(text: string, rules: { readonly pricing: Pricing; readonly listSize: number }): OperationCost {
  const document = parse(text, { noLocation: true });
  const operation = getOperationAST(document);
  if (operation == null) throw new Error('A document for a subgraph has exactly one operation.');
  return compileCost(document, operation, rules);
}
