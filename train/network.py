"""The network: one encoder, one pass a sentence, however many mentions it has."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from ..data.schema import FRAMINGS, STANCES, VOICES
from ..infer.runtime import MENTION_INPUTS, READER_INPUTS, SPAN_TAGS

NETWORK_INPUTS = (*READER_INPUTS, *MENTION_INPUTS[2:])
"""What a training batch brings: the mention heads take the rest from the reader."""


class SentenceReader(nn.Module):
    """The encoder with what is read off a sentence and its tokens.

    Args:
        encoder: A transformer that takes token types.
        dropout: Before the heads.
    """

    def __init__(self, encoder: PreTrainedModel, dropout: float) -> None:
        super().__init__()
        size = encoder.config.hidden_size
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.loaded = nn.Linear(2 * size, 1)
        self.loaded_word = nn.Linear(size, 1)
        self.span = nn.Linear(size, len(SPAN_TAGS))

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Read a batch.

        Args:
            input_ids: (B, T).
            attention_mask: (B, T).
            token_type_ids: (B, T), 1 inside a quotation.

        Returns:
            The tokens' vectors (B, T, H), and logits: loaded (B,), loaded_word (B, T),
            span (B, T, 3).
        """
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        present = attention_mask.to(hidden.dtype)
        mean = (hidden * present.unsqueeze(-1)).sum(1) / present.sum(1, keepdim=True)
        sentence = self.dropout(torch.cat([hidden[:, 0], mean], dim=-1))
        tokens = self.dropout(hidden)
        return (
            hidden,
            self.loaded(sentence).squeeze(-1),
            self.loaded_word(tokens).squeeze(-1),
            self.span(tokens),
        )


class MentionHeads(nn.Module):
    """What is said of a mention.

    It is represented by the mean of its own tokens, by what its tokens attend to in the
    sentence, and by the sentence's first token.

    Args:
        size: H, the length of the encoder's vectors.
        dropout: Before the heads.
    """

    def __init__(self, size: int, dropout: float) -> None:
        super().__init__()
        self.query = nn.Linear(size, size)
        self.mix = nn.Linear(3 * size, size)
        self.dropout = nn.Dropout(dropout)
        self.framing = nn.Linear(size, len(FRAMINGS))
        self.stance = nn.Linear(size, len(STANCES))
        self.voice = nn.Linear(size, len(VOICES))

    def forward(
        self, hidden: Tensor, attention_mask: Tensor, mention_row: Tensor, mention_mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Judge mentions.

        Args:
            hidden: (B, T, H), the tokens' vectors.
            attention_mask: (B, T).
            mention_row: (M,), the row of each mention.
            mention_mask: (M, T), 1 on a mention's own tokens.

        Returns:
            Logits: framing (M, 4), stance (M, 3), voice (M, 3).
        """
        around = hidden[mention_row]
        weights = mention_mask / mention_mask.sum(1, keepdim=True)
        own = (around * weights.unsqueeze(-1)).sum(1)
        scores = (around * self.query(own).unsqueeze(1)).sum(-1) / hidden.shape[-1] ** 0.5
        scores = scores.masked_fill(attention_mask[mention_row] == 0, -1e4)
        attended = (around * scores.softmax(-1).unsqueeze(-1)).sum(1)
        mixed = self.mix(torch.cat([own, attended, around[:, 0]], dim=-1))
        mention = self.dropout(nn.functional.gelu(mixed))
        return self.framing(mention), self.stance(mention), self.voice(mention)


class FramingNetwork(nn.Module):
    """Reader and mention heads together, as they are trained.

    Args:
        encoder: A transformer that takes token types.
        dropout: Before the heads.
    """

    def __init__(self, encoder: PreTrainedModel, dropout: float) -> None:
        super().__init__()
        self.reader = SentenceReader(encoder, dropout)
        self.mentions = MentionHeads(encoder.config.hidden_size, dropout)

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        token_type_ids: Tensor,
        mention_row: Tensor,
        mention_mask: Tensor,
    ) -> dict[str, Tensor]:
        """Logits of all heads by their names; shapes as the two parts give them."""
        hidden, loaded, loaded_word, span = self.reader(input_ids, attention_mask, token_type_ids)
        framing, stance, voice = self.mentions(hidden, attention_mask, mention_row, mention_mask)
        return {
            "framing": framing,
            "stance": stance,
            "voice": voice,
            "loaded": loaded,
            "loaded_word": loaded_word,
            "span": span,
        }
