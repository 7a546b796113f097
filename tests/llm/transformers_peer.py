"""`transformers serve` with a tiny checkpoint, in a process of its own.

It ignores `response_format` and `logprobs` without a word, and answers `/v1/systemone`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from server_process import free_port

__all__ = ["build_checkpoint", "transformers_serve"]

_READY_WITHIN = 90.0
_LOG_TAIL = 4000
_WORDS = "a the of text label answer json option economy sport weather tax goal rain yes no"
_TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}"
)


def build_checkpoint(folder: Path) -> Path:
    """Write a Llama of 30,000 random parameters with a byte-level tokenizer to `folder`."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<pad>", "<s>", "</s>"]
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    inner.train_from_iterator([_WORDS, "Yes No"] * 5, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", bos_token="<s>", eos_token="</s>"
    )
    tokenizer.chat_template = _TEMPLATE
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=4096,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@contextmanager
def transformers_serve(checkpoint: Path, log: Path) -> Iterator[str]:
    """Yield the base URL of a server of `checkpoint`, whose output goes to `log`.

    Raises:
        RuntimeError: it does not answer in time; with the end of its log.
    """
    port = free_port()
    command = [
        Path(sys.executable).with_name("transformers"),
        "serve",
        checkpoint,
        "--device=cpu",
        "--host=127.0.0.1",
        f"--port={port}",
    ]
    quiet = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0", "HF_HUB_OFFLINE": "1"}
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **quiet}
        )
    try:
        _wait_ready(process, f"http://127.0.0.1:{port}/health", log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def _wait_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url, timeout=5.0).status_code == 200:
                return
        except httpx.TransportError:
            pass  # Not listening yet: this is what is waited for.
        time.sleep(0.05)
    raise RuntimeError(f"no answer from {url}; its log ends:\n{log.read_text()[-_LOG_TAIL:]}")
