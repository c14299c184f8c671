//! Random histories of scheduling, cancelling, losing rights, waiting and restarting, against a naive model: each is sent
//! exactly once if the model says so, in the order of times.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

#[derive(Debug, Clone)]
enum Step {
    /// Something in so many seconds, that expires so many seconds after that; to everyone, or to North.
    Schedule { seconds: i64, lasts: Option<i64>, to_north: bool },
    /// One of those that there are.
    Cancel(usize),
    /// Ada becomes an admin of North, or is one no more.
    Appoint(bool),
    /// Time passes, and somebody looks for what is due: so many at once.
    Wait { seconds: i64, schedulers: usize },
    /// Time passes while the server is away.
    Away { seconds: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let lasts = prop_oneof![2 => Just(None), 1 => (1..20_i64).prop_map(Some)];
    prop_oneof![
        4 => (1..40_i64, lasts, any::<bool>())
            .prop_map(|(seconds, lasts, to_north)| Step::Schedule { seconds, lasts, to_north }),
        2 => any::<usize>().prop_map(Step::Cancel),
        1 => any::<bool>().prop_map(Step::Appoint),
        3 => (0..20_i64, 1..3_usize).prop_map(|(seconds, schedulers)| Step::Wait { seconds, schedulers }),
        1 => (0..40_i64).prop_map(|seconds| Step::Away { seconds }),
    ]
}

/// One broadcast, as simply as can be.
struct Modelled {
    id: BroadcastId,
    at: i64,
    expires: Option<i64>,
    to_north: bool,
    state: &'static str,
}

#[derive(Default)]
struct Model {
    now: i64,
    admin: bool,
    broadcasts: Vec<Modelled>,
    sent: Vec<usize>,
}

impl Model {
    fn send_due(&mut self) {
        let mut due: Vec<usize> = (0..self.broadcasts.len())
            .filter(|i| self.broadcasts[*i].state == "scheduled" && self.broadcasts[*i].at <= self.now)
            .collect();
        due.sort_by_key(|i| (self.broadcasts[*i].at, *i));
        for i in due {
            let broadcast = &mut self.broadcasts[i];
            let expired = broadcast.expires.is_some_and(|at| at <= self.now);
            let allowed = self.admin || !broadcast.to_north;
            broadcast.state = if expired || !allowed { "failed" } else { "sent" };
            if broadcast.state == "sent" {
                self.sent.push(i);
            }
        }
    }
}

async fn run(steps: Vec<Step>) {
    let fixture = Fixture::start().await;
    let mut model = Model::default();
    let beginning = fixture.clock.now();
    for step in steps {
        match step {
            Step::Schedule { seconds, lasts, to_north } => {
                let number = model.broadcasts.len();
                let (audience, token_role) = match to_north {
                    true => (Audience::Campus(fixture.north), Role::Member),
                    false => (Audience::System, Role::Service),
                };
                let mut publication = fixture.publication(audience, &number.to_string());
                let at = model.now + seconds;
                let expires = lasts.map(|lasts| at + lasts);
                publication.content.expires_at = expires.map(|at| beginning + TimeDelta::seconds(at));
                let id = id(&announce(&fixture, publication, Some(seconds), token_role).await.unwrap());
                model.broadcasts.push(Modelled { id, at, expires, to_north, state: "scheduled" });
            }
            Step::Cancel(which) => {
                let many = model.broadcasts.len();
                let Some(target) = model.broadcasts.get_mut(which % many.max(1)) else { continue };
                let expected = match target.state {
                    "scheduled" | "cancelled" => Cancelled::Yes,
                    _ => Cancelled::TooLate,
                };
                assert_eq!(fixture.log.cancel_broadcast(target.id).await.unwrap(), expected);
                if expected == Cancelled::Yes {
                    target.state = "cancelled";
                }
            }
            Step::Appoint(admin) => {
                model.admin = admin;
                let role = if admin { CampusRole::Admin } else { CampusRole::Member };
                let change = (fixture.ada.id, fixture.north, Some(role));
                fixture.log.set_memberships(vec![change]).await.unwrap();
            }
            Step::Wait { seconds, schedulers } => {
                model.now += seconds;
                fixture.turn_clock(TimeDelta::seconds(seconds));
                model.send_due();
                let all: Vec<Scheduler> = (0..schedulers).map(|_| scheduler(&fixture)).collect();
                let sending = all.iter().map(Scheduler::send_due);
                futures_util::future::join_all(sending).await.into_iter().for_each(Result::unwrap);
            }
            Step::Away { seconds } => {
                model.now += seconds;
                fixture.turn_clock(TimeDelta::seconds(seconds));
            }
        }
    }
    let expected: Vec<String> = model.sent.iter().map(ToString::to_string).collect();
    assert_eq!(titles(&fixture).await, expected);
    for modelled in &model.broadcasts {
        let state = match state(&fixture, modelled.id).await {
            State::Scheduled => "scheduled",
            State::Sent { .. } => "sent",
            State::Cancelled => "cancelled",
            State::Failed { .. } => "failed",
        };
        assert_eq!(state, modelled.state, "{:?}", modelled.id);
    }
}

#[test]
fn each_is_sent_exactly_once_if_it_is_to_be() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let histories = proptest::collection::vec(step(), 1..40);
    runner
        .run(&histories, |steps| {
            runtime.block_on(run(steps));
            Ok(())
        })
        .unwrap();
}
