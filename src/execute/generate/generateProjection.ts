import type { GraphQLError } from 'graphql';
import type { Plan, Position, Shape, ShapeField } from '../../plan/Plan.ts';
import { sourceTypeName } from '../../plan/printUpstream.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import type { TypeRef } from '../../supergraph/TypeRef.ts';
import { answerTooLarge } from '../answerTooLarge.ts';
import { completeLeaf } from '../completeLeaf.ts';
import { lookedUp, within } from '../frames.ts';
import { type Run, workingCall } from '../Run.ts';
import { createPlaceDenied, deniedMark } from './placeDenied.ts';
import { aboveCode, lookUpCode, own, parameters, readCode } from './readCode.ts';

/**
 * The projection of one plan as generated code: straight reads and object literals, no paths, and no errors but for what is denied.
 * Returns undefined where anything is not as the schema says; the rules for that are in projectResult alone.
 * No text of a client becomes code: response keys are quoted, everything else is a number or a name of the schema.
 */
export type GeneratedProjection = (run: Run) => GeneratedAnswer | undefined;

export interface GeneratedAnswer {
  readonly data: Record<string, unknown>;
  /** What the caller may not read; absent where there is nothing. */
  readonly errors?: readonly GraphQLError[];
}

/** Thrown by generated code where the short cut ends; never leaves this file. */
const DETOUR = Symbol('detour');

interface Generating {
  readonly supergraph: Supergraph;
  readonly functions: string[];
  readonly constants: unknown[];
  readonly done: Map<Shape, string>;
}

export function generateProjection(plan: Plan, supergraph: Supergraph): GeneratedProjection {
  const generating: Generating = { supergraph, functions: [], constants: [], done: new Map() };
  const root = shapeFunction(plan.output, generating);
  const ids = [...new Set(plan.calls.map((call) => workingCall(call).id))];
  const locals = ids.map((id) => `const E${id} = run.calls[${id}].entities, M${id} = run.calls[${id}].index;`);
  const body = [
    ...locals,
    'const g = run.guards, I = run.introspection; let n = 0;',
    ...generating.functions,
    `return ${root}();`,
  ].join('\n');
  const generated = new Function('run', 'C', 'leaf', 'own', 'within', 'detour', 'tooLarge', body) as (
    ...args: unknown[]
  ) => Record<string, unknown>;
  const leaf = (value: unknown, type: string, nonNull: boolean) => leafOrDetour(value, { type, nonNull, supergraph });
  const placeDenied = plan.denies ? createPlaceDenied(plan) : undefined;
  return (run) => {
    try {
      const data = generated(run, generating.constants, leaf, own, within, detour, () => {
        throw answerTooLarge(run.maxObjects);
      });
      if (placeDenied === undefined) return { data };
      const errors: GraphQLError[] = [];
      placeDenied(data, errors);
      return errors.length === 0 ? { data } : { errors, data };
    } catch (error) {
      if (error === DETOUR) return undefined;
      throw error;
    }
  };
}

function detour(): never {
  throw DETOUR;
}

function leafOrDetour(
  value: unknown,
  { type, nonNull, supergraph }: { readonly type: string; readonly nonNull: boolean; readonly supergraph: Supergraph },
): unknown {
  if (value === null || value === undefined) return nonNull ? detour() : null;
  const completed = completeLeaf(value, type, supergraph.types.get(type));
  // An inaccessible enum value is null to the client.
  return 'value' in completed && !(nonNull && completed.value === null) ? completed.value : detour();
}

function shapeFunction(shape: Shape, generating: Generating): string {
  const known = generating.done.get(shape);
  if (known !== undefined) return known;
  const name = `s${generating.done.size}`;
  generating.done.set(shape, name);
  const { position } = shape;
  const given = parameters(position).map((slot) => `f${slot}`);
  const looked = lookedUp(position).map((slot) => lookUpCode(position, slot));
  const result =
    shape.branches === null ? objectCode(shape.fields, position, generating) : branchCode(shape, generating);
  // Views of a position are functions of their own, but one object with it.
  const count = shape.branches === null ? ['if (++n > run.maxObjects) tooLarge();'] : [];
  generating.functions.push(`function ${name}(${given.join(', ')}) {\n${[...count, ...looked, result].join('\n')}\n}`);
  return name;
}

