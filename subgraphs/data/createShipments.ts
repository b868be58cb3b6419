import { createRandom } from './createRandom.ts';
import { ids } from './ids.ts';

export type ShipmentStatus = 'SHIPMENT_STATUS_PACKED' | 'SHIPMENT_STATUS_IN_TRANSIT' | 'SHIPMENT_STATUS_DELIVERED';

export interface ShipmentRecord {
  readonly id: string;
  readonly upc: string;
  readonly carrier: string;
  readonly status: ShipmentStatus;
  /** Seconds since 1970. */
  readonly sentAt: number;
  /** Millimetres; a tube has length and diameter. */
  readonly packaging:
    | { readonly box: { readonly width: number; readonly height: number; readonly depth: number } }
    | { readonly tube: { readonly length: number; readonly diameter: number } };
  /** Days from the order to the door, by country. */
  readonly deliveryDays: Readonly<Record<string, number>>;
}

export const carriers = ['Pony Post', 'Blue Barge', 'Night Train'] as const;
const statuses = ['SHIPMENT_STATUS_PACKED', 'SHIPMENT_STATUS_IN_TRANSIT', 'SHIPMENT_STATUS_DELIVERED'] as const;

/** One shipment a product, in the order of the upcs. */
export function createShipments(): readonly ShipmentRecord[] {
  const random = createRandom(6);
  return ids.shipments.map((id, index) => {
    const size = (): number => random.integer(5, 120) * 10;
    return {
      id,
      upc: ids.upcs[index] ?? id,
      carrier: random.pick(carriers),
      status: random.pick(statuses),
      sentAt: Date.UTC(2026, 8, 1) / 1000 + random.integer(0, 80) * 86_400,
      packaging: random.chance(0.8)
        ? { box: { width: size(), height: size(), depth: size() } }
        : { tube: { length: size(), diameter: size() } },
      deliveryDays: { DE: random.integer(1, 3), FR: random.integer(1, 4), US: random.integer(4, 9) },
    };
  });
}
