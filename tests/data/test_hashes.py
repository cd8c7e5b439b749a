"""How a sentence is named where its text may not lie."""

from connote.data.hashes import is_sentence_hash, sentence_hash


def test_a_sentence_hash_is_that_of_the_stripped_text() -> None:
    assert sentence_hash(" abc\n") == sentence_hash("abc")
    assert sentence_hash("abc").startswith("ba7816bf8f01cfea")


def test_a_sentence_hash_is_known_by_its_form() -> None:
    assert is_sentence_hash(sentence_hash("abc"))
    assert not is_sentence_hash(sentence_hash("abc").upper())
    assert not is_sentence_hash(sentence_hash("abc")[:-1])
