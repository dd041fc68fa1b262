"""Charts as pictures (pure): SVG that loads nothing, runs nothing, and is read by day and by night. The page puts a table behind each."""

import sys
from collections.abc import Sequence

from pygal import Bar, Config, HorizontalBar, HorizontalStackedBar, Line, PluginImportFixer
from pygal.etree import etree
from pygal.graph.graph import Graph
from pygal.style import Style

from conference.console.figure_counts import DayCount, SeatCount

# It puts itself between every import of the process and the interpreter, for plug-ins that we don't have, in a way that Python warns of.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, PluginImportFixer)]

MOST_BARS = 15
MOST_POINTS = 200  # of a line: more tell the eye nothing
INK, LINE = "#26323a", "#d9d5cb"
BLUE, BLUE_EDGE, ORANGE_EDGE = "#a9cbdc", "#2f5f78", "#a2501b"
# Taken is full, free is hollow, waiting has a broken edge: told apart without their colours. In the dark the same, with light ink.
_LOOK = """inline:
.serie-0 .rect, .serie-0 .line, .legends .color-0 { fill: #a9cbdc !important; stroke: #2f5f78 !important; stroke-width: 1.5; }
.serie-1 .rect, .legends .color-1 { fill: none !important; stroke: #2f5f78 !important; stroke-width: 1.5; }
.serie-2 .rect, .legends .color-2 { fill: none !important; stroke: #a2501b !important; stroke-width: 2.5; stroke-dasharray: 6 4; }
@media (prefers-color-scheme: dark) {
  text { fill: #ece8df !important; }
  .guide.line, .axis .line { stroke: #4d5a62 !important; }
  .serie-0 .rect, .serie-0 .line, .legends .color-0 { fill: #2f5f78 !important; stroke: #8cc3dd !important; }
  .serie-1 .rect, .legends .color-1 { stroke: #8cc3dd !important; }
  .serie-2 .rect, .legends .color-2 { stroke: #f0a878 !important; }
}
"""


def sign_ups_svg(days: Sequence[DayCount]) -> bytes:
    """How many had a place at the end of each day."""
    step = max(1, -(-len(days) // MOST_POINTS))
    shown = [day for number, day in enumerate(days) if number % step == 0 or number == len(days) - 1]
    if len(shown) < 2:  # one point is no line
        chart = Bar(_config(), show_legend=False)
    else:
        chart = Line(_config(), show_legend=False, show_dots=False, fill=True, show_minor_x_labels=False)
    chart.x_labels = [f"{day.day.day} {day.day:%b}" for day in shown]
    chart.x_labels_major = [label for number, label in enumerate(chart.x_labels) if number % max(1, len(shown) // 6) == 0]
    chart.y_labels = _ticks(max((day.total for day in shown), default=0))
    chart.add("Registered", [day.total for day in shown])
    return _svg(chart, "Registered people, day by day")


def countries_svg(named: Sequence[tuple[str, int]]) -> bytes:
    """The countries with the most people, the most at the top; all the others together."""
    shown, others = list(named[:MOST_BARS]), sum(count for _, count in named[MOST_BARS:])
    if others:
        shown.append(("All others", others))
    chart = HorizontalBar(_config(rows=len(shown)), show_legend=False, print_values=True)
    chart.x_labels = [name for name, _ in reversed(shown)]
    chart.y_labels = _ticks(max((count for _, count in shown), default=0))
    chart.add("People", [count for _, count in reversed(shown)])
    return _svg(chart, "People by country")


def seats_svg(seats: Sequence[SeatCount]) -> bytes:
    """Seats taken and free, and how many wait, session by session."""
    chart = HorizontalStackedBar(_config(rows=len(seats) + 1), print_values=True, legend_at_bottom=True, legend_at_bottom_columns=3)
    ordered = list(reversed(seats))
    chart.x_labels = [_short(seat.title) for seat in ordered]
    chart.y_labels = _ticks(max((seat.capacity + seat.waiting for seat in seats), default=0))
    chart.add("Taken", [seat.taken for seat in ordered], formatter=_unless_none)
    chart.add("Free", [seat.capacity - seat.taken - seat.held for seat in ordered], formatter=_unless_none)
    chart.add("Waiting", [seat.waiting for seat in ordered], formatter=_unless_none)
    return _svg(chart, "Seats taken and free, and people waiting, by session")


def _config(rows: int = 0) -> Config:
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground=INK,
        foreground_strong=INK,
        foreground_subtle=LINE,
        guide_stroke_color=LINE,
        major_guide_stroke_color=LINE,
        value_colors=(INK, INK, INK),
        colors=(BLUE, BLUE_EDGE, ORANGE_EDGE),
        font_family="system-ui, sans-serif",
        label_font_size=15,
        major_label_font_size=15,
        value_font_size=15,
        legend_font_size=15,
        opacity="1",
        opacity_hover="1",
        transition="0s",
    )
    return Config(
        style=style,
        js=[],
        css=["file://style.css", "file://graph.css", _LOOK],
        explicit_size=True,
        width=800,
        height=max(170, 90 + 34 * rows) if rows else 320,
        margin=8,
        include_x_axis=True,
        show_x_guides=False,
        value_formatter=lambda value: f"{value:,.0f}",
        truncate_label=-1,
        no_data_text="Nothing yet",
        disable_xml_declaration=True,
    )


def _svg(chart: Graph, title: str) -> bytes:
    """Without what the library puts into it for scripts: there are none."""
    root = chart.render_tree()
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] in ("script", "desc", "title"):
                parent.remove(child)
    said = etree.Element("title")
    said.text = title
    root.insert(0, said)
    written: bytes = etree.tostring(root, encoding="utf-8")
    return written


def _ticks(most: int) -> list[int]:
    """Round numbers from 0 to at least `most`, about five of them: people are whole."""
    step = next(step for power in range(9) for step in (10**power, 2 * 10**power, 5 * 10**power) if step * 5 >= most)
    return list(range(0, max(most, 1) + step, step))


def _unless_none(value: float | None) -> str:
    return f"{value:.0f}" if value else ""


def _short(title: str) -> str:
    return title if len(title) <= 34 else title[:33].rstrip() + "…"
