//! Pages to PDF.
