import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reading, worldWith } from './reader.mjs';
import { job, tokenOf, until } from './world.mjs';

const path = `/jobs/${job}`;

describe('synchronisation', () => {
  const here = worldWith({ anna: 'operator' });
  const runs = () => here().carillon(['history', job, '--json']).then(JSON.parse);

  test('brings an answer into the database, while somebody looks on', reading(here, { user: 'anna' }, async (reader, page) => {
    const users = Array.from({ length: 120 }, (_, i) => i + 1);
    await here().addCampaign(1, users);
    await here().offer(users.map((user) => tokenOf(1, user)));
    for (const call of ['pending', 'acknowledge'])
      await here().control('fault', { name: 'slow', call, milliseconds: 1500 });
    await reader.go(path);

    await page.click(`form[action="${path}/run"] button`);
    await page.waitForURL('**/runs/*');
    await page.waitForSelector('#run .badge:has-text("running")');
    // Of six batches within a moment only the first is told.
    await page.waitForFunction(() => /^\d+ stored/.test(document.querySelector('[data-progress]').textContent));
    const bar = page.getByRole('progressbar', { name: 'Progress of the run' });
    assert.equal(await bar.getAttribute('value'), null, 'nobody knows how many there are');
    assert.match(await bar.getAttribute('aria-valuetext'), /^\d+$/);
    assert.ok(await page.isVisible('#progress form[action$="/stop"] button'));
    await reader.picture('run-in-progress');
    await until(() => here().statusOf(1).then((statut) => statut === 'validee'), 'the campaign is validated');
    // Without a reload.
    await page.waitForSelector('#run .badge:has-text("succeeded")');
    await reader.go(path);
    await page.waitForSelector('#history tbody tr:has-text("succeeded")');

    assert.equal((await here().sql('SELECT COUNT(*) FROM validations'))[0][0], '120');
    await reader.picture('job-after-run');
  }));

  test('is begun once, however often the button is pressed', reading(here, { user: 'anna' }, async (reader, page) => {
    const before = (await runs()).length;
    await here().control('fault', { name: 'slow', call: 'pending', milliseconds: 1500 });
    await reader.go(path);

    await page.dblclick(`form[action="${path}/run"] button`);
    await page.waitForLoadState();
    await until(async () => (await runs()).length > before, 'the run has begun');
    await until(async () => (await runs()).every((run) => run.outcome !== 'running'), 'it is over');

    assert.equal((await runs()).length, before + 1);
  }));

  test('shows its lines as they come', reading(here, { user: 'anna' }, async (reader, page) => {
    await reader.go('/log');
    const ends = page.locator('[data-lines] .text:has-text("run.finished")');
    const there = await ends.count();
    await here().carillon(['run', job]);

    await ends.nth(there).waitFor();
    await reader.picture('log');
  }));

  test('is paused and resumed', reading(here, { user: 'anna' }, async (reader, page) => {
    await reader.go(path);
    await page.click(`form[action="${path}/pause"] button`);
    await page.waitForSelector('.badge:has-text("paused")');
    await reader.picture('job-paused');
    await page.click(`form[action="${path}/resume"] button`);
    await page.waitForSelector(`form[action="${path}/pause"]`);
  }));

  test('has a page for each run', reading(here, { user: 'anna' }, async (reader, page) => {
    await reader.go(path);
    await page.click('#history tbody tr th a >> nth=-1');
    await page.waitForURL('**/runs/**');

    await page.waitForSelector('ul.counters li');
    const counters = await page.locator('ul.counters li span').allInnerTexts();
    assert.equal(counters.filter((name) => name.includes('pending')).length, 1, counters.join());
    assert.match(await page.innerText('[data-lines]'), /run\.finished/);
    await reader.picture('run');
  }));
});
