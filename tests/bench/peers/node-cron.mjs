import cron from 'node-cron';

// What the library asks itself for its next firing (exported as T); its public getNextRun() starts from now alone.
import { T as TimeMatcher } from './node_modules/node-cron/dist/_shared.js';
import { main } from './peer.mjs';

main({
  schedule: (pattern, job) => {
    const task = cron.schedule(pattern, job);
    return () => task.stop();
  },
  chain: (expression, zone) => {
    const matcher = new TimeMatcher(expression, zone);
    return (previous) => matcher.getNextMatch(previous);
  },
});
