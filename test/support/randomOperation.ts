import {
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
} from 'graphql';

/** A generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A valid query over a schema: nested, with fragments, aliases and the conditions `$yes` and `$no`. Fields with arguments are as `args` says. */
export function randomOperation(
  schema: GraphQLSchema,
  next: () => number,
  args: Readonly<Record<string, readonly string[]>> = {},
): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
  const condition = () => (next() < 0.15 ? ` @${pick(['include', 'skip'])}(if: $${pick(['yes', 'no'])})` : '');
  const field = (type: GraphQLObjectType | GraphQLInterfaceType, depth: number): string[] => {
    const candidates = Object.values(type.getFields()).filter(
      (one) => depth > 0 || !isCompositeType(getNamedType(one.type)),
    );
    if (candidates.length === 0) return ['__typename'];
    const chosen = pick(candidates);
    const named = getNamedType(chosen.type);
    const given = chosen.args.length === 0 ? '' : pick(args[`${type.name}.${chosen.name}`] ?? ['']);
    // One key never means two things: the alias names all that tells two uses apart.
    const key = `${chosen.name}${given.replace(/\W/g, '')}_${type.name}`;
    const alias = given !== '' || isAbstractType(named) || next() < 0.3 ? `${key}: ` : '';
    return [
      `${alias}${chosen.name}${given}${condition()}${isCompositeType(named) ? selection(named.name, depth - 1) : ''}`,
    ];
  };
  const selection = (name: string, depth: number): string => {
    const type = schema.getType(name);
    const parts: string[] = [];
    for (let n = 0; n <= Math.floor(next() * 4); n += 1) {
      if (next() < 0.08) parts.push('__typename');
      if (isAbstractType(type) && next() < 0.6) {
        const possible = pick(schema.getPossibleTypes(type));
        parts.push(`... on ${possible.name}${condition()} ${selection(possible.name, depth)}`);
      } else if (isObjectType(type) && next() < 0.15) parts.push(`...${condition()} ${selection(name, depth)}`);
      else if (isCompositeType(type) && 'getFields' in type) parts.push(...field(type, depth));
    }
    return ` { ${parts.length === 0 ? '__typename' : parts.join(' ')} }`;
  };
  return `query ($yes: Boolean = true, $no: Boolean = false)${selection(schema.getQueryType()?.name ?? 'Query', 5)}`;
}
