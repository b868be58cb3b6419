import { createReviews, type ReviewRecord } from '../data/createReviews.ts';

export interface ReviewStore {
  byId(id: string): ReviewRecord | undefined;
  /** Newest first. */
  latest(first: number): readonly ReviewRecord[];
  /** Newest first. */
  ofProduct(upc: string): readonly ReviewRecord[];
  /** Newest first. */
  ofUser(id: string): readonly ReviewRecord[];
  /** Stores it as the newest one. */
  add(review: Omit<ReviewRecord, 'id' | 'createdAt'>): ReviewRecord;
}

export function createReviewStore(): ReviewStore {
  const byId = new Map<string, ReviewRecord>();
  const byUpc = new Map<string, ReviewRecord[]>();
  const byAuthor = new Map<string, ReviewRecord[]>();
  const newestFirst: ReviewRecord[] = [];
  const store = (review: ReviewRecord): ReviewRecord => {
    byId.set(review.id, review);
    newestFirst.unshift(review);
    prepend(byUpc, review.upc, review);
    prepend(byAuthor, review.authorId, review);
    return review;
  };
  for (const review of createReviews()) store(review);
  return {
    byId: (id) => byId.get(id),
    latest: (first) => newestFirst.slice(0, first),
    ofProduct: (upc) => byUpc.get(upc) ?? [],
    ofUser: (id) => byAuthor.get(id) ?? [],
    add: (review) => store({ ...review, id: `r${newestFirst.length + 1}`, createdAt: new Date().toISOString() }),
  };
}

function prepend(lists: Map<string, ReviewRecord[]>, key: string, review: ReviewRecord): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [review]);
  else list.unshift(review);
}
