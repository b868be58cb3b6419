import { type DocumentNode, visit } from 'graphql';
import { isType } from '../schemaIndex.ts';

interface Described {
  readonly name: string;
  readonly typeDefs: DocumentNode;
  /** `Type` and `Type.field`, a type with all of its fields. */
  readonly canonical: readonly string[];
}

/** The documents without the descriptions that another one has canonically. */
export function preferCanonical<T extends Described>(services: readonly T[]): T[] {
  if (services.every(({ canonical }) => canonical.length === 0)) return [...services];
  return services.map((service) => {
    const others = new Set(services.filter((other) => other !== service).flatMap(({ canonical }) => canonical));
    const mine = new Set(service.canonical);
    const isOthers = (...coordinates: string[]) =>
      coordinates.some((one) => others.has(one)) && !coordinates.some((one) => mine.has(one));
    const definitions = service.typeDefs.definitions.map((node) => {
      if (!isType(node)) return node;
      const type = node.name.value;
      const described = isOthers(type) && 'description' in node ? { ...node, description: undefined } : node;
      const withoutDescription = (field: { readonly name: { readonly value: string } }) =>
        isOthers(type, `${type}.${field.name.value}`) ? { ...field, description: undefined } : undefined;
      return visit(described, { FieldDefinition: withoutDescription, InputValueDefinition: withoutDescription });
    });
    return { ...service, typeDefs: { ...service.typeDefs, definitions } };
  });
}
