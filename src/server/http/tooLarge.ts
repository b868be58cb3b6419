import { GatewayError } from '../../errors/GatewayError.ts';

/** The connection is closed with the answer, for the rest of the body would have to be read otherwise. */
export function tooLarge(limit: number): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', `The request body is larger than ${limit} bytes.`, {
    extensions: { http: { headers: { connection: 'close' } } },
  });
}
