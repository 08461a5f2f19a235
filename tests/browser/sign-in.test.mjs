import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reading, worldWith } from './reader.mjs';
import { password } from './world.mjs';

describe('sign-in', () => {
  const here = worldWith({ anna: 'operator', victor: 'viewer' });

  test('leads to the page that was asked for, and ends with signing out', reading(here, {}, async (reader, page) => {
    await reader.go('/jobs/sync-passerelle');
    assert.match(page.url(), /\/sign-in\?to=/);
    await reader.picture('sign-in');
    await page.fill('input[name=user]', 'anna');
    await page.fill('input[name=password]', 'correct horse battery');
    await page.click('main form button');
    await page.waitForURL('**/jobs/sync-passerelle');

    const [cookie] = (await reader.context.cookies()).filter(({ name }) => name === 'carillon_session');
    assert.ok(cookie.httpOnly && cookie.sameSite === 'Strict', JSON.stringify(cookie));
    assert.equal(await page.evaluate(() => document.cookie), '');
    await page.click('form[action="/sign-out"] button');
    await reader.go('/');
    assert.match(page.url(), /\/sign-in/);
  }));

  test('lets a viewer look, and offers no act', reading(here, { user: 'victor' }, async (reader, page) => {
    for (const path of ['/jobs/sync-passerelle', '/jobs/sync-passerelle/check', '/jobs/sync-passerelle/rejects']) {
      assert.equal((await reader.go(path)).status(), 200, path);
      assert.equal(await page.locator('main form[method=post]').count(), 0, path);
    }
    await reader.picture('job-of-a-viewer');
  }));

  test('says that a password is wrong, and lets nobody try for long', reading(here, {}, async (reader, page) => {
    reader.expectedStatuses = [401, 429];
    await reader.signIn('anna', 'not the password');
    const fault = page.locator('main [role=alert]');
    assert.match(await fault.innerText(), /No such user, or another password/);
    assert.equal(await page.inputValue('input[name=user]'), 'anna');
    assert.equal(await page.inputValue('input[name=password]'), '');
    await reader.picture('sign-in-wrong');
    await reader.assertAccessible('the sign-in that failed');

    // The right one has to wait as well. In one go: the first wait lasts a second only.
    const status = await page.evaluate(async (right) => {
      const send = (secret) => fetch('/sign-in',
        { method: 'POST', redirect: 'manual', body: new URLSearchParams({ user: 'anna', password: secret, to: '/' }) })
        .then((answer) => answer.status);
      for (let i = 0; i < 20; ++i) if (await send('not the password') === 429) return send(right);
      return 0;
    }, password);
    assert.equal(status, 429);
    // Each further failure doubles the wait: it outlasts a page soon.
    for (let i = 0; i < 10 && !/Too many/.test(await fault.innerText()); ++i)
      await reader.signIn('anna', 'not the password');
    assert.match(await fault.innerText(), /Too many wrong passwords/);
    await reader.picture('sign-in-throttled');
  }));
});
