import { isRecord } from '../lib/isRecord.ts';
import type { PathIssue } from './toIssues.ts';

/** A foreign document in our words, under the same paths where it can be. */
export interface Translated {
  readonly input: unknown;
  readonly issues: readonly PathIssue[];
  readonly warnings: readonly PathIssue[];
}

/** Rover's `supergraph.yaml`: told by its `federation_version`, or by a map of subgraphs that all have a `routing_url`. */
export function isSupergraphYaml(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value['federation_version'] !== undefined) return true;
  const subgraphs = value['subgraphs'];
  if (!isRecord(subgraphs) || Object.keys(value).length !== 1) return false;
  const entries = Object.values(subgraphs);
  return entries.length > 0 && entries.every((entry) => isRecord(entry) && entry['routing_url'] !== undefined);
}

/** `graphref` (a schema in Apollo's registry) is an issue, other foreign keys are left to the validation. */
export function decodeSupergraphYaml(value: unknown): Translated {
  if (!isRecord(value)) return { input: value, issues: [], warnings: [] };
  const { federation_version: _version, subgraphs, ...rest } = value;
  if (!isRecord(subgraphs)) return { input: { ...rest, subgraphs }, issues: [], warnings: [] };
  const issues: PathIssue[] = [];
  const entries = Object.entries(subgraphs).map(([name, entry]) => {
    const schema = isRecord(entry) ? entry['schema'] : undefined;
    if (!isRecord(schema) || schema['graphref'] === undefined) return [name, entry] as const;
    issues.push({
      path: ['subgraphs', name, 'schema', 'graphref'],
      at: 'key',
      message:
        'Expected "file", "subgraph_url" or "sdl"; got "graphref", a schema in a registry that Weft does not read. Save it with "rover subgraph fetch".',
    });
    const { graphref: _graphref, subgraph: _subgraph, ...known } = schema;
    return [
      name,
      { ...(isRecord(entry) ? entry : {}), schema: Object.keys(known).length === 0 ? { sdl: 'graphref' } : known },
    ] as const;
  });
  return { input: { ...rest, subgraphs: Object.fromEntries(entries) }, issues, warnings: [] };
}
