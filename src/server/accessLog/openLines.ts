import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { IssuesError } from '../../errors/Issue.ts';
import type { Log } from '../../lib/Log.ts';

export interface Lines {
  /** One object a line; what cannot be written fast enough is dropped, and the log says so. */
  write(entry: object): void;
  close(): Promise<void>;
}

/** Milliseconds: a system call for each line would cost more than the line. */
const PAUSE = 100;
/** Characters that wait for a slow disk or reader. */
const MOST_WAITING = 8_388_608;

/** `stdout`, or the path of a file that grows. Rejects with an `IssuesError` where it cannot be written. */
export async function openLines(output: string, log: Log): Promise<Lines> {
  if (output !== 'stdout') await checkWritable(output);
  const stream = output === 'stdout' ? process.stdout : createWriteStream(output, { flags: 'a' });
  let text = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isBroken = false;
  let dropped = 0;
  const onError = (error: Error): void => {
    if (!isBroken) log.error('The access log cannot be written.', error);
    isBroken = true;
  };
  stream.on('error', onError);
  const flush = (): void => {
    timer = undefined;
    if (dropped > 0)
      log.warn(`${dropped} lines of the access log are lost: they came faster than they can be written.`);
    dropped = 0;
    if (text !== '' && !isBroken) stream.write(text);
    text = '';
  };
  return {
    write(entry) {
      if (isBroken) return;
      if (text.length + stream.writableLength > MOST_WAITING) dropped += 1;
      else text += `${JSON.stringify(entry)}\n`;
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
