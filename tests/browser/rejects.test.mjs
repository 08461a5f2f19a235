import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reading, worldWith } from './reader.mjs';
import { job, tokenOf } from './world.mjs';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'fr-FR' };

describe('rejects on a phone', () => {
  const here = worldWith({ alice: 'operator' }, async (world) => {
    await world.addCampaign(1, [1, 2]);
    await world.offer([tokenOf(1, 1), tokenOf(8, 1), tokenOf(9, 1), tokenOf(9, 2)]);
    await world.carillon(['run', job]);
  });

  const isLargeEnough = async (target, what) => {
    const { width, height } = await target.boundingBox();
    assert.ok(width >= 40 && height >= 40, `${what}: ${width} x ${height} pixels are too few for a thumb`);
  };

  test('are chosen and dismissed with a thumb', reading(here, { user: 'alice', ...phone }, async (reader, page) => {
    await reader.go(`/jobs/${job}/rejects`);
    await reader.assertNotTooWide('the rejects');
    await reader.assertAccessible('the rejects');
    const picks = page.locator('label.pick');
    assert.equal(await picks.count(), 3);
    await isLargeEnough(picks.first(), 'the choice of a reject');
    await picks.nth(0).tap();
    await picks.nth(2).tap();
    await reader.picture('phone-rejects');
    const dismiss = page.locator('button[formaction$="/dismiss"]');
    await isLargeEnough(dismiss, 'the button');
    // It is where the thumb is, however long the list.
    const { y, height } = await dismiss.boundingBox();
    assert.ok(y + height <= 844, `the button ends at ${y + height}`);
    await dismiss.tap();
    await page.waitForSelector('#reason');
    await reader.assertNotTooWide('the question');
    await reader.assertAccessible('the question');
    await page.fill('#reason', 'Réponses reçues par courrier');
    await reader.picture('phone-dismiss');
    await page.locator('main form button.main').tap();
    await page.waitForURL(/\/runs\//);
    await reader.go(`/jobs/${job}/items?state=dismissed`);
    await page.waitForSelector('text=Réponses reçues par courrier');
    assert.equal(await page.locator('table.cards tbody tr').count(), 2);
    await reader.assertNotTooWide('the items');
    await reader.assertAccessible('the items');
    await reader.picture('phone-items');
    await reader.go(`/jobs/${job}/rejects`);
    assert.equal(await page.locator('label.pick').count(), 1);
    // What is done with rejects is no run of the job: its last run is the one before.
    // A reject that is left makes the status fail: what it says is in the error.
    const status = await reader.world.carillon(['status', '--json']).catch((error) => error.message);
    assert.match(status, /"last_run":\{"job"/);
    assert.doesNotMatch(status, /"trigger":"replay"/);
  }));

  test('a page without rejects says so', reading(here, { user: 'alice', ...phone }, async (reader, page) => {
    await reader.go('/jobs/tokens-clean');
    assert.equal(await page.locator('a[href$="/items"]').count(), 0);
    reader.expectedStatuses.push(404);
    assert.equal((await reader.go('/jobs/tokens-clean/items')).status(), 404);
    await reader.picture('phone-no-items');
    await reader.assertAccessible('what there is not');
  }));
});
