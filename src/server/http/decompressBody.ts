/**
 * What: takes the content coding off a body. Where: in both HTTP lanes, once the body is there, and loaded with the first one that has a coding.
 * A caller sees PAYLOAD_TOO_LARGE (413) past the limit, at which it stops, and BAD_REQUEST (400) for what is broken, cut off or has something behind it.
 */
import {
  brotliDecompress,
  constants,
  gunzip,
  type InputType,
  inflate,
  type ZlibOptions,
  zstdCompressSync,
  zstdDecompress,
} from 'node:zlib';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { ContentCoding } from './contentCoding.ts';

/** With the option `info` there is also who has read it. */
interface Decompressed {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

type Decompress = (
  bytes: InputType,
  options: ZlibOptions,
  done: (error: NodeJS.ErrnoException | null, result: unknown) => void,
) => void;

/** RFC 9659: a window of 8 MB is what whoever reads the coding has to have; a stream may ask for 128. */
const ZSTD = { params: { [constants.ZSTD_d_windowLogMax]: 23 } };

interface Decompressor {
  readonly run: Decompress;
  readonly options?: object;
  /** Goes behind the body, and comes to nothing. */
  readonly end?: Uint8Array;
}

const decompressors: Readonly<Record<ContentCoding, Decompressor>> = {
  gzip: { run: gunzip as Decompress },
  deflate: { run: inflate as Decompress },
  br: { run: brotliDecompress as Decompress },
  zstd: {
    run: zstdDecompress as Decompress,
    options: ZSTD,
    // An empty frame. Without it the first bytes of one, at the end of a body, are taken for its end.
    end: zstdCompressSync(''),
  },
};

/** Never holds more than `limit` bytes of what comes out. */
export function decompressBody(bytes: Uint8Array, coding: ContentCoding, limit: number): Promise<Buffer> {
  const { run, options, end } = decompressors[coding];
  const whole = end === undefined ? bytes : Buffer.concat([bytes, end]);
  return new Promise((resolve, reject) => {
    if (bytes.byteLength === 0) return reject(broken(coding));
    return run(whole, { ...options, maxOutputLength: limit, info: true } as ZlibOptions, (error, result) => {
      if (error?.code === 'ERR_BUFFER_TOO_LARGE') return reject(bomb(limit));
      if (error !== null) return reject(broken(coding, error));
      const { buffer, engine } = result as Decompressed;
      // What stands behind the end nobody has read: another reader could find another request in it.
      if (engine.bytesWritten !== whole.byteLength) return reject(broken(coding));
      return resolve(buffer);
    });
  });
}

function bomb(limit: number): GatewayError {
  return new GatewayError(
    'PAYLOAD_TOO_LARGE',
    `The request body is larger than ${limit} bytes once it is decompressed.`,
  );
}

function broken(coding: ContentCoding, cause?: Error): GatewayError {
  return new GatewayError('BAD_REQUEST', `The request body is not a whole stream of "${coding}", and nothing else.`, {
    cause,
  });
}
