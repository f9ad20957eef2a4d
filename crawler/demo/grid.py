"""A table of a page: rows of cells that may span, kept apart from how a site prints it.

One grid gives the HTML of the portal that publishes a report and the one-cell-a-line text of the site that copies it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    text: str
    rows: int = 1
    columns: int = 1


Grid = tuple[tuple[Cell, ...], ...]


def row(*texts: str | int) -> tuple[Cell, ...]:
    return tuple(Cell(text=str(text)) for text in texts)


def wide(text: str, columns: int) -> tuple[Cell, ...]:
    return (Cell(text=text, columns=columns),)


def as_html(grid: Grid) -> str:
    rows = "\n".join(f"<tr>{''.join(_html(cell) for cell in cells)}</tr>" for cells in grid)
    return f'<table border="1" cellspacing="0">\n{rows}\n</table>'


def _html(cell: Cell) -> str:
    spans = (("rowspan", cell.rows), ("colspan", cell.columns))
    attributes = "".join(f' {name}="{span}"' for name, span in spans if span > 1)
    return f"<td{attributes}>{escape(cell.text, quote=False)}</td>"


def texts(grid: Grid) -> Iterable[str]:
    return (cell.text for cells in grid for cell in cells)
