"""Every message call of JPush's SDK for Python."""

import json
import logging
import warnings

import jpush
from jpush import common
from jpush.push import abtest, segment

from sandbox import ADDRESS, PROVIDERS, WORDS, herald, run, same, seen, sent

# The SDK has its hosts in a table.
common.ZONES["DEFAULT"].update(PUSH=f"{ADDRESS}/v3/", REPORT=f"{ADDRESS}/v3/")
common.ZONES["BJ"].update(PUSH=f"{ADDRESS}/v3/", REPORT=f"{ADDRESS}/v3/report/")

KEYS = PROVIDERS["jpush-v3"]["credentials"]
CLIENT = jpush.JPush(KEYS["app_key"], KEYS["master_secret"])
KEPT = {}

# Refusals are meant here.
logging.getLogger("jpush").disabled = True


def new_push(client=CLIENT, audience=None, **parts):
    push = client.create_push()
    push.platform = jpush.all_
    push.audience = audience or jpush.audience(jpush.alias("bob"))
    for name, value in parts.items():
        setattr(push, name, value)
    return push


def was(target, payload):
    one = sent("jpush-v3", "POST", target)
    same(json.loads(one["body"]), payload, target)


def receipt(answer):
    same(answer.get_status_code(), 200, str(answer))
    assert len(answer.payload["msg_id"]) == 17, answer.payload
    return answer.payload["msg_id"]


def push_to_everybody():
    receipt(new_push(audience=jpush.all_, notification=jpush.notification(alert=WORDS)).send())
    was("/v3/push", {"audience": "all", "platform": "all", "notification": {"alert": WORDS}})


def push_with_all_blocks():
    audience = jpush.audience(jpush.registration_id("0900e8d85ef", "0a04ad7d8b4"))
    ios = jpush.ios(
        alert={"title": "t", "body": WORDS},
        content_available=True,
        mutable_content=True,
        category="c",
        extras={"id": "7"},
        thread_id="t1",
        interruption_level="active",
    )
    android = jpush.android(
        WORDS, title="t", builder_id=1, extras={"id": "7"}, priority=1, style=1, big_text=WORDS, alert_type=7
    )
    hmos = jpush.hmos(alert=WORDS, title="t", category="IM", extras={"id": "7"})
    quickapp = jpush.quickapp(WORDS, "t", "/page1")
    push = new_push(
        audience=audience,
        notification=jpush.notification(alert=WORDS, ios=ios, android=android, hmos=hmos, quickapp=quickapp),
        message=jpush.message(WORDS, title="t", content_type="text", extras={"k": "v"}),
        options={"time_to_live": 60, "sendno": 12345, "apns_production": False},
        smsmessage=jpush.smsmessage(3600, 1250, {"code": "1"}, active_filter=False),
    )
    push.platform = jpush.platform("ios", "android", "hmos", "quickapp")
    KEPT["push"] = receipt(push.send())
    was(
        "/v3/push",
        {
            "audience": {"registration_id": ["0900e8d85ef", "0a04ad7d8b4"]},
            "platform": ["ios", "android", "hmos", "quickapp"],
            "notification": {
                "alert": WORDS,
                "ios": {
                    "alert": {"title": "t", "body": WORDS},
                    "badge": "+1",
                    "sound": "default",
                    "content-available": 1,
                    "mutable-content": 1,
                    "category": "c",
                    "thread-id": "t1",
                    "interruption-level": "active",
                    "extras": {"id": "7"},
                },
                "android": {
                    "alert": WORDS,
                    "title": "t",
                    "builder_id": 1,
                    "priority": 1,
                    "style": 1,
                    "alert_type": 7,
                    "big_text": WORDS,
                    "extras": {"id": "7"},
                },
                "hmos": {"alert": WORDS, "title": "t", "category": "IM", "extras": {"id": "7"}},
                "quickapp": {"alert": WORDS, "title": "t", "page": "/page1"},
            },
            "message": {"msg_content": WORDS, "title": "t", "content_type": "text", "extras": {"k": "v"}},
            "options": {"time_to_live": 60, "sendno": 12345, "apns_production": False},
            "sms_message": {"delay_time": 3600, "temp_id": 1250, "temp_para": {"code": "1"}, "active_filter": False},
        },
    )


def every_selector():
    for selectors in (
        (jpush.tag("t1", "北京"), jpush.tag_and("t2"), jpush.tag_not("t3"), jpush.alias("bob")),
        (segment("s1"),),
        (abtest("a1"),),
    ):
        audience = jpush.audience(*selectors)
        push = new_push(audience=audience, notification=jpush.notification(android=jpush.android(WORDS)))
        receipt(push.send())
        wanted = {"audience": audience, "platform": "all", "notification": {"android": {"alert": WORDS}}}
        was("/v3/push", wanted)


def winphone_is_still_taken():
    winphone = jpush.notification(winphone=jpush.winphone("alert"))
    push = new_push(notification=winphone)
    push.platform = jpush.platform("winphone", "android")
    push.message = jpush.message(WORDS)
    receipt(push.send())
    sent("jpush-v3", "POST", "/v3/push")


