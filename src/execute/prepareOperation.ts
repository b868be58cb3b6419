import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import { createFetchDocument, type FetchDocument } from '../plan/createFetchDocument.ts';
import { createPlan, type PlanOptions, SECOND_LIMITS } from '../plan/createPlan.ts';
import type { Router } from '../plan/createRouter.ts';
import type { IncrementalFormat } from '../plan/defers.ts';
import type { Call, Plan } from '../plan/Plan.ts';
import { type Executable, resolveConditions } from '../plan/resolveConditions.ts';
import type { IsDenied } from '../plan/Selection.ts';
import type { Collector } from './createCollector.ts';
import { createReuses, type Reuse } from './createReuses.ts';
import { createTieredCollector } from './generate/createTieredCollector.ts';
import type { GeneratedProjection } from './generate/generateProjection.ts';

/** An operation with all that does not change from request to request. */
export interface PreparedOperation {
  /** Unique in the process. */
  readonly id: number;
  readonly definition: OperationDefinitionNode;
  readonly plan: Plan;
  /** By fetch id. */
  readonly documents: readonly FetchDocument[];
  /** Names of the subgraphs that are asked, each once. */
  readonly subgraphs: readonly string[];
  /** By call id; only of calls that look entities up. */
  readonly collectors: ReadonlyMap<Call, Collector>;
  /** Of calls whose entities may have been given before. */
  readonly reuses: ReadonlyMap<Call, Reuse>;
  /** Set where it is answered in parts. */
  readonly isInParts: boolean;
  /** Executions so far; the projection is generated once an operation has come back. */
  hits: number;
  generated: GeneratedProjection | null;
}

/** Throws a `GatewayError` where it is not said which operation is meant. */
export function readExecutable(document: DocumentNode, operationName: string | null | undefined): Executable {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  return { operation: operationOf(document, operationName), fragments };
}

export interface Incremental {
  readonly format: IncrementalFormat;
  /** Coerced; what is deferred, and what of it is skipped, is planned for these values. */
  readonly variables: Readonly<Record<string, unknown>>;
}

let lastId = 0;

export interface PrepareOptions {
  /** What the operation defers and streams is planned as parts of their own. */
  readonly incremental?: Incremental | undefined;
  readonly isDenied?: IsDenied | undefined;
}

export function prepareOperation(
  document: DocumentNode,
  operationName: string | null | undefined,
  router: Router,
  { incremental, isDenied }: PrepareOptions = {},
): PreparedOperation {
  const executable = readExecutable(document, operationName);
  const { operation: definition, fragments } =
    incremental === undefined ? executable : resolveConditions(executable, incremental.variables);
  const plan = planParts({ operation: definition, fragments }, router, { incremental: incremental?.format, isDenied });
  const looking = plan.fetches.flatMap((fetch) => fetch.calls).filter((call) => call.lookup !== null);
  lastId += 1;
  return {
    id: lastId,
    definition,
    plan,
    subgraphs: [...new Set(plan.fetches.map(({ graph }) => router.supergraph.subgraphs[graph]?.name ?? ''))],
    documents: plan.fetches.map((fetch) => createFetchDocument(fetch, definition, router.supergraph)),
    collectors: new Map(looking.map((call) => [call, createTieredCollector(call, router.supergraph)])),
    reuses: createReuses(plan, router.supergraph),
    isInParts: incremental !== undefined,
    hits: 0,
    generated: null,
  };
}

/**
 * A part that cannot be had later, because only the way to it gives it, is given at once, and with it all others; so is what has more parts
 * than can be planned.
 */
function planParts({ operation, fragments }: Executable, router: Router, options: PlanOptions): Plan {
  if (options.incremental === undefined) return createPlan(operation, fragments, router, options);
  try {
    return createPlan(operation, fragments, router, options);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return createPlan(operation, fragments, router, { isDenied: options.isDenied, limits: SECOND_LIMITS });
  }
}

function operationOf(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (name === undefined || name === null || name === '') {
    const [only, second] = operations;
    if (only !== undefined && second === undefined) return only;
    throw new GatewayError(
      'OPERATION_RESOLUTION_FAILED',
      only === undefined
        ? 'The document has no operation.'
        : 'The document has several operations; "operationName" must say which one to execute.',
    );
  }
  const found = operations.find((node) => node.name?.value === name);
  if (found === undefined)
    throw new GatewayError('OPERATION_RESOLUTION_FAILED', `The document has no operation named "${name}".`);
  return found;
}
