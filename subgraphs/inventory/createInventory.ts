import { createStock, type StockRecord } from '../data/createStock.ts';
import { ProblemError } from './ProblemError.ts';

const reasons: readonly unknown[] = ['sale', 'return', 'delivery', 'loss'];
const largestBatch = 200;

/** The component `Product` of the OpenAPI document. */
export interface StockView extends StockRecord {
  readonly inStock: boolean;
}

export interface Inventory {
  /** Throws a 404. */
  one(upc: string): StockView;
  /** Unknown ones are left out. Throws a 422. */
  several(upcs: readonly string[]): readonly StockView[];
  /** `adjustment` is a decoded request body. Throws a 404, 409 or 422. */
  adjust(upc: string, adjustment: unknown): StockView;
}

export function createInventory(): Inventory {
  const stock = new Map(createStock().map((record) => [record.upc, record]));
  const get = (upc: string): StockRecord => {
    const record = stock.get(upc);
    if (record === undefined) throw new ProblemError(404, 'Not found', `There is no product "${upc}".`);
    return record;
  };
  return {
    one: (upc) => view(get(upc)),
    several(upcs) {
      if (upcs.length === 0 || upcs.length > largestBatch) {
        throw new ProblemError(422, 'Unusable query', `"upcs" takes 1 to ${largestBatch} upcs, not ${upcs.length}.`);
      }
      // Backwards, because the document promises no order and a client must not rely on one.
      return [...new Set(upcs)].reverse().flatMap((upc) => {
        const record = stock.get(upc);
        return record === undefined ? [] : [view(record)];
      });
    },
    adjust(upc, adjustment) {
      const record = get(upc);
      const delta = readDelta(adjustment);
      const quantity = record.quantity + delta;
      if (quantity < 0) {
        throw new ProblemError(
          409,
          'Not enough stock',
          `Only ${record.quantity} of "${upc}" are there, so ${-delta} cannot go.`,
        );
      }
      const changed = { ...record, quantity };
      stock.set(upc, changed);
      return view(changed);
    },
  };
}

function view(record: StockRecord): StockView {
  return { ...record, inStock: record.quantity > 0 };
}

function readDelta(adjustment: unknown): number {
  const { delta, reason } = (typeof adjustment === 'object' && adjustment !== null ? adjustment : {}) as Record<
    string,
    unknown
  >;
  if (typeof delta !== 'number' || !Number.isInteger(delta) || delta === 0) {
    throw new ProblemError(422, 'Unusable adjustment', '"delta" is a whole number other than 0.');
  }
  if (!reasons.includes(reason)) {
    throw new ProblemError(422, 'Unusable adjustment', `"reason" is one of ${reasons.join(', ')}.`);
  }
  return delta;
}
