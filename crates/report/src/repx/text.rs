//! Text of labels and cells, and their summaries.

use pressroom_query::xml::Element;

use super::properties::{choice, flag, lines, number, text};
use crate::{
    Binding, BindingEvent, Duplicates, Expression, ProcessNulls, Summary, SummaryFunction,
    SummaryRunning, TextFit, TextProps, TextTrimming, binding,
};

/// The text properties of a control. `old_format` is the format of an older binding, with which a
/// file has the older form of summaries as well: its bindings are changed to the newer form.
pub(super) fn text_props(
    element: Element<'_>,
    bindings: &mut Vec<Binding>,
    is_old: bool,
    old_format: Option<String>,
) -> TextProps {
    let summary = summary(element);
    if let Some(summary) = &summary {
        bring_summary_to_new_form(element, summary, bindings, is_old);
    }
    let format = old_format
        .or_else(|| summary.as_ref().and_then(|summary| summary.format.clone()))
        .or_else(|| text(element, "TextFormatString"));
    TextProps {
        text: lines(element.value("Text").unwrap_or_default()),
        multiline: flag(element, "Multiline").unwrap_or(false),
        word_wrap: flag(element, "WordWrap").unwrap_or(true),
        auto_width: flag(element, "AutoWidth").unwrap_or(false),
        angle: number(element, "Angle").unwrap_or(0.0),
        format,
        trimming: choice(
            element,
            "TextTrimming",
            &[
                ("None", TextTrimming::None),
                ("Character", TextTrimming::Character),
                ("Word", TextTrimming::Word),
                ("EllipsisCharacter", TextTrimming::EllipsisCharacter),
                ("EllipsisWord", TextTrimming::EllipsisWord),
                ("EllipsisPath", TextTrimming::EllipsisPath),
            ],
        )
        .unwrap_or_default(),
        fit: choice(
            element,
            "TextFitMode",
            &[
                ("ShrinkOnly", TextFit::Shrink),
                ("GrowOnly", TextFit::Grow),
                ("ShrinkAndGrow", TextFit::ShrinkAndGrow),
            ],
        )
        .unwrap_or_default(),
        markup: flag(element, "AllowMarkupText").unwrap_or(false),
        null_text: element.attribute("NullValueText").map(str::to_owned),
        duplicates: duplicates(element),
        nulls: choice(
            element,
            "ProcessNullValues",
            &[
                ("Suppress", ProcessNulls::Suppress),
                ("SuppressAndShrink", ProcessNulls::SuppressAndShrink),
            ],
        )
        .unwrap_or_default(),
        summary,
    }
}

fn duplicates(element: Element<'_>) -> Duplicates {
    let words = [
        ("Merge", Duplicates::Merge),
        ("Suppress", Duplicates::Suppress),
        ("SuppressAndShrink", Duplicates::SuppressAndShrink),
    ];
    choice(element, "ProcessDuplicatesMode", &words)
        .or_else(|| choice(element, "ProcessDuplicates", &words))
        .unwrap_or_default()
}

fn summary(element: Element<'_>) -> Option<Summary> {
    let element = element.child("Summary")?;
    let running = choice(
        element,
        "Running",
        &[
            ("Group", SummaryRunning::Group),
            ("Report", SummaryRunning::Report),
            ("Page", SummaryRunning::Page),
        ],
    )?;
    Some(Summary {
        function: element.attribute("Func").and_then(SummaryFunction::parse).unwrap_or_default(),
        running,
        ignore_nulls: flag(element, "IgnoreNullValues").unwrap_or(false),
        format: text(element, "FormatString"),
    })
}

/// The older form names the function beside the binding, the newer one inside the expression.
fn bring_summary_to_new_form(
    element: Element<'_>,
    summary: &Summary,
    bindings: &mut Vec<Binding>,
    is_old: bool,
) {
    let function = summary.function;
    if function == SummaryFunction::Custom {
        return;
    }
    let call = |argument: &str| format!("sum{}({argument})", function.name());
    if function == SummaryFunction::RecordNumber {
        if is_old || binding(bindings, "Text").is_none() {
            bindings.retain(|binding| !binding.property.eq_ignore_ascii_case("Text"));
            bindings.push(Binding {
                event: BindingEvent::BeforePrint,
                property: "Text".to_owned(),
                expression: Expression::new(call(""), element.line()),
            });
        }
        return;
    }
    if is_old {
        for binding in
            bindings.iter_mut().filter(|binding| binding.property.eq_ignore_ascii_case("Text"))
        {
            binding.expression.text = call(&binding.expression.text);
        }
    }
}
