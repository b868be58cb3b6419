import type { LimitsConfig } from '../../config/Config.ts';
import type { ContentCoding } from './contentCoding.ts';

/** The body without its coding; rejects with a `GatewayError` where it is too large or broken. */
export async function plainBody(
  bytes: Uint8Array,
  coding: ContentCoding,
  { max_request_body_size: limit }: Pick<LimitsConfig, 'max_request_body_size'>,
): Promise<Buffer> {
  const { decompressBody } = await import('./decompressBody.ts');
  return decompressBody(bytes, coding, limit);
}
