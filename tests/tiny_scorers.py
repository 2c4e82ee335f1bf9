"""Scorers of random weights, one of each family, small enough to be made in a second.

What they say is noise; what they are asked, and how their answers are read, is real.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LENGTH = 64
"""Tokens that they read; twice as many those whose prompt is long."""

BERT_MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA_MARKS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
T5_MARKS = ["<pad>", "</s>", "<unk>"]

TEXTS = [
    "Bees dance on their combs to tell others where the flowers are.",
    "Model soups average the weights of fine-tuned models; no time is lost.",
    "predict: Premise: Hypothesis: Determine if the hypothesis is true given the premise?",
    "Summarize the following text: passage 1: output: 0 1 2 3 4 5 6 7 8 9",
]

SMALL: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}
SMALL_T5 = {"d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4}


def inference(folder: Path, labels: Mapping[int, str], *, limit: int = LENGTH) -> Path:
    """Make a BERT for natural language inference with these labels."""
    from transformers import BertConfig, BertForSequenceClassification

    tokenizer = _word_pieces()
    config = BertConfig(
        **SMALL,
        vocab_size=len(tokenizer),
        max_position_embeddings=limit,
        id2label=dict(labels),
        label2id={label: place for place, label in labels.items()},
    )
    return _saved(folder, BertForSequenceClassification(config), tokenizer)


def minicheck(folder: Path) -> Path:
    """Make a RoBERTa as MiniCheck has it: two labels without names."""
    from transformers import RobertaConfig, RobertaForSequenceClassification

    tokenizer = _bytes(ROBERTA_MARKS, start="<s>", end="</s>")
    config = RobertaConfig(
        **SMALL,
        vocab_size=len(tokenizer),
        max_position_embeddings=LENGTH + 2,
        type_vocab_size=1,
        pad_token_id=ROBERTA_MARKS.index("<pad>"),
    )
    return _saved(folder, RobertaForSequenceClassification(config), tokenizer)


def minicheck_t5(folder: Path) -> Path:
    """Make a T5 that writes."""
    from transformers import T5ForConditionalGeneration

    tokenizer = _unigrams()
    model = T5ForConditionalGeneration(_t5(tokenizer))
    return _saved(folder, model, tokenizer, limit=2 * LENGTH)


def hhem(folder: Path) -> Path:
    """Make an HHEM: weights one level deeper than T5's, whose configuration lies elsewhere."""
    from safetensors.torch import load_file, save_file
    from transformers import T5ForTokenClassification

    tokenizer = _unigrams()
    model = T5ForTokenClassification(_t5(tokenizer))
    foundation = _saved(folder / "t5", model, tokenizer, limit=2 * LENGTH)
    own = folder / "hhem"
    own.mkdir()
    weights = load_file(foundation / "model.safetensors")
    save_file({f"t5.{name}": each for name, each in weights.items()}, own / "model.safetensors")
    config = {
        "architectures": ["HHEMv2ForSequenceClassification"],
        "auto_map": {"AutoConfig": "configuration_hhem_v2.HHEMv2Config"},
        "foundation": str(foundation),
        "model_type": "HHEMv2Config",
    }
    (own / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (own / "configuration_hhem_v2.py").write_text("raise SystemExit('run')", encoding="utf-8")
    return own


def lettuce(folder: Path, *, labels: Mapping[int, str] | None = None) -> Path:
    """Make a ModernBERT that labels tokens."""
    from transformers import ModernBertConfig, ModernBertForTokenClassification

    tokenizer = _bytes(BERT_MARKS, start="[CLS]", end="[SEP]", doubled=False)
    config = ModernBertConfig(
        **SMALL,
        vocab_size=len(tokenizer),
        max_position_embeddings=2 * LENGTH,
        pad_token_id=0,
        bos_token_id=2,
        cls_token_id=2,
        eos_token_id=3,
        sep_token_id=3,
        id2label=dict(labels or {0: "LABEL_0", 1: "LABEL_1"}),
        label2id={label: n for n, label in (labels or {0: "LABEL_0", 1: "LABEL_1"}).items()},
    )
    return _saved(folder, ModernBertForTokenClassification(config), tokenizer, limit=2 * LENGTH)


def _t5(tokenizer: Any) -> Any:
    from transformers import T5Config

    return T5Config(**SMALL_T5, vocab_size=len(tokenizer), decoder_start_token_id=0)


def _saved(folder: Path, model: Any, tokenizer: Any, *, limit: int = LENGTH) -> Path:
    """Save both, with weights wide enough that what is said differs from text to text."""
    import torch

    torch.manual_seed(0)
    with torch.no_grad():
        for weights in model.parameters():
            if weights.dim() > 1:
                weights.normal_(0, 0.3)
    model.save_pretrained(folder)
    tokenizer.model_max_length = limit
    tokenizer.save_pretrained(folder)
    return folder


def _word_pieces() -> Any:
    from tokenizers import models as kinds
    from tokenizers import normalizers, pre_tokenizers, processors
    from tokenizers.trainers import WordPieceTrainer
    from transformers import PreTrainedTokenizerFast

    made = _new(kinds.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.train_from_iterator(
        TEXTS, WordPieceTrainer(vocab_size=300, special_tokens=BERT_MARKS, show_progress=False)
    )
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    names = {"unk": "[UNK]", "pad": "[PAD]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    marks = {f"{name}_token": mark for name, mark in names.items()}
    read = ["input_ids", "token_type_ids", "attention_mask"]
    return PreTrainedTokenizerFast(tokenizer_object=made, model_input_names=read, **marks)


def _bytes(marks: list[str], *, start: str, end: str, doubled: bool = True) -> Any:
    """Make a tokenizer of bytes; `doubled` puts two marks between texts, as RoBERTa's does."""
    from tokenizers import models as kinds
    from tokenizers import pre_tokenizers, processors
    from tokenizers.trainers import BpeTrainer
    from transformers import PreTrainedTokenizerFast

    made = _new(kinds.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    letters = pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(
        TEXTS,
        BpeTrainer(
            vocab_size=400, special_tokens=marks, initial_alphabet=letters, show_progress=False
        ),
    )
    ends, starts = (end, marks.index(end)), (start, marks.index(start))
    if doubled:
        made.post_processor = processors.RobertaProcessing(ends, starts, add_prefix_space=False)
    else:
        made.post_processor = processors.BertProcessing(ends, starts)
    pad = next(mark for mark in marks if "pad" in mark.lower())
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token=start,
        cls_token=start,
        eos_token=end,
        sep_token=end,
        pad_token=pad,
        model_input_names=["input_ids", "attention_mask"],
    )


def _unigrams() -> Any:
    """Make a tokenizer as T5 has it: a blank before each word, and its end behind the last."""
    from tokenizers import models as kinds
    from tokenizers import pre_tokenizers, processors
    from tokenizers.trainers import UnigramTrainer
    from transformers import PreTrainedTokenizerFast

    made = _new(kinds.Unigram())
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.train_from_iterator(
        TEXTS * 20,
        UnigramTrainer(
            vocab_size=400, special_tokens=T5_MARKS, unk_token="<unk>", show_progress=False
        ),
    )
    extra = [f"<extra_id_{n}>" for n in range(max(0, 240 - made.get_vocab_size()))]
    made.add_special_tokens(extra)  # T5 has so many words that place 209 is one of them
    made.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", T5_MARKS.index("</s>"))]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    )


def _new(kind: Any) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer(kind)
