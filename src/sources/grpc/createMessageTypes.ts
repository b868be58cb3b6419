import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  type GraphQLType,
  GraphQLUnionType,
} from 'graphql';
import protobuf from 'protobufjs';
import { nonNull } from '../executable/nonNull.ts';
import { longScalar } from '../executable/scalars.ts';
import { claimName, toEnumValueName, toGraphqlName, toLowerCamel } from '../executable/toGraphqlName.ts';
import { wellKnownTypes } from './wellKnownTypes.ts';

/** The GraphQL side of messages. Values are read from what `toObject` gives and written as `fromObject` takes them. */
export interface MessageTypes {
  output(message: protobuf.Type): Readable;
  /** The arguments that a request message is spread into, by GraphQL name. */
  inputFields(message: protobuf.Type): ReadonlyMap<string, WritableField>;
  field(field: protobuf.Field): Readable;
}

export interface Readable {
  readonly type: GraphQLOutputType;
  read(value: unknown): unknown;
}

export interface Writable {
  readonly type: GraphQLInputType;
  write(value: unknown): unknown;
}

export interface WritableField extends Writable {
  readonly wireName: string;
  readonly description: string | null;
}

type Fields = Readonly<Record<string, unknown>>;
const same = (value: unknown): unknown => value;

/** Types are made on demand, each message once. `keyFields` (`Type.field`) become `ID` where they are strings. */
export function createMessageTypes(keyFields: ReadonlySet<string>): MessageTypes {
  const taken = new Set(['Query', 'Mutation', 'Subscription']);
  const names = new Map<string, string>();
  const made = new Map<string, GraphQLType>();
  const nameOf = (thing: protobuf.ReflectionObject, suffix = ''): string => {
    const key = `${thing.fullName}${suffix}`;
    const name = names.get(key) ?? claimName(taken, `${nestedName(thing)}${suffix}`);
    names.set(key, name);
    return name;
  };
  const once = <T extends GraphQLType>(name: string, create: () => T): T => {
    const type = (made.get(name) as T | undefined) ?? create();
    made.set(name, type);
    return type;
  };

  const enumType = (thing: protobuf.Enum): GraphQLEnumType => {
    const name = nameOf(thing);
    return once(name, () => {
      const values = Object.keys(thing.values).map((value) => {
        const description = thing.comments[value] ?? null;
        return [toEnumValueName(value), { value, description }] as const;
      });
      return new GraphQLEnumType({ name, description: thing.comment, values: Object.fromEntries(values) });
    });
  };

  const scalar = (field: protobuf.Field): Readable & Writable => {
    const owner = field.parent instanceof protobuf.Type ? nestedName(field.parent) : '';
    const name = toLowerCamel(field.name);
    const isKey = field.type === 'string' && (name === 'id' || keyFields.has(`${owner}.${name}`));
    const type = isKey ? GraphQLID : (scalars.get(field.type) ?? GraphQLString);
    return { type, read: same, write: same };
  };

  const single = (field: protobuf.Field): Readable => {
    const resolved = field.resolvedType;
    if (resolved instanceof protobuf.Enum) return { type: enumType(resolved), read: same };
    return resolved instanceof protobuf.Type ? types.output(resolved) : scalar(field);
  };

  const singleInput = (field: protobuf.Field): Writable => {
    const resolved = field.resolvedType;
    if (resolved instanceof protobuf.Enum) return { type: enumType(resolved), write: same };
    return resolved instanceof protobuf.Type ? input(resolved) : scalar(field);
  };

  const input = (message: protobuf.Type): Writable => {
    const known = wellKnownTypes.get(message.fullName.slice(1));
    if (known !== undefined) return known;
    if (message.fieldsArray.length === 0) return { type: GraphQLBoolean, write: () => ({}) };
    const name = nameOf(message, 'Input');
    const type = once(
      name,
      () =>
        new GraphQLInputObjectType({
          name,
          description: message.comment,
          fields: () => Object.fromEntries(types.inputFields(message)),
        }),
    );
    return { type, write: (value) => writeFields(types.inputFields(message), value as Fields) };
  };

  const inputField = (field: protobuf.Field): WritableField => {
    const base = { wireName: field.name, description: field.comment };
    const value = singleInput(field);
    if (field instanceof protobuf.MapField) {
      const name = `${nameOf(field.parent ?? field)}${capital(field.name)}EntryInput`;
      const key = mapKey(field);
      const type = once(
        name,
        () =>
          new GraphQLInputObjectType({ name, fields: { key: { type: key }, value: { type: nonNull(value.type) } } }),
      );
      const write = (entries: unknown): unknown =>
        Object.fromEntries((entries as readonly Fields[]).map((entry) => [entry['key'], value.write(entry['value'])]));
      return { ...base, type: listOf(type), write };
    }
    return field.repeated
      ? { ...base, type: listOf(value.type), write: (items) => (items as readonly unknown[]).map(value.write) }
      : { ...base, ...value };
  };

  const mapEntries = (field: protobuf.MapField, value: Readable): Readable => {
    const name = `${nameOf(field.parent ?? field)}${capital(field.name)}Entry`;
    const fields = { key: { type: mapKey(field) }, value: { type: nonNull(value.type) } };
    const type = once(name, () => new GraphQLObjectType({ name, fields }));
    const read = (map: unknown): unknown =>
      Object.entries((map ?? {}) as Fields).map(([key, member]) => ({ key, value: value.read(member) }));
    return { type: nonNull(listOf(type)), read };
  };

  const messageFields = (message: protobuf.Type): GraphQLFieldConfigMap<unknown, unknown> => {
    const fields: GraphQLFieldConfigMap<unknown, unknown> = {};
    for (const field of message.fieldsArray) {
      const { type, read } = types.field(field);
      fields[toLowerCamel(field.name)] = {
        type,
        description: field.comment,
        resolve: (parent) => read((parent as Fields)[field.name]),
      };
    }
    for (const oneof of message.oneofsArray) {
      const union = unionOf(message, oneof);
      if (union !== undefined && fields[toLowerCamel(oneof.name)] === undefined) {
        fields[toLowerCamel(oneof.name)] = union;
      }
    }
    return fields;
  };

  /** A oneof of different messages is a union, too; its members stay reachable one by one. */
  const unionOf = (message: protobuf.Type, oneof: protobuf.OneOf) => {
    const members = oneof.fieldsArray.map((field) => ({ field, type: single(field).type }));
    const objects = members.flatMap(({ type }) => (type instanceof GraphQLObjectType ? [type] : []));
    if (oneof.isProto3Optional || objects.length < members.length || new Set(objects).size < members.length) {
      return undefined;
    }
    const name = `${nameOf(message)}${capital(oneof.name)}`;
    const type = once(name, () => new GraphQLUnionType({ name, description: oneof.comment, types: objects }));
    return {
      type,
      description: oneof.comment,
      resolve: (parent: unknown) => {
        const chosen = members.find(({ field }) => isSet((parent as Fields)[field.name]));
        const value = chosen === undefined ? undefined : (parent as Fields)[chosen.field.name];
        return chosen === undefined ? null : { ...(value as object), __typename: String(chosen.type) };
      },
    };
  };

  const types: MessageTypes = {
    output(message) {
      const known = wellKnownTypes.get(message.fullName.slice(1));
      if (known !== undefined) return { type: known.type, read: (value) => (isSet(value) ? known.read(value) : null) };
      if (message.fieldsArray.length === 0) {
        return { type: GraphQLBoolean, read: (value) => (isSet(value) ? true : null) };
      }
      const name = nameOf(message);
      const type = once(
        name,
        () => new GraphQLObjectType({ name, description: message.comment, fields: () => messageFields(message) }),
      );
      return { type, read: same };
    },
    inputFields: (message) =>
      new Map(message.fieldsArray.map((field) => [toLowerCamel(field.name), inputField(field)])),
    field(field) {
      const value = single(field);
      if (field instanceof protobuf.MapField) return mapEntries(field, value);
      if (field.repeated) {
        const read = (items: unknown): unknown => ((items ?? []) as readonly unknown[]).map(value.read);
        return { type: nonNull(listOf(value.type)), read };
      }
      const hasDefault = !(field.resolvedType instanceof protobuf.Type) && field.partOf === null;
      return hasDefault ? { ...value, type: nonNull(value.type) } : value;
    },
  };
  return types;
}

