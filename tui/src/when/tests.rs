//! The table of what people write, around the changes of the clocks too, and what holds of every text.

use chrono_tz::Europe::Rome;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// Saturday, 19:00 in Rome.
fn now() -> DateTime<Utc> {
    crate::fixture::moment()
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[rstest]
#[case::exact("2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z")]
#[case::with_an_offset("2026-12-01T09:00:00+05:30", "2026-12-01T03:30:00Z")]
#[case::without_an_offset("2026-12-01T09:00", "2026-12-01T08:00:00Z")]
#[case("2026-12-01 9:00", "2026-12-01T08:00:00Z")]
#[case::summer_time("2027-07-01 9:00", "2027-07-01T07:00:00Z")]
#[case("now", "2026-11-21T18:00:00Z")]
#[case("Tomorrow 9:00", "2026-11-22T08:00:00Z")]
#[case("tomorrow, at 9:00", "2026-11-22T08:00:00Z")]
#[case("9:00 tomorrow", "2026-11-22T08:00:00Z")]
#[case("9 am tomorrow", "2026-11-22T08:00:00Z")]
#[case("tomorrow 12am", "2026-11-21T23:00:00Z")]
#[case("tomorrow noon", "2026-11-22T11:00:00Z")]
#[case("midnight", "2026-11-21T23:00:00Z")]
#[case("today 19:30", "2026-11-21T18:30:00Z")]
#[case::over_already("today 9:00", "2026-11-21T08:00:00Z")]
#[case::still_today("20:00", "2026-11-21T19:00:00Z")]
#[case::tomorrow_then("18:00", "2026-11-22T17:00:00Z")]
#[case("21h", "2026-11-21T20:00:00Z")]
#[case("mon 14:30", "2026-11-23T13:30:00Z")]
#[case("on Monday at 2.30 pm", "2026-11-23T13:30:00Z")]
#[case::still_this_saturday("sat 20:00", "2026-11-21T19:00:00Z")]
#[case::over_this_saturday("sat 18:00", "2026-11-28T17:00:00Z")]
#[case::not_this_one("next saturday 20:00", "2026-11-28T19:00:00Z")]
#[case("1 dec 9am", "2026-12-01T08:00:00Z")]
#[case("December 1st, 9:00", "2026-12-01T08:00:00Z")]
#[case::next_year("1 nov 9:00", "2027-11-01T08:00:00Z")]
#[case("1 nov 2028 9:00", "2028-11-01T08:00:00Z")]
#[case::leap_day("29 feb 9:00", "2028-02-29T08:00:00Z")]
#[case("in 2 hours", "2026-11-21T20:00:00Z")]
#[case("in 1h30m", "2026-11-21T19:30:00Z")]
#[case("in an hour and 5 minutes", "2026-11-21T19:05:00Z")]
#[case("in a week", "2026-11-28T18:00:00Z")]
#[case("in 3 months", "2027-02-21T18:00:00Z")]
#[case::the_same_wall_clock_time("in 150 days", "2027-04-20T17:00:00Z")]
#[case::left_out("2027-03-28 2:30", "2027-03-28T01:30:00Z")]
#[case::shown_twice("2027-10-31 2:30", "2027-10-31T00:30:00Z")]
fn ahead_of_us(#[case] text: &str, #[case] moment: &str) {
    assert_eq!(parse(text, now(), Rome), Ok(utc(moment)));
}

#[rstest]
#[case("yesterday", "2026-11-19T23:00:00Z")]
#[case("today", "2026-11-20T23:00:00Z")]
#[case("mon", "2026-11-15T23:00:00Z")]
#[case("last sat", "2026-11-13T23:00:00Z")]
#[case("sat 18:00", "2026-11-21T17:00:00Z")]
#[case("sat 20:00", "2026-11-14T19:00:00Z")]
#[case("20:00", "2026-11-20T19:00:00Z")]
#[case("1 dec", "2025-11-30T23:00:00Z")]
#[case("2 hours ago", "2026-11-21T16:00:00Z")]
#[case("a month ago", "2026-10-21T17:00:00Z")]
#[case("2026-11-01", "2026-10-31T23:00:00Z")]
fn behind_us(#[case] text: &str, #[case] moment: &str) {
    assert_eq!(since(text, now(), Rome), Ok(utc(moment)));
}

#[rstest]
#[case("", "is no moment")]
#[case("soon", "is no moment")]
#[case("tomorrow 25:00", "is no moment")]
#[case("tomorrow 13pm", "is no moment")]
#[case("tomorrow 9:5", "is no moment")]
#[case("tomorrow 9", "is no moment")]
#[case("30 feb 9:00", "is no moment")]
#[case("in", "is no moment")]
#[case("in 2", "is no moment")]
#[case("in 2 fortnights", "is no moment")]
#[case("in 99999999999999999999 hours", "is no moment")]
#[case("in 4000000000 years", "is no moment")]
#[case("last monday 9:00", "is no moment")]
#[case("tomorrow", "say at what time, e.g. tomorrow 9:00")]
#[case("2026-12-01", "whole day")]
#[case("0001-01-01T00:00:00Z", "too far")]
#[case("in 9000 years", "too far")]
fn no_moment(#[case] text: &str, #[case] why: &str) {
    let error = parse(text, now(), Rome).unwrap_err().to_string();
    assert!(error.contains(why), "{error}");
}

#[test]
fn a_day_that_an_island_left_out_is_the_next() {
    let zone = chrono_tz::Pacific::Apia;
    assert_eq!(parse("2011-12-30 12:00", now(), zone), Ok(utc("2011-12-30T22:00:00Z")));
}

#[test]
fn it_is_said_back_by_the_clocks_of_the_zone() {
    let at = utc("2026-12-01T08:00:00Z");
    assert_eq!(spelled(at, now(), Rome), "Tue 2026-12-01 09:00 CET (Europe/Rome), in 9d");
    assert_eq!(spelled(now(), at, Rome), "Sat 2026-11-21 19:00 CET (Europe/Rome), 9d ago");
}

proptest! {
    #[test]
    fn whatever_is_written_is_answered(text in "\\PC{0,40}|(in |next |mon |1 dec |\\d{1,4}|:|am| h| days| ago){0,8}") {
        for zone in [Rome, chrono_tz::Pacific::Apia, chrono_tz::UTC] {
            let _ = parse(&text, now(), zone);
            let _ = since(&text, now(), zone);
        }
    }

    /// Over a hundred years of every zone's changes: the clocks show what was asked for, but for what they left out.
    #[test]
    fn the_clocks_show_what_was_written(day in 0_u64..36_500, minute in 0_u32..1_440, zone in 0..chrono_tz::TZ_VARIANTS.len()) {
        let zone = chrono_tz::TZ_VARIANTS[zone];
        let day = NaiveDate::from_ymd_opt(1971, 1, 1).unwrap() + Days::new(day);
        let text = format!("{day} {}:{:02}", minute / 60, minute % 60);
        let at = parse(&text, now(), zone).unwrap();
        let shown = at.with_timezone(&zone).naive_local();
        let wanted = day.and_hms_opt(minute / 60, minute % 60, 0).unwrap();
        let exists = zone.from_local_datetime(&wanted).earliest().is_some();
        prop_assert_eq!(shown == wanted, exists, "{} {}", shown, zone);
        prop_assert!(shown >= wanted, "a gap is never filled from before it: {} {}", shown, zone);
    }

    #[test]
    fn an_exact_moment_is_itself(seconds in 0_i64..253_402_300_000) {
        let at = DateTime::from_timestamp(seconds, 0).unwrap();
        prop_assert_eq!(parse(&at.to_rfc3339(), now(), Rome), Ok(at));
    }

    /// In every zone, whatever its clocks do: a time of day that is written alone comes within the next two days.
    #[test]
    fn a_time_alone_is_the_next_such(hour in 0_u32..24, at in 0_i64..4_000_000_000, zone in 0..chrono_tz::TZ_VARIANTS.len()) {
        let (now, zone) = (DateTime::from_timestamp(at, 0).unwrap(), chrono_tz::TZ_VARIANTS[zone]);
        if let Ok(moment) = parse(&format!("{hour}:00"), now, zone) {
            prop_assert!(moment > now && moment - now <= TimeDelta::hours(49), "{} {}", moment, zone);
        }
    }
}

#[rstest]
#[case("22:00-07:00", Some(("22:00", "07:00")))]
#[case("9:00 - 17:30", Some(("09:00", "17:30")))]
#[case("22:00–7:00", Some(("22:00", "07:00")))]
#[case("10pm-7am", Some(("22:00", "07:00")))]
#[case("10 PM to 7 AM", Some(("22:00", "07:00")))]
#[case("midnight-noon", Some(("00:00", "12:00")))]
#[case("22-7", None)]
#[case("24:00-07:00", None)]
#[case("22:00:30-07:00", None)]
#[case("22:00", None)]
#[case("-", None)]
#[case("", None)]
fn a_span_of_a_day_is(#[case] text: &str, #[case] span: Option<(&str, &str)>) {
    let read = hours(text);
    assert_eq!(read.as_ref().map(|(start, end)| (start.as_str(), end.as_str())), span);
}

proptest! {
    #[test]
    fn any_text_is_a_span_of_a_day_or_none(text in "\\PC{0,120}") {
        let times = hours(&text).map(|(start, end)| [start, end]);
        prop_assert!(times.iter().flatten().all(|time| time.len() == 5));
    }
}
