import { type DirectiveNode, Kind, parse, print, type SelectionNode, visit } from 'graphql';

/**
 * The same operation with `@defer` on some of its fragments, and some of its fields in fragments that are deferred; one selection may stand twice,
 * at once and deferred, or in two deferred fragments. `next` gives numbers in [0, 1). Of mutations only what is below the root is deferred.
 */
export function insertDefers(operation: string, next: () => number, chance = 0.25): string {
  const defer = () => {
    const condition = next() < 0.1 ? ', if: $no' : next() < 0.1 ? ', if: $yes' : '';
    const text = `{ ... @defer(label: "d"${condition}) { a } }`;
    let directives: readonly DirectiveNode[] = [];
    visit(parse(text), {
      Directive(node) {
        directives = [node];
      },
    });
    return directives;
  };
  const wrap = (selections: readonly SelectionNode[]): SelectionNode => ({
    kind: Kind.INLINE_FRAGMENT,
    directives: defer(),
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  });
  const document = parse(operation);
  const deferred = print(
    visit(document, {
      InlineFragment: (node) =>
        next() < chance ? { ...node, directives: [...(node.directives ?? []), ...defer()] } : undefined,
      SelectionSet: {
        leave(node, _key, parent) {
          const isRoot = !Array.isArray(parent) && (parent as { kind: string }).kind === Kind.OPERATION_DEFINITION;
          if (isRoot && (parent as unknown as { operation: string }).operation !== 'query') return undefined;
          const selections: SelectionNode[] = [];
          for (const selection of node.selections) {
            const dice = next();
            if (dice < chance) selections.push(wrap([selection]));
            else if (dice < chance * 1.25) selections.push(selection, wrap([selection]));
            else if (dice < chance * 1.4) selections.push(wrap([selection]), wrap([selection]));
            else selections.push(selection);
          }
          if (next() < chance / 4) return { ...node, selections: [wrap(selections)] };
          return { ...node, selections };
        },
      },
    }),
  );
  let labels = 0;
  return deferred.replaceAll('@defer(label: "d"', () => {
    labels += 1;
    return `@defer(label: "d${labels}"`;
  });
}
