//! Finished pages on their way out: straight to the sink, or waiting in compact form until the
//! number of the last page is known.

use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use pressroom_data::{SpillFile, SpillStore};
use pressroom_page::{Page, PageSink, Rect, codec};

use crate::ComposeError;
use crate::page_text::{PageNumbers, PageText};
use crate::text::TextEngine;

/// A page that is finished but for the texts that need its number.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) page: Page,
    /// Its number as printed.
    pub(crate) number: usize,
    pub(crate) waiting: Vec<(Rect, Arc<PageText>)>,
}

/// Takes drafts in order.
pub(crate) struct Spool<'a> {
    sink: &'a mut dyn PageSink,
    waiting: Option<Waiting>,
    pages: usize,
}

struct Waiting {
    file: Box<dyn SpillFile>,
    drafts: Vec<WaitingDraft>,
    buffer: Vec<u8>,
}

struct WaitingDraft {
    length: usize,
    number: usize,
    texts: Vec<(Rect, Arc<PageText>)>,
}

impl<'a> Spool<'a> {
    /// `total_needed`: whether any page shows the number of the last one.
    pub(crate) fn new(
        sink: &'a mut dyn PageSink,
        store: &dyn SpillStore,
        total_needed: bool,
    ) -> Result<Self, ComposeError> {
        let waiting = if total_needed {
            let file = store.create().map_err(spill_error)?;
            Some(Waiting { file, drafts: Vec::new(), buffer: Vec::new() })
        } else {
            None
        };
        Ok(Self { sink, waiting, pages: 0 })
    }

    /// Pages taken so far.
    pub(crate) fn pages(&self) -> usize {
        self.pages
    }

    /// Takes the next page.
    pub(crate) fn page(
        &mut self,
        mut draft: Draft,
        text: &mut TextEngine<'_>,
    ) -> Result<(), ComposeError> {
        self.pages += 1;
        let Some(waiting) = &mut self.waiting else {
            let numbers = PageNumbers { number: draft.number, total: self.pages };
            add_page_texts(&mut draft.page, &draft.waiting, numbers, text);
            return Ok(self.sink.page(draft.page, text.resources())?);
        };
        waiting.buffer.clear();
        codec::encode_page(&draft.page, &mut waiting.buffer);
        waiting.file.write_all(&waiting.buffer).map_err(spill_error)?;
        waiting.drafts.push(WaitingDraft {
            length: waiting.buffer.len(),
            number: draft.number,
            texts: draft.waiting,
        });
        Ok(())
    }

    /// Lets go of all pages that waited.
    pub(crate) fn finish(
        self,
        last_number: usize,
        text: &mut TextEngine<'_>,
    ) -> Result<usize, ComposeError> {
        let Some(Waiting { mut file, drafts, mut buffer }) = self.waiting else {
            return Ok(self.pages);
        };
        file.seek(SeekFrom::Start(0)).map_err(spill_error)?;
        let mut file = std::io::BufReader::with_capacity(1 << 16, file);
        for draft in drafts {
            buffer.resize(draft.length, 0);
            file.read_exact(&mut buffer).map_err(spill_error)?;
            let mut page = codec::decode_page(&buffer).map_err(|error| {
                ComposeError::Spill(format!(
                    "a page that was put aside could not be read back: {error}"
                ))
            })?;
            let numbers = PageNumbers { number: draft.number, total: last_number };
            add_page_texts(&mut page, &draft.texts, numbers, text);
            self.sink.page(page, text.resources())?;
        }
        Ok(self.pages)
    }
}

fn add_page_texts(
    page: &mut Page,
    texts: &[(Rect, Arc<PageText>)],
    numbers: PageNumbers,
    text: &mut TextEngine<'_>,
) {
    for (rect, page_text) in texts {
        page.items.extend(page_text.items(*rect, numbers, text));
    }
}

fn spill_error(error: impl std::fmt::Display) -> ComposeError {
    ComposeError::Spill(error.to_string())
}
