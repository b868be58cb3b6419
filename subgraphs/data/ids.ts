/** What all backends of the shop agree on: which products, users, reviews and shipments there are. Everything else is one backend's own. */
export const ids = {
  upcs: sequence('p', 1000),
  users: sequence('u', 200),
  reviews: sequence('r', 5000),
  shipments: sequence('s', 1000),
} as const;

function sequence(prefix: string, length: number): readonly string[] {
  return Array.from({ length }, (_, index) => `${prefix}${index + 1}`);
}
