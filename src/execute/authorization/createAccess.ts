import type { DocumentNode } from 'graphql';
import { operationRequirements } from '../../plan/operationRequirements.ts';
import type { IsDenied } from '../../plan/Selection.ts';
import { fieldRequirements } from '../../supergraph/authorization/fieldRequirements.ts';
import type { Alternatives, Requirement } from '../../supergraph/authorization/Requirement.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import { readExecutable } from '../prepareOperation.ts';
import type { Caller, SourceContext } from '../Source.ts';
import type { DecidePolicies } from './Policies.ts';

/** What a caller may not read of one operation. */
export interface Denials {
  /** The same for callers who may read the same of it. */
  readonly key: string;
  readonly isDenied: IsDenied;
}

export interface AccessQuestion {
  /** The one that stands for all that differ from it in their operation's name only. */
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly context: SourceContext;
}

export interface Access {
  /** Undefined where the caller may read all of the operation. A promise only where it takes policies that take one. Throws a `GatewayError` for an unknown operation. */
  decide(question: AccessQuestion): Denials | undefined | Promise<Denials | undefined>;
}

interface Needs {
  readonly requirements: readonly Requirement[];
  readonly policies: readonly string[];
  readonly kind: string;
  readonly name: string;
}

const NO_POLICIES: ReadonlySet<string> = new Set();

/** Decides what callers may read of operations over one supergraph; undefined where everybody may read everything. */
export function createAccess(supergraph: Supergraph, decidePolicies?: DecidePolicies): Access | undefined {
  const requirements = fieldRequirements(supergraph);
  if (requirements === undefined) return undefined;
  const known = new WeakMap<DocumentNode, Map<string, Needs>>();

  function needsOf({ document, operationName }: AccessQuestion): Needs {
    const byName = known.get(document) ?? new Map<string, Needs>();
    const found = byName.get(operationName ?? '');
    if (found !== undefined) return found;
    const executable = readExecutable(document, operationName);
    const own = operationRequirements(executable, requirements as NonNullable<typeof requirements>, supergraph);
    const policies = [...new Set(own.flatMap((requirement) => requirement.policies.flat(2)))].sort();
    const { operation: kind, name } = executable.operation;
    const needs: Needs = { requirements: own, policies, kind, name: name?.value ?? '' };
    byName.set(operationName ?? '', needs);
    known.set(document, byName);
    return needs;
  }

  function denials(
    { requirements: own }: Needs,
    caller: Caller | undefined,
    met: ReadonlySet<string>,
  ): Denials | undefined {
    let key = '';
    for (const requirement of own) key += isMet(requirement, caller, met) ? '1' : '0';
    if (!key.includes('0')) return undefined;
    const unmet = new Set(own.filter((_, index) => key[index] === '0'));
    return {
      key,
      isDenied(type, field) {
        const requirement = requirements?.of(type, field);
        return requirement !== undefined && unmet.has(requirement);
      },
    };
  }

  return {
    decide(question) {
      const needs = needsOf(question);
      if (needs.requirements.length === 0) return undefined;
      const { context } = question;
      if (needs.policies.length === 0 || decidePolicies === undefined)
        return denials(needs, context.caller, NO_POLICIES);
      const { policies, name, kind } = needs;
      const decided = decidePolicies({ policies, context, operation: { name, kind } });
      if (!(decided instanceof Promise)) return denials(needs, context.caller, decided);
      return decided.then((met) => denials(needs, context.caller, met));
    },
  };
}

function isMet(
  { authenticated, scopes, policies }: Requirement,
  caller: Caller | undefined,
  met: ReadonlySet<string>,
): boolean {
  if (authenticated && caller === undefined) return false;
  return (
    scopes.every((alternatives) => isAnyMet(alternatives, (scope) => caller?.scopes.includes(scope) === true)) &&
    policies.every((alternatives) => isAnyMet(alternatives, (policy) => met.has(policy)))
  );
}

function isAnyMet(alternatives: Alternatives, has: (name: string) => boolean): boolean {
  return alternatives.some((names) => names.every(has));
}
