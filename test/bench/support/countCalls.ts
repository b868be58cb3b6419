import { Session } from 'node:inspector';

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

/**
 * How often functions were called while `work` was under way, by name, as V8 counts them: nothing in their code knows of it. `where` has
 * for each name the end of its file's URL, without the extension. Only in this thread, and not beside a coverage report.
 */
export async function countCalls(
  where: Readonly<Record<string, string>>,
  work: () => Promise<unknown>,
): Promise<Readonly<Record<string, number>>> {
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await work();
    const coverage = take(session);
    return Object.fromEntries(Object.entries(where).map(([name, file]) => [name, callsOf(coverage, name, file)]));
  } finally {
    session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}

function take(session: Session): Coverage {
  let taken: Coverage | undefined;
  // In its own thread the inspector answers before `post` returns.
  session.post('Profiler.takePreciseCoverage', (error, result) => {
    if (error === null) taken = result;
  });
  if (taken === undefined) throw new Error('V8 has counted nothing.');
  return taken;
}

function callsOf({ result }: Coverage, name: string, file: string): number {
  return result
    .filter(({ url }) => url.replace(/\.[cm]?[jt]s$/, '').endsWith(file))
    .flatMap(({ functions }) => functions.filter(({ functionName }) => functionName === name))
    .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
}
