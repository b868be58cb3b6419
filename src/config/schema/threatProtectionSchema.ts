import * as v from 'valibot';
import { described } from './described.ts';
import { flag, integer, text } from './scalars.ts';
import { strict } from './strict.ts';

export const THREAT_RULES = ['sql_injection', 'script', 'path_traversal', 'command_injection', 'ssrf'] as const;

const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_.-]{1,64}$/, 'Expected a name of letters, digits, "_", "." and "-".'),
);

const pattern = strict({
  name: described(name, 'What clients are told, and what `rules` of `allow` call it.'),
  pattern: described(text, 'A regular expression as RE2 has it: without look-around and back-references.'),
  ignore_case: v.optional(described(flag, 'Whether small and capital letters are the same.'), true),
});

const allowance = v.pipe(
  strict({
    argument: v.optional(
      described(
        v.pipe(
          v.string(),
          v.regex(
            /^[_A-Za-z]\w*\.[_A-Za-z]\w*(?:\.[_A-Za-z]\w*)?$/,
            'Expected an argument such as "Query.search.text", or a field such as "Query.search" for all of them.',
          ),
        ),
        'Where the value goes: `Query.search.text`, or `Query.search` for every argument.',
      ),
    ),
    variable: v.optional(described(text, 'The name of the variable.')),
    operation: v.optional(described(text, 'The name of the operation; whatever the client calls it.')),
    when: v.optional(described(text, 'An expression, such as `"editor" in caller.scopes`.')),
    rules: v.optional(described(v.array(text), 'For these rules; left out: for all of them.')),
  }),
  v.check(
    ({ argument, variable, operation, when }) =>
      [argument, variable, operation, when].some((part) => part !== undefined),
    'Expected at least one of "argument", "variable", "operation" and "when".',
  ),
);

export const threatProtectionSchema = strict({
  enabled: v.optional(described(flag, 'Whether anything is looked for.'), true),
  mode: v.optional(
    described(v.picklist(['measure', 'enforce']), 'Whether what is found is refused, or only told in the log.'),
    'enforce',
  ),
  rules: v.optional(described(v.array(v.picklist(THREAT_RULES)), 'What is looked for.'), [...THREAT_RULES]),
  patterns: v.optional(described(v.array(pattern), 'What is looked for beside these.'), []),
  allow: v.optional(
    described(v.array(allowance), 'Where such values may be: all that an entry says has to be so.'),
    [],
  ),
  max_characters: v.optional(
    described(integer(1), 'Characters of the texts of one request that are looked through; plain words do not count.'),
    131_072,
  ),
});
