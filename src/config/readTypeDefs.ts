import { print } from 'graphql';
import type { TypeDefs } from '../supergraph/gatewaySchema/GatewaySchema.ts';
import type { TypeDefsInput } from './schema/gatewaySchema.ts';

/** Whether a text of `additionalTypeDefs` names a file, and is not SDL itself. */
export function isTypeDefsFile(text: string): boolean {
  return /^[^\s{}"#]+\.(graphqls?|gql)$/.test(text);
}

export interface ReadTypeDefsOptions {
  /** Absolute path of a path as written. */
  readonly resolve: (path: string) => string;
  readonly readFile: (path: string) => Promise<string>;
}

/** The type definitions as SDL, each with the file that it comes from. Rejects where a file cannot be read. */
export async function readTypeDefs(
  input: TypeDefsInput | undefined,
  { resolve, readFile }: ReadTypeDefsOptions,
): Promise<readonly TypeDefs[]> {
  const entries = input === undefined ? [] : Array.isArray(input) ? input : [input];
  return Promise.all(
    entries.map(async (entry) => {
      if (typeof entry !== 'string') return { sdl: print(entry) };
      if (!isTypeDefsFile(entry)) return { sdl: entry };
      const file = resolve(entry);
      return { sdl: await readFile(file), file };
    }),
  );
}
