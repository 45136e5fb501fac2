//! What the messages of a profile have unless flags or a file say otherwise.

/// The neutral sender among the defaults, as `--from`.
const FROM: &str = "from";
/// The neutral title among the defaults, as `--title`.
const TITLE: &str = "title";

/// What the messages of a profile have unless flags or a file say otherwise, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct MessageDefaults(pub Vec<FieldDefault>);

/// One of them.
#[derive(Clone, Debug)]
pub struct FieldDefault {
    /// `from`, `title`, or the path of a field of the contract, as `--set` takes it.
    pub path: String,
    /// Its value.
    pub value: DefaultValue,
    /// Its line in the profile file.
    pub line: usize,
}

/// The value of a default.
#[derive(Clone, Debug)]
pub enum DefaultValue {
    /// A text; the contract says what it becomes.
    Text(String),
    /// A value of another type, as JSON text.
    Json(String),
}

impl MessageDefaults {
    /// The sender where no flag and no file names one.
    pub fn from(&self) -> Option<&str> {
        self.neutral(FROM)
    }

    /// The title of neutral content where no flag gives one.
    pub fn title(&self) -> Option<&str> {
        self.neutral(TITLE)
    }

    /// Those that are fields of the contract.
    pub fn fields(&self) -> impl Iterator<Item = &FieldDefault> {
        self.0.iter().filter(|one| !one.is_neutral())
    }

    fn neutral(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|one| one.path == name).and_then(|one| match &one.value {
            DefaultValue::Text(text) => Some(text.as_str()),
            DefaultValue::Json(_) => None,
        })
    }
}

impl FieldDefault {
    /// The paths that stand for flags, and not for fields of the contract.
    pub const NEUTRAL: [&'static str; 2] = [FROM, TITLE];

    /// Whether it is the neutral sender or title, which each vendor has in fields of its own.
    pub fn is_neutral(&self) -> bool {
        Self::NEUTRAL.contains(&self.path.as_str())
    }
}
