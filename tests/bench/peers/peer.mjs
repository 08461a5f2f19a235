// What a scheduler of Node.js is asked to do: lateness SECONDS | many JOBS MONTH | herd JOBS AT | next ZONE
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const now = () => performance.timeOrigin + performance.now(); // milliseconds with a fraction

async function lateness(schedule, seconds) {
  const starts = [];
  const stop = schedule('* * * * * *', () => {
    const start = now();
    starts.push(start);
  });
  await sleep(seconds * 1000);
  stop();
  for (const start of starts) console.log(BigInt(Math.round(start * 1000)) * 1000n + '');
}

function many(schedule, jobs, month) {
  for (let i = 0; i < jobs; i++) schedule(`${i % 60} ${i % 24} ${1 + (i % 28)} ${month} *`, () => {});
  console.log('ready');
}

async function herd(schedule, jobs, at) {
  const slot = new Date(at * 1000);
  let started = 0, last = 0;
  const pattern = `${slot.getUTCSeconds()} ${slot.getUTCMinutes()} ${slot.getUTCHours()} * * *`;
  for (let i = 0; i < jobs; i++)
    schedule(pattern, () => {
      last = Math.max(last, now() - slot.getTime());
      started++;
    });
  if (now() >= slot.getTime()) throw new Error('the jobs were loaded too late');
  while (started < jobs && now() < slot.getTime() + 60_000) await sleep(100);
  console.log(started, last.toFixed(1));
  process.exit();
}

function next(chain, zone) {
  const calls = 200_000, most = 2_000;
  const from = new Date(zone === 'UTC' ? '2025-12-31T23:59:59Z' : '2025-12-31T23:59:59+01:00');
  const end = new Date('2100-01-01T00:00:00Z');
  for (const expression of readFileSync(0, 'utf8').trimEnd().split('\n')) {
    let following = chain(expression, zone, from);
    let done = 0, at = from;
    const begun = performance.now();
    for (; done < calls && (done % 16 !== 0 || performance.now() - begun < most); done++) {
      at = following(at);
      if (at < end) continue;
      at = from;
      following = chain(expression, zone, from);
    }
    console.log([expression, done, Math.round(((performance.now() - begun) * 1e6) / done)].join('\t'));
  }
}

/** schedule(pattern, job) starts a job and returns how to stop it; chain(expression, zone, from) gives a function that
 * takes one firing and returns the next one. */
export function main({ schedule, chain }) {
  const [mode, ...given] = process.argv.slice(2);
  if (mode === 'lateness') return lateness(schedule, Number(given[0]));
  if (mode === 'many') return many(schedule, Number(given[0]), given[1]);
  if (mode === 'herd') return herd(schedule, Number(given[0]), Number(given[1]));
  if (mode === 'next') return next(chain, given[0]);
  throw new Error(`unknown mode: ${mode}`);
}
