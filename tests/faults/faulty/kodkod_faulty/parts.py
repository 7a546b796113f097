import os
import signal
import time
from pathlib import Path

import numpy as np

from kodkod.api import Feature


def note(trace):
    with Path(trace).open("a") as file:
        file.write(f"{os.getpid()}\n")


class Rows(Feature):
    """Each text's vector is its row's number, so that a matrix shows whether it is whole."""

    def fit(self, batch, ctx):
        ctx.log(f"{len(batch)} texts")

    def transform(self, batch, ctx):
        self.before(batch, ctx)
        return np.repeat(batch.rows[:, None], self.params.dim, axis=1).astype(np.float32)

    def before(self, batch, ctx):
        pass

    def save(self, folder):
        (folder / "learnt").write_text("nothing")

    def load(self, folder):
        assert (folder / "learnt").read_text() == "nothing"


class Gated(Rows):
    """Writes its first batch, then waits."""

    def before(self, batch, ctx):
        if batch.rows[0] == 0:
            return
        if not Path(self.params.gate).exists():
            note(self.params.trace)
        while not Path(self.params.gate).exists():
            self.listen(ctx)
            time.sleep(0.01)

    def listen(self, ctx):
        ctx.progress(0.5, "waiting at the gate")


class Deaf(Gated):
    def listen(self, ctx):
        pass


class Fatal(Feature):
    def fit(self, batch, ctx):
        pass

    def transform(self, batch, ctx):
        if batch.rows[0] == 0:
            return np.zeros((len(batch), 16), dtype=np.float32)
        note(self.params.trace)
        match self.params.how:
            case "exit":
                os._exit(3)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "kill-worker":
                os.kill(os.getppid(), signal.SIGKILL)
        while True:
            time.sleep(1)

    def save(self, folder):
        pass

    def load(self, folder):
        pass


class Wide(Rows):
    pass
