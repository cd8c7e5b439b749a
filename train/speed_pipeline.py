"""What the speed is compared with: a Transformers pipeline on the same encoder in float32.

Run as ``python -m connote.train.speed_pipeline ARCHIVE THREADS`` it reads an archive and feeds
the pipeline sentence by sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline
from transformers.utils import logging

from ..data.errors import UsageError
from ..failures import run_module
from .pretrained import MINILM, encoder_source
from .speed_archives import read_articles, sentences_of


def make_pipeline(threads: int) -> Any:
    """``transformers.pipeline("text-classification")`` with six layers, on the processor.

    Args:
        threads: Of torch, in the whole process.
    """
    torch.set_num_threads(threads)
    # Of its new head, which is untrained, it would tell at length.
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    source = encoder_source(MINILM)
    model = AutoModelForSequenceClassification.from_pretrained(source, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(source)
    return pipeline("text-classification", model=model, tokenizer=tokenizer, device="cpu")


def main(arguments: Sequence[str]) -> None:
    """Classify the sentences of an archive one by one.

    Raises:
        UsageError: If not an archive and a number of threads are named.
    """
    if len(arguments) != 2 or not arguments[1].isdecimal():
        raise UsageError(f"expected ARCHIVE THREADS, found {' '.join(arguments) or 'nothing'}")
    classify = make_pipeline(int(arguments[1]))
    for sentence in sentences_of(read_articles(Path(arguments[0]))):
        classify(sentence.text, truncation=True)


if __name__ == "__main__":
    run_module(main)
