/**
 * The plan of an operation: fetches, the positions of their objects, and the shape of the answer.
 * Positions know statically which fetch has which field, so that the answer is read from the replies where they lie: nothing is merged.
 */
import type { ArgumentNode, DocumentNode, FieldNode, OperationTypeNode } from 'graphql';
import type { Lookup } from '../supergraph/Supergraph.ts';
import type { TypeRef } from '../supergraph/TypeRef.ts';
import type { ValueMap } from '../supergraph/ValueMap.ts';
import type { DeferSet, DeferUsage, StreamUsage } from './defers.ts';
import type { Guard, GuardExpression } from './guards.ts';
import type { Selection } from './Selection.ts';

export interface Plan {
  readonly operation: OperationTypeNode;
  readonly fetches: readonly Fetch[];
  readonly calls: readonly Call[];
  readonly output: Shape;
  /** Of calls whose entities may have been given before. */
  readonly earlier: ReadonlyMap<Call, Earlier>;
  readonly guards: readonly GuardExpression[];
  /** Parts of the answer; the first is the one that is given at once, and the only one where nothing is deferred. */
  readonly deferSets: readonly (readonly DeferUsage[])[];
  /** Whether it has fields that the caller may not read. */
  readonly denies: boolean;
  /** Whether some of them may not be null, so that what is above them is. */
  readonly bubbles: boolean;
  /** `__schema` and `__type` of the operation as a document of their own; answered by the gateway itself. */
  readonly introspection: DocumentNode | null;
}

/** One request to a subgraph: calls that may leave together. */
export interface Fetch {
  readonly id: number;
  readonly graph: number;
  readonly operation: OperationTypeNode;
  /** Ids of fetches that have to be in before this one can start. */
  readonly deps: readonly number[];
  readonly calls: readonly Call[];
  /** The part of the answer that it is made for. */
  readonly defer: DeferSet;
}

/** A root selection, or a lookup of entities: one field (or one alias an entity) of a fetch's document. */
export interface Call {
  id: number;
  readonly graph: number;
  readonly kind: 'operation' | Lookup['kind'];
  readonly lookup: Lookup | null;
  /** The type that is looked up, in supergraph names. */
  readonly type: string;
  readonly node: UpstreamNode;
  /** Where entities come from; empty for a root selection. */
  readonly sites: Site[];
  /** Arguments of its fields whose values are collected with each entity. */
  readonly arguments: CollectedArgument[];
  /** Calls that must be over before this one starts, though nothing of theirs is read: mutations in sequence. */
  readonly after: Set<Call>;
  /** Set where an equal call of the same fetch does this one's work. */
  sharedWith: Call | null;
  readonly operation: OperationTypeNode;
  /** The part of the answer that it is made for. */
  readonly defer: DeferSet;
  /** True where some of its fields require nothing: then an entity is asked for even if what others require could not be had. */
  isPlain: boolean;
  /** Where it does not hold, nothing of the call is wanted; null until somebody asks for a part of it. */
  guard: Guard | null;
}

/** Where one subgraph may have given entities with all that a later call would ask it for. */
export interface Earlier {
  /** By the same representation. */
  readonly lookups: readonly Call[];
  readonly objects: readonly ObjectsGiven[];
}

/** Objects of one subgraph below a field of its own. */
export interface ObjectsGiven {
  readonly position: Position;
  readonly slot: number;
  /** Response keys of the key's fields there. */
  readonly keys: readonly string[];
}

/** An argument that the gateway fills, an entity at a time: entities with equal values share an alias of the call. */
export interface CollectedArgument {
  /** As the subgraph declares it, in its own names. */
  readonly type: TypeRef;
  /** Out of an object of the fields that each site reads for it. */
  readonly value: ValueMap;
}

export interface Site {
  readonly position: Position;
  /** Read at the position; keys first, then what fields of the call require. */
  readonly representation: ShapeField[];
  /** How many of them are keys. */
  keys: number;
  /** Read at the position for each of the call's arguments; sent as variables and not in the representation. */
  readonly arguments: ShapeField[][];
}

