//! Plays records into parts of a drawing.

use std::collections::HashMap;
use std::sync::Arc;

use pressroom_page::{Color, Dash, Path, Pt, Rect, Role, Stroke};

use super::outline::{Contour, Piece, segments};
use super::record::{Header, Record};
use super::state::{Object, Pen, State, Transform, color};
use super::{Drawing, Part};

/// More points than any logo has.
const MOST_POINTS: usize = 2_000_000;
/// States saved inside each other.
const MOST_SAVED: usize = 256;

pub(super) struct Player {
    drawing: Drawing,
    state: State,
    saved: Vec<State>,
    objects: HashMap<u32, Object>,
    /// From device units to points of the picture's box.
    origin: (f32, f32),
    ratio: (f32, f32),
    /// The path between its begin and end, or waiting to be filled.
    path: Vec<Contour>,
    in_path: bool,
    points: usize,
}

impl Player {
    pub(super) fn new(header: &Header) -> Self {
        let [left, top, right, bottom] = header.frame;
        let ratio = (header.size.width.0 / (right - left), header.size.height.0 / (bottom - top));
        Self {
            drawing: Drawing { size: header.size, ..Drawing::default() },
            state: State::default(),
            saved: Vec::new(),
            objects: HashMap::new(),
            origin: (left, top),
            ratio,
            path: Vec::new(),
            in_path: false,
            points: 0,
        }
    }

    pub(super) fn finish(self) -> Drawing {
        self.drawing
    }

    pub(super) fn play(&mut self, record: &Record<'_>) -> Result<(), String> {
        match record.kind {
            // Figures of 32-bit and 16-bit points.
            2 | 85 => self.curve(record, record.kind == 85, false)?,
            3 | 86 => self.polygon(record, record.kind == 86)?,
            4 | 87 => self.polyline(record, record.kind == 87, false)?,
            5 | 88 => self.curve(record, record.kind == 88, true)?,
            6 | 89 => self.polyline(record, record.kind == 89, true)?,
            7 | 90 => self.poly_poly(record, record.kind == 90, false)?,
            8 | 91 => self.poly_poly(record, record.kind == 91, true)?,
            9 => self.state.window.extent = record.point(0),
            10 => self.state.window.origin = record.point(0),
            11 => self.state.viewport.extent = record.point(0),
            12 => self.state.viewport.origin = record.point(0),
            17 => self.state.scaled = matches!(record.u32(0), 7 | 8),
            19 => self.state.alternate = record.u32(0) != 2,
            27 => self.move_to(record.point(0)),
            33 if self.saved.len() < MOST_SAVED => self.saved.push(self.state.clone()),
            34 => self.restore(record.i32(0)),
            35 => self.state.world = transform(record, 0),
            36 => self.modify_world(record),
            37 => self.select(record.u32(0)),
            38 => {
                let pen = Pen { color: color(record.u32(16)), width: record.i32(8) as f32 };
                self.keep(record.u32(0), Object::Pen((record.u32(4) & 0xf != 5).then_some(pen)));
            }
            39 => {
                let brush = (record.u32(4) != 1).then(|| color(record.u32(8)));
                self.keep(record.u32(0), Object::Brush(brush));
            }
            40 => {
                self.objects.remove(&record.u32(0));
            }
            42 => self.ellipse(record)?,
            43 | 44 => self.rectangle(record)?,
            54 => self.line_to(record.point(0))?,
            59 => {
                self.path.clear();
                self.in_path = true;
            }
            60 => self.in_path = false,
            61 => {
                if let Some(contour) = self.path.last_mut() {
                    contour.closed = true;
                }
            }
            62..=64 => self.paint_path(record.kind != 64, record.kind != 62),
            67 | 68 => self.path.clear(),
            81 => self.bitmap(record),
            95 => {
                let pen = Pen { color: color(record.u32(32)), width: record.u32(24) as f32 };
                self.keep(record.u32(0), Object::Pen((record.u32(20) & 0xf != 5).then_some(pen)));
            }
            // Arcs, regions, other bitmaps, text, gradients: drawn, but not here.
            41 | 45..=47 | 55 | 71..=74 | 76 | 77 | 80 | 83 | 84 | 114 | 116 | 118 => {
                self.drawing.incomplete = true;
            }
            _ => {}
        }
        Ok(())
    }

    fn keep(&mut self, place: u32, object: Object) {
        const MOST: usize = 65_536;
        if self.objects.len() < MOST {
            self.objects.insert(place, object);
        }
    }

    fn select(&mut self, place: u32) {
        const STOCK: u32 = 0x8000_0000;
        let object = if place & STOCK != 0 {
            Object::stock(place & !STOCK)
        } else {
            self.objects.get(&place).copied()
        };
        match object {
            Some(Object::Pen(pen)) => self.state.pen = pen,
            Some(Object::Brush(brush)) => self.state.brush = brush,
            None => {}
        }
    }

