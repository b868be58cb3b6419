import { normalizeSchema } from './normalizeSchema.ts';
import { asList, asNode, asText, type Spec, type SpecNode } from './Spec.ts';

/** Which of several schemas a value has. */
export interface TypeChoice {
  /** References to the components that extend this one by `allOf`, where it has a discriminator. */
  childrenOf(component: string): readonly SpecNode[];
  parentsOf(component: string): readonly SpecNode[];
  resolveType(
    members: readonly unknown[],
    node: SpecNode,
    nameOf: (member: unknown) => string,
  ): (value: unknown) => string | undefined;
}

const prefix = '#/components/schemas/';

export function createTypeChoice(spec: Spec): TypeChoice {
  const components = asNode(asNode(spec.document['components'])['schemas']);
  const extended = (component: string): string[] =>
    asList(asNode(components[component])['allOf'])
      .map((part) => asText(asNode(part)['$ref']) ?? '')
      .filter((ref) => ref.startsWith(prefix))
      .map((ref) => ref.slice(prefix.length))
      .filter((name) => isBase(asNode(components[name])));
  const toRef = (name: string): SpecNode => ({ $ref: `${prefix}${name}` });
  return {
    childrenOf: (component) =>
      isBase(asNode(components[component]))
        ? Object.keys(components)
            .filter((name) => extended(name).includes(component))
            .map(toRef)
        : [],
    parentsOf: (component) => extended(component).map(toRef),
    resolveType(members, node, nameOf) {
      const discriminator = asNode(node['discriminator']);
      const property = asText(discriminator['propertyName']);
      const mapping = new Map(
        Object.entries(asNode(discriminator['mapping'])).map(([value, ref]) => [
          value,
          String(ref).replace(prefix, ''),
        ]),
      );
      const byComponent = (name: string): unknown => members.find((member) => spec.resolve(member).name === name);
      return (value) => {
        const fields = asNode(value);
        const tag = property === undefined ? undefined : asText(fields[property]);
        const tagged = tag === undefined ? undefined : byComponent(mapping.get(tag) ?? tag);
        const member = tagged ?? members.find((candidate) => fits(spec, candidate, fields));
        return member === undefined ? undefined : nameOf(member);
      };
    },
  };
}

function isBase(node: SpecNode): boolean {
  return node['discriminator'] !== undefined && node['oneOf'] === undefined && node['anyOf'] === undefined;
}

/** Without a discriminator: the first schema whose required properties are all there and that knows all of the value's. */
function fits(spec: Spec, schema: unknown, value: SpecNode): boolean {
  const { properties, required } = normalizeSchema(spec, schema);
  return [...required].every((name) => name in value) && Object.keys(value).every((name) => properties.has(name));
}
