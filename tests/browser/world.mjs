// A town for the pages to be looked at: Agora's database, a gateway and a host with the plugin Passerelle, all of them real.
//
// From the environment: CARILLON_TEST_PROGRAM, _GATEWAY, _PLUGINS and _SCHEMAS, and the server of
// tests/support/mariadb.sh.

import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const environment = process.env;

export const job = 'sync-passerelle';
export const password = 'correct horse battery';
export const gatewayKey = 'cle-de-passerelle-7Hq2';
const databasePassword = 'mot-de-passe-4Kz9';

export async function until(condition, what, limit = 15_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`it did not come to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// The campaign's token of this user.
export const tokenOf = (campaign, user) => createHash('sha256').update(`token ${campaign} ${user}`).digest('hex');

let made = 0;

export class World {
  static async make() {
    const world = new World();
    try {
      await world.#makeDatabase();
      await world.#startGateway();
      await world.#writeConfiguration();
    } catch (error) {
      await world.end();
      throw error;
    }
    return world;
  }

  #processes = [];
  #schema = `carillon_browser_${process.pid}_${++made}`;
  folder = '';
  address = ''; // of the host: http://127.0.0.1:…

  // One or more statements; the rows as texts, a field after the other.
  async sql(statements, schema = this.#schema) {
    const words = ['--no-defaults', '--protocol=tcp', '--host=127.0.0.1', `--port=${environment.CARILLON_TEST_MYSQL_PORT}`,
      `--user=${environment.CARILLON_TEST_MYSQL_USER}`, '--default-character-set=utf8mb4', '--batch', '--skip-column-names',
      `--execute=${statements}`];
    if (schema) words.push(schema);
    const { stdout } = await run('mariadb', words,
      { env: { ...environment, MYSQL_PWD: environment.CARILLON_TEST_MYSQL_PASSWORD } });
    return stdout.split('\n').filter((line) => line).map((line) => line.split('\t'));
  }

  async #makeDatabase() {
    const name = this.#schema;
    await this.sql(`CREATE OR REPLACE DATABASE ${name} CHARACTER SET utf8mb4;
      CREATE OR REPLACE USER '${name}' IDENTIFIED BY '${databasePassword}'; GRANT ALL ON ${name}.* TO '${name}'`, '');
    await this.sql(await readFile(join(environment.CARILLON_TEST_SCHEMAS, 'agora/mysql/agora.sql'), 'utf8'));
  }

  async #startGateway() {
    this.folder = await mkdtemp(join(tmpdir(), 'carillon-browser.'));
    const port = join(this.folder, 'gateway.port');
    this.#start(environment.CARILLON_TEST_GATEWAY,
      ['--db', join(this.folder, 'gateway.db'), '--key', gatewayKey, '--port-file', port]);
    const number = await until(() => readFile(port, 'utf8').catch(() => ''), 'the gateway listens');
    this.gateway = `http://127.0.0.1:${number.trim()}`;
  }

  async #writeConfiguration() {
    await mkdir(join(this.folder, 'jobs'));
    await this.write('carillon.properties', `plugins.dir = ${environment.CARILLON_TEST_PLUGINS}\n` +
      'host.name = test-host\nhttp.address = 127.0.0.1:0\njobs.enabled = *\ndrain.timeout = 2s\n');
    await this.write('jobs/database.password', databasePassword);
    await this.write('jobs/gateway.key', gatewayKey);
    const database = `job.plugin = Passerelle\ntask.database.host = 127.0.0.1\n` +
      `task.database.port = ${environment.CARILLON_TEST_MYSQL_PORT}\ntask.database.name = ${this.#schema}\n` +
      `task.database.user = ${this.#schema}\ntask.database.password.file = database.password\n`;
    await this.write(`jobs/${job}.properties`, `${database}job.task = PasserelleSync\n` +
      'job.title = Synchronisation de la passerelle\njob.schedule = 0 3 * * *\njob.timezone = Europe/Paris\n' +
      `task.mode = passerelle\ntask.gateway.url = ${this.gateway}/agora/passerelle\ntask.gateway.key.file = gateway.key\ntask.batch = 20\n`);
    await this.write('jobs/tokens-clean.properties', `${database}job.task = TokensClean\njob.schedule = 0 4 * * *\n`);
  }

  async write(name, text) {
    await writeFile(join(this.folder, name), text);
    await chmod(join(this.folder, name), 0o600);
  }

  addLines(name, lines) {
    return appendFile(join(this.folder, name), lines);
  }

  async carillon(words, input = '', variables = {}) {
    const asked = run(environment.CARILLON_TEST_PROGRAM, ['--config', join(this.folder, 'carillon.properties'), ...words],
      { env: { ...environment, ...variables } });
    asked.child.stdin.on('error', () => {});  // of one that reads nothing and has ended
    asked.child.stdin.end(input);
    try {
      return (await asked).stdout;
    } catch (error) {
      throw new Error(`carillon ${words.join(' ')}: ${error.code}: ${error.stdout}${error.stderr}`);
    }
  }

  addUser(name, role) {
    return this.carillon(['passwd', name, '--role', role], `${password}\n`);
  }

  async serve() {
    const host = this.#start(environment.CARILLON_TEST_PROGRAM,
      ['--config', join(this.folder, 'carillon.properties'), 'serve']);
    await until(() => {
      if (host.exitCode !== null) throw new Error(`the host ended: ${host.said}`);
      return host.said.includes('host.ready');
    }, 'the host is ready');
    this.address = /http\.listening address=(\S+)/.exec(host.said)[1];
  }

  #start(program, words) {
    const started = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    started.said = '';
    started.stderr.on('data', (text) => { started.said += text; });
    this.#processes.push(started);
    return started;
  }

  // A campaign in validation with these validators, each of whom has a token.
  async addCampaign(id, users) {
    const values = (rows) => rows.map((row) => `(${row.map((value) => `'${value}'`).join(',')})`).join(',');
    await this.sql(`INSERT INTO campaigns (id, titre, statut) VALUES (${id}, 'Campagne ${id}', 'en_validation');
      INSERT IGNORE INTO users (id, prenom, nom, email) VALUES
        ${values(users.map((user) => [user, `Prénom${user}`, `Nom${user}`, `user${user}@example.org`]))};
      INSERT INTO campaign_validators (campaign_id, user_id, ordre) VALUES
        ${values(users.map((user, i) => [id, user, i + 1]))};
      INSERT INTO validation_tokens (token, campaign_id, user_id, expires_at) VALUES
        ${values(users.map((user) => [tokenOf(id, user), id, user, '2040-01-01 00:00:00']))}`);
  }

  async control(path, body) {
    const answer = await fetch(`${this.gateway}/control/${path}`,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  // Answers that wait on the gateway: of tokens that Agora knows, or not.
  offer(tokens) {
    const validated_at = new Date(Date.now() - 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    return this.control('items',
      { items: tokens.map((token) => ({ token, action: 'valide', commentaire: 'Très bien', validated_at })) });
  }

  async statusOf(campaign) {
    return (await this.sql(`SELECT statut FROM campaigns WHERE id = ${campaign}`))[0][0];
  }

  async end() {
    for (const started of this.#processes.reverse()) {
      if (started.exitCode !== null || started.signalCode !== null) continue;
      const ended = new Promise((resolve) => { started.on('exit', resolve); });
      started.kill('SIGTERM');
      await ended;
    }
    await this.sql(`DROP DATABASE IF EXISTS ${this.#schema}; DROP USER IF EXISTS '${this.#schema}'`, '').catch(() => {});
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}