    fn restore(&mut self, which: i32) {
        let back = usize::try_from(which.unsigned_abs()).unwrap_or(usize::MAX);
        for _ in 0..back.min(self.saved.len()) {
            if let Some(state) = self.saved.pop() {
                self.state = state;
            }
        }
    }

    fn modify_world(&mut self, record: &Record<'_>) {
        let change = transform(record, 0);
        self.state.world = match record.u32(24) {
            1 => Transform::IDENTITY,
            2 => change.then(&self.state.world),
            3 => self.state.world.then(&change),
            _ => change,
        };
    }

    /// A place of the drawing in points of the picture's box.
    fn place(&self, point: (f32, f32)) -> (f32, f32) {
        let (x, y) = self.state.device(point);
        ((x - self.origin.0) * self.ratio.0, (y - self.origin.1) * self.ratio.1)
    }

    fn count(&mut self, points: usize) -> Result<(), String> {
        self.points += points;
        if self.points > MOST_POINTS {
            return Err(format!(
                "the metafile has more than {MOST_POINTS} points; store the picture as PNG"
            ));
        }
        Ok(())
    }

    fn list(&mut self, record: &Record<'_>, short: bool) -> Result<Vec<(f32, f32)>, String> {
        let points = record.points(20, record.u32(16) as usize, short);
        self.count(points.len())?;
        Ok(points)
    }

    fn move_to(&mut self, point: (f32, f32)) {
        self.state.position = point;
        if self.in_path {
            self.path.push(Contour::starting(self.place(point)));
        }
    }

    /// The contour that pieces are added to: the path's last, or a new one from the position.
    fn current(&mut self) -> Contour {
        let start = self.place(self.state.position);
        if self.in_path
            && let Some(last) = self.path.pop_if(|contour| !contour.closed)
        {
            return last;
        }
        Contour::starting(start)
    }

    /// Gives a contour back to the path, or draws it at once.
    fn done(&mut self, contour: Contour) {
        if self.in_path {
            self.path.push(contour);
        } else {
            self.paint(vec![contour], false, true);
        }
    }

    fn line_to(&mut self, point: (f32, f32)) -> Result<(), String> {
        self.count(1)?;
        let mut contour = self.current();
        contour.pieces.push(Piece::Line(self.place(point)));
        self.state.position = point;
        self.done(contour);
        Ok(())
    }

    fn polyline(
        &mut self,
        record: &Record<'_>,
        short: bool,
        from_position: bool,
    ) -> Result<(), String> {
        let points = self.list(record, short)?;
        let mut rest = points.iter();
        let mut contour = if from_position {
            self.current()
        } else {
            let Some(first) = rest.next() else { return Ok(()) };
            Contour::starting(self.place(*first))
        };
        contour.pieces.extend(rest.map(|point| Piece::Line(self.place(*point))));
        if from_position && let Some(last) = points.last() {
            self.state.position = *last;
        }
        self.done(contour);
        Ok(())
    }

    fn curve(
        &mut self,
        record: &Record<'_>,
        short: bool,
        from_position: bool,
    ) -> Result<(), String> {
        let points = self.list(record, short)?;
        let (mut contour, rest) = if from_position {
            (self.current(), &points[..])
        } else {
            let Some((first, rest)) = points.split_first() else { return Ok(()) };
            (Contour::starting(self.place(*first)), rest)
        };
        for three in rest.chunks_exact(3) {
            let piece =
                Piece::Cubic(self.place(three[0]), self.place(three[1]), self.place(three[2]));
            contour.pieces.push(piece);
        }
        if from_position && let Some(last) = points.last() {
            self.state.position = *last;
        }
        self.done(contour);
        Ok(())
    }

    fn polygon(&mut self, record: &Record<'_>, short: bool) -> Result<(), String> {
        let points = self.list(record, short)?;
        let contours = self.closed(&points).into_iter().collect();
        self.add(contours);
        Ok(())
    }

    fn closed(&self, points: &[(f32, f32)]) -> Option<Contour> {
        let (first, rest) = points.split_first()?;
        let pieces = rest.iter().map(|point| Piece::Line(self.place(*point))).collect();
        Some(Contour { start: self.place(*first), pieces, closed: true })
    }

    fn poly_poly(&mut self, record: &Record<'_>, short: bool, closed: bool) -> Result<(), String> {
        let count = (record.u32(16) as usize).min(MOST_POINTS);
        let points = record.points(24 + count * 4, record.u32(20) as usize, short);
        self.count(points.len())?;
        let mut rest = &points[..];
        let mut contours = Vec::new();
        for figure in 0..count {
            let length = (record.u32(24 + figure * 4) as usize).min(rest.len());
            let (own, after) = rest.split_at(length);
            rest = after;
            if let Some(contour) = self.closed(own) {
                contours.push(Contour { closed, ..contour });
            }
            if rest.is_empty() {
                break;
            }
        }
        if closed {
            self.add(contours);
        } else if self.in_path {
            self.path.extend(contours);
        } else {
            self.paint(contours, false, true);
        }
        Ok(())
    }

