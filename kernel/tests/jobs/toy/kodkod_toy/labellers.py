import json
import time
from pathlib import Path

from kodkod.api import InvalidValueError, Labeller, Rates, Reply


class Reader(Labeller):
    """Sees which animals are in a text; writes the text into the ledger, which is what is paid."""

    def label(self, questions, task, ctx):
        for n, question in enumerate(questions, start=1):
            params = self.params
            if params.ledger:
                with Path(params.ledger).open("a") as ledger:
                    ledger.write(question.text + "\n")
            while params.gate and n > params.before_gate and not Path(params.gate).exists():
                ctx.progress(None, "waiting")
                time.sleep(0.01)
            yield self._reply(question, task)
            ctx.progress(None, calls=float(n))

    def identity(self):
        return {"wrong": self.params.wrong}

    def rates(self):
        return Rates(
            price_in=1_000.0,
            price_out=self.params.price_out,
            seconds_per_call=0.5,
            concurrency=2,
        )

    def _reply(self, question, task):
        paid = {"tokens_in": 10, "tokens_out": 1, "cost": 0.012, "seconds": 0.5, "wh": 0.001}
        if self.params.fails and self.params.fails in question.text:
            return Reply(key=question.key, state="failed", problem="nobody was there")
        said = self._said(question.text, task.scheme_type)
        try:
            value = task.check(said, question.text)
        except InvalidValueError as error:
            return Reply(
                key=question.key, state="unparsed", raw=str(said), problem=error.message, **paid
            )
        why = "I saw it." if task.justify else ""
        return Reply(
            key=question.key,
            state="answered",
            value=value,
            confidence=0.9,
            raw=str(said) + json.loads(f'"{self.params.adds}"'),
            justification=why,
            **paid,
        )

    def _said(self, text, scheme_type):
        if self.params.wrong and self.params.wrong in text:
            return "unicorn"
        there = [name for name in ("cat", "dog") if name in text]
        if scheme_type == "multilabel":
            return there
        if scheme_type == "span":
            return [
                {"start": text.index(name), "end": text.index(name) + 3, "label": name}
                for name in there
            ]
        return there[0] if there else "none"


class Liar(Reader):
    """Breaks the contract: by a value that is none, a reply too few, or one probability."""

    def label(self, questions, task, ctx):
        for question in questions:
            if self.params.lie == "silent":
                continue
            if self.params.lie == "unsure":
                yield Reply(key=question.key, state="answered", value="cat", probabilities=(1.0,))
                continue
            yield Reply(key=question.key, state="answered", value="unicorn")
