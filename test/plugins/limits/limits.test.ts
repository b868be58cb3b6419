import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DocumentNode, Kind, parse } from 'graphql';
import * as v from 'valibot';
import { limitsSchema } from '../../../src/config/schema/limitsSchema.ts';
import { measureDocument } from '../../../src/plugins/limits/measureDocument.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import { type TransportCase, transports } from '../authentication/support/transports.ts';

const measure = (text: string) => measureDocument(parse(text));

describe('the measures of an operation', () => {
  it('count its fragments each time they are spread', () => {
    const text = `
      query A @x { a { ...F } b: a { ... on T @y { ...F } } f(x: [[1, 2], [3]], y: { z: [1, 2, 3] }) }
      query B { a }
      fragment F on T { c: d e @z }`;
    assert.deepEqual(measure(text), {
      depth: 2,
      height: 7,
      aliases: 3,
      directives: 4,
      rootFields: 3,
      listItems: 3,
    });
  });

  it('end where counting would run over', () => {
    const powers = Array.from({ length: 80 }, (_item, n) => `fragment F${n} on T { a: b ...F${n + 1} ...F${n + 1} }`);
    const { height, aliases } = measure(`{ ...F0 } ${powers.join(' ')} fragment F80 on T { a }`);
    assert.deepEqual([height, aliases], [1_000_000_000, 1_000_000_000]);
  });

  it('of what spreads itself are finite', () => {
    assert.equal(measure('{ ...F } fragment F on T { a ...F }').height, 1);
  });

  it('are those of a document whose fragments are written out', () => {
    // Against another way to count: write everything out, then walk.
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 200; round += 1) {
      const document = parse(randomDocument(random));
      assert.deepEqual(measureDocument(document), countSlowly(document));
    }
  });
});

function randomDocument(random: (below: number) => number): string {
  const set = (depth: number, from: number): string => {
    const parts = Array.from({ length: 1 + random(3) }, () => {
      const directive = random(4) === 0 ? ' @d' : '';
      const below = depth > 0 ? set(depth - 1, from) : '';
      const kind = random(4);
      if (kind === 0 && from < 5) return `...F${from + random(5 - from)}${directive}`;
      if (kind === 1 && depth > 0) return `...${directive} ${below}`;
      const name = random(3) === 0 ? 'a: b' : 'b';
      const list = random(5) === 0 ? `(l: [${'1 '.repeat(random(6))}])` : '';
      return `${name}${list}${directive}${kind === 2 ? ` ${below}` : ''}`;
    });
    return `{ ${parts.join(' ')} }`;
  };
  const fragments = Array.from({ length: 5 }, (_item, n) => `fragment F${n} on T ${set(2, n + 1)}`);
  return `query ${set(3, 0)} ${fragments.join(' ')}`;
}

function countSlowly(document: DocumentNode) {
  const found = { depth: 0, height: 0, aliases: 0, directives: 0, rootFields: 0, listItems: 0 };
  const walk = (node: { readonly selectionSet?: { readonly selections: readonly unknown[] } }, depth: number): void => {
    for (const selection of (node.selectionSet?.selections ?? []) as ReturnType<typeof selectionsOf>) {
      found.directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = document.definitions.find(
          (item) => item.kind === Kind.FRAGMENT_DEFINITION && item.name.value === selection.name.value,
        );
        walk(fragment as never, depth);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection, depth);
      else {
        found.height += 1;
        found.depth = Math.max(found.depth, depth + 1);
        if (depth === 0) found.rootFields += 1;
        if (selection.alias !== undefined) found.aliases += 1;
        for (const { value } of selection.arguments ?? [])
          if (value.kind === Kind.LIST) found.listItems = Math.max(found.listItems, value.values.length);
        walk(selection as never, depth + 1);
      }
    }
  };
  for (const definition of document.definitions) if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition, 0);
  return found;
}

