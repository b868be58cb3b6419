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
import { toGraphQLError } from '../../errors/toGraphQLError.ts';
import type { Costs } from '../../supergraph/Costs.ts';
import type { GatewayPlugin } from '../GatewayPlugin.ts';
import { compileCost, type OperationCost } from './compileCost.ts';

export interface DemandControlOptions extends Pick<DemandControlConfig, 'mode' | 'max' | 'list_size'> {
  /** Whether this caller may read what an operation costs. */
  readonly mayRead: (context: GatewayContext) => boolean;
  /** The weights of the graph that this request is served from. */
  readonly costsOf: (context: object) => Costs | undefined;
}

interface Arguments {
  readonly document: DocumentNode;
  readonly schema: GraphQLSchema;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
  readonly contextValue?: unknown;
}

type OpenCost = { estimated: number; actual?: number };

const NONE: Costs = { weights: new Map(), sizes: new Map() };

export function useDemandControl({ mode, max, list_size, mayRead, costsOf }: DemandControlOptions): GatewayPlugin {
  const costOf = createCostCache(list_size);
  const weigh = (args: Arguments) => {
    const operation = getOperationAST(args.document, args.operationName);
    if (operation == null) return undefined;
    const context = args.contextValue as GatewayContext;
    const costs = costsOf(context) ?? NONE;
    const cost = costOf(args.document, operation, { schema: args.schema, costs });
    const variables = args.variableValues ?? {};
    const open: OpenCost = { estimated: cost.estimate(variables) };
    Object.assign(context, { cost: open });
    const refusal =
      mode === 'enforce' && max !== undefined && open.estimated > max ? tooExpensive(open.estimated, max) : undefined;
    return { cost, variables, open, refusal, isShown: mayRead(context) };
  };
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const weighed = weigh(args as Arguments);
      if (weighed === undefined) return;
      const { cost, variables, open, refusal, isShown } = weighed;
      if (refusal !== undefined) {
        setResultAndStopExecution(refusal);
        return;
      }
      return {
        onExecuteDone({ result, setResult }) {
          // Of an answer in parts only the first is there.
          if (Symbol.asyncIterator in result) return;
          open.actual = cost.actual(variables, result.data);
          if (isShown) setResult(withCost(result, open));
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = weigh(args as Arguments)?.refusal;
      if (refusal !== undefined) setResultAndStopExecution(refusal);
    },
  };
}

function withCost(result: ExecutionResult, cost: OpenCost): ExecutionResult {
  return { ...result, extensions: { ...result.extensions, cost: { ...cost } } };
}

function tooExpensive(estimated: number, max: number): ExecutionResult {
  const message = `The operation would cost ${estimated}; at most ${max} is allowed ("demand_control.max").`;
  const error = new GatewayError('COST_ESTIMATED_TOO_EXPENSIVE', message, { extensions: { cost: { estimated, max } } });
  return { errors: [toGraphQLError(error)] };
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
