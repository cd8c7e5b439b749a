"""How a model is used: sentences, quotations, mentions, the Scorer and its output."""
