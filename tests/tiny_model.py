"""Make a language model of random weights, small enough to be served within seconds.

    .vllm/bin/python tests/tiny_model.py FOLDER

It runs with the Python of the model's server, which has torch and transformers. What the model
writes is noise; that its server constrains, streams and stops it is real.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

SPECIAL = ["<unk>", "<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>"]

CHAT = (
    "{{ '<s>' }}{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>\n' + message['content'] + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)

ENDS = (".", "Ġ[", "]")
LIKED = 60.0
"""How much the model likes to end a sentence: after a dozen tokens or so."""

ROOT = Path(__file__).parents[1]


def make(folder: Path) -> None:
    """Save a two-layer Llama of random weights, its tokenizer and its chat template."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        _texts(),
        trainers.BpeTrainer(
            vocab_size=2048,
            special_tokens=SPECIAL,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="<unk>",
        bos_token="<s>",
        eos_token="</s>",
        clean_up_tokenization_spaces=False,
    )
    wrapped.chat_template = CHAT
    wrapped.save_pretrained(folder)
    torch.manual_seed(0)
    llama = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(wrapped),
            hidden_size=128,
            intermediate_size=256,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=4096,
            bos_token_id=SPECIAL.index("<s>"),
            eos_token_id=SPECIAL.index("</s>"),
            initializer_range=0.2,
        )
    )
    with torch.no_grad():  # the first dimension is the same everywhere, and prefers what ends
        llama.model.embed_tokens.weight[:, 0] = 2.0
        for layer in llama.model.layers:
            layer.self_attn.o_proj.weight[0] = 0.0
            layer.mlp.down_proj.weight[0] = 0.0
        llama.lm_head.weight[:, 0] = 0.0
        llama.lm_head.weight[[tokenizer.token_to_id(end) for end in ENDS], 0] = LIKED
    llama.to(torch.bfloat16).save_pretrained(folder)


def _texts() -> Iterator[str]:
    """Yield what the tokenizer learns from: our own prose, code and prompts."""
    for pattern in ("*.md", "prompts/*.md", "index/*.py"):
        for path in sorted(ROOT.glob(pattern)):
            yield path.read_text(encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