/** A place in the answer (or inside a requirement) that objects of one or more subgraphs describe together. */
export interface Position {
  readonly id: number;
  /** Static type; an object type once run-time types are told apart. */
  readonly type: string;
  readonly slots: Slot[];
  readonly children: Map<string, Position>;
  /** By object type: this position where the value is of that type. */
  readonly views: Map<string, Position>;
  readonly viewOf: Position | null;
  /** Of a position with views: the slot whose `__typename` tells them apart. */
  typeSlot: number | null;
  /** The field whose value stands here; null for the root and for what a view is of. */
  readonly from: { readonly position: Position; readonly field: string } | null;
  /** Where it does not hold, the client does not see the position: nothing is followed from there. */
  readonly guard: Guard;
}

export type SlotOrigin =
  | { readonly kind: 'root'; readonly call: Call }
  | { readonly kind: 'entity'; readonly call: Call }
  | { readonly kind: 'child'; readonly parent: Position; readonly slot: number; readonly field: UpstreamField }
  /** The object of a position above (its parent's, or the viewed one's), or what lies in it under these keys: the same for each item of a list. */
  | { readonly kind: 'above'; readonly slot: number; readonly path: readonly string[]; readonly parent: Position }
  /** The same object as the viewed position's slot. */
  | { readonly kind: 'view'; readonly slot: number };

/** One subgraph's object at a position. */
export interface Slot {
  readonly graph: number;
  readonly origin: SlotOrigin;
  readonly node: UpstreamNode;
  readonly provides: Selection | null;
  /** The part of the answer that the object is fetched for. */
  readonly defer: DeferSet;
  /** The type that the subgraph itself gives the value, where it is narrower than the position's. */
  readonly as?: string | undefined;
}

/** A selection set of an upstream document. */
export interface UpstreamNode {
  readonly graph: number;
  readonly type: string;
  readonly fields: Map<string, UpstreamField>;
  readonly branches: Map<string, UpstreamNode>;
  /** Shared by all branches, so that no two of them mean different things by one response key. */
  readonly keys: KeyTable;
}

export interface KeyTable {
  /** By field, arguments and type: its response key, and the table below it. */
  readonly uses: Map<string, KeyUse[]>;
  readonly taken: Set<string>;
  /** By field name: the number that the next alias of it gets. */
  readonly numbers: Map<string, number>;
}

export interface KeyUse {
  readonly key: string;
  readonly children: KeyTable;
  /** What of the selection could make the object null, by the selection set that it stands in. */
  readonly risks: Map<UpstreamNode, () => string>;
}

export interface UpstreamField {
  readonly key: string;
  /** In the subgraph's own schema. */
  readonly name: string;
  readonly args: string;
  readonly argumentNodes: readonly ArgumentNode[];
  readonly variables: readonly string[];
  /** Arguments that the gateway fills: their names, and where they are in `Call.arguments`. */
  readonly collected: readonly CollectedUse[];
  guard: Guard | null;
  readonly node: UpstreamNode | null;
}

export interface CollectedUse {
  readonly name: string;
  readonly argument: number;
}

export interface Shape {
  readonly position: Position;
  /** Absent where run-time types differ. */
  readonly fields: ShapeField[];
  readonly branches: Branches | null;
}

export interface Branches {
  /** Whose `__typename` decides. */
  readonly slot: number;
  readonly byType: Map<string, Shape>;
}

export interface ShapeField {
  readonly kind: 'value' | 'typename' | 'introspection' | 'denied';
  /** Response key. */
  readonly key: string;
  readonly name: string;
  /** For messages: the type that the field stands on. */
  readonly on: string;
  guard: Guard;
  readonly defer: DeferSet;
  readonly stream: StreamUsage | null;
  readonly type: TypeRef;
  readonly args: string;
  /** Where the value lies; several objects where subgraphs give a value object together. */
  readonly reads: readonly Read[];
  readonly child: Shape | null;
  /** Read for this field before it could be asked for; where one of them could not be had, neither can this. */
  readonly required: readonly ShapeField[] | null;
  /** The value is not what `reads` names, but what lies in it: of a context that several subgraphs give. */
  readonly above?: FieldAbove | undefined;
  /** Of what the caller may not read: where it stands in the document. */
  readonly denied?: readonly FieldNode[] | undefined;
}

/** A field of a position above, whose objects have been handed down. */
export interface FieldAbove {
  readonly position: Position;
  readonly field: ShapeField;
  /** Slots of the position above, and those that they have been handed down to. */
  readonly slots: readonly (readonly [above: number, own: number])[];
}

export interface Read {
  readonly slot: number;
  readonly key: string;
}
