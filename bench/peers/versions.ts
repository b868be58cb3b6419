/** What `--peers` installs, each into a folder of its own: packages of npm and their versions. Node is the one that runs the benchmark. */
export const VERSIONS = {
  hive: { '@graphql-hive/gateway': '2.15.1', graphql: '16.15.0' },
  'hive-rr': { '@graphql-hive/gateway': '2.15.1', '@graphql-hive/router-runtime': '1.4.23', graphql: '16.15.0' },
  apollo: { '@apollo/gateway': '2.14.4', '@apollo/server': '5.5.1', graphql: '16.15.0' },
  naive: { '@graphql-tools/federation': '4.5.2', 'graphql-yoga': '5.24.1', graphql: '16.15.0' },
  grafbase: { '@grafbase/cli-x86_64-unknown-linux-musl': '0.103.0' },
} as const;

export type PeerPackage = keyof typeof VERSIONS;

export const versionsOf = (name: PeerPackage): string =>
  Object.entries<string>(VERSIONS[name])
    .map(([one, version]) => `${one} ${version}`)
    .join(', ');
