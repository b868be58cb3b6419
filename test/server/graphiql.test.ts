import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from './support/findBrowser.ts';
import { send } from './support/send.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const examples = [
  { title: 'Say hello', query: 'query Hello { hello }' },
  { title: 'Echo', query: 'query Echo { echo(text: "</script>") }' },
];
const html = { method: 'GET', headers: { accept: 'text/html,application/xhtml+xml' } };

describe('GraphiQL', () => {
  let test: TestGateway;
  before(async () => {
    test = await startTestGateway({ config: { graphiql: true }, examples });
  });
  after(() => test.gateway.close());

  it('is a page whose policy allows no other host', async () => {
    const page = await send(test.url, html);
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.doesNotMatch(String(page.headers['content-security-policy']), /https?:|\*/);
    assert.doesNotMatch(page.body, /https?:/);
    assert.equal(page.body.split('</script>').length, 4, 'an example cannot end the script element');
  });

  it('has its scripts in files that a browser keeps', async () => {
    const page = await send(test.url, html);
    const script = /src="([^"]+graphiql\.js)"/.exec(page.body)?.[1];
    assert.ok(script);
    const answer = await send(`${test.origin}${script}`, { method: 'GET', headers: { 'accept-encoding': 'gzip' } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-encoding'], 'gzip');
    assert.match(String(answer.headers['cache-control']), /immutable/);
    assert.equal((await send(`${test.origin}/graphql/graphiql/old/graphiql.js`, { method: 'GET' })).status, 404);
  });

  it('is off by configuration', async () => {
    await using off = await startTestGateway();
    assert.notEqual((await send(off.url, html)).headers['content-type'], 'text/html; charset=utf-8');
  });
});

const executablePath = findBrowser();
const skip = executablePath === undefined && 'needs Chromium: apt-get install chromium, or set CHROMIUM to its path';

describe('GraphiQL in Chromium', { skip }, () => {
  let test: TestGateway;
  let browser: Browser;
  let page: Page;
  const foreign: string[] = [];
  const problems: string[] = [];
  before(async () => {
    test = await startTestGateway({ config: { graphiql: true }, examples });
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox'],
    });
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.route(
      (url) => url.origin !== test.origin && url.protocol !== 'blob:' && url.protocol !== 'data:',
      (route) => {
        foreign.push(route.request().url());
        return route.abort();
      },
    );
  });
  after(async () => {
    await browser?.close();
    await test.gateway.close();
  });

  it('runs the first example without any other network', { timeout: 60_000 }, async () => {
    await page.goto(test.url);
    await page.getByText('query Hello').first().waitFor();
    const answered = page.waitForResponse(
      (response) => response.request().postData()?.includes('query Hello') === true,
    );
    await page.locator('.graphiql-execute-button').click();
    assert.deepEqual(await (await answered).json(), { data: { hello: 'world' } });
    await page.locator('.result-window').getByText('"world"').waitFor();
    assert.deepEqual(foreign, []);
    assert.deepEqual(problems, []);
  });

  it('shows an example as a tab', { timeout: 60_000 }, async () => {
    assert.equal(await page.getByRole('tab').count(), examples.length);
  });
});
