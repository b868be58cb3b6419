import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type ReviewsBackend, startReviews } from '../../subgraphs/reviews/startReviews.ts';
import { postGraphql } from './postGraphql.ts';

const addReview = 'mutation ($input: AddReviewInput!) { addReview(input: $input) { id rating } }';
const input = (upc: string, rating = 4) => ({ input: { upc, authorId: 'u1', rating, body: 'Fine.' } });

let reviews: ReviewsBackend;
before(async () => {
  reviews = await startReviews({ port: 0 });
});
beforeEach(() => reviews.reset());
after(() => reviews.close());

test('reviews answers batches in the order of the keys, with null for the unknown, and single lookups', async () => {
  const { data } = await postGraphql(
    reviews.url,
    '{ productsByUpcs(upcs: ["p2", "nope", "p1"]) { upc } userById(id: "u5") { id reviews(first: 1) { author { id } } } nobody: userById(id: "x") { id } }',
  );
  assert.deepEqual(data, {
    productsByUpcs: [{ upc: 'p2' }, null, { upc: 'p1' }],
    userById: { id: 'u5', reviews: [{ author: { id: 'u5' } }] },
    nobody: null,
  });
  assert.equal(reviews.requests(), 1);
});

test('a review that was added is the newest and counts', async () => {
  const count = async () => {
    const { data } = await postGraphql(reviews.url, '{ productsByUpcs(upcs: ["p9"]) { reviewCount } }');
    return (data as { productsByUpcs: { reviewCount: number }[] }).productsByUpcs[0]?.reviewCount ?? 0;
  };
  const before = await count();
  const added = (await postGraphql(reviews.url, addReview, input('p9'))).data as { addReview: { id: string } };
  assert.equal(await count(), before + 1);
  const latest = await postGraphql(reviews.url, '{ latestReviews(first: 1) { id product { upc } } }');
  assert.deepEqual(latest.data, { latestReviews: [{ id: added.addReview.id, product: { upc: 'p9' } }] });
});

test('a review of an unknown product or with a rating out of range is refused with a code', async () => {
  const unknown = await postGraphql(reviews.url, addReview, input('nope'));
  assert.equal(unknown.errors?.[0]?.extensions?.['code'], 'NOT_FOUND');
  const rating = await postGraphql(reviews.url, addReview, input('p1', 6));
  assert.equal(rating.errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
});

test('reviewAdded sends the events of the product asked for over graphql-transport-ws and ends with the client', async () => {
  const client = createClient({ url: reviews.url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  const events = client.iterate({ query: 'subscription { reviewAdded(upc: "p3") { rating product { upc } } }' });
  const first = events.next();
  await reviews.whenSubscribers(1);
  assert.equal(reviews.requests(), 1);
  await postGraphql(reviews.url, addReview, input('p4', 1));
  await postGraphql(reviews.url, addReview, input('p3', 2));
  assert.deepEqual(await first, {
    done: false,
    value: { data: { reviewAdded: { rating: 2, product: { upc: 'p3' } } } },
  });
  await events.return?.();
  await reviews.whenSubscribers(0);
  await client.dispose();
});

test('closing reviews breaks a subscription at once', async () => {
  const own = await startReviews({ port: 0 });
  const client = createClient({ url: own.url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  const events = client.iterate({ query: 'subscription { reviewAdded { id } }' });
  const first = events.next();
  await own.whenSubscribers(1);
  await Promise.all([assert.rejects(first), own.close()]);
  assert.equal(own.subscribers(), 0);
});
