//! The rules by tables; what inherits from what by properties.

use chrono::{NaiveDateTime, TimeDelta, TimeZone as _};
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::domain::notification_type::{Category, TypeDefinition};

const NORTH: CampusId = CampusId(1);
const SOUTH: CampusId = CampusId(2);
/// Heard, unless muted.
const NEWS: TypeId = TypeId(1);
/// Not heard, unless asked for.
const GOSSIP: TypeId = TypeId(2);
/// Cannot be muted.
const ALARM: TypeId = TypeId(3);

fn types() -> TypeRegistry {
    let known = |(id, name, default_enabled, mandatory): (TypeId, &str, bool, bool)| NotificationType {
        id,
        definition: TypeDefinition {
            name: name.to_owned(),
            category: Category::System,
            label: name.to_owned(),
            default_enabled,
            mandatory,
        },
        retired: false,
    };
    let types = [(NEWS, "NEWS", true, false), (GOSSIP, "GOSSIP", false, false), (ALARM, "ALARM", true, true)];
    TypeRegistry::new(types.map(known).into())
}

fn choices(types: &[(TypeId, bool)]) -> Choices {
    Choices { types: types.iter().copied().collect(), quiet_hours: None }
}

fn hours(start: &str, end: &str, timezone: Option<Tz>) -> QuietHours {
    let [start, end] = [start, end].map(|text| TimeOfDay::parse(text).unwrap());
    QuietHours { enabled: true, start, end, timezone }
}

fn utc(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap().and_utc()
}

#[rstest]
#[case::built_in(&[], &[], NEWS, true)]
#[case::built_in_off(&[], &[], GOSSIP, false)]
#[case::by_default(&[(NEWS, false)], &[], NEWS, false)]
#[case::asked_for_by_default(&[(GOSSIP, true)], &[], GOSSIP, true)]
#[case::on_the_campus(&[(NEWS, false)], &[(NEWS, true)], NEWS, true)]
#[case::on_the_campus_only(&[], &[(NEWS, false)], NEWS, false)]
#[case::another_type(&[(GOSSIP, true)], &[(GOSSIP, false)], NEWS, true)]
#[case::mandatory(&[(ALARM, false)], &[(ALARM, false)], ALARM, true)]
fn what_is_not_set_is_inherited(
    #[case] default: &[(TypeId, bool)],
    #[case] on_north: &[(TypeId, bool)],
    #[case] type_id: TypeId,
    #[case] heard: bool,
) {
    let settings = Settings { default: choices(default), by_campus: [(NORTH, choices(on_north))].into() };
    let preferences = Preferences::new(&settings, None, &types());
    assert_eq!(preferences.mutes(type_id, Some(NORTH)), !heard);
    assert_eq!(preferences.mutes(type_id, Some(SOUTH)), preferences.mutes(type_id, None));
}

#[test]
fn an_adjustment_leaves_alone_what_it_does_not_name() {
    let settings = Settings::default();
    let mute = Adjustment { types: vec![(NEWS, Some(false))], quiet_hours: None };
    let settings = settings.adjusted(Some(NORTH), &mute).unwrap();
    let start = TimeOfDay::parse("23:30");
    let set = QuietHoursAdjustment::Set { enabled: Some(true), start, end: None, timezone: None };
    let quiet = Adjustment { types: vec![], quiet_hours: Some(set) };
    let settings = settings.adjusted(Some(NORTH), &quiet).unwrap();
    assert!(!settings.hears(types().get(NEWS).unwrap(), Some(NORTH)));
    assert_eq!(settings.quiet_hours(Some(NORTH)), hours("23:30", "07:00", None));
    assert!(settings.sets_quiet_hours(Some(NORTH)) && !settings.sets_quiet_hours(None));
    let inherit = Adjustment { types: vec![(NEWS, None)], quiet_hours: Some(QuietHoursAdjustment::Inherit) };
    assert_eq!(settings.adjusted(Some(NORTH), &inherit).unwrap(), Settings::default());
    assert_eq!(settings.reset(NORTH), Settings::default());
}

