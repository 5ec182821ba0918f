//! Ordinary lines, which stay byte for byte.

use super::redacted;

#[test]
fn what_etcd_and_its_machine_say_of_themselves_stays() {
    for line in LINES.lines() {
        assert_eq!(redacted(line), line);
    }
}

pub(in crate::redact) const LINES: &str = r##"
KeyFile and CertFile must both be present[key: , cert: /etc/etcd/server.crt]
{"level":"info","msg":"listening with TLS","tls-info":"cert = /etc/etcd/server.crt, key = /etc/etcd/server.key, client-cert = , client-key = , trusted-ca = /etc/etcd/ca.crt, client-cert-auth = true, crl-file = "}
{"level":"warn","msg":"failed to find client cert files","cert-file":"/etc/etcd/a.crt","key-file":"/etc/etcd/a.key","key":"/etc/etcd/a.key","error":"x"}
/usr/bin/etcd --cert-file=/etc/kubernetes/pki/etcd/server.crt --key-file=/etc/kubernetes/pki/etcd/server.key --peer-key-file=/x.key
ClientTLS: cert = /a.crt, key = /a.key, trusted-ca = , peer-key = /b.key
2021-03-01 10:15:02.123456 I | embed: peerTLS: cert = /a, key = /b, trusted-ca = /c, client-cert-auth = true, crl-file = 
{"level":"info","msg":"restored last compact revision","meta-bucket-name-key":"finishedCompactRev","restored-compact-revision":5}
{"level":"info","msg":"starting an etcd server","name":"etcd-a","data-dir":"/var/lib/etcd","initial-cluster":"etcd-a=https://10.0.0.1:2380","initial-cluster-token":"etcd-cluster","pre-vote":true,"discovery-url":"","downgrade-check-interval":"5s"}
{"level":"info","msg":"opened backend db","path":"/var/lib/etcd/member/snap/db","took":"5.1ms"}
{"level":"info","msg":"published local member to cluster through raft","local-member-id":"8e9e05c52164694d","local-member-attributes":"{Name:etcd-a ClientURLs:[http://10.0.0.1:2379]}","request-path":"/0/members/8e9e05c52164694d/attributes","cluster-id":"cdf818194e3a8c32","publish-timeout":"7s"}
{"level":"info","ts":"2026-11-22T16:17:30.962412Z","caller":"traceutil/trace.go:171","msg":"trace[1] transaction","detail":"{read_only:false; response_revision:5; number_of_response:1; }","duration":"1s","start":"2026-11-22T16:17:30.9Z","end":"2026-11-22T16:17:31.9Z","steps":["trace[1] 'compare'  (duration: 1ms)"],"step_count":1}
{"level":"info","msg":"trace[1] linearizableReadLoop","detail":"{readStateIndex:5; appliedIndex:5; }","duration":"1s"}
{"level":"warn","msg":"apply request took too long","took":"1s","prefix":"read-only range ","request":"key:\"health\" ","response":"range_response_count:0 size:6"}
{"level":"warn","msg":"invalid password","user-name":"root"}
{"level":"info","caller":"auth/simple_token.go:12","msg":"x"}
recognized and used environment variable ETCD_INITIAL_CLUSTER=a=http://10.0.0.1:2380
{"level":"info","msg":"recognized and used environment variable","variable-name":"ETCD_NAME","variable-value":"etcd-a"}
authentication failed, invalid password for user root
etcdserver: authentication failed, invalid user ID or password
auth: incorrect password for user: root.
mvcc: range cannot find rev (5,0)
finished scheduled compaction at 8261 (took 1.2ms)
rejected connection from "10.0.0.9:41234" (error "remote error: tls: bad certificate", ServerName "")
lookup etcd-a on 10.0.0.53:53: no such host
dial tcp [fe80::1]:2380: connect: connection refused
peer "Peer{Addr: <nil>, LocalAddr: <nil>, AuthInfo: <nil>}"
# HELP etcd_debugging_mvcc_keys_total Total number of keys.
etcd_debugging_mvcc_keys_total 271
etcd_network_client_grpc_received_bytes_total{type="unary"} 5
etcd_server_version{server_version="3.5.30"} 1
{"health":"true","reason":""}
{"etcdserver":"3.4.23","etcdcluster":"3.4.0"}
[{"Endpoint":"http://10.0.0.1:2379","Status":{"header":{"cluster_id":1,"member_id":2,"revision":3,"raft_term":4},"version":"3.4.23","dbSize":24576,"leader":5,"raftIndex":6,"raftTerm":4}}]
| http://10.0.0.1:2379 | 8e9e05c52164694d |  3.4.23 |   25 kB |      true |      false |         2 |          8 |                  8 |        |
8e9e05c52164694d, started, etcd-a, http://10.0.0.1:2380, http://10.0.0.1:2379, false
memberID:10276657743932975437 alarm:NOSPACE 
member 8e9e05c52164694d is healthy: got healthy result from http://10.0.0.1:2379
cluster may be unhealthy: failed to list members
{"id":"ce2a822cea30bfca","name":"etcd-a","peerURLs":["http://10.0.0.1:2380"],"clientURLs":["http://10.0.0.1:2379"]}
Nov 22 16:00:00 h kernel: Out of memory: Killed process 4153 (etcd) total-vm:10612332kB, anon-rss:54212kB
Nov 22 16:00:00 h kernel: blk_update_request: I/O error, dev loop1, sector 56 op 0x1:(WRITE) flags 0x800
Nov 22 16:00:00 h kernel: EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2: comm etcd: reading directory lblock 0
Nov 22 16:00:00 h systemd[1]: Started Forward Password Requests to Wall Directory Watch.
Nov 22 16:00:00 h systemd[1]: etcd.service: Main process exited, code=killed, status=9/KILL
Nov 22 16:00:00 h sshd[2]: Failed password for root from 10.0.0.9 port 22 ssh2
Nov 22 16:00:00 h sshd[2]: Accepted publickey for root from 10.0.0.9 port 22 ssh2: RSA SHA256:abcdefghijklmnop
Nov 22 16:00:00 h chronyd[3]: Selected source 10.0.0.123
Nov 22 16:00:00 h audit[4]: SYSCALL arch=c000003e syscall=2 success=no exit=-13 key=(null)
E0617 07:19:43.826693   27196 reflector.go:138] k8s.io/client-go/informers/factory.go:134: Failed to watch *v1.Secret: failed to list *v1.Secret: etcdserver: request timed out
E0617 07:19:43.826693   27196 secret.go:45] Couldn't get secret default/foo: secret "foo" not found
E0617 07:19:43.826693   27196 tokens_controller.go:188] timed out
Get "https://10.0.0.1:6443/api/v1/namespaces/kube-system/secrets": dial tcp 10.0.0.1:6443: connect: connection refused
Get "https://10.0.0.1:6443/api/v1/secrets?limit=500&resourceVersion=0": EOF
User "system:node:a" cannot list resource "secrets" in API group ""
open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory
PWD=/root
OLDPWD=/var/lib/etcd
root      1234     1  2.0  1.0 ? Ssl Nov22 1:02 /usr/bin/etcd --name=etcd-a --data-dir=/var/lib/etcd --initial-cluster-token=prod-etcd
journalctl -u etcd --since "2026-11-22 16:00:00"
docker run -u 1000:1000 --user 0:0 quay.io/coreos/etcd
date -u +%H:%M:%S
/dev/sda1       ext4   20G  5.0G   15G  25% /var/lib/etcd
   8       0 sda 12345 67 89012 345 6789 0 1 2 3 4 5
some avg10=0.00 avg60=0.00 avg300=0.00 total=12345
Max open files            65536                65536                files
drwx------ 4 etcd etcd 4096 Nov 22 16:00 member
tcp   LISTEN 0 4096 10.0.0.1:2379 0.0.0.0:* users:(("etcd",pid=1234,fd=7))
    - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    image: k8s.gcr.io/etcd:3.4.13-0
      secretName: etcd-certs
    automountServiceAccountToken: false
  key: node-role.kubernetes.io/master
  value: "5"
panic: runtime error: slice bounds out of range
goroutine 1 [running]:
go.etcd.io/etcd/mvcc.(*keyIndex).put(0xc000123456, 0x5, 0x0)
"##;
