import {
  type ConstValueNode,
  Kind,
  type ObjectValueNode,
  parseValue,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

/** An argument's value with `$key`s in it, as `argsExpr` writes it. */
export type MergeExpression =
  | { readonly kind: 'constant'; readonly value: unknown }
  /** `$key.a.b`; without a path the whole key. */
  | { readonly kind: 'key'; readonly path: readonly string[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [name: string, value: MergeExpression])[] }
  /** `[[…]]`: one item for each entity. */
  | { readonly kind: 'each'; readonly of: MergeExpression };

/** What is wrong with an expression, in the words of a message. */
export class ExpressionProblem extends Error {}

/** Paths are written with dots, which GraphQL's variables cannot have. */
const DOT = '__dot__';

/** `keys: [[{ upc: $key.upc }]]` and further arguments such as `active: true`, by argument. Throws an `ExpressionProblem` or a syntax error. */
export function parseMergeExpression(text: string, additional = ''): ReadonlyMap<string, MergeExpression> {
  const main = parseArguments(text);
  const merged = additional === '' ? main : mergeObjects(main, parseArguments(additional));
  return new Map(merged.fields.map(({ name, value }) => [name.value, read(value, false)]));
}

function parseArguments(text: string): ObjectValueNode {
  const dotless = text.replace(/\$[_A-Za-z][\w.]*/g, (variable) => variable.replaceAll('.', DOT));
  return parseValue(`{ ${dotless} }`, { noLocation: true }) as ObjectValueNode;
}

function mergeObjects(one: ObjectValueNode, other: ObjectValueNode): ObjectValueNode {
  const fields = new Map(one.fields.map((field) => [field.name.value, field]));
  for (const field of other.fields) {
    const known = fields.get(field.name.value)?.value;
    const value =
      known?.kind === Kind.OBJECT && field.value.kind === Kind.OBJECT ? mergeObjects(known, field.value) : field.value;
    fields.set(field.name.value, { ...field, value });
  }
  return { ...one, fields: [...fields.values()] };
}

function read(node: ValueNode, isInList: boolean): MergeExpression {
  if (!hasKey(node)) return { kind: 'constant', value: valueFromASTUntyped(node as ConstValueNode) };
  switch (node.kind) {
    case Kind.VARIABLE: {
      const [name, ...path] = node.name.value.split(DOT);
      if (name !== 'key')
        throw new ExpressionProblem(`Expected "$key" or "$key.<field>", found "$${[name, ...path].join('.')}".`);
      return { kind: 'key', path };
    }
    case Kind.OBJECT:
      return { kind: 'object', fields: node.fields.map(({ name, value }) => [name.value, read(value, isInList)]) };
    case Kind.LIST: {
      const [inner] = node.values;
      if (isInList || node.values.length !== 1 || inner?.kind !== Kind.LIST || inner.values.length !== 1)
        throw new ExpressionProblem(
          'Expected "[[…]]" around what is made of each key, once and not within another list.',
        );
      return { kind: 'each', of: read(inner.values[0] as ValueNode, true) };
    }
    default:
      throw new ExpressionProblem('Expected "$key", an object or "[[…]]".');
  }
}

function hasKey(node: ValueNode): boolean {
  switch (node.kind) {
    case Kind.VARIABLE:
      return true;
    case Kind.OBJECT:
      return node.fields.some(({ value }) => hasKey(value));
    case Kind.LIST:
      return node.values.some(hasKey);
    default:
      return false;
  }
}

/** What `@merge` means without `argsExpr`: the argument gets the key, or an object of parts of it. */
export function writeMergeExpression({
  keyArg,
  keyField,
  key,
  isList,
}: {
  /** `ids` or `where.ids`. */
  readonly keyArg: string;
  readonly keyField?: string | undefined;
  /** `upc`, or `alias.path: key.path` without the blank. */
  readonly key?: readonly string[] | undefined;
  readonly isList: boolean;
}): string {
  const value = key !== undefined ? writeKeys(key) : keyField !== undefined ? `$key.${keyField}` : '$key';
  const [last = '', ...outer] = keyArg.split('.').reverse();
  return outer.reduce((text, name) => `${name}: { ${text} }`, `${last}: ${isList ? `[[${value}]]` : value}`);
}

interface Tree extends Map<string, Tree | string> {}

function writeKeys(parts: readonly string[]): string {
  const root: Tree = new Map();
  for (const part of parts) {
    const [alias = '', path = alias] = part.split(':').map((text) => text.trim());
    const steps = alias.split('.');
    const last = steps.pop() as string;
    let at = root;
    for (const step of steps) {
      const known = at.get(step);
      const next: Tree = known instanceof Map ? known : new Map();
      at.set(step, next);
      at = next;
    }
    at.set(last, `$key.${path}`);
  }
  return writeTree(root);
}

function writeTree(tree: Tree): string {
  const fields = [...tree].map(([name, value]) => `${name}: ${typeof value === 'string' ? value : writeTree(value)}`);
  return `{ ${fields.join(', ')} }`;
}
