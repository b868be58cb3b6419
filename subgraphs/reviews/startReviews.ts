import { GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { Backend, BackendOptions } from '../Backend.ts';
import type { ReviewRecord } from '../data/createReviews.ts';
import { ids } from '../data/ids.ts';
import { createBackendSchema } from '../server/createBackendSchema.ts';
import { readSchema } from '../server/readSchema.ts';
import { startGraphqlBackend } from '../server/startGraphqlBackend.ts';
import { attachWebSocket } from './attachWebSocket.ts';
import { createEventHub, type EventHub } from './createEventHub.ts';
import { createReviewStore, type ReviewStore } from './createReviewStore.ts';

/** The reviews service also tells who listens, so that tests can wait for a subscription to begin or to end. */
export interface ReviewsBackend extends Backend {
  readonly subscribers: () => number;
  whenSubscribers(count: number): Promise<void>;
}

/** The reviews service: plain GraphQL, knows nothing of federation; subscriptions over WebSocket. Its default port is 4103. */
export async function startReviews(options: BackendOptions = {}): Promise<ReviewsBackend> {
  const hub = createEventHub<ReviewRecord>();
  const schema = createReviewsSchema(createReviewStore(), hub);
  const backend = await startGraphqlBackend({
    name: 'reviews',
    schema,
    ...options,
    port: options.port ?? 4103,
    attach: (server, record) => attachWebSocket(schema, server, record),
  });
  return { ...backend, subscribers: hub.subscribers, whenSubscribers: (count) => hub.whenSubscribers(count) };
}

interface Page {
  readonly first: number;
}

function createReviewsSchema(store: ReviewStore, hub: EventHub<ReviewRecord>): GraphQLSchema {
  const upcs = new Set(ids.upcs);
  const users = new Set(ids.users);
  const ofProduct = ({ upc }: { upc: string }) => store.ofProduct(upc);
  const ofUser = ({ id }: { id: string }) => store.ofUser(id);
  return createBackendSchema(parse(readSchema('reviews.graphql')), {
    Query: {
      review: (_: unknown, { id }: { id: string }) => store.byId(id),
      latestReviews: (_: unknown, { first }: Page) => store.latest(first),
      productsByUpcs: (_: unknown, args: { upcs: readonly string[] }) =>
        args.upcs.map((upc) => (upcs.has(upc) ? { upc } : null)),
      userById: (_: unknown, { id }: { id: string }) => (users.has(id) ? { id } : null),
    },
    Mutation: {
      addReview: (_: unknown, { input }: { input: Parameters<ReviewStore['add']>[0] }) => {
        if (!upcs.has(input.upc)) throw refusal(`There is no product "${input.upc}".`, 'NOT_FOUND');
        if (!users.has(input.authorId)) throw refusal(`There is no user "${input.authorId}".`, 'NOT_FOUND');
        if (input.rating < 1 || input.rating > 5)
          throw refusal(`A rating is 1 to 5, not ${input.rating}.`, 'BAD_USER_INPUT');
        const review = store.add(input);
        hub.publish(review);
        return review;
      },
    },
    Subscription: {
      reviewAdded: {
        subscribe: (_: unknown, { upc }: { upc?: string | null }) =>
          hub.subscribe((review) => upc === undefined || upc === null || review.upc === upc),
      },
    },
    Review: {
      author: ({ authorId }: ReviewRecord) => ({ id: authorId }),
      product: ({ upc }: ReviewRecord) => ({ upc }),
    },
    Product: {
      reviews: (product: { upc: string }, { first }: Page) => ofProduct(product).slice(0, first),
      reviewCount: (product: { upc: string }) => ofProduct(product).length,
      averageRating: (product: { upc: string }) => average(ofProduct(product)),
    },
    User: {
      reviews: (user: { id: string }, { first }: Page) => ofUser(user).slice(0, first),
      reviewCount: (user: { id: string }) => ofUser(user).length,
    },
  });
}

/** To two places; null where there are none. */
function average(reviews: readonly ReviewRecord[]): number | null {
  if (reviews.length === 0) return null;
  const sum = reviews.reduce((total, { rating }) => total + rating, 0);
  return Math.round((sum / reviews.length) * 100) / 100;
}

function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
