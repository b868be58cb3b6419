import type { DocumentNode } from 'graphql';
import { operationRequirements } from '../../plan/operationRequirements.ts';
import type { IsDenied } from '../../plan/Selection.ts';
import { type FieldRequirements, fieldRequirements } from '../../supergraph/authorization/fieldRequirements.ts';
import type { Alternatives, Requirement } from '../../supergraph/authorization/Requirement.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import { readExecutable } from '../prepareOperation.ts';
import type { Caller, SourceContext } from '../Source.ts';
import { createVisibleSchemas, type VisibleSchema, type VisibleSchemas } from './createVisibleSchemas.ts';
import type { DecidePolicies } from './Policies.ts';

/** What a caller may not read of one operation. */
export interface Denials {
  /** The same for callers who may read the same of it. */
  readonly key: string;
  readonly isDenied: IsDenied;
}

export interface Decision {
  /** Absent where the caller may read all of the operation. */
  readonly denials?: Denials | undefined;
  /** What introspection shows, where it is not everything to everybody. */
  readonly visible?: VisibleSchema | undefined;
}

export interface AccessQuestion {
  /** The one that stands for all that differ from it in their operation's name only. */
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly context: SourceContext;
}

export interface Access {
  /** A promise only where it takes policies that take one. Throws a `GatewayError` for an unknown operation. */
  decide(question: AccessQuestion): Decision | Promise<Decision>;
}

export interface AccessOptions {
  readonly introspection?: 'full' | 'allowed' | undefined;
  readonly decidePolicies?: DecidePolicies | undefined;
}

interface Needs {
  /** Of the fields of the operation. */
  readonly requirements: readonly Requirement[];
  /** Set where the operation introspects, and that is to show what is allowed. */
  readonly schemas: VisibleSchemas | undefined;
  readonly policies: readonly string[];
  readonly operation: { readonly name: string; readonly kind: string };
}

const NO_POLICIES: ReadonlySet<string> = new Set();
const EVERYTHING: Decision = {};

/** Decides what callers may read of operations over one supergraph; undefined where everybody may read everything. */
export function createAccess(supergraph: Supergraph, options: AccessOptions = {}): Access | undefined {
  const fields = fieldRequirements(supergraph);
  return fields === undefined ? undefined : accessTo(supergraph, fields, options);
}

function accessTo(
  supergraph: Supergraph,
  fields: FieldRequirements,
  { introspection, decidePolicies }: AccessOptions,
): Access {
  const known = new WeakMap<DocumentNode, Map<string, Needs>>();
  let schemas: VisibleSchemas | undefined;
  const needsOf = ({ document, operationName }: AccessQuestion): Needs => {
    const byName = known.get(document) ?? new Map<string, Needs>();
    const found = byName.get(operationName ?? '');
    if (found !== undefined) return found;
    const executable = readExecutable(document, operationName);
    const { requirements, introspects } = operationRequirements(executable, fields, supergraph);
    if (introspects && introspection === 'allowed') schemas ??= createVisibleSchemas(supergraph, fields);
    const own = introspects && introspection === 'allowed' ? schemas : undefined;
    const { operation: kind, name } = executable.operation;
    const needs: Needs = {
      requirements,
      schemas: own,
      policies: policiesOf([...requirements, ...(own?.requirements ?? [])]),
      operation: { name: name?.value ?? '', kind },
    };
    byName.set(operationName ?? '', needs);
    known.set(document, byName);
    return needs;
  };
  const decideWith = (needs: Needs, caller: Caller | undefined, met: ReadonlySet<string>): Decision => {
    const { key, unmet } = judge(needs.requirements, caller, met);
    const isDenied: IsDenied = (type, field) => {
      const requirement = fields.of(type, field);
      return requirement !== undefined && unmet.has(requirement);
    };
    const denials = unmet.size === 0 ? undefined : { key, isDenied };
    if (needs.schemas === undefined) return denials === undefined ? EVERYTHING : { denials };
    const all = judge(needs.schemas.requirements, caller, met);
    return { denials, visible: needs.schemas.get(all.key, all.unmet) };
  };
  return {
    decide(question) {
      const needs = needsOf(question);
      if (needs.requirements.length === 0 && needs.schemas === undefined) return EVERYTHING;
      const { context } = question;
      const { policies, operation } = needs;
      if (policies.length === 0 || decidePolicies === undefined) return decideWith(needs, context.caller, NO_POLICIES);
      const decided = decidePolicies({ policies, context, operation });
      if (!(decided instanceof Promise)) return decideWith(needs, context.caller, decided);
      return decided.then((met) => decideWith(needs, context.caller, met));
    },
  };
}

function policiesOf(requirements: readonly Requirement[]): readonly string[] {
  return [...new Set(requirements.flatMap(({ policies }) => policies.flat(2)))].sort();
}

/** Which of the requirements are not met, and a text that says which of them are. */
function judge(
  requirements: readonly Requirement[],
  caller: Caller | undefined,
  met: ReadonlySet<string>,
): { readonly key: string; readonly unmet: ReadonlySet<Requirement> } {
  let key = '';
  const unmet = new Set<Requirement>();
  for (const requirement of requirements) {
    const isIt = isMet(requirement, caller, met);
    key += isIt ? '1' : '0';
    if (!isIt) unmet.add(requirement);
  }
  return { key, unmet };
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
