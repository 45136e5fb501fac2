//! Tables of rules and of error codes: a row is one line, or two where its texts are long. rustfmt leaves them as they are.

/// Rules: `"ID" severity "title": "cure";`, with `hides` behind the cure where no excerpt may show what the rule is about.
macro_rules! rules {
    ($($id:literal $severity:ident $title:literal: $cure:literal $($hides:ident)?;)*) => {
        &[$($crate::contract::$severity($id, $title, $cure)$(.$hides())?),*]
    };
}

/// Error codes: `"code" Class Retry: "meaning", "cure";`.
///
/// Behind the code may stand what tells rows of one code apart: the HTTP status, after it how the vendor's text begins, and
/// in brackets the operations that the row is about.
macro_rules! error_codes {
    ($(
        $code:tt $($http:literal $($text:literal)?)? $([$($only:literal),+])?
        $class:ident $retry:ident $(($seconds:literal))?: $meaning:literal, $cure:expr;
    )*) => {
        &[$(
            $crate::contract::ErrorCode::new(
                $code,
                $crate::outcome::Class::$class,
                $crate::contract::Retry::$retry$(($seconds))?,
                $meaning,
                $cure,
            )
            $(.http($http)$(.text($text))?)?
            $(.only(&[$($only),+]))?
        ),*]
    };
}

pub(crate) use {error_codes, rules};
