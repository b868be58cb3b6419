import type { RateLimitConfig, RateLimitRule } from '../../config/Config.ts';
import { type Issue, IssuesError } from '../../errors/Issue.ts';
import type { ExpressionInput, ExpressionTypes } from '../../expressions/compileExpression.ts';
import { createKey, KEY_WORDS, type Key } from './createKey.ts';
import type { Policy } from './Limiter.ts';
import type { Asked, Charging, Limits } from './Limits.ts';
import { toPolicies } from './toPolicies.ts';

/** Compiles an expression of the configuration; where it fails on a request, `otherwise` is its value. */
type Compile = <Type extends keyof ExpressionTypes>(
  place: string,
  source: string,
  kind: { readonly type: Type; readonly otherwise: ExpressionTypes[Type] },
) => (input: ExpressionInput) => ExpressionTypes[Type];

/** Rejects with an `IssuesError` where an expression is wrong. `warn` is told once of each that fails on a request. */
export async function compileLimits(config: RateLimitConfig, warn: (message: string) => void): Promise<Limits> {
  const issues: Issue[] = [];
  const compile = await createCompile(config, issues, warn);
  const planOf = createPlanOf(config, compile);
  const keyOf = (words: string | readonly string[], place: string): Key =>
    createKey(typeof words === 'string' ? [words] : words, {
      planOf,
      expression: (source) => compile(`${place}.key`, source, { type: 'string', otherwise: '' }),
    });
  const early: Charging[] = [];
  const late: Charging[] = [];
  const fields = new Map<string, Charging[]>();
  for (const [index, rule] of config.rules.entries()) {
    const place = `rate_limit.rules[${index}]`;
    const key = keyOf(rule.key, place);
    const when =
      rule.when === undefined ? undefined : compile(`${place}.when`, rule.when, { type: 'bool', otherwise: true });
    const policies = toPolicies(rule, { id: `rule ${rule.name}`, name: rule.name, unit: rule.count });
    if (rule.fields.length > 0) {
      const charging = together(policies.map((policy) => createCharging(policy, key, when)));
      for (const field of rule.fields) fields.set(field, [...(fields.get(field) ?? []), charging]);
      continue;
    }
    const isLate = speaksOfOperation(rule) || rule.count === 'cost';
    for (const policy of policies) {
      const stage = isLate || policy.kind === 'concurrency' ? late : early;
      stage.push(createCharging(policy, key, when));
    }
  }
  const plans = compilePlans(config);
  const caller = createKey(['caller'], { planOf, expression: () => () => '' });
  if (plans.some(({ early: own }) => own.length > 0))
    early.push(createPlanCharging(plans, 'early', { planOf, caller }));
  if (plans.some(({ late: own }) => own.length > 0)) late.push(createPlanCharging(plans, 'late', { planOf, caller }));
  const subgraphs = new Map(
    Object.entries(config.subgraphs).map(([name, limit]) => {
      const key = keyOf(limit.key, `rate_limit.subgraphs.${name}`);
      const policies = toPolicies(limit, { id: `subgraph ${name}`, name, unit: 'requests' });
      return [name, together(policies.map((policy) => createCharging(policy, key, undefined)))] as const;
    }),
  );
  if (issues.length > 0) throw new IssuesError('The configuration is not valid.', issues);
  return { early, late, fields, subgraphs, headers: config.headers };
}

function speaksOfOperation({ key, when = '' }: RateLimitRule): boolean {
  return [...(typeof key === 'string' ? [key] : key), when].some((source) => /\boperation\b/.test(source));
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
}

/** Ids are the same in all plans: who changes the plan keeps what is used. */
function compilePlans({ plans }: RateLimitConfig): CompiledPlan[] {
  return Object.entries(plans).map(([name, { cost, ...limits }]) => {
    const own = toPolicies(limits, { id: 'plan', name, unit: 'requests' });
    const costs = cost === undefined ? [] : toPolicies(cost, { id: 'plan cost', name: `${name}-cost`, unit: 'cost' });
    return {
      name,
      early: own.filter(({ kind }) => kind !== 'concurrency'),
      late: [...own.filter(({ kind }) => kind === 'concurrency'), ...costs],
    };
  });
}

interface PlanPorts {
  readonly planOf: (asked: Asked) => string | null;
  readonly caller: Key;
}

function createPlanCharging(
  plans: readonly CompiledPlan[],
  stage: 'early' | 'late',
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

/** Loads the expressions' language only where there is an expression. */
async function createCompile(
  { rules, subgraphs, plan }: RateLimitConfig,
  issues: Issue[],
  warn: (message: string) => void,
): Promise<Compile> {
  const keys = [...rules, ...Object.values(subgraphs)].flatMap(({ key }) => key);
  const none =
    plan === undefined && rules.every(({ when }) => when === undefined) && keys.every((key) => KEY_WORDS.has(key));
  const language = none ? undefined : await import('../../expressions/compileExpression.ts');
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
