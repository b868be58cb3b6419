import { type FieldDefinitionNode, Kind, valueFromASTUntyped } from 'graphql';

/** `@resolveTo`: a field that is answered by a root field of a subgraph, in the words of Hive Gateway. */
export interface ResolveTo {
  readonly sourceName: string;
  /** `Query` unless told; the name of a root type. */
  readonly sourceTypeName?: string | undefined;
  readonly sourceFieldName: string;
  /** Arguments; `{root.id}`, `{args.first}` and `{context.headers.x-tenant}` stand for values. Dotted names lead into input objects. */
  readonly sourceArgs?: Readonly<Record<string, unknown>> | undefined;
  /** What the arguments need of the object. */
  readonly requiredSelectionSet?: string | undefined;
  /** Batch form: `keyField` of the object goes into the list `keysArg`; the reply is matched by position or by that field. */
  readonly keyField?: string | undefined;
  readonly keysArg?: string | undefined;
  /** Batch form: further arguments, the same for all keys. */
  readonly additionalArgs?: Readonly<Record<string, unknown>> | undefined;
  /** Path into the reply: `items`, `edges[0].node`. */
  readonly result?: string | undefined;
  /** What is selected at the source, where it is not what the client asks for: with `result`, the selection down to there. */
  readonly sourceSelectionSet?: string | undefined;
}

const TEXTS = [
  'sourceName',
  'sourceTypeName',
  'sourceFieldName',
  'requiredSelectionSet',
  'keyField',
  'keysArg',
  'result',
  'sourceSelectionSet',
] as const;
const MAPS = ['sourceArgs', 'additionalArgs'] as const;

/** The directive on a field, or undefined; `report` gets what is wrong with its arguments. */
export function readResolveTo(field: FieldDefinitionNode, report: (message: string) => void): ResolveTo | undefined {
  const directive = (field.directives ?? []).find((entry) => entry.name.value === 'resolveTo');
  if (directive === undefined) return undefined;
  const found: Record<string, unknown> = {};
  for (const { name, value } of directive.arguments ?? []) {
    const isText = TEXTS.some((known) => known === name.value);
    const isMap = MAPS.some((known) => known === name.value);
    if (!isText && !isMap) {
      report(
        `"@resolveTo" has no argument "${name.value}"; it has ${[...TEXTS, ...MAPS].map((known) => `"${known}"`).join(', ')}.`,
      );
    } else if (value.kind !== (isText ? Kind.STRING : Kind.OBJECT)) {
      report(`Expected ${isText ? 'a string' : 'an object'} as "${name.value}" of "@resolveTo".`);
    } else found[name.value] = valueFromASTUntyped(value);
  }
  for (const name of ['sourceName', 'sourceFieldName']) {
    if (found[name] === undefined) report(`"@resolveTo" needs "${name}".`);
  }
  if ((found['keyField'] === undefined) !== (found['keysArg'] === undefined))
    report('"@resolveTo" needs "keyField" and "keysArg" together.');
  return found as unknown as ResolveTo;
}

/** What a field with `@resolveTo` needs of its object, as the text of a selection set. */
export function requiredBy({ requiredSelectionSet, keyField }: ResolveTo): string | undefined {
  return requiredSelectionSet ?? (keyField === undefined ? undefined : `{ ${keyField} }`);
}
