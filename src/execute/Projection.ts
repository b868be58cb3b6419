import type { GraphQLError } from 'graphql';
import { AT_ONCE, type DeferSet } from '../plan/defers.ts';
import type { Plan, Position, ShapeField } from '../plan/Plan.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { answerTooLarge } from './answerTooLarge.ts';
import type { ErrorNode } from './ErrorNode.ts';
import type { Later } from './Later.ts';
import type { Frame, Run } from './Run.ts';

export type Path = readonly (string | number)[];
export type Plain = Record<string, unknown>;

/** A null that may not stand where it stands: it is passed up to the nearest place that may be null. */
export const BUBBLE = Symbol('bubble');

export interface Projection {
  readonly plan: Plan;
  readonly run: Run;
  readonly supergraph: Supergraph;
  readonly errors: GraphQLError[];
  /** The part of the answer that is being built. */
  readonly defer: DeferSet;
  /** What was met that is to be given later. */
  readonly later: Later[];
  /** Shared by all parts of one answer. */
  readonly size: { objects: number };
}

/** A frame with the errors that the subgraphs reported at and below each of its objects. */
export interface Here {
  readonly position: Position;
  readonly frame: Frame;
  readonly errors: readonly (ErrorNode | undefined)[];
}

export interface Value {
  /** In the subgraphs that the field is read from. */
  readonly values: readonly unknown[];
  readonly errors: readonly (ErrorNode | undefined)[];
  /** In the order of the child position's slots. */
  readonly inner: readonly unknown[];
  readonly innerErrors: readonly (ErrorNode | undefined)[];
  /** False inside a list: the item's own absence has no further reason to look for. */
  readonly whole: boolean;
}

export interface Completing {
  readonly field: ShapeField;
  readonly here: Here;
  readonly path: Path;
  readonly projection: Projection;
}

export function createProjection(plan: Plan, run: Run, supergraph: Supergraph): Projection {
  return { plan, run, supergraph, errors: [], defer: AT_ONCE, later: [], size: { objects: 0 } };
}

/** Objects, and parts of objects that are given later. */
export function count({ size, run: { maxObjects } }: Projection): void {
  size.objects += 1;
  if (size.objects > maxObjects) throw answerTooLarge(maxObjects);
}
