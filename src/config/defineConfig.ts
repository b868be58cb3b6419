import type { ConfigInput } from './schema/configSchema.ts';

/** For `weft.config.ts`: `export default defineConfig({ ... })`. Gives it back as it is; the type is what helps. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
