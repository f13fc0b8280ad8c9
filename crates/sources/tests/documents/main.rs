//! Documents as tables: JSON, CSV, Excel and XML.

mod contract;
mod csv;
mod excel;
mod hostile;
mod json;
mod site;
mod web;
mod workbook;
mod xml;