function objectCode(fields: readonly ShapeField[], position: Position, generating: Generating): string {
  const entries = fields.map((field) => ({
    key: field.key === '__proto__' ? '["__proto__"]' : JSON.stringify(field.key),
    field,
    value: valueCode(field, position, generating),
  }));
  if (entries.every(({ field }) => field.guard === 0))
    return `return { ${entries.map(({ key, value }) => `${key}: ${value}`).join(', ')} };`;
  const lines = entries.map(({ key, field, value }) => {
    // Assigning to it would set the prototype.
    const define = `Object.defineProperty(o, "__proto__", { value: ${value}, enumerable: true, writable: true, configurable: true });`;
    const plain = field.key === '__proto__' ? define : `o[${key}] = ${value};`;
    return field.guard === 0 ? plain : `if (g[${field.guard}]) ${plain}`;
  });
  return ['const o = {};', ...lines, 'return o;'].join('\n');
}

function branchCode(shape: Shape, generating: Generating): string {
  const slot = shape.branches?.slot ?? 0;
  const cases = [...(shape.branches?.byType ?? [])].flatMap(([type, branch]) => {
    if (generating.supergraph.clientSchema.getType(type) === undefined) return [];
    const graph = shape.position.slots[slot]?.graph ?? 0;
    const source = sourceTypeName(generating.supergraph, type, graph);
    const args = parameters(branch.position).map((index) => {
      const origin = branch.position.slots[index]?.origin;
      if (branch.position === shape.position) return `f${index}`;
      if (origin?.kind === 'above') return aboveCode(origin, generating.constants);
      return origin?.kind === 'view' ? `f${origin.slot}` : 'undefined';
    });
    return [`case ${JSON.stringify(source)}: return ${shapeFunction(branch, generating)}(${args.join(', ')});`];
  });
  return `switch (f${slot}?.__typename) { ${cases.join(' ')} default: return detour(); }`;
}

function valueCode(field: ShapeField, position: Position, generating: Generating): string {
  if (field.kind === 'introspection') return `I[${JSON.stringify(field.key)}]`;
  if (field.kind === 'typename') return typenameCode(field, position, generating);
  if (field.kind === 'denied') return deniedCode(field, generating);
  const read = readCode(position, field.reads[0]);
  if (field.child === null) return leafCode(field.type, read, generating);
  const { position: childPosition } = field.child;
  const values = parameters(childPosition).map((slot) => {
    const origin = childPosition.slots[slot]?.origin;
    if (origin?.kind === 'above') return aboveCode(origin, generating.constants);
    return origin?.kind === 'child' ? readCode(position, { slot: origin.slot, key: origin.field.key }) : 'undefined';
  });
  const above = parameters(childPosition).map((slot) => childPosition.slots[slot]?.origin.kind === 'above');
  const leading = parameters(childPosition).findIndex((slot) => {
    const origin = childPosition.slots[slot]?.origin;
    return origin?.kind === 'child' && origin.slot === field.reads[0]?.slot && origin.field.key === field.reads[0]?.key;
  });
  return `${objectFunction(field.type, { child: field.child, above, leading: Math.max(leading, 0) }, generating)}(${values.join(', ')})`;
}

/** Where a denied field may not be null, something is to be nulled above it. */
function deniedCode(field: ShapeField, { constants }: Generating): string {
  if (field.type.kind === 'nonNull') return 'detour()';
  constants.push(deniedMark(field));
  return `C[${constants.length - 1}]`;
}

function typenameCode(field: ShapeField, position: Position, { supergraph, constants }: Generating): string {
  const [read] = field.reads;
  if (read === undefined) return JSON.stringify(field.on);
  const graph = position.slots[read.slot]?.graph ?? 0;
  const visible = (supergraph.types.get(position.type)?.possible ?? []).filter(
    (type) => supergraph.clientSchema.getType(type) !== undefined,
  );
  constants.push(new Map(visible.map((type) => [sourceTypeName(supergraph, type, graph), type])));
  return `(C[${constants.length - 1}].get(${readCode(position, read)}) ?? detour())`;
}

