import type { RateLimitConfig, RateLimitRule } from '../../config/RateLimitConfig.ts';
import { type Issue, IssuesError } from '../../errors/Issue.ts';
import type { ExpressionInput, ExpressionTypes } from '../../expressions/compileExpression.ts';
import type { FieldLimits } from '../../supergraph/fieldLimits.ts';
import { createKey, isExpression, type Key } from './createKey.ts';
import type { Policy } from './Limiter.ts';
import type { Asked, Charging, Limits } from './Limits.ts';
import { toPolicies } from './toPolicies.ts';

/** Compiles an expression of the configuration; where it fails on a request, `otherwise` is its value. */
type Compile = <Type extends keyof ExpressionTypes>(
  place: string,
  source: string,
  kind: { readonly type: Type; readonly otherwise: ExpressionTypes[Type] },
) => (input: ExpressionInput) => ExpressionTypes[Type];

export interface CompileLimitsOptions {
  /** Told once of each expression that fails on a request. */
  readonly warn: (message: string) => void;
  /** Whether somebody finds out who asks, so that what need not know comes before. */
  readonly authenticates?: boolean | undefined;
}

/** Rejects with an `IssuesError` where an expression is wrong. */
export async function compileLimits(
  config: RateLimitConfig,
  { warn, authenticates = false }: CompileLimitsOptions,
): Promise<Limits> {
  const issues: Issue[] = [];
  const compile = createCompile(await languageFor(config), { issues, warn });
  const planOf = createPlanOf(config, compile);
  const front: Charging[] = [];
  const failures: Charging[] = [];
  const early: Charging[] = [];
  const late: Charging[] = [];
  const costs: Charging[] = [];
  const fields = new Map<string, Charging[]>();
  for (const [index, rule] of config.rules.entries()) {
    const place = `rate_limit.rules[${index}]`;
    const isOfField = rule.fields.length > 0;
    const key = compileKey(rule.key, { planOf, compile, place: `${place}.key`, isOfField });
    const when =
      rule.when === undefined ? undefined : compile(`${place}.when`, rule.when, { type: 'bool', otherwise: true });
    const policies = toPolicies(rule, { id: `rule ${rule.name}`, name: rule.name, unit: rule.count });
    if (isOfField) {
      const charging = together(policies.map((policy) => createCharging(policy, key, when)));
      for (const field of rule.fields) fields.set(field, [...(fields.get(field) ?? []), charging]);
      continue;
    }
    const stageOf = (policy: Policy) => {
      if (rule.on === 'failed_authentication') return failures;
      if (policy.unit === 'cost') return costs;
      if (speaksOf(OPERATION, rule) || policy.kind === 'concurrency') return late;
      return authenticates && isOfAddress(rule) ? front : early;
    };
    for (const policy of policies) stageOf(policy).push(createCharging(policy, key, when));
  }
  const plans = compilePlans(config);
  const caller = createKey(['caller'], { planOf, expression: () => () => '' });
  for (const [name, stage] of Object.entries({ early, late, costs }) as ['early' | 'late' | 'costs', Charging[]][])
    if (plans.some((plan) => plan[name].length > 0)) stage.push(createPlanCharging(plans, name, { planOf, caller }));
  const subgraphs = new Map(
    Object.entries(config.subgraphs).map(([name, limit]) => {
      const key = compileKey(limit.key, { planOf, compile, place: `rate_limit.subgraphs.${name}.key` });
      const policies = toPolicies(limit, { id: `subgraph ${name}`, name, unit: 'requests' });
      return [name, together(policies.map((policy) => createCharging(policy, key, undefined)))] as const;
    }),
  );
  if (issues.length > 0) throw new IssuesError('The configuration is not valid.', issues);
  const withDirectives = (limits: FieldLimits) => addDirectives(fields, limits, { planOf, warn });
  return { front, failures, early, late, costs, fields, withDirectives, subgraphs, headers: config.headers };
}

interface DirectivePorts {
  readonly planOf: (asked: Asked) => string | null;
  readonly warn: (message: string) => void;
}

/** A key that cannot be read is told, and its requests share one counter. */
async function addDirectives(
  configured: ReadonlyMap<string, readonly Charging[]>,
  limits: FieldLimits,
  { planOf, warn }: DirectivePorts,
): Promise<ReadonlyMap<string, readonly Charging[]>> {
  const all = new Map(configured);
  const keys = [...limits.values()].flatMap((own) => own.flatMap((limit) => limit.keys));
  const issues: Issue[] = [];
  const compile = createCompile(await loadFor(keys.some((key) => isExpression(key, true))), { issues, warn });
  for (const [field, own] of limits) {
    const chargings = own.map(({ window, max, keys: words }, index) => {
      const key = compileKey(words, { planOf, compile, place: `@rateLimit of ${field}`, isOfField: true });
      const names = { id: `field ${field} ${index}`, name: field, unit: 'requests' } as const;
      return together(toPolicies({ rate: max, window }, names).map((policy) => createCharging(policy, key, undefined)));
    });
    all.set(field, [...(all.get(field) ?? []), ...chargings]);
  }
  for (const { path, message } of issues) warn(`${path}: ${message}`);
  return all;
}

interface KeyPlace {
  readonly planOf: (asked: Asked) => string | null;
  readonly compile: Compile;
  readonly place: string;
  readonly isOfField?: boolean | undefined;
}

