//! Those who start and stop etcd: systemd, kubelet, container runtimes.

use super::{Class, Message, text};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "systemd-oom-killed",
        class: Class::Fault,
        fatal: false,
        means: "systemd saw the kernel kill a process of the unit for want of memory.",
        wordings: &[
            text("{process}: A process of this unit has been killed by the OOM killer.", "systemd", "HEAD"),
            text("{process}: Failed with result 'oom-kill'.", "systemd", "HEAD"),
        ],
    },
    Message {
        id: "systemd-failed",
        class: Class::Symptom,
        fatal: false,
        means: "The unit ended with a failure.",
        wordings: &[
            text("etcd.service: Failed with result '{result}'.", "systemd", "HEAD"),
            text("etcd{}.service: Failed with result '{result}'.", "systemd", "HEAD"),
            text("etcd.service: Unit entered failed state.", "systemd", "HEAD"),
            text("Unit etcd.service entered failed state.", "systemd", "HEAD"),
            text("etcd.service failed.", "systemd", "HEAD"),
        ],
    },
    Message {
        id: "systemd-spawn-failed",
        class: Class::Fault,
        fatal: true,
        means: "systemd did not get as far as etcd: what the unit asks for is not there, or is not allowed.",
        wordings: &[
            // systemd's `execute.c` and `service.c`; the step is CHDIR, EXEC, GROUP, NAMESPACE, USER and the like.
            text("etcd.service: Failed at step {step} spawning {path}: {error}", "systemd", "HEAD"),
            text("etcd{}.service: Failed at step {step} spawning {path}: {error}", "systemd", "HEAD"),
            text("Failed at step {step} spawning {path}etcd: {error}", "systemd", "HEAD"),
            text("etcd.service: Failed to load environment files: {error}", "systemd", "HEAD"),
            text("etcd.service: Failed to execute {path}: {error}", "systemd", "HEAD"),
            text("etcd.service: Failed to locate executable {path}: {error}", "systemd", "HEAD"),
            text("etcd.service: Unable to locate executable '{path}': {error}", "systemd", "HEAD"),
            text("etcd.service: Failed to determine user credentials: {error}", "systemd", "HEAD"),
            text("etcd.service: Changing to the requested working directory failed: {error}", "systemd", "HEAD"),
            text("etcd.service: Main process exited, code=exited, status=200/CHDIR", "systemd", "HEAD"),
            text("etcd.service: Main process exited, code=exited, status=203/EXEC", "systemd", "HEAD"),
            text("etcd.service: Main process exited, code=exited, status=216/GROUP", "systemd", "HEAD"),
            text("etcd.service: Main process exited, code=exited, status=217/USER", "systemd", "HEAD"),
            text("etcd.service: Main process exited, code=exited, status=226/NAMESPACE", "systemd", "HEAD"),
            text("etcd.service: main process exited, code=exited, status=200/CHDIR", "systemd", "HEAD"),
            text("etcd.service: main process exited, code=exited, status=203/EXEC", "systemd", "HEAD"),
            text("etcd.service: main process exited, code=exited, status=217/USER", "systemd", "HEAD"),
        ],
    },
    Message {
        id: "systemd-restart",
        class: Class::Symptom,
        fatal: false,
        means: "systemd starts the process again, and counts how often it did.",
        wordings: &[
            text("etcd.service: Scheduled restart job, restart counter is at {count}.", "systemd", "HEAD"),
            text("etcd{}.service: Scheduled restart job, restart counter is at {count}.", "systemd", "HEAD"),
            text("etcd.service holdoff time over, scheduling restart.", "systemd", "HEAD"),
            text("etcd.service: Service hold-off time over, scheduling restart.", "systemd", "HEAD"),
            text("etcd.service: Service RestartSec={} expired, scheduling restart.", "systemd", "HEAD"),
        ],
    },
    Message {
        id: "systemd-start-timeout",
        class: Class::Symptom,
        fatal: false,
        means: "The process did not say in time that it is ready, as without a quorum, and was ended.",
        wordings: &[
            text("etcd.service: start operation timed out. Terminating.", "systemd", "HEAD"),
            text("etcd.service: Start operation timed out. Terminating.", "systemd", "HEAD"),
            text("etcd.service start operation timed out. Terminating.", "systemd", "HEAD"),
        ],
    },
    Message {
        id: "systemd-stop-timeout",
        class: Class::Symptom,
        fatal: false,
        means: "The process did not end when it was told to, and was killed.",
        wordings: &[
            text("etcd.service: State '{state}' timed out. Killing.", "systemd", "HEAD"),
            text("etcd.service stop-sigterm timed out. Killing.", "systemd", "HEAD"),
        ],
    },
    Message {
        id: "kubelet-probe-failed",
        class: Class::Symptom,
        fatal: false,
        means: "A probe of etcd's container failed.",
        wordings: &[
            text(
                "\"Probe failed\" probeType=\"{probe}\" pod=\"{pod}\" podUID={} containerName=\"etcd\" probeResult={} output={error}",
                "kubelet",
                "HEAD",
            ),
            text("Liveness probe failed: {error}", "kubelet", "HEAD"),
            text("Readiness probe failed: {error}", "kubelet", "HEAD"),
            text("Startup probe failed: {error}", "kubelet", "HEAD"),
        ],
    },
    Message {
        id: "kubelet-restarts",
        class: Class::Symptom,
        fatal: false,
        means: "kubelet ends etcd's container, to start it again.",
        wordings: &[
            text("Container etcd failed liveness probe, will be restarted", "kubelet", "HEAD"),
            text("Container etcd failed startup probe, will be restarted", "kubelet", "HEAD"),
            text(
                "\"Killing container with a grace period\" pod=\"{pod}\" podUID={} containerName=\"etcd\" {}",
                "kubelet",
                "HEAD",
            ),
            text(
                "\"Container failed liveness probe, will be restarted\" pod=\"{pod}\" {}containerName=\"etcd\"{}",
                "kubelet",
                "HEAD",
            ),
        ],
    },
    Message {
        id: "kubelet-back-off",
        class: Class::Symptom,
        fatal: false,
        means: "etcd ends again and again, and kubelet waits before it starts it once more.",
        wordings: &[
            text("Back-off restarting failed container etcd in pod {pod}", "kubelet", "HEAD"),
            text("Back-off restarting failed container", "kubelet", "HEAD"),
            text(
                "\"Error syncing pod, skipping\" err=\"failed to \\\"StartContainer\\\" for \\\"etcd\\\" with CrashLoopBackOff: {}\" pod=\"{pod}\" {}",
                "kubelet",
                "HEAD",
            ),
            text(
                "Error syncing pod {} (\"{pod}\"), skipping: failed to \"StartContainer\" for \"etcd\" with CrashLoopBackOff: {}",
                "kubelet",
                "HEAD",
            ),
        ],
    },
];
