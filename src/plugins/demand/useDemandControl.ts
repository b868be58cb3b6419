/**
 * What: counts what operations cost, by the weights and sizes of the graph. Where: before execution, by what is asked for, and after it, by what came.
 * A caller sees COST_ESTIMATED_TOO_EXPENSIVE where that is enforced, and `extensions.cost` where it may; other plugins read `context.cost`.
 */
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import type { DemandControlConfig } from '../../config/Config.ts';
import type { GatewayContext } from '../../context.ts';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { Costs } from '../../supergraph/Costs.ts';
import type { GatewayPlugin, OperationParams } from '../GatewayPlugin.ts';
import { compileCost, type OperationCost } from './compileCost.ts';

export interface DemandControlOptions extends Pick<DemandControlConfig, 'mode' | 'max' | 'list_size'> {
  /** Whether this caller may read what an operation costs. */
  readonly mayRead: (context: GatewayContext) => boolean;
  /** The weights of the graph that this request is served from. */
  readonly costsOf: (context: object) => Costs | undefined;
}

/** What is known of an operation once it is valid. */
interface Read {
  readonly document: DocumentNode;
  readonly schema: GraphQLSchema;
}

/** On the context from validation to execution. */
interface Weighed {
  readonly cost: OperationCost;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly open: OpenCost;
}

const DEMAND = Symbol('demand');
type Weighing = GatewayContext & { [DEMAND]?: Read | Weighed; readonly params?: Partial<OperationParams> };

type OpenCost = { estimated: number; actual?: number };

const NONE: Costs = { weights: new Map(), sizes: new Map() };

export function useDemandControl({ mode, max, list_size, mayRead, costsOf }: DemandControlOptions): GatewayPlugin {
  const costOf = createCostCache(list_size);
  return {
    onValidate({ context, params: { schema, documentAST } }) {
      (context as unknown as Weighing)[DEMAND] = { schema, document: documentAST };
    },
    // And not at execution: limits by cost, and of operations at a time, are judged here, and what is refused must take nothing of them.
    onContextBuilding({ context: built }) {
      const context = built as unknown as Weighing;
      const read = context[DEMAND];
      if (read === undefined || !('document' in read)) return;
      const { operationName, variables = {} } = context.params ?? {};
      const operation = getOperationAST(read.document, operationName);
      if (operation == null) return;
      const costs = costsOf(context) ?? NONE;
      const cost = costOf(read.document, operation, { schema: read.schema, costs });
      const open: OpenCost = { estimated: cost.estimate(variables) };
      Object.assign(context, { cost: open });
      if (mode === 'enforce' && max !== undefined && open.estimated > max) throw tooExpensive(open.estimated, max);
      context[DEMAND] = { cost, variables, open };
    },
    onExecute({ args, executeFn, setExecuteFn }) {
      const context = args.contextValue as Weighing;
      const weighed = context[DEMAND];
      if (weighed === undefined || !('open' in weighed)) return;
      const { cost, variables, open } = weighed;
      const isShown = mayRead(context);
      // Around execution and not after it: whoever settles limits by cost reads what came.
      setExecuteFn(async (given: ExecutionArgs) => {
        const result = (await executeFn(given)) as ExecutionResult | AsyncIterable<ExecutionResult>;
        // Of an answer in parts only the first is there.
        if (Symbol.asyncIterator in result) return result;
        open.actual = cost.actual(variables, result.data);
        return isShown ? withCost(result, open) : result;
      });
    },
  };
}

function withCost(result: ExecutionResult, cost: OpenCost): ExecutionResult {
  return { ...result, extensions: { ...result.extensions, cost: { ...cost } } };
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
    const cost = compileCost(document, operation, { schema, costs, listSize });
    known.set(operation, { costs, cost });
    return cost;
  };
}
