import type { InitialIncrementalExecutionResult, SubsequentIncrementalExecutionResult } from 'graphql';
import type { LaterItems } from '../Later.ts';
import type { Batch, Group } from './createDelivery.ts';
import type { PayloadFormat } from './PayloadFormat.ts';

type Pending = InitialIncrementalExecutionResult['pending'][number];
type Incremental = NonNullable<SubsequentIncrementalExecutionResult['incremental']>[number];
type Completed = NonNullable<SubsequentIncrementalExecutionResult['completed']>[number];

/** The format of graphql 17: what is to come is announced by an id, which data and its end refer to. */
export function formatCurrent(): PayloadFormat {
  const ids = new Map<Group | LaterItems, string>();
  let next = 0;
  const idOf = (target: Group | LaterItems) => {
    const id = ids.get(target) ?? String(next++);
    ids.set(target, id);
    return id;
  };
  const announce = (pending: Batch['pending']): Pending[] =>
    pending.map((target) => ({
      id: idOf(target),
      path: target.path,
      ...(target.label === undefined ? {} : { label: target.label }),
    }));
  return {
    first: (result, { pending }) => ({ ...result, pending: announce(pending), hasNext: true }),
    next({ pending, given, completed }, hasNext) {
      const announced = announce(pending);
      const incremental = given.map((part): Incremental => {
        const errors = part.errors.length > 0 ? { errors: part.errors } : {};
        if (part.kind === 'items') return { id: idOf(part.list), items: part.items, ...errors };
        const { group, path, data } = part;
        const subPath = path.length > group.path.length ? { subPath: path.slice(group.path.length) } : {};
        return { id: idOf(group), ...subPath, data, ...errors };
      });
      const over = completed.map(
        ({ target, errors }): Completed => ({ id: idOf(target), ...(errors.length > 0 ? { errors } : {}) }),
      );
      for (const { target } of completed) ids.delete(target);
      return {
        hasNext,
        ...(announced.length > 0 ? { pending: announced } : {}),
        ...(incremental.length > 0 ? { incremental } : {}),
        ...(over.length > 0 ? { completed: over } : {}),
      };
    },
  };
}
