import { runBackend } from '../server/runBackend.ts';
import { startInventory } from './startInventory.ts';

await runBackend(startInventory);
