import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { hashPassword } from '../plugins/authentication/passwordHash.ts';
import { hashOf } from '../plugins/hashOf.ts';
import { UsageError } from './UsageError.ts';

/** Makes an API key of 256 random bits. It is printed this once; the configuration has its hash. */
export async function hashApiKey(): Promise<number> {
  const key = `weft_${randomBytes(32).toString('base64url')}`;
  process.stdout.write(`key:  ${key}\nhash: sha256:${await hashOf(key)}\n`);
  return 0;
}

/** Prints the hash of a password that comes by standard input: as an argument it would stand in histories and lists of processes. */
export async function hashPasswordOfInput(): Promise<number> {
  if (process.stdin.isTTY) process.stderr.write('The password, then Enter and Ctrl+D:\n');
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (password === '') throw new UsageError('Expected a password by standard input; it was empty.');
  process.stdout.write(`${await hashPassword(password)}\n`);
  return 0;
}
