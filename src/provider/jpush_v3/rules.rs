//! Every rule, as `explain` shows it.

use crate::contract::{Rule, rules};

/// Every rule.
pub(super) static RULES: &[Rule] = rules! {
    "V3-01" error "platform is wrong": "Give \"all\", or a list of android, ios, quickapp and hmos.";
    "V3-02" error "audience is wrong":
        "Give \"all\", or an object of tag, tag_and, tag_not, alias, registration_id, segment or abtest.";
    "V3-03" error "audience names no target": "Give at least one list that is not empty; everybody is \"all\".";
    "V3-04" error "unknown audience key": "The server refuses it (1003).";
    "V3-05" error "too many items in the audience":
        "20 tags, 1000 aliases or registration ids, one segment or abtest; send the rest in further pushes.";
    "V3-06" error "no list of filled strings": "Give a list even for one item, and no empty item in it.";
    "V3-07" error "tag or alias too long": "It may have 40 bytes of UTF-8; a Chinese character takes 3.";
    "V3-08" error "character that tags and aliases cannot have":
        "Letters, digits, _, Chinese and @ ! # $ & * + = . | ¥ are allowed; no blank, no hyphen.";
    "V3-09" error "live_activity_id is wrong or not alone":
        "It is one filled string, and the only key of the audience.";
    "V3-10" error "target file in the wrong place, or none":
        "push-file, and it alone, takes {\"file\":{\"file_id\":\"...\"}}.";
    "V3-11" error "neither notification nor message": "Give one of them, or both.";
    "V3-12" error "live_activity beside other content": "It stands instead of notification and message.";
    "V3-13" error "notification is no filled object":
        "Give an object with `alert`, a string, or with a block for a platform.";
    "V3-14" error "block without alert": "Give the block an `alert`, or the notification one for all blocks.";
    "V3-15" error "block is no object":
        "Give an object, or leave the block out; a text belongs into its `alert`.";
    "V3-16" error "field of the android block has another type": "See `herald providers jpush-v3/push` for its type.";
    "V3-17" error "key that the block does not have": "The server refuses it (1009); put your own keys into `extras`.";
    "V3-18" error "channel_id too long": "It may have 1000 bytes.";
    "V3-19" error "alert_type out of range": "-1 is everything; else add up 1 sound, 2 vibrate, 4 lights.";
    "V3-20" error "badge number is wrong": "badge_add_num is 1 to 99, badge_set_num 0 to 99.";
    "V3-21" error "no time of the form yyyy-MM-dd HH:mm:ss": "As in 2026-01-31 08:00:00.";
    "V3-22" error "display_foreground is wrong": "It is \"0\" or \"1\", a string.";
    "V3-24" error "field of the ios block has another type":
        "alert is a string or an object, category and thread-id are strings, extras is an object.";
    "V3-25" error "sound is wrong": "It is a string, or an object for critical alerts.";
    "V3-26" error "badge is wrong": "It is a number, or a string as 5, +1, -1.";
    "V3-27" error "interruption-level is wrong": "active, critical, passive or time-sensitive.";
    "V3-28" error "field of the hmos block is wrong": "See `herald providers jpush-v3/push` for its type.";
    "V3-29" error "push_type is wrong": "0 alert, 1 card, 2 extension, 7 live view, 10 VoIP.";
    "V3-30" error "extra_data is missing or no string": "push_type 2 and 10 need it.";
    "V3-31" error "card or live view of HarmonyOS without what it needs":
        "push_type 1 and 7 need `hm_payload`, an object, and HarmonyOS's own channel: `distribution` ospush or none.";
    "V3-32" error "sound_duration is wrong": "Give 1 to 60 seconds.";
    "V3-33" error "field of the quickapp block is missing or wrong": "It needs alert, title and page, all strings.";
    "V3-34" error "voip is no object": "Give an object with your own keys.";
    "V3-35" error "message is no object": "Give an object with msg_content.";
    "V3-36" error "msg_content is missing or no string": "A message needs it; put an object into `extras`.";
    "V3-37" error "field of the message has another type": "title and content_type are strings, extras is an object.";
    "V3-38" error "delay_time is missing or wrong": "Give 0 to 86400 seconds; 0 sends the SMS at once.";
    "V3-39" error "temp_id is missing or wrong":
        "Give the number of a template; free text in `content` was retired in 2018.";
    "V3-40" error "field of sms_message has another type":
        "signid is a number, temp_para an object, active_filter true or false.";
    "V3-41" error "options or sendno is wrong": "options is an object; sendno a whole number other than 0.";
    "V3-42" error "time_to_live is wrong": "Give seconds from 0 to 864000 (10 days).";
    "V3-43" error "override_msg_id is wrong": "Give the msg_id of a push that is at most a day old, as a number.";
    "V3-44" error "option is not true or false": "Give true or false without quotes.";
    "V3-45" error "apns_collapse_id is wrong or too long": "A string of at most 64 bytes of UTF-8.";
    "V3-46" error "big_push_duration is wrong": "Give 0 to 1400 minutes.";
    "V3-47" error "classification is wrong": "0 operational, 1 system.";
    "V3-48" error "target_event is no list of strings": "Give a list of event names.";
    "V3-49" error "need_backup without active_push": "It needs active_push true.";
    "V3-50" error "active_push beside what it excludes":
        "It goes with a notification alone: no message, no big_push_duration (1035).";
    "V3-51" error "notification_3rd_ver is wrong": "v1 or v2.";
    "V3-52" error "maker's section is no object":
        "Give an object a maker, as {\"huawei\":{\"distribution\":\"ospush\"}}.";
    "V3-53" error "unknown distribution":
        "distribution: first_ospush, ospush, jpush, secondary_push; the others have their own words. Without VIP, at most \
         30 % of a push's users of makers' channels get it by them (docs.jiguang.cn, android_3rd_qps, 2025-04-07), so \
         some phones may get nothing.";
    "V3-54" error "live_activity without ios": "It is an object with `ios`, an object.";
    "V3-55" error "field of the live activity is missing or wrong":
        "It needs event, content-state, and attributes-type to start.";
    "V3-56" error "score or priority of the live activity is wrong":
        "relevance-score is 1 to 100, apns-priority 5 or 10.";
    "V3-57" error "override_msg_id in a group push": "Groups do not support it; push to each app by itself.";
    "V3-58" error "inapp_message is wrong or out of place":
        "It is {\"inapp_message\":true} beside a notification without message.";
    "V3-59" error "notification_3rd without message": "It shows what a custom message could not; give a message.";
    "V3-60" error "notification_3rd lacks its content": "v1 needs a filled `content`, v2 one of android, ios, hmos.";
    "V3-61" error "android block and message too large": "They may have 4000 bytes of compact JSON together.";
    "V3-62" error "ios block too large": "It may have 2000 bytes of compact JSON.";
    "V3-64" error "live activity too large": "Its ios block may have 3584 bytes of compact JSON.";
    "V3-65" error "callback is wrong":
        "url is a string, params an object, type 1 to 15: 1 delivered, 2 clicked, 4 not delivered, 8 pushed.";
    "V3-66" error "cid is wrong": "It is AppKey-UUID, as the operation `cid` hands it out.";
    "V3-70" error "pushlist is wrong": "An object of 1 to 1000 entries.";
    "V3-71" error "entry of pushlist is wrong": "Each key is a cid, each value an object.";
    "V3-72" error "target is missing or empty": "Each entry names one alias or registration id.";
    "V3-73" error "count or type is wrong": "count is 1 to 1000, type push or schedule.";
    "V3-74" error "msg_id is missing or wrong": "Give the decimal msg_id that the push returned.";
    "V3-75" error "msg_ids is wrong": "Ask for 1 to 100 message ids, each of decimal digits.";
    "V3-76" error "what to ask the status of is missing or wrong":
        "msg_id as a number (the vendor answers 3002 to text), 1 to 1000 registration_ids, date as yyyy-mm-dd.";
    "V3-77" error "type is wrong": "alias or registration_id.";
    "V3-78" error "ttl is wrong": "Give 1 to 720 hours.";
    "V3-79" error "target file is missing or unusable": "A .txt in UTF-8 with one target a line, at most 10 MiB.";
    "V3-80" error "file_id is missing or empty": "Give the file_id that the upload returned.";
    "V3-81" error "push type that the maker does not have":
        "oppo and xiaomi have 3 VoIP and 7 live; vivo 2 data, 3 VoIP and 7 live; honor 3 VoIP.";
    "V3-82" error "live or VoIP push of a maker without what it needs":
        "It needs `distribution` ospush or none, `classification` 1, and its content.";
    "V3-83" error "notify_level without category": "oppo demands both together: add `category`.";
    "V3-84" error "VoIP push of HarmonyOS beside a notification":
        "push_type 10 goes out alone, or beside `voip`; push to the other platforms by itself.";
    "V3-W01" warning "push to everybody": "Since 2020-03-10 an app has 10 such pushes a day.";
    "V3-W02" warning "platforms and blocks differ":
        "A block reaches only a platform that is named; a platform needs a block or the shared alert.";
    "V3-W03" warning "winphone is retired": "The server ignores it; remove it.";
    "V3-W04" warning "apns_production is missing":
        "The server takes production, official SDKs send false; say which is meant."
        settled("iOS: production or development?", &["options.apns_production:=true"]);
    "V3-W05" warning "value that is not documented so": "The server is said to ignore it, or to take it anyway.";
    "V3-W06" warning "fields that need each other":
        "style 1 needs big_text, 2 inbox, 3 big_pic_path; badge_class needs a badge number; from Android 8 on the \
         channel decides the sound; sound_duration needs sound.";
    "V3-W07" warning "block that a maker may refuse":
        "HarmonyOS wants category, intent and a filled alert; on Android makers' channels want what a tap opens."
        settled("some makers refuse it, or a tap opens nothing:", &["notification.android.intent.url=URL", "notification.hmos.category=IM", "notification.hmos.intent.url=action.system.home"]);
    "V3-W08" warning "time_to_live over 3 days":
        "Free plans keep messages for 259200 seconds (push page of 2025-10-14).";
    "V3-W09" warning "ios block close to its limit": "It is not documented whether the key \"ios\": counts, too.";
    "V3-W10" warning "unknown key":
        "herald does not know it: the server may take it, ignore it, or refuse the push (1009).";
    "V3-W11" warning "recall after more than a day": "The server has likely forgotten the push.";
    "V3-W12" warning "no cid although retries are on":
        "Without one, a retry may send a second time; fetch one with `jpush-v3/cid`.";
    "V3-W13" warning "the same value twice, or in both tag and tag_not":
        "Once is enough; what is asked for and excluded reaches nobody.";
    "V3-W14" warning "message alone to iOS": "iOS gets it only while the app is in front; add a notification."
        settled("", &["notification.alert=TEXT"]);
    "V3-W15" warning "number beyond 2^53":
        "Tools that hold numbers as doubles round it: check that its digits are those that the vendor returned.";
    "V3-W16" warning "notification_3rd v1 without Android":
        "v1 reaches Android only; use options.notification_3rd_ver v2.";
    "V3-W17" warning "active_push at the wrong time or with another distribution":
        "It works from 07:00 to 22:00 China time, and with distribution absent or secondary_push.";
    "V3-W18" warning "cid without UUID": "The part after the AppKey is a UUID in every cid that the server hands out.";
};
