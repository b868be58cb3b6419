import type { DecidePolicies, PolicyQuestion } from '../../execute/authorization/Policies.ts';
import type { Caller, SourceContext } from '../../execute/Source.ts';
import type { Expression } from '../../expressions/compileExpression.ts';
import type { Log } from '../../lib/Log.ts';
import type { PolicyService } from './PolicyService.ts';

/** What a policy in code sees. */
export interface PolicyCheckInput {
  readonly policy: string;
  /** Undefined where nobody in particular asks. */
  readonly caller: Caller | undefined;
  readonly operation: { readonly name: string; readonly kind: string };
  /** The context of the request, with its headers and all that plugins have added. */
  readonly context: SourceContext;
}

export type PolicyCheck = (input: PolicyCheckInput) => boolean | Promise<boolean>;

export interface PolicySources {
  /** Each by the names in `@policy`; the first that has the name decides. */
  readonly code?: Readonly<Record<string, PolicyCheck>> | undefined;
  readonly expressions?: ReadonlyMap<string, Expression<boolean>> | undefined;
  /** For all others. */
  readonly service?: PolicyService | undefined;
  readonly log: Log;
  readonly now?: (() => number) | undefined;
}

/** No policy has this name: for the log all of a service's are one. */
const SERVICE = '';

/** Milliseconds for which the log is spared what it has just been told: a service that is down fails every request. */
const SPARED = 10_000;

/**
 * Decides on policies: by code, by expressions of the configuration, by a service. What fails and what nobody decides is not met. Nothing has to be
 * waited for where all of it is decided here.
 */
export function createDecidePolicies({
  code = {},
  expressions = new Map(),
  service,
  log,
  now = Date.now,
}: PolicySources): DecidePolicies {
  const checks = new Map(Object.entries(code));
  const told = new Map<string, number>();
  const fail =
    (policy: string, who = policy) =>
    (error: unknown) => {
      const time = now();
      if (time - (told.get(who) ?? Number.NEGATIVE_INFINITY) < SPARED) return;
      told.set(who, time);
      log.warn(`The policy "${policy}" could not be decided, and is taken as not met: ${reasonOf(error)}`);
    };
  return (question) => {
    const met = new Set<string>();
    const waiting: Promise<void>[] = [];
    const open: string[] = [];
    const note = (policy: string, value: unknown) => {
      if (value === true) met.add(policy);
    };
    for (const policy of question.policies) {
      const decide = checks.get(policy) ?? byExpression(expressions.get(policy));
      if (decide === undefined) {
        open.push(policy);
        continue;
      }
      try {
        const value = decide(inputOf(policy, question));
        if (value instanceof Promise) waiting.push(value.then((found) => note(policy, found), fail(policy)));
        else note(policy, value);
      } catch (error) {
        fail(policy)(error);
      }
    }
    if (open.length > 0 && service !== undefined)
      waiting.push(
        service(serviceInput(open, question)).then(
          (found) => {
            for (const policy of open) note(policy, found.has(policy));
          },
          fail(open.join('", "'), SERVICE),
        ),
      );
    return waiting.length === 0 ? met : Promise.all(waiting).then(() => met);
  };
}

function inputOf(policy: string, { context, operation }: PolicyQuestion): PolicyCheckInput {
  return { policy, caller: context.caller, operation, context };
}

function byExpression(expression: Expression<boolean> | undefined): PolicyCheck | undefined {
  if (expression === undefined) return undefined;
  return ({ context, operation }) =>
    expression({ headers: context.headers, caller: context.caller, operation, clientAddress: addressOf(context) });
}

function addressOf(context: SourceContext & { readonly clientAddress?: (() => string | undefined) | undefined }) {
  return context.clientAddress;
}

function serviceInput(policies: readonly string[], { context: { caller }, operation }: PolicyQuestion) {
  if (caller === undefined) return { policies, caller: null, operation };
  const { id, method, scopes, claims, plan } = caller;
  return { policies, caller: { id, method, scopes, claims, ...(plan === undefined ? {} : { plan }) }, operation };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
