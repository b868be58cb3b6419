/**
 * Imported before everything else: on an older Node the HTTP client fails with a message that helps nobody.
 * Only an embedder can meet this; the `weft` command brings its own Node.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  throw new Error(
    `Weft as a library needs Node 22.19 or newer; this is Node ${process.versions.node}. The command "npx weft" brings its own.`,
  );
}
