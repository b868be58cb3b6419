import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The names that are looked for, the first one wins. */
export const configFileNames = [
  'weft.config.yaml',
  'weft.config.yml',
  'weft.config.json',
  'weft.config.ts',
  'weft.config.mts',
  'weft.config.js',
  'weft.config.mjs',
];

/** The name of the folder's configuration file. */
export function findConfigFile(directory: string): string | undefined {
  return configFileNames.find((name) => existsSync(join(directory, name)));
}
