"""A small drawn sample, and exports of Label Studio about it, for tests of imports."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from sampling_helpers import MODEL

from connote.study.sample_folder import (
    DESIGN,
    ITEMS,
    PredictedMention,
    Sample,
    SampleDesign,
    SampledItem,
    Stratum,
    read_sample,
)

WIRE = Stratum("outlet=Meridian Wire", 40, 2)
LANTERN = Stratum("outlet=The Lantern", 12, 3)
DESIGN_OF_SAMPLE = SampleDesign(
    model=MODEL,
    connote="0.1.0",
    seed=3,
    size=5,
    by=("outlet",),
    referent=None,
    concept=None,
    sentences=52,
    strata=(WIRE, LANTERN),
)
Result = dict[str, Any]
"""What one control of the labelling setup says, of a region or of the whole task."""


def items() -> list[SampledItem]:
    """The sample's sentences: quotation marks, emoji, and the same word several times."""
    regime = PredictedMention(
        start=4,
        end=10,
        concept="ruling-government",
        referent="Kessarian government",
        framing="delegitimizing",
        stance="uncertain",
        voice="attributed",
    )
    return [
        _item(
            "s1",
            "wire-7",
            2,
            "The regime's forces shelled the town, Moscow said.",
            WIRE,
            before="Talks broke off on Tuesday.",
            after="No casualties were reported.",
            mentions=(regime,),
        ),
        _item(
            "s2",
            "lantern-3",
            0,
            "Rain is expected in the valley until Friday.",
            LANTERN,
            after="Schools stay open.",
        ),
        _item(
            "s3",
            "lantern-3",
            8,
            'A 👮🏽 stood by as the “mayor” and his thugs cleared the "illegal" market.',
            LANTERN,
            before="“Enough.”",
        ),
        _item(
            "s4",
            "wire-9",
            5,
            "Rebels held the bridge; the rebels' commander denied that rebels burned the mill.",
            WIRE,
            before="The road north is closed.",
        ),
        _item(
            "s5",
            "lantern-4",
            1,
            "Protesters 😀🎉 gathered outside the ministry after the vote.",
            LANTERN,
            after="Police kept their distance.",
        ),
    ]


def _item(
    name: str,
    document: str,
    sentence: int,
    text: str,
    of: Stratum,
    before: str = "",
    after: str = "",
    mentions: tuple[PredictedMention, ...] = (),
) -> SampledItem:
    start = 60 * sentence
    return SampledItem(
        name,
        document,
        sentence,
        start,
        start + len(text),
        text,
        before,
        after,
        of.stratum,
        of.population,
        of.sampled,
        of.sampled / of.population,
        mentions=mentions,
    )


