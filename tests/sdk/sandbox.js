// What the tests of Node SDKs stand on: where the sandbox is, what it saw, and herald itself.
'use strict';
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');

const announced = JSON.parse(fs.readFileSync(process.env.SANDBOX, 'utf8').split('\n')[0]);
exports.address = new URL(announced.address);
const providers = new Map(announced.providers.map((one) => [one.provider, one]));
exports.provider = (id) => providers.get(id);

/** What the sandbox has seen since the last time, bodies as text. */
let read = 0;
exports.seen = () => {
  const lines = fs.readFileSync(process.env.SANDBOX_LOG, 'utf8').split('\n').filter(Boolean);
  const fresh = lines.slice(read).map((line) => JSON.parse(line));
  read = lines.length;
  return fresh;
};

// Whatever other SDKs did before is not this one's.
exports.seen();

/** The only request since the last time; it went to this path and was accepted. */
exports.sent = (provider, path, status = 200) => {
  const fresh = exports.seen();
  assert.equal(fresh.length, 1, `one request for ${path}, not ${fresh.length}`);
  const [one] = fresh;
  assert.deepEqual(
    [one.provider, one.target, one.answer.status],
    [provider, path, status],
    one.answer.body,
  );
  return one;
};

/** A form as an object; a key that occurs several times is a list. */
exports.form = (text) => {
  const pairs = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(pairs.keys())].map((key) => {
      const all = pairs.getAll(key);
      return [key, all.length > 1 ? all : all[0]];
    }),
  );
};

/** Runs herald against the served sandbox and returns its JSON. */
exports.herald = (provider, ...words) => {
  const { credentials, base_url: base } = providers.get(provider);
  const prefix = `HERALD_${provider.replaceAll('-', '_').toUpperCase()}_`;
  const env = { ...process.env, [`${prefix}ENDPOINT`]: base };
  for (const [key, value] of Object.entries(credentials)) {
    if (key !== 'endpoint') env[prefix + key.toUpperCase()] = value;
  }
  const run = spawnSync(process.env.HERALD, [...words, '--output', 'json'], { env, encoding: 'utf8' });
  assert.equal(run.status, 0, `herald ${words.join(' ')}\n${run.stdout}${run.stderr}`);
  exports.seen();
  return JSON.parse(run.stdout);
};

/** Runs named steps in turn; the first that fails ends the process. */
exports.run = async (title, steps) => {
  for (const [name, step] of steps) {
    try {
      await step();
    } catch (error) {
      console.error(`failed: ${title}: ${name}\n${error && error.stack ? error.stack : JSON.stringify(error)}`);
      process.exit(1);
    }
  }
  console.log(`${title}: ${steps.length} calls, all as meant`);
};
