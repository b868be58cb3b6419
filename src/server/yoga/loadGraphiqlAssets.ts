import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface Asset {
  readonly type: string;
  readonly text: string;
  /** Compressed once, at the first request. */
  zipped(): Promise<Uint8Array<ArrayBuffer>>;
}

export interface GraphiqlAssets {
  /** Changes with the content. */
  readonly version: string;
  readonly files: ReadonlyMap<string, Asset>;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** Starts GraphiQL with the options that the page carries as data, so that no inline script is needed. */
const BOOT = `const base = new URL('.', document.currentScript.src).href;
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => base + label + '.js' };
addEventListener('DOMContentLoaded', () => {
  const options = JSON.parse(document.getElementById('options').textContent);
  YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), options);
});
`;

let loaded: Promise<GraphiqlAssets> | undefined;

/** GraphiQL's scripts and styles, 9 MB: read when the first page asks for them. */
export function loadGraphiqlAssets(): Promise<GraphiqlAssets> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<GraphiqlAssets> {
  const { css, editorWorkerService, graphqlWorker, js, jsonWorker } = await import(
    '@graphql-yoga/render-graphiql/graphiql'
  );
  const texts: readonly (readonly [name: string, type: string, text: string])[] = [
    ['graphiql.css', 'text/css; charset=utf-8', css],
    ['graphiql.js', JAVASCRIPT, js],
    ['boot.js', JAVASCRIPT, BOOT],
    // Named by the labels that the editor asks for.
    ['editorWorkerService.js', JAVASCRIPT, editorWorkerService],
    ['json.js', JAVASCRIPT, jsonWorker],
    ['graphql.js', JAVASCRIPT, graphqlWorker],
  ];
  const hash = createHash('sha256');
  for (const [, , text] of texts) hash.update(text);
  return {
    version: hash.digest('base64url').slice(0, 12),
    files: new Map(texts.map(([name, type, text]) => [name, createAsset(type, text)])),
  };
}

function createAsset(type: string, text: string): Asset {
  let zipped: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return {
    type,
    text,
    zipped() {
      zipped ??= promisify(gzip)(text).then((bytes) => new Uint8Array(bytes));
      return zipped;
    },
  };
}
