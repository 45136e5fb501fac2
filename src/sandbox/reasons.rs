//! What a backend says to who writes the client, beyond the vendor's words.

use std::cell::{Cell, RefCell};

use crate::contract::{Finding, Operation};
use crate::document::ParseFault;

/// Why a backend refuses a request.
#[derive(Debug, Default)]
pub struct Reasons {
    operation: Cell<Option<&'static Operation>>,
    all: RefCell<Vec<RefusalReason>>,
}

/// One reason.
#[derive(Clone, Debug)]
pub struct RefusalReason {
    /// A clause in herald's own words.
    pub text: String,
    /// The pointer of what is wrong in the payload; `None` if it is not in the payload.
    pub pointer: Option<String>,
}

impl Reasons {
    /// Adds a reason.
    pub fn tell(&self, text: impl Into<String>) {
        self.all.borrow_mut().push(RefusalReason { text: text.into(), pointer: None });
    }

    /// Adds the rule for which the payload is refused.
    pub fn blame(&self, finding: &Finding) {
        let text = format!("{}: {}", finding.code(), finding.message);
        let pointer = Some(finding.place.pointer.clone());
        self.all.borrow_mut().push(RefusalReason { text, pointer });
    }

    /// Adds that a body is not JSON, with the place of the fault in it.
    pub fn blame_syntax(&self, body: &[u8], fault: &ParseFault) {
        if body.is_empty() {
            return self.tell("the body is empty, and JSON is due");
        }
        let before = body.get(..fault.span.start).unwrap_or(body);
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = 1 + String::from_utf8_lossy(&before[start..]).chars().count();
        let fault = &fault.message;
        self.tell(format!("the body is not JSON: {fault} (line {line}, column {column})"));
    }

    /// Adds which content type came, where it is the reason.
    pub fn blame_media(&self, given: Option<&str>, due: &str) {
        self.tell(match given {
            Some(given) => format!("the content type is `{given}`, and `{due}` is due"),
            None => format!("the header Content-Type is missing, and `{due}` is due"),
        });
    }

    /// Says which operation it is, where several have the same address.
    pub fn serve(&self, operation: &'static Operation) {
        self.operation.set(Some(operation));
    }

    /// The operation, if the backend said it.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.operation.get()
    }

    /// All reasons, in order.
    pub fn all(&self) -> Vec<RefusalReason> {
        self.all.borrow().clone()
    }
}
