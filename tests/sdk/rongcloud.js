// Every message call of RongCloud's SDK for Node.
'use strict';
const assert = require('node:assert/strict');
const { address, provider, seen, sent, form, herald, run } = require('./sandbox.js');

const { app_key: appkey, app_secret: secret } = provider('rongcloud').credentials;
const { Message, Push, User } = require('rongcloud-sdk')({ appkey, secret, api: address.origin });

/** Awaits a call; the SDK hands out refusals as if they were results. */
const accepted = async (call) => {
  const result = await call;
  assert.equal(result.code, 200, JSON.stringify(result));
  return result;
};

/** The form that went to a path: what is named here, and nothing else. */
const wasForm = (path, wanted) => {
  const { body, headers } = sent('rongcloud', path);
  const given = form(body);
  if (given.content) given.content = JSON.parse(given.content);
  assert.deepEqual(given, wanted);
  assert.match(headers.Timestamp ?? headers.timestamp, /^\d{10}$/, 'this SDK sends seconds');
};

const wasJson = (path, wanted) => assert.deepEqual(JSON.parse(sent('rongcloud', path).body), wanted);

/** What the sandbox keeps of a conversation, newest first. */
const history = (kind, from, target) =>
  herald(
    'rongcloud', 'call', `rongcloud/history-query-${kind}`, '--set', `userId=${from}`, '--set', `targetId=${target}`,
    '--set', 'startTime:=9999999999999', '--set', 'endTime:=1', '--set', 'includeStart:=true',
  ).result.data.map((one) => [one.messageUID, one.objectName, JSON.parse(one.content)]);

const TEXT = 'RC:TxtMsg';
const words = '你好 & "herald" + 100% = 1;\nline two 🙂';
const template = {
  senderId: 'tpl', objectName: TEXT, template: { content: '{c} and {d}' },
  content: {
    u21: { data: { '{c}': 'one', '{d}': '"two"' }, push: 'push {c}', pushData: 'data 1' },
    u22: { data: { '{c}': 'three', '{d}': 'four' }, push: 'push {c}', pushData: 'data 2' },
  },
};
const wasTemplate = {
  fromUserId: 'tpl', objectName: TEXT, content: '{"content":"{c} and {d}"}', toUserId: ['u21', 'u22'],
  values: [{ '{c}': 'one', '{d}': '"two"' }, { '{c}': 'three', '{d}': 'four' }],
  pushContent: ['push {c}', 'push {c}'], pushData: ['data 1', 'data 2'],
};

const kept = {};
// Logs are by the hour, and hours are those of Beijing.
const hour = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 13).replace(/\D/g, '');

