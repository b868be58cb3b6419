import type { JsonSchema } from '@valibot/to-json-schema';
import { configJsonSchema } from './configJsonSchema.ts';

/** The text of docs/configuration.md, made from the definition that also validates. */
export function configurationReference(): string {
  return `# Configuration

<!-- Generated from src/config/schema by \`node src/config/configurationReference.ts > docs/configuration.md\`; a test holds it current. -->

Weft reads \`weft.config.yaml\` (or \`.yml\`, \`.json\`, \`.ts\`, \`.mts\`, \`.js\`, \`.mjs\`) of the folder it is started in, or the file after \`--config\`. Relative
paths are resolved against the folder of that file. \`weft config validate\` says all problems at once, each with its line; \`weft config schema\`
prints a JSON Schema for editors.

- **Environment.** Any text may hold \`\${env.NAME}\` or \`\${env.NAME:-default}\`; the default also stands for an empty variable. A variable that isn't
  set and has no default is a problem. The result may be a number or a boolean where one is wanted.
- **TypeScript.** \`export default defineConfig({ ... })\` with \`defineConfig\` from \`weft\`.
- **Other gateways' files** are read as they are, told by their content: rover's \`supergraph.yaml\` (\`federation_version\`, \`subgraphs\` by name) and
  Cosmo's \`compose.yaml\` for \`wgc router compose\` (\`version\`, a list of \`subgraphs\`; what belongs to Cosmo's router is left out with a warning).
- **No file at all**: \`weft serve --supergraph supergraph.graphql\`.

\`[]\` stands for each item of a list, \`<name>\` for a name of yours. Without a default a key may be left out, unless it is *required*.

| key | type | default | meaning |
|---|---|---|---|
${rows(configJsonSchema(), '').join('\n')}
`;
}

/** An object's keys, each followed by those of its own objects. */
function rows(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, definition]) => {
    if (typeof definition === 'boolean' || key === '$schema') return [];
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const standard = schema.required?.includes(key) === true ? '*required*' : defaultText(definition.default);
    const meaning = (definition.description ?? '').replaceAll('|', '\\|');
    return [`| \`${path}\` | ${typeText(definition)} | ${standard} | ${meaning} |`, ...innerRows(definition, path)];
  });
}

function innerRows(definition: JsonSchema, path: string): string[] {
  const alternatives = [definition, ...(definition.anyOf ?? [])].filter((item) => typeof item !== 'boolean');
  const inner = alternatives.flatMap((item) => {
    const { items, additionalProperties } = item;
    return [
      ...rows(item, path),
      ...(typeof items === 'object' && !Array.isArray(items) ? rowsOfItem(items, `${path}[]`) : []),
      ...(typeof additionalProperties === 'object' ? rowsOfItem(additionalProperties, `${path}.<name>`) : []),
    ];
  });
  return withoutTwins(inner, path);
}

function rowsOfItem(item: JsonSchema, path: string): string[] {
  return [...rows(item, path), ...(item.anyOf === undefined ? [] : innerRows(item, path))];
}

/** A list and a map by name have the same keys: the list's are told. So have one item and a list of them: the item's are. */
function withoutTwins(lines: readonly string[], path: string): string[] {
  const listed = new Set(lines.filter((line) => line.startsWith(`| \`${path}[].`)).map(keyOf));
  return lines.filter((line) => {
    const named = `${path}.<name>`;
    const key = keyOf(line);
    if (key.startsWith(`${named}[].`))
      return !lines.some((other) => keyOf(other) === `${named}${key.slice(named.length + 2)}`);
    return !(key.startsWith(named) && listed.has(`${path}[]${key.slice(named.length)}`));
  });
}

function keyOf(line: string): string {
  return line.slice(3, line.indexOf('`', 3));
}

function typeText(definition: JsonSchema): string {
  const parts = (definition.anyOf ?? [definition]).map((item) =>
    typeof item === 'boolean' ? 'anything' : typeOf(item),
  );
  const known = new Set(parts.flatMap((part) => part.split(' or ')));
  // Numbers and booleans may come as text, out of the environment; that is said once, above.
  if (known.has('number')) known.delete('text');
  if (known.has('boolean')) known.delete('text');
  return [...known].join(' or ');
}

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return typeText(schema);
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.type === 'array') return 'list';
  if (schema.type === 'object') return schema.properties === undefined ? 'map' : 'object';
  return schema.type === 'string' ? 'text' : String(schema.type ?? 'anything');
}

function defaultText(value: unknown): string {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
    ? ''
    : `\`${JSON.stringify(value)}\``;
}

if (import.meta.main) process.stdout.write(configurationReference());
