/** The `weft` command. `process.exitCode` and not `exit`: what is still being written must arrive. */
import { runCommand } from './cli/runCommand.ts';

process.exitCode = await runCommand(process.argv.slice(2));
