import { isRecord } from '../lib/isRecord.ts';
import { listSubgraphs } from './listSubgraphs.ts';
import type { ConfigPath } from './toIssues.ts';

export interface CredentialPlace {
  readonly path: ConfigPath;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Everywhere in a configuration, as written, that the credentials (`authentication`) or the certificates (`tls`) for subgraphs stand. */
export function credentialPlaces(input: unknown, what: 'authentication' | 'tls'): CredentialPlace[] {
  if (!isRecord(input)) return [];
  const name = `subgraph_${what}`;
  const section = isRecord(input[name]) ? input[name] : {};
  const named = isRecord(section['subgraphs']) ? section['subgraphs'] : {};
  const places: (readonly [ConfigPath, unknown])[] = [
    [[name, 'all'], section['all']],
    ...Object.entries(named).map(([subgraph, value]) => [[name, 'subgraphs', subgraph], value] as const),
    ...listSubgraphs(input['subgraphs']).map(({ path, value }) => [[...path, what], value[what]] as const),
  ];
  return places.flatMap(([path, value]) => (isRecord(value) ? [{ path, value }] : []));
}
