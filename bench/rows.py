#!/usr/bin/env python3
"""Makes the benchmarks' database: rows.py FILE PAGES

A page of the table holds 40 rows: two groups of 20, each with its heading and its subtotal.
The same rows come out every time.
"""

import datetime
import pathlib
import sqlite3
import sys

ROWS_A_GROUP = 20
GROUPS_A_PAGE = 2

# Latin-1 only: the built-in fonts of the comparison print nothing else.
CUSTOMERS = [
    "Drogheria Cavana", "Kontor Wolkenstein", "Épicerie du Port Vieux", "Mercearia Rosa dos Ventos",
    "Kolonial Fjordgløtt", "Kauppahalli Nyyssönen", "Feinkost Pöll", "Colmado Can Bofill",
    "Csemege Füredi", "Kystens Køkken", "Café Zeitvertreib", "Taberna El Farol", "Siopa na Mara",
]
PRODUCTS = [
    "Morning Fog Sencha", "Bora House Espresso", "Tellicherry Peppercorns", "Colle Alto Extra Virgin",
    "Heather Honey", "Sardines in Olive Oil", "Cast-Iron Skillet 26 cm", "Linen Tea Towels",
    "Yirga Washed Peaberry", "Piran Flower of Salt", "Walnut Oil, Toasted", "Quince Paste",
]


def rows(pages):
    """Number, batch, day, customer, product, quantity, price and amount of every row."""
    state = 20_250_919
    number = 0
    start = datetime.date(2023, 1, 2)
    for batch in range(1, pages * GROUPS_A_PAGE + 1):
        for _ in range(ROWS_A_GROUP):
            number += 1
            # Knuth's MMIX generator; only its upper bits are used.
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            draw = state >> 20
            quantity = draw % 48 + 1
            cents = 150 + draw // 48 % 24_000
            yield (
                number,
                batch,
                (start + datetime.timedelta(days=number % 1095)).isoformat(),
                CUSTOMERS[draw % len(CUSTOMERS)],
                PRODUCTS[draw // 7 % len(PRODUCTS)],
                quantity,
                cents / 100,
                quantity * cents / 100,
            )


def make(path, pages):
    """Writes the database of a table of so many pages."""
    beside = pathlib.Path(f"{path}.new")
    beside.unlink(missing_ok=True)
    with sqlite3.connect(beside) as database:
        database.execute(
            "CREATE TABLE Lines (Number INTEGER PRIMARY KEY, Batch INTEGER NOT NULL,"
            " Day DATE NOT NULL, Customer VARCHAR(60) NOT NULL, Product VARCHAR(60) NOT NULL,"
            " Quantity INTEGER NOT NULL, Price DECIMAL(10,2) NOT NULL,"
            " Amount DECIMAL(12,2) NOT NULL)"
        )
        database.executemany("INSERT INTO Lines VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows(pages))
    database.close()
    beside.rename(path)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    make(sys.argv[1], int(sys.argv[2]))
