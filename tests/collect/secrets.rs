//! What must not leave a site, each planted where it is met in the field: in etcd's log, in others' logs, in what tools and processes say.

/// A secret, and lines of a journal that hold it. All are made up.
pub(crate) const SECRETS: &[(&str, &str)] = &[
    (
        "s01-payroll",
        r#"etcd[9]: {"level":"warn","msg":"apply request took too long","took":"152.3ms","prefix":"read-only range ","request":"key:\"/registry/secrets/default/s01-payroll\" ","response":"range_response_count:1 size:1807"}"#,
    ),
    (
        "s02-namespace",
        r#"etcd[9]: {"level":"warn","msg":"apply request took too long","took":"152.3ms","prefix":"read-only range ","request":"key:\"/registry/pods/s02-namespace/\" range_end:\"/registry/pods/s02-namespace0\" limit:500 "}"#,
    ),
    (
        "s03-customer",
        r#"etcd[9]: read-only range request "key:\"/registry/configmaps/s03-customer/app\" " with result "range_response_count:1 size:512" took too long (212.7ms) to execute"#,
    ),
    (
        "s04-lockname",
        r#"etcd[9]: request "header:<ID:17 username:\"kube\" auth_revision:1 > txn:<compare:<target:MOD key:\"/locks/s04-lockname\" mod_revision:4 > success:<request_put:<key:\"/locks/s04-lockname\" value_size:12 >> failure:<>>" with result "size:16" took too long (101.2ms) to execute"#,
    ),
    (
        "s05-detail",
        r#"etcd[9]: {"level":"info","msg":"trace[17] range","detail":"{range_begin:/registry/secrets/s05-detail/x; range_end:; response_count:1; response_revision:9; }","duration":"151.1ms"}"#,
    ),
    (
        "s06-rootpass",
        r#"etcd[9]: request "header:<ID:18 > authenticate:<name:\"root\" password:\"s06-rootpass\" simple_token:\"bYcQeWnSPjmZKHsO\" >" with result "" took too long (180ms) to execute"#,
    ),
    ("bYcQeWnSPjmZKHsO", ""),
    (
        "s08-hash",
        r#"etcd[9]: request "header:<ID:19 > auth_user_add:<name:\"eve\" hashed_password:\"s08-hash\" >" with result "" took too long (180ms) to execute"#,
    ),
    (
        "s09-urlpass",
        r#"etcd[9]: health check for peer 17 could not connect: Get "https://root:s09-urlpass@10.0.0.2:2380/raft": dial tcp: i/o timeout"#,
    ),
    (
        "s10-flagpass",
        "sudo[77]: ops : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/etcdctl --user root --password s10-flagpass endpoint health",
    ),
    ("s11-userpass", "sudo[77]: ops : TTY=pts/0 ; COMMAND=/usr/bin/etcdctl --user=root:s11-userpass member list"),
    ("s12-bearer", "kube-proxy[5]: request headers: Authorization: Bearer s12-bearer"),
    (
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzMTMifQ.c2lnbmF0dXJl",
        "kubelet[5]: token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzMTMifQ.c2lnbmF0dXJl was refused",
    ),
    ("s14-envpass", "etcd[9]: recognized and used environment variable ETCD_ROOT_PASSWORD=s14-envpass"),
    ("s15-aws", "etcd-backup[3]: AWS_SECRET_ACCESS_KEY=s15-aws uploading snapshot"),
    (
        "MIIEowIBAAKCAQEAs16",
        "etcd[9]: -----BEGIN RSA PRIVATE KEY-----\netcd[9]: MIIEowIBAAKCAQEAs16\netcd[9]: -----END RSA PRIVATE KEY-----",
    ),
    ("s17-json", r#"etcd-operator[3]: {"user":"root","password":"s17-json","endpoint":"https://10.0.0.1:2379"}"#),
    ("s18-yaml", "etcd-operator[3]: client-secret: s18-yaml"),
    ("czE5LXNlY3JldA", "kubelet[5]: client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpczE5LXNlY3JldA=="),
    ("s20-discovery", "etcd[9]: found data dir; ignoring --discovery https://discovery.etcd.io/s20-discovery"),
    ("s21-value", r#"gateway[3]: {"kvs":[{"key":"L3JlZ2lzdHJ5L3NlY3JldHMvYQ==","value":"s21-value"}]}"#),
    ("s27bm90LWEta2V5LWF0LWFsbA", "helm[3]: tls.key: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCnMyN2JtOTBMV0V0YTJWNUxXRjBMV0ZzYkE="),
    (
        "czI4OnMyOC1kb2NrZXItcGFzcw",
        r#"kubelet[5]: {"auths":{"registry.corp.example.com":{"auth":"czI4OnMyOC1kb2NrZXItcGFzcw=="}}}"#,
    ),
    ("ASIAS29S29S29S29S29S", "etcd-backup[3]: uploading with ASIAS29S29S29S29S29S to s3://backups/etcd"),
    (
        "s30wJalrXUtnFEMIK7MDENGbPxRfiCYzk3J8vQ2",
        "etcd-backup[3]: s3: {accessKey: x, secretKey: s30wJalrXUtnFEMIK7MDENGbPxRfiCYzk3J8vQ2, bucket: etcd}",
    ),
    ("s31c29tZXNlc3Npb24x", "dashboard[4]: GET /v2/members Cookie: grafana_session=s31c29tZXNlc3Npb24x; lang=en"),
    ("s32c2V0Y29va2ll", r#"gateway[4]: {"headers":{"Set-Cookie":["sid=s32c2V0Y29va2ll9; Path=/; HttpOnly"]}}"#),
    ("s33pgpass", "patroni[6]: connecting to host=10.0.0.9 user=postgres password=s33pgpass dbname=postgres"),
    ("s34mongo", "backup[7]: mongodb+srv://ops:s34mongo@db.corp.example.com/admin?retryWrites=true failed"),
    ("s35jdbc", "vertx[8]: jdbc:sqlserver://10.0.0.9;databaseName=x;user=sa;password=s35jdbc;encrypt=true"),
    (
        "s36bm9raWFzYWZldHl0b2tlbjM2",
        "etcd-backup[3]: DefaultEndpointsProtocol=https;AccountName=etcd;AccountKey=s36bm9raWFzYWZldHl0b2tlbjM2bm9raWFzYWZldHl0b2tlbjM2bm9raWFzYWZldHl0b2tlbjM2bm9raWFzYQ==;EndpointSuffix=core.windows.net",
    ),
    (
        "s37SharedKeyabcdefghij0123456789",
        "backup[3]: Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=s37SharedKeyabcdefghij0123456789abcdefghijk=",
    ),
    (
        "s38sasSignatureabcdefghij0123456789",
        "backup[3]: PUT https://etcd.blob.core.windows.net/b/snap?sv=2022-11-02&sr=b&sig=s38sasSignatureabcdefghij0123456789%2Babcd%3D&se=2026",
    ),
    (
        "s39f0e1d2c3b4a5968778695a4b3c2d1e0f",
        r#"backup[3]: {"type":"service_account","project_id":"etcd","private_key_id":"s39f0e1d2c3b4a5968778695a4b3c2d1e0f","client_email":"b@etcd.iam.gserviceaccount.com"}"#,
    ),
    (
        "AIzaS40SyD0123456789abcdefghijklmnopqrs",
        "probe[3]: GET https://maps.googleapis.com/x?key=AIzaS40SyD0123456789abcdefghijklmnopqrs",
    ),
    ("ya29.s41AHES6ZRVmB7fkLtd1XTmq6mo0S1wqZZi3", "probe[3]: using ya29.s41AHES6ZRVmB7fkLtd1XTmq6mo0S1wqZZi3-Zh_"),
    ("GOCSPX-s42AbCdEfGhIjKlMnOpQrStUv", "oauth[3]: client GOCSPX-s42AbCdEfGhIjKlMnOpQrStUv was refused"),
    ("hvs.s43CAESIJ1234567890abcdefghijklmnop", "vault-agent[3]: renewing hvs.s43CAESIJ1234567890abcdefghijklmnop"),
    ("xoxb-441234567890-s44AbCdEfGhIjKlMnOpQrSt", "alert[3]: posting as xoxb-441234567890-s44AbCdEfGhIjKlMnOpQrSt"),
    (
        "T0S45/B0S45/s45AbCdEfGhIjKlMnOpQrSt",
        "alert[3]: POST https://hooks.slack.com/services/T0S45/B0S45/s45AbCdEfGhIjKlMnOpQrSt: 404",
    ),
    ("glpat-s46AbCdEfGhIjKlMnOpQ", "ci[3]: cloning with glpat-s46AbCdEfGhIjKlMnOpQ"),
    (
        "npm_s47AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
        "ci[3]: //registry.npmjs.org/:_authToken npm_s47AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
    ),
    ("s48AbCdEfGhIjKlMnOpQrStUvWxYz", "ci[3]: //registry.npmjs.org/:_authToken=s48AbCdEfGhIjKlMnOpQrStUvWxYz"),
    (
        "s49abcdef0123456789secret",
        "k3s[3]: K10a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90::server:s49abcdef0123456789secret",
    ),
    (
        "s50abc.0123456789abcdef",
        "kubeadm[3]: kubeadm join 10.0.0.1:6443 --token s50abc.0123456789abcdef --discovery-token-ca-cert-hash sha256:00",
    ),
    ("s51abc.0123456789abcdef", r#"kubelet[3]: failed to validate bootstrap token "s51abc.0123456789abcdef""#),
    ("N9qo8uLOickgx2ZMRZoMyeS52", "nginx[3]: admin:$2y$10$N9qo8uLOickgx2ZMRZoMyeS52ldGxad68LJZdL17lhWyUw/O1qg."),
    (
        "s53saltsa$abcdefghijklmnopqrstuvwxyzABCDEFGHIJ",
        "useradd[3]: root:$6$s53saltsa$abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789./abcdefghijklmnopqrstuvwxy:19000:0",
    ),
    ("s54apr1x$abcdefghijklmnopqrstuv", "httpd[3]: user:$apr1$s54apr1x$abcdefghijklmnopqrstuv"),
    ("czU1c2hhaGFzaGNvbnRlbnRmb3J5b3U", "ldap[3]: userPassword: {SSHA}czU1c2hhaGFzaGNvbnRlbnRmb3J5b3U="),
    ("s56luks-phrase", "cryptsetup[3]: luks_passphrase=s56luks-phrase opening data"),
    ("s57p12", "java[3]: -Djavax.net.ssl.keyStore=/etc/etcd/client.p12 -Djavax.net.ssl.keyStorePassword=s57p12"),
    (
        "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUS58",
        "sshd[3]: -----BEGIN OPENSSH PRIVATE KEY-----\nsshd[3]: b3BlbnNzaC1rZXktdjEAAAAABG5vbmUS58AAAAABAAAAMwAAAAtzc2gtZWQyNTUx\nsshd[3]: -----END OPENSSH PRIVATE KEY-----",
    ),
    ("dckr_pat_s59AbCdEfGhIjKlMnOpQrStU", "docker[3]: login with dckr_pat_s59AbCdEfGhIjKlMnOpQrStU"),
    ("s60basic", "curl[3]: > Authorization: Basic s60basicOnM2MC1iYXNpYw=="),
    ("s61-unitpass", r#"systemd[1]: etcd.service: Environment="ETCD_ROOT_PASSWORD=s61-unitpass" ignored"#),
    ("s62-unitflag", "systemd[1]: ExecStart=/usr/bin/etcd-proxy --auth-user root --auth-password s62-unitflag"),
    (
        "s63idABCDEFGHIJ0123456789abcdef012",
        "etcd[9]: discovery: https://discovery.etcd.io/s63idABCDEFGHIJ0123456789abcdef012 is full",
    ),
    ("s64restic", "restic[3]: RESTIC_PASSWORD=s64restic restic backup /var/lib/etcd"),
    ("pypi-AgEIcHlwaS5vcmcCJs65AbCdEfGhIj", "ci[3]: upload with pypi-AgEIcHlwaS5vcmcCJs65AbCdEfGhIj"),
    ("github_pat_s66AbCdEfGhIjKlMnOpQrSt_0123456789", "ci[3]: remote: github_pat_s66AbCdEfGhIjKlMnOpQrSt_0123456789 has expired"),
    (
        "s67enc0123456789abcdefghijklmnop",
        r#"kube-apiserver[3]: {"kind":"EncryptionConfiguration","keys":[{"name":"key1","secret":"s67enc0123456789abcdefghijklmnop="}]}"#,
    ),
    (
        "dop_v1_s68abcdef0123456789abcdef0123456789abcdef0123456789",
        "csi[3]: dop_v1_s68abcdef0123456789abcdef0123456789abcdef0123456789 was revoked",
    ),
    (
        "AGE-SECRET-KEY-1S69QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3",
        "sops[3]: AGE-SECRET-KEY-1S69QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3",
    ),
    ("sk_live_s70AbCdEfGhIjKlMnOpQrSt", "hook[3]: sk_live_s70AbCdEfGhIjKlMnOpQrSt"),
];
