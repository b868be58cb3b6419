import { configJsonSchema } from '../config/configJsonSchema.ts';

/** Prints the JSON Schema of the configuration. */
export function configSchema(): number {
  process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return 0;
}
