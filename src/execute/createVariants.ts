import type { DocumentNode } from 'graphql';
import { createRouter, type Router } from '../plan/createRouter.ts';
import { applyOverrides } from '../supergraph/applyOverrides.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { OperationCache } from './createOperationCache.ts';
import { activeLabels, type OverrideContext, type OverrideRules } from './overrideLabels.ts';

/** Everything that is planned while the same override labels are active. */
export interface Variant {
  readonly router: Router;
  readonly prepared: WeakMap<DocumentNode, OperationCache>;
}

/** Labels are few, and percentages nest: more combinations than this come from a client that plays with headers. */
const KEPT = 32;

/** The variant for one request; a supergraph without progressive overrides has only one. */
export function createVariants(
  supergraph: Supergraph,
  rules: OverrideRules = {},
): (context: OverrideContext) => Variant {
  const { overrideLabels: labels } = supergraph;
  const variants = new Map<string, Variant>();
  const make = (active: ReadonlySet<string>): Variant => ({
    router: createRouter(applyOverrides(supergraph, active)),
    prepared: new WeakMap(),
  });
  if (labels.length === 0) {
    let only: Variant | undefined;
    return () => {
      only ??= make(new Set());
      return only;
    };
  }
  return (context) => {
    const active = activeLabels(labels, { rules, context, dice: Math.random() * 100 });
    const name = JSON.stringify([...active]);
    const known = variants.get(name);
    if (known !== undefined) return known;
    const made = make(active);
    if (variants.size >= KEPT) variants.delete(variants.keys().next().value ?? name);
    variants.set(name, made);
    return made;
  };
}
