import { type OperationDefinitionNode, print, type VariableDefinitionNode } from 'graphql';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { printTypeRef, typeRef } from '../supergraph/TypeRef.ts';
import type { Guard } from './guards.ts';
import { lookupField } from './lookupField.ts';
import type { Call, Fetch } from './Plan.ts';
import { createUses, type Names, printSelection, sourceTypeName, type Uses } from './printUpstream.ts';

/** How a fetch is put into words for its subgraph. */
export interface FetchDocument {
  /** Client variables that the document declares. */
  readonly variables: readonly string[];
  /** Guards that it declares as boolean variables, by variable name. */
  readonly guards: ReadonlyMap<string, Guard>;
  /** The calls in the order of `Fetch.calls`. */
  readonly calls: readonly CallDocument[];
  /** The document; `counts` says how many aliases each call takes (1 but for calls whose lookup takes one entity, or a bounded batch, each). */
  text(counts: readonly number[]): string;
}

export interface CallDocument {
  readonly call: Call;
  /** Response key of the n-th alias; empty for a root selection, whose fields are the response keys. */
  alias(n: number): string;
  /** Variable that carries what the n-th alias looks up. */
  variable(n: number, placeholder?: number): string;
  /** Of a lookup by configuration: paths into the key, one for each placeholder (`$key.org.id` is `["org", "id"]`). */
  readonly placeholders: readonly (readonly string[])[];
}

interface PrintedCall extends CallDocument {
  definitions(n: number): string[];
  field(n: number): string;
}

export function createFetchDocument(
  fetch: Fetch,
  operation: OperationDefinitionNode,
  supergraph: Supergraph,
): FetchDocument {
  const definitions = new Map((operation.variableDefinitions ?? []).map((node) => [node.variable.name.value, node]));
  const names = ownNames(definitions.keys());
  const single = fetch.calls.length === 1;
  const uses = fetch.calls.map(() => createUses());
  const calls = fetch.calls.map((call, index) =>
    printCall(call, { supergraph, names, uses: uses[index] ?? createUses(), index, single }),
  );
  const guardsOf = (some: readonly Uses[]) =>
    [...new Set(some.flatMap((one) => [...one.guards]))].sort((a, b) => a - b);
  const variablesOf = (some: readonly Uses[]) => [...new Set(some.flatMap((one) => [...one.variables]))];
  const guardName = (guard: Guard) => `${names.prefix}g${guard}`;
  const texts = new Map<string, string>();
  const write = (counts: readonly number[]) => {
    // A call without entities is left out, and what it alone would use must not be declared then.
    const used = uses.filter((_, index) => (counts[index] ?? 1) > 0);
    const variables = [
      ...variablesOf(used).map((name) => declare(name, definitions.get(name), supergraph, fetch.graph)),
      ...guardsOf(used).map((guard) => `$${guardName(guard)}: Boolean!`),
      ...calls.flatMap((call, index) =>
        Array.from({ length: counts[index] ?? 1 }, (_, n) => call.definitions(n)).flat(),
      ),
    ];
    const fields = calls.flatMap((call, index) => Array.from({ length: counts[index] ?? 1 }, (_, n) => call.field(n)));
    return `${fetch.operation}${variables.length === 0 ? '' : `(${variables.join(', ')})`} { ${fields.join(' ')} }`;
  };
  return {
    variables: variablesOf(uses),
    guards: new Map(guardsOf(uses).map((guard) => [guardName(guard), guard])),
    calls,
    text(counts) {
      const name = counts.join();
      const known = texts.get(name) ?? write(counts);
      if (texts.size < 16) texts.set(name, known);
      return known;
    },
  };
}

interface CallContext {
  readonly supergraph: Supergraph;
  readonly names: Names;
  readonly uses: Uses;
  readonly index: number;
  readonly single: boolean;
}

function printCall(call: Call, { supergraph, names, uses, index, single }: CallContext): PrintedCall {
  const selection = printSelection(call.node, supergraph, { names, uses });
  const none = { placeholders: [], definitions: () => [] as string[] };
  if (call.lookup === null) {
    return { ...none, call, alias: () => '', variable: () => '', field: () => selection.slice(2, -2) };
  }
  const onType = `... on ${sourceTypeName(supergraph, call.type, call.graph)} ${selection}`;
  if (call.kind === 'entities') {
    const alias = single ? '_entities' : `${names.prefix}e${index}`;
    const variable = single ? names.representations : `${names.prefix}r${index}`;
    return {
      ...none,
      call,
      alias: () => alias,
      variable: () => variable,
      definitions: () => [`$${variable}: [_Any!]!`],
      field: () => `${single ? '' : `${alias}: `}_entities(representations: $${variable}) { ${onType} }`,
    };
  }
  const field = lookupField(call.lookup, supergraph);
  const inner = field.returns === call.type ? selection : `{ __typename ${onType} }`;
  const variable = (n: number, placeholder = 0) =>
    `${names.prefix}k${index}_${n}${placeholder === 0 ? '' : `_${placeholder}`}`;
  const alias = (n: number) => `${names.prefix}e${index}_${n}`;
  return {
    call,
    alias,
    variable,
    placeholders: field.placeholders.map((entry) => entry.path),
    definitions: (n) => field.placeholders.map((entry, at) => `$${variable(n, at)}: ${entry.type}`),
    field: (n) => `${alias(n)}: ${field.name}${field.args((at) => `$${variable(n, at)}`)} ${inner}`,
  };
}

/** Names of the gateway's own variables, apart from all of the client's. */
function ownNames(taken: Iterable<string>): Names {
  const names = [...taken];
  let prefix = '_';
  while (names.some((name) => name.startsWith(prefix))) prefix += '_';
  return {
    prefix,
    representations: names.includes('representations') ? `${prefix}representations` : 'representations',
  };
}

function declare(
  name: string,
  node: VariableDefinitionNode | undefined,
  supergraph: Supergraph,
  graph: number,
): string {
  if (node === undefined) return `$${name}: String`;
  // With its default, so that a nullable variable may still stand where a value has to be.
  const fallback = node.defaultValue === undefined ? '' : ` = ${print(node.defaultValue)}`;
  return `$${name}: ${printTypeRef(typeRef(node.type), (type) => sourceTypeName(supergraph, type, graph))}${fallback}`;
}
