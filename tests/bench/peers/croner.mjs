import { Cron } from 'croner';

import { main } from './peer.mjs';

main({
  schedule: (pattern, job) => {
    const cron = new Cron(pattern, job);
    return () => cron.stop();
  },
  chain: (expression, zone) => {
    const cron = new Cron(expression, zone === 'UTC' ? {} : { timezone: zone }); // UTC is this process's own zone
    return (previous) => cron.nextRun(previous);
  },
});
