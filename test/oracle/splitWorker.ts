import { parentPort, workerData } from 'node:worker_threads';
import { askSplits, type Range } from './runOracle.ts';

/** Asks a range of splits apart from the others, and posts its tally; what fails is thrown. */
parentPort?.postMessage(await askSplits(workerData as Range));
