import { writeCleanedUp } from './clean-up.js';

// A process of its own: node clean-up-once.ts IN OUT
await writeCleanedUp(process.argv[2], process.argv[3]);
