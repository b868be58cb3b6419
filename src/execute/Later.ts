import type { GraphQLError } from 'graphql';
import type { DeferSet } from '../plan/defers.ts';

type Path = readonly (string | number)[];

/** What of an answer is given later: the fields of one deferred part at one object, or the rest of a list. */
export type Later = LaterFields | LaterItems;

export interface LaterFields {
  readonly kind: 'fields';
  /** Of the object. */
  readonly path: Path;
  readonly defer: DeferSet;
  project(): ProjectedPart<Readonly<Record<string, unknown>>>;
}

export interface LaterItems {
  readonly kind: 'items';
  /** Of the list. */
  readonly path: Path;
  readonly label: string | undefined;
  readonly initialCount: number;
  /** One by one; one without a value ends the list. */
  project(): Iterable<ProjectedPart<unknown>>;
}

export interface ProjectedPart<T> {
  /** Undefined where a null came up that may not stand there. */
  readonly data: T | undefined;
  readonly errors: readonly GraphQLError[];
  readonly later: readonly Later[];
}
