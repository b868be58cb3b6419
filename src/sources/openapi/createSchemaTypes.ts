import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  type GraphQLType,
  GraphQLUnionType,
} from 'graphql';
import { nonNull } from '../executable/nonNull.ts';
import { dateScalar, dateTimeScalar, jsonScalar, longScalar } from '../executable/scalars.ts';
import { claimName, toEnumValueName, toGraphqlName } from '../executable/toGraphqlName.ts';
import { createTypeChoice } from './createTypeChoice.ts';
import { type NormalSchema, normalizeSchema } from './normalizeSchema.ts';
import { asList, asNode, asText, type Spec, type SpecNode } from './Spec.ts';

export interface Output {
  readonly type: GraphQLOutputType;
  readonly nullable: boolean;
}

export interface Input {
  readonly type: GraphQLInputType;
  readonly nullable: boolean;
  /** A GraphQL value as JSON to send. */
  write(value: unknown): unknown;
}

export interface SchemaTypes {
  /** `hint` names a schema that is no component. */
  output(schema: unknown, hint: string, isKey?: boolean): Output;
  input(schema: unknown, hint: string): Input;
  /** Implementations of interfaces: nothing refers to them, but they are part of the schema. */
  implementations(): readonly GraphQLObjectType[];
}

const same = (value: unknown): unknown => value;

