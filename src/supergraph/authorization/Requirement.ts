/** Names of which all are needed, or all of another list: an OR of ANDs. */
export type Alternatives = readonly (readonly string[])[];

/** What a caller needs for a field or a type: all of this. */
export interface Requirement {
  /** Somebody in particular. */
  readonly authenticated: boolean;
  readonly scopes: readonly Alternatives[];
  readonly policies: readonly Alternatives[];
}

/** All of them; undefined where nothing is needed. */
export function unite(requirements: readonly Requirement[]): Requirement | undefined {
  if (requirements.length === 0) return undefined;
  return {
    authenticated: requirements.some(({ authenticated }) => authenticated),
    scopes: distinct(requirements.flatMap(({ scopes }) => scopes)),
    policies: distinct(requirements.flatMap(({ policies }) => policies)),
  };
}

/** One text for requirements that are alike. */
export function requirementText({ authenticated, scopes, policies }: Requirement): string {
  return JSON.stringify([authenticated, ...[scopes, policies].map((list) => list.map(alternativesText).sort())]);
}

/** Whether who has all of `one` has all of `other`. */
export function implies(one: Requirement, other: Requirement): boolean {
  if (other.authenticated && !one.authenticated) return false;
  return impliesAll(one.scopes, other.scopes) && impliesAll(one.policies, other.policies);
}

/** More combinations are not looked at: "no" is the strict answer. */
const MOST_COMBINATIONS = 4096;

function impliesAll(all: readonly Alternatives[], others: readonly Alternatives[]): boolean {
  const texts = new Set(all.map(alternativesText));
  const open = others.filter((other) => !texts.has(alternativesText(other)));
  if (open.length === 0) return true;
  if (all.reduce((product, { length }) => product * length, 1) > MOST_COMBINATIONS) return false;
  const combinations = all.reduce<readonly ReadonlySet<string>[]>(
    (found, alternatives) => found.flatMap((names) => alternatives.map((more) => new Set([...names, ...more]))),
    [new Set()],
  );
  return open.every((other) =>
    combinations.every((names) => other.some((alternative) => alternative.every((name) => names.has(name)))),
  );
}

/** One list of alternatives for all of them; an alternative that takes more than another one is left out. */
export function conjoin(all: readonly Alternatives[]): Alternatives {
  const combined = all.reduce<Alternatives>(
    (found, alternatives) =>
      found.flatMap((one) => alternatives.map((other) => [...new Set([...one, ...other])].sort())),
    [[]],
  );
  const one = [...new Map(combined.map((names) => [JSON.stringify(names), names])).values()];
  const isWider = (names: readonly string[], other: readonly string[]) =>
    other !== names && other.length <= names.length && other.every((name) => names.includes(name));
  return one.filter((names) => !one.some((other) => isWider(names, other)));
}

function distinct(all: readonly Alternatives[]): readonly Alternatives[] {
  return [...new Map(all.map((alternatives) => [alternativesText(alternatives), alternatives])).values()];
}

function alternativesText(alternatives: Alternatives): string {
  return JSON.stringify(alternatives.map((names) => JSON.stringify([...names].sort())).sort());
}
