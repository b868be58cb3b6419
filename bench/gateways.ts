import { fileURLToPath } from 'node:url';

export interface Gateway {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Letters of the workloads that it can be asked; absent for all. */
  readonly only?: readonly string[];
}

export interface Places {
  readonly port: number;
  readonly subgraphs: string;
  readonly supergraph: string;
  /** The answer that the constant server gives. */
  readonly answer: (letter: string) => string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Weft as it is built, and the floors under it. */
export function ownGateways({ port, subgraphs, supergraph, answer }: Places, letter: string): readonly Gateway[] {
  return [
    {
      name: 'Weft',
      command: [process.execPath, `${root}dist/main.js`, 'serve', '--supergraph', supergraph, '--port', String(port)],
    },
    {
      name: 'one-hop proxy',
      command: [process.execPath, `${root}bench/floors/proxy.ts`],
      env: { PORT: String(port), UPSTREAM: subgraphs },
      only: ['B', 'B@1'],
    },
    {
      name: 'constant',
      command: [process.execPath, `${root}bench/floors/constant.ts`],
      env: { PORT: String(port), ANSWER: answer(letter) },
      only: ['A', 'A@1', 'B', 'B@1'],
    },
  ];
}
