//! Server-sent events, decoded from bytes as they arrive, wherever the network cut them. Only the data of events is
//! kept: no provider here says anything in names or ids that the data does not say as well.

/// A line longer than this is no event of a model.
const MAX_LINE: usize = 1 << 20;

/// An event larger than this is no event of a model.
const MAX_EVENT: usize = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A line or an event was larger than anything a model sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is larger than {MAX_EVENT} bytes")]
pub(super) struct TooLarge;

/// The decoder of one stream.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// The data lines of the event that has not ended yet, joined with line feeds.
    data: Option<Vec<u8>>,
    /// The last byte was a carriage return: a line feed that follows belongs to the same line end.
    after_return: bool,
    /// Whether the first line is behind us; only that one can begin with a byte order mark.
    past_first_line: bool,
}

impl Decoder {
    /// Takes the next bytes; the data of every event that they complete.
    ///
    /// # Errors
    /// [`TooLarge`]; the decoder is of no use after that.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, TooLarge> {
        let mut events = Vec::new();
        for &byte in bytes {
            if std::mem::take(&mut self.after_return) && byte == b'\n' {
                continue;
            }
            match byte {
                b'\n' | b'\r' => {
                    self.after_return = byte == b'\r';
                    events.extend(self.end_line()?);
                }
                _ if self.line.len() == MAX_LINE => return Err(TooLarge),
                _ => self.line.push(byte),
            }
        }
        Ok(events)
    }

    /// The stream has ended; the data of an event whose closing blank line is missing. (The standard drops it, but
    /// servers forget that line and mean their last event all the same.)
    ///
    /// # Errors
    /// [`TooLarge`]
    pub(super) fn end(mut self) -> Result<Option<String>, TooLarge> {
        let event = self.end_line()?;
        Ok(event.or_else(|| self.end_event()))
    }

    fn end_line(&mut self) -> Result<Option<String>, TooLarge> {
        let line = std::mem::take(&mut self.line);
        let mut line = line.as_slice();
        if !std::mem::replace(&mut self.past_first_line, true) {
            line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        }
        if line.is_empty() {
            return Ok(self.end_event());
        }
        // A comment (`: keep-alive`) is a field without a name, and fields other than data mean nothing here.
        let value = match line.strip_prefix(b"data") {
            Some(b"") => b"",
            Some([b':', b' ', value @ ..] | [b':', value @ ..]) => value,
            _ => return Ok(None),
        };
        match &mut self.data {
            None => self.data = Some(value.to_vec()),
            Some(data) if data.len() + value.len() >= MAX_EVENT => return Err(TooLarge),
            Some(data) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
        }
        Ok(None)
    }

    fn end_event(&mut self) -> Option<String> {
        let data = self.data.take()?;
        // Whole lines only come here, so a character is never cut in two; what is no UTF-8 was none when it was sent.
        (!data.is_empty()).then(|| String::from_utf8_lossy(&data).into_owned())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn decode(chunks: &[&[u8]]) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        for chunk in chunks {
            events.extend(decoder.push(chunk).unwrap());
        }
        events.extend(decoder.end().unwrap());
        events
    }

    #[test]
    fn events_are_told_apart_whatever_the_line_ends() {
        let expected = ["one", "two\nlines", "three"];
        for end in ["\n", "\r\n", "\r"] {
            let stream =
                "data: one\n\n: comment\nevent: x\nid: 7\ndata:two\ndata: lines\n\nretry: 3\n\n\ndata: three\n\n";
            assert_eq!(decode(&[stream.replace('\n', end).as_bytes()]), expected, "{end:?}");
        }
    }

    #[test]
    fn the_network_can_cut_anywhere() {
        let stream = "\u{feff}data: {\"text\":\"Grüße 東京 🦀\"}\r\n\r\n: PROCESSING\r\n\r\ndata: b\r\ndata: c\r\n\r\ndata: [DONE]\r\n\r\n";
        let expected = ["{\"text\":\"Grüße 東京 🦀\"}", "b\nc", "[DONE]"];
        let bytes = stream.as_bytes();
        for cut in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(cut);
            assert_eq!(decode(&[head, tail]), expected, "cut at {cut}");
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(decode(&single), expected);
    }

    #[test]
    fn a_byte_order_mark_counts_only_at_the_start() {
        assert_eq!(decode(&["\u{feff}data: a\n\n\u{feff}data: b\n\n".as_bytes()]), ["a"]);
    }

    #[test]
    fn a_last_event_without_its_blank_line_counts() {
        assert_eq!(decode(&[b"data: a\n\ndata: b"]), ["a", "b"]);
        assert_eq!(decode(&[b"data: a\n\ndata: b\n"]), ["a", "b"]);
    }

    #[test]
    fn data_without_words_and_other_fields_are_no_events() {
        assert_eq!(
            decode(&[b"data\n\ndata:\n\ndatabase: x\n\n data: y\n\n"]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn only_one_space_after_the_colon_is_left_out() {
        assert_eq!(decode(&[b"data:  a\n\n"]), [" a"]);
    }

    #[test]
    fn an_endless_line_and_an_endless_event_are_refused() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.push(&vec![b'x'; MAX_LINE + 1]), Err(TooLarge));
        let mut decoder = Decoder::default();
        let line = [b"data: ".as_slice(), &[b'x'; 1000], b"\n"].concat();
        assert_eq!(decoder.push(&line.repeat(MAX_EVENT / 1000 + 1)), Err(TooLarge));
    }
}
