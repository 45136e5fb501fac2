//! Whether a list of lines is a list of another form under a wrong name: its lines would go out as ids.

use memchr::{memchr, memchr3};

use super::InvalidEntry;
use super::csv::frequent_separator;
use crate::error::{Error, Result};
use crate::near::nearest;
use crate::text::escape;

/// What the lines of a list look like.
#[derive(Default)]
pub(super) struct LineShapes {
    /// Whether the user has said that it is a list of lines.
    is_said: bool,
    lines: u64,
    /// Lines with a comma, a semicolon, a tab, a bar.
    separated: [u64; 4],
    /// Lines in quotes.
    quoted: u64,
    /// Lines of nothing but digits, as many as ids have.
    numbers: u64,
    /// The first line: the header, where it is a CSV.
    first: Box<str>,
}

/// The fewest digits of a number that stands for an id, where a list is searched for its header.
const MIN_DIGITS: usize = 5;

const SEPARATORS: [(u8, &str); 4] =
    [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs"), (b'|', "bars")];

/// What columns of ids are called in English and in Chinese, without the case of letters and what stands between words; in
/// the order of their code points.
#[rustfmt::skip]
const COLUMNS: [&str; 135] = [
    "account", "accountid", "alias", "aliases", "cid", "client", "clientid", "contact", "customer",
    "customerid", "device", "deviceid", "devicetoken", "email", "gid", "group", "groupid", "groupids",
    "groupname", "id", "ids", "imei", "imuser", "mail", "member", "memberid", "members", "mobile",
    "mobilephone", "msisdn", "name", "nickname", "openid", "phone", "phonenumber", "receiver", "receiverid",
    "receivers", "recipient", "recipientid", "recipients", "regid", "regids", "registrationid",
    "registrationids", "room", "roomid", "roomids", "roomname", "tag", "tags", "target", "targetid",
    "targetids", "targets", "tel", "telephone", "to", "touser", "touserid", "touserids", "uid", "uids",
    "unionid", "user", "userid", "userids", "username", "usernames", "users", "uuid", "会员", "会员id", "会员号",
    "会员编号", "别名", "名字", "名称", "员工号", "员工编号", "姓名", "学号", "客户", "客户id", "客户编号", "工号", "帐号", "帐户", "序号", "成员",
    "成员id", "房间", "房间id", "房间号", "手机", "手机号", "手机号码", "接收人", "接收方", "接收者", "推送id", "收件人", "收信人", "昵称", "标签",
    "注册id", "用户", "用户id", "用户ids", "用户名", "用户名称", "用户帐号", "用户编号", "用户账号", "电话", "电话号码", "目标", "目标id", "编号",
    "群", "群id", "群号", "群组", "群组id", "群聊", "群聊id", "聊天室", "聊天室id", "设备", "设备id", "设备号", "设备编号", "账号", "账户",
    "邮箱",
];

impl LineShapes {
    /// For a list that is one of lines by its name, or because the user has said so.
    pub(super) fn new(is_said: bool) -> Self {
        Self { is_said, ..Self::default() }
    }

    /// Looks at a line without the blanks around it. Fails where it can only stand in a list of another form; gives the line
    /// back as an invalid entry where it is not a target.
    pub(super) fn see(
        &mut self,
        list: &str,
        number: u64,
        line: &str,
    ) -> Result<Option<Box<InvalidEntry>>> {
        if self.lines == 0 {
            if !self.is_said && is_column(line) {
                return Err(with_header(list, line));
            }
            self.first = line.into();
        }
        self.lines += 1;
        if self.lines > 1 && !self.is_said && is_column(line) {
            return Ok(Some(repeated_header(number, line)));
        }
        let bytes = line.as_bytes();
        self.numbers +=
            u64::from(bytes.len() >= MIN_DIGITS && bytes.iter().all(u8::is_ascii_digit));
        match bytes[0] {
            // An object that a script has written as text is no id, and no JSON either.
            b'[' if line.starts_with("[object ") => {}
            b'[' => return Err(other(list, number, "JSON", "add --form json")),
            b']' if bytes.len() == 1 => return Err(other(list, number, "JSON", "add --form json")),
            b'{' => return Err(other(list, number, "NDJSON", "add --form ndjson")),
            b'<' => {
                let help = "it may be the page of a session that has ended: export the list again";
                return Err(other(list, number, "a web page", help));
            }
            quote @ (b'"' | b'\'') if bytes.len() > 1 && bytes.ends_with(&[quote]) => {
                self.quoted += 1;
                let entry = InvalidEntry::new(number, line, "the id is in quotes");
                return Ok(Some(entry.help("remove the quotes")));
            }
            _ => {}
        }
        if memchr3(b',', b';', b'\t', bytes).is_none() && memchr(b'|', bytes).is_none() {
            return Ok(None);
        }
        for ((separator, _), count) in SEPARATORS.iter().zip(&mut self.separated) {
            *count += u64::from(bytes.contains(separator));
        }
        // Commas and tabs are refused in ids wherever they come from.
        let has_semicolon = bytes.contains(&b';');
        Ok(has_semicolon.then(|| InvalidEntry::new(number, line, "the id holds a semicolon")))
    }

    /// Fails where most lines are rows of a table, or in quotes.
    pub(super) fn check(&self, list: &str) -> Result<()> {
        let is_most = |count: u64| count * 2 > self.lines;
        let table = SEPARATORS.iter().zip(self.separated).find(|(_, count)| is_most(*count));
        if let Some(((_, name), _)) = table {
            if self.lines == 1 {
                let message = format!("`{list}` has one line with {name} in it");
                return Err(Error::input(message).help("give each target a line of its own"));
            }
            // The header as the reader of CSV splits it; a table may begin with a bar.
            let separator = char::from(frequent_separator(&self.first));
            let mut columns = self.first.split(separator).map(str::trim);
            let column = columns.find(|name| name.contains(char::is_alphanumeric));
            let message = format!("`{list}` looks like CSV: most lines hold {name}");
            let Some(column) = column else {
                let help = "export it as CSV, with a header and without a frame";
                return Err(Error::input(message).help(help));
            };
            let column = shown_column(column.trim_matches('"'));
            return Err(Error::input(message).help(format!("add --form csv --column {column}")));
        }
        let is_header = self.numbers > 1
            && self.numbers + 1 == self.lines
            && !self.first.contains(|c: char| c.is_ascii_digit());
        if is_header && !self.is_said {
            return Err(with_header(list, &self.first));
        }
        if is_most(self.quoted) {
            let message = format!("`{list}` looks like CSV: most lines are in quotes");
            let help = "remove the quotes, or add a header and --form csv --column NAME";
            return Err(Error::input(message).help(help));
        }
        Ok(())
    }
}

/// The header of a list as an entry of it, which cannot be used.
pub(super) fn repeated_header(number: u64, shown: &str) -> Box<InvalidEntry> {
    let entry = InvalidEntry::new(number, shown, "the header of a list stands among its targets");
    entry.help("leave it out; where it is a target, put its kind before it, as in user:bob")
}

/// Whether a text is what a column of ids is called.
pub(super) fn is_column(text: &str) -> bool {
    // Nearly all ids have a digit, and lists have millions of them.
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let letters = text.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '"'));
    let name: String = letters.flat_map(char::to_lowercase).take(16).collect();
    COLUMNS.binary_search(&name.as_str()).is_ok()
}

/// The same of a text that may have a letter wrong.
pub(super) fn is_near_column(text: &str) -> bool {
    const MIN_LETTERS: usize = 4;
    let long = || COLUMNS.into_iter().filter(|name| name.chars().count() >= MIN_LETTERS);
    is_column(text) || nearest(text, long()).is_some()
}

fn with_header(list: &str, first: &str) -> Error {
    let what = format!("`{list}` looks like CSV: it begins with `{}`", escape(first));
    let column = shown_column(first.trim_matches('"'));
    Error::input(what)
        .help(format!("add --form csv --column {column}, or --form lines where that is a target"))
}

/// The name of a column as a word of a command line.
fn shown_column(name: &str) -> String {
    let name = escape(name);
    if name.contains(' ') { format!("'{name}'") } else { name }
}

fn other(list: &str, number: u64, what: &str, help: &str) -> Error {
    Error::input(format!("`{list}` looks like {what} (line {number})")).help(help)
}
