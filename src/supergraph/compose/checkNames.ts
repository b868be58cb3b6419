/**
 * What is named: types by their definition, directives by one name in all subgraphs.
 */
import { type DefinitionNode, Kind, visit } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { isType } from '../schemaIndex.ts';
import { type Checked, federationDirective, placeOf } from './checkDocument.ts';
import { federationName, isFederation, isSpec } from './links.ts';
import { composedDirectives, MERGED } from './normalize.ts';

/** What is only extended is nowhere. Of object types the composer says so itself. */
export function checkBases(all: readonly Checked[]): Issue[] {
  return all.flatMap((checked) => basesOf(checked, all));
}

function basesOf(checked: Checked, all: readonly Checked[]): Issue[] {
  const isExtension = (node: DefinitionNode, { links }: Checked) =>
    node.kind.endsWith('Extension') ||
    (node.kind === Kind.INTERFACE_TYPE_DEFINITION && federationDirective({ links }, node, 'extends') !== undefined);
  return checked.document.definitions.flatMap((node) => {
    if (!isType(node) || !isExtension(node, checked) || node.kind === Kind.OBJECT_TYPE_EXTENSION) return [];
    const type = node.name.value;
    const isDefined = all.some((other) =>
      other.document.definitions.some((one) => isType(one) && one.name.value === type && !isExtension(one, other)),
    );
    if (isDefined) return [];
    const message = `Expected a definition of "${type}" in some subgraph; got only extensions.`;
    return { ...placeOf(node), path: type, code: 'EXTENSION_WITH_NO_BASE', message, subgraphs: [checked.name] };
  });
}

/** Of directives that are merged, all subgraphs have to speak by one name: the supergraph has one. */
export function checkNames(all: readonly Checked[]): Issue[] {
  return MERGED.flatMap((directive) => {
    const used = all.flatMap((checked) => {
      const imported = checked.links
        .filter((link) => isFederation(link) || isSpec(link, 'cost'))
        .flatMap(({ imports }) => imports)
        .find(({ name }) => name === `@${directive}`);
      return imported === undefined || !uses(checked, imported.as) ? [] : { checked, as: imported.as };
    });
    const [first] = used;
    const other = used.find(({ as }) => as !== first?.as);
    if (first === undefined || other === undefined) return [];
    const message = `Expected "@${directive}" under one name in all subgraphs; got "${first.as}" in "${first.checked.name}" and "${other.as}" in "${other.checked.name}".`;
    return {
      ...placeOf(other.checked.links.find(isFederation)?.node ?? {}),
      code: 'LINK_IMPORT_NAME_MISMATCH',
      message,
      subgraphs: [other.checked.name, first.checked.name],
    };
  });
}

/** What one subgraph composes must not go by the name that another one has a directive of federation by. */
export function checkComposedNames(all: readonly Checked[]): Issue[] {
  return all.flatMap((checked) =>
    composedDirectives(checked.document).flatMap((composed) => {
      const isFederations = ({ links }: Checked) =>
        MERGED.some((directive) => `@${federationName(links, directive)}` === composed);
      const other = isFederations(checked) ? undefined : all.find(isFederations);
      if (other === undefined) return [];
      const message = `Expected a name for the composed directive "${composed}" of "${checked.name}" that is not that of a directive of federation in "${other.name}".`;
      return { code: 'DIRECTIVE_COMPOSITION_ERROR', message, subgraphs: [checked.name, other.name] };
    }),
  );
}

function uses({ document }: Checked, name: string): boolean {
  let isUsed = false;
  visit(document, {
    Directive(node) {
      isUsed ||= `@${node.name.value}` === name;
    },
  });
  return isUsed;
}

/** A composed directive is one and the same wherever it goes by that name. */
export function checkComposedOrigins(all: readonly Checked[]): Issue[] {
  const names = new Set(all.flatMap(({ document }) => composedDirectives(document)));
  return [...names].flatMap((composed) => {
    const origins = all.flatMap((checked) =>
      checked.links.flatMap((link) =>
        link.imports
          .filter(({ as }) => as === composed)
          .map(({ name }) => ({ checked, link, origin: `${link.identity} ${name}` })),
      ),
    );
    const [first] = origins;
    const other = origins.find(({ origin }) => origin !== first?.origin);
    if (first === undefined || other === undefined) return [];
    const message = `Expected the composed directive "${composed}" to be one and the same in all subgraphs; got "${first.origin}" in "${first.checked.name}" and "${other.origin}" in "${other.checked.name}".`;
    const subgraphs = [other.checked.name, first.checked.name];
    return { ...placeOf(other.link.node), code: 'DIRECTIVE_COMPOSITION_ERROR', message, subgraphs };
  });
}
