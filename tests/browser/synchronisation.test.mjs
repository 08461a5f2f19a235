import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { closeBrowser, reading } from './reader.mjs';
import { World, job, tokenOf, until } from './world.mjs';

const path = `/jobs/${job}`;

describe('synchronisation', () => {
  let world;
  before(async () => {
    world = await World.make();
    await world.addUser('anna', 'operator');
    await world.serve();
  });
  after(async () => {
    await closeBrowser();
    await world?.end();
  });
  afterEach(() => world.control('clear', {}));
  const here = () => world;
  const runs = () => world.carillon(['history', job, '--json']).then(JSON.parse);

  test('brings an answer into the database, while somebody looks on', reading(here, { user: 'anna' }, async (reader, page) => {
    const users = Array.from({ length: 120 }, (_, i) => i + 1);
    await world.addCampaign(1, users);
    await world.offer(users.map((user) => tokenOf(1, user)));
    for (const call of ['pending', 'acknowledge'])
      await world.control('fault', { name: 'slow', call, milliseconds: 1500 });
    await reader.go(path);

    await page.click(`form[action="${path}/run"] button`);
    await page.waitForURL('**/runs/*');
    await page.waitForSelector('#run .badge:has-text("running")');
    await page.waitForFunction(() => /120/.test(document.querySelector('[data-progress]').textContent));
    await reader.picture('run-in-progress');
    await until(() => world.statusOf(1).then((statut) => statut === 'validee'), 'the campaign is validated');
    // Without a reload.
    await page.waitForSelector('#run .badge:has-text("succeeded")');
    await reader.go(path);
    await page.waitForSelector('#history tbody tr:has-text("succeeded")');

    assert.equal((await world.sql('SELECT COUNT(*) FROM validations'))[0][0], '120');
    await reader.picture('job-after-run');
  }));

  test('is begun once, however often the button is pressed', reading(here, { user: 'anna' }, async (reader, page) => {
    const before = (await runs()).length;
    await world.control('fault', { name: 'slow', call: 'pending', milliseconds: 1500 });
    await reader.go(path);

    await page.dblclick(`form[action="${path}/run"] button`);
    await page.waitForLoadState();
    await until(async () => (await runs()).length > before, 'the run has begun');
    await until(async () => (await runs()).every((run) => run.outcome !== 'running'), 'it is over');

    assert.equal((await runs()).length, before + 1);
  }));

  test('shows its lines as they come', reading(here, { user: 'anna' }, async (reader, page) => {
    await reader.go('/log');
    await world.carillon(['run', job]);

    await page.waitForSelector('[data-lines] .text:has-text("run.finished")');
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

    await page.waitForSelector('[data-counters] li');
    assert.match(await page.innerText('[data-lines]'), /run\.finished/);
    await reader.picture('run');
  }));
});
