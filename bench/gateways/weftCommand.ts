import { ROOT } from '../openBench.ts';

/** Weft as built, with its defaults. `node` has options of Node itself. */
export function weftCommand(supergraph: string, port: number, node: readonly string[] = []): readonly string[] {
  return [
    process.execPath,
    ...node,
    `${ROOT}/dist/main.js`,
    'serve',
    '--supergraph',
    supergraph,
    '--port',
    String(port),
  ];
}
