use super::*;
use crate::contract::{Auth, Operation};
use crate::document::{Document, Value};
use crate::profile::sandbox_account;
use crate::provider::{ALL, Call, Vendor};
use crate::wire::Stamp;

const NONCE: &str = "76616";
const TIME: &str = "1558350862502";

/// A payload with which every operation can be signed.
fn body() -> Value {
    let text = r#"{"sendno":3321,"receiver_type":2,"receiver_value":"会员"}"#;
    Document::parse(text).expect("JSON").into_value()
}

/// An operation, its signature, and the keys and secrets of the account.
type Scheme = (String, Signature, Pieces);

/// One operation for each way in which a vendor signs, with its signature.
fn schemes() -> Vec<Scheme> {
    let mut out: Vec<Scheme> = Vec::new();
    for vendor in ALL {
        let contract = vendor.contract();
        let account = sandbox_account(contract);
        let signed = contract.operations.iter().filter(|row| row.auth != Auth::None);
        for operation in signed {
            let signature = sign(*vendor, operation, &account);
            let names = |s: &Signature| s.headers.iter().map(|(name, _)| *name).collect::<Vec<_>>();
            let is_known = out.iter().any(|(name, known, _)| {
                name.starts_with(contract.id)
                    && (known.recipe, names(known)) == (signature.recipe, names(&signature))
                    && pieces(known)[..1] == pieces(&signature)[..1]
            });
            if signature.encoding.is_some() && !is_known {
                let keys = contract.credentials.iter().filter_map(|key| {
                    let secret = account.secret(key.name).map(|secret| secret.expose());
                    Some((key.name, account.value(key.name).or(secret)?.to_owned()))
                });
                let keys = keys.filter(|(name, _)| *name != "endpoint").collect();
                out.push((format!("{}/{}", contract.id, operation.id), signature, keys));
            }
        }
    }
    out
}

fn sign(
    vendor: &dyn Vendor,
    operation: &'static Operation,
    account: &crate::account::Account,
) -> Signature {
    let stamp = Stamp { nonce: NONCE.to_owned(), timestamp: TIME.to_owned() };
    let call = Call { operation, body: &body(), account, stamp: &stamp };
    vendor.sign(&call).expect("everything for a signature is there")
}

/// The signature of a text, computed apart from what is tested.
fn signed(encoding: SignatureEncoding, bytes: &[u8]) -> String {
    match encoding {
        SignatureEncoding::Sha1 => lower_hex(&Sha1::digest(bytes)),
        SignatureEncoding::Md5 => lower_hex(&Md5::digest(bytes)).to_uppercase(),
        SignatureEncoding::Basic => format!("Basic {}", STANDARD.encode(bytes)),
    }
}

