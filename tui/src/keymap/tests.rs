//! What keys mean, and which ones cannot be chosen.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rstest::rstest;

use super::*;

const NONE: KeyModifiers = KeyModifiers::NONE;

macro_rules! act {
    ($action:expr) => {
        Some(Meaning::Act($action))
    };
}

fn keymap(chosen: &[(&str, &[&str])]) -> Result<Keymap, KeymapError> {
    let chosen = chosen
        .iter()
        .map(|(name, keys)| ((*name).to_owned(), keys.iter().map(|key| (*key).to_owned()).collect()));
    Keymap::new(&chosen.collect())
}

#[rstest]
#[case(Context::FeedList, KeyCode::Char('j'), NONE, act!(Action::Down))]
#[case(Context::FeedDetail, KeyCode::Down, NONE, act!(Action::Down))]
#[case(Context::FeedList, KeyCode::Char('R'), KeyModifiers::SHIFT, act!(Action::MarkAllRead))]
#[case(Context::FeedList, KeyCode::Char('A'), NONE, act!(Action::MarkAllRead))]
#[case(Context::FeedList, KeyCode::Char('r'), NONE, act!(Action::MarkRead))]
#[case(Context::FeedList, KeyCode::Char('r'), KeyModifiers::ALT, None)]
#[case(Context::Reader, KeyCode::Char('r'), NONE, None)]
#[case(Context::FeedList, KeyCode::Char('?'), KeyModifiers::SHIFT, act!(Action::Help))]
#[case(Context::Reader, KeyCode::Char('?'), NONE, act!(Action::Help))]
#[case(Context::Reader, KeyCode::Char('c'), KeyModifiers::CONTROL, act!(Action::Quit))]
#[case(Context::FeedList, KeyCode::Tab, NONE, act!(Action::SwitchFocus))]
#[case(Context::FeedDetail, KeyCode::Esc, NONE, act!(Action::Back))]
#[case(Context::FeedList, KeyCode::Esc, NONE, act!(Action::Back))]
#[case(Context::FeedList, KeyCode::Char(' '), NONE, act!(Action::ToggleMark))]
#[case(Context::FeedDetail, KeyCode::Char(' '), NONE, act!(Action::ToggleMark))]
#[case(Context::FeedList, KeyCode::Char('v'), NONE, act!(Action::MarkRange))]
#[case(Context::FeedList, KeyCode::Char('*'), KeyModifiers::SHIFT, act!(Action::MarkShown))]
#[case(Context::FeedList, KeyCode::Char('a'), NONE, act!(Action::Archive))]
#[case(Context::FeedList, KeyCode::Char('z'), NONE, act!(Action::Unarchive))]
#[case(Context::FeedList, KeyCode::Char('o'), NONE, act!(Action::OpenLink))]
#[case(Context::FeedList, KeyCode::Char('y'), NONE, act!(Action::CopyLink))]
#[case(Context::FeedDetail, KeyCode::Char('w'), NONE, act!(Action::Explain))]
#[case(Context::FeedList, KeyCode::Char('s'), NONE, act!(Action::SortNext))]
#[case(Context::FeedList, KeyCode::Char('U'), NONE, act!(Action::Undo))]
#[case(Context::FeedList, KeyCode::Char('/'), NONE, act!(Action::Filter))]
#[case(Context::HistoryList, KeyCode::Char('/'), NONE, act!(Action::Filter))]
#[case(Context::HistoryList, KeyCode::Char('f'), NONE, act!(Action::ToggleUnread))]
#[case(Context::HistoryList, KeyCode::Char('a'), NONE, act!(Action::Archive))]
#[case(Context::HistoryList, KeyCode::Char('e'), NONE, act!(Action::WithArchived))]
#[case(Context::HistoryList, KeyCode::Char('E'), KeyModifiers::SHIFT, act!(Action::WithExpired))]
#[case(Context::HistoryList, KeyCode::Char('M'), NONE, act!(Action::WithMuted))]
#[case(Context::HistoryList, KeyCode::Char('t'), NONE, act!(Action::OnlyType))]
#[case(Context::HistoryList, KeyCode::Char('C'), NONE, act!(Action::OnlyCategory))]
#[case(Context::HistoryList, KeyCode::Char('p'), NONE, act!(Action::MinPriority))]
#[case(Context::HistoryDetail, KeyCode::Char('d'), NONE, act!(Action::Since))]
#[case(Context::HistoryDetail, KeyCode::Char('D'), NONE, act!(Action::Until))]
#[case(Context::HistoryList, KeyCode::Char('X'), NONE, act!(Action::ClearFilters))]
#[case(Context::HistoryList, KeyCode::Char('S'), NONE, act!(Action::SaveView))]
#[case(Context::HistoryDetail, KeyCode::Esc, NONE, act!(Action::Back))]
#[case(Context::FeedList, KeyCode::Char('V'), NONE, act!(Action::View))]
#[case(Context::Dashboard, KeyCode::Char('2'), NONE, act!(Action::History))]
#[case(Context::FeedList, KeyCode::Char('X'), NONE, None)]
#[case(Context::FilterLine, KeyCode::Enter, NONE, act!(Action::Accept))]
#[case(Context::FilterLine, KeyCode::Esc, NONE, act!(Action::Back))]
#[case(Context::Dashboard, KeyCode::Char('1'), NONE, act!(Action::Feed))]
#[case(Context::Dashboard, KeyCode::Char('r'), NONE, None)]
#[case(Context::Dashboard, KeyCode::Char('/'), NONE, act!(Action::Filter))]
#[case(Context::BroadcastList, KeyCode::Char('x'), NONE, act!(Action::CancelBroadcast))]
#[case(Context::BroadcastList, KeyCode::Char('X'), KeyModifiers::SHIFT, act!(Action::Recall))]
#[case(Context::BroadcastDetail, KeyCode::Char('n'), NONE, act!(Action::SendAgain))]
#[case(Context::BroadcastDetail, KeyCode::Esc, NONE, act!(Action::Back))]
#[case(Context::BroadcastList, KeyCode::Esc, NONE, act!(Action::Back))]
#[case(Context::Dashboard, KeyCode::Esc, NONE, act!(Action::Back))]
#[case(Context::Preferences, KeyCode::Esc, NONE, act!(Action::Back))]
#[case(Context::Audit, KeyCode::Esc, NONE, None)]
#[case(Context::ComposeForm, KeyCode::Enter, NONE, act!(Action::EditField))]
#[case(Context::ComposeForm, KeyCode::Tab, NONE, act!(Action::NextField))]
#[case(Context::ComposeForm, KeyCode::Char('e'), NONE, act!(Action::EditOutside))]
#[case(Context::ComposeForm, KeyCode::Char('s'), KeyModifiers::CONTROL, act!(Action::Send))]
#[case(Context::ComposeLine, KeyCode::Enter, NONE, act!(Action::Accept))]
#[case(Context::ComposeLine, KeyCode::Char('o'), KeyModifiers::CONTROL, act!(Action::EditOutside))]
#[case(Context::ComposeText, KeyCode::BackTab, KeyModifiers::SHIFT, act!(Action::PreviousField))]
#[case(Context::ComposeText, KeyCode::Char('s'), KeyModifiers::CONTROL, act!(Action::Send))]
#[case(Context::ComposeText, KeyCode::Esc, NONE, act!(Action::Back))]
#[case(Context::Preferences, KeyCode::Char(' '), NONE, act!(Action::Toggle))]
#[case(Context::Preferences, KeyCode::Right, NONE, act!(Action::NextColumn))]
#[case(Context::Preferences, KeyCode::Char('h'), NONE, act!(Action::PreviousColumn))]
#[case(Context::Preferences, KeyCode::Char('X'), KeyModifiers::SHIFT, act!(Action::ResetCampus))]
#[case(Context::Dashboard, KeyCode::Char('X'), KeyModifiers::SHIFT, None)]
#[case(Context::Dashboard, KeyCode::Char('+'), NONE, act!(Action::LongerInterval))]
#[case(Context::Audit, KeyCode::Char('a'), NONE, act!(Action::AuditActor))]
#[case(Context::Audit, KeyCode::Enter, NONE, act!(Action::AuditDetail))]
#[case(Context::Question, KeyCode::Char('y'), NONE, act!(Action::Yes))]
#[case(Context::Question, KeyCode::Enter, NONE, None)]
#[case(Context::Palette, KeyCode::Tab, NONE, act!(Action::Complete))]
#[case(Context::Palette, KeyCode::Down, NONE, act!(Action::Down))]
#[case(Context::Prompt, KeyCode::Enter, NONE, act!(Action::Accept))]
#[case(Context::Prompt, KeyCode::Esc, NONE, act!(Action::Back))]
#[case(Context::Prompt, KeyCode::Char('c'), KeyModifiers::CONTROL, act!(Action::Quit))]
fn keys_mean(
    #[case] context: Context,
    #[case] code: KeyCode,
    #[case] modifiers: KeyModifiers,
    #[case] meaning: Option<Meaning>,
) {
    assert_eq!(Keymap::default().meaning(context, KeyEvent::new(code, modifiers)), meaning);
}

