"""The network: one encoder, one pass a sentence, however many mentions it has."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from ..data.schema import FRAMINGS, STANCES, VOICES


class FramingNetwork(nn.Module):
    """Heads over an encoder.

    A mention is represented by the mean of its own tokens, by what its tokens attend to
    in the sentence, and by the sentence's first token.

    Args:
        encoder: A transformer that takes token types.
        dropout: Before the heads.
    """

    def __init__(self, encoder: PreTrainedModel, dropout: float) -> None:
        super().__init__()
        size = encoder.config.hidden_size
        self.encoder = encoder
        self.query = nn.Linear(size, size)
        self.mix = nn.Linear(3 * size, size)
        self.dropout = nn.Dropout(dropout)
        self.framing = nn.Linear(size, len(FRAMINGS))
        self.stance = nn.Linear(size, len(STANCES))
        self.voice = nn.Linear(size, len(VOICES))
        self.loaded = nn.Linear(2 * size, 1)
        self.loaded_word = nn.Linear(size, 1)

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        token_type_ids: Tensor,
        mention_row: Tensor,
        mention_mask: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Logits of all heads.

        Args:
            input_ids: (B, T).
            attention_mask: (B, T).
            token_type_ids: (B, T), 1 inside a quotation.
            mention_row: (M,), the row of each mention.
            mention_mask: (M, T), 1 on a mention's own tokens.

        Returns:
            framing (M, 4), stance (M, 3), voice (M, 3), loaded (B,), loaded_word (B, T).
        """
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        present = attention_mask.to(hidden.dtype)
        first = hidden[:, 0]
        mean = (hidden * present.unsqueeze(-1)).sum(1) / present.sum(1, keepdim=True)
        mention = self._mention(hidden, present, first, mention_row, mention_mask)
        sentence = self.dropout(torch.cat([first, mean], dim=-1))
        return (
            self.framing(mention),
            self.stance(mention),
            self.voice(mention),
            self.loaded(sentence).squeeze(-1),
            self.loaded_word(self.dropout(hidden)).squeeze(-1),
        )

    def _mention(
        self,
        hidden: Tensor,
        present: Tensor,
        first: Tensor,
        mention_row: Tensor,
        mention_mask: Tensor,
    ) -> Tensor:
        around = hidden[mention_row]
        weights = mention_mask / mention_mask.sum(1, keepdim=True)
        own = (around * weights.unsqueeze(-1)).sum(1)
        scores = (around * self.query(own).unsqueeze(1)).sum(-1) / hidden.shape[-1] ** 0.5
        scores = scores.masked_fill(present[mention_row] == 0, -1e4)
        attended = (around * scores.softmax(-1).unsqueeze(-1)).sum(1)
        mixed = self.mix(torch.cat([own, attended, first[mention_row]], dim=-1))
        mention: Tensor = self.dropout(nn.functional.gelu(mixed))
        return mention
