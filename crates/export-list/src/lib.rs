//! Printouts of lists: sheets to PDF, by genpdf.
