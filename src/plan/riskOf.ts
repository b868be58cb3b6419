import type { Supergraph } from '../supergraph/Supergraph.ts';
import { printTypeRef } from '../supergraph/TypeRef.ts';
import { childTypeName, fieldInfo } from './ownership.ts';
import type { Selection } from './Selection.ts';

const known = new WeakMap<Selection, Map<string, string>>();

/** A text of all that is selected of an object and would make it null by being null itself. */
export function riskOf(selection: Selection, type: string, supergraph: Supergraph): string {
  const byType = known.get(selection) ?? new Map<string, string>();
  known.set(selection, byType);
  const text = byType.get(type) ?? compute(selection, type, supergraph);
  byType.set(type, text);
  return text;
}

function compute(selection: Selection, type: string, supergraph: Supergraph): string {
  const info = supergraph.types.get(type);
  const possible = info === undefined || info.kind === 'object' ? [type] : info.possible;
  const seen = new Map<unknown, string>();
  for (const name of possible) {
    const fields = selection.fieldsFor(name);
    const risky = fields.flatMap(({ name: field, args, guard, selection: below }) => {
      const texts = typeTexts(supergraph, name, field);
      if (!texts.some((text) => text.endsWith('!'))) return [];
      const isWhole = below !== null && texts.some((text) => !/[^!\]]\]|[^!]$|\w\]/.test(text));
      return `${field}${args}?${guard}${isWhole ? `{${riskOf(below, childTypeName(supergraph, name, field), supergraph)}}` : ''}`;
    });
    seen.set(fields, [seen.get(fields), ...new Set(risky.sort())].filter((part) => part !== undefined).join(' '));
  }
  return [...seen.values()].join('|');
}

/** The field's type in the supergraph and in each subgraph that has it. */
function typeTexts(supergraph: Supergraph, type: string, field: string): string[] {
  const info = fieldInfo(supergraph, type, field);
  if (info === undefined) return [];
  return [printTypeRef(info.type), ...[...info.owners.values()].map((owner) => owner.typeText)];
}
