//! Whatever the network takes, and when: what comes out is whole frames, each taken one once, in order.

use std::cell::{Cell, RefCell};

use proptest::prelude::*;

use super::*;

/// Takes as many bytes as it is told to, and may keep some of them to itself, as TLS does.
#[derive(Default)]
struct Slow {
    room: Cell<usize>,
    kept: Cell<bool>,
    out: RefCell<Vec<u8>>,
}

impl Wire for Slow {
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.try_flush()?;
        let taken = self.room.get().min(bytes.len());
        if taken == 0 && !bytes.is_empty() {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.room.set(self.room.get() - taken);
        self.out.borrow_mut().extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn try_flush(&self) -> io::Result<()> {
        if self.kept.get() && self.room.get() == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.kept.set(false);
        Ok(())
    }
}

#[derive(Debug, Clone)]
enum Step {
    /// Texts of these lengths are offered.
    Offer(Vec<usize>),
    /// A pong of this length is due.
    Pong(usize),
    /// The network takes so many bytes more; and keeps the last of them, or not.
    Room(usize, bool),
    Flush,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        prop::collection::vec(0_usize..300, 0..6).prop_map(Step::Offer),
        (0_usize..126).prop_map(Step::Pong),
        (0_usize..600, any::<bool>()).prop_map(|(room, kept)| Step::Room(room, kept)),
        Just(Step::Flush),
    ]
}

proptest! {
    #[test]
    fn frames_come_out_whole_and_in_order(steps in prop::collection::vec(step(), 1..60)) {
        let (mut outbox, wire) = (Outbox::new(), Slow::default());
        let mut expected = vec![];
        let mut letters = (b'a'..=b'z').cycle();
        for step in steps {
            match step {
                Step::Offer(lengths) => {
                    let texts: Vec<_> =
                        lengths.iter().map(|length| vec![letters.next().unwrap(); *length]).collect();
                    let parts = texts.iter().map(|text| [b"<".as_slice(), text.as_slice(), b">"]);
                    let was_blocked = outbox.is_blocked();
                    let taken = match outbox.offer(&wire, parts).0 {
                        Offer::Taken => texts.len(),
                        Offer::Full(begun) => {
                            prop_assert!(outbox.is_blocked());
                            prop_assert!(begun == 0 || !was_blocked);
                            begun
                        }
                        Offer::Gone => unreachable!("the wire never fails"),
                    };
                    for text in &texts[..taken] {
                        frame::push(&mut expected, Opcode::Text, &[b"<", text, b">"]);
                    }
                }
                Step::Pong(length) => {
                    let pong = frame::frame(Opcode::Pong, &vec![b'p'; length]);
                    expected.extend_from_slice(&pong);
                    outbox.push(&wire, pong).unwrap();
                }
                Step::Room(room, kept) => {
                    wire.room.set(room);
                    wire.kept.set(kept);
                }
                Step::Flush => {
                    let stand = outbox.flush(&wire).unwrap();
                    prop_assert_eq!(stand == Stand::Clear, !outbox.is_blocked());
                }
            }
            prop_assert!(expected.starts_with(&wire.out.borrow()));
        }
        wire.room.set(usize::MAX);
        prop_assert_eq!(outbox.flush(&wire), Ok(Stand::Clear));
        prop_assert_eq!(&expected, &*wire.out.borrow());
    }
}

#[test]
fn what_was_half_written_is_all_that_is_kept() {
    let (mut outbox, wire) = (Outbox::new(), Slow::default());
    wire.room.set(7);
    let texts = [b"aaa".as_slice(), b"bbb", b"ccc"].map(|text| [text, b"", b""]);

    assert_eq!(outbox.offer(&wire, texts.into_iter()), (Offer::Full(2), Stand::Moving));

    assert_eq!(outbox.rest, b"bbb");
    assert_eq!(*wire.out.borrow(), b"\x81\x03aaa\x81\x03");
}

#[test]
fn after_a_close_frame_nothing_is_taken() {
    let (mut outbox, wire) = (Outbox::new(), Slow::default());
    wire.room.set(usize::MAX);

    outbox.close(&wire, 1000, frame::close(1000, "")).unwrap();

    assert_eq!(outbox.close(&wire, 1001, frame::close(1001, "")), Err(Gone));
    assert_eq!(*wire.out.borrow(), b"\x88\x02\x03\xE8");
    outbox.end(1006);
    assert_eq!(outbox.phase(), Phase::Gone { code: 1000 });
}