function compileKey(words: string | readonly string[], { planOf, compile, place, isOfField }: KeyPlace): Key {
  const expression = (source: string) => compile(place, source, { type: 'string', otherwise: '' });
  return createKey(typeof words === 'string' ? [words] : words, { planOf, expression, isOfField });
}

const OPERATION = /\boperation\b/;
const CALLER = /\bcaller\b/;

function speaksOf(word: RegExp, { key, when = '' }: RateLimitRule): boolean {
  return [...(typeof key === 'string' ? [key] : key), when].some((source) => word.test(source));
}

/**
 * Whose counter it is charged to is known before anybody has looked who asks. Not where a text of the client's own says whose: without
 * credentials anybody could use up what is somebody else's.
 */
function isOfAddress(rule: RateLimitRule): boolean {
  const words = [rule.key].flat();
  const isKnown = words.every((word) => word === 'address' || word === 'all') && !speaksOf(CALLER, rule);
  // A counter of all alone could be used up by whoever is not let in.
  return isKnown && words.includes('address');
}

function together(chargings: readonly Charging[]): Charging {
  return (asked, charges) => {
    for (const charge of chargings) charge(asked, charges);
  };
}

function createCharging(policy: Policy, key: Key, when: ((asked: Asked) => boolean) | undefined): Charging {
  return (asked, charges) => {
    if (when === undefined || when(asked)) charges.push(chargeOf(policy, key(asked), asked));
  };
}

interface CompiledPlan {
  readonly name: string;
  readonly early: readonly Policy[];
  readonly late: readonly Policy[];
  readonly costs: readonly Policy[];
}

/** Ids are the same in all plans: who changes the plan keeps what is used. */
function compilePlans({ plans }: RateLimitConfig): CompiledPlan[] {
  return Object.entries(plans).map(([name, { cost, ...limits }]) => {
    const own = toPolicies(limits, { id: 'plan', name, unit: 'requests' });
    const costs = cost === undefined ? [] : toPolicies(cost, { id: 'plan cost', name: `${name}-cost`, unit: 'cost' });
    return {
      name,
      early: own.filter(({ kind }) => kind !== 'concurrency'),
      late: own.filter(({ kind }) => kind === 'concurrency'),
      costs,
    };
  });
}

interface PlanPorts {
  readonly planOf: (asked: Asked) => string | null;
  readonly caller: Key;
}

function createPlanCharging(
  plans: readonly CompiledPlan[],
  stage: 'early' | 'late' | 'costs',
  { planOf, caller }: PlanPorts,
): Charging {
  const byName = new Map(plans.map((plan) => [plan.name, plan[stage]]));
  return (asked, charges) => {
    const name = planOf(asked);
    const policies = name === null ? undefined : byName.get(name);
    if (policies === undefined || policies.length === 0) return;
    const key = caller(asked);
    for (const policy of policies) charges.push(chargeOf(policy, key, asked));
  };
}

function chargeOf(policy: Policy, key: string, asked: Asked) {
  if (policy.kind === 'concurrency') return { policy, key, quantity: 1, lease: crypto.randomUUID() };
  return { policy, key, quantity: policy.unit === 'cost' ? asked.cost : 1 };
}

function createPlanOf(config: RateLimitConfig, compile: Compile): (asked: Asked) => string | null {
  const names = new Set(Object.keys(config.plans));
  const { plan: source, default_plan: standard = null } = config;
  const chosen =
    source === undefined
      ? (asked: Asked) => asked.caller?.plan
      : compile('rate_limit.plan', source, { type: 'string', otherwise: '' });
  return (asked) => {
    if (asked.plan !== undefined) return asked.plan;
    const name = chosen(asked);
    asked.plan = name !== undefined && names.has(name) ? name : standard;
    return asked.plan;
  };
}

type Language = typeof import('../../expressions/compileExpression.ts');

/** The expressions' language is loaded only where there is an expression. */
function languageFor({ rules, subgraphs, plan }: RateLimitConfig): Promise<Language | undefined> {
  const ofRules = rules.flatMap(({ key, fields }) => [key].flat().map((word) => isExpression(word, fields.length > 0)));
  const ofSubgraphs = Object.values(subgraphs).flatMap(({ key }) =>
    [key].flat().map((word) => isExpression(word, false)),
  );
  const isNeeded = plan !== undefined || rules.some(({ when }) => when !== undefined);
  return loadFor(isNeeded || ofRules.includes(true) || ofSubgraphs.includes(true));
}

async function loadFor(isNeeded: boolean): Promise<Language | undefined> {
  return isNeeded ? import('../../expressions/compileExpression.ts') : undefined;
}

interface CompilePorts {
  readonly issues: Issue[];
  readonly warn: (message: string) => void;
}

function createCompile(language: Language | undefined, { issues, warn }: CompilePorts): Compile {
  return (path, source, { type, otherwise }) => {
    try {
      const expression = language?.compileExpression(source, type);
      let told = false;
      return (input) => {
        try {
          return expression?.(input) ?? otherwise;
        } catch (error) {
          if (!told) warn(`${path}: the expression has no value for some requests: ${messageOf(error)}`);
          told = true;
          return otherwise;
        }
      };
    } catch (error) {
      issues.push({ path, message: `Expected an expression: ${messageOf(error)}` });
      return () => otherwise;
    }
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
