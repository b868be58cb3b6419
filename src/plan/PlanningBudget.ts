import { GatewayError } from '../errors/GatewayError.ts';

/** Steps, not time: the same operation is refused or planned on every machine alike. */
export interface PlanningBudget {
  spend(steps: number): void;
}

export function createPlanningBudget(limit: number): PlanningBudget {
  let left = limit;
  return {
    spend(steps) {
      left -= steps;
      if (left < 0) {
        throw new GatewayError('PLANNING_BUDGET_EXCEEDED', `The operation needs more than ${limit} planning steps; ask for less in one operation.`);
      }
    },
  };
}
