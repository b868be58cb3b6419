import type { Config } from '../../config/Config.ts';
import { type Issue, IssuesError } from '../../errors/Issue.ts';
import type { AuthorizationOptions } from '../../execute/authorization/admit.ts';
import type { Expression } from '../../expressions/compileExpression.ts';
import type { Log } from '../../lib/Log.ts';
import { createDecidePolicies, type PolicyCheck } from '../../plugins/authorization/createDecidePolicies.ts';
import { createHttpClient } from '../../upstream/createHttpClient.ts';
import { createDryRun } from './createDryRun.ts';
import { openPolicyService } from './openPolicyService.ts';

export interface OpenAuthorization extends AuthorizationOptions {
  /** Whether something decides on the policy. */
  decides(policy: string): boolean;
  close?(): Promise<void>;
}

export interface AuthorizationParts {
  readonly config: Pick<Config, 'authorization'>;
  /** An embedder's policies, which win over those of the configuration. */
  readonly policies?: Readonly<Record<string, PolicyCheck>> | undefined;
  readonly log: Log;
}

/** What the configuration and an embedder say of who may read what. Rejects with an `IssuesError` where an expression is wrong. */
export async function openAuthorization({ config, policies, log }: AuthorizationParts): Promise<OpenAuthorization> {
  const { mode, introspection, dry_run, policies: sources = {}, policy_service: service } = config.authorization ?? {};
  const expressions = await compileAll(sources);
  const base = { mode, introspection, onDenied: dry_run === true ? createDryRun(log) : undefined };
  const decides = (policy: string) =>
    service !== undefined || expressions.has(policy) || Object.hasOwn(policies ?? {}, policy);
  if (policies === undefined && expressions.size === 0 && service === undefined) return { ...base, decides };
  const http = service === undefined ? undefined : createHttpClient();
  const decidePolicies = createDecidePolicies({
    code: policies,
    expressions,
    service: service === undefined || http === undefined ? undefined : openPolicyService(service, http),
    log,
  });
  return { ...base, decides, decidePolicies, ...(http === undefined ? {} : { close: () => http.close() }) };
}

async function compileAll(sources: Readonly<Record<string, string>>): Promise<Map<string, Expression<boolean>>> {
  const compiled = new Map<string, Expression<boolean>>();
  const entries = Object.entries(sources);
  if (entries.length === 0) return compiled;
  const { compileExpression } = await import('../../expressions/compileExpression.ts');
  const issues: Issue[] = [];
  for (const [name, source] of entries) {
    try {
      compiled.set(name, compileExpression(source, 'bool'));
    } catch (error) {
      issues.push({
        path: `authorization.policies.${name}`,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }
  if (issues.length > 0) throw new IssuesError('The configuration cannot be used.', issues);
  return compiled;
}
