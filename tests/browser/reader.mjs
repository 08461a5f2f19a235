// Who looks at the pages: a headless Chromium, and what no page may ever do.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { chromium } from 'playwright-core';
import { World, password } from './world.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.CARILLON_TEST_PICTURES ?? 'pictures';

let browser;

// A world for the tests of a suite, with users by name and role; `fill` puts into it what is there before the host
// begins. Each test begins with a gateway without faults.
export function worldWith(users, fill = async () => {}) {
  let world;
  before(async () => {
    world = await World.make();
    for (const [name, role] of Object.entries(users)) await world.addUser(name, role);
    await fill(world);
    await world.serve();
  });
  after(async () => {
    await browser?.close();
    await world?.end();
  });
  afterEach(() => world.control('clear', {}));
  return () => world;
}

// A test whose pages did nothing wrong; `options`: of Playwright's newContext, and `user`: who signs in first.
export function reading(world, options, act) {
  return async () => {
    const reader = await Reader.open(world(), options);
    try {
      await act(reader, reader.page);
    } catch (error) {
      await reader.picture(`failed-${Date.now()}`).catch(() => {});
      await reader.context.close();
      if (reader.faults.length) error.message += `\nand: ${reader.faults.join('\n')}`;
      throw error;
    }
    await reader.close();
  };
}

// A browser of one person.
export class Reader {
  static async open(world, { user, ...options } = {}) {
    browser ??= await chromium.launch({
      executablePath: process.env.CARILLON_TEST_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Paris', ...options });
    const reader = new Reader(world, context, await context.newPage());
    if (user) await reader.signIn(user);
    return reader;
  }

  // What was wrong on any page so far.
  faults = [];

  constructor(world, context, page) {
    this.world = world;
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(10_000);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !this.#isExpected(message))
        this.faults.push(`console: ${message.text()} (${page.url()})`);
    });
    page.on('pageerror', (error) => this.faults.push(`script: ${error.message} (${page.url()})`));
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== world.address && url.protocol !== 'data:')
        this.faults.push(`request to another host: ${request.url()}`);
    });
  }

  // Statuses that a test asks for are no fault of a page, though browsers log them as errors.
  expectedStatuses = [];
  #isExpected(message) {
    return this.expectedStatuses.some((status) => message.text().includes(`status of ${status}`));
  }

  async go(path) {
    return this.page.goto(this.world.address + path);
  }

  async signIn(user, secret = password) {
    await this.go('/sign-in');
    await this.page.fill('input[name=user]', user);
    await this.page.fill('input[name=password]', secret);
    await this.page.click('main form button');
  }

  async picture(name) {
    await mkdir(pictures, { recursive: true });
    // Of a page as long as the guide a picture takes longer than a test may: its first screen.
    const fullPage = await this.page.evaluate(() => document.documentElement.scrollHeight < 10_000);
    await this.page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
  }

  // Nothing that axe-core finds, contrast included, and nothing that has to be scrolled sideways.
  async assertAccessible(what) {
    // The page's policy forbids a script of somebody else: it is evaluated beside the page's own.
    await this.page.evaluate(`${axe};0`);
    const { violations } = await this.page.evaluate('axe.run(document, {resultTypes: ["violations"]})');
    const told = violations.map(({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map((node) => `  ${node.target}: ${node.failureSummary}`).join('\n')}`);
    assert.deepEqual(told, [], `axe-core on ${what}:\n${told.join('\n')}`);
  }

  async assertNotTooWide(what) {
    const [wide, seen] = await this.page.evaluate(() =>
      [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wide <= seen, `${what} is ${wide} pixels wide and ${seen} are seen`);
  }

  // Presses Tab until the selector has the focus, which has to show.
  async tabTo(selector, most = 60) {
    for (let i = 0; i < most; ++i) {
      await this.page.keyboard.press('Tab');
      const state = await this.page.evaluate((wanted) => {
        const focused = document.activeElement;
        if (!focused?.matches(wanted)) return null;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
        return { shows: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' };
      }, selector);
      if (state) {
        assert.ok(state.shows, `the focus on ${selector} does not show`);
        return;
      }
    }
    assert.fail(`Tab does not reach ${selector} on ${this.page.url()}`);
  }

  async close() {
    await this.context.close();
    assert.deepEqual(this.faults, []);
  }
}
