import {
  type GraphQLArgument,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import type { Random } from './random.ts';

/** A value as GraphQL text and as JSON. */
interface Value {
  readonly literal: string;
  readonly json: unknown;
}

/** Arguments and conditions of one operation, with the variables that they use. */
export interface Inputs {
  /** `(a: 1, b: $v0)`, or empty. */
  args(args: readonly GraphQLArgument[]): string;
  /** ` @include(if: $b0)`, or empty. */
  condition(share: number): string;
  /** `($v0: Int = 3)`, or empty. */
  definitions(): string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** `taken` are names that some variables get. */
export function createInputs(random: Random, taken: readonly string[]): Inputs {
  const definitions: { readonly name: string; readonly type: string; readonly text: string }[] = [];
  const variables: Record<string, unknown> = Object.create(null);
  const names = random.shuffle(taken);

  function variableFor(type: GraphQLInputType): string {
    const known = definitions.filter((one) => one.type === String(type));
    if (known.length > 0 && random.chance(0.5)) return `$${random.pick(known).name}`;
    const name = (random.chance(0.1) ? names.pop() : undefined) ?? `v${definitions.length}`;
    const inner = isNonNullType(type) ? type.ofType : type;
    const value = inputOf(inner, 0);
    const hasDefault = random.chance(0.4);
    // With a default, a nullable variable may stand where a value has to be.
    const declared = hasDefault && isNonNullType(type) && random.chance(0.5) ? String(inner) : String(type);
    const fallback = hasDefault ? ` = ${inputOf(inner, 0).literal}` : '';
    definitions.push({ name, type: String(type), text: `$${name}: ${declared}${fallback}` });
    const mustBeGiven = isNonNullType(type) && !hasDefault;
    if (mustBeGiven || random.chance(0.6)) variables[name] = value.json;
    else if (!isNonNullType(type) && random.chance(0.3)) variables[name] = null;
    return `$${name}`;
  }

  function inputOf(type: GraphQLInputType, depth: number): Value {
    if (isNonNullType(type)) return inputOf(type.ofType, depth);
    if (isListType(type)) {
      const items = Array.from({ length: random.int(0, 2) }, () => inputOf(type.ofType, depth + 1));
      return { literal: `[${items.map((item) => item.literal).join(', ')}]`, json: items.map((item) => item.json) };
    }
    if (isEnumType(type)) {
      const { name } = random.pick(type.getValues());
      return { literal: name, json: name };
    }
    if (isInputObjectType(type)) {
      const all = Object.values(type.getFields());
      const chosen = type.isOneOf
        ? [random.pick(all)]
        : all.filter((field) => isRequiredInputField(field) || (depth < 3 && random.chance(0.5)));
      const entries = chosen.map((field) => [field.name, inputOf(field.type, depth + 1)] as const);
      return {
        literal: `{ ${entries.map(([name, value]) => `${name}: ${value.literal}`).join(', ')} }`,
        json: Object.fromEntries(entries.map(([name, value]) => [name, value.json])),
      };
    }
    const number = random.int(-2, 9);
    switch (type.name) {
      case 'Int':
        return { literal: String(number), json: number };
      case 'Float':
        return { literal: `${number}.5`, json: number + 0.5 };
      case 'Boolean':
        return { literal: String(number % 2 === 0), json: number % 2 === 0 };
      case 'ID':
        return random.chance(0.3)
          ? { literal: String(number), json: number }
          : { literal: `"i${number}"`, json: `i${number}` };
      default:
        return { literal: `"s${number} \\"x\\" \\n é"`, json: `s${number} "x" \n é` };
    }
  }

  /** A literal with variables in it here and there. */
  function literalOf(type: GraphQLInputType): string {
    if (random.chance(0.3)) return variableFor(type);
    const inner = isNonNullType(type) ? type.ofType : type;
    if (isListType(inner) && random.chance(0.5)) {
      const { ofType } = inner;
      return `[${Array.from({ length: random.int(1, 2) }, () => literalOf(ofType)).join(', ')}]`;
    }
    if (isInputObjectType(inner) && !inner.isOneOf && random.chance(0.5)) {
      const chosen = Object.values(inner.getFields()).filter((field) => isRequiredInputField(field));
      return `{ ${chosen.map((field) => `${field.name}: ${literalOf(field.type)}`).join(', ')} }`;
    }
    return inputOf(type, 0).literal;
  }

  function booleanVariable(): string {
    const known = definitions.filter((one) => /^b\d$/.test(one.name));
    if (known.length > 2 || (known.length > 0 && random.chance(0.5))) return random.pick(known).name;
    const name = `b${known.length}`;
    const text = random.pick(['Boolean!', 'Boolean! = true', 'Boolean! = false']);
    definitions.push({ name, type: 'condition', text: `$${name}: ${text}` });
    if (!text.includes('=') || random.chance(0.5)) variables[name] = random.chance(0.6);
    return name;
  }

  const condition: Inputs['condition'] = (share) => {
    if (!random.chance(share)) return '';
    const one = (directive: string) =>
      ` @${directive}(if: ${random.chance(0.1) ? random.pick(['true', 'false']) : `$${booleanVariable()}`})`;
    return random.chance(0.1) ? one('include') + one('skip') : one(random.pick(['include', 'skip']));
  };

  return {
    args(args) {
      const given = args.filter((arg) => (isNonNullType(arg.type) && arg.default === undefined) || random.chance(0.6));
      if (given.length === 0) return '';
      return `(${given.map((arg) => `${arg.name}: ${literalOf(arg.type)}`).join(', ')})`;
    },
    condition,
    definitions: () => (definitions.length === 0 ? '' : `(${definitions.map((one) => one.text).join(', ')})`),
    variables,
  };
}
