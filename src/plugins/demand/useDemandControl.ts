/**
 * What: counts what operations cost, by the weights and sizes of the graph. Where: before execution, by what is asked for, and after it, by what came.
 * A caller sees COST_ESTIMATED_TOO_EXPENSIVE where that is enforced, and `extensions.cost` where it may; other plugins read `context.cost`.
 */
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import type { DemandControlConfig } from '../../config/Config.ts';
import type { GatewayContext } from '../../context.ts';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { Costs } from '../../supergraph/Costs.ts';
import type { GatewayPlugin, OpenContext } from '../GatewayPlugin.ts';
import { clientPricing } from './clientPricing.ts';
import { compileCost, type OperationCost, type Variables } from './compileCost.ts';
import type { DemandTotals } from './DemandTotals.ts';
import type { OpenCost } from './OpenCost.ts';

export interface DemandControlOptions
  extends Pick<DemandControlConfig, 'mode' | 'max' | 'list_size' | 'actual_cost_mode'> {
  /** Whether this caller may read what an operation costs. */
  readonly mayRead: (context: GatewayContext) => boolean;
  /** The weights of the graph that this request is served from. */
  readonly costsOf: (context: object) => Costs | undefined;
  readonly totals: DemandTotals['operations'];
}

/** What is known of one operation, kept in its context. */
interface Weighed {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  cost?: OperationCost;
}

const WEIGHED = Symbol('weighed');
type WeighedContext = OpenContext & { [WEIGHED]?: Weighed; cost?: OpenCost };

const NO_VARIABLES: Variables = {};
const NONE: Costs = { weights: new Map(), sizes: new Map() };

export function useDemandControl(options: DemandControlOptions): GatewayPlugin {
  const { mode, max, mayRead, costsOf, totals } = options;
  const costOf = createCostCache(options.list_size);
  return {
    onValidate({ context, params: { schema, documentAST } }) {
      (context as WeighedContext)[WEIGHED] = { schema, document: documentAST };
    },
    // Before execution, so that a refusal is that of a request, and whoever charges costs knows them.
    onContextBuilding({ context: built }) {
      const context = built as unknown as WeighedContext;
      const weighed = context[WEIGHED];
      const operation = weighed && getOperationAST(weighed.document, context.params?.operationName);
      if (weighed === undefined || operation == null) return;
      const costs = costsOf(context) ?? NONE;
      weighed.cost = costOf(weighed.document, operation, { schema: weighed.schema, costs });
      const variables = context.params?.variables ?? NO_VARIABLES;
      const fault = mode === 'enforce' ? weighed.cost.fault(variables) : undefined;
      if (fault !== undefined) {
        totals.refused += 1;
        throw new GatewayError('COST_QUERY_PARSE_FAILURE', fault);
      }
      const estimated = weighed.cost.estimate(variables);
      context.cost = { estimated };
      if (max !== undefined && estimated > max) {
        totals.exceeding += 1;
        if (mode === 'enforce') {
          totals.refused += 1;
          throw tooExpensive(estimated, max);
        }
      }
      totals.count += 1;
      totals.estimated += estimated;
    },
    onExecute({ args }) {
      const context = args.contextValue as WeighedContext;
      const cost = context[WEIGHED]?.cost;
      const open = context.cost;
      if (cost === undefined || open === undefined) return;
      const variables = context.params?.variables ?? NO_VARIABLES;
      return {
        onExecuteDone({ result, setResult }) {
          // Of an answer in parts only the first is there.
          if (Symbol.asyncIterator in result) return;
          open.actual =
            options.actual_cost_mode === 'by_subgraph' ? sumOfSubgraphs(open) : cost.actual(variables, result.data);
          totals.actual += open.actual;
          if (mayRead(context)) setResult(withCost(result, open));
        },
      };
    },
  };
}

function withCost(result: ExecutionResult, { estimated, actual, subgraphs }: OpenCost): ExecutionResult {
  const named = [...(subgraphs ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const cost = { estimated, actual, subgraphs: Object.fromEntries(named) };
  return { ...result, extensions: { ...result.extensions, cost } };
}

function sumOfSubgraphs({ subgraphs }: OpenCost): number {
  let sum = 0;
  for (const { actual } of subgraphs?.values() ?? []) sum += actual;
  return sum;
}

function tooExpensive(estimated: number, max: number): GatewayError {
  const message = `The operation would cost ${estimated}; at most ${max} is allowed ("demand_control.max").`;
  return new GatewayError('COST_ESTIMATED_TOO_EXPENSIVE', message, { extensions: { cost: { estimated, max } } });
}

/** Compiled once for an operation of a document and the weights of a graph. */
function createCostCache(listSize: number) {
  const known = new WeakMap<OperationDefinitionNode, { readonly costs: Costs; readonly cost: OperationCost }>();
  return (
    document: DocumentNode,
    operation: OperationDefinitionNode,
    { schema, costs }: { readonly schema: GraphQLSchema; readonly costs: Costs },
  ): OperationCost => {
    const found = known.get(operation);
    if (found?.costs === costs) return found.cost;
    const cost = compileCost(document, operation, { pricing: clientPricing(schema, costs), listSize });
    known.set(operation, { costs, cost });
    return cost;
  };
}
