// Every message call of JPush's SDK for Node, in both of its clients.
//
// NOTE: version 4.2.0 sends GET requests without their query, so that no report that needs `msg_ids` can be asked for, and
// its callback client takes each answer for an error. Both would be so against the vendor's servers too.
'use strict';
const assert = require('node:assert/strict');
const http = require('node:http');
const https = require('node:https');
const { address, provider, sent, herald, run } = require('./sandbox.js');

// The SDK has its hosts as constants and asks for `https` at each call: what it sends there goes to the sandbox.
https.request = (options, answered) =>
  http.request({ ...options, host: address.hostname, port: address.port, agent: http.globalAgent }, answered);

const { JPush, JPushAsync } = require('jpush-async');
const { app_key: appKey, master_secret: masterSecret } = provider('jpush-v3').credentials;
const quiet = { appKey, masterSecret, isDebug: false };
const client = JPushAsync.buildClient(quiet);
const { ALL, alias, tag, tag_and, tag_not, registration_id, segment, abtest, android, ios } = JPushAsync;

/** What went out: `options` of which only `sendno` is random, and the rest as named. */
const was = (path, wanted) => {
  const { options, ...payload } = JSON.parse(sent('jpush-v3', path).body);
  assert.ok(Number.isInteger(options.sendno) && options.sendno >= 100000 && options.sendno < 2 ** 32);
  const { options: wantedOptions = { apns_production: false }, ...rest } = wanted;
  assert.deepEqual(payload, rest);
  assert.deepEqual({ ...options, sendno: 0 }, { sendno: 0, ...wantedOptions });
};

const isReceipt = (result) => assert.match(result.msg_id, /^\d{17}$/, JSON.stringify(result));

const words = '你好 & "herald" 🙂';
const kept = {};

