import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reading, worldWith } from './reader.mjs';
import { gatewayKey, job, tokenOf, until } from './world.mjs';

const path = `/jobs/${job}`;

describe('diagnosis', () => {
  const here = worldWith({ anna: 'operator' });

  const check = async (page) => {
    await page.goto(`${here().address}${path}/check`);
    await page.click(`form[action="${path}/check"] button`);
    await page.waitForSelector('.summary', { timeout: 30_000 });
    return page.locator('.checks > li');
  };

  test('is green when all is well', reading(here, { user: 'anna' }, async (reader, page) => {
    const checks = await check(page);

    assert.ok(await checks.count() >= 5, `${await checks.count()} checks`);
    assert.equal(await page.locator('.checks > li.failed').count(), 0);
    assert.ok(!(await page.content()).includes(gatewayKey), 'the key is shown');
    assert.match(await page.innerText('.checks'), new RegExp(gatewayKey.slice(0, 4)));
    await reader.picture('check-green');
    await reader.assertAccessible('the check');
  }));

  test('is red with what to do when the gateway refuses', reading(here, { user: 'anna' }, async (reader, page) => {
    await here().control('fault', { name: 'unauthorized', times: -1 });

    const checks = await check(page);

    const failed = checks.and(page.locator('.failed'));
    assert.ok(await failed.count() > 0);
    assert.ok((await failed.first().locator('.todo').innerText()).length > 20);
    await reader.picture('check-red');
    await reader.assertAccessible('the check that failed');
  }));

  test('shows rejects, and replays one and all', reading(here, { user: 'anna' }, async (reader, page) => {
    const known = [1, 2, 3].map((user) => tokenOf(7, user));
    await here().offer(known);
    await here().carillon(['run', job]);
    await reader.go(`${path}/rejects`);
    assert.equal(await page.locator('tbody tr').count(), 3);
    await reader.picture('rejects');
    await reader.assertAccessible('the rejects');
    await here().addCampaign(7, [1, 2, 3]);

    await page.check('tbody tr:first-child input[name=id]');
    await page.click('form[action$="/replay"] button.main');
    await page.waitForSelector('form[action$="/replay/confirmed"]');
    await reader.picture('replay-confirm');
    await reader.assertAccessible('the confirmation of a replay');
    assert.equal((await here().sql('SELECT COUNT(*) FROM validations'))[0][0], '0');
    await page.click('form[action$="/replay/confirmed"] button.main');
    await until(async () => (await here().sql('SELECT COUNT(*) FROM validations'))[0][0] === '1', 'one is applied');

    await until(async () => {
      await reader.go(`${path}/rejects`);
      return await page.locator('tbody tr').count() === 2;
    }, 'two are left');
    await page.click('form[action$="/replay"] button[name=all]');
    await page.click('form[action$="/replay/confirmed"] button.main');
    await until(() => here().statusOf(7).then((statut) => statut === 'validee'), 'the campaign is validated');
  }));
});