#[test]
fn quiet_hours_on_a_campus_begin_as_they_were_inherited() {
    let default =
        Choices { quiet_hours: Some(hours("21:00", "06:00", Some(Tz::Asia__Tokyo))), ..choices(&[]) };
    let settings = Settings { default, ..Settings::default() };
    let end = TimeOfDay::parse("08:15");
    let set = QuietHoursAdjustment::Set { enabled: None, start: None, end, timezone: Some(None) };
    let change = Adjustment { types: vec![], quiet_hours: Some(set) };
    let settings = settings.adjusted(Some(NORTH), &change).unwrap();
    assert_eq!(settings.quiet_hours(Some(NORTH)), hours("21:00", "08:15", None));
    assert_eq!(settings.quiet_hours(Some(SOUTH)), hours("21:00", "06:00", Some(Tz::Asia__Tokyo)));
}

#[test]
fn what_changes_nothing_of_the_quiet_hours_leaves_them_inherited() {
    let nothing = QuietHoursAdjustment::Set { enabled: None, start: None, end: None, timezone: None };
    let change = Adjustment { types: vec![], quiet_hours: Some(nothing) };
    for place in [None, Some(NORTH)] {
        assert_eq!(Settings::default().adjusted(place, &change), Ok(Settings::default()));
    }
}

#[test]
fn what_makes_no_sense_is_refused_by_its_field() {
    let start = TimeOfDay::parse("07:00");
    let set = QuietHoursAdjustment::Set { enabled: None, start, end: None, timezone: None };
    let change = Adjustment { types: vec![], quiet_hours: Some(set) };
    assert_eq!(Settings::default().adjusted(None, &change).unwrap_err().field, "quietHours.endTime");
    let mute = Adjustment { types: vec![(NEWS, Some(false)), (ALARM, Some(false))], quiet_hours: None };
    assert_eq!(mute.check(&types()).unwrap_err().field, "types.1.enabled");
    let unmute = Adjustment { types: vec![(ALARM, Some(true)), (ALARM, None)], quiet_hours: None };
    assert_eq!(unmute.check(&types()), Ok(()));
}

#[rstest]
#[case("00:00", Some(0))]
#[case("23:59", Some(1_439))]
#[case("24:00", None)]
#[case("12:60", None)]
#[case("7:00", None)]
#[case("07:0", None)]
#[case("+7:00", None)]
#[case("07:00:00", None)]
#[case("0700", None)]
#[case("", None)]
#[case("٠٧:٠٠", None)]
fn a_time_of_day_has_one_spelling(#[case] text: &str, #[case] minutes: Option<u16>) {
    assert_eq!(TimeOfDay::parse(text).map(TimeOfDay::minutes), minutes);
    if let Some(time) = TimeOfDay::parse(text) {
        assert_eq!(time.to_string(), text);
    }
}

