import { isRecord } from '../lib/isRecord.ts';
import type { PathIssue } from './toIssues.ts';

/** The regular expressions of the configuration. What reads them is loaded only where there are any: that takes 7 ms. */
export async function checkPatterns(input: unknown): Promise<PathIssue[]> {
  const section = isRecord(input) ? input['threat_protection'] : undefined;
  const patterns: readonly unknown[] =
    isRecord(section) && Array.isArray(section['patterns']) ? section['patterns'] : [];
  const found = patterns.flatMap((entry, index) =>
    isRecord(entry) && typeof entry['pattern'] === 'string' ? [{ index, pattern: entry['pattern'] }] : [],
  );
  if (found.length === 0) return [];
  const { RE2JS } = await import('re2js');
  return found.flatMap(({ index, pattern }): PathIssue[] => {
    try {
      if (!RE2JS.compile(pattern).matcher('').find()) return [];
      return [issueAt(index, 'Expected a pattern that does not fit the empty text: it would be found in every one.')];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return [issueAt(index, `Expected a regular expression as RE2 has it: ${why}.`)];
    }
  });
}

function issueAt(index: number, message: string): PathIssue {
  return { path: ['threat_protection', 'patterns', index, 'pattern'], at: 'value', message };
}