#[rstest]
fn where_a_text_is_typed_plain_keys_are_the_texts(
    #[values(
        Context::Palette,
        Context::Prompt,
        Context::FilterLine,
        Context::ComposeLine,
        Context::ComposeText
    )]
    context: Context,
    #[values(
        KeyCode::Char('q'),
        KeyCode::Char('?'),
        KeyCode::Char('j'),
        KeyCode::Char(' '),
        KeyCode::Home,
        KeyCode::Backspace
    )]
    code: KeyCode,
) {
    let event = KeyEvent::new(code, NONE);
    assert_eq!(Keymap::default().meaning(context, event), Some(Meaning::Type(event)));
}

#[test]
fn in_a_text_of_several_lines_enter_begins_another() {
    let event = KeyEvent::new(KeyCode::Enter, NONE);
    assert_eq!(Keymap::default().meaning(Context::ComposeText, event), Some(Meaning::Type(event)));
}

#[test]
fn the_tables_own_keys_are_sound() {
    let keymap = Keymap::new(&BTreeMap::new()).unwrap();
    assert!(Context::iter().all(|context| keymap.bindings(context).any(|it| it.spec.action == Action::Quit)));
}

#[test]
fn what_is_chosen_is_instead_of_what_was() {
    let keymap = keymap(&[("mark-read", &["x", "ctrl-K", "alt-pgdn", "f5"]), ("help", &[])]).unwrap();
    let means = |code, modifiers| keymap.meaning(Context::FeedList, KeyEvent::new(code, modifiers));
    assert_eq!(means(KeyCode::Char('x'), NONE), act!(Action::MarkRead));
    assert_eq!(means(KeyCode::Char('k'), KeyModifiers::CONTROL), act!(Action::MarkRead));
    assert_eq!(means(KeyCode::PageDown, KeyModifiers::ALT), act!(Action::MarkRead));
    assert_eq!(means(KeyCode::F(5), NONE), act!(Action::MarkRead));
    assert_eq!(means(KeyCode::Char('r'), NONE), None);
    assert_eq!(means(KeyCode::Char('?'), NONE), None);
}