/** Types are made on demand, each schema once. `keyFields` (`Type.field`) become `ID` where they are strings. */
export function createSchemaTypes(spec: Spec, keyFields: ReadonlySet<string>): SchemaTypes {
  const taken = new Set('Query Mutation Subscription String Int Float Boolean ID JSON Long Date DateTime'.split(' '));
  const made = new Map<unknown, Map<string, GraphQLType>>();
  const found = new Set<GraphQLObjectType>();
  const choice = createTypeChoice(spec);

  const once = <T extends GraphQLType>(
    normal: NormalSchema,
    mode: string,
    hint: string,
    create: (name: string) => T,
  ): T => {
    const byMode = made.get(normal.node) ?? new Map<string, GraphQLType>();
    made.set(normal.node, byMode);
    const known = byMode.get(mode) as T | undefined;
    if (known !== undefined) return known;
    const type = create(claimName(taken, toGraphqlName(`${normal.name ?? hint}${mode === 'Input' ? 'Input' : ''}`)));
    byMode.set(mode, type);
    return type;
  };

  const enumOf = (normal: NormalSchema, hint: string): GraphQLEnumType | undefined => {
    const values = asList(normal.node['enum']).filter((value) => value !== null);
    if (values.length === 0 || values.some((value) => typeof value !== 'string' || value === '')) return undefined;
    return once(normal, 'enum', hint, (name) => {
      const names = new Set<string>();
      const entries = values.map((value) => [claimName(names, toEnumValueName(String(value))), { value }] as const);
      return new GraphQLEnumType({ name, description: describe(normal.node), values: Object.fromEntries(entries) });
    });
  };

  const fieldsOf = (normal: NormalSchema, typeName: string): GraphQLFieldConfigMap<unknown, unknown> => {
    const names = new Set<string>();
    const fields: GraphQLFieldConfigMap<unknown, unknown> = {};
    for (const [wire, property] of normal.properties) {
      if (spec.resolve(property).node['writeOnly'] === true) continue;
      const name = claimName(names, toGraphqlName(wire));
      const { type, nullable } = types.output(property, `${typeName}_${name}`, keyFields.has(`${typeName}.${name}`));
      fields[name] = {
        type: normal.required.has(wire) && !nullable ? nonNull(type) : type,
        description: describe(asNode(property)) ?? describe(spec.resolve(property).node),
        ...(wire === name ? {} : { resolve: (parent: unknown) => (parent as SpecNode)[wire] }),
      };
    }
    return fields;
  };

  const objectOf = (normal: NormalSchema, hint: string): GraphQLObjectType | GraphQLInterfaceType => {
    const children = normal.name === undefined ? [] : choice.childrenOf(normal.name);
    const description = describe(normal.node);
    if (children.length > 0) {
      const { node } = normal;
      return once(normal, 'interface', hint, (name) => {
        const isTypeOf = choice.resolveType(children, node, (child) => String(types.output(child, name).type));
        return new GraphQLInterfaceType({
          name,
          description,
          fields: () => {
            // Here and not before: an interface and its implementations refer to each other.
            for (const child of children) types.output(child, name);
            return fieldsOf(normal, name);
          },
          resolveType: isTypeOf,
        });
      });
    }
    const parents = normal.name === undefined ? [] : choice.parentsOf(normal.name);
    return once(normal, 'object', hint, (name) => {
      const type = new GraphQLObjectType({
        name,
        description,
        fields: () => fieldsOf(normal, name),
        interfaces: () =>
          parents
            .map((parent) => types.output(parent, name).type)
            .filter((parent) => parent instanceof GraphQLInterfaceType),
      });
      if (parents.length > 0) found.add(type);
      return type;
    });
  };

  const unionOf = (normal: NormalSchema, hint: string): GraphQLOutputType => {
    const members = normal.choices.map((member) => types.output(member, `${hint}Option`).type);
    const objects = new Set(members.flatMap((type) => (type instanceof GraphQLObjectType ? [type] : [])));
    if (objects.size < members.length) return jsonScalar;
    const resolveType = choice.resolveType(normal.choices, normal.node, (member) =>
      String(types.output(member, hint).type),
    );
    const description = describe(normal.node);
    return once(
      normal,
      'union',
      hint,
      (name) => new GraphQLUnionType({ name, description, types: [...objects], resolveType }),
    );
  };

  const inputObject = (normal: NormalSchema, hint: string): Input => {
    const members = (): Map<string, { readonly wire: string; readonly input: Input; readonly property: unknown }> => {
      const names = new Set<string>();
      const writable = [...normal.properties].filter(
        ([, property]) => spec.resolve(property).node['readOnly'] !== true,
      );
      return new Map(
        writable.map(([wire, property]) => {
          const name = claimName(names, toGraphqlName(wire));
          return [name, { wire, property, input: types.input(property, `${hint}_${name}`) }];
        }),
      );
    };
    const type = once(normal, 'Input', hint, (name) => {
      const fields = () =>
        Object.fromEntries(
          [...members()].map(([field, { wire, input, property }]) => {
            const isRequired = normal.required.has(wire) && !input.nullable;
            const description = describe(asNode(property)) ?? describe(spec.resolve(property).node);
            return [field, { type: isRequired ? nonNull(input.type) : input.type, description }];
          }),
        );
      return new GraphQLInputObjectType({ name, description: describe(normal.node), fields });
    });
    const write = (value: unknown): unknown =>
      Object.fromEntries(
        [...members()].flatMap(([name, { wire, input }]) => {
          const member = (value as SpecNode)[name];
          return member === undefined ? [] : [[wire, member === null ? null : input.write(member)]];
        }),
      );
    return { type, nullable: normal.nullable, write };
  };

  const types: SchemaTypes = {
    implementations: () => [...found],
    output(schema, hint, isKey = false) {
      const normal = normalizeSchema(spec, schema);
      const { nullable } = normal;
      const [only, ...others] = normal.choices;
      if (only !== undefined && normal.properties.size === 0) {
        if (others.length > 0) return { type: unionOf(normal, hint), nullable };
        const inner = types.output(only, normal.name ?? hint, isKey);
        return { type: inner.type, nullable: nullable || inner.nullable };
      }
      const enumType = enumOf(normal, hint);
      if (enumType !== undefined) return { type: enumType, nullable };
      if (normal.type === 'array') {
        const item = types.output(normal.node['items'], `${normal.name ?? hint}Item`);
        return { type: new GraphQLList(item.nullable ? item.type : nonNull(item.type)), nullable };
      }
      const type = normal.properties.size > 0 ? objectOf(normal, hint) : scalarOf(normal, isKey);
      return { type, nullable };
    },
    input(schema, hint) {
      const normal = normalizeSchema(spec, schema);
      const { nullable } = normal;
      const [only, ...others] = normal.choices;
      if (only !== undefined && normal.properties.size === 0) {
        if (others.length > 0) return { type: jsonScalar, nullable, write: same };
        const inner = types.input(only, normal.name ?? hint);
        return { ...inner, nullable: nullable || inner.nullable };
      }
      const enumType = enumOf(normal, hint);
      if (enumType !== undefined) return { type: enumType, nullable, write: same };
      if (normal.type === 'array') {
        const item = types.input(normal.node['items'], `${normal.name ?? hint}Item`);
        const type = new GraphQLList(item.nullable ? item.type : nonNull(item.type));
        const write = (items: unknown): unknown =>
          (items as readonly unknown[]).map((value) => (value === null ? null : item.write(value)));
        return { type, nullable, write };
      }
      if (normal.properties.size > 0) return inputObject(normal, hint);
      const type = scalarOf(normal, false);
      return { type, nullable, write: type === longScalar ? writeLong : same };
    },
  };
  return types;
}

function scalarOf({ type, node }: NormalSchema, isKey: boolean) {
  const format = asText(node['format']);
  switch (type) {
    case 'string':
      if (isKey || format === 'id' || format === 'uuid') return GraphQLID;
      return format === 'date-time' ? dateTimeScalar : format === 'date' ? dateScalar : GraphQLString;
    case 'integer':
      return format === 'int64' ? longScalar : GraphQLInt;
    case 'number':
      return GraphQLFloat;
    case 'boolean':
      return GraphQLBoolean;
    default:
      return jsonScalar;
  }
}

/** A number in JSON with all of its digits. */
function writeLong(value: unknown): unknown {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  return rawJSON(String(BigInt(String(value))));
}

export function describe(node: SpecNode): string | null {
  return asText(node['description']) ?? asText(node['summary']) ?? asText(node['title']) ?? null;
}
