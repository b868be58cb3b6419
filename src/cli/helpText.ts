import { type Command, type CommandOption, commands } from './commands.ts';
import { exitCodes } from './exitCodes.ts';

const help: CommandOption = { type: 'boolean', short: 'h', help: 'Show this help' };
const version: CommandOption = { type: 'boolean', help: 'Print the version' };

/** The help of one command, or of all. Ends with a line break. */
export function helpText(name?: string, command?: Command): string {
  if (name !== undefined && command !== undefined) {
    return `weft ${name}: ${command.summary}\n\nUsage: weft ${name} [options]\n\nOptions:\n${table(optionRows({ ...command.options, help }))}`;
  }
  const list = [...commands].map(([words, { summary }]) => [words, summary] as const);
  const codes = Object.values(exitCodes).map(({ code, meaning }) => [String(code), meaning] as const);
  return `Weft: one graph over GraphQL, REST and gRPC services

Usage: weft <command> [options]

Commands:
${table(list)}
Options:
${table(optionRows({ help, version }))}
Exit codes:
${table(codes)}
"weft <command> --help" tells the options of a command. While serving, SIGHUP reads configuration and schemas again.
`;
}

function optionRows(options: Readonly<Record<string, CommandOption>>): (readonly [string, string])[] {
  return Object.entries(options).map(([name, { short, value, help: text }]) => [
    `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    text,
  ]);
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}
