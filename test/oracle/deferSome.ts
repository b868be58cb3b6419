import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  isListType,
  isNonNullType,
  Kind,
  OperationTypeNode,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { insertDefers } from '../support/insertDefers.ts';
import { isValid } from './createTrial.ts';
import type { Random } from './random.ts';

/** The document with some of it deferred and some of its lists streamed; undefined where that is not valid. */
export function deferSome(document: DocumentNode, schema: GraphQLSchema, random: Random): DocumentNode | undefined {
  // Events are answered whole.
  if (getOperationAST(document)?.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
  const complete = random.chance(0.5) ? streamSome(document, schema, random) : document;
  const deferred = parse(insertDefers(print(complete), random.next), { noLocation: true });
  const text = print(deferred);
  const used = CONDITIONS.filter(({ variable }) => text.includes(`$${variable.name.value})`));
  const whole = visit(deferred, {
    OperationDefinition: (node) => ({
      ...node,
      variableDefinitions: [...(node.variableDefinitions ?? []), ...used],
    }),
  });
  return text.split('@defer').length <= MOST_DEFERS && isValid(schema, whole) ? whole : undefined;
}

/** In the older format each fragment is answered whole: more may be refused. */
const MOST_DEFERS = 100;

/** Those that `insertDefers` names. */
const CONDITIONS = parse('query ($yes: Boolean = true, $no: Boolean = false) { a }', {
  noLocation: true,
}).definitions.flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? (node.variableDefinitions ?? []) : []));

function streamSome(document: DocumentNode, schema: GraphQLSchema, random: Random): DocumentNode {
  const info = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        const type = info.getType();
        const nullable = isNonNullType(type) ? type.ofType : type;
        if (!isListType(nullable) || !random.chance(0.4)) return undefined;
        const stream = parse(`{ a @stream(initialCount: ${random.int(0, 2)}) }`, { noLocation: true });
        const [operation] = stream.definitions;
        const [field] = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
        return { ...node, directives: [...(node.directives ?? []), ...(field?.directives ?? [])] };
      },
    }),
  );
}
