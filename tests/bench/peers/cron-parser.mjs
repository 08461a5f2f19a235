import { CronExpressionParser } from 'cron-parser';

import { main } from './peer.mjs';

main({
  chain: (expression, zone, from) => {
    const firings = CronExpressionParser.parse(expression, { currentDate: from, tz: zone });
    return () => firings.next().toDate();
  },
});