    fn add(&mut self, contours: Vec<Contour>) {
        if self.in_path {
            self.path.extend(contours);
        } else {
            self.paint(contours, true, true);
        }
    }

    fn rectangle(&mut self, record: &Record<'_>) -> Result<(), String> {
        self.count(4)?;
        let ((l, t), (r, b)) = (record.point(0), record.point(8));
        let contour = self.closed(&[(l, t), (r, t), (r, b), (l, b)]);
        self.add(contour.into_iter().collect());
        Ok(())
    }

    fn ellipse(&mut self, record: &Record<'_>) -> Result<(), String> {
        /// See [`shape`](super::super::shape): a quarter of a circle as one Bézier piece.
        const QUARTER: f32 = 0.552_284_8;
        self.count(13)?;
        let ((l, t), (r, b)) = (record.point(0), record.point(8));
        let (cx, cy) = (f32::midpoint(l, r), f32::midpoint(t, b));
        let (rx, ry) = ((r - l) / 2.0, (b - t) / 2.0);
        let (kx, ky) = (rx * QUARTER, ry * QUARTER);
        let at = |x: f32, y: f32| self.place((cx + x, cy + y));
        let pieces = vec![
            Piece::Cubic(at(rx, ky), at(kx, ry), at(0.0, ry)),
            Piece::Cubic(at(-kx, ry), at(-rx, ky), at(-rx, 0.0)),
            Piece::Cubic(at(-rx, -ky), at(-kx, -ry), at(0.0, -ry)),
            Piece::Cubic(at(kx, -ry), at(rx, -ky), at(rx, 0.0)),
        ];
        let contour = Contour { start: at(rx, 0.0), pieces, closed: true };
        self.add(vec![contour]);
        Ok(())
    }

    fn paint_path(&mut self, fill: bool, stroke: bool) {
        let contours = std::mem::take(&mut self.path);
        self.paint(contours, fill, stroke);
    }

    fn paint(&mut self, mut contours: Vec<Contour>, fill: bool, stroke: bool) {
        contours.retain(|contour| !contour.pieces.is_empty());
        let fill: Option<Color> = self.state.brush.filter(|_| fill);
        let stroke = self.state.pen.filter(|_| stroke).map(|pen| self.stroke(pen));
        if contours.is_empty() || (fill.is_none() && stroke.is_none()) {
            return;
        }
        let segments = segments(contours, self.state.alternate && fill.is_some(), false);
        self.drawing.parts.push(Part::Path(Path { segments, fill, stroke, role: Role::Artifact }));
    }

    fn stroke(&self, pen: Pen) -> Stroke {
        const HAIRLINE: f32 = 0.25;
        let scale = self.state.scale().0.abs() * self.ratio.0.abs();
        Stroke { color: pen.color, width: Pt((pen.width * scale).max(HAIRLINE)), dash: Dash::Solid }
    }

    /// A bitmap stretched to a rectangle: its header and bits make a BMP file.
    fn bitmap(&mut self, record: &Record<'_>) {
        let (x, y) = (record.i32(16) as f32, record.i32(20) as f32);
        let (width, height) = (record.i32(64) as f32, record.i32(68) as f32);
        let header = record.slice(record.u32(40) as usize, record.u32(44) as usize);
        let bits = record.slice(record.u32(48) as usize, record.u32(52) as usize);
        let (Some(header), Some(bits)) = (header, bits) else {
            self.drawing.incomplete = true;
            return;
        };
        let total = u32::try_from(14 + header.len() + bits.len()).unwrap_or(u32::MAX);
        let offset = u32::try_from(14 + header.len()).unwrap_or(u32::MAX);
        let mut file = Vec::with_capacity(14 + header.len() + bits.len());
        file.extend_from_slice(b"BM");
        file.extend_from_slice(&total.to_le_bytes());
        file.extend_from_slice(&[0; 4]);
        file.extend_from_slice(&offset.to_le_bytes());
        file.extend_from_slice(header);
        file.extend_from_slice(bits);
        let ((l, t), (r, b)) = (self.place((x, y)), self.place((x + width, y + height)));
        let rect = Rect::new(Pt(l.min(r)), Pt(t.min(b)), Pt((r - l).abs()), Pt((b - t).abs()));
        self.drawing.parts.push(Part::Bitmap(rect, Arc::from(file)));
    }
}

fn transform(record: &Record<'_>, at: usize) -> Transform {
    let number = |index: usize| record.f32(at + index * 4);
    let sane = (0..6).all(|index| number(index).is_finite());
    if !sane {
        return Transform::IDENTITY;
    }
    Transform { a: number(0), b: number(1), c: number(2), d: number(3), e: number(4), f: number(5) }
}
