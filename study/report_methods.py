"""What a report says of itself: how its figures were made, what to cite, where it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..data.checks import shorten
from ..data.errors import UsageError
from ..infer.folder import ModelFolder, open_model
from .report_parts import Entry
from .report_text import count, visible
from .study import Study

NAIVE_NOTICE = (
    "No gold sample was given, so every share below is naive: it takes the model’s labels at their "
    "word. The model’s errors bias such shares, by amounts that can differ between groups, and the "
    "intervals say nothing of that. Draw a sample with connote sample, have it annotated, and give "
    "it with --gold before you publish a figure."
)
_NAIVE_INTERVALS = (
    "Intervals are at 95 % and come from a bootstrap that draws whole documents with replacement "
    "(2.5th and 97.5th percentile), since the labels of one document are not independent. A group "
    "whose units are all of one class, or that has a single document, is marked."
)
_CORRECTED = (
    "Three estimates stand side by side. Naive takes the model’s labels at their word; its "
    "interval holds the chance of which documents are in the archive, not the model’s errors. Gold "
    "only uses the annotated sentences alone, weighted by the probabilities with which they were "
    "drawn. Corrected starts from the model’s probabilities in all sentences and adds what the "
    "annotated ones show its error to be, weighted likewise, with as much weight on the model as "
    "narrows the interval (design-based supervised learning, Egami et al. 2023; power-tuned "
    "prediction-powered inference, Angelopoulos et al. 2023). Shares are ratios of two corrected "
    "totals. Intervals are at 95 %, of the sample’s strata and with documents as clusters. "
    "Read the corrected ones."
)
_READING = (
    "connote reads each sentence of a document, finds the labels of people, groups and acts in it, "
    "and judges for each its framing (what the label does to its referent), the stance of the "
    "sentence towards the referent, and the voice: the outlet’s own narration, attributed to "
    "a source, or quoted. For each sentence it gives the probability that it is loaded. The "
    "codebook that comes with connote defines every label."
)
_UNCERTAIN = (
    "Below the model’s threshold a label is uncertain. Uncertain labels stay in the base of every "
    "naive share and count for no class; the tables tell how many they are."
)
LIMITS = (
    "Labels are found and judged by a model that errs. It finds about seven in ten of the labels "
    "that take a side, and judges one sentence at a time: irony, allusion and what an article says "
    "as a whole are beyond it. Single sentences are shown to be read and doubted, not as verdicts "
    "on their authors.",
    "A share tells how labels are distributed in this archive and in the sources that it stands "
    "for. It does not tell why an outlet chose them, nor what they do to readers. Outlets that "
    "cover different events differ in their labels for that reason alone; compare them on the same "
    "events before you speak of slant.",
    "Differences that were looked for after the fact, such as that of the highest and the lowest "
    "of many groups, are larger by chance than their intervals say.",
)
_CITATIONS = (
    "Entman, R. M. (1993). Framing: Toward clarification of a fractured paradigm. Journal of "
    "Communication, 43(4), 51–58.",
    "Hamborg, F., & Donnay, K. (2021). NewsMTSC: A dataset for (multi-)target-dependent sentiment "
    "classification in political news articles. Proceedings of EACL 2021.",
    "Monroe, B. L., Colaresi, M. P., & Quinn, K. M. (2008). Fightin’ words: Lexical feature "
    "selection and evaluation for identifying the content of political conflict. Political "
    "Analysis, 16(4), 372–403.",
    "TeBlunthuis, N., Hase, V., & Chan, C.-H. (2024). Misclassification in automated content "
    "analysis causes bias in regression. Can we fix it? Yes we can! Communication Methods and "
    "Measures, 18(3), 278–299.",
)
_GOLD_CITATIONS = (
    "Angelopoulos, A. N., Duchi, J. C., & Zrnic, T. (2023). PPI++: Efficient prediction-powered "
    "inference. arXiv:2311.01453.",
    "Egami, N., Hinck, M., Stewart, B. M., & Wei, H. (2023). Using imperfect surrogates for "
    "downstream inference: Design-based supervised learning for social science applications of "
    "large language models. Advances in Neural Information Processing Systems, 36.",
    "Krippendorff, K. (2018). Content analysis: An introduction to its methodology "
    "(4th ed.). Sage.",
)
_SETTINGS = {
    "lexicon": "Lexicon",
    "names": "Names of actors",
    "lexicon_only": "Sentences with listed labels only",
    "speakers": "Speakers resolved",
}


def methods(study: Study) -> tuple[str, ...]:
    """Paragraphs on how the figures were made."""
    how = _NAIVE_INTERVALS if study.gold is None else _CORRECTED
    return (_READING, how, _UNCERTAIN)


def citations(study: Study, version: str) -> tuple[str, ...]:
    """What to cite, the program with the model first."""
    own = (
        f"The connote authors. connote: framing, stance and voice of labels in news "
        f"(version {version}, model {visible(study.scores.model)}). Software."
    )
    return own, *sorted((*_CITATIONS, *(() if study.gold is None else _GOLD_CITATIONS)))


def settings(study: Study, version: str, model: Path | None) -> Iterator[Entry]:
    """Model, corpora, versions and settings of the run.

    Args:
        study: Of the archive.
        version: Of connote that makes the report.
        model: Folder of the model that scored, where it is not connote's own.

    Raises:
        UsageError: If that folder holds another model.
        ModelError: If it holds none.
    """
    run = study.scores.run or {}
    used = run.get("settings") if isinstance(run.get("settings"), dict) else {}
    yield Entry("Model", visible(study.scores.model))
    yield from _corpora(study.scores.model, model)
    scored = used.get("connote") if used else None
    yield Entry("connote", f"{version}, scored with {visible(str(scored or 'an unknown version'))}")
    yield from _run(run)
    for key, name in _SETTINGS.items():
        if used and key in used:
            yield Entry(name, _said(used[key]))
    yield from _gold(study)


def _corpora(model: str, folder: Path | None) -> Iterator[Entry]:
    found = open_model(folder)
    if found.id != model:
        if folder is not None:
            raise UsageError(
                f"{folder}: expected the model that made the scores, {shorten(model)}, found "
                f"{found.id}; give its folder"
            )
        yield Entry("Trained on", "not told by the scores: see the model’s card (or give --model)")
        return
    listed = _listed(found)
    yield Entry("Trained on", "; ".join(listed) if listed else "not told by the model")


def _listed(folder: ModelFolder) -> list[str]:
    corpora = folder.config.get("corpora")
    return [
        f"{visible(str(c.get('name')))} {visible(str(c.get('sha256')))[:12]} "
        f"({count(c.get('sentences'))} sentences)"
        for c in (corpora if isinstance(corpora, list) else [])
        if isinstance(c, dict)
    ]


def _run(run: Mapping[str, Any]) -> Iterator[Entry]:
    if not run:
        yield Entry("Run", "no run.json beside the scores: settings of the run are not known")
        return
    parts = [f"{count(run.get('documents'))} documents, {count(run.get('sentences'))} sentences"]
    parts += [f"{count(run.get('mentions'))} labels, {count(run.get('failed'))} failures"]
    yield Entry("Run", ", ".join(parts))
    passed = run.get("passed_over")
    if isinstance(passed, dict) and passed:
        told = (f"{visible(str(name))} {count(n)}" for name, n in list(passed.items())[:20])
        yield Entry("Sentences passed over", ", ".join(told))


def _gold(study: Study) -> Iterator[Entry]:
    if study.gold is None:
        return
    examples = study.gold.examples
    who = {a.annotator for example in examples for a in example.annotations}
    yield Entry("Gold sample", f"{len(examples):,} sentences, {len(who):,} annotators")


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return visible(str(value))
