import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Reader, reading, worldWith } from './reader.mjs';
import { World, job, tokenOf, until } from './world.mjs';

// What holds for each page, whoever looks at it and however.
describe('every page', () => {
  const here = worldWith({ anna: 'operator' }, async (world) => {
    await world.addCampaign(1, [1, 2]);
    await world.offer([tokenOf(1, 1), tokenOf(9, 1)]);
  });
  let pages;
  before(async () => {
    await here().carillon(['run', job]);
    const [run] = JSON.parse(await here().carillon(['history', job, '--json']));
    pages = {
      'sign-in': '/sign-in', overview: '/', job: `/jobs/${job}`, run: `/runs/${run.run}`, check: `/jobs/${job}/check`,
      rejects: `/jobs/${job}/rejects`, why: `/jobs/${job}/why`, log: '/log', ledger: '/ledger', timeline: '/timeline', charts: '/charts',
      activity: '/activity', alerts: '/alerts', calendars: '/calendars', users: '/users', help: '/help', nothing: '/nothing',
    };
  });

  const forEach = async (reader, act) => {
    reader.expectedStatuses = [404];
    for (const [name, path] of Object.entries(pages)) {
      await reader.go(path);
      await act(name, path);
    }
  };

  for (const [locale, language, other] of [['fr-FR', 'fr', 'en'], ['en-GB', 'en', 'fr'], ['de-DE', 'en', 'fr']])
    test(`speaks ${language} to a browser that wants ${locale}, and ${other} when asked`,
      reading(here, { user: 'anna', locale }, async (reader, page) => {
        const texts = {};
        await forEach(reader, async (name) => {
          assert.equal(await page.getAttribute('html', 'lang'), language, name);
          texts[name] = await page.innerText('main');
          if (name !== 'help') assert.doesNotMatch(texts[name], /\{\w+\}|\{\{/, `${name}: a text with a hole`);
        });
        if (language === 'fr') assert.match(texts.job, /Synchroniser maintenant/);
        await page.click(`form[action="/language"] button[value=${other}]`);
        assert.equal(await page.getAttribute('html', 'lang'), other);
        await forEach(reader, async (name) => assert.notEqual(await page.innerText('main'), texts[name], name));
      }));

  for (const colorScheme of ['light', 'dark'])
    for (const [shape, viewport] of [['wide', { width: 1280, height: 900 }], ['phone', { width: 360, height: 740 }]])
      test(`is readable: ${colorScheme}, ${shape}`, reading(here, { user: 'anna', colorScheme, viewport }, async (reader) => {
        await forEach(reader, async (name) => {
          await reader.picture(`${name}-${shape}-${colorScheme}`);
          await reader.assertNotTooWide(name);
          await reader.assertAccessible(`${name}, ${shape}, ${colorScheme}`);
        });
      }));

  test('can be read and acted on without JavaScript',
    reading(here, { user: 'anna', javaScriptEnabled: false }, async (reader, page) => {
      await forEach(reader, async (name) => {
        assert.ok((await page.innerText('main h1')).length > 0, name);
        await reader.picture(`${name}-without-javascript`);
      });
      await reader.go(pages.job);
      await page.click(`form[action="${pages.job}/run"] button`);
      await until(async () => {
        await reader.go(pages.job);
        return await page.locator('#history tbody tr').count() === 2;
      }, 'the run is in the table');
      await page.click(`form[action="${pages.job}/pause"] button`);
      assert.match(await page.innerText('.head .badge'), /paused/);
      await page.click(`form[action="${pages.job}/resume"] button`);
      await page.click('form[action="/language"] button[value=fr]');
      assert.equal(await page.getAttribute('html', 'lang'), 'fr');
    }));

  test('can be worked with keys alone', reading(here, {}, async (reader, page) => {
    await reader.go('/');
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate(() => document.activeElement.className), /skip/);
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
    await reader.tabTo('input[name=user]');
    await page.keyboard.type('anna');
    await reader.tabTo('input[name=password]');
    await page.keyboard.type('correct horse battery');
    await page.keyboard.press('Enter');
    await page.waitForSelector('table.jobs');
    await reader.tabTo(`a[href="${pages.job}"]`);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${pages.job}`);
    await reader.tabTo(`form[action="${pages.job}/run"] button`);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/runs/*');
    await page.waitForSelector('#run .badge:has-text("succeeded"), #run .badge:has-text("nothing")');
    await reader.tabTo(`a[href="${pages.job}"]`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#history tbody tr >> nth=1');
    await reader.tabTo(`a[href="${pages.check}"]`);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${pages.check}`);
    await reader.tabTo(`form[action="${pages.check}"] button`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.summary', { timeout: 30_000 });
  }));

  test('is read where nobody is configured, and says how to change that', async () => {
    const bare = await World.make();
    try {
      await bare.serve();
      const reader = await Reader.open(bare);
      await reader.go(`/jobs/${job}`);
      assert.match(await reader.page.innerText('main'), /carillon passwd/);
      assert.equal(await reader.page.locator('main form[method=post]').count(), 0);
      await reader.picture('job-without-users');
      await reader.assertAccessible('the job without users');
      await reader.close();
    } finally {
      await bare.end();
    }
  });
});
