"""What connote learns from: records, the labelled corpus, the lexicon, public corpora."""
