//! What Go itself says when a program ends by a fault.

use super::{Class, Message, text};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "go-out-of-memory",
        class: Class::Fault,
        fatal: true,
        means: "Go could not get more memory.",
        wordings: &[
            text("fatal error: runtime: out of memory", "2.1", "HEAD"),
            text("fatal error: runtime: cannot allocate memory", "2.1", "HEAD"),
        ],
    },
    Message {
        id: "go-panic",
        class: Class::Fault,
        fatal: true,
        means: "The program met an error it does not handle.",
        wordings: &[text("panic: runtime error: {error}", "2.0", "HEAD"), text("fatal error: {error}", "2.0", "HEAD")],
    },
    Message {
        id: "go-quit",
        class: Class::Symptom,
        fatal: true,
        means: "The program was told to print all it is doing and end.",
        wordings: &[text("SIGQUIT: quit", "2.0", "HEAD")],
    },
];
