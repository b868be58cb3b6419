import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import { createGateway, type Gateway } from '../../../src/index.ts';

export interface Victim {
  readonly gateway: Gateway;
  readonly url: string;
  readonly port: number;
  /** All that it has logged, causes and stacks included. */
  readonly logged: string[];
}

/** A whole gateway of a configuration as a user writes it, listening; closed after the test. */
export async function startVictim(t: TestContext, input: object): Promise<Victim> {
  const state = await mkdtemp(join(tmpdir(), 'weft-attacks-'));
  const logged: string[] = [];
  const note = (...all: unknown[]) =>
    void logged.push(all.map((one) => (typeof one === 'string' ? one : inspect(one, { depth: 9 }))).join(' '));
  const gateway = await createGateway({
    graphiql: false,
    state_directory: state,
    log: { info: note, warn: note, error: note },
    ...input,
  } as Parameters<typeof createGateway>[0]);
  const { url } = await gateway.listen({ port: 0 });
  t.after(async () => {
    await gateway.close();
    await rm(state, { recursive: true, force: true });
  });
  return { gateway, url, port: Number(new URL(url).port), logged };
}
