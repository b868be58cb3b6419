import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { IssuesError } from '../../../src/errors/Issue.ts';
import { hashOf } from '../../../src/plugins/hashOf.ts';
import { compileAllowances } from '../../../src/plugins/threats/compileAllowances.ts';
import { createLimitedLog } from '../../../src/server/frontDoor/createLimitedLog.ts';
import { send } from '../../server/support/send.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import { openTestDoor } from '../authentication/support/openTestDoor.ts';
import { type TransportCase, transports } from '../authentication/support/transports.ts';

const SQL = "' or 1=1--";
const SCRIPT = '<script>alert(1)</script>';
const ECHO = 'query Say($t: String!) { echo(text: $t) }';

async function open(threat_protection: object, more: object = {}, fastLane = true) {
  const lines: string[] = [];
  const log = { info() {}, warn: (line: string) => void lines.push(line), error() {} };
  const frontDoor = await openTestDoor({ threat_protection, ...more }, log);
  const test = await startTestGateway({ frontDoor, fastLane, config: { batching: { limit: 3 } } });
  const post = (members: unknown, headers: Readonly<Record<string, string>> = {}) =>
    send(test.url, { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(members) });
  const ask = async (query: string, variables: object = {}, headers: Readonly<Record<string, string>> = {}) => {
    const { status, body } = await post({ query, variables }, headers);
    const { data, errors } = JSON.parse(body) as {
      data?: object;
      errors?: { message: string; extensions: { code: string; rule?: string; place?: string } }[];
    };
    const { code, rule, place } = errors?.[0]?.extensions ?? {};
    return code === undefined
      ? `${status} ${JSON.stringify(data)}`
      : [status, code, rule, place].filter(Boolean).join(' ');
  };
  return { test, frontDoor, lines, post, ask, [Symbol.asyncDispose]: () => test.gateway.close() };
}

