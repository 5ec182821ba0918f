//! What can be concluded, and how sure it is: outcomes of rules, findings that cite, the verdict, and the ranking of causes.

mod cluster;
mod code;
mod finding;
mod id;
mod outcome;
mod ranking;
mod report;
mod scale;

pub use cluster::{ClockRow, ClusterRow, ElectionRow, LinkRow, ReachRow};
pub use code::Code;
pub use finding::{Evidence, Finding, Link, Moment, Step};
pub use id::{id, meaning};
pub use outcome::{Gap, Outcome};
pub use ranking::{Kinship, Ranked, rank};
pub use report::{
    Bucket, Coverage, Diagnosis, Event, Ground, InputFacts, Measurement, MemberRow, Quantile, RoundTrip, RuleCounts, SCHEMA,
    Tool, Unreadable, Verdict, Wellbeing, Within,
};
pub use scale::{Confidence, Impact, Risk, Severity, State, Weight};
