import type { FetchDocument } from '../plan/createFetchDocument.ts';
import { evaluateValue } from './evaluateValue.ts';
import type { CallState, Run } from './Run.ts';

interface Encoding {
  readonly document: FetchDocument;
  readonly run: Run;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The variables of one fetch as JSON text: the client's, the guards, and what is looked up. */
export function encodeVariables({ document, run, variables }: Encoding): string {
  // Member by member: a variable may be named `__proto__`, and an object without a prototype takes V8 several times as long to write.
  const members: string[] = [];
  const add = (name: string, value: unknown): void => {
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  };
  for (const name of document.variables) if (Object.hasOwn(variables, name)) add(name, variables[name]);
  for (const [name, guard] of document.guards) add(name, run.guards[guard] === true);
  for (const { call, variable, argument, placeholders } of document.calls) {
    const { representations, batches } = run.calls[call.id] as CallState;
    for (const [n, { entities, tuple }] of batches.entries()) {
      for (const [at, value] of tuple.values.entries()) if (value !== undefined) add(argument(n, at), value);
      const batch = entities.map((index) => representations[index]);
      if (call.kind === 'entities') add(variable(n), batch);
      const keys = placeholders.length === 0 ? [] : batch.map(keyOf);
      for (const [at, value] of placeholders.entries())
        add(variable(n, at), evaluateValue(value, call.kind === 'root' ? keys[0] : keys) ?? null);
    }
  }
  return `{${members.join(',')}}`;
}

/** The key without the type name that only `_entities` knows. */
function keyOf(representation: unknown): unknown {
  const { __typename, ...key } = representation as Record<string, unknown>;
  return key;
}
