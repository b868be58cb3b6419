/** Hive Gateway's configuration. `SHARES`: `answers` also answers equal requests in flight once, `nothing` sends each subgraph request by itself. */
const shares = process.env['SHARES'];

export const gatewayConfig = {
  inboundInflightRequestDeduplication: shares === 'answers',
  ...(shares === 'nothing' ? { transportEntries: { '*': { options: { deduplicateInflightRequests: false } } } } : {}),
};
