import type { DocumentNode } from 'graphql';
import { fieldRequirements } from '../authorization/fieldRequirements.ts';
import type { Requirement } from '../authorization/Requirement.ts';
import type { FieldOwner, Supergraph } from '../Supergraph.ts';
import { imposeProtections } from './imposeProtections.ts';

/**
 * What a field needs because of what it requires, or takes from a context, written on the field itself: here it would be found anyhow, but other gateways
 * that are given the supergraph look no further. Their composer refuses a schema that does not say it. `supergraph` is the document, read; the same document where nothing has to be added.
 */
export function writeTransitive(document: DocumentNode, supergraph: Supergraph): DocumentNode {
  const requirements = fieldRequirements(supergraph);
  if (requirements === undefined) return document;
  const found = new Map<string, Requirement>();
  for (const { name: type, kind, fields } of supergraph.types.values()) {
    if (kind !== 'object') continue;
    for (const { name, owners } of fields.values()) {
      const needed = [...owners.values()].some(isMade) ? requirements.of(type, name) : undefined;
      if (needed !== undefined) found.set(`${type}.${name}`, needed);
    }
  }
  return imposeProtections(document, found);
}

function isMade({ requires, arguments: args = [] }: FieldOwner): boolean {
  return requires !== undefined || args.length > 0;
}
