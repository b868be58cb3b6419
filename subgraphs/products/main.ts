import { runBackend } from '../server/runBackend.ts';
import { startProducts } from './startProducts.ts';

await runBackend(startProducts);
