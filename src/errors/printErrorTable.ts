import { codes } from './codes.ts';

/** The text of docs/errors.md, made from the table of codes. */
export function printErrorTable(): string {
  const rows = Object.entries(codes).map(([code, { status, meaning }]) => `| \`${code}\` | ${status} | ${meaning} |`);
  return `# Errors that a client can meet

<!-- Generated from src/errors/codes.ts by \`node src/errors/printErrorTable.ts > docs/errors.md\`; a test holds it current. -->

Every error has \`message\` and \`extensions.code\`; those of one subgraph also have \`extensions.subgraph\`, those of one field a \`path\`. What
isn't in this table is a fault inside the gateway: the client reads "Unexpected error." and the log has the details.
A code that a subgraph gave to its own error is relayed as it is.

**Status** is that of the whole HTTP answer where the operation fails as a whole (there is no \`data\`) under
\`application/graphql-response+json\`. Under \`application/json\` what is wrong with the operation itself (the codes of status 400, but BAD_REQUEST) is 200, as the
GraphQL-over-HTTP draft wants it; what is wrong with the HTTP request, who may not ask, and what has to wait keep their status. Errors beside \`data\` leave the status at 200.

| code | status | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

if (import.meta.main) process.stdout.write(printErrorTable());
