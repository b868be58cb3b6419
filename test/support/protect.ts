import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  parse,
  print,
  type TypeDefinitionNode,
  visit,
} from 'graphql';
import type { Caller } from '../../src/execute/Source.ts';

/** A supergraph document with directives at `Type` and `Type.field`, as a finished one may have them. */
export function protect(sdl: string, marks: Readonly<Record<string, string>>): string {
  const more = (coordinate: string, own: readonly ConstDirectiveNode[] = []) => {
    const text = marks[coordinate];
    return text === undefined ? own : [...own, ...directives(text)];
  };
  const enter = <Node extends TypeDefinitionNode>(node: Node) => {
    const type = node.name.value;
    const fields =
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? {
            fields: (node.fields ?? []).map((field) => ({
              ...field,
              directives: more(`${type}.${field.name.value}`, field.directives),
            })),
          }
        : {};
    return { ...node, ...fields, directives: more(type, node.directives as readonly ConstDirectiveNode[] | undefined) };
  };
  return print(
    visit(parse(sdl), {
      ObjectTypeDefinition: enter,
      InterfaceTypeDefinition: enter,
      ScalarTypeDefinition: enter,
      EnumTypeDefinition: enter,
    }) as DocumentNode,
  );
}

function directives(text: string): readonly ConstDirectiveNode[] {
  const [node] = parse(`scalar S ${text}`, { noLocation: true }).definitions;
  return node?.kind === Kind.SCALAR_TYPE_DEFINITION ? (node.directives ?? []) : [];
}

/** Somebody with these scopes. */
export function callerWith(...scopes: readonly string[]): Caller {
  return { key: `test ${scopes.join(' ')}`, id: 'somebody', method: 'test', scopes, claims: {} };
}
