//! The positions move with time, and never faster than they may.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

const DAY: i64 = 86_400;
const AGES: Ages =
    Ages { archive_after: Duration::from_hours(30 * 24), keep_for: Duration::from_hours(400 * 24) };

/// So many days after the first entry, or before.
fn day(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_003_200 + day * DAY, 0).unwrap()
}

fn days(days: u64) -> Duration {
    Duration::from_hours(days * 24)
}

#[rstest]
#[case::with_time(10, 41, 1, 11)]
#[case::not_before_it_is_old(10, 40, 1, 10)]
#[case::late_at_twice_the_pace(10, 100, 1, 12)]
#[case::late_and_nearly_there(10, 42, 5, 12)]
#[case::no_time_has_passed(10, 100, 0, 10)]
#[case::a_clock_years_ahead(10, 4_000, 1, 12)]
#[case::a_clock_years_behind(10, -4_000, 1, 10)]
#[case::after_years_asleep(10, 4_000, 3_650, 3_970)]
fn moves_to_what_is_old_and_no_faster_than_time_twice(
    #[case] reached: i64,
    #[case] now: i64,
    #[case] passed: u64,
    #[case] next: i64,
) {
    assert_eq!(reach(day(reached), day(now), AGES.archive_after, days(passed)), day(next));
}

#[rstest]
#[case::an_age_without_end(Duration::MAX, days(1), 10)]
#[case::all_the_time_there_is(AGES.archive_after, Duration::MAX, 70)]
fn the_largest_numbers_are_no_trouble(#[case] age: Duration, #[case] passed: Duration, #[case] next: i64) {
    assert_eq!(reach(day(10), day(100), age, passed), day(next));
}

#[test]
fn begins_at_the_first_entry_however_old_that_is() {
    let next = |first, passed| Progress::default().next(first, day(1_000), AGES, passed);
    let before_first = day(0) - TimeDelta::milliseconds(1);
    assert_eq!(next(None, days(9)), None, "the log is empty");
    assert_eq!(next(Some(day(0)), Duration::ZERO), None, "just found");
    let until = Some(before_first + TimeDelta::days(4));
    assert_eq!(
        next(Some(day(0)), days(2)),
        Some(Progress { moves: 1, archived_until: until, deleted_until: until })
    );
}

#[test]
fn what_is_young_moves_nothing() {
    assert_eq!(Progress::default().next(Some(day(0)), day(29), AGES, days(29)), None);
}

#[test]
fn each_has_its_own_age() {
    let until = Some(day(50));
    let standing = Progress { moves: 7, archived_until: until, deleted_until: until };
    let next = standing.next(Some(day(0)), day(81), AGES, days(1)).unwrap();
    assert_eq!(next, Progress { moves: 8, archived_until: Some(day(51)), deleted_until: until });
}

#[test]
fn a_longer_age_brings_nothing_back() {
    let until = Some(day(50));
    let standing = Progress { moves: 7, archived_until: until, deleted_until: until };
    let longer = Ages { archive_after: days(300), keep_for: days(4_000) };
    assert_eq!(standing.next(Some(day(0)), day(81), longer, days(1)), None);
}

#[rstest]
#[case::the_defaults(AGES, Duration::from_mins(1))]
#[case::half_an_hour(Ages { archive_after: Duration::from_mins(5), keep_for: days(1) }, Duration::from_secs(30))]
#[case::seconds(Ages { archive_after: Duration::from_secs(2), keep_for: Duration::from_secs(4) }, Duration::from_millis(200))]
#[case::nothing(Ages { archive_after: Duration::ZERO, keep_for: Duration::ZERO }, Duration::from_millis(50))]
fn looks_as_often_as_the_ages_ask(#[case] ages: Ages, #[case] tick: Duration) {
    assert_eq!(ages.tick(), tick);
}

#[rstest]
#[case::quick(100, 500, 200)]
#[case::as_long_as_it_should(100, 1_500, 100)]
#[case::too_long(100, 2_001, 50)]
#[case::never_none(1, 90_000, 1)]
#[case::never_too_many(400, 0, 500)]
fn a_batch_is_as_large_as_its_time_allows(#[case] rows: i64, #[case] micros: u64, #[case] next: i64) {
    assert_eq!(next_batch(rows, Duration::from_micros(micros)), next);
}

#[test]
fn time_is_claimed_by_who_saw_them_stand_still() {
    let at = Duration::from_secs;
    let mut witness = Witness::default();
    assert_eq!(witness.passed(5, at(100)), at(0), "just started");
    witness.saw(5, at(100));
    assert_eq!(witness.passed(5, at(160)), at(60));
    assert_eq!(witness.passed(6, at(160)), at(0), "somebody else has moved them");
}

/// One of several servers of one database.
#[derive(Default)]
struct Server {
    witness: Witness,
    started: Duration,
}

/// What happens next.
#[derive(Debug, Clone)]
enum Step {
    /// So many seconds go by.
    Wait(u32),
    /// Somebody sets every clock, by so many seconds.
    SetClock(i32),
    /// This server looks.
    Tick(usize),
    /// This server ends, and another takes its place.
    Restart(usize),
}

fn step() -> impl Strategy<Value = Step> {
    // Up to three days, and up to sixty years.
    prop_oneof![
        3 => (0..260_000_u32).prop_map(Step::Wait),
        1 => (-1_900_000_000..1_900_000_000_i32).prop_map(Step::SetClock),
        4 => (0..3_usize).prop_map(Step::Tick),
        1 => (0..3_usize).prop_map(Step::Restart),
    ]
}

proptest! {
    #[test]
    fn never_faster_than_time_twice_and_never_beyond_what_is_old(steps in prop::collection::vec(step(), 1..120)) {
        let (mut time, mut set_by) = (Duration::ZERO, 0_i64);
        let mut servers: [Server; 3] = Default::default();
        let mut progress = Progress::default();
        let first = day(0);
        for step in steps {
            match step {
                Step::Wait(seconds) => time += Duration::from_secs(u64::from(seconds)),
                Step::SetClock(seconds) => set_by = i64::from(seconds),
                Step::Restart(server) => servers[server] = Server { started: time, ..Server::default() },
                Step::Tick(server) => {
                    let server = &mut servers[server];
                    let now = day(500) + TimeDelta::from_std(time).unwrap() + TimeDelta::seconds(set_by);
                    let watch = time.saturating_sub(server.started);
                    let passed = server.witness.passed(progress.moves, watch);
                    let before = progress;
                    progress = progress.next(Some(first), now, AGES, passed).unwrap_or(progress);
                    server.witness.saw(progress.moves, watch);
                    for (before, after, age) in [
                        (before.archived_until, progress.archived_until, AGES.archive_after),
                        (before.deleted_until, progress.deleted_until, AGES.keep_for),
                    ] {
                        prop_assert!(before <= after, "never back");
                        prop_assert!(before == after || after.unwrap() <= now - age, "only what is old");
                        let moved = after.map_or(TimeDelta::zero(), |after| after - first);
                        prop_assert!(moved <= TimeDelta::from_std(2 * time).unwrap(), "no faster than time twice");
                    }
                }
            }
        }
    }
}
