import type { Config } from '../../config/Config.ts';
import type { HeaderReader } from '../../execute/Source.ts';
import { type ContentCoding, contentCoding } from './contentCoding.ts';

export type BodyLimits = Pick<Config, 'limits' | 'traffic_shaping'>;

export interface BodyRules {
  readonly coding: ContentCoding | undefined;
  /** Bytes that may come; what comes out of a coding has a limit of its own. */
  readonly limit: number;
}

/** How the body of a request is read, by its headers. Throws 415 for a coding that is not read here. */
export function bodyRules(headers: HeaderReader, { limits, traffic_shaping: { router } }: BodyLimits): BodyRules {
  const coding = contentCoding(headers, router.decompression_enabled !== false);
  const { max_request_body_size: plain, max_compressed_body_size: compressed = plain } = limits;
  return { coding, limit: coding === undefined ? plain : compressed };
}
