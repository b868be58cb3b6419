import { GatewayError } from '../errors/GatewayError.ts';

/** Steps, not time: the same operation is refused or planned on every machine alike. */
export interface PlanningBudget {
  /** Throws PLANNING_BUDGET_EXCEEDED once there are no steps left. */
  spend(steps: number): void;
  /** True once half of the steps are gone: from here on what is good enough will do. */
  readonly isTight: boolean;
  /** Throws PLANNING_BUDGET_EXCEEDED for a selection that is nested deeper than planning can recurse. */
  enter(depth: number): void;
}

export interface PlanningLimits {
  readonly steps: number;
  readonly depth: number;
}

export function createPlanningBudget({ steps, depth: deepest }: PlanningLimits): PlanningBudget {
  let left = steps;
  return {
    get isTight() {
      return left < steps / 2;
    },
    spend(count) {
      left -= count;
      if (left < 0) throw exceeded(`needs more than ${steps} planning steps`);
    },
    enter(depth) {
      if (depth > deepest) throw exceeded(`selects fields more than ${deepest} levels deep`);
    },
  };
}

/** For what the gateway itself writes: keys and requirements of a schema. */
export const UNLIMITED: PlanningBudget = { spend: () => {}, enter: () => {}, isTight: false };

function exceeded(what: string): GatewayError {
  return new GatewayError('PLANNING_BUDGET_EXCEEDED', `The operation ${what}; ask for less in one operation.`);
}
