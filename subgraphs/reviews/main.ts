import { runBackend } from '../server/runBackend.ts';
import { startReviews } from './startReviews.ts';

await runBackend(startReviews);
