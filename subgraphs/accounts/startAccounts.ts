import { GraphQLError } from 'graphql';
import type { Backend, BackendOptions } from '../Backend.ts';
import { createProductNames } from '../data/createProductNames.ts';
import { createUsers, type UserRecord } from '../data/createUsers.ts';
import { createFederatedSchema } from '../server/createFederatedSchema.ts';
import { readSchema } from '../server/readSchema.ts';
import { startGraphqlBackend } from '../server/startGraphqlBackend.ts';

interface Page {
  readonly first: number;
  readonly offset: number;
}

/** A user as it came by `_entities`, with what `trust` requires of another service. */
type UserWithReviews = UserRecord & { readonly reviewCount?: unknown };

/** The accounts service: GraphQL, Federation 2. Owns users and their wishlists; its default port is 4101. */
export function startAccounts(options: BackendOptions = {}): Promise<Backend> {
  const users = createUsers();
  const byId = new Map(users.map((user) => [user.id, user]));
  const byUsername = new Map(users.map((user) => [user.username, user]));
  const names = new Map(createProductNames().map(({ upc, name }) => [upc, name]));
  const wishlistCounts = new Map<string, number>();
  for (const upc of users.flatMap(({ wishlist }) => wishlist))
    wishlistCounts.set(upc, (wishlistCounts.get(upc) ?? 0) + 1);

  const schema = createFederatedSchema({
    sdl: readSchema('accounts.graphql'),
    resolvers: {
      Query: {
        me: () => users[0],
        user: (_: unknown, { id }: { id: string }) => byId.get(id),
        userByUsername: (_: unknown, { username }: { username: string }) => byUsername.get(username),
        users: (_: unknown, { first, offset }: Page) => users.slice(offset, offset + first),
      },
      User: {
        trust: ({ reviewCount }: UserWithReviews) => trustOf(reviewCount),
        wishlist: ({ wishlist }: UserRecord) => wishlist.map((upc) => ({ upc, name: names.get(upc) })),
      },
      Product: {
        wishlistCount: ({ upc }: { upc: string }) => wishlistCounts.get(upc) ?? 0,
      },
    },
    references: {
      User: ({ id, username, reviewCount }) => {
        const user = id === undefined ? byUsername.get(String(username)) : byId.get(String(id));
        return user === undefined ? null : { ...user, reviewCount };
      },
      Product: ({ upc }) => (names.has(String(upc)) ? { upc } : null),
    },
  });
  return startGraphqlBackend({ name: 'accounts', schema, ...options, port: options.port ?? 4101 });
}

function trustOf(reviewCount: unknown): 'NEW' | 'KNOWN' | 'EXPERT' {
  if (typeof reviewCount !== 'number') {
    throw new GraphQLError('"User.trust" needs "reviewCount" in the representation.', {
      extensions: { code: 'MISSING_REQUIREMENT' },
    });
  }
  if (reviewCount >= 30) return 'EXPERT';
  return reviewCount >= 22 ? 'KNOWN' : 'NEW';
}
