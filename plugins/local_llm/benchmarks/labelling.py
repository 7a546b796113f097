"""What labelling with a language model costs, against one whole sequence for each label.

    python plugins/local_llm/benchmarks/labelling.py [--model NAME] [--texts 300]

Without a name, which is one that the labeller takes, a tiny model is made (Qwen3's architecture,
random weights): its figures say what is computed how often, and nothing about real models. Texts
are short, the codebook in front of them is long, and there are four labels. The baseline knows no
cache, no batches and no shared beginnings; it gets a tenth of the texts.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kodkod.api import LOCAL_MODELS, LabelTask, Message, Question, answer_rules
from kodkod.testing import RecordingContext, make_texts
from kodkod_local_llm.hub import find_pretrained
from kodkod_local_llm.labeller import LocalLlm
from kodkod_local_llm.params import LocalLlmParams

LABELS = ("economy", "economy of war", "sports and leisure", "none")
CODEBOOK = "Label by topic. " + " ".join(
    f"Rule {i}: what speaks of matter {i} belongs to it." for i in range(40)
)
RUNS = {
    "decision, one label": ("multiclass", {}),
    "decision, several labels": ("multilabel", {}),
    "constrained, one label": ("multiclass", {"method": "constrained", "max_tokens": 64}),
}


def make_tiny(root: Path) -> str:
    """Write a tiny model below `root`; return its name."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    ending = "<eos>"
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=700, special_tokens=[ending], initial_alphabet=alphabet, show_progress=False
    )
    inner.train_from_iterator([CODEBOOK, *make_texts(200)], trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, eos_token=ending)
    torch.manual_seed(0)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        max_position_embeddings=4_096,
    )
    Qwen3ForCausalLM(config).save_pretrained(root / "tiny")
    tokenizer.save_pretrained(root / "tiny")
    return "tiny"


def questions(texts: Sequence[str]) -> Iterator[Question]:
    """Yield a question about each text."""
    for key, text in enumerate(texts):
        messages = (Message("system", CODEBOOK), Message("user", text))
        yield Question(key=str(key), text=text, messages=messages)


def make_task(scheme_type: str) -> LabelTask:
    """Return a task that takes what the labeller may say, as it is."""
    return LabelTask(
        scheme_type=scheme_type,
        labels=LABELS,
        descriptions=("",) * len(LABELS),
        check=lambda value, _: value,  # pyright: ignore[reportArgumentType, reportReturnType]
    )


def naive(model: str, texts: Sequence[str]) -> None:
    """Compute the log-likelihood of each label's whole sequence by itself."""
    import torch

    from kodkod_local_llm.loading import load_language_model
    from kodkod_local_llm.prompting import answer_tokens, prompt_tokens, with_rule

    llm, task = load_language_model(find_pretrained(model, None), "auto"), make_task("multiclass")
    rules = answer_rules(task)
    with torch.inference_mode():
        for question in questions(texts):
            prompt = prompt_tokens(llm.tokenizer, with_rule(question.messages, rules))
            for label in LABELS:
                answer = answer_tokens(llm.tokenizer, json.dumps({"label": label}))
                ids = torch.tensor([prompt + answer], device=llm.device)
                llm.model(ids, use_cache=False).logits.log_softmax(-1)


def measured(run: Callable[[], Any], n: int) -> dict[str, float]:
    """Return texts a second, by the clock and by the processor's time."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"texts_per_second": n / wall, "texts_per_cpu_second": n / cpu}


def main() -> None:
    """Measure each run, and print a table and JSON."""
    parser = argparse.ArgumentParser(description="What labelling with a language model costs")
    parser.add_argument("--model")
    parser.add_argument("--texts", type=int, default=300)
    given = parser.parse_args()
    texts = make_texts(given.texts, seed=3)
    with tempfile.TemporaryDirectory() as folder:
        if given.model is None:
            os.environ[LOCAL_MODELS] = folder
        model = given.model or make_tiny(Path(folder))
        few = texts[: max(1, len(texts) // 10)]
        found = {"each label by itself": measured(lambda: naive(model, few), len(few))}
        for name, (scheme_type, params) in RUNS.items():
            labeller = LocalLlm(LocalLlmParams(model=model, **params))
            ctx, task = RecordingContext(Path(folder)), make_task(scheme_type)
            run = labeller.label(questions(texts), task, ctx)
            found[name] = measured(lambda run=run: list(run), len(texts))
    for name, figures in found.items():
        print(f"{name:28}", *(f"{value:9.1f} {unit}" for unit, value in figures.items()))
    print(json.dumps({"model": given.model or "tiny", "load": os.getloadavg(), **found}))


if __name__ == "__main__":
    main()
