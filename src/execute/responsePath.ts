import { AT_ONCE } from '../plan/defers.ts';
import type { Shape } from '../plan/Plan.ts';

/** A path in a subgraph's reply in terms of the client's document, as far as the client asked for it. */
export function responsePath(shape: Shape | null, path: readonly (string | number)[]): (string | number)[] {
  const result: (string | number)[] = [];
  let here = shape;
  for (const step of path) {
    if (typeof step === 'number') {
      result.push(step);
      continue;
    }
    const field = here === null ? undefined : fieldFor(here, step);
    if (field === undefined) return result;
    result.push(field.key);
    here = field.child;
  }
  return result;
}

/** Whether a path in the reply to a root selection leads to something that is given later. */
export function leadsToDeferred(shape: Shape, path: readonly (string | number)[]): boolean {
  let here: Shape | null = shape;
  for (const step of path) {
    if (typeof step === 'number' || here === null) continue;
    const field = fieldFor(here, step);
    if (field === undefined) return false;
    if (field.defer !== AT_ONCE) return true;
    here = field.child;
  }
  return false;
}

function fieldFor(shape: Shape, upstreamKey: string) {
  const reads = (candidate: Shape) =>
    candidate.fields.find((field) => field.reads.some((read) => read.key === upstreamKey));
  return reads(shape) ?? [...new Set(shape.branches?.byType.values())].map(reads).find((field) => field !== undefined);
}
