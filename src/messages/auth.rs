//! Who may ask: names, passwords, tokens, certificates in their place.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "auth-revision-old",
        class: Class::Symptom,
        fatal: false,
        means: "A client's token was made before users or roles were changed; it has to ask anew.",
        wordings: &[
            zap("request auth revision is less than current node auth revision", "3.4", "HEAD").fields(&[("error", "error")]),
            text("etcdserver: revision of auth store is old", "3.0", "HEAD"),
            text("auth: revision in header is old", "3.0", "HEAD"),
        ],
    },
    Message {
        id: "auth-token-unreadable",
        class: Class::Symptom,
        fatal: false,
        means: "A client's signed token could not be read, or is no longer valid.",
        wordings: &[
            zap("failed to parse a JWT token", "3.4", "HEAD").fields(&[("error", "error")]),
            zap("invalid JWT token", "3.4", "3.5"),
            text("failed to parse jwt token: {error}", "3.2", "3.4"),
            text("invalid jwt token: {token}", "3.2", "3.4"),
        ],
    },
    Message {
        id: "auth-v2-password",
        class: Class::Symptom,
        fatal: false,
        means: "A client of the v2 API gave a wrong password.",
        wordings: &[text("auth: incorrect password for user: {user}.", "2.1", "3.0")],
    },
    Message {
        id: "auth-common-name-ignored",
        class: Class::Harmless,
        fatal: false,
        means: "The gateway connects with a certificate whose name is not taken for a user.",
        wordings: &[
            zap("ignoring common name in gRPC-gateway proxy request", "3.4", "HEAD").fields(&[("user", "user-name")]),
            text("ignoring common name in gRPC-gateway proxy request {user}", "3.2", "3.4"),
        ],
    },
    Message {
        id: "auth-enabled",
        class: Class::Context,
        fatal: false,
        means: "Authentication was switched on: clients need a name and a password from now on.",
        wordings: &[zap("enabled authentication", "3.4", "HEAD").sample(r#"Nov 22 16:17:40 infra2 etcd[23798]: {"level":"info","ts":"2026-11-22T16:17:40.202321Z","caller":"auth/store.go:259","msg":"enabled authentication"}"#), text("Authentication enabled", "3.0", "3.4")],
    },
    Message {
        id: "auth-disabled",
        class: Class::Context,
        fatal: false,
        means: "Authentication was switched off.",
        wordings: &[zap("disabled authentication", "3.4", "HEAD"), text("Authentication disabled", "3.0", "3.4")],
    },
    Message {
        id: "http-host-refused",
        class: Class::Symptom,
        fatal: false,
        means: "A request named a host that etcd does not expect (--host-whitelist).",
        wordings: &[
            zap("rejecting HTTP request to prevent DNS rebinding attacks", "3.4", "HEAD").fields(&[("host", "host")]),
            text("rejecting HTTP request from \"{host}\" to prevent DNS rebinding attacks", "3.4", "3.4"),
        ],
    },
    Message {
        id: "tls-settings-ignored",
        class: Class::Symptom,
        fatal: false,
        means: "A URL says http though certificates are given: they are not used, and nothing is encrypted.",
        wordings: &[
            zap("scheme is HTTP while key and cert files are present; ignoring key and cert files", "3.4", "HEAD").fields(&[("url", "peer-url")]).sample(r#"{"level":"warn","ts":"2026-11-26T01:30:58.917Z","caller":"embed/etcd.go:625","msg":"scheme is HTTP while key and cert files are present; ignoring key and cert files","client-url":"http://127.0.0.1:27194"}"#),
            zap("scheme is http or unix while key and cert files are present; ignoring key and cert files", "3.5", "HEAD").fields(&[("url", "client-url")]).sample(r#"{"level":"warn","ts":"2026-11-26T01:29:32.795362Z","caller":"embed/etcd.go:661","msg":"scheme is http or unix while key and cert files are present; ignoring key and cert files","client-url":"http://127.0.0.1:21214"}"#),
            zap("scheme is http or unix while --client-cert-auth is enabled; ignoring client cert auth for this URL","3.5","HEAD",).fields(&[("url", "client-url")]).sample(r#"{"level":"warn","ts":"2026-11-26T01:29:32.795386Z","caller":"embed/etcd.go:664","msg":"scheme is http or unix while --client-cert-auth is enabled; ignoring client cert auth for this URL","client-url":"http://127.0.0.1:21214"}"#),
            zap("scheme is HTTP while --client-cert-auth is enabled; ignoring client cert auth for this URL", "3.4", "3.5").fields(&[("url", "client-url")]).sample(r#"{"level":"warn","ts":"2026-11-26T01:30:58.917Z","caller":"embed/etcd.go:632","msg":"scheme is HTTP while --client-cert-auth is enabled; ignoring client cert auth for this URL","client-url":"http://127.0.0.1:27194"}"#),
            text("The scheme of peer url {url} is HTTP while peer key/cert files are presented. Ignored peer key/cert files.","3.0","3.4",),
            text("The scheme of peer url {url} is http while peer key/cert files are presented. Ignored peer key/cert files.","2.1","2.3",),
            text("The scheme of client url {url} is HTTP while peer key/cert files are presented. Ignored key/cert files.","3.0","3.4",).sample("2026-11-26 01:29:32.659947 W | embed: The scheme of client url http://127.0.0.1:26139 is HTTP while peer key/cert files are presented. Ignored key/cert files."),
            text("The scheme of client url {url} is http while client key/cert files are presented. Ignored client key/cert files.","2.1","2.3",),
            text("The scheme of client url {url} is HTTP while client cert auth (--client-cert-auth) is enabled. Ignored client cert auth for this url.","3.0","3.4",).sample("2026-11-26 01:29:32.659970 W | embed: The scheme of client url http://127.0.0.1:26139 is HTTP while client cert auth (--client-cert-auth) is enabled. Ignored client cert auth for this url."),
        ],
    },
    Message {
        id: "tls-handshake-failed",
        class: Class::Symptom,
        fatal: false,
        means: "A client could not be taken: its TLS handshake failed.",
        wordings: &[text("grpc: Server.Serve failed to complete security handshake from \"{remote}\": {error}", "2.3", "3.3")],
    },
    Message {
        id: "http2-bogus-greeting",
        class: Class::Symptom,
        fatal: false,
        means: "Somebody spoke something else than gRPC to the port of clients, such as TLS to a port without it.",
        wordings: &[text("transport: http2Server.HandleStreams received bogus greeting from client: {error}", "2.3", "HEAD")],
    },
];
