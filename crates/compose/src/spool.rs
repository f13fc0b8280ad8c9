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
    sections: Sections,
}

/// The bands with which page numbers start again, each with the pages where it starts, in order.
#[derive(Debug, Default)]
struct Sections(Vec<(Arc<str>, Vec<usize>)>);

impl Sections {
    /// The numbers of a page for a text: those of the document, or of its section of it.
    fn numbers(&self, text: &PageText, page: PageNumbers) -> PageNumbers {
        let Some(band) = &text.running else { return page };
        let starts =
            self.0.iter().find(|(own, _)| own == band).map_or(&[][..], |(_, starts)| starts);
        let next = starts.partition_point(|start| *start <= page.number);
        let start = next.checked_sub(1).map_or(1, |at| starts[at]);
        let next = starts.get(next).copied().unwrap_or(page.total + 1);
        PageNumbers { number: page.number + 1 - start, total: next - start }
    }
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
        Ok(Self { sink, waiting, pages: 0, sections: Sections::default() })
    }

    /// Pages taken so far.
    pub(crate) fn pages(&self) -> usize {
        self.pages
    }

    /// Page numbers of a band start again on the page that is filled.
    pub(crate) fn start_section(&mut self, band: &Arc<str>) {
        let page = self.pages + 1;
        let sections = &mut self.sections.0;
        let at = sections.iter().position(|(own, _)| own == band).unwrap_or_else(|| {
            sections.push((Arc::clone(band), Vec::new()));
            sections.len() - 1
        });
        let starts = &mut sections[at].1;
        if starts.last() != Some(&page) {
            starts.push(page);
        }
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
            self.sections.add_texts(&mut draft.page, &draft.waiting, numbers, text);
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
            self.sections.add_texts(&mut page, &draft.texts, numbers, text);
            self.sink.page(page, text.resources())?;
        }
        Ok(self.pages)
    }
}

impl Sections {
    fn add_texts(
        &self,
        page: &mut Page,
        texts: &[(Rect, Arc<PageText>)],
        numbers: PageNumbers,
        engine: &mut TextEngine<'_>,
    ) {
        for (rect, text) in texts {
            page.items.extend(text.items(*rect, self.numbers(text, numbers), engine));
        }
    }
}

fn spill_error(error: impl std::fmt::Display) -> ComposeError {
    ComposeError::Spill(error.to_string())
}
