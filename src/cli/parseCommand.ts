import { parseArgs } from 'node:util';
import { closestName } from '../lib/closestName.ts';
import { type Command, type CommandValues, commands } from './commands.ts';
import { UsageError } from './UsageError.ts';

export type ParsedCommand =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly name?: string | undefined; readonly command?: Command | undefined }
  | { readonly kind: 'run'; readonly command: Command; readonly values: CommandValues };

/** Pure. Throws a `UsageError` of one line, with a suggestion where one is near. */
export function parseCommand(args: readonly string[]): ParsedCommand {
  const [first, second] = args;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') return { kind: 'help' };
  if (first === '--version') return { kind: 'version' };
  const name = isGroup(first) && second !== undefined && !second.startsWith('-') ? `${first} ${second}` : first;
  const command = commands.get(name);
  if (command === undefined) {
    if (isGroup(name) && (second === '--help' || second === '-h')) return { kind: 'help' };
    throw new UsageError(unknownCommand(name));
  }
  const values = parseOptions(name, command, args.slice(name.split(' ').length));
  return values['help'] === true ? { kind: 'help', name, command } : { kind: 'run', command, values };
}

/** Commands of two words that have the first one in common. */
function ofGroup(word: string): readonly string[] {
  return [...commands.keys()].filter((words) => words.startsWith(`${word} `));
}

function isGroup(word: string): boolean {
  return ofGroup(word).length > 0;
}

function unknownCommand(name: string): string {
  if (isGroup(name))
    return `Expected ${ofGroup(name)
      .map((words) => `"weft ${words}"`)
      .join(' or ')}.`;
  const what = name.startsWith('-') ? 'option' : 'command';
  return `Unknown ${what} "${name}"${hint(name, name.startsWith('-') ? ['--help', '--version'] : [...commands.keys()])}`;
}

function parseOptions(name: string, command: Command, args: readonly string[]): CommandValues {
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
  const { tokens, positionals } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const known: ReadonlyMap<string, { readonly type: 'string' | 'boolean' }> = new Map(Object.entries(options));
  const values = new Map<string, string | boolean>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = known.get(token.name);
    if (option === undefined)
      throw new UsageError(
        `Unknown option "${token.rawName}" of "weft ${name}"${hint(
          token.rawName,
          [...known.keys()].map((key) => `--${key}`),
        )}`,
      );
    const { value } = token;
    if (option.type === 'string' && (value === undefined || value === ''))
      throw new UsageError(`Option "${token.rawName}" needs a value.`);
    if (option.type === 'boolean' && value !== undefined)
      throw new UsageError(`Option "${token.rawName}" takes no value; got "${value}".`);
    values.set(token.name, value ?? true);
  }
  if (positionals[0] !== undefined)
    throw new UsageError(`Unexpected argument "${positionals[0]}" of "weft ${name}"; see "weft ${name} --help".`);
  return Object.fromEntries(values);
}

function hint(name: string, candidates: readonly string[]): string {
  const meant = closestName(name, candidates);
  return meant === undefined ? '; see "weft --help".' : `; did you mean "${meant}"?`;
}