/** What `fromObject` takes. Fields that are absent or null are left out. */
export function writeFields(fields: ReadonlyMap<string, WritableField>, values: Fields): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const [name, { wireName, write }] of fields) {
    const value = values[name];
    if (isSet(value)) message[wireName] = write(value);
  }
  return message;
}

const scalars: ReadonlyMap<string, GraphQLOutputType & GraphQLInputType> = new Map<
  string,
  GraphQLOutputType & GraphQLInputType
>([
  ...['int32', 'sint32', 'sfixed32'].map((name) => [name, GraphQLInt] as const),
  ...['uint32', 'fixed32', 'float', 'double'].map((name) => [name, GraphQLFloat] as const),
  ...['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64'].map((name) => [name, longScalar] as const),
  ['bool', GraphQLBoolean],
]);

/** Keys come as text whatever their type, so that they stay text. */
const mapKey = (_field: protobuf.MapField): GraphQLNonNull<typeof GraphQLString> => new GraphQLNonNull(GraphQLString);

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function listOf<T extends GraphQLType>(type: T): GraphQLList<GraphQLNonNull<never>> {
  return new GraphQLList(new GraphQLNonNull(type as never));
}

function capital(name: string): string {
  const camel = toLowerCamel(name);
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
}

/** `Outer_Inner` for nested messages, without the package. */
function nestedName(thing: protobuf.ReflectionObject): string {
  const parts = [thing.name];
  for (let { parent } = thing; parent instanceof protobuf.Type; parent = parent.parent) parts.unshift(parent.name);
  return toGraphqlName(parts.join('_'));
}