// Rome: on 2026-03-29 the clock goes from 01:59 to 03:00 at 01:00 UTC; on 2026-10-25 from 02:59 to 02:00 at 01:00 UTC.
#[rstest]
#[case::before("22:00", "07:00", "2026-06-10 19:59", false)]
#[case::at_the_start("22:00", "07:00", "2026-06-10 20:00", true)]
#[case::across_midnight("22:00", "07:00", "2026-06-10 22:30", true)]
#[case::the_last_minute("22:00", "07:00", "2026-06-11 04:59", true)]
#[case::at_the_end("22:00", "07:00", "2026-06-11 05:00", false)]
#[case::within_a_day("12:00", "14:00", "2026-06-10 11:59", true)]
#[case::within_a_day_over("12:00", "14:00", "2026-06-10 12:00", false)]
#[case::the_night_that_is_short("22:00", "07:00", "2026-03-29 04:59", true)]
#[case::the_night_that_is_short_over("22:00", "07:00", "2026-03-29 05:00", false)]
#[case::the_night_that_is_long("22:00", "07:00", "2026-10-25 05:59", true)]
#[case::the_night_that_is_long_over("22:00", "07:00", "2026-10-25 06:00", false)]
#[case::end_skipped("22:00", "02:30", "2026-03-29 00:59", true)]
#[case::end_skipped_over("22:00", "02:30", "2026-03-29 01:00", false)]
#[case::start_skipped("02:30", "06:00", "2026-03-29 00:59", false)]
#[case::start_skipped_begun("02:30", "06:00", "2026-03-29 01:00", true)]
#[case::all_skipped("02:10", "02:50", "2026-03-29 01:00", false)]
#[case::end_twice_first("22:00", "02:30", "2026-10-25 00:30", true)]
#[case::end_twice_last("22:00", "02:30", "2026-10-25 01:29", true)]
#[case::end_twice_over("22:00", "02:30", "2026-10-25 01:30", false)]
#[case::start_twice("02:30", "06:00", "2026-10-25 00:29", false)]
#[case::start_twice_first("02:30", "06:00", "2026-10-25 00:30", true)]
#[case::start_twice_between("02:30", "06:00", "2026-10-25 01:10", true)]
fn quiet_hours_follow_the_clocks_of_rome(
    #[case] start: &str,
    #[case] end: &str,
    #[case] at: &str,
    #[case] quiet: bool,
) {
    let window = hours(start, end, Some(Tz::Europe__Rome)).window(None).unwrap();
    assert_eq!(window.contains(utc(at)), quiet);
}

#[rstest]
#[case::later_today("2026-06-10 10:00", "2026-06-10 20:00", "2026-06-11 05:00")]
#[case::now("2026-06-10 20:00", "2026-06-11 20:00", "2026-06-11 05:00")]
#[case::before_the_short_night("2026-03-28 12:00", "2026-03-28 21:00", "2026-03-29 05:00")]
#[case::before_the_long_night("2026-10-24 12:00", "2026-10-24 20:00", "2026-10-25 06:00")]
fn the_next_start_and_end_are_told(#[case] now: &str, #[case] start: &str, #[case] end: &str) {
    let window = hours("22:00", "07:00", Some(Tz::Europe__Rome)).window(None).unwrap();
    assert_eq!(window.next_start(utc(now)), Some(utc(start)));
    assert_eq!(window.next_end(utc(now)), Some(utc(end)));
}

#[test]
fn a_day_that_a_country_skips_is_no_trouble() {
    // Samoa had no 2011-12-30.
    let window = hours("10:00", "12:00", Some(Tz::Pacific__Apia)).window(None).unwrap();
    let before = Tz::Pacific__Apia.with_ymd_and_hms(2011, 12, 29, 13, 0, 0).unwrap().to_utc();
    let after = Tz::Pacific__Apia.with_ymd_and_hms(2011, 12, 31, 10, 0, 0).unwrap().to_utc();
    assert_eq!(window.next_start(before), Some(after));
}

#[test]
fn whose_clocks_they_are() {
    let at = utc("2026-06-10 13:30");
    let quiet = |own, set| hours("22:00", "23:00", set).window(own).unwrap().contains(at);
    assert!(quiet(Some(Tz::Asia__Tokyo), None), "the person's own");
    assert!(quiet(Some(Tz::Europe__Rome), Some(Tz::Asia__Tokyo)), "those that were set");
    assert!(!quiet(None, None), "else UTC");
    assert_eq!(QuietHours::default().window(None), None, "not enabled");
}