function selectionsOf(document: DocumentNode) {
  const [first] = document.definitions;
  if (first?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  return first.selectionSet.selections;
}

const many = (count: number, item: (n: number) => string) =>
  Array.from({ length: count }, (_item, n) => item(n)).join(' ');

/** What one operation may not be, whichever way it comes; none of it is read further than need be. */
const attacks: readonly (readonly [name: string, query: string, code: string])[] = [
  ['deeply nested braces', '{'.repeat(3_000), 'DOCUMENT_TOO_DEEP'],
  ['deep fields', `${'{ self '.repeat(120)}{ hello }${'}'.repeat(120)}`, 'MAX_DEPTH_LIMIT'],
  [
    'a chain of fragments',
    `{ ...F0 } ${many(1_200, (n) => `fragment F${n} on Query { self { ...F${n + 1} } }`)} fragment F1200 on Query { hello }`,
    'MAX_DEPTH_LIMIT',
  ],
  ['many fields', `{ ${'self { hello } '.repeat(2_600)} }`, 'MAX_HEIGHT_LIMIT'],
  [
    'fragments that double',
    `{ ...F0 } ${many(40, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F40 on Query { hello }`,
    'MAX_HEIGHT_LIMIT',
  ],
  ['many aliases', `{ self { ${many(501, (n) => `a${n}: hello`)} } }`, 'MAX_ALIASES_LIMIT'],
  ['many fields at the root', `{ ${many(201, () => 'hello')} }`, 'MAX_ROOT_FIELDS_LIMIT'],
  ['many directives', `{ hello ${'@skip(if: false) '.repeat(501)} }`, 'MAX_DIRECTIVES_LIMIT'],
  ['a long list', `{ echo(text: [${'1 '.repeat(10_001)}]) }`, 'MAX_LIST_ITEMS_LIMIT'],
  ['many tokens', `{ ${'hello '.repeat(15_001)} }`, 'GRAPHQL_PARSE_FAILED'],
];

/** The transports, with a query of one's own in place of theirs. */
async function ask(transport: TransportCase, url: string, query: string, variables?: object): Promise<string> {
  return (await transport.ask(url, {}, query, variables)).body;
}

for (const transport of transports) {
  describe(`limits over ${transport.name}`, { timeout: 60_000 }, () => {
    for (const [name, query, code] of attacks) {
      // A URL has an end of its own.
      if (transport.name === 'GET' && query.length > 10_000) continue;
      it(`refuse ${name}`, async () => {
        await using test = await startTestGateway({ fastLane: transport.fastLane });
        assert.match(await ask(transport, test.url, query), new RegExp(`"code":"${code}"`));
        assert.equal(test.probe.executions, 0);
      });
    }

    it('refuse variables that are too deep or too long', async () => {
      await using test = await startTestGateway({ fastLane: transport.fastLane });
      const query = 'query($v: String) { hello }';
      const deep = JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`) as unknown;
      assert.match(await ask(transport, test.url, query, { v: deep }), /MAX_VARIABLES_DEPTH_LIMIT/);
      const long = Array.from({ length: transport.name === 'GET' ? 10 : 10_001 }, () => 1);
      const expected = transport.name === 'GET' ? /GRAPHQL_VALIDATION_FAILED/ : /MAX_LIST_ITEMS_LIMIT/;
      assert.match(await ask(transport, test.url, query, { v: long }), expected);
      assert.equal(test.snapshot.users, 0);
    });
  });
}

describe('limits', () => {
  it('let the query of introspection, and what people write, pass', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const measures = measure(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true }));
    const limits = v.parse(limitsSchema, {});
    assert.ok(measures.depth < limits.max_depth && measures.height < limits.max_height);
    assert.ok(measures.aliases < limits.max_aliases && measures.directives < limits.max_directives);
  });

  it('are as configured', async () => {
    await using test = await startTestGateway({
      config: { limits: v.parse(limitsSchema, { max_depth: 1, max_aliases: 0, max_variables_depth: 1 }) },
    });
    const [transport] = transports;
    if (transport === undefined) throw new Error('no transport');
    assert.match(await ask(transport, test.url, '{ self { hello } }'), /more than 1 fields below each other/);
    assert.match(await ask(transport, test.url, '{ a: hello }'), /more than 0 aliases/);
    assert.match(await ask(transport, test.url, '{ hello }'), /"hello":"world"/);
  });
});
