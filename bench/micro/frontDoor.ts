/** What does each plugin of the front door cost a request that it lets pass? Subgraphs answer in this process; a token is verified once, and then known. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { OpenContext } from '../../src/plugins/GatewayPlugin.ts';
import { hashOf } from '../../src/plugins/hashOf.ts';
import { openFrontDoor } from '../../src/server/frontDoor/openFrontDoor.ts';
import { type Case, compareCases } from './compareCases.ts';
import { createChain, publicSnapshot } from './createChain.ts';
import { queryOf } from './publicGraph.ts';

const KEY = 'weft_benchmark';

export default async function frontDoor(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'weft-front-door-'));
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'RS256' }] };
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify(jwks));
  const token = await new SignJWT({ sub: 'ann', aud: 'shop', scope: 'read write' })
    .setProtectedHeader({ alg: 'RS256', kid: 'a' })
    .setExpirationTime('2h')
    .sign(privateKey);
  const headers = new Map([
    ['authorization', `Bearer ${token}`],
    ['x-api-key', KEY],
  ]);
  const jwt = { jwks: [{ file: join(folder, 'jwks.json'), audiences: ['shop'] }] };
  const keys = { keys: [{ hash: await hashOf(KEY), consumer: 'ann' }] };
  const rate_limit = { rules: [{ name: 'each', rate: 1_000_000, window: '1s' }] };
  const guesses = { name: 'guesses', on: 'failed_authentication', rate: 10, window: '1m' };
  const before = { rules: [{ name: 'each', key: 'address', rate: 1_000_000, window: '1s' }, guesses] };
  const cases = [
    await caseOf('no front door', {}, headers),
    await caseOf('a token', { authentication: { jwt } }, headers),
    await caseOf('an API key', { authentication: { api_keys: keys } }, headers),
    await caseOf('a rate limit', { rate_limit }, headers),
    await caseOf('a rate limit before a token', { authentication: { jwt }, rate_limit: before }, headers),
    await caseOf('what it costs', { demand_control: { mode: 'measure' } }, headers, false),
    await caseOf('what it and its calls cost', { demand_control: { mode: 'measure' } }, headers),
    await caseOf(
      'a token, a rate limit and what it costs',
      { authentication: { jwt }, rate_limit, demand_control: { mode: 'measure' } },
      headers,
    ),
  ];
  const text = await compareCases('B without HTTP, through the front door', cases);
  rmSync(folder, { recursive: true });
  return text;
}

async function caseOf(
  name: string,
  input: object,
  headers: ReadonlyMap<string, string>,
  withCalls = true,
): Promise<Case> {
  const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
  const { config } = await loadConfig({ directory: process.cwd(), input: { subgraphs, ...input } });
  const log = { info() {}, warn() {}, error: console.error };
  const { plugins, wrapSource } = await openFrontDoor(config, log);
  const run = createChain(publicSnapshot(withCalls ? { wrapSource } : {}), { frontDoor: plugins });
  const context: OpenContext = { headers: { get: (header) => headers.get(header) ?? null }, exposePlan: false };
  const query = queryOf('B');
  const { data } = await run(query, { ...context });
  if (data == null) throw new Error(`"${name}" does not let the request pass.`);
  return { name, run: () => run(query, { ...context }) };
}
