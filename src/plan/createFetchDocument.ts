import { type OperationDefinitionNode, print, type VariableDefinitionNode } from 'graphql';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { printTypeRef, typeRef } from '../supergraph/TypeRef.ts';
import type { ValueMap } from '../supergraph/ValueMap.ts';
import type { Guard } from './guards.ts';
import { type KeyNames, keyNames } from './keyNames.ts';
import { lookupField } from './lookupField.ts';
import type { Call, CollectedArgument, Fetch } from './Plan.ts';
import { createUses, type Names, printSelection, sourceTypeName, type Uses } from './printUpstream.ts';

/** How a fetch is put into words for its subgraph. */
export interface FetchDocument {
  /** Client variables that the document declares. */
  readonly variables: readonly string[];
  /** Guards that it declares as boolean variables, by variable name. */
  readonly guards: ReadonlyMap<string, Guard>;
  /** The calls in the order of `Fetch.calls`. */
  readonly calls: readonly CallDocument[];
  /**
   * The document. `forms` has an item for each alias of each call (one alias but for lookups of one entity or a bounded batch each,
   * and for collected arguments): a bit for each collected argument that has no value there.
   */
  text(forms: readonly (readonly number[])[]): string;
}

export interface CallDocument {
  readonly call: Call;
  /** Response key of the n-th alias; empty for a root selection, whose fields are the response keys. */
  alias(n: number): string;
  /** Variable that carries what the n-th alias looks up. */
  variable(n: number, placeholder?: number): string;
  /** Variable that carries a collected argument of the n-th alias. */
  argument(n: number, index: number): string;
  /** Of a lookup by a query field: how the value of each of its variables is made. */
  readonly placeholders: readonly ValueMap[];
  /** Of a batch whose reply is matched by key. */
  readonly keyNames: KeyNames;
  /** Fields below the alias that lead to what was looked up, where the lookup is nested. */
  readonly within: readonly string[];
}

interface PrintedCall extends CallDocument {
  definitions(n: number): string[];
  field(n: number, absent: number, uses: Uses): string;
}

export function createFetchDocument(
  fetch: Fetch,
  operation: OperationDefinitionNode,
  supergraph: Supergraph,
): FetchDocument {
  const definitions = new Map((operation.variableDefinitions ?? []).map((node) => [node.variable.name.value, node]));
  const names = ownNames(definitions.keys());
  const single = fetch.calls.length === 1;
  const calls = fetch.calls.map((call, index) => printCall(call, { supergraph, names, index, single }));
  const guardName = (guard: Guard) => `${names.prefix}g${guard}`;
  const texts = new Map<string, string>();
  const write = (forms: readonly (readonly number[])[], uses: Uses) => {
    const aliases = calls.flatMap((call, index) =>
      (forms[index] ?? []).map((absent, n) => ({
        field: call.field(n, absent, uses),
        variables: call.definitions(n),
      })),
    );
    const variables = [
      ...[...uses.variables].map((name) => declare(name, definitions.get(name), supergraph, fetch.graph)),
      ...[...uses.guards].sort((a, b) => a - b).map((guard) => `$${guardName(guard)}: Boolean!`),
      ...aliases.flatMap((alias) => alias.variables),
      ...[...uses.collected].map(([name, type]) => `$${name}: ${type}`),
    ];
    const fields = aliases.map((alias) => alias.field);
    return `${fetch.operation}${variables.length === 0 ? '' : `(${variables.join(', ')})`} { ${fields.join(' ')} }`;
  };
  const all = createUses();
  const whole = calls.map(() => [0]);
  texts.set(formsKey(whole), write(whole, all));
  return {
    variables: [...all.variables],
    guards: new Map([...all.guards].sort((a, b) => a - b).map((guard) => [guardName(guard), guard])),
    calls,
    text(forms) {
      const name = formsKey(forms);
      const known = texts.get(name) ?? write(forms, createUses());
      if (texts.size < 16) texts.set(name, known);
      return known;
    },
  };
}

/** Equal for equal texts; short where a call has many aliases of one form. */
function formsKey(forms: readonly (readonly number[])[]): string {
  return forms.map((form) => (form.every((absent) => absent === 0) ? String(form.length) : `[${form.join()}]`)).join();
}

interface CallContext {
  readonly supergraph: Supergraph;
  readonly names: Names;
  readonly index: number;
  readonly single: boolean;
}

function printCall(call: Call, { supergraph, names, index, single }: CallContext): PrintedCall {
  const argument = (n: number, at: number) => `${names.prefix}a${index}_${n}_${at}`;
  const select = (n: number, absent: number, uses: Uses) =>
    printSelection(call.node, supergraph, {
      names,
      uses,
      absent,
      argument: (at) => {
        const { type } = call.arguments[at] as CollectedArgument;
        uses.collected.set(argument(n, at), printTypeRef(type));
        return `$${argument(n, at)}`;
      },
    });
  const { lookup } = call;
  if (lookup === null) {
    const field = (n: number, absent: number, uses: Uses) => select(n, absent, uses).slice(2, -2);
    return {
      call,
      placeholders: [],
      keyNames: [],
      within: [],
      alias: () => '',
      variable: () => '',
      argument,
      definitions: () => [],
      field,
    };
  }
  const onType = (selection: string) => `... on ${sourceTypeName(supergraph, call.type, call.graph)} ${selection}`;
  if (call.kind === 'entities') {
    const alone = single && call.arguments.length === 0;
    const suffix = (n: number) => (n === 0 ? '' : `_${n}`);
    const alias = (n: number) => (alone ? '_entities' : `${names.prefix}e${index}${suffix(n)}`);
    const variable = (n: number) => (alone ? names.representations : `${names.prefix}r${index}${suffix(n)}`);
    return {
      call,
      placeholders: [],
      keyNames: [],
      within: [],
      alias,
      variable,
      argument,
      definitions: (n) => [`$${variable(n)}: [_Any!]!`],
      field: (n, absent, uses) =>
        `${alone ? '' : `${alias(n)}: `}_entities(representations: $${variable(n)}) { ${onType(select(n, absent, uses))} }`,
    };
  }
  const field = lookupField(lookup, supergraph);
  const inner = (selection: string) =>
    field.returns === sourceTypeName(supergraph, call.type, call.graph)
      ? selection
      : `{ __typename ${onType(selection)} }`;
  const variable = (n: number, placeholder = 0) =>
    `${names.prefix}k${index}_${n}${placeholder === 0 ? '' : `_${placeholder}`}`;
  const alias = (n: number) => `${names.prefix}e${index}_${n}`;
  return {
    call,
    alias,
    variable,
    argument,
    placeholders: field.placeholders.map((entry) => entry.value),
    keyNames: lookup.batch?.reply === 'byKey' ? keyNames(lookup, supergraph) : [],
    within: field.path.slice(1),
    definitions: (n) => field.placeholders.map((entry, at) => `$${variable(n, at)}: ${entry.type}`),
    field: (n, absent, uses) => {
      const args = field.args((at) => `$${variable(n, at)}`);
      const answer = `${field.path.at(-1)}${args} ${inner(select(n, absent, uses))}`;
      return `${alias(n)}: ${field.path.slice(0, -1).reduceRight((below, name) => `${name} { ${below} }`, answer)}`;
    },
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
