import { Environment } from '@marcbachmann/cel-js';
import type { Caller, HeaderReader } from '../execute/Source.ts';

/** What an expression may speak of, by its names there. */
export interface ExpressionInput {
  /** `caller.id`, `.method`, `.scopes`, `.claims`, `.plan`; null where nobody in particular asks. */
  readonly caller?: Caller | undefined;
  /** `headers["x-tenant"]`; an absent one is the empty text. */
  readonly headers: HeaderReader;
  /** `client_address`; the empty text where it is not known. */
  readonly clientAddress?: (() => string | undefined) | undefined;
  /** `operation.name`, `operation.kind`; the name is the empty text where it has none. */
  readonly operation?: { readonly name: string; readonly kind: string } | undefined;
  /** `args.id`: the arguments of a field, where the expression stands at one. */
  readonly args?: Readonly<Record<string, unknown>> | undefined;
}

export type Expression<T> = (input: ExpressionInput) => T;

export interface ExpressionTypes {
  readonly bool: boolean;
  readonly string: string;
}

/** Bounds of one expression; it comes from the operator, but perhaps by way of a schema. */
const limits = { maxAstNodes: 1_000, maxDepth: 50, maxListElements: 500, maxMapEntries: 100, maxCallArguments: 20 };

const environment = new Environment({ enableOptionalTypes: true, limits })
  .registerVariable('caller', 'dyn')
  .registerVariable('headers', 'map')
  .registerVariable('client_address', 'string')
  .registerVariable('operation', 'map')
  .registerVariable('args', 'map');

/** The names of headers, which have to stand there as they are: a request's headers are read one by one. */
const HEADER = /\bheaders\s*(?:\[\s*\??\s*(?:"([^"]*)"|'([^']*)')\s*\]|\.\s*\??\s*([A-Za-z_]\w*))/g;

/**
 * An expression that gives a truth value or a text. Throws an `Error` whose message says where it is wrong. The function throws where what the
 * expression speaks of is not there (a claim, say): `has(caller.claims.tenant)` asks for that.
 */
export function compileExpression<Type extends keyof ExpressionTypes>(
  source: string,
  type: Type,
): Expression<ExpressionTypes[Type]> {
  const evaluate = environment.parse(source);
  const checked = evaluate.check();
  if (!checked.valid) throw checked.error ?? new Error('The expression is not valid.');
  if (checked.type !== type && checked.type !== 'dyn')
    throw new Error(`Expected an expression of type ${type}; this one is of type ${checked.type}.`);
  const names = [...source.matchAll(HEADER)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  if (names.length < (source.match(/\bheaders\b/g) ?? []).length && !isOnlyInTexts(source))
    throw new Error('Expected "headers" with the name of a header, such as headers["x-tenant"].');
  return (input) => {
    const value: unknown = evaluate({
      caller: input.caller ?? null,
      headers: Object.fromEntries(names.map((name) => [name, input.headers.get(name) ?? ''])),
      client_address: input.clientAddress?.() ?? '',
      operation: input.operation ?? {},
      args: input.args ?? {},
    });
    if (typeof value !== (type === 'bool' ? 'boolean' : 'string'))
      throw new Error(`Expected the expression to give a ${type}; it gave a value of type ${typeof value}.`);
    return value as ExpressionTypes[Type];
  };
}

/** Whether "headers" stands inside of quotes wherever it is not followed by a name. */
function isOnlyInTexts(source: string): boolean {
  const bare = source.replaceAll(HEADER, '').replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  return !/\bheaders\b/.test(bare);
}
