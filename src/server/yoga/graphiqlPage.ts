import type { ExampleQuery } from './useGraphiql.ts';

interface PageOptions {
  readonly path: string;
  /** Where the assets are, with a slash at its end. */
  readonly folder: string;
  readonly examples: readonly ExampleQuery[];
}

/** The page around GraphiQL: no inline script, options as data. Each example is a tab, its title the first comment. */
export function graphiqlPage({ path, folder, examples }: PageOptions): string {
  const tabs = examples.map(({ title, query }) => ({ query: `# ${title.replaceAll(/\s+/g, ' ')}\n${query.trim()}\n` }));
  const options = {
    title: 'Weft GraphiQL',
    endpoint: path,
    ...(tabs[0] === undefined ? {} : { defaultQuery: tabs[0].query, defaultTabs: tabs }),
  };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Weft GraphiQL</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${folder}graphiql.css" />
    <script src="${folder}boot.js"></script>
    <script src="${folder}graphiql.js" defer></script>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script id="options" type="application/json">${JSON.stringify(options).replaceAll('<', '\\u003c')}</script>
  </body>
</html>
`;
}
