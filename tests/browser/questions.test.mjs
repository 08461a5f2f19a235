import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { reading, worldWith } from './reader.mjs';
import { job, tokenOf } from './world.mjs';

const documents = join(process.env.CARILLON_TEST_SCHEMAS, '..', 'host');

// The rows of a guide's table of questions: what is asked, and the command that answers.
function questionsOf(guide) {
  const text = readFileSync(join(documents, guide), 'utf8');
  const [, rows] = /\n\| question \|[^\n]*\n\|[-|]+\|\n((?:\|[^\n]*\n)+)/.exec(text);
  return rows.trim().split('\n').map((row) => {
    const [, question, command] = row.split('|').map((cell) => cell.trim());
    return { question, words: command.replaceAll('`', '').replaceAll('JOB', job).split(' ').slice(1) };
  });
}

// What each answers, in English and in French, in a terminal and on the page that the links lead to from the overview.
const ofJob = (name = job) => `main a[href="/jobs/${name}"]`;
const below = (page) => `main a[href^="/jobs/${job}/${page}"]`;
const answers = [
  ['status', [/reject open/, /reject open|rejet/], [], [/1 reject open/, /1 rejet/]],
  ['next', [/03:00:00/, /03:00:00/], [ofJob()], [/Next firings/, /Prochain/]],
  ['explain', [/every day at 03:00/, /tous les jours à 3 h/], [ofJob()], [/Every day at 03:00/, /Tous les jours à 3 h/]],
  ['why', [/succeeded/, /réussi/], [ofJob(), below('why')], [/succeeded/, /réussi/]],
  ['history', [/401/, /répond 401/], [ofJob()], [/failed[^]*401/, /échec[^]*répond 401/]],
  ['ledger', [/ran/, /exécutée/], ['a[href="/ledger"]'], [/command line/, /ligne de commande/]],
  ['logs', [/run\.finished/, /run\.finished/], ['a[href="/log"]'], [/run\.finished/, /run\.finished/]],
  ['status', [/travaux sur la base/, /travaux sur la base/], [ofJob('tokens-clean')],
    [/travaux sur la base/, /travaux sur la base/]],
  ['activity', [/pause[^]*travaux sur la base/, /pause[^]*travaux sur la base/], ['a[href="/activity"]'],
    [/tokens-clean/, /tokens-clean/]],
  ['items', [/Campagne 1/, /Campagne 1/], [ofJob(), below('items')], [/Campagne 1/, /Campagne 1/]],
  ['rejects', [/Agora has no such token/, /Agora n’a pas ce jeton/], [ofJob(), below('rejects')],
    [/Agora has no such token/, /Agora n’a pas ce jeton/]],
  ['check', [/connectivity/, /connexion|connectivité|connectivity/], [ofJob(), below('check')],
    [/connectivity/, /connexion|connectivité/]],
  ['alerts', [/failed/, /failed|échec/], ['a[href="/alerts"]'], [/failed/, /échec|échou/]],
  ['users', [/anna/, /anna/], ['a[href="/users"]'], [/anna/, /anna/]],
  ['explain', [/Noël/, /Noël/], ['a[href="/calendars"]'], [/Noël/, /Noël/]],
];

describe('the questions of the guide', () => {
  const here = worldWith({ anna: 'operator' }, async (world) => {
    await world.addCampaign(1, [1, 2]);
    await world.offer([tokenOf(1, 1), tokenOf(9, 1)]);
    await world.addLines('carillon.properties', 'alerts.mail.to = exploitation@example.org\nalerts.mail.host = 127.0.0.1\nalerts.mail.from = carillon@example.org\nalerts.mail.port = 9\n');
    await world.addLines('jobs/tokens-clean.properties', 'job.calendar = fr-holidays\n');
  });
  before(async () => {
    await here().control('fault', { name: 'unauthorized', times: 1 });
    await here().carillon(['run', job]).catch(() => {});
    await here().carillon(['run', job]);
    await here().carillon(['pause', 'tokens-clean', '--note', 'travaux sur la base']);
  });

  for (const [language, guide, locale, lang] of
    [[0, 'GUIDE.md', 'en-GB', 'C.UTF-8'], [1, 'GUIDE.fr.md', 'fr-FR', 'fr_FR.UTF-8']]) {
    const questions = questionsOf(guide);

    test(`${guide}: what it asks is what is tried here`, () => {
      assert.deepEqual(questions.map(({ words }) => words[0]), answers.map(([verb]) => verb));
    });

    questions.forEach(({ question, words }, i) => {
      const [, says, links, shows] = answers[i] ?? [];
      test(`one command: ${question}`, async () => {
        const told = await here().carillon(words, '', { LC_ALL: lang }).catch((error) => error.message);
        assert.match(told, says[language]);
      });
      test(`two steps: ${question}`, reading(here, { user: 'anna', locale }, async (reader, page) => {
        assert.ok(links.length <= 2);
        for (const link of links) await page.locator(link).first().click();
        await page.waitForLoadState();
        if (words[0] === 'check') {
          await page.locator('form[action$="/check"] button').click();
          await page.waitForSelector('.summary');
        }
        assert.match(await page.innerText('main'), shows[language]);
      }));
    });
  }
});
