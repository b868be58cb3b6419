import * as v from 'valibot';
import { described } from './described.ts';
import { flag, text } from './scalars.ts';
import { strict } from './strict.ts';

export const accessLogsSchema = strict({
  enabled: v.optional(described(flag, 'Whether requests are written down.'), true),
  output: v.optional(described(text, '`stdout`, or the path of a file, to which lines are added.'), 'stdout'),
});
