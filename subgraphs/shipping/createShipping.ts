import { status as codes } from '@grpc/grpc-js';
import { carriers, createShipments, type ShipmentRecord } from '../data/createShipments.ts';

/** A point in time as google.protobuf.Timestamp; whole seconds. */
interface Timestamp {
  readonly seconds: number;
}

export interface TrackingEvent {
  readonly shipmentId: string;
  readonly status: string;
  readonly place: string;
  readonly at: Timestamp;
}

export interface Shipping {
  /** Throws INVALID_ARGUMENT, NOT_FOUND. */
  quote(request: { readonly upc: string; readonly country: string; readonly express: boolean }): object;
  /** Throws NOT_FOUND. */
  product(upc: string): object;
  /** Unknown ones are left out. */
  products(upcs: readonly string[]): readonly object[];
  /** Unknown ones are left out. */
  shipments(ids: readonly string[]): readonly object[];
  /** All four steps of a shipment, and how many of them have happened. Throws NOT_FOUND. */
  track(id: string): { readonly steps: readonly TrackingEvent[]; readonly happened: number };
}

/** An error as grpc-js relays it. */
export class RpcError extends Error {
  readonly code: codes;
  readonly details: string;

  constructor(code: codes, details: string) {
    super(details);
    this.code = code;
    this.details = details;
  }
}

const happenedByStatus = {
  SHIPMENT_STATUS_PACKED: 1,
  SHIPMENT_STATUS_IN_TRANSIT: 2,
  SHIPMENT_STATUS_DELIVERED: 4,
} as const;
const quotesEnd = Date.UTC(2027, 0, 1) / 1000;

export function createShipping(): Shipping {
  const records = createShipments();
  const byUpc = new Map(records.map((record) => [record.upc, record]));
  const byId = new Map(records.map((record) => [record.id, record]));
  const ofUpc = (upc: string): ShipmentRecord => found(byUpc.get(upc), `There is no product "${upc}".`);
  return {
    quote({ upc, country, express }) {
      const days = ofUpc(upc).deliveryDays[country];
      if (days === undefined) throw new RpcError(codes.INVALID_ARGUMENT, `Nothing is sent to "${country}".`);
      const parts = { base: 390, distance: days * 110, ...(express ? { express: 900 } : {}) };
      const cents = Object.values(parts).reduce((sum, part) => sum + part, 0);
      return { upc, carrier: express ? carriers[2] : carriers[0], cents, parts, validUntil: { seconds: quotesEnd } };
    },
    product: (upc) => productOf(ofUpc(upc)),
    products: (upcs) => known(upcs, byUpc).map(productOf),
    shipments: (ids) => known(ids, byId).map(shipmentOf),
    track(id) {
      const record = found(byId.get(id), `There is no shipment "${id}".`);
      return { steps: stepsOf(record), happened: happenedByStatus[record.status] };
    },
  };
}

function found(record: ShipmentRecord | undefined, message: string): ShipmentRecord {
  if (record === undefined) throw new RpcError(codes.NOT_FOUND, message);
  return record;
}

/** Backwards, because the rpcs promise no order and a client must not rely on one. */
function known(keys: readonly string[], records: ReadonlyMap<string, ShipmentRecord>): readonly ShipmentRecord[] {
  return [...new Set(keys)].reverse().flatMap((key) => records.get(key) ?? []);
}

function productOf(record: ShipmentRecord): object {
  return { upc: record.upc, deliveryDays: record.deliveryDays, ...record.packaging, lastShipment: shipmentOf(record) };
}

function shipmentOf({ id, carrier, status, sentAt }: ShipmentRecord): object {
  return { id, carrier, status, sentAt: { seconds: sentAt } };
}

function stepsOf({ id, sentAt }: ShipmentRecord): readonly TrackingEvent[] {
  const step = (hours: number, place: string, status: string): TrackingEvent => ({
    shipmentId: id,
    status: `SHIPMENT_STATUS_${status}`,
    place,
    at: { seconds: sentAt + hours * 3600 },
  });
  return [
    step(0, 'warehouse', 'PACKED'),
    step(6, 'sorting centre', 'IN_TRANSIT'),
    step(30, 'delivery van', 'IN_TRANSIT'),
    step(36, 'front door', 'DELIVERED'),
  ];
}
