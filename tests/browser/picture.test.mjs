import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { reading, worldWith } from './reader.mjs';
import { job, tokenOf } from './world.mjs';

// The picture of the README, host/page.png: the overview after a day of a town. To renew it, run this suite and copy
// build/browser/pictures/readme.png there.
const day = `
WITH RECURSIVE
  firings (job, n, every, most) AS (
    SELECT '${job}', 0, 300, 287 UNION ALL SELECT 'tokens-clean', 0, 86400, 0
    UNION ALL SELECT job, n + 1, every, most FROM firings WHERE n < most),
  made AS (SELECT job, job || '-' || n AS id, n, job = '${job}' AND n BETWEEN 130 AND 133 AS bad,
      (CAST(strftime('%s', 'now') AS INTEGER) / every * every - n * every) * 1000000 AS at FROM firings)
INSERT INTO run (id, job, trigger_name, attempt, host, fence, scheduled_at, started_at, finished_at, outcome, message, report)
  SELECT id, job, 'schedule', 1, 'agora-1', 1, at, at, at + 120000 + abs(random() % 400000), CASE bad WHEN 1 THEN 2 ELSE 0 END,
    CASE bad WHEN 1 THEN 'the gateway cannot be reached' ELSE n % 7 || ' fetched, ' || n % 7 || ' applied, ' || n % 7 || ' acknowledged' END,
    '{"job":"' || job || '","run":"' || id || '","counters":{"fetched":' || n % 7 || ',"applied":' || n % 7 || ',"pending_after":0},"warnings":[]}'
  FROM made;
INSERT INTO slot (job, slot_at, ending, reason, run, trigger_name, recorded_at)
  SELECT job, scheduled_at, 'ran', '', id, 'schedule', started_at FROM run WHERE trigger_name = 'schedule';`;

describe('the picture of the README', () => {
  const here = worldWith({ alice: 'operator' }, async (world) => {
    await world.addCampaign(1, [1, 2]);
    await world.offer([tokenOf(1, 1), tokenOf(9, 1)]);
    await world.carillon(['run', job]);
    execFileSync('sqlite3', [join(world.folder, 'state/carillon.db')], { input: day });
  });

  test('shows the overview', reading(here, { user: 'alice', viewport: { width: 1120, height: 520 } }, async (reader, page) => {
    await reader.go('/');
    await page.waitForSelector('table.jobs');
    await reader.picture('readme');
  }));
});
