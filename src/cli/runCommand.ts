import { readFileSync } from 'node:fs';
import { IssuesError } from '../errors/Issue.ts';
import { exitCodes } from './exitCodes.ts';
import { helpText } from './helpText.ts';
import { parseCommand } from './parseCommand.ts';
import { UsageError } from './UsageError.ts';

/** Runs `weft` with these arguments; resolves with the exit code, whatever happens. */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    const parsed = parseCommand(args);
    if (parsed.kind === 'run') return await parsed.command.run(parsed.values);
    process.stdout.write(parsed.kind === 'version' ? `${readVersion()}\n` : helpText(parsed.name, parsed.command));
    return exitCodes.ok.code;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(`weft: ${error.message}`);
    return exitCodes.usage.code;
  }
  if (error instanceof IssuesError) {
    console.error(error.message);
    return exitCodes.issues.code;
  }
  console.error(`weft: ${error instanceof Error ? error.message : String(error)}`);
  return isPortTaken(error) ? exitCodes.portTaken.code : exitCodes.failure.code;
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'PORT_TAKEN' || error.code === 'EADDRINUSE');
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}
