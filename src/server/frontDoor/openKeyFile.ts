/**
 * What: a file of API keys. Where: a store of the API key method; read at the start and whenever it changes.
 * A caller sees a change within a second. A file that is wrong at the start is an `IssuesError`; later the keys that were there go on, and the log says why.
 */
import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { readDocument } from '../../config/readDocument.ts';
import { apiKeysListSchema } from '../../config/schema/authenticationSchema.ts';
import { strict } from '../../config/schema/strict.ts';
import { toIssues } from '../../config/toIssues.ts';
import { formatIssue, IssuesError } from '../../errors/Issue.ts';
import type { Log } from '../../lib/Log.ts';
import { createListedKeys } from '../../plugins/authentication/createListedKeys.ts';
import type { KeyStore } from '../../plugins/authentication/KeyStore.ts';

export interface KeyFile extends KeyStore {
  close(): void;
}

/** Milliseconds between two looks at the file. */
const INTERVAL = 250;

export async function openKeyFile(file: string, log: Log): Promise<KeyFile> {
  let keys = await readKeys(file);
  const onChange = (): void => {
    readKeys(file).then(
      (read) => {
        keys = read;
        log.info(`The API keys of ${file} were read anew.`);
      },
      (error: unknown) => {
        const issues = error instanceof IssuesError ? error.issues.map((issue) => formatIssue(issue).trim()) : [error];
        log.error(`The API keys of ${file} stay as they were: ${issues.join('; ')}`);
      },
    );
  };
  watchFile(file, { interval: INTERVAL, persistent: false }, onChange);
  return {
    find: (hash) => keys.find(hash),
    close: () => unwatchFile(file, onChange),
  };
}

const fileSchema = strict({ keys: apiKeysListSchema });

async function readKeys(file: string): Promise<KeyStore> {
  const document = readDocument(await readText(file), file);
  if (document.issues.length > 0) throw new IssuesError('The file of API keys cannot be read.', document.issues);
  const result = v.safeParse(fileSchema, document.value);
  if (!result.success)
    throw new IssuesError('The file of API keys is not valid.', toIssues(result.issues).map(document.place));
  return createListedKeys(result.output.keys);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new IssuesError('The file of API keys cannot be read.', [
      { file, message: 'Expected a file of API keys; it cannot be read.' },
    ]);
  }
}
