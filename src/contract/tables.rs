//! Tables: rules, error codes, operations, fields and whatever else is a list of rows. A row takes the lines that its texts
//! need, often one. rustfmt leaves what stands in these braces as it is: keep rows within 120 columns where no text is
//! longer.

/// Rules: `"ID" severity "title": "cure";`, with `hides` behind the fix where no excerpt may show what the rule is about,
/// `by_fault` where each of several faults has a help of its own, and `settled("question", &["PATH=VALUE"])` where it is told
/// in one line what settles it in a message of herald's own.
macro_rules! rules {
    ($($id:literal $severity:ident $title:literal: $cure:literal $($mark:ident $(($($value:expr),*))?)*;)*) => {
        &[$($crate::contract::$severity($id, $title, $cure)$(.$mark($($($value),*)?))*),*]
    };
}

/// Error codes: `"code" Class Retry: "meaning", "cure";`.
///
/// Behind the code may stand what tells rows of one code apart: the HTTP status, after it how the vendor's text begins
/// ([`ErrorCode::text`](super::ErrorCode::text)), in brackets the operations that the row is about, and
/// after `@` the condition that the body of the request meets; or, where the code
/// alone decides, `= "the vendor's words for it"`. Behind the fix may stand `in_sdks` with the codes as which SDKs hand it
/// on: `in_sdks "CODE" "what it is"`.
macro_rules! error_codes {
    ($(
        $code:tt $(= $words:literal)? $($http:literal $($text:literal)?)? $([$($only:literal),+])? $(@ $when:ident)?
        $class:ident $retry:ident $(($seconds:literal))? $($of_one_target:ident)?: $meaning:literal, $cure:expr
        $(, in_sdks $($sdk_code:literal $sdk_about:literal),+)?;
    )*) => {
        &[$(
            $crate::contract::ErrorCode::new(
                $code,
                $crate::outcome::Class::$class,
                $crate::contract::Retry::$retry$(($seconds))?,
                $meaning,
                $cure,
            )
            $(.$of_one_target())?
            $(.words($words))?
            $(.http($http)$(.text($text))?)?
            $(.only(&[$($only),+]))?
            $(.in_sdks(&[$($crate::contract::SdkCode::new($sdk_code, $sdk_about)),+]))?
            $(.when(&$when))?
        ),*]
    };
}

/// Operations: `"id": "what it does", BASE => field: value, field: value;`. Where names stand before the rows, as in
/// `SEND = "send": …`, each row is a constant of that name; else they are a list.
macro_rules! operations {
    ($($id:literal: $about:expr, $base:expr $(=> $($field:ident: $value:expr),+)?;)*) => {
        &[$($crate::contract::Operation {
            id: $id,
            about: $crate::text::en($about),
            $($($field: $value,)+)?
            ..$base
        }),*]
    };
    ($($name:ident = $id:literal: $about:expr, $base:expr $(=> $($field:ident: $value:expr),+)?;)*) => {
        $(pub(super) const $name: $crate::contract::Operation = $crate::contract::Operation {
            id: $id,
            about: $crate::text::en($about),
            $($($field: $value,)+)?
            ..$base
        };)*
    };
}

/// The values that there are, each with what it does where that is not clear: words as `"high": "dropped last", "low"`,
/// numbers with their names as `1 "group": "of a group"`. `remark "RULE"` stands behind one that a rule warns of.
macro_rules! choices {
    ($($word:literal $(: $about:literal)? $(remark $rule:literal)?),+ $(,)?) => {
        &[$($crate::contract::Choice::word($word, $crate::text::en(concat!("" $(, $about)?)))
            $(.remark($rule))?),+]
    };
    ($($number:literal $name:literal $(: $about:literal)? $(remark $rule:literal)?),+ $(,)?) => {
        &[$($crate::contract::Choice::int($number, $name, $crate::text::en(concat!("" $(, $about)?)))
            $(.remark($rule))?),+]
    };
}

/// A list of rows of any other kind: fields, choices, checks, types.
macro_rules! rows {
    ($($row:expr),* $(,)?) => {
        &[$($row),*]
    };
}

pub(crate) use {choices, error_codes, operations, rows, rules};
