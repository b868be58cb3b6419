import type { DeferSet } from '../plan/defers.ts';
import type { ShapeField } from '../plan/Plan.ts';
import type { ProjectedPart } from './Later.ts';
import { BUBBLE, count, type Path, type Plain, type Projection } from './Projection.ts';

/** Notes the fields of an object that belong to parts which are given later, a part at a time. */
export function noteDeferred(
  fields: readonly ShapeField[],
  path: Path,
  projection: Projection,
  project: (own: Projection) => Plain | typeof BUBBLE,
): void {
  let sets: Set<DeferSet> | undefined;
  for (const { defer } of fields) {
    if (defer === projection.defer || sets?.has(defer) === true) continue;
    sets = (sets ?? new Set()).add(defer);
    count(projection);
    const take = () => takePart({ ...projection, defer }, project);
    projection.later.push({ kind: 'fields', path, defer, project: take });
  }
}

/** Errors and what is later of one part alone. */
export function takePart<T>(base: Projection, project: (own: Projection) => T | typeof BUBBLE): ProjectedPart<T> {
  const own: Projection = { ...base, errors: [], later: [] };
  const data = project(own);
  const { errors, later } = own;
  return data === BUBBLE ? { data: undefined, errors, later: [] } : { data, errors, later };
}
