import { GraphQLBoolean, GraphQLFloat, GraphQLInt, type GraphQLScalarType, GraphQLString } from 'graphql';
import { dateTimeScalar, durationScalar, jsonScalar, longScalar } from '../executable/scalars.ts';

/** A message that is a scalar in GraphQL. `read` takes what protobufjs' `toObject` gives; `write` gives what its `fromObject` takes. */
export interface WellKnownType {
  readonly type: GraphQLScalarType;
  read(message: unknown): unknown;
  write(value: unknown): unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const wrapper = (type: GraphQLScalarType): WellKnownType => ({
  type,
  read: (message) => (message as Fields)['value'],
  write: (value) => ({ value }),
});

/** By full name, without the leading dot. */
export const wellKnownTypes: ReadonlyMap<string, WellKnownType> = new Map<string, WellKnownType>([
  ['google.protobuf.Timestamp', { type: dateTimeScalar, read: readTimestamp, write: writeTimestamp }],
  ['google.protobuf.Duration', { type: durationScalar, read: readDuration, write: writeDuration }],
  ['google.protobuf.Empty', { type: GraphQLBoolean, read: () => true, write: () => ({}) }],
  ['google.protobuf.Struct', { type: jsonScalar, read: readStruct, write: writeStruct }],
  ['google.protobuf.Value', { type: jsonScalar, read: readValue, write: writeValue }],
  ['google.protobuf.ListValue', { type: jsonScalar, read: readList, write: writeList }],
  ['google.protobuf.Any', { type: jsonScalar, read: (message) => message, write: (value) => value }],
  [
    'google.protobuf.FieldMask',
    {
      type: GraphQLString,
      read: (message) => ((message as Fields)['paths'] as readonly string[]).join(','),
      write: (value) => ({ paths: String(value).split(',') }),
    },
  ],
  ['google.protobuf.StringValue', wrapper(GraphQLString)],
  ['google.protobuf.BytesValue', wrapper(GraphQLString)],
  ['google.protobuf.BoolValue', wrapper(GraphQLBoolean)],
  ['google.protobuf.Int32Value', wrapper(GraphQLInt)],
  ['google.protobuf.UInt32Value', wrapper(GraphQLFloat)],
  ['google.protobuf.Int64Value', wrapper(longScalar)],
  ['google.protobuf.UInt64Value', wrapper(longScalar)],
  ['google.protobuf.FloatValue', wrapper(GraphQLFloat)],
  ['google.protobuf.DoubleValue', wrapper(GraphQLFloat)],
]);

function readTimestamp(message: unknown): string {
  const { seconds, nanos } = message as { readonly seconds: string; readonly nanos: number };
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${fraction(nanos)}Z`;
}

function writeTimestamp(value: unknown): unknown {
  const text = String(value);
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) {
    throw new RangeError(`"${text}" is not a date and time.`);
  }
  const digits = /\.(\d{1,9})/.exec(text)?.[1] ?? '0';
  return { seconds: String(Math.floor(milliseconds / 1000)), nanos: Number(digits.padEnd(9, '0')) };
}

function readDuration(message: unknown): string {
  const { seconds, nanos } = message as { readonly seconds: string; readonly nanos: number };
  const sign = nanos < 0 && !seconds.startsWith('-') ? '-' : '';
  return `${sign}${seconds}${fraction(Math.abs(nanos))}s`;
}

function writeDuration(value: unknown): unknown {
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(String(value));
  if (match === null) {
    throw new RangeError(`"${String(value)}" is not a duration such as "1.5s".`);
  }
  const [, sign = '', seconds = '0', digits = '0'] = match;
  return { seconds: `${sign}${seconds}`, nanos: Number(`${sign}${digits.padEnd(9, '0')}`) };
}

function fraction(nanos: number): string {
  return nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
}

function readStruct(message: unknown): unknown {
  const fields = ((message as Fields)['fields'] ?? {}) as Fields;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, readValue(value)]));
}

function readList(message: unknown): unknown {
  return (((message as Fields)['values'] ?? []) as readonly unknown[]).map(readValue);
}

function readValue(message: unknown): unknown {
  const value = message as Fields;
  if (value['structValue'] !== undefined && value['structValue'] !== null) return readStruct(value['structValue']);
  if (value['listValue'] !== undefined && value['listValue'] !== null) return readList(value['listValue']);
  return value['stringValue'] ?? value['numberValue'] ?? value['boolValue'] ?? null;
}

function writeStruct(value: unknown): unknown {
  return {
    fields: Object.fromEntries(Object.entries(value as Fields).map(([name, member]) => [name, writeValue(member)])),
  };
}

function writeList(value: unknown): unknown {
  return { values: (Array.isArray(value) ? value : [value]).map(writeValue) };
}

function writeValue(value: unknown): unknown {
  if (value === null || value === undefined) return { nullValue: 0 };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Array.isArray(value) ? { listValue: writeList(value) } : { structValue: writeStruct(value) };
}