run('jpush-async of Node', [
  ['push to everybody', async () => {
    isReceipt(await client.push().setPlatform(ALL).setAudience(ALL).setNotification('Hi, JPush', ios('ios alert', 'happy', 5)).send());
    was('/v3/push', {
      platform: 'all', audience: 'all',
      notification: { alert: 'Hi, JPush', ios: { alert: 'ios alert', sound: 'happy', badge: 5 } },
    });
  }],
  ['push with all blocks', async () => {
    const result = await client.push().setPlatform('ios', 'android')
      .setAudience(registration_id('0900e8d85ef', '0a04ad7d8b4'))
      .setNotification(
        words,
        ios({ title: 't', body: words }, 'sound', '+1', true, { id: '7' }, 'identifier', true),
        android(words, 'title', 1, { id: '7' }, 1, 'msg', null, null, 7, 'channel'),
      )
      .setMessage(words, 'title', 'text', { key: 'value' })
      .setOptions(123456, 60, null, true, 10, 'collapse', { xiaomi: { distribution: 'jpush' } })
      .send();
    isReceipt(result);
    assert.equal(result.sendno, '123456');
    const { body } = sent('jpush-v3', '/v3/push');
    assert.deepEqual(JSON.parse(body), {
      platform: ['ios', 'android'],
      audience: { registration_id: ['0900e8d85ef', '0a04ad7d8b4'] },
      notification: {
        alert: words,
        ios: {
          alert: { title: 't', body: words }, sound: 'sound', badge: '+1', 'content-available': true,
          extras: { id: '7' }, category: 'identifier', 'mutable-content': true,
        },
        android: {
          alert: words, title: 'title', builder_id: 1, channel_id: 'channel', extras: { id: '7' }, priority: 1,
          category: 'msg', alert_type: 7,
        },
      },
      message: { msg_content: words, title: 'title', content_type: 'text', extras: { key: 'value' } },
      options: {
        sendno: 123456, time_to_live: 60, apns_production: true, big_push_duration: 10, apns_collapse_id: 'collapse',
        third_party_channel: { xiaomi: { distribution: 'jpush' } },
      },
    });
    kept.push = result.msg_id;
  }],
  ['getReportStatusMessage', async () => {
    // The server wants a number, and JavaScript has none that holds this id: as text it is refused, as in life.
    const { res, err } = await client.getReportStatusMessage(kept.push, ['0900e8d85ef', 'stranger']);
    assert.equal(res, undefined);
    assert.match(JSON.stringify(err) + String(err && err.response), /3002/);
    const states = herald('jpush-v3', 'status', '--provider', 'jpush-v3', kept.push, '--to', 'regid:0900e8d85ef').result;
    assert.deepEqual(states, { '0900e8d85ef': { status: 0 } });
  }],
  ['herald asks after what the SDK sent, and takes it back', async () => {
    const [counts] = herald('jpush-v3', 'status', '--provider', 'jpush-v3', kept.push).result;
    assert.deepEqual([counts.jpush_received, counts.ios_msg_received], [2, 2]);
    herald('jpush-v3', 'recall', '--provider', 'jpush-v3', kept.push, '--confirm', 'jpush-v3');
    const states = herald('jpush-v3', 'status', '--provider', 'jpush-v3', kept.push, '--to', 'regid:0900e8d85ef').result;
    assert.deepEqual(states, { '0900e8d85ef': { status: 1 } });
  }],
  ['push by tags and aliases', async () => {
    isReceipt(await client.push().setPlatform(['android'])
      .setAudience(tag('555', '北京'), tag_and('vip'), tag_not('old'), alias('666,777'))
      .setNotification(android(words)).send());
    was('/v3/push', {
      platform: ['android'],
      audience: { tag: ['555', '北京'], tag_and: ['vip'], tag_not: ['old'], alias: ['666', '777'] },
      notification: { android: { alert: words } },
    });
  }],
  ['push by segment and A/B test', async () => {
    for (const audience of [segment('seg1'), abtest('ab1')]) {
      isReceipt(await client.push().setPlatform(ALL).setAudience(audience).setNotification(words).send());
      was('/v3/push', { platform: 'all', audience, notification: { alert: words } });
    }
  }],
  ['push of a message alone, options with defaults', async () => {
    isReceipt(await client.push().setPlatform(ALL).setAudience(alias('bob')).setMessage(words).setOptions(null, 60).send());
    was('/v3/push', {
      platform: 'all', audience: { alias: ['bob'] }, message: { msg_content: words },
      options: { time_to_live: 60, apns_production: true },
    });
  }],
  ['push that replaces another', async () => {
    // The SDK takes the id as a number alone, and most ids are more than a number of JavaScript can hold.
    const push = () => client.push().setPlatform(ALL).setAudience(alias('bob')).setNotification(words);
    let old;
    do {
      old = (await push().send()).msg_id;
      sent('jpush-v3', '/v3/push');
    } while (String(Number(old)) !== old);
    isReceipt(await push().setOptions(null, null, Number(old)).send());
    const { options } = JSON.parse(sent('jpush-v3', '/v3/push').body);
    assert.equal(String(options.override_msg_id), old);
  }],
  ['sendValidate', async () => {
    const result = await client.push().setPlatform(ALL).setAudience(alias('bob')).setNotification(words).sendValidate();
    assert.equal(typeof result.msg_id, 'string');
    was('/v3/push/validate', { platform: 'all', audience: { alias: ['bob'] }, notification: { alert: words } });
  }],
  ['push to a group of apps', async () => {
    const group = JPushAsync.buildClient({ ...quiet, isGroup: true });
    const result = await group.push().setPlatform(ALL).setAudience(alias('bob')).setNotification(words).send();
    assert.equal(typeof result.group_msgid, 'string');
    was('/v3/grouppush', { platform: 'all', audience: { alias: ['bob'] }, notification: { alert: words } });
  }],
  ['reports, whose query the SDK loses', async () => {
    for (const [call, path] of [
      ['getReportReceiveds', '/v3/received'],
      ['getReportReceivedDetail', '/v3/received/detail'],
      ['getReportMessagesDetail', '/v3/messages/detail'],
    ]) {
      await assert.rejects(client[call](kept.push), /3002/, 'an error in the shape of the vendor');
      sent('jpush-v3', path, 400);
    }
  }],
  ['the callback client', async () => {
    const old = JPush.buildClient(quiet);
    const push = () => old.push().setPlatform(JPush.ALL).setAudience(JPush.alias('bob'))
      .setNotification(words, JPush.android('android alert', null, 1));
    for (const [send, path] of [['send', '/v3/push'], ['sendValidate', '/v3/push/validate']]) {
      await new Promise((answered) => push()[send](answered));
      was(path, {
        platform: 'all', audience: { alias: ['bob'] },
        notification: { alert: words, android: { alert: 'android alert', builder_id: 1 } },
      });
    }
  }],
]);
