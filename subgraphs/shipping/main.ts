import { runBackend } from '../server/runBackend.ts';
import { startShipping } from './startShipping.ts';

await runBackend(startShipping);
