import { type DefinitionNode, type DocumentNode, Kind, parse, print, visit } from 'graphql';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';

/** Subgraphs from which everything has been left out that the failure does not need. */
export async function shrinkSubgraphs(
  subgraphs: readonly Subgraph[],
  fails: (subgraphs: readonly Subgraph[]) => Promise<boolean>,
  until: number,
): Promise<readonly Subgraph[]> {
  let smallest = subgraphs;
  for (;;) {
    let smaller: readonly Subgraph[] | undefined;
    for (const candidate of candidates(smallest)) {
      if (Date.now() > until) return smallest;
      if (await fails(candidate)) {
        smaller = candidate;
        break;
      }
    }
    if (smaller === undefined) return smallest;
    smallest = smaller;
  }
}

function* candidates(subgraphs: readonly Subgraph[]): Generator<readonly Subgraph[]> {
  for (const [index] of subgraphs.entries()) if (subgraphs.length > 1) yield subgraphs.filter((_, at) => at !== index);
  const names = new Set(
    subgraphs.flatMap(({ sdl }) =>
      parse(sdl).definitions.flatMap((node) => ('name' in node && node.name !== undefined ? [node.name.value] : [])),
    ),
  );
  for (const name of names) yield subgraphs.map((one) => edit(one, (document) => withoutType(document, name)));
  const fields = new Set(subgraphs.flatMap(({ sdl }) => fieldNames(parse(sdl))));
  for (const field of fields) yield subgraphs.map((one) => edit(one, (document) => withoutField(document, field)));
  for (const [index, subgraph] of subgraphs.entries()) {
    const replaced = (with_: (document: DocumentNode) => DocumentNode) =>
      subgraphs.map((one, at) => (at === index ? edit(one, with_) : one));
    for (const field of fieldNames(parse(subgraph.sdl))) yield replaced((document) => withoutField(document, field));
    for (let n = 0; n < directiveCount(parse(subgraph.sdl)); n += 1)
      yield replaced((document) => withoutDirective(document, n));
  }
}

function edit(subgraph: Subgraph, change: (document: DocumentNode) => DocumentNode): Subgraph {
  return { ...subgraph, sdl: print(change(parse(subgraph.sdl, { noLocation: true }))) };
}

function fieldNames(document: DocumentNode): string[] {
  return document.definitions.flatMap((node) =>
    'fields' in node && 'name' in node
      ? (node.fields ?? []).map((field) => `${node.name?.value}.${field.name.value}`)
      : [],
  );
}

function withoutType(document: DocumentNode, name: string): DocumentNode {
  return {
    ...document,
    definitions: document.definitions
      .filter((node) => !('name' in node) || node.name?.value !== name)
      .map((node) =>
        node.kind === Kind.UNION_TYPE_DEFINITION
          ? { ...node, types: (node.types ?? []).filter((member) => member.name.value !== name) }
          : 'interfaces' in node
            ? { ...node, interfaces: (node.interfaces ?? []).filter((one) => one.name.value !== name) }
            : node,
      ) as DocumentNode['definitions'],
  };
}

function withoutField(document: DocumentNode, coordinate: string): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.flatMap((node) => {
      if (!('fields' in node) || !('name' in node)) return [node];
      const fields = (node.fields ?? []).filter((field) => `${node.name?.value}.${field.name.value}` !== coordinate);
      return fields.length === 0 ? [] : [{ ...node, fields } as DefinitionNode];
    }),
  };
}

function directiveCount(document: DocumentNode): number {
  let count = 0;
  visit(document, {
    Directive() {
      count += 1;
    },
  });
  return count;
}

function withoutDirective(document: DocumentNode, n: number): DocumentNode {
  let at = -1;
  return visit(document, {
    Directive: () => {
      at += 1;
      return at === n ? null : undefined;
    },
  });
}