#[rstest]
#[case(NEWS, Priority::High, true)]
#[case(NEWS, Priority::Urgent, false)]
#[case(ALARM, Priority::Low, false)]
fn what_is_urgent_or_mandatory_sounds(
    #[case] type_id: TypeId,
    #[case] priority: Priority,
    #[case] silent: bool,
) {
    let default = Choices { quiet_hours: Some(hours("22:00", "07:00", None)), ..choices(&[]) };
    let loud = Choices { quiet_hours: Some(QuietHours::default()), ..choices(&[]) };
    let settings = Settings { default, by_campus: [(NORTH, loud)].into() };
    let preferences = Preferences::new(&settings, None, &types());
    let at = utc("2026-06-10 23:00");
    assert_eq!(preferences.silences(type_id, priority, None, at), silent);
    assert_eq!(preferences.silences(type_id, priority, Some(SOUTH), at), silent);
    assert!(!preferences.silences(type_id, priority, Some(NORTH), at), "not there");
}

fn any_zone() -> impl Strategy<Value = Tz> {
    proptest::sample::select(&chrono_tz::TZ_VARIANTS[..])
}

proptest! {
    /// Away from changed clocks, the clock on the wall decides.
    #[test]
    fn quiet_is_what_the_clock_shows(
        zone in any_zone(), start in 0..1_440_u16, end in 0..1_440_u16, minute in 26_297_280..31_556_736_i64
    ) {
        let at = DateTime::from_timestamp(60 * minute, 0).unwrap();
        let offset = |hours| {
            use chrono::Offset as _;
            zone.offset_from_utc_datetime(&(at + TimeDelta::hours(hours)).naive_utc()).fix().local_minus_utc()
        };
        prop_assume!(start != end && offset(-50) == offset(50) && offset(0) == offset(50));
        let [from, to] = [start, end].map(|minutes| TimeOfDay::from_minutes(minutes).unwrap());
        let hours = QuietHours { enabled: true, start: from, end: to, timezone: Some(zone) };
        let local = at.with_timezone(&zone).naive_local();
        let shown = u16::try_from((local - local.date().and_time(chrono::NaiveTime::MIN)).num_minutes()).unwrap();
        let expected = match start < end {
            true => (start..end).contains(&shown),
            false => shown >= start || shown < end,
        };
        prop_assert_eq!(hours.window(None).unwrap().contains(at), expected);
    }

    /// Whenever it is: the next start is when it becomes quiet, the next end when it stops.
    #[test]
    fn the_next_moments_are_those_of_the_change(
        zone in any_zone(), start in 0..1_440_u16, length in 1..1_200_u16, minute in 26_297_280..31_556_736_i64
    ) {
        let at = DateTime::from_timestamp(60 * minute, 0).unwrap();
        let [from, to] = [start, (start + length) % 1_440].map(|minutes| TimeOfDay::from_minutes(minutes).unwrap());
        let window = QuietHours { enabled: true, start: from, end: to, timezone: Some(zone) }.window(None).unwrap();
        let (begins, ends) = (window.next_start(at).unwrap(), window.next_end(at).unwrap());
        let before = |moment: DateTime<Utc>| moment - TimeDelta::milliseconds(1);
        prop_assert!(begins > at && ends > at);
        prop_assert!(window.contains(begins) && !window.contains(before(begins)));
        prop_assert!(!window.contains(ends) && window.contains(before(ends)));
        prop_assert_eq!(window.contains(at), ends < begins);
    }

    /// What is said of one type in one place changes nothing else.
    #[test]
    fn one_choice_changes_one_thing(which in 0..3_usize, on_north in any::<bool>(), enabled in any::<bool>()) {
        let types = types();
        let known: Vec<&NotificationType> = types.iter().collect();
        let (campus, id) = (on_north.then_some(NORTH), known[which].id);
        let change = Adjustment { types: vec![(id, Some(enabled))], quiet_hours: None };
        let settings = Settings::default().adjusted(campus, &change).unwrap();
        for one in known {
            for place in [None, Some(NORTH), Some(SOUTH)] {
                let concerned = one.id == id && (campus.is_none() || place == campus);
                let expected = if concerned { enabled || one.definition.mandatory } else { Settings::default().hears(one, place) };
                prop_assert_eq!(settings.hears(one, place), expected);
            }
        }
    }
}
