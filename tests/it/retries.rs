//! Whether a request may go out again after each code, against the tables of the vendors' sheets.

use herald::contract::{Contract, Effect, ErrorCode, Operation, Repeatable, Retry};
use herald::provider;

/// What the table of a vendor says of the codes in it: the word, and the codes.
type Sheet = (&'static str, &'static [(&'static str, &'static str)]);

/// Copied by hand. `ambiguous`: it may have gone out; for what leads to the same state a second time it is `yes`.
const SHEETS: &[Sheet] = &[
    (
        "jpush-v2",
        &[
            ("ambiguous", "10 1030 http-500 http-502 http-503 http-504"),
            ("no", "1001 1002 1003 1004 1005 1007 1008 1010 1011 1012 1013 1014"),
            ("wait", "2001 2002 http-429"),
        ],
    ),
    (
        "jpush-v3",
        &[
            ("ambiguous", "10 1000 1030 http-502 http-503 http-504"),
            (
                "no",
                "1001 1002 1003 1004 1005 1008 1009 1011 1020 1035 1105 2003 2004 2005 2006 2007 http-410",
            ),
            ("wait", "1012 2002 2008"),
        ],
    ),
    (
        "jmessage",
        &[
            ("ambiguous", "899000 898000 899030 898030 800009 803001 803002 http-500"),
            (
                "no",
                "899001 898001 899002 898002 899003 898003 899006 898006 899007 898007 899008 898008 899009 898009 898010 \
                 899011 899012 899013 899014 899015 899016 899017 899018 899019 899020 899021 898011 899043 899050 899070 \
                 899071 899081 899082 800003 800005 800006 800014 800012 800013 800018 803004 800019 803005 800020 803006 \
                 803003 803007 847004 803008 803009 803011 847005 803012 847002 847001 847003 855001 855002 855003 857004",
            ),
            ("wait", "800017 803010"),
            ("done", "855004"),
        ],
    ),
    (
        "rongcloud",
        &[
            ("ambiguous", "1000 1050"),
            (
                "no",
                "1001 1002 1003 1004 1005 1006 1007 1009 1010 1011 1012 1013 1014 1015 1016 1017 1018 1019 1501 1502 1508 \
                 2007 400 404 405",
            ),
            ("wait", "1008"),
        ],
    ),
    (
        "wildfire",
        &[
            ("ambiguous", "249 gateway"),
            (
                "no",
                "1 2 6 7 8 9 10 11 12 16 18 19 20 21 22 23 24 27 28 30 35 60 61 90 70 81 82 83 84 85 86 87 220 225 236 237 \
                 239 240 241 242 244 245 246 247 248 251 253 254 not-served exception unauthorized body-too-large",
            ),
            ("wait", "3 25 26 221 238 250"),
            ("signed", "243"),
            ("part", "222"),
        ],
    ),
    (
        "easemob",
        &[
            ("ambiguous", "http-408 http-500 http-502 http-503 http-504"),
            (
                "no",
                "json_parse invalid_request_body 14001 14002 14005 14007 14030 14031 14032 14033 14034 14035 14036 14037 \
                 14038 message_recall_error resource_limited message_rewrite_error InvalidMessageIdException \
                 MessageUnavailableException file_expired entity_not_found http-413 http-405 invalid_grant \
                 organization_application_not_found service_resource_not_found ServiceNotOpenException \
                 ResourceNotFoundException MessageException IllegalArgumentException",
            ),
            ("wait", "reach_limit concurrent_operation_error LimitException http-429"),
            ("later", "storage_object_not_found"),
            ("signed", "unauthorized auth_bad_access_token"),
            ("same", "RewriteMessageInternalErrorException"),
        ],
    ),
];

fn is(row: &ErrorCode, word: &str, operation: &Operation) -> bool {
    let retry = row.retry_of(operation);
    match word {
        "no" => retry == Retry::No,
        "wait" => matches!(retry, Retry::Wait(_)),
        "done" => retry == Retry::Done,
        "signed" => retry == Retry::Resigned,
        "part" => retry == Retry::InPart,
        "later" => retry == Retry::Later,
        "same" => retry == Retry::Same,
        "ambiguous" => match (operation.effect, operation.repeat) {
            (Effect::Reads, _) => retry == Retry::Yes,
            (_, Repeatable::Duplicates | Repeatable::Deduplicated { .. }) => {
                retry == Retry::Ambiguous
            }
            (_, Repeatable::Safe | Repeatable::Costly | Repeatable::Notifies) => {
                retry == Retry::Same
            }
        },
        _ => panic!("no word of the sheets: {word}"),
    }
}

fn contract(id: &str) -> &'static Contract {
    provider::find(id).expect("a provider").contract()
}

#[test]
fn every_code_says_what_the_table_of_its_sheet_says() {
    for (id, words) in SHEETS {
        let contract = contract(id);
        for (word, codes) in *words {
            for code in codes.split_whitespace() {
                let mut rows = contract.errors.iter().filter(|row| row.code == code).peekable();
                assert!(rows.peek().is_some(), "{id}/{code} has no row");
                for row in rows {
                    for operation in row.operations(contract.operations) {
                        let about = format!("{id}/{code}, {}: {word}", operation.id);
                        assert!(is(row, word, operation), "{about}: {:?}", row.retry);
                    }
                }
            }
        }
    }
}

/// The words of `explain` about sending again.
fn words(id: &str, code: &str) -> String {
    let contract = contract(id);
    let row = contract.errors.iter().find(|row| row.code == code).expect("a row");
    row.retry_words(contract.operations)
}

#[test]
fn words_name_the_operations_that_may_be_done_again() {
    for status in [408, 500, 502, 503, 504] {
        let words = words("easemob", &format!("http-{status}"));
        for name in ["yes for what only reads", "`recall`", "`recall-batch`", "`token`", "`update`"]
        {
            assert!(words.contains(name), "{status}: {name}: {words}");
        }
        let (yes, no) = words.split_once("; not blindly").expect("both");
        assert!(!yes.contains("send") && !yes.contains("broadcast"), "{yes}");
        assert!(no.contains("it may have been done"), "{no}");
    }
    let timeout = words("wildfire", "249");
    for name in ["`recall`", "`recall-multicast`", "`update`"] {
        assert!(timeout.contains(name), "{name}: {timeout}");
    }
    for name in ["send", "`multicast`", "`broadcast`", "robot-reply", "`import`"] {
        assert!(!timeout.contains(name), "{name}: {timeout}");
    }
    assert!(words("easemob", "RewriteMessageInternalErrorException").starts_with("yes"));
    assert!(words("wildfire", "222").starts_with("no:"));
    assert!(words("easemob", "storage_object_not_found").contains("after a pause"));
    // Operations that all send have no other half.
    assert!(words("jpush-v2", "1030").starts_with("not blindly"));
}
