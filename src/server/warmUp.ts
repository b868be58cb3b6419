/**
 * What: parses, checks and plans operations before somebody asks for them. Where: before the gateway listens, and after each swap of the graph.
 * A caller sees nothing of it but a first answer that is as fast as the others.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getOperationAST } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors/GatewayError.ts';
import type { ServedSnapshot } from '../plugins/ServedSnapshot.ts';
import { releaseSnapshot } from '../plugins/useSnapshot.ts';
import type { ServerParts } from './ServerParts.ts';

/** As many as plans are kept. */
const MOST_DOCUMENTS = 2_000;

export interface WarmUpPorts extends Pick<ServerParts, 'yoga' | 'log' | 'state'> {
  readonly current: () => ServedSnapshot | undefined;
}

/** What is not valid in the graph of now is left out, and told by its number. */
export async function warmUp(texts: Iterable<string>, { yoga, log, state, current }: WarmUpPorts): Promise<void> {
  const snapshot = current();
  if (snapshot === undefined) return;
  const begun = performance.now();
  let planned = 0;
  let failed = 0;
  for (const text of texts) {
    if (planned + failed === MOST_DOCUMENTS || state.stopping || current() !== snapshot) break;
    if (isPlanned(text, { yoga, snapshot })) planned += 1;
    else failed += 1;
    // Requests are served meanwhile, where the gateway listens already.
    await nextTurn();
  }
  if (planned + failed === 0) return;
  const time = Math.round(performance.now() - begun);
  const rest = failed === 0 ? '' : `; ${failed} cannot be, as they are no operations of this graph`;
  log.info(`${planned} registered documents are planned, in ${time} ms${rest}.`);
}

function isPlanned(
  text: string,
  { yoga, snapshot }: Pick<ServerParts, 'yoga'> & { snapshot: ServedSnapshot },
): boolean {
  const context: GatewayContext & Record<string, unknown> = { headers: { get: () => null }, params: {} };
  try {
    const { parse, validate, schema } = yoga.getEnveloped(context);
    const document = parse(text);
    if (validate(schema, document).length > 0) return false;
    const operation = getOperationAST(document);
    if (operation == null) return false;
    snapshot.plan({ document, context });
    return true;
  } catch (error) {
    // Of its syntax, or of limits; a registered document is refused with the same words when it is asked for.
    if (error instanceof GatewayError || (error instanceof Error && error.name === 'GraphQLError')) return false;
    throw error;
  } finally {
    releaseSnapshot(context);
  }
}
