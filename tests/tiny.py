"""Models too small to know anything, made here, so that an engine can be tested without fetching one."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

WORDS = "the mayor said on monday that bridge would close and ferry will stop user assistant".split()  # noqa: SIM905
SPECIAL = ["<pad>", "<|im_end|>", "<|im_start|>", "<unk>"]
SOURCES = ["the mayor said", "the bridge would close and the ferry will stop on monday and that said ferry", "ferry"]


def save_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    vocabulary = {word: number for number, word in enumerate(SPECIAL + WORDS)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="<|im_end|>",
        unk_token="<unk>",
        additional_special_tokens=["<|im_start|>"],
    )
    fast.save_pretrained(folder)
    return fast


def llama(*, context: int = 512, width: int = 32) -> LlamaForCausalLM:
    torch.manual_seed(4)
    config = LlamaConfig(
        vocab_size=len(SPECIAL + WORDS),
        hidden_size=width,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=context,
        initializer_range=0.6,
        pad_token_id=0,
        bos_token_id=None,
        eos_token_id=1,
    )
    return LlamaForCausalLM(config)


def t5() -> PreTrainedModel:
    torch.manual_seed(2)
    config = T5Config(
        vocab_size=len(SPECIAL + WORDS),
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,  # type: ignore[call-arg]
        initializer_factor=2.0,
    )
    return T5ForConditionalGeneration(config)