#[rstest]
#[case("mark-reed", &["x"], "there is no action \"mark-reed\"")]
#[case("mark-read", &["hyper-x"], "mark-read: \"hyper-x\" is no key")]
#[case("mark-read", &[""], "mark-read: \"\" is no key")]
#[case("mark-read", &["f13"], "mark-read: \"f13\" is no key")]
#[case("mark-read", &["u"], "u would mean both mark-read and mark-unread")]
#[case("mark-read", &["x", "x"], "x would mean both mark-read and mark-read")]
#[case("quit", &[], "quit needs a key")]
fn what_cannot_be_is_said(#[case] name: &str, #[case] keys: &[&str], #[case] error: &str) {
    let said = keymap(&[(name, keys)]).unwrap_err().to_string();
    assert!(said.starts_with(error), "{said}");
}

#[rstest]
#[case("ctrl-k", "Ctrl-k")]
#[case("space", "Space")]
#[case("shift-tab", "Shift-Tab")]
#[case("alt-up", "Alt-↑")]
#[case("G", "G")]
#[case("-", "-")]
#[case("ctrl--", "Ctrl--")]
#[case("日", "日")]
fn keys_are_shown_as_people_write_them(#[case] written: &str, #[case] shown: &str) {
    assert_eq!(written.parse::<Key>().unwrap().to_string(), shown);
}