type Pieces = Vec<(&'static str, String)>;

fn pieces(signature: &Signature) -> Pieces {
    let pieces = signature.pieces.iter();
    let mut pieces: Pieces = pieces.map(|(name, text)| (*name, text.show(Show::Secrets))).collect();
    if signature.encoding == Some(SignatureEncoding::Basic) {
        pieces.insert(1, ("separator", ":".to_owned()));
    }
    pieces
}

fn glued(pieces: &Pieces) -> String {
    pieces.iter().map(|(_, text)| text.as_str()).collect()
}

/// Mistakes with the words that name them. A mistake that changes nothing in a scheme is not made there.
fn made(signature: &Signature) -> Vec<(String, &'static str)> {
    let right = pieces(signature);
    let is_secret =
        |name: &str| signature.pieces.iter().any(|(own, text)| *own == name && text.has_secret());
    let secret = right.iter().position(|(name, _)| is_secret(name)).expect("a secret");
    let with = |place: usize, text: String| {
        let mut changed = right.clone();
        changed[place].1 = text;
        glued(&changed)
    };
    let mut out = Vec::new();
    let place_of = |name: &str| right.iter().position(|(own, _)| *own == name);
    let without: Pieces = right.iter().filter(|(name, _)| *name != "separator").cloned().collect();
    out.push((glued(&without), "is left out"));
    let separators = (0..right.len()).filter(|place| right[*place].0 == "separator");
    for place in separators {
        let mut changed = right.clone();
        changed.remove(place);
        out.push((glued(&changed), "is left out"));
    }
    let values: Vec<usize> =
        (0..right.len()).filter(|place| right[*place].0 != "separator").collect();
    for (one, other) in values.iter().zip(&values[1..]) {
        let mut changed = right.clone();
        changed.swap(*one, *other);
        out.push((glued(&changed), "are swapped"));
    }
    for (more, words) in [("\n", "a line end"), ("\r\n", "a line end"), (" ", "a blank")] {
        out.push((with(secret, format!("{}{more}", right[secret].1)), words));
    }
    if let Some(place) = place_of("timestamp") {
        out.push((with(place, right[place].1[..10].to_owned()), "in seconds"));
        out.push((
            with(place, format!("{} ", right[place].1)),
            "a blank stands behind `timestamp`",
        ));
    }
    let joined: Vec<String> = without.iter().map(|(_, text)| text.clone()).collect();
    out.push((joined.join("&"), "`&` separates it"));
    out
}

#[test]
fn each_likely_mistake_in_each_scheme_is_named_without_the_secret() {
    let schemes = schemes();
    let ids: Vec<&str> = schemes.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(ids.len(), 9, "{ids:?}");
    for (name, signature, keys) in &schemes {
        let encoding = signature.encoding.expect("it signs");
        let right = glued(&pieces(signature));
        let given = signed(encoding, right.as_bytes());
        assert_eq!(is_right(signature, &given), Some(true), "{name}");
        let others: Vec<(&'static str, &str)> =
            keys.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(explain(signature, &others, &given), None, "{name}: {given}");
        let secret = signature.pieces.iter().find(|(_, text)| text.has_secret());
        let secret = secret.expect("a secret").1.show(Show::Secrets);
        for (text, words) in made(signature).into_iter().filter(|(text, _)| *text != right) {
            let given = signed(encoding, text.as_bytes());
            assert_eq!(is_right(signature, &given), Some(false), "{name}: {words}");
            let said = explain(signature, &others, &given).unwrap_or_default();
            assert!(said.contains(words), "{name}: {words}: {said}");
            assert!(!said.contains(&secret), "{name}: {said}");
        }
        if encoding != SignatureEncoding::Basic {
            let cut = explain(signature, &others, &given[..given.len() - 3]).unwrap_or_default();
            assert!(cut.contains("it is cut off"), "{name}: {cut}");
        }
        assert_eq!(
            explain(signature, &others, &signed(encoding, b"something else")).is_some(),
            encoding == SignatureEncoding::Basic,
            "{name}"
        );
    }
}

#[test]
fn other_schemes_are_named() {
    for (name, signature, keys) in schemes() {
        let encoding = signature.encoding.expect("it signs");
        if encoding == SignatureEncoding::Basic {
            continue;
        }
        let others: Vec<(&'static str, &str)> =
            keys.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let explained = |given: &str| explain(&signature, &others, given).unwrap_or_default();
        let (secret_name, secret) =
            signature.pieces.iter().find(|(_, text)| text.has_secret()).expect("a secret");
        let secret = secret.show(Show::Secrets);
        let all = pieces(&signature);
        let rest: String = all
            .iter()
            .filter(|(name, _)| name != secret_name)
            .map(|(_, text)| text.as_str())
            .collect();
        for text in [rest, glued(&all)] {
            let mut mac =
                <Hmac<Sha1> as KeyInit>::new_from_slice(secret.as_bytes()).expect("a key");
            mac.update(text.as_bytes());
            let said = explained(&lower_hex(&mac.finalize().into_bytes()));
            assert!(said.contains("HMAC-SHA-1") && !said.contains(&secret), "{name}: {said}");
        }
        // A key that does not belong there at all.
        let is_signed = |key: &str| all.iter().any(|(_, text)| text.contains(key));
        for (other, value) in keys.iter().filter(|(_, value)| !is_signed(value)) {
            let mut changed = all.clone();
            let place =
                changed.iter().position(|(name, _)| name == secret_name).expect("it is there");
            changed[place].1 = format!("{value}{secret}");
            let said = explained(&signed(encoding, glued(&changed).as_bytes()));
            assert!(said.contains(&format!("`{other}` stands before")), "{name}: {said}");
        }
    }
}

#[test]
fn blanks_that_were_taken_out_are_named() {
    let schemes = schemes();
    let md5 = schemes.iter().find(|(_, it, _)| it.encoding == Some(SignatureEncoding::Md5));
    let mut spaced = md5.expect("one vendor hashes with MD5").1.clone();
    spaced.pieces[2].1 = crate::wire::Written::plain("a, b c");
    let mut pieces = pieces(&spaced);
    pieces[2].1 = "a,bc".to_owned();
    let given = signed(SignatureEncoding::Md5, glued(&pieces).as_bytes());
    let said = explain(&spaced, &[], &given).unwrap_or_default();
    assert!(said.contains("blanks") && said.contains("taken out"), "{said}");
}

#[test]
fn two_mistakes_are_both_named() {
    for (name, signature, _) in schemes() {
        let encoding = signature.encoding.expect("it signs");
        let all = pieces(&signature);
        let reversed: String = all.iter().rev().map(|(_, text)| text.as_str()).collect();
        let given = signed(encoding, format!("{reversed}\n").as_bytes());
        let Some((first, _)) = all.first() else { continue };
        let said = explain(&signature, &[], &given).unwrap_or_default();
        let line_end = format!("a line end stands behind `{first}`");
        assert!(said.contains(&line_end) && said.contains("; "), "{name}: {said}");
    }
}

#[test]
fn known_answers_of_wrong_signatures_are_explained() {
    #[rustfmt::skip]
    let table = [
        ("wildfire", "6da82980430d24ad64613738b4373119eef8f3f0", "the separator `|` is left out"),
        ("wildfire", "0f773015241829dc895e8707faf6a1dc62515d06", "`nonce` and `secret` are swapped"),
        ("wildfire", "B98F9B0717F59FEBCCF1440067A7F50D9B31BDDE", "the wrong case"),
    ];
    for (provider, given, words) in table {
        let vendor = ALL.iter().find(|vendor| vendor.contract().id == provider);
        let vendor = *vendor.expect("it is there");
        let mut account = sandbox_account(vendor.contract());
        account.secrets.insert("secret".to_owned(), crate::account::Secret::new("123456"));
        let signature = sign(vendor, &vendor.contract().operations[0], &account);
        let said = explain(&signature, &[], given).unwrap_or_default();
        assert!(said.contains(words), "{provider}: {said}");
    }
}

#[test]
fn an_absent_value_and_another_character_set_are_named() {
    let schemes = schemes();
    let md5 = schemes.iter().find(|(_, it, _)| it.encoding == Some(SignatureEncoding::Md5));
    let (_, signature, _) = md5.expect("one vendor hashes with MD5");
    let mut absent = signature.clone();
    absent.pieces[2].1 = crate::wire::Written::plain("");
    for word in ["None", "null"] {
        let mut pieces = pieces(&absent);
        pieces[2].1 = word.to_owned();
        let given = signed(SignatureEncoding::Md5, glued(&pieces).as_bytes());
        let said = explain(&absent, &[], &given).unwrap_or_default();
        assert!(said.contains(&format!("`{word}` stands for the absent")), "{said}");
    }
    let text = glued(&pieces(signature));
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    let given = signed(SignatureEncoding::Md5, &gbk);
    let said = explain(signature, &[], &given).unwrap_or_default();
    assert!(said.contains("GBK"), "{said}");
}

#[test]
fn headers_of_http_basic_are_explained_whatever_is_in_them() {
    let schemes = schemes();
    let basic = schemes.iter().find(|(_, it, _)| it.encoding == Some(SignatureEncoding::Basic));
    let (_, signature, keys) = basic.expect("one vendor has HTTP Basic");
    let all = pieces(signature);
    let (key, secret) = (&all[0].1, &all[2].1);
    let others: Vec<(&'static str, &str)> =
        keys.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let encode = |text: &str| STANDARD.encode(text);
    let token = encode(&format!("{key}:{secret}"));
    #[rustfmt::skip]
    let table = [
        (format!("basic  {token}"),                         None),
        (token.clone(),                                     Some("the word `Basic`")),
        (format!("Basic {}\n{}", &token[..20], &token[20..]), Some("line ends inside")),
        (format!("Basic {}", encode(&format!("{key}:other"))), Some("`app_key` is right")),
        (format!("Basic {}", encode(&format!("x:{secret}"))), Some("`master_secret` is right")),
        (format!("Basic {}", encode("x:y")),                Some("are others")),
        (format!("Basic {}", encode("x")),                  Some("there is no `:`")),
        (format!("Basic {}", encode(&format!("{key}:{key}"))), Some("`app_key` is in the place")),
        ("Basic %%%".to_owned(),                            Some("no base64")),
    ];
    for (given, words) in table {
        let said = explain(signature, &others, &given);
        match words {
            None => assert_eq!((is_right(signature, &given), said), (Some(true), None)),
            Some(words) => {
                let said = said.unwrap_or_default();
                assert!(said.contains(words), "{given}: {said}");
                assert!(!said.contains(secret.as_str()), "{said}");
            }
        }
    }
}