const FITS: Readonly<Record<string, (value: string) => string>> = {
  String: (value) => `typeof ${value} === 'string'`,
  ID: (value) => `typeof ${value} === 'string'`,
  Int: (value) => `(${value} | 0) === ${value}`,
  Float: (value) => `typeof ${value} === 'number'`,
  Boolean: (value) => `typeof ${value} === 'boolean'`,
};

function leafCode(type: TypeRef, value: string, generating: Generating): string {
  const isNonNull = type.kind === 'nonNull';
  const inner = type.kind === 'nonNull' ? type.of : type;
  const name = `v${generating.functions.length}`;
  if (inner.kind === 'list') {
    const item = leafCode(inner.of, 'x', generating);
    return `${listFunction(item, ['l'], { isNonNull, leading: 0 }, generating)}(${value})`;
  }
  if (inner.kind !== 'named') return value;
  const info = generating.supergraph.types.get(inner.name);
  const fallback = (x: string) => `leaf(${x}, ${JSON.stringify(inner.name)}, ${isNonNull})`;
  const fits = FITS[inner.name];
  if (fits === undefined && info?.kind !== 'enum') return isNonNull ? `(${value} ?? detour())` : `(${value} ?? null)`;
  let test = fits;
  if (test === undefined) {
    generating.constants.push(info?.values ?? new Set());
    const at = generating.constants.length - 1;
    test = (x) => `C[${at}].has(${x})`;
  }
  generating.functions.push(`function ${name}(x) { return ${test('x')} ? x : ${fallback('x')}; }`);
  return `${name}(${value})`;
}

interface Objects {
  readonly child: Shape;
  /** For each of the subgraphs' objects that make up one value: whether it stands above, the same for each item of a list. */
  readonly above: readonly boolean[];
  /** Which of them says whether the value is there. */
  readonly leading: number;
}

/** A function from the value(s) of a composite field to its completed value. */
function objectFunction(type: TypeRef, objects: Objects, generating: Generating): string {
  const isNonNull = type.kind === 'nonNull';
  const inner = type.kind === 'nonNull' ? type.of : type;
  const names = objects.above.map((_, index) => `x${index}`);
  if (inner.kind === 'list') {
    const item = `${objectFunction(inner.of, objects, generating)}(${names.join(', ')})`;
    return listFunction(
      item,
      names.map((_, index) => `l${index}`),
      { isNonNull, leading: objects.leading, items: names, above: objects.above },
      generating,
    );
  }
  const name = `o${generating.functions.length}`;
  const lead = names[objects.leading] ?? 'x0';
  const absent = isNonNull ? 'detour()' : `(${lead} == null ? null : detour())`;
  generating.functions.push(''); // keeps the name's number taken while the child's functions are made
  const call = `${shapeFunction(objects.child, generating)}(${names.join(', ')})`;
  generating.functions.push(
    `function ${name}(${names.join(', ')}) { return ${lead} !== null && typeof ${lead} === 'object' && !Array.isArray(${lead}) ? ${call} : ${absent}; }`,
  );
  return name;
}

function listFunction(
  item: string,
  lists: readonly string[],
  {
    isNonNull,
    leading,
    items = ['x'],
    above = [],
  }: {
    readonly isNonNull: boolean;
    readonly leading: number;
    readonly items?: readonly string[];
    readonly above?: readonly boolean[];
  },
  generating: Generating,
): string {
  const name = `a${generating.functions.length}`;
  const lead = lists[leading] ?? 'l';
  const reads = items.map((x, index) => {
    if (above[index] === true) return `const ${x} = ${lists[index]};`;
    return `const ${x} = ${lists[index]}${index === leading ? '' : '?.'}[i];`;
  });
  const absent = isNonNull ? 'return detour();' : `return ${lead} == null ? null : detour();`;
  generating.functions.push(
    `function ${name}(${lists.join(', ')}) { if (!Array.isArray(${lead})) ${absent} const n = ${lead}.length, r = new Array(n); for (let i = 0; i < n; i++) { ${reads.join(' ')} r[i] = ${item}; } return r; }`,
  );
  return name;
}
