import { composeServices } from '@theguild/federation-composition';
import { type DocumentNode, type GraphQLError, parse, print, validateSchema } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { writeDefinitions } from '../definitions.ts';
import { federate } from '../federate.ts';
import { parseSupergraph } from '../parseSupergraph.ts';
import type { Subgraph, SubgraphDefinition } from '../Subgraph.ts';
import type { Supergraph } from '../Supergraph.ts';
import { translate } from '../translate.ts';
import { carryCacheTags } from './carryCacheTags.ts';
import { carryRateLimits, checkRateLimits } from './carryRateLimits.ts';
import { checkComputed } from './checkComputed.ts';
import { checkContexts } from './checkContexts.ts';
import { checkDocument } from './checkDocument.ts';
import { checkTogether } from './checkTogether.ts';
import { hintsOf } from './hints.ts';
import { imposeProtections, liftProtections } from './imposeProtections.ts';
import { linkProtection } from './linkProtection.ts';
import { locate } from './locate.ts';
import { lowerVersion } from './lowerVersion.ts';
import { mendDescriptions } from './mendDescriptions.ts';
import { mendExternals } from './mendExternals.ts';
import { mendFieldTypes } from './mendFieldTypes.ts';
import { composedDirectives, normalize } from './normalize.ts';
import { preferCanonical } from './preferCanonical.ts';
import { unifyArguments } from './unifyArguments.ts';
import { unifyDirectives } from './unifyDirectives.ts';
import { writeTransitive } from './writeTransitive.ts';

/** A field that clients see and cannot be given, and the fields by which they come there. */
interface Unsatisfied {
  readonly type: string;
  readonly field: string;
  readonly way: readonly string[];
}

export interface ComposeOptions {
  /** The planner's opinion on whether every field can be had: the composer does not know all ways, and takes some for ways that are none. */
  readonly findUnsatisfied?: ((supergraph: Supergraph) => Unsatisfied | undefined) | undefined;
}

export interface Composed {
  readonly sdl: string;
  /** What is doubtful though it composes. */
  readonly hints: readonly Issue[];
}

/**
 * Composes subgraphs of any kind into one supergraph document, or says all that keeps them apart.
 * The only place that knows the composer.
 */
export function compose(
  subgraphs: readonly Subgraph[],
  options: ComposeOptions = {},
): Composed | { readonly issues: readonly Issue[] } {
  const result = composeAll(subgraphs, options);
  if (!('issues' in result)) return { ...result, hints: locate(result.hints, subgraphs) };
  return { issues: locate(result.issues, subgraphs) };
}

function composeAll(
  subgraphs: readonly Subgraph[],
  { findUnsatisfied }: ComposeOptions,
): Composed | { readonly issues: readonly Issue[] } {
  if (subgraphs.length === 0) return { issues: [{ message: 'Expected at least one subgraph, found none.' }] };
  const issues: Issue[] = [];
  const translated: Subgraph[] = [];
  const services = subgraphs.flatMap((subgraph) => {
    const read = readSubgraph(subgraph);
    if ('issues' in read) {
      issues.push(...read.issues);
      return [];
    }
    translated.push({ ...subgraph, definition: read.definition });
    const { written, document: typeDefs, definition } = read;
    return [{ name: subgraph.name, url: subgraph.url, written, typeDefs, canonical: definition.canonical ?? [] }];
  });
  if (issues.length > 0) return { issues };
  const written = services.map(({ name, written: document }) => ({ name, document }));
  const composedNames = new Set(services.flatMap(({ typeDefs }) => composedDirectives(typeDefs)));
  const canonical = preferCanonical(services);
  const { documents, imposed } = liftProtections(canonical.map(({ typeDefs }) => normalize(typeDefs, composedNames)));
  const normal = canonical.map(({ name, url, typeDefs }, index) => ({
    name,
    url,
    typeDefs: lowerVersion(documents[index] ?? typeDefs),
  }));
  const unfit = [...written.flatMap(checkDocument), ...written.flatMap(checkRateLimits), ...checkTogether(written)];
  const composed = runComposer(unifyDirectives(unifyArguments(normal), composedNames), findUnsatisfied);
  if ('issues' in composed || unfit.length > 0) {
    const found = 'issues' in composed ? composed.issues.map((issue) => withSubgraphs(issue, subgraphs)) : [];
    const isNew = (issue: Issue) => unfit.every(({ code, path }) => code !== issue.code || path !== issue.path);
    return { issues: [...unfit, ...found.filter(isNew)] };
  }
  const carried = carryRateLimits(carryCacheTags(composed.supergraph, written), written);
  const document = imposeProtections(carried, imposed);
  const sdl = writeDefinitions(print(document), translated);
  const supergraph = parseSupergraph(sdl);
  const missing = [...checkComputed(translated, supergraph), ...checkContexts(supergraph)];
  if (missing.length > 0) return { issues: missing };
  // Otherwise every operation would fail by it.
  const invalid = validateSchema(supergraph.clientSchema);
  if (invalid.length > 0) return { issues: invalid.map(({ message }) => ({ message, code: 'INVALID_GRAPHQL' })) };
  const whole = writeTransitive(document, supergraph);
  const hints = hintsOf(normal.map(({ name, typeDefs }) => ({ name, document: typeDefs })));
  return { sdl: whole === document ? sdl : writeDefinitions(print(whole), translated), hints };
}