run('rongcloud-sdk of Node', [
  ['Message.Private.send to one', async () => {
    const result = await accepted(Message.Private.send({
      senderId: 'alice', targetId: 'bob', objectName: TEXT, content: { content: words, extra: 'x' },
      pushContent: 'a & b', pushData: '{"pushData":"hello"}', count: 4, isPersisted: 1, isIncludeSender: 0,
    }));
    wasForm('/message/private/publish.json', {
      fromUserId: 'alice', toUserId: 'bob', objectName: TEXT, content: { content: words, extra: 'x' },
      pushContent: 'a & b', pushData: '{"pushData":"hello"}', count: '4', isPersisted: '1', isIncludeSender: '0',
    });
    kept.private = result.messageUIDs[0].messageUID;
    assert.deepEqual(history('private', 'alice', 'bob'), [[kept.private, TEXT, { content: words, extra: 'x' }]]);
  }],
  ['Message.Private.send to several', async () => {
    const result = await accepted(Message.Private.send({
      senderId: 'alice', targetId: ['carol', 'dave'], objectName: 'RC:ImgMsg',
      content: { content: 'aGVsbG8=', imageUri: 'http://example.com/a b.jpg?x=1&y=2', extra: '' },
    }));
    wasForm('/message/private/publish.json', {
      fromUserId: 'alice', toUserId: ['carol', 'dave'], objectName: 'RC:ImgMsg',
      content: { content: 'aGVsbG8=', imageUri: 'http://example.com/a b.jpg?x=1&y=2', extra: '' },
    });
    assert.deepEqual(result.messageUIDs.map((one) => one.userId), ['carol', 'dave']);
    kept.dave = result.messageUIDs[1].messageUID;
  }],
  ['Message.Private.sendTemplate', async () => {
    const result = await accepted(Message.Private.sendTemplate(structuredClone(template)));
    wasJson('/message/private/publish_template.json', wasTemplate);
    assert.deepEqual(history('private', 'tpl', 'u21').map((one) => one[2]), [{ content: 'one and "two"' }]);
    assert.equal(result.messageUIDs.length, 2);
  }],
  ['Message.Private.recall', async () => {
    await accepted(Message.Private.recall({
      senderId: 'alice', targetId: 'bob', uId: kept.private, sentTime: String(Date.now()),
    }));
    const { body } = sent('rongcloud', '/message/recall.json');
    const { fromUserId, targetId, messageUID, conversationType } = form(body);
    assert.deepEqual([fromUserId, targetId, messageUID, conversationType], ['alice', 'bob', kept.private, '1']);
    assert.deepEqual(history('private', 'alice', 'bob'), [], 'what was taken back is gone');
  }],
  ['herald takes back what the SDK sent', async () => {
    herald('rongcloud', 'recall', '--provider', 'rongcloud', kept.dave, '--to', 'user:dave', '--from', 'alice');
    assert.deepEqual(history('private', 'alice', 'dave'), []);
    assert.equal(history('private', 'alice', 'carol').length, 1);
  }],
  ['Message.Group.send', async () => {
    const result = await accepted(Message.Group.send({
      senderId: 'alice', targetId: ['g1', 'g2'], objectName: TEXT, content: { content: words },
    }));
    wasForm('/message/group/publish.json', {
      fromUserId: 'alice', toGroupId: ['g1', 'g2'], objectName: TEXT, content: { content: words },
    });
    kept.group = result.messageUIDs.find((one) => one.groupId === 'g1').messageUID;
    assert.deepEqual(history('group', 'alice', 'g1'), [[kept.group, TEXT, { content: words }]]);
  }],
  ['Message.Group.sendMention', async () => {
    await accepted(Message.Group.sendMention({
      senderId: 'alice', targetId: 'g3', objectName: TEXT,
      content: { content: 'hi @bob', mentionedInfo: { type: 2, userIds: ['bob'], mentionedContent: 'somebody' } },
    }));
    wasForm('/message/group/publish.json', {
      fromUserId: 'alice', toGroupId: 'g3', objectName: TEXT, isMentioned: '1',
      content: { content: 'hi @bob', mentionedInfo: { type: 2, mentionedContent: 'somebody', userIdList: ['bob'] } },
    });
  }],
  ['Message.Group.recall', async () => {
    await accepted(Message.Group.recall({
      senderId: 'alice', targetId: 'g1', uId: kept.group, sentTime: String(Date.now()),
    }));
    assert.equal(form(sent('rongcloud', '/message/recall.json').body).conversationType, '3');
    assert.deepEqual(history('group', 'alice', 'g1'), []);
    assert.equal(history('group', 'alice', 'g2').length, 1);
  }],
  ['Message.Chatroom.send', async () => {
    const result = await accepted(Message.Chatroom.send({
      senderId: 'alice', targetId: ['r1', 'r2'], objectName: TEXT, content: { content: words },
    }));
    wasForm('/message/chatroom/publish.json', {
      fromUserId: 'alice', toChatroomId: ['r1', 'r2'], objectName: TEXT, content: { content: words },
    });
    assert.equal(result.messageUIDs.length, 2);
  }],
  ['Message.Chatroom.broadcast', async () => {
    await accepted(Message.Chatroom.broadcast({
      senderId: 'alice', objectName: TEXT, content: { content: 'to all rooms' },
    }));
    wasForm('/message/chatroom/broadcast.json', {
      fromUserId: 'alice', objectName: TEXT, content: { content: 'to all rooms' },
    });
  }],
  ['Message.System.send', async () => {
    const result = await accepted(Message.System.send({
      senderId: 'ops', targetId: 'bob', objectName: TEXT, content: { content: words },
    }));
    wasForm('/message/system/publish.json', {
      fromUserId: 'ops', toUserId: 'bob', objectName: TEXT, content: { content: words },
    });
    assert.equal(result.messageUIDs[0].userId, 'bob');
  }],
  ['Message.System.broadcast', async () => {
    const result = await accepted(Message.System.broadcast({
      senderId: 'ops', objectName: TEXT, content: { content: 'to everybody' },
    }));
    wasForm('/message/broadcast.json', {
      fromUserId: 'ops', objectName: TEXT, content: { content: 'to everybody' },
    });
    herald(
      'rongcloud', 'call', 'rongcloud/recall-broadcast', '--yes', '--confirm', 'rongcloud', '--set', 'fromUserId=ops',
      '--set', `messageUID=${result.messageUID}`,
    );
  }],
  ['Message.System.sendTemplate', async () => {
    await accepted(Message.System.sendTemplate(structuredClone(template)));
    wasJson('/message/system/publish_template.json', wasTemplate);
  }],
  ['Message.History.get and remove', async () => {
    const log = await accepted(Message.History.get({ date: hour }));
    wasForm('/message/history.json', { date: hour });
    assert.match(log.url, /^http/);
    await accepted(Message.History.remove({ date: hour }));
    wasForm('/message/history/delete.json', { date: hour });
    assert.equal((await accepted(Message.History.get({ date: hour }))).url, '');
    seen();
  }],
  ['Push.push', async () => {
    const push = {
      platform: ['ios', 'android'], fromUserId: 'ops', audience: { tag: ['女', '年轻'], tag_or: ['北京'], is_to_all: false },
      notification: { alert: 'push content', ios: { alert: 'on iOS', extras: { id: '1' } } },
    };
    const result = await accepted(Push.push(structuredClone(push)));
    wasJson('/push.json', push);
    assert.equal(typeof result.id, 'string');
  }],
  ['Push.message', async () => {
    const push = {
      platform: ['ios', 'android'], audience: { tag: ['女'], is_to_all: false },
      message: { content: JSON.stringify({ content: words }), objectName: TEXT }, notification: { alert: 'new message' },
    };
    await accepted(Push.message({ ...structuredClone(push), fromUserId: 'ops' }));
    wasJson('/push.json', { ...push, fromuserid: 'ops' });
  }],
  ['User.Tag.set and batchSet', async () => {
    await accepted(User.Tag.set({ id: 'bob', tags: ['男', 'beijing'] }));
    wasJson('/user/tag/set.json', { userId: 'bob', tags: ['男', 'beijing'] });
    await accepted(User.Tag.batchSet({ users: [{ id: 'carol' }, { id: 'dave' }], tags: ['vip'] }));
    wasJson('/user/tag/batch/set.json', { userIds: ['carol', 'dave'], tags: ['vip'] });
  }],
  ['User.register', async () => {
    const result = await accepted(User.register({ id: 'bob', name: 'Bob & 鲍勃', portrait: 'http://example.com/b.png' }));
    wasForm('/user/getToken.json', { userId: 'bob', name: 'Bob & 鲍勃', portraitUri: 'http://example.com/b.png' });
    assert.equal(result.userId, 'bob');
  }],
]);
