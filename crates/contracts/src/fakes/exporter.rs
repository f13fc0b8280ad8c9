//! An exporter that writes what a test can read.

use std::io::Write;

use pressroom_domain::Format;
use pressroom_page::{DocumentInfo, Page, PageSink, Resources, SinkError, text_dump};
use pressroom_ports::{
    DocumentWriter, ExportError, ExportOptions, Exporter, InvalidOption, Written,
};

/// Writes each page as the lines of a text dump, in place of PDF.
#[derive(Clone, Copy, Debug, Default)]
pub struct DumpExporter;

struct DumpWriter {
    out: Box<dyn Write + Send>,
    written: Written,
}

impl DumpWriter {
    fn write(&mut self, text: &str) -> std::io::Result<()> {
        self.written.bytes += text.len() as u64;
        self.out.write_all(text.as_bytes())
    }
}

impl Exporter for DumpExporter {
    fn format(&self) -> Format {
        Format::Pdf
    }

    fn content_type(&self) -> &'static str {
        "application/pdf"
    }

    fn extension(&self) -> &'static str {
        "pdf"
    }

    fn check(&self, options: &ExportOptions) -> Result<(), InvalidOption> {
        options.guarantees.first().map_or(Ok(()), |name| {
            let message = "this format cannot honour it".to_owned();
            Err(InvalidOption { name: (*name).to_owned(), message })
        })
    }

    fn begin(
        &self,
        info: DocumentInfo,
        options: &ExportOptions,
        out: Box<dyn Write + Send>,
    ) -> Result<Box<dyn DocumentWriter>, ExportError> {
        self.check(options)?;
        let mut writer = DumpWriter { out, written: Written::default() };
        writer.write(&format!("title {}\n", info.title.as_deref().unwrap_or_default()))?;
        Ok(Box::new(writer))
    }
}

impl PageSink for DumpWriter {
    fn page(&mut self, page: Page, resources: &Resources) -> Result<(), SinkError> {
        self.written.pages += 1;
        self.write(&text_dump(&page, resources))
            .map_err(|error| SinkError::Write(error.to_string()))
    }
}

impl DocumentWriter for DumpWriter {
    fn finish(mut self: Box<Self>) -> Result<Written, ExportError> {
        self.out.flush()?;
        Ok(self.written)
    }
}
