//! WebSocket frames (RFC 6455, 5.2), as far as the two ends of a benchmark need them.

/// Kinds of frames.
pub mod opcode {
    /// Text.
    pub const TEXT: u8 = 1;
    /// The last one.
    pub const CLOSE: u8 = 8;
    /// To be answered by a pong.
    pub const PING: u8 = 9;
    /// The answer.
    pub const PONG: u8 = 10;
}

/// What a frame begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its kind, see [`opcode`].
    pub opcode: u8,
    /// Whether the message ends with it.
    pub last: bool,
    /// What a client's payload is masked with.
    pub mask: Option<[u8; 4]>,
    /// Where the payload begins.
    pub start: usize,
    /// Where it ends, which may be beyond what has arrived.
    pub end: usize,
}

impl Head {
    /// Reads the head of the frame that `bytes` begin with; `None` until all of the head is there.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (&first, &second) = (bytes.first()?, bytes.get(1)?);
        let (length, mut start) = match second & 0x7f {
            126 => (usize::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)), 4),
            // What no address can reach never arrives in full either.
            127 => (usize::try_from(u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)).ok()?, 10),
            short => (usize::from(short), 2),
        };
        let mask = if second & 0x80 == 0 { None } else { Some(*bytes.get(start..)?.first_chunk()?) };
        start += mask.map_or(0, |mask| mask.len());
        Some(Self {
            opcode: first & 0x0f,
            last: first & 0x80 != 0,
            mask,
            start,
            end: start.checked_add(length)?,
        })
    }
}

/// A whole message as a server sends it.
pub fn from_server(opcode: u8, payload: &[u8]) -> Vec<u8> {
    frame(opcode, payload, None)
}

/// A whole message as a client sends it. The mask guards against proxies that take it for something else; there are none
/// here, so it is always the same.
pub fn from_client(opcode: u8, payload: &[u8]) -> Vec<u8> {
    frame(opcode, payload, Some([0x5a, 0xc3, 0x3c, 0xa5]))
}

/// Takes the mask off, or puts it on.
pub fn mask(payload: &mut [u8], mask: [u8; 4]) {
    for (byte, key) in payload.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

fn frame(opcode: u8, payload: &[u8], masked: Option<[u8; 4]>) -> Vec<u8> {
    let bit: u8 = if masked.is_some() { 0x80 } else { 0 };
    let mut bytes = Vec::with_capacity(payload.len() + 14);
    bytes.push(0x80 | opcode);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..126), _) => bytes.push(bit | short),
        (_, Ok(medium)) => {
            bytes.push(bit + 126);
            bytes.extend(medium.to_be_bytes());
        }
        _ => {
            bytes.push(bit + 127);
            bytes.extend(u64::try_from(payload.len()).unwrap_or(u64::MAX).to_be_bytes());
        }
    }
    bytes.extend(masked.unwrap_or_default().iter().take(if masked.is_some() { 4 } else { 0 }));
    let start = bytes.len();
    bytes.extend_from_slice(payload);
    if let Some(key) = masked {
        mask(&mut bytes[start..], key);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        for length in [0, 1, 125, 126, 65_535, 65_536, 70_000] {
            let payload = vec![0x61; length];
            for mut bytes in [from_server(opcode::TEXT, &payload), from_client(opcode::TEXT, &payload)] {
                let head = Head::read(&bytes).unwrap();
                assert_eq!((head.opcode, head.last, head.end), (opcode::TEXT, true, bytes.len()));
                if let Some(key) = head.mask {
                    mask(&mut bytes[head.start..], key);
                }
                assert_eq!(bytes[head.start..], payload);
            }
        }
    }

    #[test]
    fn half_a_head_is_none() {
        let bytes = from_client(opcode::TEXT, &vec![0; 70_000]);
        for length in 0..14 {
            assert_eq!(Head::read(&bytes[..length]), None);
        }
        assert!(Head::read(&bytes[..14]).is_some());
    }
}
