import re
import struct
import warnings
import zlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.text import Text

from connote.data.errors import UsageError
from connote.infer.writing import OutputError
from connote.study import palette as palettes
from connote.study.estimates import COLUMNS, Estimates
from connote.study.label_choice import LabelChoice
from connote.study.label_table import COLUMNS as LABEL_COLUMNS
from connote.study.palette import DARK, LIGHT
from connote.study.periods import all_between, day_of
from connote.study.pictures import (
    PictureError,
    agreement_plot,
    alternative_text,
    calibration_plot,
    differences_plot,
    figure_bytes,
    label_choice_plot,
    save_figure,
    shares_plot,
    trend_plot,
    voices_plot,
)

Row = dict[str, Any]


def row(outlet: str, estimate: float | None, estimator: str = "naive", **changed: Any) -> Row:
    ends = (None, None) if estimate is None else (estimate - 0.05, estimate + 0.08)
    return {
        "outlet": outlet,
        "against": None,
        "estimator": estimator,
        "estimate": estimate,
        "low": ends[0],
        "high": ends[1],
        "standard_error": None,
        "documents": 12,
        "sentences": 80,
        "mentions": 45,
        "uncertain": 0.02,
        "gold_sentences": None if estimator == "naive" else 30,
        "gold_documents": None,
        "flag": "",
        **changed,
    }


def estimates(rows: Sequence[Row], by: tuple[str, ...] = ("outlet",), **changed: Any) -> Estimates:
    given: Row = {
        "measure": "framing=delegitimizing",
        "estimand": "Share whose label is delegitimizing, of mentions of the Syrian government.",
        "warnings": ("No gold sample: these are the classifier's labels taken at their word.",),
        "model": "connote@1",
    }
    frame = pd.DataFrame(rows, columns=[*by, *COLUMNS])
    return Estimates(frame, by, **{**given, **changed})


