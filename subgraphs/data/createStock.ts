import { createRandom } from './createRandom.ts';
import { ids } from './ids.ts';

export interface WarehouseRecord {
  readonly code: string;
  readonly city: string;
  /** ISO 3166 code of two letters. */
  readonly country: string;
}

export interface StockRecord {
  readonly upc: string;
  readonly quantity: number;
  readonly warehouse: WarehouseRecord;
  /** `YYYY-MM-DD`, or null where enough are there. */
  readonly restockDate: string | null;
}

export const warehouses: readonly WarehouseRecord[] = [
  { code: 'BER', city: 'Berlin', country: 'DE' },
  { code: 'LYS', city: 'Lyon', country: 'FR' },
  { code: 'PDX', city: 'Portland', country: 'US' },
];

export function createStock(): readonly StockRecord[] {
  const random = createRandom(5);
  return ids.upcs.map((upc) => {
    const quantity = random.chance(0.15) ? 0 : random.integer(1, 300);
    const restockDate = quantity < 20 ? `2026-12-${String(random.integer(1, 24)).padStart(2, '0')}` : null;
    return { upc, quantity, warehouse: random.pick(warehouses), restockDate };
  });
}
