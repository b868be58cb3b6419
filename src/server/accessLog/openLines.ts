import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { IssuesError } from '../../errors/Issue.ts';
import type { Log } from '../../lib/Log.ts';

export interface Lines {
  /** With the end of its line; what cannot be written fast enough is dropped, and the log says so. */
  write(line: string): void;
  close(): Promise<void>;
}

/** Milliseconds: a system call for each line would cost more than the line. */
const PAUSE = 100;
/** Bytes that wait for a slow disk or reader. */
const MOST_WAITING = 8_388_608;
/** Bytes that are written at once; lines are copied there, as texts that wait would grow old in the memory of V8. */
const AT_ONCE = 262_144;

/** `stdout`, or the path of a file that grows. Rejects with an `IssuesError` where it cannot be written. */
export async function openLines(output: string, log: Log): Promise<Lines> {
  if (output !== 'stdout') await checkWritable(output);
  const stream = output === 'stdout' ? process.stdout : createWriteStream(output, { flags: 'a' });
  let buffer = Buffer.allocUnsafe(AT_ONCE);
  let used = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isBroken = false;
  let dropped = 0;
  const onError = (error: Error): void => {
    if (!isBroken) log.error('The access log cannot be written.', error);
    isBroken = true;
  };
  stream.on('error', onError);
  const send = (): void => {
    if (used > 0 && !isBroken) {
      stream.write(buffer.subarray(0, used));
      buffer = Buffer.allocUnsafe(AT_ONCE);
    }
    used = 0;
  };
  const flush = (): void => {
    timer = undefined;
    if (dropped > 0)
      log.warn(`${dropped} lines of the access log are lost: they came faster than they can be written.`);
    dropped = 0;
    send();
  };
  return {
    write(line) {
      if (isBroken) return;
      // A character takes three bytes at most.
      if (used + 3 * line.length > AT_ONCE) send();
      if (3 * line.length > AT_ONCE || stream.writableLength > MOST_WAITING) dropped += 1;
      else used += buffer.write(line, used);
      timer ??= setTimeout(flush, PAUSE);
    },
    async close() {
      clearTimeout(timer);
      flush();
      stream.off('error', onError);
      if (stream === process.stdout || isBroken) return;
      stream.end();
      await finished(stream).catch(() => undefined);
    },
  };
}

async function checkWritable(path: string): Promise<void> {
  try {
    await (await open(path, 'a')).close();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new IssuesError('The access log cannot be written.', [
      { message: `Expected "access_logs.output" to be "stdout" or a file that can be written: ${why}` },
    ]);
  }
}
