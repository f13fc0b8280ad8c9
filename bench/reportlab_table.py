#!/usr/bin/env python3
"""The benchmarks' table, drawn by ReportLab's canvas: reportlab_table.py DATABASE OUT.pdf

The geometry is that of table.repx: A4, 40 rows of 6 columns a page in two groups, each with a
heading and a subtotal, "Page n of m" at the foot. The canvas is ReportLab's quickest way: no
flowables, built-in fonts, and the number of pages is asked of the database first.
"""

import datetime
import sqlite3
import sys

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

UNIT = 0.72  # the layout's hundredths of an inch, in points
WIDTH, HEIGHT = 827 * UNIT, 1169 * UNIT
LEFT, TOP = 79 * UNIT, 60 * UNIT
TABLE = 669 * UNIT
ROW, HEAD, FOOT = 22 * UNIT, 40 * UNIT, 30 * UNIT
ROWS_A_PAGE = 40
INK, TEXT, MUTED, RULE = (HexColor(c) for c in ("#12343b", "#263236", "#68777a", "#cbd4d3"))

# Left and right edge of each column, and whether it is aligned to the right one.
EDGES = [0, 90, 270, 450, 510, 585, 669]
COLUMNS = [
    ("Day", False), ("Customer", False), ("Article", False),
    ("Quantity", True), ("Price", True), ("Amount", True),
]


class Table:
    """One page after the other."""

    def __init__(self, path, pages):
        self.canvas = Canvas(path, pagesize=(WIDTH, HEIGHT), invariant=1)
        self.pages = pages
        self.page = 0
        self.y = 0

    def begin(self):
        self.page += 1
        self.y = HEIGHT - TOP - HEAD
        self.canvas.setFont("Helvetica-Bold", 8)
        self.canvas.setFillColor(MUTED)
        self.cells(column for column, _ in COLUMNS)
        self.line(INK)

    def end(self):
        canvas = self.canvas
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(MUTED)
        bottom = TOP + FOOT / 3
        canvas.drawRightString(LEFT + TABLE, bottom, f"Page {self.page} of {self.pages}")
        canvas.showPage()

    def line(self, color):
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(0.75)
        self.canvas.line(LEFT, self.y, LEFT + TABLE, self.y)

    def cells(self, texts):
        baseline = self.y + 5
        for (_, right), text, x, end in zip(COLUMNS, texts, EDGES, EDGES[1:]):
            if not text:
                continue
            if right:
                self.canvas.drawRightString(LEFT + end * UNIT, baseline, text)
            else:
                self.canvas.drawString(LEFT + x * UNIT, baseline, text)

    def row(self, font, color, rule, *texts):
        self.y -= ROW
        self.canvas.setFont(font, 9)
        self.canvas.setFillColor(color)
        self.cells(texts)
        self.line(rule)


def draw(database, out):
    """Draws the table of a database."""
    source = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    (count,) = source.execute("SELECT count(*) FROM Lines").fetchone()
    table = Table(out, -(-count // ROWS_A_PAGE))
    batch, quantities, amounts, on_page = None, 0, 0.0, 0

    def subtotal():
        table.row(
            "Helvetica-Bold", INK, INK,
            "", f"Batch {batch}", "", f"{quantities:,}", "", f"{amounts:,.2f}",
        )

    query = "SELECT Batch, Day, Customer, Product, Quantity, Price, Amount FROM Lines ORDER BY Batch, Number"
    for row in source.execute(query):
        if row[0] != batch:
            if batch is not None:
                subtotal()
            if on_page == ROWS_A_PAGE:
                table.end()
                on_page = 0
            if on_page == 0:
                table.begin()
            batch, quantities, amounts = row[0], 0, 0.0
            table.row("Helvetica-Bold", INK, RULE, f"Batch {batch}")
        _, day, customer, product, quantity, price, amount = row
        quantities += quantity
        amounts += amount
        on_page += 1
        table.row(
            "Helvetica", TEXT, RULE,
            datetime.date.fromisoformat(day).strftime("%d %b %Y"), customer, product,
            f"{quantity:,}", f"{price:,.2f}", f"{amount:,.2f}",
        )
    if batch is not None:
        subtotal()
        table.end()
    table.canvas.save()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    draw(*sys.argv[1:])
