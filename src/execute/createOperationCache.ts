import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { Router } from '../plan/createRouter.ts';
import type { IncrementalFormat } from '../plan/defers.ts';
import { conditionVariables, type Executable } from '../plan/resolveConditions.ts';
import type { Denials } from './authorization/createAccess.ts';
import type { PlanStore } from './createPlanStore.ts';
import { type PreparedOperation, prepareOperation, readExecutable } from './prepareOperation.ts';

/** What has been prepared of one document; what throws is a `GatewayError`. */
export interface OperationCache {
  definition(name: string | null | undefined): OperationDefinitionNode;
  prepare(
    name: string | null | undefined,
    variables: Readonly<Record<string, unknown>>,
    options?: PreparingOptions,
  ): PreparedOperation;
}

export interface PreparingOptions {
  /** With it, and something deferred or streamed, the operation is prepared for the values of the variables that decide on that. */
  readonly format?: IncrementalFormat | undefined;
  /** With them it is prepared for callers who may not read these fields, and for no others. */
  readonly denials?: Denials | undefined;
}

interface Entry {
  readonly executable: Executable;
  /** Under which the plan stands that does not hang on variables. */
  readonly plain: object;
  /** Undefined until somebody asks for parts. */
  conditions: readonly string[] | null | undefined;
  /** By format and values, and by what is denied: under what the plan stands. */
  readonly variants: Map<string, object>;
}

/** Of one operation: clients send few combinations, and a hostile one must not fill the memory. */
const MAX_VARIANTS = 64;

export function createOperationCache(document: DocumentNode, router: Router, plans: PlanStore): OperationCache {
  const entries = new Map<string, Entry>();
  const entryOf = (name: string | null | undefined): Entry => {
    const known = entries.get(name ?? '');
    if (known !== undefined) return known;
    const executable = readExecutable(document, name);
    const entry: Entry = { executable, plain: {}, conditions: undefined, variants: new Map() };
    entries.set(name ?? '', entry);
    return entry;
  };
  const keep = (token: object, prepare: () => PreparedOperation): PreparedOperation => {
    const known = plans.get(token);
    if (known !== undefined) return known;
    const prepared = prepare();
    plans.set(token, prepared);
    return prepared;
  };
  const tokenOf = ({ variants }: Entry, key: string): object => {
    const token = variants.get(key) ?? {};
    variants.delete(key);
    variants.set(key, token);
    const [oldest] = variants.keys();
    if (variants.size > MAX_VARIANTS && oldest !== undefined) variants.delete(oldest);
    return token;
  };
  return {
    definition: (name) => entryOf(name).executable.operation,
    prepare(name, variables, { format, denials } = {}) {
      const entry = entryOf(name);
      const isDenied = denials?.isDenied;
      if (format !== undefined) {
        if (entry.conditions === undefined) entry.conditions = conditionVariables(entry.executable);
        if (entry.conditions !== null) {
          const values = entry.conditions.map((variable) => variables[variable]);
          const token = tokenOf(entry, `${format} ${values} ${denials?.key ?? ''}`);
          return keep(token, () =>
            prepareOperation(document, name, router, { incremental: { format, variables }, isDenied }),
          );
        }
      }
      const token = denials === undefined ? entry.plain : tokenOf(entry, denials.key);
      return keep(token, () => prepareOperation(document, name, router, { isDenied }));
    },
  };
}
