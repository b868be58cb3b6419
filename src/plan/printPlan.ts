import { parse, print } from 'graphql';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { FetchDocument } from './createFetchDocument.ts';
import { representationText } from './createFetches.ts';
import { AT_ONCE, type DeferSet, type DeferUsage } from './defers.ts';
import { ALWAYS, type GuardExpression } from './guards.ts';
import type { Call, Fetch, Plan, Position, Site } from './Plan.ts';

/** The plan for people: each fetch with what it waits for, where its entities come from and what it sends; deferred parts by themselves. */
export function printPlan(plan: Plan, documents: readonly FetchDocument[], supergraph: Supergraph): string {
  const fetchesOf = (defer: DeferSet) =>
    plan.fetches
      .filter((fetch) => fetch.defer === defer)
      .flatMap((fetch) => printFetch(fetch, documents[fetch.id], { plan, supergraph }));
  const later = plan.deferSets.flatMap((usages, defer) =>
    defer === AT_ONCE ? [] : [`deferred ${usages.map(printUsage).join(' and ')}`, ...fetchesOf(defer).map(indent)],
  );
  const conditions = plan.guards.slice(1).map((guard, index) => `guard ${index + 1} = ${printGuard(guard)}`);
  if (plan.introspection !== null) conditions.unshift('introspection');
  return [...fetchesOf(AT_ONCE), ...later, ...conditions].join('\n');
}

interface Printing {
  readonly plan: Plan;
  readonly supergraph: Supergraph;
}

function printFetch(fetch: Fetch, document: FetchDocument | undefined, { plan, supergraph }: Printing): string[] {
  const name = supergraph.subgraphs[fetch.graph]?.name ?? String(fetch.graph);
  const after = fetch.deps.length === 0 ? '' : ` after ${fetch.deps.join(', ')}`;
  const text = print(parse(document?.text(fetch.calls.map(() => [0])) ?? ''));
  const lines = text.split('\n').map((line) => `    ${line}`);
  return [
    `fetch ${fetch.id} ${name}${after}`,
    ...fetch.calls.flatMap((call) => [...printCall(call), ...printEarlier(call, plan)]),
    ...lines,
  ];
}

function printUsage({ label, keys }: DeferUsage): string {
  return `${label === undefined ? '' : `${JSON.stringify(label)} `}at ${keys.join('.') || '(root)'}`;
}

function indent(line: string): string {
  return `  ${line}`;
}

function printCall(call: Call): string[] {
  const guard = call.guard === null || call.guard === ALWAYS ? '' : ` if guard ${call.guard}`;
  const way = call.lookup === null || call.kind === 'entities' ? '' : ` by ${call.lookup.path.join('.')}`;
  if (call.sites.length === 0 && guard !== '') return [`  ${call.type}${guard}`];
  return call.sites.map(
    (site) =>
      `  ${call.type} { ${representationText(site.representation)} }${printArguments(site)} at ${positionPath(site.position) || '(root)'}${way}${guard}`,
  );
}

/** Where an entity may have been given already; what is found there is not asked for. */
function printEarlier(call: Call, { earlier, fetches }: Plan): string[] {
  const { lookups = [], objects = [] } = earlier.get(call) ?? {};
  const places = [
    ...lookups.map((lookup) => `by fetch ${fetches.findIndex(({ calls }) => calls.includes(lookup))}`),
    ...objects.map(({ position }) => `at ${positionPath(position)}`),
  ];
  return places.length === 0 ? [] : [`  unless given ${places.join(' or ')}`];
}

/** What is read for the arguments that each entity brings. */
function printArguments({ arguments: args }: Site): string {
  return args.length === 0 ? '' : ` with (${args.map((fields) => representationText(fields)).join(', ')})`;
}

function printGuard(guard: GuardExpression): string {
  return guard.map((all) => all.map(({ variable, want }) => `${want ? '' : '!'}$${variable}`).join(' & ')).join(' | ');
}

/** Where a position is in the answer: field names, `@` for each item of a list left out, `<Type>` where types are told apart. */
function positionPath(position: Position): string {
  if (position.viewOf !== null) return `${positionPath(position.viewOf)}<${position.type}>`;
  for (const { origin } of position.slots) {
    if (origin.kind !== 'child') continue;
    const parent = positionPath(origin.parent);
    return parent === '' ? origin.field.name : `${parent}.${origin.field.name}`;
  }
  return '';
}
