import type { AuthenticationOutput } from './schema/authenticationSchema.ts';

/** Decoded; paths are absolute, durations in milliseconds (`clock_tolerance`, `max_age`: seconds), hashes without `sha256:`. */
export type AuthenticationConfig = AuthenticationOutput;
export type IntrospectionConfig = NonNullable<AuthenticationOutput['introspection']>;
export type ForwardConfig = NonNullable<AuthenticationOutput['forward']>;
export type JwksConfig = NonNullable<AuthenticationOutput['jwt']>['jwks'][number];
export type ClientCertificateConfig = NonNullable<AuthenticationOutput['client_certificate']>;
export type DpopConfig = NonNullable<NonNullable<AuthenticationOutput['jwt']>['dpop']>;
