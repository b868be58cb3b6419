import type { GraphQLSchema, SelectionSetNode } from 'graphql';
import type { Requirement } from './authorization/Requirement.ts';
import type { CacheHints } from './CacheHints.ts';
import type { Costs } from './Costs.ts';
import type { FieldLimits } from './fieldLimits.ts';
import type { LookupDefinition, MergedType, SubgraphDefinition } from './Subgraph.ts';
import type { TypeRef } from './TypeRef.ts';
import type { ValueMap } from './ValueMap.ts';

/** A subgraph as the composed supergraph knows it. `id` is its index in `Supergraph.subgraphs`. */
export interface SubgraphInfo {
  readonly id: number;
  /** The name as registered; `graph` is its value in the enum `join__Graph`. */
  readonly name: string;
  readonly graph: string;
  readonly url: string;
  readonly definition: SubgraphDefinition;
  /** Set where this is a part of a subgraph (its index) that only has this interface object. */
  readonly part?: { readonly of: number; readonly type: string } | undefined;
}

/** The composed whole, decoded from a supergraph document; immutable. */
export interface Supergraph {
  readonly sdl: string;
  /** What clients see and operations are validated against. */
  readonly clientSchema: GraphQLSchema;
  readonly subgraphs: readonly SubgraphInfo[];
  readonly costs: Costs;
  readonly cacheHints: CacheHints;
  /** Labels of progressive overrides: which of them are active is decided request by request. */
  readonly overrideLabels: readonly string[];
  /** `@rateLimit`s; absent means none. */
  readonly fieldLimits?: FieldLimits | undefined;
  /** Every object, interface, union, enum, scalar and input type, inaccessible ones too. */
  readonly types: ReadonlyMap<string, TypeInfo>;
  /** By `Type` and `Type.field`, as the document has it: what a caller needs. Empty where nothing is protected. */
  readonly requirements: ReadonlyMap<string, Requirement>;
  /** Names of the root types, by operation. */
  readonly roots: {
    readonly query: string;
    readonly mutation?: string | undefined;
    readonly subscription?: string | undefined;
  };
}

/** The key under which the value of a context is read. */
export const CONTEXT_LEAF = 'context';

export type TypeKind = 'object' | 'interface' | 'union' | 'enum' | 'scalar' | 'input';

export interface TypeInfo {
  readonly name: string;
  readonly kind: TypeKind;
  readonly fields: ReadonlyMap<string, FieldInfo>;
  /** By subgraph id: how this type stands in each subgraph that has it. */
  readonly graphs: ReadonlyMap<number, TypeInGraph>;
  /** Object types that a value can have at run time, over all subgraphs; of an object itself alone. */
  readonly possible: readonly string[];
  /** Interfaces that an object or interface implements, and unions that have it. */
  readonly supertypes: ReadonlySet<string>;
  /** Contexts that a value of the type sets for what is selected below it, those of its supertypes too. */
  readonly contexts: ReadonlySet<string>;
  /** Of an enum: values that clients may see. */
  readonly values: ReadonlySet<string>;
  /** Of an enum: values that a subgraph may answer though clients must not see them. */
  readonly hiddenValues: ReadonlySet<string>;
}

export interface TypeInGraph {
  /** Its name in the subgraph's own schema. */
  readonly sourceName: string;
  readonly lookups: readonly Lookup[];
  /** Fields that are part of any of its keys, so that the subgraph can always give them. */
  readonly keyFields: ReadonlySet<string>;
  /** An extension of Federation 1: its keys are marked external by habit, though it has them. */
  readonly isExtension: boolean;
  /** Of an abstract type: object types that this subgraph can answer. */
  readonly possible: readonly string[];
  readonly isInterfaceObject: boolean;
}

/** A way into a subgraph: `_entities`, or a query field that the configuration or the subgraph's own schema names. */
export interface Lookup {
  readonly graph: number;
  /** The type that is looked up (and named in a representation). */
  readonly type: string;
  readonly kind: 'entities' | 'rootBatch' | 'root';
  readonly key: SelectionSetNode;
  /** Of `root` and `rootBatch`: fields from the query root to the one that answers. */
  readonly path: readonly string[];
  /** Of a batch: how items of the reply find their keys, and how many keys one call takes. */
  readonly batch?: { readonly reply: 'positional' | 'byKey'; readonly max?: number | undefined } | undefined;
  /** How arguments are made: by configuration, or as the subgraph's own schema says. */
  readonly merge?: MergedType | undefined;
  readonly definition?: LookupDefinition | undefined;
}

export interface FieldInfo {
  readonly name: string;
  readonly type: TypeRef;
  /** Type of each argument, by name. */
  readonly args: ReadonlyMap<string, TypeRef>;
  /** By subgraph id. */
  readonly owners: ReadonlyMap<number, FieldOwner>;
}

export interface RequiredArgument {
  readonly name: string;
  /** As the subgraph declares it, in its own names. */
  readonly type: TypeRef;
  /** What it is made of, on the type that has the field. */
  /** Read from the nearest object above that sets this context, rather than from the field's own object. */
  readonly context?: string | undefined;
  readonly selection: SelectionSetNode;
  readonly value: ValueMap;
}

export interface FieldOwner {
  readonly graph: number;
  readonly sourceName: string;
  /** True where the subgraph only mentions the field and cannot resolve it, unless a path provides it. */
  readonly external: boolean;
  readonly requires?: SelectionSetNode | undefined;
  readonly provides?: SelectionSetNode | undefined;
  /** The subgraph owns the field only while the label is active (`when` is true) or only while it is not. */
  readonly override?: { readonly label: string; readonly when: boolean } | undefined;
  /** Arguments that clients do not see: the gateway fills them with what `requires` says, which then is not sent otherwise. */
  readonly arguments?: readonly RequiredArgument[] | undefined;
  /** The field's type in this subgraph, printed; it may differ from the supergraph's in nullability. */
  readonly typeText: string;
}