def write_sample(folder: Path) -> Path:
    """Write what an import reads of a sample."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(item.record(), ensure_ascii=False) + "\n" for item in items())
    (folder / ITEMS).write_text("".join(lines), encoding="utf-8")
    (folder / DESIGN).write_text(json.dumps(DESIGN_OF_SAMPLE.record()), encoding="utf-8")
    return folder


def sample_in(folder: Path) -> Sample:
    """The sample, written into a folder and read from it."""
    return read_sample(write_sample(folder))


def item_of(name: str) -> SampledItem:
    """An item by its id."""
    return next(item for item in items() if item.id == name)


def text_of(name: str) -> str:
    """The sentence of an item."""
    return item_of(name).text


def with_texts(rows: str) -> str:
    """Rows of a sheet whose second cell is empty, with the sentence of the item in it."""

    def row(match: re.Match[str]) -> str:
        return f'{match[1]},"{text_of(match[1]).replace(chr(34), chr(34) * 2)}",'

    return re.sub(r"^(s[1-5]),,", row, rows, flags=re.MULTILINE)


def units(text: str) -> int:
    """How many UTF-16 code units a text has, which is how editors in a browser count."""
    return len(text.encode("utf-16-le")) // 2


def region(
    item: str,
    words: str,
    framing: str | None,
    region_id: str | None = None,
    *,
    stance: str | None = None,
    voice: str | None = None,
    referent: str | None = None,
    speaker: str | None = None,
) -> list[Result]:
    """The results of a mention: one for each control, all with the region's id and offsets.

    The words are marked where they first stand in the sentence. Without a framing there is only
    what was chosen or typed for the region.
    """
    said = [
        ("framing", "labels", framing),
        ("stance", "choices", stance),
        ("voice", "choices", voice),
        ("referent", "text", referent),
        ("speaker", "text", speaker),
    ]
    place, of_region = _place(item, words), region_id or _nano_id(item, words, "framing")
    # What is typed for a region takes the place of its words: both are called text.
    return [
        _result(name, of_region, {**place, key: [value]})
        for name, key, value in said
        if value is not None
    ]


def loaded_words(item: str, words: str, region_id: str | None = None) -> list[Result]:
    """The result of loaded words, where they first stand in the sentence."""
    of_region = region_id or _nano_id(item, words, "loaded_words")
    value = {**_place(item, words), "labels": ["loaded words"]}
    return [_result("loaded_words", of_region, value)]


def whole(name: str, value: dict[str, Any]) -> Result:
    """The result of a control that is about the whole task."""
    return _result(name, _nano_id(name), value)


def loaded(answer: str) -> Result:
    """The result of the question whether the sentence is loaded."""
    return whole("loaded", {"choices": [answer]})


def _place(item: str, words: str) -> dict[str, Any]:
    text = text_of(item)
    start = units(text[: text.index(words)])
    return {"start": start, "end": start + units(words), "text": words}


def _result(name: str, result_id: str, value: dict[str, Any]) -> Result:
    kind = next((key for key in ("labels", "choices") if key in value), "textarea")
    return {
        "value": value,
        "id": result_id,
        "from_name": name,
        "to_name": "text",
        "type": kind,
        "origin": "manual",
    }


def _nano_id(*of: str) -> str:
    """Ten characters as the editor draws them, the same ones each time."""
    return urlsafe_b64encode(sha256("\0".join(of).encode()).digest())[:10].decode()


def annotation(
    who: Any,
    result: Iterable[Result],
    time: str = "2026-03-04T10:00:00.000000Z",
    **more: Any,
) -> dict[str, Any]:
    """An annotation that was submitted.

    Args:
        who: A user's number, or the object that some exports have in its place.
        result: What was marked and chosen.
        time: When it was last changed.
        **more: What is to be otherwise than it mostly is.
    """
    results = list(result)
    return {
        "completed_by": who,
        "result": results,
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2026-03-02T08:30:00.000000Z",
        "updated_at": time,
        "draft_created_at": None,
        "lead_time": 21.5,
        "prediction": {},
        "result_count": len(results),
        "last_action": None,
        "project": 1,
        "parent_prediction": None,
        "parent_annotation": None,
        **more,
    }


def task(item: str, *annotations: dict[str, Any], drafts: Sequence[Any] = ()) -> dict[str, Any]:
    """A task as the full export has it, also where nobody annotated it."""
    shown, number = item_of(item), int(item[1:])
    done = [
        {"id": 10 * number + place, "task": 100 + number, **one}
        for place, one in enumerate(annotations)
    ]
    cancelled = sum(bool(one["was_cancelled"]) for one in done)
    return {
        "id": 100 + number,
        "annotations": done,
        "file_upload": "5f1c2a9e-label-studio.json",
        "drafts": list(drafts),
        "predictions": [],
        "data": {
            "id": shown.id,
            "text": shown.text,
            "before": shown.before,
            "after": shown.after,
        },
        "meta": {},
        "created_at": "2026-03-01T09:00:00.000000Z",
        "updated_at": "2026-03-05T12:00:00.000000Z",
        "inner_id": number,
        "total_annotations": len(done) - cancelled,
        "cancelled_annotations": cancelled,
        "total_predictions": 0,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "last_comment_updated_at": None,
        "project": 1,
        "updated_by": None,
        "comment_authors": [],
    }


def export(path: Path, *tasks: Any) -> Path:
    """Write tasks as the format called JSON."""
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path
