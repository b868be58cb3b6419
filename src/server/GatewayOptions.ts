import type { Config } from '../config/Config.ts';
import type { ConfigOverrides } from '../config/loadConfig.ts';
import type { ConfigInput } from '../config/schema/configSchema.ts';
import type { Source } from '../execute/Source.ts';
import type { Log } from '../lib/Log.ts';
import type { PolicyCheck } from '../plugins/authorization/createDecidePolicies.ts';
import type { GatewayPlugin } from '../plugins/GatewayPlugin.ts';
import type { Siblings } from '../sources/Siblings.ts';
import type { ExampleQuery } from './yoga/useGraphiql.ts';

/** What an embedder may bring along, whatever its configuration. */
export interface GatewayExtras {
  /** Envelop plugins, in this order, in every lane: HTTP, streams, WebSocket. */
  readonly plugins?: readonly GatewayPlugin[] | undefined;
  /** Sources by the name of their subgraph, instead of those that Weft would make. They are closed by who made them. */
  readonly sources?: Readonly<Record<string, Source>> | undefined;
  /** Default: `console`. */
  readonly log?: Log | undefined;
  /** Other processes that serve the same clients; default: none. */
  readonly siblings?: Siblings | undefined;
  /** By the names in `@policy`: whether the caller meets it. They win over those of the configuration; one that throws is not met. */
  readonly policies?: Readonly<Record<string, PolicyCheck>> | undefined;
  /** Queries that GraphiQL opens as tabs. */
  readonly examples?: readonly ExampleQuery[] | undefined;
}

/** A file; it is read again at each reload. */
export interface ConfigFileOptions {
  /** Relative to the working directory, or absolute. */
  readonly configFile: string;
  /** Win over the file. */
  readonly overrides?: ConfigOverrides | undefined;
}

/** A configuration as a user writes it (relative paths: from the working directory), a decoded one, or a file's name. */
export type GatewayOptions = GatewayExtras & (ConfigInput | Config | ConfigFileOptions);