def reports():
    report, msg_id = CLIENT.create_report(), KEPT["push"]
    (row,) = report.get_received(msg_id).payload
    same((row["msg_id"], row["android_received"]), (msg_id, 2))
    sent("jpush-v3", "GET", f"/v3/received?msg_ids={msg_id}")
    (row,) = report.get_received_detail(msg_id).payload
    same((row["jpush_received"], row["ios_msg_received"]), (2, 2))
    sent("jpush-v3", "GET", f"/v3/received/detail?msg_ids={msg_id}")
    (row,) = report.get_messages_detail(msg_id).payload
    same(row["details"]["notification"]["target"], 2)
    sent("jpush-v3", "GET", f"/v3/messages/detail?msg_ids={msg_id}")
    states = report.get_status_message(int(msg_id), ["0900e8d85ef", "stranger"]).payload
    same(states, {"0900e8d85ef": {"status": 0}, "stranger": {"status": 3}})
    sent("jpush-v3", "POST", "/v3/status/message")


def reports_of_beijing():
    report = jpush.JPush(KEYS["app_key"], KEYS["master_secret"], zone="bj").create_report()
    (row,) = report.get_received_detail(KEPT["push"]).payload
    same(row["jpush_received"], 2)
    sent("jpush-v3", "GET", f"/v3/report/received/detail?msg_ids={KEPT['push']}")


def herald_follows_up_what_the_sdk_sent():
    (counts,) = herald("jpush-v3", "status", "--provider", "jpush-v3", KEPT["push"])["result"]
    same(counts["hmos_hmpns_received"], 2)
    herald("jpush-v3", "recall", "--provider", "jpush-v3", KEPT["push"], "--confirm", "jpush-v3")
    states = CLIENT.create_report().get_status_message(int(KEPT["push"]), "0900e8d85ef").payload
    same(states, {"0900e8d85ef": {"status": 1}}, "after the recall")
    sent("jpush-v3", "POST", "/v3/status/message")


def validation():
    push = new_push(notification=jpush.notification(alert=WORDS))
    same(push.send_validate().get_status_code(), 200)
    was("/v3/push/validate", {"audience": {"alias": ["bob"]}, "platform": "all", "notification": {"alert": WORDS}})


def a_cid_sends_once():
    push = new_push(notification=jpush.notification(alert=WORDS))
    (push.cid,) = push.get_cid(1).payload["cidlist"]
    sent("jpush-v3", "GET", "/v3/push/cid?count=1")
    first = receipt(push.send())
    same(json.loads(sent("jpush-v3", "POST", "/v3/push")["body"])["cid"], push.cid)
    same(receipt(push.send()), first, "the same cid again")
    sent("jpush-v3", "POST", "/v3/push")


def batches():
    push = CLIENT.create_push()
    for call, kind, targets in (
        (push.batch_push_by_regid, "regid", ["0900e8d85ef", "0a04ad7d8b4"]),
        (push.batch_push_by_alias, "alias", ["bob", "鲍勃"]),
    ):
        entries = [{"platform": "all", "target": one, "notification": {"alert": WORDS}} for one in targets]
        answer = call(entries)
        same(answer.get_status_code(), 200)
        # Two requests: for cids, and the batch whose keys they are.
        cids, batch = seen()
        same(cids["target"], "/v3/push/cid?count=2&type=push")
        same(batch["target"], f"/v3/push/batch/{kind}/single")
        same(list(json.loads(batch["body"])["pushlist"].values()), entries)
        assert all(len(one["msg_id"]) == 17 for one in answer.payload.values()), answer.payload
        same(set(answer.payload), set(json.loads(batch["body"])["pushlist"]))


def push_to_a_group_of_apps():
    group = jpush.GroupPush(KEYS["app_key"], KEYS["master_secret"])
    answer = new_push(group, notification=jpush.notification(alert=WORDS)).send()
    assert answer.payload["group_msgid"], answer.payload
    was("/v3/grouppush", {"audience": {"alias": ["bob"]}, "platform": "all", "notification": {"alert": WORDS}})


def the_deprecated_call():
    payload = {"platform": "all", "audience": {"alias": ["bob"]}, "notification": {"alert": WORDS}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        CLIENT.push(payload)
    was("/v3/push", payload)


def refusals_have_the_vendors_shape():
    try:
        new_push(audience={"alias": []}, notification=jpush.notification(alert=WORDS)).send()
    except common.JPushFailure as failure:
        assert failure.error_code in (1002, 1003), failure.error_code
        sent("jpush-v3", "POST", "/v3/push", 400)
    else:
        raise AssertionError("nobody was sent to")
    try:
        new_push(jpush.JPush(KEYS["app_key"], "wrong"), notification=jpush.notification(alert=WORDS)).send()
    except common.Unauthorized:
        sent("jpush-v3", "POST", "/v3/push", 401)
    else:
        raise AssertionError("a wrong secret was taken")


run(
    "jpush of Python",
    [
        push_to_everybody,
        push_with_all_blocks,
        every_selector,
        winphone_is_still_taken,
        reports,
        reports_of_beijing,
        herald_follows_up_what_the_sdk_sent,
        validation,
        a_cid_sends_once,
        batches,
        push_to_a_group_of_apps,
        the_deprecated_call,
        refusals_have_the_vendors_shape,
    ],
)
