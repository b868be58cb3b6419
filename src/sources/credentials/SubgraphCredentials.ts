import type { SourceContext } from '../../execute/Source.ts';
import type { Credentials, Identity } from '../../upstream/credentials/Credentials.ts';

/** The credentials for one subgraph. */
export interface SubgraphCredentials extends Credentials {
  /** Equal for equal ones; tells nothing of them. */
  readonly id: string;
  /** Whom a request speaks for; absent where no credential tells. */
  readonly identify?: ((context: SourceContext) => Identity) | undefined;
  /** The JSON of `extensions` for a GraphQL operation; absent where operations are not signed. `variables` is JSON text. */
  readonly signOperation?: ((document: string, variables: string) => string) | undefined;
  /** So that it can stand among settings that are compared as JSON. */
  toJSON(): string;
}
