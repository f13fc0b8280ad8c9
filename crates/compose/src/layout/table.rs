//! Tables: rows as high as their highest cell, cells as wide as their share.

use pressroom_page::{Pt, Rect, Role};

use super::Site;
use crate::ComposeError;
use crate::fragment::{Cut, Fragment};
use crate::plan::{CellPlan, ControlPlan, KindPlan, RowPlan, TablePlan};
use crate::run::Run;

impl Run<'_, '_> {
    pub(super) fn table(
        &mut self,
        control: &ControlPlan,
        plan: &TablePlan,
        site: Site<'_>,
    ) -> Result<Fragment, ComposeError> {
        // A bound or anchored width stretches all columns alike.
        let stretch = if control.bounds.width.0 > 0.0 {
            site.bounds.width.0 / control.bounds.width.0
        } else {
            1.0
        };
        let mut rows: Vec<Row> = Vec::with_capacity(plan.rows.len());
        for row in &plan.rows {
            let role = Role::Cell {
                table: plan.shape,
                row: self.services.next_table_row(),
                column: 0,
                header: plan.is_heading,
            };
            rows.push(self.row(row, &role, stretch)?);
        }
        let mut heights: Vec<Pt> = rows.iter().map(Row::height).collect();
        grow_for_spans(&rows, &mut heights);
        let mut y = Pt::ZERO;
        let mut children = Vec::with_capacity(rows.len());
        let spans = rows.iter().any(|row| row.cells.iter().any(|cell| cell.span > 1));
        let tops: Vec<Pt> = heights
            .iter()
            .map(|height| {
                let top = y;
                y += *height;
                top
            })
            .collect();
        for (index, row) in rows.into_iter().enumerate() {
            let mut cells = Vec::with_capacity(row.cells.len());
            for cell in row.cells {
                let mut fragment = cell.fragment;
                let end = (index + cell.span).min(heights.len());
                fragment.rect.y = Pt::ZERO;
                fragment.rect.height = heights[index..end].iter().copied().sum();
                cells.push(fragment);
            }
            let rect = Rect::new(Pt::ZERO, tops[index], site.bounds.width, heights[index]);
            let cut = if row.keep_together { Cut::Never } else { Cut::Between };
            if cells.is_empty() && heights[index].0 <= 0.0 {
                continue;
            }
            children.push(Fragment { cut, ..Fragment::children(rect, cells) });
        }
        let rect = Rect { height: y, ..site.bounds };
        let cut = if spans { Cut::Never } else { Cut::Between };
        Ok(Fragment { decor: table_decor(site), cut, ..Fragment::children(rect, children) })
    }

    fn row(&mut self, plan: &RowPlan, role: &Role, stretch: f32) -> Result<Row, ComposeError> {
        let mut row = Row {
            cells: Vec::with_capacity(plan.cells.len()),
            designed: plan.height,
            keep_together: plan.keep_together,
        };
        if !self.visible(&plan.visibility) {
            // A row that is not printed leaves no space.
            return Ok(Row { designed: Pt::ZERO, ..row });
        }
        for cell in &plan.cells {
            if let Some(fragment) = self.cell(cell, plan, role, stretch)? {
                let can_shrink = cell.control.can_shrink;
                let designed = cell.control.bounds.height;
                row.cells.push(Cell { fragment, span: cell.row_span, can_shrink, designed });
            }
        }
        Ok(row)
    }

    fn cell(
        &mut self,
        plan: &CellPlan,
        row: &RowPlan,
        role: &Role,
        stretch: f32,
    ) -> Result<Option<Fragment>, ComposeError> {
        let control = &plan.control;
        let visible = self.visible(&control.visibility);
        let (look, rule_visible) = self.look(&control.looks);
        if !rule_visible.unwrap_or(visible) {
            return Ok(None);
        }
        let bounds = Rect {
            x: control.bounds.x * stretch,
            y: Pt::ZERO,
            width: control.bounds.width * stretch,
            height: if plan.row_span > 1 { control.bounds.height } else { row.height },
        };
        let site = Site { bounds, look: &look };
        let KindPlan::Label(label) = &control.kind else { return Ok(None) };
        let mut fragment = if plan.controls.is_empty() {
            let mut role = role.clone();
            if let Role::Cell { column, .. } = &mut role {
                *column = plan.column;
            }
            self.text_box(control, label, site, &role)
        } else {
            let (children, settled) = self.controls(&plan.controls, bounds.height)?;
            let height = if control.can_grow { settled.max(bounds.height) } else { bounds.height };
            Fragment {
                decor: look.decor.clone(),
                ..Fragment::children(Rect { height, ..bounds }, children)
            }
        };
        if let Some(link) = &control.link {
            fragment.link = self.link(link);
        }
        Ok(Some(fragment))
    }
}

/// A row of laid out cells.
struct Row {
    cells: Vec<Cell>,
    designed: Pt,
    keep_together: bool,
}

struct Cell {
    fragment: Fragment,
    span: usize,
    can_shrink: bool,
    designed: Pt,
}

impl Row {
    /// As high as its highest cell; lower than designed only if every cell lets it.
    fn height(&self) -> Pt {
        let own = || self.cells.iter().filter(|cell| cell.span == 1);
        let needed = own().map(|cell| cell.fragment.rect.height).fold(Pt::ZERO, Pt::max);
        let shrinks = own().next().is_some() && own().all(|cell| cell.can_shrink);
        if shrinks { needed } else { needed.max(self.designed) }
    }
}

/// Makes the last row that a cell covers higher where the cell needs more than all of them have.
fn grow_for_spans(rows: &[Row], heights: &mut [Pt]) {
    for (index, row) in rows.iter().enumerate() {
        for cell in row.cells.iter().filter(|cell| cell.span > 1) {
            let end = (index + cell.span).min(heights.len());
            let have: Pt = heights[index..end].iter().copied().sum();
            let missing = cell.fragment.rect.height - have.max(cell.designed);
            if missing.0 > 0.01 && end > index {
                heights[end - 1] += missing;
            }
        }
    }
}

/// Cells draw the borders they inherit; the table itself draws only what is behind them.
fn table_decor(site: Site<'_>) -> Option<std::sync::Arc<crate::fragment::Decor>> {
    let decor = site.look.decor.as_ref()?;
    let background = decor.background?;
    Some(std::sync::Arc::new(crate::fragment::Decor {
        background: Some(background),
        ..Default::default()
    }))
}
