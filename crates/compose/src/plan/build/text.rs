//! Texts: constant, bound, or constant with fields in them.

use std::sync::Arc;

use pressroom_data::CompositeFormat;
use pressroom_fonts::Trimming;
use pressroom_report::{self as report, Duplicates, TextProps, TextTrimming};

use super::expressions::bound;
use super::{Builder, Place, Zone};
use crate::plan::merge::{Piece, pieces};
use crate::plan::{LabelPlan, MergePart, TextPlan};
use crate::text::Setting;

impl Builder<'_> {
    pub(super) fn label(
        &mut self,
        props: &TextProps,
        bindings: &[report::Binding],
        name: &str,
        zone: Zone,
    ) -> LabelPlan {
        let summary = props.summary.as_ref();
        let place = Place {
            running: summary.map_or(report::SummaryRunning::None, |summary| summary.running),
            ignore_nulls: summary.is_some_and(|summary| summary.ignore_nulls),
            ..Place::new(zone, name)
        };
        let format = summary.and_then(|summary| summary.format.as_ref()).or(props.format.as_ref());
        let text = match bound(bindings, "Text") {
            Some(binding) => {
                let value = self.expression(&binding.expression.text, place);
                if value.compiled.is_some() {
                    TextPlan::Value {
                        value,
                        format: format.map(|format| CompositeFormat::parse(format)),
                    }
                } else {
                    // Real layouts bind plain words by mistake: their constant text says the same.
                    self.constant(&props.text, place)
                }
            }
            None => self.constant(&props.text, place),
        };
        let is_bound = !matches!(text, TextPlan::Constant(_));
        let memory = (props.duplicates != Duplicates::Leave).then(|| {
            self.memory += 1;
            self.memory - 1
        });
        LabelPlan {
            text,
            setting: Setting {
                wrap: props.word_wrap,
                // Line ends of data always count; those of a constant text only where it says so.
                multiline: props.multiline || is_bound,
                trimming: trimming(props.trimming),
                angle: props.angle,
            },
            auto_width: props.auto_width,
            fit: props.fit,
            null_text: props.null_text.as_deref().map(Arc::from),
            duplicates: props.duplicates,
            nulls: props.nulls,
            memory,
            markup: props.markup,
        }
    }

    /// A constant text, in which bracketed names of known fields stand for their values.
    pub(super) fn constant(&mut self, text: &str, place: Place<'_>) -> TextPlan {
        if !text.contains('[') {
            return TextPlan::Constant(text.into());
        }
        let mut parts: Vec<MergePart> = Vec::new();
        let mut has_fields = false;
        for piece in pieces(text) {
            parts.push(match piece {
                Piece::Text(text) => MergePart::Text(text.into()),
                Piece::Field { name, format, whole } => {
                    let expression =
                        if name.starts_with('?') { name.to_owned() } else { format!("[{name}]") };
                    match self.compile(&expression, place.name) {
                        Ok(compiled) => {
                            self.register(&compiled, place);
                            has_fields = true;
                            MergePart::Field {
                                value: crate::plan::expression::Expression {
                                    compiled: Some(compiled),
                                    depth: self.names.depth,
                                    place: place.name.into(),
                                },
                                format: format.map(CompositeFormat::parse),
                            }
                        }
                        // Brackets around anything else are just brackets.
                        Err(_) => MergePart::Text(whole.into()),
                    }
                }
            });
        }
        if has_fields { TextPlan::Merge(parts) } else { TextPlan::Constant(text.into()) }
    }
}

fn trimming(trimming: TextTrimming) -> Trimming {
    match trimming {
        // A box that does not grow cuts its text at its edge, so these need no work of the text engine.
        TextTrimming::None | TextTrimming::Character => Trimming::None,
        TextTrimming::Word => Trimming::Word,
        TextTrimming::EllipsisCharacter | TextTrimming::EllipsisPath => Trimming::EllipsisCharacter,
        TextTrimming::EllipsisWord => Trimming::EllipsisWord,
    }
}
