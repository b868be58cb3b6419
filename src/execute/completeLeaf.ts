import type { TypeInfo } from '../supergraph/Supergraph.ts';

/** What a leaf's value turned out to be: the value for the client, or why it cannot be one. */
export type Leaf = { readonly value: unknown } | { readonly problem: string };

/** Result coercion of a value that is neither null nor a list, as the specification's section 3.5 has it. */
export function completeLeaf(value: unknown, type: string, info: TypeInfo | undefined): Leaf {
  switch (type) {
    case 'String':
      if (typeof value === 'string') return { value };
      return typeof value === 'number' || typeof value === 'boolean' ? { value: String(value) } : unfit(value, type);
    case 'ID':
      if (typeof value === 'string') return { value };
      return typeof value === 'number' && Number.isInteger(value) ? { value: String(value) } : unfit(value, type);
    case 'Int':
      return Number.isInteger(value) && (value as number) <= 2147483647 && (value as number) >= -2147483648
        ? { value }
        : unfit(value, type);
    case 'Float':
      return typeof value === 'number' ? { value } : unfit(value, type);
    case 'Boolean':
      return typeof value === 'boolean' ? { value } : unfit(value, type);
    default:
      if (info?.kind !== 'enum') return { value };
      if (typeof value !== 'string') return unfit(value, type);
      if (info.values.has(value)) return { value };
      // An inaccessible value is no mistake of the subgraph's: clients just may not see it.
      return info.hiddenValues.has(value) ? { value: null } : unfit(value, type);
  }
}

function unfit(value: unknown, type: string): Leaf {
  const came = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : JSON.stringify(value);
  // A long value would only fill the log of whoever reads this.
  return {
    problem: `Expected a value of the type "${type}", found ${came !== undefined && came.length > 80 ? `${came.slice(0, 80)}…` : came}.`,
  };
}
