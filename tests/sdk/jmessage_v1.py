"""Every message call of JMessage's SDK for Python. Its module of reports is no valid Python and cannot be imported."""

import json
import struct
import zlib

import jmessage
from jmessage import message as sdk

from sandbox import ADDRESS, PROVIDERS, WORDS, herald, run, same, seen, sent

# The SDK has its host in constants of its classes.
sdk.Message.URI = f"{ADDRESS}/v1/messages/"
sdk.Resource.URI = f"{ADDRESS}/v1/resource"

KEYS = PROVIDERS["jmessage"]["credentials"]
CLIENT = jmessage.JMessage(KEYS["app_key"], KEYS["master_secret"])
MESSAGE, RESOURCE = sdk.Message(CLIENT), sdk.Resource(CLIENT)
KEPT = {}


def new_message(kind="single", target="bob_1"):
    return sdk.Model().set_target(target, kind).set_from("admin_1", "admin")


def accepted(model):
    wanted = json.loads(json.dumps(model.json()))
    answer = MESSAGE.send(model)
    same(answer.status_code, 201, answer.text)
    same(json.loads(sent("jmessage", "POST", "/v1/messages/", 201)["body"]), wanted)
    return answer.json()["msg_id"]


def text_to_a_user_a_group_and_a_room():
    KEPT["text"] = accepted(new_message().text(WORDS))
    accepted(new_message("group", "1000001").text(WORDS))
    accepted(new_message("chatroom", "1000002").text(WORDS))


def a_message_with_every_option():
    model = sdk.Model().set_target("bob_1", "single", "Bob 鲍勃").set_from("admin_1", "admin", "Admin")
    accepted(model.text(WORDS).notification("title", "alert").notifiable(False).offline(False))


def uploads_and_what_refers_to_them():
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 3, 2, 8, 2, 0, 0, 0)
    picture = head + struct.pack(">I", zlib.crc32(head[12:]))
    for call, kind, file in (
        (RESOURCE.upload_image, "image", ("a.png", picture)),
        (RESOURCE.upload_voice, "voice", ("a.mp3", b"voice of a friend")),
        (RESOURCE.upload_file, "file", ("a.txt", b"any bytes \xff\x00")),
    ):
        answer = call(file)
        same(answer.status_code, 200, answer.text)
        sent("jmessage", "POST", f"/v1/resource?type={kind}")
        body = answer.json()
        same((body["media_crc32"], body["fsize"]), (zlib.crc32(file[1]), len(file[1])), kind)
        KEPT[kind] = body
    same((KEPT["image"]["width"], KEPT["image"]["height"]), (3, 2))
    answer = RESOURCE.download(KEPT["image"]["media_id"])
    same(answer.status_code, 200, answer.text)
    assert answer.json()["url"].startswith("http"), answer.text
    (one,) = seen()
    same((one["method"], one["answer"]["status"]), ("GET", 200))
    assert one["target"].startswith("/v1/resource?mediaId="), one["target"]


def media_messages():
    image = {"media_id": KEPT["image"]["media_id"], "media_crc32": KEPT["image"]["media_crc32"]}
    image.update(width=3, height=2, format="png", fsize=KEPT["image"]["fsize"])
    accepted(new_message().image(image))
    voice = {"media_id": KEPT["voice"]["media_id"], "media_crc32": KEPT["voice"]["media_crc32"]}
    voice.update(duration=3, fsize=KEPT["voice"]["fsize"])
    accepted(new_message().voice(voice))


def a_custom_message_that_the_sdk_empties():
    answer = MESSAGE.send(new_message().custom({"shape": "round"}))
    same(answer.status_code, 400, "the SDK leaves `msg_body` out")
    same(answer.json()["error"]["code"], 899003, answer.text)
    sent("jmessage", "POST", "/v1/messages/", 400)
    model = new_message().custom({})
    model.data["msg_body"] = {"shape": "round"}
    accepted(model)


def retract():
    answer = MESSAGE.retract("admin_1", KEPT["text"])
    same((answer.status_code, answer.content), (204, b""))
    sent("jmessage", "POST", f"/v1/messages/admin_1/{KEPT['text']}/retract", 204)
    again = MESSAGE.retract("admin_1", KEPT["text"])
    assert again.status_code >= 400, "what was taken back is gone"
    sent("jmessage", "POST", f"/v1/messages/admin_1/{KEPT['text']}/retract", again.status_code)


def herald_takes_back_what_the_sdk_sent():
    msg_id = str(accepted(new_message().text(WORDS)))
    herald("jmessage", "recall", "--provider", "jmessage", msg_id, "--from", "admin_1", "--confirm", "jmessage")
    assert MESSAGE.retract("admin_1", msg_id).status_code >= 400


run(
    "jmessage of Python",
    [
        text_to_a_user_a_group_and_a_room,
        a_message_with_every_option,
        uploads_and_what_refers_to_them,
        media_messages,
        a_custom_message_that_the_sdk_empties,
        retract,
        herald_takes_back_what_the_sdk_sent,
    ],
)
