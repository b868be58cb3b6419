/**
 * What: bounds how deep variables nest and how long their lists are. Where: before parse; coercion recurses over them.
 * A caller sees MAX_VARIABLES_DEPTH_LIMIT or MAX_LIST_ITEMS_LIMIT.
 */
import type { LimitsConfig } from '../../config/Config.ts';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { GatewayPlugin } from '../GatewayPlugin.ts';

export type VariableLimits = Pick<LimitsConfig, 'max_variables_depth' | 'max_list_items'>;

export function useVariableLimits(limits: VariableLimits): GatewayPlugin {
  return {
    onParams({ params }) {
      if (params.variables !== undefined) check(params.variables, 0, limits);
    },
  };
}

function check(value: unknown, depth: number, limits: VariableLimits): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > limits.max_variables_depth) {
    const message = `A variable nests deeper than ${limits.max_variables_depth} levels ("limits.max_variables_depth").`;
    throw new GatewayError('MAX_VARIABLES_DEPTH_LIMIT', message);
  }
  if (Array.isArray(value)) {
    if (value.length > limits.max_list_items) {
      const message = `A variable has more than ${limits.max_list_items} items in a list ("limits.max_list_items").`;
      throw new GatewayError('MAX_LIST_ITEMS_LIMIT', message);
    }
    for (const item of value) check(item, depth + 1, limits);
    return;
  }
  for (const name in value) check((value as Readonly<Record<string, unknown>>)[name], depth + 1, limits);
}