interface Read {
  /** As the subgraph has it, but for what is translated. */
  readonly written: DocumentNode;
  readonly document: DocumentNode;
  readonly definition: SubgraphDefinition;
}

function readSubgraph(subgraph: Subgraph): Read | { readonly issues: readonly Issue[] } {
  const translated = translate(subgraph);
  if ('issues' in translated) return translated;
  const { definition, document } = translated;
  const federated = federate({ ...subgraph, definition }, document);
  if ('issues' in federated) return federated;
  const linked = isOwnLink(subgraph) ? federated.document : linkProtection(federated.document);
  return { written: document, document: linked, definition };
}

/** Whether the subgraph itself says which federation it speaks. */
function isOwnLink({ sdl }: Subgraph): boolean {
  return /specs\.apollo\.dev\/federation\//.test(sdl);
}

type Service = Parameters<typeof composeServices>[0][number];

function runComposer(
  services: Service[],
  findUnsatisfied: ComposeOptions['findUnsatisfied'],
): { readonly supergraph: DocumentNode } | { readonly issues: readonly Issue[] } {
  try {
    const result = composeServices(services, { disableValidationRules: REPLACED });
    const issues = result.errors?.map(toIssue) ?? [];
    const isSettled = findUnsatisfied === undefined || !issues.every(isDoubtful);
    if (isSettled && issues.length > 0) return { issues };
    const unproven = result.errors === undefined ? result : composeServices(services, UNPROVEN);
    if (unproven.errors !== undefined) return { issues };
    const supergraph = mend(unproven.supergraphSdl, services);
    const read = parseSupergraph(print(supergraph));
    const unsatisfied = findUnsatisfied?.(read);
    if (unsatisfied === undefined) return { supergraph };
    return { issues: issues.length > 0 ? issues : [unsatisfiedIssue(unsatisfied, read)] };
  } catch (error) {
    // The composer throws on some inputs that it should refuse.
    return {
      issues: [{ message: error instanceof Error ? error.message : String(error), code: 'COMPOSITION_FAILED' }],
    };
  }
}

/** Rules of the composer that have their own check here; and what a field needs for what it is made of is added, not asked for. */
const REPLACED = ['InterfaceKeyMissingImplementationTypeRule', 'AuthOnRequiresRule', 'AuthOnContextRule'];
const UNPROVEN = { disableValidationRules: [...REPLACED, 'SatisfiabilityRule'] };

function unsatisfiedIssue({ type, field, way }: Unsatisfied, { types, subgraphs }: Supergraph): Issue {
  const owners = types.get(type)?.fields.get(field)?.owners.keys() ?? [];
  const names = [...owners].map((graph) => subgraphs[graph]?.name ?? String(graph));
  const operation = `${[...way, field].join(' { ')}${' }'.repeat(way.length)}`;
  const message = `Expected a way to "${type}.${field}" wherever clients can ask for it; "${operation}" has none: from there ${names.map((name) => `"${name}"`).join(' or ')} cannot be asked for it, or not with what it requires.`;
  return { message, code: 'SATISFIABILITY_ERROR', path: `${type}.${field}`, subgraphs: names };
}

/** What the composer finds out by following paths; an overridden field and an unknown type are facts. */
function isDoubtful({ code, message }: Issue): boolean {
  return code === 'SATISFIABILITY_ERROR' && !/overridden by|no subgraph can be reached/.test(message);
}

function mend(sdl: string, services: readonly Service[]): DocumentNode {
  return mendDescriptions(mendExternals(mendFieldTypes(parse(sdl), services), services), services);
}

function toIssue(error: GraphQLError): Issue {
  const code = error.extensions['code'];
  const coordinate = /"([A-Za-z_]\w*\.[A-Za-z_]\w*)(?:\([^)]*\))?"/.exec(error.message)?.[1];
  const [location] = error.locations ?? [];
  return {
    message: error.message,
    code: typeof code === 'string' ? code : undefined,
    path: coordinate,
    line: location?.line,
    column: location?.column,
  };
}

/** The subgraphs that a message of the composer names, in quotes or in brackets. */
function withSubgraphs(issue: Issue, subgraphs: readonly Subgraph[]): Issue {
  const named = subgraphs
    .filter(({ name }) => issue.message.includes(`"${name}"`) || issue.message.includes(`[${name}]`))
    .map(({ name }) => name);
  const hint =
    issue.code === 'INVALID_FIELD_SHARING'
      ? ' Rename or hide it in one of them ("transforms"), or mark it "@shareable" where all mean the same.'
      : '';
  return {
    ...issue,
    message: `${issue.message.replace(/\.?$/, '.')}${hint}`,
    ...(named.length === 0 ? {} : { subgraphs: named }),
  };
}
