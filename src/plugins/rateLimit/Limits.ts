import type { Caller } from '../../execute/Source.ts';
import type { ExpressionInput } from '../../expressions/compileExpression.ts';
import type { FieldLimits } from '../../supergraph/fieldLimits.ts';
import type { Charge } from './Limiter.ts';

/** What the limits of a request depend on. One object a request, on which they also note what they find out. */
export interface Asked extends ExpressionInput {
  /** Undefined, too, while nobody has looked. */
  caller?: Caller | undefined;
  operation?: { readonly name: string; readonly kind: string } | undefined;
  /** What the operation is estimated to cost. */
  cost: number;
  /** The name of its plan, once somebody has looked; null where it has none. */
  plan?: string | null;
  /** Of the client's network, once somebody has looked. */
  network?: string;
}

/** Adds what a request is charged by one rule or plan. */
export type Charging = (asked: Asked, charges: Charge[]) => void;

/** A configuration's limits, ready to be asked. */
export interface Limits {
  /** Before anybody has looked who asks. */
  readonly front: readonly Charging[];
  /** Of wrong credentials: charged where they were wrong, asked before they are looked at. */
  readonly failures: readonly Charging[];
  /** Before a document is read. */
  readonly early: readonly Charging[];
  /** After it is valid, before it runs: what speaks of the operation, or counts operations at a time. */
  readonly late: readonly Charging[];
  /** Once its cost is known, before it runs. */
  readonly costs: readonly Charging[];
  /** Of fields, by `Type.field`: past it only the field is refused. */
  readonly fields: ReadonlyMap<string, readonly Charging[]>;
  /** The same with the `@rateLimit`s of a graph; absent where these have no effect. */
  readonly withDirectives?: ((limits: FieldLimits) => Promise<Limits['fields']>) | undefined;
  /** Of each call of a subgraph, by its name. */
  readonly subgraphs: ReadonlyMap<string, Charging>;
  /** Whether answers tell how the limits stand. */
  readonly headers: boolean;
}