for (const transport of transports as readonly TransportCase[]) {
  describe(`threat protection, ${transport.name}`, { timeout: 30_000 }, () => {
    it('refuses what it finds in variables and in documents, and says the rule and the place', async () => {
      await using door = await open({ mode: 'enforce' }, {}, transport.fastLane);
      const { url } = door.test;
      for (const [query, place] of [
        [ECHO, 'variables.t'],
        [`{ echo(text: ${JSON.stringify(SQL)}) }`, 'Query.echo.text'],
      ] as const) {
        const { status, body } = await transport.ask(url, {}, query, { t: SQL });
        assert.match(body, /"code":"THREAT_DETECTED"/);
        assert.match(body, new RegExp(`"rule":"sql_injection","place":"${place}"`));
        assert.doesNotMatch(body, /or 1=1/);
        if (!transport.name.startsWith('WebSocket')) assert.equal(status, 400);
      }
      assert.equal(door.test.probe.executions, 0);
      assert.match((await transport.ask(url, {}, ECHO, { t: "O'Brien" })).body, /O'Brien/);
      assert.equal(door.lines.length, 2);
      assert.doesNotMatch(door.lines.join(), /1=1/);
    });

    it('only tells what it finds where it measures', async () => {
      await using door = await open({ mode: 'measure' }, {}, transport.fastLane);
      const { body } = await transport.ask(door.test.url, {}, ECHO, { t: SQL });
      assert.match(body, /or 1=1/);
      assert.match(
        door.lines.join('\n'),
        /^The rule "sql_injection" would refuse the value at "variables\.t" \(operation "Say", address "127\.0\.0\.1"\)\.$/,
      );
    });
  });
}

describe('threat protection', { timeout: 30_000 }, () => {
  it('looks at every depth, at names that are none of GraphQL, and at values of no variable', async () => {
    await using door = await open({});
    const at = (t: unknown) => door.ask(ECHO, { t });
    assert.equal(await at({ a: [{ 'b c': ['x', SCRIPT] }] }), '400 THREAT_DETECTED script variables.t.a[0]["b c"][1]');
    assert.match(await at({ [SQL]: 1 }), /^400 THREAT_DETECTED sql_injection variables\.t$/);
    assert.match(await at([1, true, null, 'plain', 'http://169.254.169.254/']), /ssrf variables\.t\[4\]/);
    assert.match(await door.ask('{ hello }', { unused: SQL }), /sql_injection variables\.unused/);
    assert.match(
      await door.ask(`query($t: String = "; cat /etc/passwd") { echo(text: $t) }`),
      /command_injection the document/,
    );
    assert.match(await door.ask(`{ echo(text: """\n<script>alert(1)</script>\n""") }`), /script Query\.echo\.text/);
    assert.match(await door.ask(`{ hello @include(if: "../../../etc/passwd") }`), /GRAPHQL_VALIDATION_FAILED/);
    assert.equal(
      await door.ask(ECHO, { t: 'select a table from the list' }),
      '200 {"echo":"select a table from the list"}',
    );
  });

  it('looks at operations of a batch, each by itself', async () => {
    await using door = await open({});
    const { body } = await door.post([
      { query: ECHO, variables: { t: SQL } },
      { query: ECHO, variables: { t: 'fine' } },
    ]);
    assert.match(body, /^\[\{"errors":.*THREAT_DETECTED.*\},\{"data":\{"echo":"fine"\}\}\]$/);
  });

  it('looks for the rules that are told, and for own patterns', async () => {
    await using door = await open({
      rules: ['script'],
      patterns: [
        { name: 'coupon', pattern: 'free-\\d{4}' },
        { name: 'exact', pattern: 'Sesame', ignore_case: false },
      ],
    });
    assert.match(await door.ask(ECHO, { t: SQL }), /^200/);
    assert.match(await door.ask(ECHO, { t: SCRIPT }), /script/);
    assert.match(await door.ask(ECHO, { t: 'give me FREE-1234' }), /coupon variables\.t/);
    assert.match(await door.ask(ECHO, { t: 'free%2d1234' }), /coupon variables\.t/);
    assert.match(await door.ask(ECHO, { t: 'open Sesame' }), /exact/);
    assert.match(await door.ask(ECHO, { t: 'open sesame' }), /^200/);
  });

  it('lets pass what is allowed: by argument, variable, operation, caller and rule', async () => {
    const keys = [{ hash: await hashOf('ed'), consumer: 'ed', scopes: ['editor'] }];
    const more = { authentication: { api_keys: { keys }, anonymous: true } };
    const doorWith = (allow: object) => open({ allow: [allow] }, more);
    const OTHER = 'query Say($t: String!) { echo(text: $t) again: echo(text: $t) secret @include(if: true) }';
    for (const [allow, passes] of [
      [{ argument: 'Query.echo.text' }, true],
      [{ argument: 'Query.echo' }, true],
      [{ argument: 'Query.echo.n' }, false],
      [{ argument: 'Query.ech' }, false],
      [{ variable: 't' }, true],
      [{ variable: 'T' }, false],
      [{ operation: 'Say' }, true],
      [{ operation: 'Sing' }, false],
      [{ argument: 'Query.echo.text', rules: ['sql_injection'] }, true],
      [{ argument: 'Query.echo.text', rules: ['script'] }, false],
      [{ when: '"editor" in caller.scopes' }, false],
      [{ variable: 't', operation: 'Sing' }, false],
    ] as const) {
      await using door = await doorWith(allow);
      for (const query of [ECHO, OTHER]) {
        const answer = await door.ask(query, { t: SQL });
        assert.equal(answer.startsWith('200'), passes, `${JSON.stringify(allow)} ${answer}`);
      }
    }
    await using door = await doorWith({ when: '"editor" in caller.scopes' });
    assert.match(await door.ask(ECHO, { t: SQL }, { 'x-api-key': 'ed' }), /^200/);
    await using literal = await doorWith({ argument: 'Query.echo.text' });
    assert.match(await literal.ask(`{ echo(text: ${JSON.stringify(SQL)}) }`), /^200/);
  });

  it('does not let a variable pass that goes to another argument, too', async () => {
    await using door = await open({ allow: [{ argument: 'Query.echo.text' }] });
    assert.match(await door.ask('{ hello }', { t: SQL }), /sql_injection/);
    const isAllowed = await compileAllowances([{ argument: 'Query.echo' }], async () => () => false);
    const allows = (...coordinates: string[]) =>
      isAllowed({ rule: 'script', place: 'variables.t', variable: 't', arguments: coordinates }, () => assert.fail());
    assert.equal(allows('Query.echo.text', 'Query.echo.n'), true);
    assert.equal(allows('Query.echo.text', 'Query.find.text'), false);
    assert.equal(allows('Query.echoes.text'), false);
    assert.equal(allows(), false);
  });

  it('looks through so many characters and no more; plain ones do not count', async () => {
    await using door = await open({ max_characters: 1_000 });
    const text = '(fine) ';
    assert.match(await door.ask(ECHO, { t: text.repeat(140) }), /^200/);
    assert.match(await door.ask(ECHO, { t: text.repeat(150) }), /^400 THREAT_DETECTED max_characters variables\.t$/);
    assert.match(await door.ask(ECHO, { t: [text.repeat(100), text.repeat(100)] }), /max_characters variables\.t\[1\]/);
    assert.match(await door.ask(ECHO, { t: 'plain words '.repeat(1_000) }), /^200/);
    assert.match(await door.ask(ECHO, { t: 'QUJDRA/+'.repeat(1_000) }), /^200/);
    assert.match(
      await door.ask(`{ echo(text: ${JSON.stringify(text.repeat(150))}) }`),
      /max_characters Query\.echo\.text/,
    );
    await using allowing = await open({ max_characters: 1_000, allow: [{ variable: 't', rules: ['max_characters'] }] });
    assert.match(await allowing.ask(ECHO, { t: text.repeat(150) }), /^200/);
  });

  it('looks through the rest where a text may be longer', async () => {
    const upload = 'query Two($a: String!, $b: String!) { one: echo(text: $a) two: echo(text: $b) }';
    const long = '(fine) '.repeat(150);
    for (const allow of [{ variable: 'a' }, { variable: 'a', rules: ['max_characters'] }]) {
      await using door = await open({ max_characters: 1_000, allow: [allow] });
      assert.match(await door.ask(upload, { a: long, b: '(fine)' }), /^200/);
      assert.match(await door.ask(upload, { a: long, b: SQL }), /^400 THREAT_DETECTED sql_injection variables\.b$/);
      assert.match(await door.ask(upload, { a: long, b: long }), /^400 THREAT_DETECTED max_characters variables\.b$/);
      assert.match(
        await door.ask(upload, { a: '(fine) '.repeat(140), b: '(fine) '.repeat(10) }),
        /max_characters variables\.b/,
      );
    }
    await using door = await open({
      max_characters: 1_000,
      allow: [{ argument: 'Query.echo.text', rules: ['max_characters'] }],
    });
    const literal = (value: string) => `echo(text: ${JSON.stringify(value)})`;
    assert.match(await door.ask(`{ one: ${literal(long)} two: ${literal('(fine)')} }`), /^200/);
    assert.match(await door.ask(`{ one: ${literal(long)} two: ${literal(SQL)} }`), /sql_injection Query\.echo\.text/);
  });

  it('changes with the configuration, also for documents that are known', async () => {
    await using door = await open({ rules: ['script'] });
    const literal = `{ echo(text: ${JSON.stringify(SQL)}) }`;
    const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
    const update = async (threat_protection?: object) =>
      door.frontDoor.update?.(
        (await loadConfig({ directory: process.cwd(), input: { subgraphs, threat_protection } })).config,
      );
    assert.match(await door.ask(literal), /^200/);
    await update({});
    assert.match(await door.ask(literal), /sql_injection/);
    await update({ enabled: false });
    assert.match(await door.ask(literal), /^200/);
    await update();
    assert.match(await door.ask(literal), /^200/);
    assert.equal((await openTestDoor({})).plugins.threatProtection, undefined);
  });

  it('tells ten findings of one request, and sixty in a minute', async () => {
    await using door = await open({ mode: 'measure' });
    await door.ask(ECHO, { t: Array.from({ length: 30 }, () => SQL) });
    assert.equal(door.lines.length, 10);
    const clock = { time: 0 };
    const written: string[] = [];
    const log = createLimitedLog((line) => void written.push(line), {
      now: () => clock.time,
      what: 'things',
      limit: 2,
    });
    for (const line of ['a', 'b', 'c', 'd']) log(line);
    clock.time += 60_000;
    log('e');
    assert.deepEqual(written, ['a', 'b', '2 more things are not told.', 'e']);
  });

  it('is configured by names and patterns that there are', async () => {
    const issuesOf = async (threat_protection: object) => {
      const error: unknown = await openTestDoor({ threat_protection }).catch((thrown: unknown) => thrown);
      if (!(error instanceof IssuesError)) return [];
      return error.issues.map(({ path, message }) => `${path}: ${message}`);
    };
    const one = { name: 'one', pattern: 'a+' };
    assert.deepEqual(await issuesOf({ patterns: [one], allow: [{ variable: 'a', rules: ['one', 'ssrf'] }] }), []);
    for (const [section, expected] of [
      [
        { patterns: [{ name: 'a', pattern: '(?=x)' }] },
        /^threat_protection\.patterns\[0\]\.pattern: Expected a regular expression as RE2 has it: .*\(\?=/,
      ],
      [{ patterns: [{ name: 'a', pattern: 'x*' }] }, /pattern: Expected a pattern that does not fit the empty text/],
      [{ patterns: [one, one] }, /patterns\[1\]\.name: Expected a name of its own/],
      [{ patterns: [{ ...one, name: 'ssrf' }] }, /"ssrf" is already one of a rule/],
      [{ rules: ['sql'] }, /^threat_protection\.rules\[0\]/],
      [{ allow: [{}] }, /allow\[0\]: Expected at least one of "argument"/],
      [{ allow: [{ argument: 'echo' }] }, /allow\[0\]\.argument: Expected an argument such as/],
      [{ allow: [{ variable: 'a', rules: ['scrip'] }] }, /No rule has the name "scrip"; did you mean "script"\?/],
      [{ allow: [{ when: 'caller.' }] }, /allow\[0\]\.when: Expected an expression/],
      [{ enforcement_mode: 'block' }, /here it is called "mode"/],
    ] as const)
      assert.match((await issuesOf(section)).join('\n'), expected, JSON.stringify(section));
  });
});
