import { runBackend } from '../server/runBackend.ts';
import { startAccounts } from './startAccounts.ts';

await runBackend(startAccounts);
