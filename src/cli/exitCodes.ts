/** What the exit code of `weft` says; shown by `weft --help`. */
export const exitCodes = {
  ok: { code: 0, meaning: 'done, or stopped by SIGINT or SIGTERM' },
  failure: { code: 1, meaning: 'another failure' },
  usage: { code: 2, meaning: 'the command line is not understood' },
  issues: {
    code: 3,
    meaning: 'problems in the configuration, a schema, the composition or an operation; all are listed',
  },
  portTaken: { code: 4, meaning: 'the port is taken' },
} as const;