def drawn_texts(ax: Axes) -> list[str]:
    """All texts of the figure, as they stand after it was drawn."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    return [t.get_text() for t in figure.findobj(Text) if isinstance(t, Text) and t.get_text()]


def bars(ax: Axes, axis: int = 0) -> set[tuple[float, float]]:
    """Lower and upper end of every interval."""
    found = set()
    for container in ax.containers:
        assert isinstance(container, ErrorbarContainer)
        for lines in container.lines[2]:
            assert isinstance(lines, LineCollection)
            for segment in lines.get_segments():
                low, high = sorted(segment[:, axis])
                found.add((round(float(low), 6), round(float(high), 6)))
    return found


def points(ax: Axes) -> dict[tuple[float, float], str]:
    """For each marker its place and its face."""
    return {
        (round(float(x), 6), round(float(y), 6)): to_hex(line.get_markerfacecolor())
        for line in ax.lines
        if line.get_marker() not in ("None", "|", None) and len(line.get_xdata()) == 1  # type: ignore[arg-type]
        for x, y in [line.get_xydata()[0]]
    }


THREE = [row("The Lantern", 0.41), row("Meridian Wire", 0.12), row("Kessar First Channel", 0.3)]


def test_shares_stand_in_order_with_their_intervals_and_what_they_rest_on() -> None:
    ax = shares_plot(estimates(THREE))
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["The Lantern", "Kessar First Channel", "Meridian Wire"]
    assert bars(ax) == {(0.36, 0.49), (0.25, 0.38), (0.07, 0.2)}
    assert set(points(ax)) == {(0.41, 0), (0.3, 1), (0.12, 2)}
    texts = drawn_texts(ax)
    assert texts.count("12 documents, 45 mentions") == 3
    assert "0 %" in texts
    caption = " ".join(texts).replace("\n", " ")
    assert "of mentions of the Syrian government. Bars: 95 % intervals." in caption
    assert "No gold sample" in caption


def test_estimators_differ_in_colour_marker_and_place() -> None:
    values = {"naive": 0.4, "gold": 0.3, "corrected": 0.33}
    rows = [row("The Lantern", value, name) for name, value in values.items()]
    ax = shares_plot(estimates(rows))
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["naive", "gold", "corrected"]
    assert len(set(points(ax))) == 3
    assert len({y for _, y in points(ax)}) == 3
    markers = {line.get_marker() for line in ax.lines} - {"None", "|"}
    assert len(markers) == 3


def test_what_is_flagged_is_hollow_and_says_why() -> None:
    flag = "n too small: 3 gold sentences"
    rows = [*THREE, row("Gazette", 0.2, flag=flag), row("Herald", None, flag="no gold unit")]
    ax = shares_plot(estimates(rows))
    faces = points(ax)
    assert faces[0.2, 2] == LIGHT.paper
    assert faces[0.41, 0] == LIGHT.estimator["naive"].fill
    texts = drawn_texts(ax)
    assert any("○ n too small: 3 gold sentences" in text for text in texts)
    assert any("– no gold unit" in text for text in texts)
    assert [label.get_text() for label in ax.get_yticklabels()][-1] == "Herald"
    assert len(faces) == 4


def test_an_interval_need_not_hold_its_estimate() -> None:
    ax = shares_plot(estimates([row("The Lantern", 0.4, low=0.42, high=0.5)]))
    assert bars(ax) == {(0.42, 0.5)}


def test_differences_are_told_from_shares() -> None:
    against = row("Meridian Wire", -0.02, against="The Lantern")
    ax = differences_plot(estimates([*THREE, against]))
    assert bars(ax) == {(-0.07, 0.06)}
    assert "difference from The Lantern, percentage points" in drawn_texts(ax)
    assert any(line.get_xdata()[0] == 0 == line.get_xdata()[1] for line in ax.lines[:1])  # type: ignore[index]
    assert len(bars(shares_plot(estimates([*THREE, against])))) == 3
    with pytest.raises(PictureError, match="name a group with against"):
        differences_plot(estimates(THREE))


def months(outlet: str, values: dict[str, float | None]) -> list[Row]:
    return [
        row(outlet, value, month=month, flag="" if value is not None else "no mentions")
        for month, value in values.items()
    ]


def test_a_trend_breaks_where_a_month_is_missing() -> None:
    values = {"2023-11": 0.2, "2023-12": 0.25, "2024-02": 0.3, "2024-03": 0.35}
    ax = trend_plot(estimates(months("all", values), ("month",)))
    stretches = [len(line.get_xdata()) for line in ax.lines if line.get_linestyle() != "None"]  # type: ignore[arg-type]
    assert stretches[:2] == [2, 2]
    assert bars(ax, axis=1) == {(0.15, 0.28), (0.2, 0.33), (0.25, 0.38), (0.3, 0.43)}
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks == ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03"]
    assert "180 mentions" in drawn_texts(ax)


def test_a_trend_names_its_lines_and_events() -> None:
    rows = months("The Lantern", {"2024-01": 0.2, "2024-02": 0.4}) + months(
        "Meridian Wire", {"2024-01": 0.3, "2024-02": 0.401}
    )
    events = {"Ceasefire of $5 bn": "2024-01-20", "Election": "2024-02"}
    ax = trend_plot(estimates(rows, ("outlet", "month")), events)
    texts = drawn_texts(ax)
    assert {"The Lantern, 90 mentions", "Meridian Wire, 90 mentions", *events} <= set(texts)
    named = [t for t in ax.texts if t.get_text().endswith("mentions")]
    heights = sorted(float(t.get_position()[1]) for t in named)
    assert heights[1] - heights[0] > 0.01
    days = {
        float(line.get_xdata()[0])  # type: ignore[index, arg-type]
        for line in ax.lines
        if line.get_linestyle() == "--" and line.get_color() == LIGHT.soft
    }
    assert days == {day_of("2024-01-20", ""), day_of("2024-02", "")}
    with pytest.raises(UsageError, match="the event 'Flood': expected a day such as 2024-02-17"):
        trend_plot(estimates(rows, ("outlet", "month")), {"Flood": "spring"})


def test_a_trend_needs_periods() -> None:
    with pytest.raises(PictureError, match="expected estimates by week, month, year"):
        trend_plot(estimates(THREE))
    with pytest.raises(PictureError, match="none that has a value and a period"):
        trend_plot(estimates(months("all", {"(none)": 0.4}), ("month",)))
    values = {"2024-01": 0.2, "(none)": 0.5}
    ax = trend_plot(estimates(months("all", values), ("month",)))
    assert "Without a month, not shown" in " ".join(drawn_texts(ax)).replace("\n", " ")


def test_periods_follow_each_other_over_the_end_of_a_year() -> None:
    assert all_between("2020-W52", "2021-W01") == ["2020-W52", "2020-W53", "2021-W01"]
    assert all_between("2023-12", "2024-01") == ["2023-12", "2024-01"]
    assert all_between("2023", "2025") == ["2023", "2024", "2025"]
    assert all_between("9999-12", "9999-12") == []


def choice(rows: Sequence[tuple[str, str, str, float, float, str]], **changed: Any) -> LabelChoice:
    frame = pd.DataFrame(
        [
            {
                "outlet": outlet, "label": label, "framing": framing, "mentions": 8, "share": 0.2,
                "documents": 1 if flag else 6, "others": 2, "other_share": 0.01, "log_odds": 1.0,
                "z": z, "z_clustered": clustered, "flag": flag, "example": "",
            }
            for outlet, label, framing, z, clustered, flag in rows
        ],
        columns=["outlet", *LABEL_COLUMNS],
    )  # fmt: skip
    frame = frame.astype({"z": "Float64", "z_clustered": "Float64"})
    return LabelChoice(frame, ("outlet",), None, "Share of each label.", ("One.", "Two."), "m")


LABELS = [
    ("The Lantern", "regime", "delegitimizing", 4.0, 3.1, ""),
    ("The Lantern", "thugs", "delegitimizing", 3.5, 1.2, "from one document"),
    ("The Lantern", "government", "neutral", -2.0, -1.8, ""),
    ("Meridian Wire", "government", "neutral", 2.0, 1.8, ""),
]


def test_labels_stand_under_their_group_by_what_the_documents_tell() -> None:
    ax = label_choice_plot(choice(LABELS))
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["government", "regime", "thugs"]
    texts = drawn_texts(ax)
    assert {"The Lantern", "Meridian Wire"} <= set(texts)
    assert "8 in 6 documents, 20.0 %; rest 1.0 %" in texts
    assert "8 in 1 document, 20.0 %; rest 1.0 %" in texts
    faces = {x: face for (x, _), face in points(ax).items()}
    assert faces == {
        3.1: LIGHT.framing["delegitimizing"].fill,
        1.2: LIGHT.paper,
        1.8: LIGHT.framing["neutral"].fill,
    }
    assert len(label_choice_plot(choice(LABELS), top=1).get_yticklabels()) == 2


def test_labels_of_one_group_are_shown_by_their_share() -> None:
    one = choice(LABELS[:1])
    one.frame[["z", "z_clustered"]] = pd.NA
    ax = label_choice_plot(one)
    assert [x for x, _ in points(ax)] == [0.2]
    assert "share of the group's labels" in drawn_texts(ax)


VOICES = pd.DataFrame(
    [
        ("Russian government", "Syrian government", "neutral", 30),
        ("Russian government", "Syrian government", "delegitimizing", 10),
        ("Ankara", "Syrian government", "delegitimizing", 3),
        ("Ankara", "Hamas", "legitimizing", 8),
    ],
    columns=["speaker", "referent", "framing", "mentions"],
)


def test_voices_show_share_and_n_of_each_speaker_and_referent() -> None:
    ax = voices_plot(VOICES)
    texts = drawn_texts(ax)
    assert {"25 %   n 40", "100 %   n 3", "0 %   n 8", "–"} <= set(texts)
    fills = {to_hex(patch.get_facecolor()) for patch in ax.patches}
    assert LIGHT.framing["legitimizing"].fill in fills
    assert "Russian government of Syrian government: 25 % delegitimizing of 40" in (
        alternative_text(ax)
    )
    fewer = voices_plot(VOICES, referents=1)
    assert "Not shown: 1 referent." in " ".join(drawn_texts(fewer)).replace("\n", " ")


def test_agreement_marks_what_is_reliable() -> None:
    frame = pd.DataFrame(
        [("framing", 0.86, 0.8, 0.9, 430, ""), ("stance", -0.1, None, None, 8, "n too small")],
        columns=["label", "alpha", "low", "high", "units", "flag"],
    )
    ax = agreement_plot(frame)
    assert bars(ax) == {(0.8, 0.9)}
    assert points(ax)[-0.1, 1] == LIGHT.paper
    assert {"0.667", "0.8", "430 units"} <= set(drawn_texts(ax))
    assert ax.get_xlim()[0] < -0.1


def test_calibration_shows_bins_beside_the_diagonal() -> None:
    frame = pd.DataFrame(
        [("framing", 0.3, 0.25, 0.1, 0.4, 40), ("framing", 0.9, 0.95, 0.8, 1.0, 160),
         ("stance", 0.5, np.nan, np.nan, np.nan, 0)],
        columns=["head", "mean_probability", "observed", "low", "high", "n"],
    )  # fmt: skip
    ax = calibration_plot(frame)
    assert bars(ax, axis=1) == {(0.1, 0.4), (0.8, 1.0)}
    legend = ax.get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == ["framing (n = 200)"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: shares_plot(estimates([])),
        lambda: trend_plot(estimates([], ("month",))),
        lambda: label_choice_plot(choice([])),
        lambda: voices_plot(VOICES[:0]),
        lambda: agreement_plot(pd.DataFrame({"label": ["framing"]})),
        lambda: calibration_plot(pd.DataFrame()),
        lambda: shares_plot(estimates([row(f"Outlet {i}", 0.5) for i in range(900)])),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw: Any) -> None:
    with pytest.raises(PictureError, match="expected"):
        draw()


def test_values_of_an_archive_are_shown_as_they_are() -> None:
    hostile = [
        "$x^2$ and $\\frac{1}{2}$",
        "Новая газета",
        "صحيفة النهار",
        "a\u202eb\x00c",
        "%s {0}",
    ]
    ax = shares_plot(estimates([row(name, 0.5 - i / 20) for i, name in enumerate(hostile)]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        texts = drawn_texts(ax)
        figure_bytes(ax, ".svg")
        figure_bytes(ax, ".pdf")
    assert {hostile[0], hostile[1], hostile[2], "a b c", hostile[4]} <= set(texts)
    figure = ax.get_figure(root=True)
    assert figure is not None
    assert not any(t.get_parse_math() for t in figure.findobj(Text) if isinstance(t, Text))


def test_long_names_and_forty_groups_fit() -> None:
    rows = [row(f"{'The Very Long Name of an Outlet ' * 4}{i}", 0.5) for i in range(40)]
    ax = shares_plot(estimates(rows))
    drawn_texts(ax)
    labels = ax.get_yticklabels()
    assert len(labels) == 40
    assert all(label.get_text().count("\n") <= 1 and "…" in label.get_text() for label in labels)
    boxes = [label.get_window_extent() for label in labels]
    assert all(above.y0 >= below.y1 for above, below in pairwise(boxes))


def test_axes_that_are_given_are_drawn_on() -> None:
    figure = Figure(figsize=(14, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    assert shares_plot(estimates(THREE), left) is left
    assert shares_plot(estimates(THREE), right, palette=DARK) is right
    assert len(figure.axes) == 2
    assert pyplot.get_fignums() == []
    assert alternative_text(left).count("The Lantern: 41.0 % (36.0 % to 49.0 %)") == 2


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_file_holds_the_same_bytes_every_time_and_says_what_it_shows(
    tmp_path: Path, ending: str
) -> None:
    for name in ("one", "two"):
        save_figure(shares_plot(estimates(THREE)), tmp_path / f"{name}{ending}")
    content = (tmp_path / f"one{ending}").read_bytes()
    assert content == (tmp_path / f"two{ending}").read_bytes()
    assert content == figure_bytes(shares_plot(estimates(THREE)), ending)
    said = b"The Lantern: 41.0 % (36.0 % to 49.0 %)"
    if ending == ".pdf":
        assert b"CreationDate" not in content
        assert b"/Subject" in content
        return
    assert said in content
    assert b"Share of delegitimizing labels, by outlet" in content
    if ending == ".svg":
        assert b"<desc>" in content and b'role="img"' in content
        assert re.search(rb"20\d\d-\d\d-\d\dT", content) is None


def test_alternative_text_of_hostile_names_cannot_leave_its_place() -> None:
    name = '"><script>alert(1)</script>'
    svg = figure_bytes(shares_plot(estimates([row(name, 0.5)])), ".svg").decode()
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg

    root = ElementTree.fromstring(svg)
    assert name in root.attrib["aria-label"]


def test_files_are_not_overwritten_unasked(tmp_path: Path) -> None:
    ax = shares_plot(estimates(THREE))
    path = tmp_path / "shares.png"
    save_figure(ax, path)
    with pytest.raises(OutputError, match="exists"):
        save_figure(ax, path)
    save_figure(ax, path, overwrite=True)
    with pytest.raises(OutputError, match=r"ending in \.png, \.svg, \.pdf, found '\.jpg'"):
        save_figure(ax, tmp_path / "shares.jpg")
    with pytest.raises(OutputError, match="no folder"):
        save_figure(ax, tmp_path / "none" / "shares.png")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["shares.png"]


def test_a_png_is_fit_for_print(tmp_path: Path) -> None:
    content = figure_bytes(shares_plot(estimates(THREE)), ".png")
    width, height = struct.unpack(">II", content[16:24])
    assert width > 1500 and height > 500
    start = content.index(b"pHYs")
    per_metre = struct.unpack(">I", content[start + 4 : start + 8])[0]
    assert per_metre == pytest.approx(300 / 0.0254, abs=1)
    assert zlib.crc32(content) == zlib.crc32(figure_bytes(shares_plot(estimates(THREE)), ".png"))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_what_colours_tell_is_told_in_grey_too(palette: palettes.Palette) -> None:
    for tones in (palette.framing, palette.estimator):
        shades = sorted(palettes.lightness(tone.fill) for tone in tones.values())
        assert min(b - a for a, b in pairwise(shades)) >= 10
        assert len({tone.marker for tone in tones.values()}) == len(tones)
        for tone in tones.values():
            assert palettes.contrast(tone.ink, palette.paper) >= 4.5
            assert palettes.contrast(palette.edge(tone), palette.paper) >= 3
    steps = [palettes.lightness(colour) for colour in palette.heat]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    lines = [palette.line(i) for i in range(56)]
    assert len({(line.colour, line.marker, line.dash) for line in lines}) == 56
    assert len({(line.marker, line.dash) for line in lines}) == 56
    assert all(palettes.contrast(line.colour, palette.paper) >= 3 for line in lines)
    for ink in (palette.ink, palette.soft):
        assert palettes.contrast(ink, palette.paper) >= 4.5


def test_lightness_is_that_of_cie() -> None:
    """Middle grey #777777 has L* 50.0; white 100 and black 0."""
    assert palettes.lightness("#777777") == pytest.approx(50.03, abs=0.05)
    assert palettes.lightness("#ffffff") == pytest.approx(100)
    assert palettes.contrast("#000000", "#ffffff") == pytest.approx(21)
